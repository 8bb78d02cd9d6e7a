package queue

import (
	"context"
	"fmt"
	"time"

	"causerie/internal/platform/db"
)

// Slot is the body of a periodic job: the instant for which it was put. A handler that does not care takes a struct{}.
type Slot struct {
	At time.Time `json:"at"`
}

type schedule struct {
	name, kind string
	next       func(after time.Time) time.Time
	at         time.Time // no earlier than this is there anything to do; guarded by Queue.mu
	begun      bool
}

// schedulePrefix begins the key of a periodic job, which is free again when the job is done.
const schedulePrefix = "every/"

var (
	qForgetDead = db.Q("schedule.forget_dead", `DELETE FROM jobs WHERE key = $1 AND state = 'dead'`)
	qNextAt     = db.Q("schedule.next_at", `SELECT next_at FROM job_schedules WHERE name = $1`)
	qSlot       = db.Q("schedule.set", `
		INSERT INTO job_schedules (name, next_at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at`)
)

// Every puts a job of a kind at each instant that next gives: the first after an instant, or the zero time for never.
// The job's key is every/<name>: several processes put it once, and none while the one before waits or runs. It is free when
// the job is done, so that a schedule of every minute leaves no row behind; a job that died makes way for the next. Slots
// that passed while no process ran are made up for by one job. The first slot is the first after the first Run or RunDue that knows of name; when next
// has changed since, the new one holds from the start. Every panics once Run has begun.
func (q *Queue) Every(name string, next func(after time.Time) time.Time, kind string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.started {
		panic(fmt.Sprintf("queue: the schedule %s comes after Run", name))
	}
	for _, s := range q.schedules {
		if s.name == name {
			panic(fmt.Sprintf("queue: two schedules named %s", name))
		}
	}
	q.schedules = append(q.schedules, &schedule{name: name, kind: kind, next: next})
}

// tick puts the periodic jobs whose time has come.
func (q *Queue) tick(ctx context.Context) error {
	now := q.db.Clock().Now()
	q.mu.Lock()
	var ripe []*schedule
	for _, s := range q.schedules {
		if !s.begun || !s.at.IsZero() && !now.Before(s.at) {
			ripe = append(ripe, s)
		}
	}
	q.mu.Unlock()
	for _, s := range ripe {
		if err := q.slot(ctx, s); err != nil {
			return fmt.Errorf("queue: schedule %s: %w", s.name, err)
		}
	}
	return nil
}

// slot puts the job of s if its instant has come, and notes the next instant.
func (q *Queue) slot(ctx context.Context, s *schedule) error {
	q.mu.Lock()
	begun := s.begun
	q.mu.Unlock()
	var next time.Time
	err := q.db.Write(ctx, func(tx *db.Tx) error {
		next = s.next(tx.Now())
		planned, known, err := db.Maybe(tx, qNextAt, func(r db.Row) (t time.Time, err error) {
			err = r.Scan(db.Time(&t))
			return t, err
		}, s.name)
		if err != nil {
			return err
		}
		if known && planned.After(tx.Now()) && begun {
			next = planned // another process was first
			return nil
		}
		if known && !planned.After(tx.Now()) {
			key := schedulePrefix + s.name
			if _, err := db.Exec(tx, qForgetDead, key); err != nil {
				return err
			}
			if _, err := q.Enqueue(tx, s.kind, Slot{planned}, Put{Key: key}); err != nil {
				return err
			}
		}
		if next.IsZero() {
			next = tx.Now().AddDate(100, 0, 0)
		}
		if known && next.Equal(planned) {
			return nil
		}
		_, err = db.Exec(tx, qSlot, s.name, db.At(next))
		return err
	})
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	s.begun, s.at = true, next
	return nil
}
