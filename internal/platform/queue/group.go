package queue

import (
	"hash/fnv"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

// maxWalk bounds how many groups one claim looks at: some ten milliseconds of SQLite's writer when none has a job to give.
const maxWalk = 1000

// walk goes from group to group of a kind by jobs_grouped, one look-up each however many jobs wait in a group, and finds
// the first job of each that may run: it is due, and fewer of its group run than may.
const (
	walk = `
		WITH RECURSIVE walk (name, n) AS (
			SELECT (SELECT MIN(group_name) FROM jobs WHERE state = 'due' AND kind = $1 AND group_name > $2), 1
			UNION ALL
			SELECT (SELECT MIN(group_name) FROM jobs WHERE state = 'due' AND kind = $1 AND group_name > walk.name), n + 1
			  FROM walk
			 WHERE name IS NOT NULL AND n < $5)
		SELECT w.name, COALESCE(j.id, 0), COALESCE(j.due_at, 0)
		  FROM walk AS w LEFT JOIN jobs AS j ON j.id = (
				SELECT id FROM jobs
				 WHERE state = 'due' AND kind = $1 AND group_name = w.name AND due_at <= $3
				   AND (SELECT COUNT(*) FROM jobs WHERE state = 'running' AND kind = $1 AND group_name = w.name) < $4
				 ORDER BY due_at, id LIMIT 1)
		 WHERE w.name IS NOT NULL
		 ORDER BY w.n`
	walkReleased = `
		WITH RECURSIVE walk (name, n) AS (
			SELECT (SELECT MIN(group_name) FROM jobs WHERE state = 'due' AND released AND kind = $1 AND group_name > $2), 1
			UNION ALL
			SELECT (SELECT MIN(group_name) FROM jobs WHERE state = 'due' AND released AND kind = $1 AND group_name > walk.name), n + 1
			  FROM walk
			 WHERE name IS NOT NULL AND n < $5)
		SELECT w.name, COALESCE(j.id, 0), COALESCE(j.due_at, 0)
		  FROM walk AS w LEFT JOIN jobs AS j ON j.id = (
				SELECT id FROM jobs
				 WHERE state = 'due' AND released AND kind = $1 AND group_name = w.name AND due_at <= $3
				   AND (SELECT COUNT(*) FROM jobs WHERE state = 'running' AND kind = $1 AND group_name = w.name) < $4
				 ORDER BY due_at, id LIMIT 1)
		 WHERE w.name IS NOT NULL
		 ORDER BY w.n`
)

var (
	qWalk         = db.Q("job.walk", walk)
	qWalkReleased = db.Q("job.walk_released", walkReleased)
	qClaimPicked  = db.Q("job.claim_picked", `
		UPDATE jobs SET state = 'running', lease_until = $1, lease_by = $2, attempts = attempts + 1
		 WHERE state = 'due' AND id IN ({in})
		RETURNING `+runColumns)
	// Two processes that count what runs of a group and then claim would together claim too many: they go one by one.
	qLockGroups = db.Q("postgres.job.lock_groups", `SELECT pg_advisory_xact_lock($1)`)
)

// group is one group and the job of it that may run next, 0 when none may.
type group struct {
	name string
	job  id.ID[JobMark]
	due  int64
}

// walkGroups returns the n groups of k that come after a name, fewer at the end of the names.
func walkGroups(tx *db.Tx, k *kind, released bool, after string, n int) ([]group, error) {
	query := qWalk
	if released {
		query = qWalkReleased
	}
	return db.All(tx, query, func(r db.Row) (g group, err error) {
		err = r.Scan(&g.name, &g.job, &g.due)
		return g, err
	}, k.name, after, db.At(tx.Now()), k.perGroup, n)
}

// firstInGroups returns the job that is next in turn among the groups of k, however many it must pass over: it reads.
func (q *Queue) firstInGroups(tx *db.Tx, k *kind, released bool) (head, bool, error) {
	if k.group == nil {
		return head{}, false, nil
	}
	const step = 50
	position, wrapped := q.position(k), false
	for {
		groups, err := walkGroups(tx, k, released, position, step)
		if err != nil {
			return head{}, false, err
		}
		for _, g := range groups {
			if g.job != 0 {
				return head{due: g.due, id: int64(g.job), groups: k, after: position}, true, nil
			}
			position = g.name
		}
		if len(groups) == step {
			continue
		}
		if wrapped {
			return head{}, false, nil
		}
		position, wrapped = "", true
	}
}

// claimGroups takes up to n due jobs of k, one of each group in turn, beginning with the first group after a name.
func (q *Queue) claimGroups(tx *db.Tx, k *kind, released bool, after string, n int) ([]*run, error) {
	if tx.Engine() == db.Postgres {
		h := fnv.New64a()
		h.Write([]byte("queue/" + k.name))
		if _, err := db.Exec(tx, qLockGroups, int64(h.Sum64())); err != nil {
			return nil, err
		}
	}
	position, exhausted := after, false
	var got []*run
	begun, found := position == "", false // whether this pass began with the first name, and whether it found a job
	for seen := 0; len(got) < n; {
		if seen >= maxWalk {
			exhausted = true
			break
		}
		step := min(n-len(got)+10, 200)
		groups, err := walkGroups(tx, k, released, position, step)
		if err != nil {
			return nil, err
		}
		seen += len(groups)
		var picked []id.ID[JobMark]
		for _, g := range groups {
			position = g.name
			if g.job != 0 {
				picked = append(picked, g.job)
			}
			if len(got)+len(picked) == n {
				break
			}
		}
		claimed, err := db.AllIn(tx, qClaimPicked, scanRun([]*kind{k}), picked, db.At(tx.Now().Add(q.lease)), q.self)
		if err != nil {
			return nil, err
		}
		got = append(got, claimed...)
		found = found || len(claimed) > 0
		if len(groups) == step {
			continue
		}
		if begun && !found {
			break
		}
		if len(got) < n {
			position, begun, found = "", true, false
		}
	}
	tx.OnCommit(func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		k.position = position
		if exhausted { // a reader looks whether there is more, which may pass over all groups and keeps nobody from writing
			k.exhausted = true
			signal(q.wakes[k.lane])
		}
	})
	return got, nil
}

// position returns the group of k that was served last.
func (q *Queue) position(k *kind) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return k.position
}

// exhausted reports whether the last claim of kinds ended before it had looked at every group, and forgets it.
func (q *Queue) exhausted(kinds []*kind) (yes bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, k := range kinds {
		yes, k.exhausted = yes || k.exhausted, false
	}
	return yes
}
