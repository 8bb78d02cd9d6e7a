package timeline

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// Held is how much there is about somebody, of the voices of who asks.
type Held struct{ Messages, Mandates, Calls, Consents, Subscribers int }

var qHolds = db.ScopedQ("timeline.holds", `
	SELECT (SELECT COUNT(*) FROM messages m WHERE m.contact_id IN `+person+` AND m.moderation NOT IN ('spam', 'removed') AND {scope:m.voice_id}),
	       (SELECT COUNT(*) FROM mandates d WHERE d.contact_id IN `+person+` AND d.deleted_at IS NULL AND {scope:d.voice_id}),
	       (SELECT COUNT(*) FROM calls c WHERE c.contact_id IN `+person+`),
	       (SELECT COUNT(*) FROM consents a WHERE a.contact_id IN `+person+`),
	       (SELECT COUNT(*) FROM subscribers s WHERE s.contact_id IN `+person+`)`)

// Holds counts what there is about somebody, of the voices in which by may write.
func (v *View) Holds(ctx context.Context, by actor.Actor, id fact.ContactID) (h Held, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return h, err
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		all, err := db.AllScoped(tx, qHolds, by.Scope(actor.Author), func(r db.Row) (h Held, err error) {
			return h, r.Scan(&h.Messages, &h.Mandates, &h.Calls, &h.Consents, &h.Subscribers)
		}, id)
		if len(all) > 0 {
			h = all[0]
		}
		return err
	})
	return h, err
}
