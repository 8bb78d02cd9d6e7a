package timeline

import (
	"context"

	"causerie/internal/platform/db"
)

// Rebuild empties the table and derives all of it again, in batches of 500. What happens meanwhile is projected as ever.
func (v *View) Rebuild(ctx context.Context) error {
	err := v.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qClear)
		return err
	})
	if err != nil {
		return err
	}
	for _, from := range []source{{qMessagesAfter, scanMessages}, {qContactsAfter, scanContacts}, {qCallsAfter, scanCalls}, {qMandatesAfter, scanMandates}} {
		after := int64(0)
		for {
			var batch [][]row
			err := v.db.Write(ctx, func(tx *db.Tx) (err error) {
				if batch, err = db.All(tx, from.q, from.scan, after, 500); err != nil {
					return err
				}
				return put(tx, batch)
			})
			if err != nil {
				return err
			}
			if len(batch) == 0 {
				break
			}
			after = batch[len(batch)-1][0].ref
		}
	}
	return nil
}
