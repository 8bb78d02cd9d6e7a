package consent

import (
	"context"
	"maps"
	"slices"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

var (
	qUnsettle = db.Q("consent_standing.forget", `DELETE FROM consent_standings WHERE contact_id IN ({in})`)
	qSettle   = db.Q("consent_standing.put", `
		INSERT INTO consent_standings (contact_id, letter, nudge, question) VALUES {rows} ON CONFLICT DO NOTHING`)
	qLive   = db.Q("consent.live", `SELECT id FROM contacts WHERE id IN ({in}) AND merged_into IS NULL AND erased_at IS NULL`)
	qPeople = db.Q("consent.people", `
		SELECT id FROM contacts WHERE id > $1 AND merged_into IS NULL AND erased_at IS NULL ORDER BY id LIMIT CAST($2 AS BIGINT)`)
	qSettled = db.Q("consent_standing.some", `SELECT contact_id FROM consent_standings ORDER BY contact_id LIMIT 500`)
)

// The table consent_standings keeps what Weigh says of everybody's mail (Stand), for lists and counts of many: a row for each person that is
// there, none for aliases and for who was erased. Nothing is sent by it: the gate weighs the rows. It is written in the commit of the rows, and
// of what their clocks run from. Days pass by themselves: what may until a day is read as lapsed behind it.

// Refusing says which of some addresses take no mail any more.
type Refusing func(tx *db.Tx, emails ...string) (map[string]bool, error)

// RegisterRefusing says whom to ask about addresses. Call it while the program is wired.
func (s *Service) RegisterRefusing(ask Refusing) { s.refusing = ask }

// Project registers what moves the clocks: words of people, what is known of them, merges, erasures. Call it once, when those that RegisterActs
// asks have registered their own projections.
func (s *Service) Project() {
	b := s.o.Bus
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactCreated) error { return appear(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.MessageReceived) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.MessageApproved) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.MessageRejected) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactChanged) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactsImported) error {
		if err := appear(tx, f.Created...); err != nil {
			return err
		}
		return s.settleIn(tx, f.Completed...)
	})
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactsMerged) error { return s.settleIn(tx, f.Contact, f.Gone) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.ContactsParted) error { return s.settleIn(tx, f.Contact, f.Gone) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.HandleVerified) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.HandleRemoved) error { return s.settleIn(tx, f.Contact) })
	bus.Project(b, "consent", func(tx *db.Tx, _ bus.Event, f fact.HandleChanged) error { return s.settleIn(tx, f.Contact) })
}

// appear gives people a row of whom the ledger says nothing yet.
func appear(tx *db.Tx, people ...fact.ContactID) error {
	values := make([]any, 0, 4*len(people))
	for _, id := range people {
		values = append(values, id, 0, 0, 0)
	}
	return db.Insert(tx, qSettle, 4, values)
}

// AddressesChangedIn writes again where those stand who have some addresses, which take mail again or no more.
func (s *Service) AddressesChangedIn(tx *db.Tx, emails ...string) error {
	handles := make([]contact.Handle, len(emails))
	for i, e := range emails {
		handles[i] = contact.Handle{Channel: contact.Email, Key: text.FoldEmail(e)}
	}
	holders, err := s.o.Contacts.HoldersIn(tx, handles)
	if err != nil {
		return err
	}
	return s.settleIn(tx, slices.Collect(maps.Values(holders[contact.Email]))...)
}

// settleIn writes again where people stand.
func (s *Service) settleIn(tx *db.Tx, people ...fact.ContactID) error {
	people = slices.DeleteFunc(slices.Clone(people), fact.ContactID.IsZero)
	if len(people) == 0 {
		return nil
	}
	rows, err := s.rowsIn(tx, people)
	if err != nil {
		return err
	}
	about := slices.Collect(maps.Keys(rows)) // who they are today
	people = append(people, about...)
	slices.Sort(people)
	people = slices.Compact(people)
	if _, err := db.ExecIn(tx, qUnsettle, people); err != nil {
		return err
	}
	live, err := db.AllIn(tx, qLive, db.Scalar[fact.ContactID], people)
	if err != nil {
		return err
	}
	var b bench
	if len(about) > 0 {
		if b, err = s.benchOf(tx, about, rows); err != nil {
			return err
		}
	}
	refused, err := s.refusedIn(tx, b)
	if err != nil {
		return err
	}
	values := make([]any, 0, 4*len(live))
	for _, id := range live {
		values = append(values, id)
		for _, purpose := range Purposes() { // in the order of the columns
			values = append(values, int64(b.stand(id, purpose, refused)))
		}
	}
	return db.Insert(tx, qSettle, 4, values)
}

// refusedIn returns which addresses of those who are weighed take no mail any more.
func (s *Service) refusedIn(tx *db.Tx, b bench) (map[string]bool, error) {
	if s.refusing == nil || len(b.who) == 0 {
		return nil, nil
	}
	emails := make([]string, 0, len(b.who))
	for _, p := range b.who {
		if p.email != "" {
			emails = append(emails, p.email)
		}
	}
	return s.refusing(tx, emails...)
}

// stand weighs one purpose of somebody, with what a mail takes besides.
func (b bench) stand(id fact.ContactID, purpose string, refused map[string]bool) Stand {
	p, known := b.who[id]
	if !known {
		return 0
	}
	v := b.weigh(id, contact.Email, purpose, 0)
	never := func(why string) Stand { return standOf(clock.Day{}, why, v.By.Basis) }
	switch {
	case v.Why == None:
		return 0
	case !v.May:
		return never(v.Why)
	case p.email == "":
		return never(NoAddress)
	case refused[p.email]:
		return never(Suppressed)
	case v.Until.IsZero():
		return standOf(noEnd, "", v.By.Basis)
	case v.Tells:
		return standOf(v.Until, Frozen, v.By.Basis) // once that day is over
	}
	return standOf(v.Until, "", v.By.Basis)
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
