package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"causerie/internal/platform/db"
)

// maxFailure bounds the text of a failure, in bytes.
const maxFailure = 2000

type verdict int

const (
	done  verdict = iota // gone, its key kept in jobs_done
	again                // due after a wait
	dead                 // stopped for good
	back                 // given back, as if it had not been claimed
)

// outcome is what became of a run, to be written down.
type outcome struct {
	run     *run
	verdict verdict
	wait    time.Duration
	uncount bool // the attempt does not count
	err     error
}

const (
	finish = `
		INSERT INTO jobs_done (id, kind, key, attempts, created_at, done_at, keep_until)
		SELECT id, kind, key, attempts, created_at, CAST($2 AS BIGINT), CAST($3 AS BIGINT)
		  FROM jobs
		 WHERE lease_by = $1 AND id IN ({in})`
	onceDone = ` ON CONFLICT DO NOTHING`
)

// A statement that settles asks for lease_by, so that whoever lost a lease cannot settle the run of another.
var (
	qDone = perEngine{
		sqlite:   db.Q("job.done", finish+onceDone),
		postgres: db.Q("postgres.job.done", finish+` FOR UPDATE`+onceDone),
	}
	qRemove = db.Q("job.remove", `DELETE FROM jobs WHERE lease_by = $1 AND id IN ({in})`)
	qAgain  = db.Q("job.again", `
		UPDATE jobs SET state = $3, due_at = $4, attempts = attempts - $5, failure = $6, lease_until = NULL, lease_by = NULL
		 WHERE id = $1 AND lease_by = $2`)
	qBack = db.Q("job.back", `
		UPDATE jobs SET state = 'due', attempts = attempts - 1, lease_until = NULL, lease_by = NULL
		 WHERE lease_by = $1 AND id IN ({in})`)
)

// work runs the handler of r and judges what it returned.
func (q *Queue) work(ctx context.Context, r *run) outcome {
	if r.Attempt > r.kind.max {
		// Every attempt ended in a crash, so none of them was ever judged.
		return outcome{run: r, verdict: dead, err: fmt.Errorf("after %d attempts: %s", r.Attempt-1, r.failure)}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q.mu.Lock()
	r.cancel = cancel
	q.mu.Unlock()
	err := q.call(ctx, r)
	o := outcome{run: r, err: err}
	if err == nil {
		return o
	}
	if l, ok := errors.AsType[*later](err); ok {
		o.verdict, o.wait, o.uncount, o.err = again, l.d, true, l.err
		return o
	}
	_, given := errors.AsType[*give](err)
	switch {
	case given:
		o.verdict = dead
	case ctx.Err() != nil:
		o.verdict = back // stopped by us, not by a fault of its own
		return o
	case r.Attempt >= r.kind.max:
		o.verdict = dead
	default:
		o.verdict, o.wait = again, r.kind.backoff(r.Attempt)
	}
	if o.verdict == dead {
		q.log.Error("job is dead", "kind", r.Kind, "job", r.ID, "attempt", r.Attempt, "err", err)
	} else {
		q.log.Warn("job failed", "kind", r.Kind, "job", r.ID, "attempt", r.Attempt, "again", o.wait, "err", err)
	}
	return o
}

// call runs the handler; a panic of it is a failure like another.
func (q *Queue) call(ctx context.Context, r *run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			q.log.Error("job panicked", "kind", r.Kind, "job", r.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.kind.run(ctx, r.Job, r.body)
}

// settleIn writes outcomes down inside a Claim.
func (q *Queue) settleIn(tx *db.Tx, outs []outcome) error {
	finished := ids(outs, func(o outcome) bool { return o.verdict == done })
	for _, keep := range keeps(outs) {
		kept := ids(outs, func(o outcome) bool { return o.verdict == done && o.run.keepKey() == keep })
		if _, err := db.ExecIn(tx, qDone.on(tx), kept, q.self, db.At(tx.Now()), db.At(tx.Now().Add(keep))); err != nil {
			return err
		}
	}
	if _, err := db.ExecIn(tx, qRemove, finished, q.self); err != nil {
		return err
	}
	returned := ids(outs, func(o outcome) bool { return o.verdict == back })
	if _, err := db.ExecIn(tx, qBack, returned, q.self); err != nil {
		return err
	}
	for _, o := range outs {
		var err error
		switch o.verdict {
		case again:
			uncount := 0
			if o.uncount {
				uncount = 1
			}
			_, err = db.Exec(tx, qAgain, o.run.ID, q.self, "due", db.At(tx.Now().Add(o.wait)), uncount, failureText(o.err))
		case dead: // due_at becomes the instant of death
			_, err = db.Exec(tx, qAgain, o.run.ID, q.self, "dead", db.At(tx.Now()), 0, failureText(o.err))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keepKey returns how long the key of r stays taken when it is done, 0 when there is none to keep.
func (r *run) keepKey() time.Duration {
	if r.Key == "" || strings.HasPrefix(r.Key, schedulePrefix) {
		return 0
	}
	return max(0, r.kind.keepKey)
}

// keeps returns the different times for which the keys of what is done in outs are kept: one, nearly always.
func keeps(outs []outcome) []time.Duration {
	var all []time.Duration
	for _, o := range outs {
		if d := o.run.keepKey(); o.verdict == done && d > 0 && !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	return all
}

// settle writes outcomes down in a transaction of its own, and forgets the runs.
func (q *Queue) settle(ctx context.Context, outs []outcome) error {
	if len(outs) == 0 {
		return nil
	}
	if err := q.db.Claim(ctx, func(tx *db.Tx) error { return q.settleIn(tx, outs) }); err != nil {
		return err
	}
	q.forget(outs)
	return nil
}

// failureText is what is kept of a failure.
func failureText(err error) string {
	if err == nil {
		return ""
	}
	return db.Storable(err.Error(), maxFailure)
}
