package schema

import "causerie/internal/platform/db"

// fillUnused lets the time of a file that nothing shows begin now: nobody was told before that it would be removed.
func fillUnused(tx *db.Tx) error {
	q := db.Query{Name: "schema.unused", SQL: `
		UPDATE media SET unused_since = $1 WHERE NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = media.id)`}
	_, err := db.Exec(tx, q, db.At(tx.Now()))
	return err
}
