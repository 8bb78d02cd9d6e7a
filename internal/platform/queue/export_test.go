package queue

import (
	"context"
	"time"
)

// Abandon claims what is due in the default lane and forgets it, as a process does that dies.
func (q *Queue) Abandon(ctx context.Context) (n int, err error) {
	for name, kinds := range q.byLane() {
		got, err := q.claim(ctx, name, kinds, maxBatch)
		if err != nil {
			return n, err
		}
		n += len(got)
	}
	clear(q.live)
	return n, nil
}

// SetGrace changes how long handlers may go on when the program stops.
func (q *Queue) SetGrace(d time.Duration) { q.grace = d }

// SetPending changes how many outcomes may wait to be written down.
func (q *Queue) SetPending(n int) { q.most = n }

// Beat extends the leases once.
func (q *Queue) Beat(ctx context.Context) error { return q.heartbeat(ctx) }

// Rescue makes lapsed jobs due once.
func (q *Queue) Rescue(ctx context.Context) error { return q.prepare(ctx, false) }

// Ready is closed when Run begins to fetch.
func (q *Queue) Ready() <-chan struct{} { return q.ready }

// ClaimThenServe claims what is due in the default lane, calls between, and only then lets a worker have it.
func (q *Queue) ClaimThenServe(ctx context.Context, between func()) error {
	l := &lane{q: q, kinds: q.byLane()[""], work: make(chan *run, maxBatch), free: make(chan struct{}, 1)}
	got, err := q.claim(ctx, "", l.kinds, maxBatch)
	if err != nil {
		return err
	}
	between()
	for _, r := range got {
		l.work <- r
	}
	close(l.work)
	l.serve(ctx, ctx)
	return q.flush(ctx)
}
