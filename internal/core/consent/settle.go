package consent

import (
	"context"
	"slices"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

var (
	qUnsettle = db.Q("consent_standing.forget", `DELETE FROM consent_standings WHERE contact_id IN ({in})`)
	qSettle   = db.Q("consent_standing.put", `
		INSERT INTO consent_standings (contact_id, purpose, until, why, basis) VALUES {rows}`)
	qPeople = db.Q("consent.people", `
		SELECT id FROM contacts WHERE id > $1 AND merged_into IS NULL AND erased_at IS NULL ORDER BY id LIMIT CAST($2 AS BIGINT)`)
	qSettled = db.Q("consent_standing.some", `SELECT DISTINCT contact_id FROM consent_standings ORDER BY contact_id LIMIT 500`)
)

// The table consent_standings keeps what Weigh says of everybody's mail, for lists and counts of many. Nothing is sent by it: the gate
// weighs the rows. It is written in the commit of the rows, and of what their clocks run from. Days pass by themselves: what may until a day
// is read as lapsed behind it.

// NoAddress is why somebody gets no mail to whom one might write.
const NoAddress = "no_address"

// noEnd is the last day of what has none.
const noEnd = "9999-12-31"

// Project registers what moves the clocks: words of people, what is known of them, merges, erasures. Call it once, when those that RegisterActs
// asks have registered their own projections.
func (s *Service) Project() {
	b := s.o.Bus
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.MessageReceived) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.MessageApproved) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.MessageRejected) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactChanged) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactsImported) error { return s.settleIn(tx, f.Completed...) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactsMerged) error { return s.settleIn(tx, f.Contact, f.Gone) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactsParted) error { return s.settleIn(tx, f.Contact, f.Gone) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.HandleRemoved) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.HandleChanged) error { return s.settleIn(tx, f.Contact) })
}

// settleIn writes again where people stand. Aliases have no standing of their own.
func (s *Service) settleIn(tx *db.Tx, people ...fact.ContactID) error {
	people = slices.DeleteFunc(people, fact.ContactID.IsZero)
	if len(people) == 0 {
		return nil
	}
	if _, err := db.ExecIn(tx, qUnsettle, people); err != nil {
		return err
	}
	rows, err := s.rowsIn(tx, people)
	if err != nil || len(rows) == 0 {
		return err
	}
	about := make([]fact.ContactID, 0, len(rows))
	for id := range rows {
		about = append(about, id)
	}
	b, err := s.benchOf(tx, about, rows)
	if err != nil {
		return err
	}
	var values []any
	for _, id := range about {
		p, known := b.who[id] // not who was erased
		if !known {
			continue
		}
		for _, purpose := range Purposes() {
			v := b.weigh(id, contact.Email, purpose, 0)
			if v.Why == None {
				continue
			}
			until := ""
			switch {
			case v.May && !p.reachable:
				v.Why = NoAddress
			case v.May && v.Until.IsZero():
				until = noEnd
			case v.May:
				if until = v.Until.String(); v.Tells {
					v.Why = Frozen // once that day is over
				}
			}
			values = append(values, id, purpose, until, v.Why, v.By.Basis)
		}
	}
	return db.Insert(tx, qSettle, 5, values)
}

// Rebuild writes again where everybody stands, in batches.
func (s *Service) Rebuild(ctx context.Context) error {
	for n := 1; n > 0; {
		err := s.o.DB.Write(ctx, func(tx *db.Tx) error {
			some, err := db.All(tx, qSettled, db.Scalar[fact.ContactID])
			if n = len(some); err != nil || n == 0 {
				return err
			}
			_, err = db.ExecIn(tx, qUnsettle, some)
			return err
		})
		if err != nil {
			return err
		}
	}
	for after := fact.ContactID(0); ; {
		var some []fact.ContactID
		err := s.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if some, err = db.All(tx, qPeople, db.Scalar[fact.ContactID], int64(after), 250); err != nil {
				return err
			}
			return s.settleIn(tx, some...)
		})
		if err != nil || len(some) == 0 {
			return err
		}
		after = some[len(some)-1]
	}
}
