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
	Key   string    // natural; while it is taken no other job can have it. "" for none
	DueAt time.Time // not before; the zero time is now
	Held  bool      // wait for Release
}

// MaxKeyed is how many jobs EnqueueKeyed takes at once: SQLite's one writer is held for some ten milliseconds by them.
const MaxKeyed = 500

var (
	qInsert = db.Q("job.insert", `
		INSERT INTO jobs (id, kind, lane, group_name, key, body, state, released, due_at, attempts, failure, created_at)
		VALUES {rows} ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING`)  // makes PostgreSQL try again when a rival commits the key first
	qTaken = db.Q("job.taken", `SELECT key FROM jobs WHERE key IN ({in}) UNION ALL SELECT key FROM jobs_done WHERE key IN ({in})`)
	// The key is looked for in jobs too, although its index is unique: a snapshot taken before the job of this key was
	// done sees it still in jobs, while the index no longer does.
	qInsertKeyed = db.Q("job.insert_keyed", `
		INSERT INTO jobs (id, kind, lane, key, body, state, released, due_at, attempts, failure, created_at, group_name)
		SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT),
		       FALSE, CAST($7 AS BIGINT), 0, '', CAST($8 AS BIGINT), CAST($9 AS TEXT)
		 WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE key = CAST($4 AS TEXT))
		   AND NOT EXISTS (SELECT 1 FROM jobs_done WHERE key = CAST($4 AS TEXT))
		ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING`)
)

// Enqueue puts a job of a kind, whose body is kept as JSON. When the key of p is taken, by a job that waits, runs, is
// held, dead or done, it changes nothing and added is false. Once tx commits, a fetcher of this process is woken.
func (q *Queue) Enqueue(tx *db.Tx, kind string, body any, p Put) (added bool, err error) {
	if p.Key == "" {
		return true, q.insert(tx, kind, []Keyed{{p, body}})
	}
	text, err := json.Marshal(body)
	if err != nil {
		return false, fmt.Errorf("queue: body of %s: %w", kind, err)
	}
	lane, groupOf := q.placeOf(kind)
	due, state := p.DueAt, "due"
	if due.IsZero() {
		due = tx.Now()
	}
	if p.Held {
		state = "held"
	}
	n, err := db.Exec(tx, qInsertKeyed, id.New[JobMark](tx.Now()), kind, lane, p.Key, string(text), state, db.At(due), db.At(tx.Now()), groupName(groupOf, text))
	if err != nil {
		return false, fmt.Errorf("queue: %w", err)
	}
	added = n == 1
	if added && !p.Held && !due.After(tx.Now()) {
		tx.OnCommit(func() { q.wake(lane) })
	}
	return added, nil
}

// EnqueueMany puts one job of a kind for each body, due now and without keys, in few statements.
func (q *Queue) EnqueueMany(tx *db.Tx, kind string, bodies []any) error {
	batch := make([]Keyed, len(bodies))
	for i, body := range bodies {
		batch[i].Body = body
	}
	return q.insert(tx, kind, batch)
}

// Keyed is one job of EnqueueKeyed.
type Keyed struct {
	Put
	Body any
}

// EnqueueKeyed is Enqueue for up to MaxKeyed jobs of one kind, in a few statements whatever their number. added says of
// each job of the batch, in its order, whether it was put: one whose key is taken was not, and of two that share a key
// only the first was. Whoever puts thousands calls it in one db.Write after another, so that others write in between.
func (q *Queue) EnqueueKeyed(tx *db.Tx, kind string, batch []Keyed) (added []bool, err error) {
	if len(batch) > MaxKeyed {
		return nil, fmt.Errorf("queue: %d jobs of %s in one batch, at most %d are allowed", len(batch), kind, MaxKeyed)
	}
	keys := make([]string, 0, len(batch))
	for _, k := range batch {
		if k.Key != "" {
			keys = append(keys, k.Key)
		}
	}
	taken := make(map[string]bool, len(batch))
	found, err := db.AllIn(tx, qTaken, db.Scalar[string], keys)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	for _, key := range found {
		taken[key] = true
	}
	added = make([]bool, len(batch))
	fresh := make([]Keyed, 0, len(batch))
	for i, k := range batch {
		if k.Key != "" && taken[k.Key] {
			continue
		}
		if k.Key != "" {
			taken[k.Key] = true
		}
		added[i] = true
		fresh = append(fresh, k)
	}
	return added, q.insert(tx, kind, fresh)
}

// insert writes the rows of batch, whose keys are free in the snapshot of tx.
func (q *Queue) insert(tx *db.Tx, kind string, batch []Keyed) error {
	lane, groupOf := q.placeOf(kind)
	wake := false
	values := make([]any, 0, 12*len(batch))
	for _, k := range batch {
		text, err := json.Marshal(k.Body)
		if err != nil {
			return fmt.Errorf("queue: body of %s: %w", kind, err)
		}
		var key any
		if k.Key != "" {
			key = k.Key
		}
		due, state := k.DueAt, "due"
		if due.IsZero() {
			due = tx.Now()
		}
		if k.Held {
			state = "held"
		}
		wake = wake || !k.Held && !due.After(tx.Now())
		values = append(values, id.New[JobMark](tx.Now()), kind, lane, groupName(groupOf, text), key, string(text), state, false, db.At(due), 0, "", db.At(tx.Now()))
	}
	if err := db.Insert(tx, qInsert, 12, values); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if wake {
		tx.OnCommit(func() { q.wake(lane) })
	}
	return nil
}

// groupName is the group of a job as its column holds it, NULL for none.
func groupName(of func(body []byte) string, body []byte) any {
	if of == nil {
		return nil
	}
	if name := of(body); name != "" {
		return name
	}
	return nil
}
