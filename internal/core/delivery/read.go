package delivery

import (
	"context"
	"math"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// may checks that somebody may see and touch what belongs to a voice: its authors, and for what belongs to none (the
// mails to accounts) the owners.
func may(by actor.Actor, v fact.VoiceID) error {
	if v == 0 {
		return by.Require(actor.Owner, 0)
	}
	return by.Require(actor.Author, int64(v))
}

// visible returns the voices whose deliveries by sees, and whether also those of no voice.
func visible(by actor.Actor) (actor.Scope, bool) {
	return by.Scope(actor.Author), by.On(0) >= actor.Owner
}

// Filter says which deliveries to list.
type Filter struct {
	State  string // one of States; "" for all
	Cursor string
	Limit  int // 1 to 100; 0 is 50
}

// List is ListIn in a transaction of its own.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Delivery, next string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, next, err = s.ListIn(tx, by, f)
		return err
	})
	return found, next, err
}

// ListIn returns a page of the deliveries that by may see, the newest first, and the cursor of the next page, "" at the end.
func (s *Service) ListIn(tx *db.Tx, by actor.Actor, f Filter) (found []Delivery, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	before := fact.DeliveryID(math.MaxInt64)
	if f.Cursor != "" {
		c, err := db.ParseCursor(f.Cursor)
		if err != nil {
			return nil, "", err
		}
		before = fact.DeliveryID(c.ID)
	}
	scope, nobodys := visible(by)
	switch f.State {
	case "":
		found, err = db.AllScoped(tx, qList, scope, scan, before, nobodys, f.Limit+1)
	case Sent:
		found, err = db.AllScoped(tx, qListSent, scope, scan, before, nobodys, f.Limit+1)
	default:
		found, err = db.AllScoped(tx, qListState, scope, scan, before, nobodys, f.Limit+1, f.State)
	}
	if err == nil && len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = db.Cursor{At: last.CreatedAt, ID: int64(last.ID)}.Encode()
	}
	return found, next, err
}

// LeavingIn returns what has not left yet, of one state or of all when it is "", and that by may see, in the order of leaving
// (Delivery.LeavesAt, then the id), after a place in it. What is about a thing of the kind many, which goes to many, is left out: see WaitingIn.
func (s *Service) LeavingIn(tx *db.Tx, by actor.Actor, state, many string, after db.Cursor, limit int) ([]Delivery, error) {
	scope, nobodys := visible(by)
	if many == "" {
		many = "-" // of no kind
	}
	return db.AllScoped(tx, qLeaving, scope, scan, db.At(after.At), after.ID, nobodys, limit, state, many)
}

// Waiting is how much about one thing has not left yet.
type Waiting struct {
	About int64
	Voice fact.VoiceID
	At    time.Time // when the first leaves
	N     int
	Held  int // of them, because all that leaves is held
}

// WaitingIn returns how much has not left of each thing of a kind, in one state or in all when it is "", and that by may see, what leaves first
// first.
func (s *Service) WaitingIn(tx *db.Tx, by actor.Actor, kind, state string) ([]Waiting, error) {
	scope, _ := visible(by)
	return db.AllScoped(tx, qWaiting, scope, func(r db.Row) (w Waiting, err error) {
		return w, r.Scan(&w.About, &w.Voice, db.Time(&w.At), &w.N, &w.Held)
	}, kind, state)
}

// GetIn returns one delivery.
func (s *Service) GetIn(tx *db.Tx, by actor.Actor, id fact.DeliveryID) (Delivery, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Delivery{}, err
	}
	d, err := byID(tx, id)
	if err == nil {
		err = may(by, d.Voice)
	}
	if err != nil {
		return Delivery{}, err
	}
	return d, nil
}

// ByKeyIn returns the delivery of a key: of whoever enqueued it under that key in the same transaction.
func (s *Service) ByKeyIn(tx *db.Tx, key string) (Delivery, error) {
	return db.One(tx, qByKey, scan, key)
}

// Get is GetIn in a transaction of its own.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.DeliveryID) (d Delivery, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d, err = s.GetIn(tx, by, id)
		return err
	})
	return d, err
}

// LastIn returns the last delivery of a kind to each of some people who got any, for whoever asks: its callers asked who may.
func (s *Service) LastIn(tx *db.Tx, kind string, people []fact.ContactID) (map[fact.ContactID]Delivery, error) {
	rows, err := db.AllIn(tx, qOfKind, scan, people, kind)
	last := make(map[fact.ContactID]Delivery, len(rows))
	for _, d := range rows {
		last[d.Contact] = d
	}
	return last, err
}

// OfMessagesIn returns the deliveries about each message that has any and that by may see, oldest first.
func (s *Service) OfMessagesIn(tx *db.Tx, by actor.Actor, ids []fact.MessageID) (map[fact.MessageID][]Delivery, error) {
	rows, err := db.AllIn(tx, qAbout, scan, ids, RefMessage)
	if err != nil {
		return nil, err
	}
	found := make(map[fact.MessageID][]Delivery, len(ids))
	for _, d := range rows {
		if may(by, d.Voice) == nil {
			found[d.Message()] = append(found[d.Message()], d)
		}
	}
	return found, nil
}

// OfMessages is OfMessagesIn in a transaction of its own.
func (s *Service) OfMessages(ctx context.Context, by actor.Actor, ids []fact.MessageID) (found map[fact.MessageID][]Delivery, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err = s.OfMessagesIn(tx, by, ids)
		return err
	})
	return found, err
}

// Counts says how many deliveries wait for somebody or something, each counted to 100.
type Counts struct {
	Held, Queued, Deferred, Uncertain, Refused int
}

// CountsIn counts those that by may see.
func (s *Service) CountsIn(tx *db.Tx, by actor.Actor) (c Counts, err error) {
	scope, nobodys := visible(by)
	for _, state := range []string{Held, Queued, Deferred, Uncertain, Refused} {
		_, err := db.AllScoped(tx, qCounts, scope, func(r db.Row) (struct{}, error) {
			var of string
			var n int
			err := r.Scan(&of, &n)
			switch of {
			case Held:
				c.Held = n
			case Queued:
				c.Queued = n
			case Deferred:
				c.Deferred = n
			case Uncertain:
				c.Uncertain = n
			case Refused:
				c.Refused = n
			}
			return struct{}{}, err
		}, state, nobodys)
		if err != nil {
			return Counts{}, err
		}
	}
	return c, nil
}
