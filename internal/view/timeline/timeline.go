package timeline

import (
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// View is the thread of every relation.
type View struct {
	db       *db.DB
	contacts *contact.Service
	mandates *mandate.Service
}

// New returns the view and registers its projections. Call it once per bus, before the first fact.
func New(d *db.DB, b *bus.Bus, contacts *contact.Service, mandates *mandate.Service) *View {
	v := &View{db: d, contacts: contacts, mandates: mandates}
	message := func(tx *db.Tx, id fact.MessageID) error {
		return derive(tx, "message", int64(id), qMessage, scanMessages)
	}
	opened := func(tx *db.Tx, id fact.MandateID) error {
		return derive(tx, "mandate", int64(id), qMandate, scanMandates)
	}
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageReceived) error { return message(tx, f.Message) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageApproved) error { return message(tx, f.Message) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageRejected) error { return message(tx, f.Message) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MessageAnswered) error { return message(tx, f.Answer) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.ContactCreated) error {
		return derive(tx, "contact", int64(f.Contact), qContact, scanContacts)
	})
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.ContactsImported) error {
		rows, err := db.AllIn(tx, qContactsIn, scanContacts, f.Created)
		if err != nil {
			return err
		}
		return put(tx, rows)
	})
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.CallChanged) error {
		return derive(tx, "call", int64(f.Call), qCall, scanCalls)
	})
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.ContactsMerged) error { return refill(tx, f.Contact, f.Gone) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.ContactsParted) error {
		if err := refill(tx, f.Contact, f.Contact); err != nil {
			return err
		}
		return refill(tx, f.Gone, f.Gone)
	})
	bus.Project(b, "timeline", erase)
	hearFollows(b)
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.HandleVerified) error { return refill(tx, f.Contact, f.Contact) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.HandleRemoved) error { return refill(tx, f.Contact, f.Contact) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.HandleChanged) error { return refill(tx, f.Contact, f.Contact) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateOpened) error { return opened(tx, f.Mandate) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateMoved) error { return opened(tx, f.Mandate) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateChanged) error { return opened(tx, f.Mandate) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateDeleted) error { return opened(tx, f.Mandate) })
	bus.Project(b, "timeline", func(tx *db.Tx, _ bus.Event, f fact.MandateRestored) error { return opened(tx, f.Mandate) })
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
	for _, from := range []source{{qMessagesPerson, scanMessages}, {qContactsPerson, scanContacts}, {qCallsPerson, scanCalls}, {qMandatesPerson, scanMandates}} {
		rows, err := db.All(tx, from.q, from.scan, keep)
		if err != nil {
			return err
		}
		if err := put(tx, rows); err != nil {
			return err
		}
	}
	return putFollows(tx, []fact.ContactID{keep})
}

type source struct {
	q    db.Query
	scan func(db.Row) ([]row, error)
}
