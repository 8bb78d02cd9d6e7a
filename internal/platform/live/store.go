package live

import (
	"time"

	"causerie/internal/platform/db"
)

var (
	qAddSQLite = db.Q("sqlite.topic_change.add", `
		INSERT INTO topic_changes (seq, topic, at)
		SELECT COALESCE(MAX(seq), 0) + 1, $1, $2 FROM topic_changes
		RETURNING seq`)
	qAddPostgres = db.Q("postgres.topic_change.add", `
		INSERT INTO topic_changes (seq, topic, at)
		VALUES (CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT), $1, $2)
		    ON CONFLICT (seq, topic) DO UPDATE SET at = excluded.at
		RETURNING seq`)

	// Both return the number from which the next look must read, on each row, and one row at least.
	qSinceSQLite = db.Q("sqlite.topic_change.since", `
		SELECT h.next, COALESCE(c.seq, 0), COALESCE(c.topic, '')
		  FROM (SELECT COALESCE(MAX(seq), 0) + 1 AS next FROM topic_changes) h
		  LEFT JOIN topic_changes c ON c.seq >= $1`)
	qSincePostgres = db.Q("postgres.topic_change.since", `
		SELECT h.next, COALESCE(c.seq, 0), COALESCE(c.topic, '')
		  FROM (SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS next) h
		  LEFT JOIN topic_changes c ON c.seq >= $1`)

	// The last row stays, so that SQLite never gives its number again.
	qPrune = db.Q("topic_change.prune", `
		DELETE FROM topic_changes WHERE at < $1 AND seq < (SELECT MAX(seq) FROM topic_changes)`)
)

// change is one row: a topic that the transaction seq changed.
type change struct {
	seq   int64
	topic string
}

// add leaves a row for other processes and returns its number.
func add(tx *db.Tx, topic string) (int64, error) {
	q := qAddSQLite
	if tx.Engine() == db.Postgres {
		q = qAddPostgres
	}
	return db.One(tx, q, db.Scalar[int64], topic, db.At(tx.Now()))
}

// since reads the rows from number from on, and the number from which to read next time: no row below it will ever come.
func since(tx *db.Tx, from int64) (found []change, next int64, err error) {
	q := qSinceSQLite
	if tx.Engine() == db.Postgres {
		q = qSincePostgres
	}
	rows, err := db.All(tx, q, func(r db.Row) (c change, err error) {
		err = r.Scan(&next, &c.seq, &c.topic)
		return c, err
	}, from)
	for _, c := range rows {
		if c.topic != "" {
			found = append(found, c)
		}
	}
	return found, next, err
}

// prune removes rows older than before.
func prune(tx *db.Tx, before time.Time) error {
	_, err := db.Exec(tx, qPrune, db.At(before))
	return err
}
