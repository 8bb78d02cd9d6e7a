package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"causerie/internal/platform/db"
)

// RunDue works off every job that is due, and those that they put, one after the other in the order of their time, on
// the goroutine of the caller. It begins with the rescue of lapsed leases and with the periodic jobs whose time has
// come. It returns how many runs there were, and the errors of the jobs that died of them; a job that will be tried
// again is no error. It is for tests and for the command line.
func (q *Queue) RunDue(ctx context.Context) (n int, err error) {
	if err := q.prepare(ctx, false); err != nil {
		return 0, err
	}
	if err := q.tick(ctx); err != nil {
		return 0, err
	}
	lanes := q.byLane()
	var died []error
	var last []outcome
	for ctx.Err() == nil {
		r, err := q.next(context.WithoutCancel(ctx), lanes, last)
		if err != nil {
			return n, errors.Join(append(died, err)...)
		}
		q.forget(last)
		last = nil
		if r == nil {
			return n, errors.Join(died...)
		}
		o := q.work(ctx, r)
		if o.verdict == dead {
			died = append(died, fmt.Errorf("queue: %s %v: %w", r.Kind, r.ID, o.err))
		}
		n++
		last = []outcome{o}
	}
	return n, errors.Join(append(died, q.settle(context.WithoutCancel(ctx), last), ctx.Err())...)
}

// next settles last and claims the job that is due first among all lanes, in one transaction. It returns nil when none is.
func (q *Queue) next(ctx context.Context, lanes map[string][]*kind, last []outcome) (*run, error) {
	holds := q.holds.Load()
	var got []*run
	err := q.db.Claim(ctx, func(tx *db.Tx) error {
		got = nil
		if len(last) > 0 {
			if err := q.settleIn(tx, last); err != nil {
				return err
			}
		}
		taken := map[string]bool{} // lanes whose head another process has locked
		for {
			lane, h, found, err := q.earliest(tx, lanes, taken)
			if err != nil || !found {
				return err
			}
			open, held, err := split(tx, lanes[lane])
			if err != nil {
				return err
			}
			if h.groups != nil {
				got, err = q.claimGroups(tx, h.groups, slices.Contains(held, h.groups), h.after, 1)
			} else {
				got, err = q.claimPlain(tx, lane, open, held, 1)
			}
			if err != nil || len(got) > 0 {
				return err
			}
			taken[lane] = true
		}
	})
	if err != nil {
		return nil, err
	}
	for _, r := range q.adopt(got, holds) {
		return r, nil
	}
	return nil, nil
}

// earliest returns the job that would leave first of all lanes but those of without.
func (q *Queue) earliest(tx *db.Tx, lanes map[string][]*kind, without map[string]bool) (lane string, best head, found bool, err error) {
	for name, kinds := range lanes {
		if without[name] {
			continue
		}
		h, ok, err := q.first(tx, name, kinds)
		if err != nil {
			return "", head{}, false, err
		}
		if ok && (!found || h.before(best)) {
			lane, best, found = name, h, true
		}
	}
	return lane, best, found, nil
}
