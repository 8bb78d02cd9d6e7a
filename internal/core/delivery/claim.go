package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// item is a delivery that is being sent, from the commit that says so until the one that says what became of it.
type item struct {
	Delivery
	carry   Carry
	parcel  any
	failed  *Outcome  // set when there is nothing to carry: it could not be composed
	unread  bool      // the database did not answer when it was to be composed: it is given back
	claimed time.Time // when it was ready to be carried, by the machine's clock
	holds   int64     // Service.holds before the claim
}

// result is what became of an item. back gives it back as if it had not been claimed: it is known that nothing left.
type result struct {
	item *item
	back bool
	Outcome
}

// The parts of what follows: what is due in a line, and what beginning it writes.
const (
	fromDue = ` FROM deliveries
		 WHERE channel = $1 AND lane = $2 AND due_at <= $3 AND state IN ('queued', 'deferred') AND (released OR $4) AND kind IN ({in})`
	// The voices of a Room, $8 and $9. They are few.
	fitting = `
		   AND ($8 LIKE '%,' || COALESCE(CAST(voice_id AS TEXT), '0') || ',%') = $9`
	setSending = `UPDATE deliveries
		   SET state = 'sending', reason = '', server_reply = '', attempts = attempts + 1, at = $3, due_at = $5, lease_by = $6`
)

var (
	qHead = db.Q("delivery.head", `SELECT id`+fromDue+`
		   AND ($5 LIKE '%,' || COALESCE(CAST(voice_id AS TEXT), '0') || ',%') = $6 ORDER BY due_at, id LIMIT 1`)
	// While a delivery is being sent, due_at is when its lease ends.
	qBegin = db.Q("sqlite.delivery.begin", setSending+`
		 WHERE id IN (SELECT id`+fromDue+fitting+` ORDER BY due_at, id LIMIT (CAST($7 AS BIGINT) + 0))
		RETURNING `+columns+`, payload`)
	// MATERIALIZED keeps PostgreSQL from picking twice what it may pick once.
	qBeginPostgres = db.Q("postgres.delivery.begin", `
		WITH picked AS MATERIALIZED (SELECT id`+fromDue+fitting+` ORDER BY due_at, id LIMIT (CAST($7 AS BIGINT) + 0) FOR UPDATE SKIP LOCKED)
		`+setSending+`
		 WHERE id IN (SELECT id FROM picked)
		RETURNING `+columns+`, payload`)
	// What others have locked they are holding too, or letting go.
	qHoldDue = skipping("delivery.hold_due", `state = 'held', reason = $5, released = FALSE, due_at = NULL, at = $3`, fromDue+` ORDER BY due_at, id LIMIT 500`)

	// Every value is bound as text, because the rows of a VALUES list have no types of their own. A run settles only what it
	// began: a later one has counted one attempt more.
	qSettle = db.Q("delivery.settle", `
		WITH said (id, attempts, state, reason, reply, at, due_at) AS (VALUES {rows})
		UPDATE deliveries
		   SET state = said.state, reason = said.reason, server_reply = said.reply, at = CAST(said.at AS BIGINT),
		       due_at = CAST(NULLIF(said.due_at, '') AS BIGINT), lease_by = NULL,
		       payload = CASE WHEN said.state = 'sent' THEN '' ELSE payload END
		  FROM said
		 WHERE deliveries.id = CAST(said.id AS BIGINT) AND deliveries.attempts = CAST(said.attempts AS BIGINT)
		   AND deliveries.state IN ('sending', 'uncertain')`)
	qGiveBack = db.Q("delivery.give_back", `
		UPDATE deliveries SET state = 'queued', attempts = attempts - 1, at = $2, due_at = $2, lease_by = NULL
		 WHERE lease_by = $1 AND state = 'sending' AND id IN ({in})`)

	qBeat = skipping("delivery.beat", `due_at = $2`, ` FROM deliveries WHERE lease_by = $1 AND state = 'sending' AND id IN ({in})`)
	// lease_by stays: should its process come back, its journal may know better.
	qInterrupted = skipping("delivery.interrupted", `state = 'uncertain', reason = 'interrupted', at = $3, due_at = NULL`,
		` FROM deliveries WHERE channel = $1 AND lane = $2 AND due_at <= $3 AND state = 'sending'`)
	qInterruptedAll = db.Q("delivery.interrupted_all", `
		UPDATE deliveries SET state = 'uncertain', reason = 'interrupted', at = $3, due_at = NULL, lease_by = NULL
		 WHERE channel = $1 AND lane = $2 AND due_at IS NOT NULL AND state = 'sending' AND lease_by <> $4`)
)

