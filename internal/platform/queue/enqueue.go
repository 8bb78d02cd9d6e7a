package queue

import (
	"encoding/json"
	"fmt"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

// Put says how one job enters the queue. The zero Put is due now and has no key.
type Put struct {
	Key   string    // natural and unique for ever, "" for none
	DueAt time.Time // not before; the zero time is now
	Held  bool      // wait for Release
}

var (
	qInsert = db.Q("job.insert", `
		INSERT INTO jobs (id, kind, lane, body, state, released, due_at, attempts, failure, created_at)
		VALUES {rows}`)
	// The key is looked for in jobs too, although its index is unique: a snapshot taken before the job of this key was
	// done sees it still in jobs, while the index no longer does.
	qInsertKeyed = db.Q("job.insert_keyed", `
		INSERT INTO jobs (id, kind, lane, key, body, state, released, due_at, attempts, failure, created_at)
		SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT),
		       FALSE, CAST($7 AS BIGINT), 0, '', CAST($8 AS BIGINT)
		 WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE key = CAST($4 AS TEXT))
		   AND NOT EXISTS (SELECT 1 FROM jobs_done WHERE key = CAST($4 AS TEXT))
		ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING`)
)

// Enqueue puts a job of a kind, whose body is kept as JSON. When the key of p is taken, by a job that waits, runs, is
// held, dead or done, it changes nothing and added is false. Once tx commits, a fetcher of this process is woken.
func (q *Queue) Enqueue(tx *db.Tx, kind string, body any, p Put) (added bool, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return false, fmt.Errorf("queue: body of %s: %w", kind, err)
	}
	lane, due, state := q.laneOf(kind), p.DueAt, "due"
	if due.IsZero() {
		due = tx.Now()
	}
	if p.Held {
		state = "held"
	}
	key := id.New[Mark](tx.Now())
	if p.Key == "" {
		err = db.Insert(tx, qInsert, 10, []any{key, kind, lane, string(text), state, false, db.At(due), 0, "", db.At(tx.Now())})
		added = err == nil
	} else {
		var n int64
		n, err = db.Exec(tx, qInsertKeyed, key, kind, lane, p.Key, string(text), state, db.At(due), db.At(tx.Now()))
		added = n == 1
	}
	if err != nil {
		return false, fmt.Errorf("queue: %w", err)
	}
	if added && !p.Held && !due.After(tx.Now()) {
		tx.OnCommit(func() { q.wake(lane) })
	}
	return added, nil
}

// EnqueueMany puts one job of a kind for each body, due now and without keys, in few statements.
func (q *Queue) EnqueueMany(tx *db.Tx, kind string, bodies []any) error {
	if len(bodies) == 0 {
		return nil
	}
	lane := q.laneOf(kind)
	now := db.At(tx.Now())
	values := make([]any, 0, 10*len(bodies))
	for _, body := range bodies {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("queue: body of %s: %w", kind, err)
		}
		values = append(values, id.New[Mark](tx.Now()), kind, lane, string(text), "due", false, now, 0, "", now)
	}
	if err := db.Insert(tx, qInsert, 10, values); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	tx.OnCommit(func() { q.wake(lane) })
	return nil
}
