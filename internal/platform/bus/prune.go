package bus

import (
	"context"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

var (
	qNextKind = db.Q("facts.next_kind", `SELECT kind FROM facts WHERE kind > $1 ORDER BY kind LIMIT 1`)
	qPrune    = db.Q("facts.prune", `
		DELETE FROM facts WHERE id IN (SELECT id FROM facts WHERE kind = $1 AND id < $2 ORDER BY id LIMIT 500)`)
)

// Prune deletes the facts that are older than keep allows their kind, 500 in a transaction so that nobody waits for it, and
// returns how many. It finds the kinds and the rows by an index, however many facts are kept.
func Prune(ctx context.Context, d *db.DB, keep func(kind string) time.Duration) (n int64, err error) {
	for kind, found := "", true; ; {
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			kind, found, err = db.Maybe(tx, qNextKind, db.Scalar[string], kind)
			return err
		})
		if err != nil || !found {
			return n, err
		}
		for gone := int64(500); gone == 500; n += gone {
			err := d.Write(ctx, func(tx *db.Tx) (err error) {
				gone, err = db.Exec(tx, qPrune, kind, id.First[Event](tx.Now().Add(-keep(kind))))
				return err
			})
			if err != nil {
				return n, err
			}
		}
	}
}
