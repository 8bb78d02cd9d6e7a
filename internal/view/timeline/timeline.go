package timeline

import (
	"context"
	"math"
	"strconv"
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Item is one thing that happened.
type Item = contact.Moment

// View is the thread of every relation.
type View struct {
	db       *db.DB
	contacts *contact.Service
}

// New returns the view and registers its projections. Call it once per bus, before the first fact.
func New(d *db.DB, b *bus.Bus, contacts *contact.Service) *View {
	v := &View{db: d, contacts: contacts}
	message := func(tx *db.Tx, id fact.MessageID) error {
		return derive(tx, "message", int64(id), qMessage, scanMessages)
	}
	mandate := func(tx *db.Tx, id fact.MandateID) error {
		return derive(tx, "mandate", int64(id), qMandate, scanMandates)
	}
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageReceived) error { return message(tx, f.Message) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageApproved) error { return message(tx, f.Message) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageRejected) error { return message(tx, f.Message) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageAnswered) error { return message(tx, f.Answer) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.ContactCreated) error {
		return derive(tx, "contact", int64(f.Contact), qContact, scanContacts)
	})
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.ContactsMerged) error { return refill(tx, f.Contact, f.Gone) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.HandleVerified) error { return refill(tx, f.Contact, f.Contact) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateOpened) error { return mandate(tx, f.Mandate) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateMoved) error { return mandate(tx, f.Mandate) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateChanged) error { return mandate(tx, f.Mandate) })
	return v
}

// derive writes again what one source row gives.
func derive(tx *db.Tx, refKind string, ref int64, q db.Query, scan func(db.Row) ([]row, error)) error {
	if _, err := db.Exec(tx, qForget, ref, refKind); err != nil {
		return err
	}
	rows, err := db.All(tx, q, scan, ref)
	if err != nil {
		return err
	}
	return put(tx, rows)
}

// refill writes again the whole thread of keep; gone, its alias, has none any more.
func refill(tx *db.Tx, keep, gone fact.ContactID) error {
	if _, err := db.Exec(tx, qEmpty, keep, gone); err != nil {
		return err
	}
	for _, from := range []source{{qMessagesPerson, scanMessages}, {qContactsPerson, scanContacts}, {qMandatesPerson, scanMandates}} {
		rows, err := db.All(tx, from.q, from.scan, keep)
		if err != nil {
			return err
		}
		if err := put(tx, rows); err != nil {
			return err
		}
	}
	return nil
}

type source struct {
	q    db.Query
	scan func(db.Row) ([]row, error)
}

// List returns what happened with a contact before a cursor ("" is now), the last first, at most limit (1 to 100).
func (v *View) List(tx *db.Tx, id fact.ContactID, limit int, before string) (items []Item, next string, err error) {
	limit = min(max(limit, 1), 100)
	at, kind, ref := int64(math.MaxInt64), "", int64(0)
	if before != "" {
		parts := strings.Split(before, ".")
		if len(parts) != 3 {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
		var err1, err2 error
		at, err1 = strconv.ParseInt(parts[0], 10, 64)
		ref, err2 = strconv.ParseInt(parts[2], 10, 64)
		if kind = parts[1]; err1 != nil || err2 != nil {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
	}
	items, err = db.All(tx, qList, scanMoment, id, at, kind, ref, limit+1)
	if err != nil || len(items) <= limit {
		return items, "", err
	}
	last := items[limit-1]
	return items[:limit], strconv.FormatInt(last.At.UnixMilli(), 10) + "." + last.Kind + "." + strconv.FormatInt(last.Ref, 10), nil
}

// Of is List for somebody who signed in, with the contact's alias followed; contact.not_found when there is none.
func (v *View) Of(ctx context.Context, by actor.Actor, id fact.ContactID, limit int, before string) (items []Item, next string, err error) {
	c, err := v.contacts.Get(ctx, by, id)
	if err != nil {
		return nil, "", err
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		items, next, err = v.List(tx, c.ID, limit, before)
		return err
	})
	return items, next, err
}

// Story returns a page of 30 moments, and on the first page what the relation came to and what the person told of the
// way that led here.
func (v *View) Story(ctx context.Context, by actor.Actor, id fact.ContactID, before string) (s contact.Story, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return s, err
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		if s.Moments, s.Next, err = v.List(tx, id, 30, before); err != nil {
			return err
		}
		if s.Affairs, err = db.All(tx, qAffairs, scanAffair, id); err != nil {
			return err
		}
		s.Told, err = db.All(tx, qTold, scanTold, id)
		return err
	})
	return s, err
}

// Rebuild empties the table and derives all of it again, in batches of 500. What happens meanwhile is projected as ever.
func (v *View) Rebuild(ctx context.Context) error {
	err := v.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(tx, qClear)
		return err
	})
	if err != nil {
		return err
	}
	for _, from := range []source{{qMessagesAfter, scanMessages}, {qContactsAfter, scanContacts}, {qMandatesAfter, scanMandates}} {
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
