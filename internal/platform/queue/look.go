package queue

import (
	"context"
	"fmt"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

// MaxCount is where Counts stops counting.
const MaxCount = 10_000

var (
	qCounts = db.Q("job.counts", `
		SELECT 'due', (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE state = 'due' LIMIT 10000) AS a)
		UNION ALL SELECT 'running', (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE state = 'running' LIMIT 10000) AS b)
		UNION ALL SELECT 'held', (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE state = 'held' LIMIT 10000) AS c)
		UNION ALL SELECT 'dead', (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE state = 'dead' LIMIT 10000) AS d)
		UNION ALL SELECT 'overdue', (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE state = 'due' AND due_at <= $1 LIMIT 10000) AS e)`)
	qStopped = db.Q("job.stopped", `
		SELECT id, kind, COALESCE(key, ''), state, attempts, failure, CASE WHEN state = 'dead' THEN due_at ELSE created_at END
		  FROM jobs WHERE state IN ('held', 'dead') ORDER BY id DESC LIMIT CAST($1 AS BIGINT)`)
	qPrune = db.Q("job.prune", `
		DELETE FROM jobs_done WHERE id IN (SELECT id FROM jobs_done WHERE keep_until <= $1 ORDER BY keep_until LIMIT 500)`)
)

// Counts returns how many jobs are "due" (now or later), of these "overdue" (now), "running", "held" and "dead", each counted to
// MaxCount.
func (q *Queue) Counts(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	err := q.db.Read(ctx, func(tx *db.Tx) error {
		_, err := db.All(tx, qCounts, func(r db.Row) (struct{}, error) {
			var state string
			var n int
			err := r.Scan(&state, &n)
			counts[state] = n
			return struct{}{}, err
		}, db.At(tx.Now()))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return counts, nil
}

// Stopped is a job that waits for a person.
type Stopped struct {
	ID        id.ID[JobMark]
	Kind, Key string
	State     string // "held" or "dead"
	Attempts  int
	Failure   string    // of the last attempt, at most 2,000 bytes, in the words of the machine
	At        time.Time // when it died, or when it was put
}

// Stopped returns at most limit jobs that are held or dead, the latest put first.
func (q *Queue) Stopped(tx *db.Tx, limit int) ([]Stopped, error) {
	all, err := db.All(tx, qStopped, func(r db.Row) (s Stopped, err error) {
		err = r.Scan(&s.ID, &s.Kind, &s.Key, &s.State, &s.Attempts, &s.Failure, db.Time(&s.At))
		return s, err
	}, limit)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return all, nil
}

// Prune frees the keys of done jobs that have been kept as long as their kind asked, 500 in a transaction so that nobody
// waits for it, and returns how many.
func (q *Queue) Prune(ctx context.Context) (n int64, err error) {
	for {
		var gone int64
		err := q.db.Claim(ctx, func(tx *db.Tx) (err error) {
			gone, err = db.Exec(tx, qPrune, db.At(tx.Now()))
			return err
		})
		if err != nil {
			return n, fmt.Errorf("queue: %w", err)
		}
		n += gone
		if gone < 500 {
			return n, nil
		}
	}
}
