package schema

import "causerie/internal/platform/db"

// fillRetention lets the time of what is spam already begin now.
func fillRetention(tx *db.Tx) error {
	q := db.Query{Name: "schema.spam", SQL: `UPDATE messages SET spam_at = $1 WHERE moderation = 'spam'`}
	_, err := db.Exec(tx, q, db.At(tx.Now()))
	return err
}
