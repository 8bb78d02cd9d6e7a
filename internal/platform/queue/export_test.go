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

// Beat extends the leases once.
func (q *Queue) Beat(ctx context.Context) error { return q.heartbeat(ctx) }

// Rescue makes lapsed jobs due once.
func (q *Queue) Rescue(ctx context.Context) error { return q.prepare(ctx, false) }
