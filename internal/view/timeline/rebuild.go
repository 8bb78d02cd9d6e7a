package timeline

import (
	"context"

	"causerie/internal/fact"
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
	return v.rebuildFollows(ctx)
}

func (v *View) rebuildFollows(ctx context.Context) error {
	for after := fact.ContactID(0); ; {
		var people []fact.ContactID
		err := v.db.Write(ctx, func(tx *db.Tx) (err error) {
			if people, err = db.All(tx, qFollowersNext, db.Scalar[fact.ContactID], int64(after), 500); err != nil {
				return err
			}
			return putFollows(tx, people)
		})
		if err != nil || len(people) == 0 {
			return err
		}
		after = people[len(people)-1]
	}
}