const settleWidth = 7

// maxReply bounds the words of a server that are kept, in bytes.
const maxReply = 2000

// turn is the one commit between what was said and what is said next: it writes down what became of the items that ended,
// and that up to n others are being sent. It asks the gates for each of those. carried says whether somebody carries them.
// It returns those that may leave, and how many were due: fewer than n when no more are.
func (s *Service) turn(ctx context.Context, l *line, ended []result, n int, carried bool) (batch []*item, found int, err error) {
	holds := s.holds.Load()
	err = s.db.Claim(ctx, func(tx *db.Tx) error {
		batch, found = nil, 0
		if err := s.settleIn(tx, l.channel, ended); err != nil || n == 0 {
			return err
		}
		held, err := s.HeldIn(tx)
		if err == nil && held { // what is held here is not let go meanwhile
			held, err = s.queue.PassingHeld(tx, queue.Everything)
		}
		if err != nil {
			return err
		}
		nobody, err := l.channel.ready(tx)
		if err != nil {
			return err
		}
		if nobody != "" {
			return l.holdDueIn(tx, nobody)
		}
		if !carried {
			return nil // there is somebody since a moment ago: the channel is opened again
		}
		room, err := l.channel.room(tx, l.lane, true)
		if err != nil {
			return err
		}
		fits := min(n, room.Most)
		if fits <= 0 {
			return nil
		}
		claim := qBegin
		if tx.Engine() == db.Postgres {
			claim = qBeginPostgres
		}
		until := db.At(tx.Now().Add(s.lease))
		begun, err := db.AllIn(tx, claim, scanWhole, l.kinds, l.channel.Name, l.lane, db.At(tx.Now()), !held, until, s.self, fits, room.list(), room.Only)
		if err != nil {
			return err
		}
		found = len(begun)
		if held && found < fits {
			if err := l.holdDueIn(tx, AllHeld); err != nil {
				return err
			}
		}
		allowed, refused, err := l.channel.ask(tx, begun)
		if err != nil {
			return err
		}
		if err := s.settleIn(tx, l.channel, refused); err != nil {
			return err
		}
		if l.channel.Begin != nil && len(allowed) > 0 {
			if err := l.channel.Begin(tx, l.lane, allowed); err != nil {
				return err
			}
		}
		for _, d := range allowed {
			batch = append(batch, &item{Delivery: d, holds: holds})
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	return batch, found, nil
}

// holdDueIn holds what is due in a line, for a reason. When that was a whole slice the line looks for more.
func (l *line) holdDueIn(tx *db.Tx, reason string) error {
	n, err := db.ExecIn(tx, qHoldDue.on(tx), l.kinds, l.channel.Name, l.lane, db.At(tx.Now()), true, reason)
	if n == inSlice {
		tx.OnCommit(func() { signal(l.woken) })
	}
	return err
}

// ask asks the gates of a channel and of its kinds, and parts what may leave from what may not.
func (c *channel) ask(tx *db.Tx, begun []Delivery) (allowed []Delivery, refused []result, err error) {
	allowed = begun
	pass := func(g Gate, asked []Delivery) error {
		if g == nil || len(asked) == 0 {
			return nil
		}
		reasons, err := g(tx, asked)
		if err != nil || len(reasons) == 0 {
			return err
		}
		said(asked, allowed)
		var kept []Delivery
		for _, d := range allowed {
			if reason, no := reasons[d.ID]; no {
				refused = append(refused, result{item: &item{Delivery: d}, Outcome: Outcome{State: Refused, Reason: reason}})
			} else {
				kept = append(kept, d)
			}
		}
		allowed = kept
		return nil
	}
	if err := pass(c.Gate, allowed); err != nil {
		return nil, nil, err
	}
	kinds := map[string][]Delivery{}
	for _, d := range allowed {
		if c.kinds[d.Kind].Gate != nil {
			kinds[d.Kind] = append(kinds[d.Kind], d)
		}
	}
	for kind, asked := range kinds {
		if err := pass(c.kinds[kind].Gate, asked); err != nil {
			return nil, nil, err
		}
	}
	return allowed, refused, nil
}

// settleIn writes results down.
func (s *Service) settleIn(tx *db.Tx, c *channel, results []result) error {
	var values []any
	var back []fact.DeliveryID
	var told []Ended
	now := strconv.FormatInt(tx.Now().UnixMilli(), 10)
	for _, r := range results {
		if r.back {
			back = append(back, r.item.ID)
			continue
		}
		o := judge(r.item.Delivery, r.Outcome, c.GiveUp, tx.Now())
		told = append(told, Ended{r.item.Delivery, o})
		again := ""
		if o.State == Deferred {
			again = strconv.FormatInt(tx.Now().Add(o.Again).UnixMilli(), 10)
		}
		values = append(values, strconv.FormatInt(int64(r.item.ID), 10), strconv.Itoa(r.item.Attempts), o.State, o.Reason, db.Storable(o.Reply, maxReply), now, again)
	}
	if err := db.Insert(tx, qSettle, settleWidth, values); err != nil {
		return err
	}
	if c.Ended != nil && len(told) > 0 {
		if err := c.Ended(tx, told); err != nil {
			return err
		}
	}
	_, err := db.ExecIn(tx, qGiveBack, back, s.self, db.At(tx.Now()))
	return err
}

// compose makes the parcels of a batch in one read, and notes for each item that could not be made what that means.
func (s *Service) compose(ctx context.Context, c *channel, batch []*item) error {
	needed := false
	for _, it := range batch {
		if c.kinds[it.Kind].Compose != nil {
			needed = true
		} else {
			it.parcel = it.Parcel
		}
	}
	if !needed {
		return nil
	}
	return s.db.Read(ctx, func(tx *db.Tx) error {
		for _, it := range batch {
			fn := c.kinds[it.Kind].Compose
			if fn == nil {
				continue
			}
			var err error
			if it.parcel, err = fn(tx, it.Delivery); err != nil {
				if ctx.Err() != nil || fault.Is(err, fault.KindUnavailable) {
					return err // of the database, and not of this delivery
				}
				o := notComposed(err)
				s.log.Warn("a delivery cannot be composed", "channel", it.Channel, "kind", it.Kind, "delivery", it.ID, "state", o.State, "err", err)
				it.failed = &o
			}
		}
		return nil
	})
}

func notComposed(err error) Outcome {
	var no Refusal
	switch {
	case errors.As(err, &no):
		return Outcome{State: Refused, Reason: no.Reason}
	case fault.Is(err, fault.KindNotFound):
		return Outcome{State: Refused, Reason: Gone}
	}
	return Outcome{State: Deferred, Reason: NotComposed}
}

// ReadParcel reads what Outgoing.Parcel was into v, a pointer; it leaves v alone when there was none.
func (d Delivery) ReadParcel(v any) error {
	if len(d.Parcel) == 0 {
		return nil
	}
	return json.Unmarshal(d.Parcel, v)
}
