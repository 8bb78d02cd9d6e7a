package queue

import (
	"context"
	"slices"
	"strings"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

// run is one claimed job.
type run struct {
	Job
	kind    *kind
	body    []byte
	failure string // of the attempt before
	due     int64
	claimed time.Time // by the machine's clock
	holds   int64     // Queue.holds before the claim
	cancel  context.CancelFunc
}

// skipLocked is a comment to SQLite, which has one writer; PostgreSQL is given what it says.
const skipLocked = "/* FOR UPDATE SKIP LOCKED */"

// The texts come in two: of kinds that may leave, and of kinds that are held, whose released jobs alone may leave.
const (
	pickOpen     = ` FROM jobs WHERE state = 'due' AND lane = $1 AND due_at <= $2 AND kind IN ({in}) ORDER BY due_at, id`
	pickReleased = ` FROM jobs WHERE state = 'due' AND released AND lane = $1 AND due_at <= $2 AND kind IN ({in}) ORDER BY due_at, id`
	// MATERIALIZED keeps PostgreSQL from picking twice what it may pick once.
	take = ` LIMIT $5 ` + skipLocked + `)
		UPDATE jobs SET state = 'running', lease_until = $3, lease_by = $4, attempts = attempts + 1
		 WHERE id IN (SELECT id FROM picked)
		RETURNING id, kind, COALESCE(key, ''), body, attempts, failure, due_at, created_at`
)

var (
	qHeadOpen      = db.Q("job.head_open", `SELECT due_at, id`+pickOpen+` LIMIT 1`)
	qHeadReleased  = db.Q("job.head_released", `SELECT due_at, id`+pickReleased+` LIMIT 1`)
	qClaimOpen     = db.Q("job.claim_open", `WITH picked AS MATERIALIZED (SELECT id`+pickOpen+take)
	qClaimReleased = db.Q("job.claim_released", `WITH picked AS MATERIALIZED (SELECT id`+pickReleased+take)
	qHeldLanes     = db.Q("job.held_lanes", `SELECT lane FROM job_lanes_held`)
)

// forEngine turns the comments that are for PostgreSQL into SQL.
func forEngine(tx *db.Tx, q db.Query) db.Query {
	if tx.Engine() == db.Postgres {
		q.SQL = strings.NewReplacer(skipLocked, "FOR UPDATE SKIP LOCKED", "/* FOR UPDATE */", "FOR UPDATE").Replace(q.SQL)
	}
	return q
}

// split tells which of kinds may leave and which are held now.
func split(tx *db.Tx, kinds []*kind) (open, held []string, err error) {
	lanes, err := db.All(tx, qHeldLanes, db.Scalar[string])
	if err != nil {
		return nil, nil, err
	}
	for _, k := range kinds {
		if slices.Contains(lanes, k.lane) || k.outward && slices.Contains(lanes, Everything) {
			held = append(held, k.name)
		} else {
			open = append(open, k.name)
		}
	}
	return open, held, nil
}

type head struct{ due, id int64 }

func (h head) before(o head) bool { return h.due < o.due || h.due == o.due && h.id < o.id }

// first returns the job of a lane that would leave next, if one is due.
func first(tx *db.Tx, lane string, kinds []*kind) (best head, found bool, err error) {
	open, held, err := split(tx, kinds)
	if err != nil {
		return head{}, false, err
	}
	scan := func(r db.Row) (h head, err error) {
		err = r.Scan(&h.due, &h.id)
		return h, err
	}
	for _, part := range []struct {
		q     db.Query
		names []string
	}{{qHeadOpen, open}, {qHeadReleased, held}} {
		rows, err := db.AllIn(tx, part.q, scan, part.names, lane, db.At(tx.Now()))
		if err != nil {
			return head{}, false, err
		}
		if len(rows) > 0 && (!found || rows[0].before(best)) {
			best, found = rows[0], true
		}
	}
	return best, found, nil
}

// claimIn takes up to n due jobs of a lane inside a Claim.
func (q *Queue) claimIn(tx *db.Tx, lane string, kinds []*kind, n int) ([]*run, error) {
	open, held, err := split(tx, kinds)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]*kind, len(kinds))
	for _, k := range kinds {
		byName[k.name] = k
	}
	scan := func(r db.Row) (*run, error) {
		var c run
		err := r.Scan(&c.ID, &c.Kind, &c.Key, &c.body, &c.Attempt, &c.failure, &c.due, db.Time(&c.CreatedAt))
		c.kind = byName[c.Kind]
		return &c, err
	}
	until := db.At(tx.Now().Add(q.lease))
	got, err := db.AllIn(tx, forEngine(tx, qClaimOpen), scan, open, lane, db.At(tx.Now()), until, q.self, n)
	if err == nil && len(held) > 0 && len(got) < n {
		var more []*run
		more, err = db.AllIn(tx, forEngine(tx, qClaimReleased), scan, held, lane, db.At(tx.Now()), until, q.self, n-len(got))
		got = append(got, more...)
	}
	slices.SortFunc(got, func(a, b *run) int {
		if (head{a.due, int64(a.ID)}).before(head{b.due, int64(b.ID)}) {
			return -1
		}
		return 1
	})
	return got, err
}

// adopt notes the claimed runs as living here. One that already lives here lost its lease and has now got it back:
// it goes on where it is, and is not begun a second time.
func (q *Queue) adopt(got []*run, holds int64) []*run {
	now := time.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.DeleteFunc(got, func(r *run) bool {
		if q.live[r.ID] != nil {
			return true
		}
		r.claimed, r.holds = now, holds
		q.live[r.ID] = r
		return false
	})
}

// claim takes up to n due jobs of a lane in a transaction of its own.
func (q *Queue) claim(ctx context.Context, lane string, kinds []*kind, n int) ([]*run, error) {
	holds := q.holds.Load()
	var got []*run
	err := q.db.Claim(ctx, func(tx *db.Tx) (err error) {
		got, err = q.claimIn(tx, lane, kinds, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	return q.adopt(got, holds), nil
}

// forget drops settled runs.
func (q *Queue) forget(outs []outcome) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, o := range outs {
		delete(q.live, o.run.ID)
	}
}

// ids returns the identifiers of outs for which keep holds.
func ids(outs []outcome, keep func(outcome) bool) []id.ID[JobMark] {
	var found []id.ID[JobMark]
	for _, o := range outs {
		if keep(o) {
			found = append(found, o.run.ID)
		}
	}
	return found
}
