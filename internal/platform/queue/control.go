package queue

import (
	"fmt"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/id"
)

var (
	qHold = db.Q("lane.hold", `INSERT INTO job_lanes_held (lane, at) VALUES ($1, $2) ON CONFLICT (lane) DO NOTHING`)
	qTurn = db.Q("lane.turn", `
		INSERT INTO job_gates (lane, turns) VALUES ($1, 1) ON CONFLICT (lane) DO UPDATE SET turns = job_gates.turns + 1`)
	qPass    = db.Q("postgres.lane.pass", `SELECT turns FROM job_gates WHERE lane = $1 FOR SHARE`)
	qUnhold  = db.Q("lane.release", `DELETE FROM job_lanes_held WHERE lane = $1`)
	qIsHeld  = db.Q("lane.held", `SELECT lane FROM job_lanes_held WHERE lane = $1`)
	qRelease = db.Q("job.release", `UPDATE jobs SET state = 'due', released = TRUE WHERE id = $1 AND state IN ('held', 'due') RETURNING lane`)
	qRetry   = db.Q("job.retry", `UPDATE jobs SET state = 'due', due_at = $2, attempts = 0 WHERE id = $1 AND state = 'dead' RETURNING lane`)
	qCancel  = db.Q("job.cancel", `DELETE FROM jobs WHERE id = $1 AND state <> 'running' RETURNING lane`)
	qStateOf = db.Q("job.state", `SELECT state FROM jobs WHERE id = $1`)
	qByKey   = db.Q("job.by_key", `SELECT id, state, attempts, failure, due_at FROM jobs WHERE key = $1`)
	qDoneKey = db.Q("job.done_by_key", `SELECT id, 'done', attempts, '', done_at FROM jobs_done WHERE key = $1`)
)

// HoldLane stops a lane once tx commits: none of its jobs is begun until ReleaseLane, save those that Release lets go.
// With Everything it stops every Outward kind. What already runs goes on. Holding twice is holding.
func (q *Queue) HoldLane(tx *db.Tx, lane string) error {
	if err := turn(tx, lane); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qHold, lane, db.At(tx.Now())); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	tx.OnCommit(func() { q.holds.Add(1) })
	return nil
}

// ReleaseLane lets a held lane, or Everything, go on once tx commits.
func (q *Queue) ReleaseLane(tx *db.Tx, lane string) error {
	if err := turn(tx, lane); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qUnhold, lane); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	tx.OnCommit(func() { q.wake(lane) })
	return nil
}

// LaneHeld reports whether a lane, or Everything, is held by its own name.
func (q *Queue) LaneHeld(tx *db.Tx, lane string) (bool, error) {
	_, held, err := db.Maybe(tx, qIsHeld, db.Scalar[string], lane)
	if err != nil {
		return false, fmt.Errorf("queue: %w", err)
	}
	return held, nil
}

// turn has every PassingHeld that has not committed wait for tx, or begin again.
func turn(tx *db.Tx, lane string) error {
	if _, err := db.Exec(tx, qTurn, lane); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

// PassingHeld is LaneHeld for what leaves by the commit of tx itself, without a job: nobody holds or releases the lane between the
// question and the commit, so that nothing leaves once HoldLane has committed. Any number pass at once. Of the lanes only
// Everything is sure to have a gate.
func (q *Queue) PassingHeld(tx *db.Tx, lane string) (bool, error) {
	if tx.Engine() == db.Postgres { // SQLite has one writer
		if _, _, err := db.Maybe(tx, qPass, db.Scalar[int64], lane); err != nil {
			return false, fmt.Errorf("queue: %w", err)
		}
	}
	return q.LaneHeld(tx, lane)
}

// Release lets one job go at its time: a held one becomes due, and one that waits in a held lane leaves alone. It is
// fault.NotFound("job") when there is no such job, or it is done, and the conflict "job.running" or "job.dead" when it
// cannot be released.
func (q *Queue) Release(tx *db.Tx, job id.ID[JobMark]) error { return q.change(tx, qRelease, job, job) }

// Retry makes a dead job due now, with all its attempts before it. It is fault.NotFound("job") or the conflict
// "job.<its state>" when the job is not dead.
func (q *Queue) Retry(tx *db.Tx, job id.ID[JobMark]) error {
	return q.change(tx, qRetry, job, job, db.At(tx.Now()))
}

// Cancel removes a job that does not run, and frees its key. It is fault.NotFound("job") when there is none, or it is
// done, and the conflict "job.running" when it has been claimed: what runs must look for itself whether it is still wanted.
func (q *Queue) Cancel(tx *db.Tx, job id.ID[JobMark]) error { return q.change(tx, qCancel, job, job) }

func (q *Queue) change(tx *db.Tx, query db.Query, job id.ID[JobMark], args ...any) error {
	lanes, err := db.All(tx, query, db.Scalar[string], args...)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if len(lanes) > 0 {
		tx.OnCommit(func() { q.wake(lanes[0]) })
		return nil
	}
	state, err := db.One(tx, qStateOf, db.Scalar[string], job)
	if fault.Is(err, fault.KindNotFound) {
		return fault.NotFound("job")
	}
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return fault.Conflict("job." + state)
}

// State is what is known of a job by its key.
type State struct {
	ID       id.ID[JobMark]
	State    string // held, due, running, dead or done
	Attempts int
	Failure  string    // of the last attempt, "" when it did not fail or is done
	At       time.Time // when it is due, died, or was done
}

// ByKey returns the state of the job that has a key, false when none has it.
func (q *Queue) ByKey(tx *db.Tx, key string) (State, bool, error) {
	scan := func(r db.Row) (s State, err error) {
		err = r.Scan(&s.ID, &s.State, &s.Attempts, &s.Failure, db.Time(&s.At))
		return s, err
	}
	for _, query := range []db.Query{qByKey, qDoneKey} {
		s, found, err := db.Maybe(tx, query, scan, key)
		if err != nil {
			return State{}, false, fmt.Errorf("queue: %w", err)
		}
		if found {
			return s, true, nil
		}
	}
	return State{}, false, nil
}
