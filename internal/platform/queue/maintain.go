package queue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

var (
	qBeat = db.Q("job.beat", `
		UPDATE jobs SET lease_until = $1 WHERE lease_by = $2 AND state = 'running' AND id IN ({in}) RETURNING id`)
	qRescue = perEngine{
		sqlite:   db.Q("job.rescue", rescue+`)`),
		postgres: db.Q("postgres.job.rescue", rescue+` FOR UPDATE SKIP LOCKED)`),
	}
	qRescueAll = db.Q("job.rescue_all", `
		UPDATE jobs SET state = 'due', lease_until = NULL, lease_by = NULL, failure = $1
		 WHERE state = 'running' AND lease_by <> $2`)
	qRelane = db.Q("job.relane", `
		UPDATE jobs SET lane = $1 WHERE lane <> $1 AND state <> 'running' AND kind IN ({in})`)
	qUngroup = db.Q("job.ungroup", `UPDATE jobs SET group_name = NULL WHERE group_name IS NOT NULL AND state <> 'running' AND kind IN ({in})`)
	qAdopt   = db.Q("job.adopt", `
		UPDATE jobs SET lane = $1 WHERE state = 'due' AND lane = '?' AND kind IN ({in})`)
)

const rescue = `
		UPDATE jobs SET state = 'due', lease_until = NULL, lease_by = NULL, failure = $2
		 WHERE id IN (SELECT id FROM jobs WHERE state = 'running' AND lease_until < $1`

// lapsed is the failure of a job whose process stopped without a word.
const lapsed = "lease lapsed: the process that ran it stopped"

// runPeriodically does one task of maintenance every d until ctx ends.
func (q *Queue) runPeriodically(ctx context.Context, d time.Duration, name string, task func(context.Context) error) {
	t := time.NewTicker(max(d, time.Millisecond))
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if err := task(ctx); err != nil && ctx.Err() == nil {
				q.log.Warn("queue maintenance failed", "task", name, "err", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// prepare makes claimable what this process can run and nobody runs: jobs that a crash left running, and jobs of kinds
// that were unknown, or of another lane, or in groups that their kind no longer has, to whoever put them.
func (q *Queue) prepare(ctx context.Context, starting bool) error {
	lanes := q.byLane()
	q.mu.Lock()
	relane, first := qAdopt, !q.relaned
	if first {
		relane = qRelane
	}
	q.mu.Unlock()
	err := q.db.Claim(ctx, func(tx *db.Tx) error {
		if starting && tx.Engine() == db.SQLite {
			if _, err := db.Exec(tx, qRescueAll, lapsed, q.self); err != nil {
				return err
			}
		}
		n, err := db.Exec(tx, qRescue.on(tx), db.At(tx.Now()), lapsed)
		if err != nil {
			return err
		}
		if n > 0 {
			tx.OnCommit(func() {
				q.log.Warn("jobs rescued from a process that stopped", "jobs", n)
				q.wake(Everything)
			})
		}
		for name, kinds := range lanes {
			if first {
				without := slices.DeleteFunc(slices.Clone(kinds), func(k *kind) bool { return k.group != nil })
				if _, err := db.ExecIn(tx, qUngroup, names(without)); err != nil {
					return err
				}
			}
			n, err := db.ExecIn(tx, relane, names(kinds), name)
			if err != nil {
				return err
			}
			if n > 0 {
				tx.OnCommit(func() { q.wake(name) })
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	q.mu.Lock()
	q.relaned = true
	q.mu.Unlock()
	return nil
}

func names(kinds []*kind) []string {
	all := make([]string, len(kinds))
	for i, k := range kinds {
		all[i] = k.name
	}
	return all
}

// heartbeat extends the leases of what lives here, and stops the handlers whose lease another took.
func (q *Queue) heartbeat(ctx context.Context) error {
	q.mu.Lock()
	before := make([]id.ID[JobMark], 0, len(q.live))
	for key := range q.live {
		before = append(before, key)
	}
	q.mu.Unlock()
	if len(before) == 0 {
		return nil
	}
	var kept []id.ID[JobMark]
	err := q.db.Claim(ctx, func(tx *db.Tx) (err error) {
		kept, err = db.AllIn(tx, qBeat, db.Scalar[id.ID[JobMark]], before, db.At(tx.Now().Add(q.lease)), q.self)
		return err
	})
	if err != nil {
		return err
	}
	ours := make(map[id.ID[JobMark]]bool, len(kept))
	for _, key := range kept {
		ours[key] = true
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, key := range before {
		r := q.live[key] // nil when it was settled meanwhile
		if r == nil || ours[key] {
			continue
		}
		q.log.Warn("job lost its lease", "kind", r.Kind, "job", r.ID)
		if r.cancel != nil {
			r.cancel()
		}
	}
	return nil
}

// anything reports whether a job of l can be claimed.
func (q *Queue) anything(ctx context.Context, l *lane) (found bool, err error) {
	var h head
	err = q.db.Read(ctx, func(tx *db.Tx) (err error) {
		h, found, err = q.first(tx, l.name, l.kinds)
		return err
	})
	if found && h.groups != nil {
		q.mu.Lock()
		h.groups.position = h.after // so that the claim begins with it, although it stands behind a thousand others
		q.mu.Unlock()
	}
	return found, err
}
