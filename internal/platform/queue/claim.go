package queue

import (
	"context"
	"slices"
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

// perEngine is a query in two texts: PostgreSQL locks what it picks, and passes over what others have locked, where
// SQLite has one writer and no word for it.
type perEngine struct{ sqlite, postgres db.Query }

func (p perEngine) on(tx *db.Tx) db.Query {
	if tx.Engine() == db.Postgres {
		return p.postgres
	}
	return p.sqlite
}

// The texts come in two: of kinds that may leave, and of kinds that are held, whose released jobs alone may leave. They
// are about the jobs of no group; group.go has those of the others.
const (
	open     = ` FROM jobs WHERE state = 'due' AND group_name IS NULL AND lane = $1 AND due_at <= $2 AND kind IN ({in}) ORDER BY due_at, id`
	released = ` FROM jobs WHERE state = 'due' AND released AND group_name IS NULL AND lane = $1 AND due_at <= $2 AND kind IN ({in}) ORDER BY due_at, id`
	// MATERIALIZED keeps PostgreSQL from picking twice what it may pick once.
	pick   = `WITH picked AS MATERIALIZED (SELECT id`
	some   = ` LIMIT (CAST($5 AS BIGINT) + 0)` // a sum, because SQLite plans again for each value of a bare parameter
	lock   = ` FOR UPDATE SKIP LOCKED`
	update = `)
		UPDATE jobs SET state = 'running', lease_until = $3, lease_by = $4, attempts = attempts + 1
		 WHERE id IN (SELECT id FROM picked)
		RETURNING ` + runColumns
	runColumns = `id, kind, COALESCE(key, ''), body, attempts, failure, due_at, created_at`
)

var (
	qHeadOpen     = db.Q("job.head_open", `SELECT due_at, id`+open+` LIMIT 1`)
	qHeadReleased = db.Q("job.head_released", `SELECT due_at, id`+released+` LIMIT 1`)
	qClaimOpen    = perEngine{
		sqlite:   db.Q("job.claim_open", pick+open+some+update),
		postgres: db.Q("postgres.job.claim_open", pick+open+some+lock+update),
	}
	qClaimReleased = perEngine{
		sqlite:   db.Q("job.claim_released", pick+released+some+update),
		postgres: db.Q("postgres.job.claim_released", pick+released+some+lock+update),
	}
	qHeldLanes = db.Q("job.held_lanes", `SELECT lane FROM job_lanes_held`)
)

// split tells which of kinds may leave and which are held now.
func split(tx *db.Tx, kinds []*kind) (open, held []*kind, err error) {
	lanes, err := db.All(tx, qHeldLanes, db.Scalar[string])
	if err != nil {
		return nil, nil, err
	}
	for _, k := range kinds {
		if slices.Contains(lanes, k.lane) || k.outward && slices.Contains(lanes, Everything) {
			held = append(held, k)
		} else {
			open = append(open, k)
		}
	}
	return open, held, nil
}

// head is the job that would leave next of a lane.
type head struct {
	due, id int64
	groups  *kind  // whose groups it is found in, nil when it is in none
	after   string // the name after which its group is found
}

func (h head) before(o head) bool { return h.due < o.due || h.due == o.due && h.id < o.id }

// first returns the job of a lane that would leave next, if one can be claimed.
func (q *Queue) first(tx *db.Tx, lane string, kinds []*kind) (best head, found bool, err error) {
	open, held, err := split(tx, kinds)
	if err != nil {
		return head{}, false, err
	}
	scan := func(r db.Row) (h head, err error) {
		err = r.Scan(&h.due, &h.id)
		return h, err
	}
	for _, part := range []struct {
		q        db.Query
		kinds    []*kind
		released bool
	}{{qHeadOpen, open, false}, {qHeadReleased, held, true}} {
		heads, err := db.AllIn(tx, part.q, scan, names(part.kinds), lane, db.At(tx.Now()))
		if err != nil {
			return head{}, false, err
		}
		for _, k := range part.kinds {
			h, ok, err := q.firstInGroups(tx, k, part.released)
			if err != nil {
				return head{}, false, err
			}
			if ok {
				heads = append(heads, h)
			}
		}
		for _, h := range heads {
			if !found || h.before(best) {
				best, found = h, true
			}
		}
	}
	return best, found, nil
}

// claimIn takes up to n due jobs of a lane inside a Claim. The jobs of no group and the groups of each kind are sources that
// take turns: each may fill an equal share of n, and what one leaves goes to the others.
func (q *Queue) claimIn(tx *db.Tx, lane string, kinds []*kind, n int) ([]*run, error) {
	open, held, err := split(tx, kinds)
	if err != nil {
		return nil, err
	}
	sources := []func(n int) ([]*run, error){
		func(n int) ([]*run, error) { return q.claimPlain(tx, lane, open, held, n) },
	}
	for _, k := range kinds {
		if k.group != nil {
			sources = append(sources, func(n int) ([]*run, error) { return q.claimGroups(tx, k, slices.Contains(held, k), q.position(k), n) })
		}
	}
	turn, rounds := q.turn(lane), min(len(sources), 2)
	var got []*run
	for round := range rounds {
		for i := range sources {
			share := n - len(got)
			if round < rounds-1 {
				others := len(sources) - i
				share = (share + others - 1) / others
			}
			if share == 0 {
				continue
			}
			more, err := sources[(turn+i)%len(sources)](share)
			if err != nil {
				return nil, err
			}
			got = append(got, more...)
		}
	}
	slices.SortFunc(got, func(a, b *run) int {
		if (head{due: a.due, id: int64(a.ID)}).before(head{due: b.due, id: int64(b.ID)}) {
			return -1
		}
		return 1
	})
	return got, nil
}

// turn returns another number at each call, so that another source of the lane is asked first.
func (q *Queue) turn(lane string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.turns[lane]++
	return q.turns[lane]
}

// claimPlain takes up to n due jobs of no group.
func (q *Queue) claimPlain(tx *db.Tx, lane string, open, held []*kind, n int) ([]*run, error) {
	until := db.At(tx.Now().Add(q.lease))
	got, err := db.AllIn(tx, qClaimOpen.on(tx), scanRun(open), names(open), lane, db.At(tx.Now()), until, q.self, n)
	if err != nil || len(held) == 0 || len(got) == n {
		return got, err
	}
	more, err := db.AllIn(tx, qClaimReleased.on(tx), scanRun(held), names(held), lane, db.At(tx.Now()), until, q.self, n-len(got))
	return append(got, more...), err
}

// scanRun reads runColumns of jobs of the given kinds.
func scanRun(kinds []*kind) func(db.Row) (*run, error) {
	byName := make(map[string]*kind, len(kinds))
	for _, k := range kinds {
		byName[k.name] = k
	}
	return func(r db.Row) (*run, error) {
		var c run
		err := r.Scan(&c.ID, &c.Kind, &c.Key, &c.body, &c.Attempt, &c.failure, &c.due, db.Time(&c.CreatedAt))
		c.kind = byName[c.Kind]
		return &c, err
	}
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
