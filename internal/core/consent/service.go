package consent

import (
	"context"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
)

// Acts returns when people last did something of their own: wrote, asked. Those who never did are not in it.
type Acts func(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID]time.Time, error)

// Options are what a Service needs, all of them.
type Options struct {
	DB       *db.DB
	Bus      *bus.Bus
	House    *house.Service
	Contacts *contact.Service
	Box      *seal.Box
}

// Service reads the ledger and adds to it.
type Service struct {
	o        Options
	acts     []Acts
	refusing Refusing
}

// New returns the service and registers its projection, and that a contact with a row is kept.
func New(o Options) *Service {
	s := &Service{o: o}
	bus.Project(o.Bus, "consent", s.erased)
	o.Contacts.RegisterTie(func(tx *db.Tx, id fact.ContactID) (bool, error) {
		_, found, err := db.Maybe(tx, qAny, db.Scalar[fact.ConsentID], id)
		return found, err
	})
	return s
}

// RegisterActs makes a capability be asked for the last acts of people. Call it while the program is wired.
func (s *Service) RegisterActs(a Acts) { s.acts = append(s.acts, a) }

// Record adds a row. Authors of any voice may, as they may change the contact. Problems are at the fields of Evidence, in snake case.
func (s *Service) Record(ctx context.Context, by actor.Actor, id fact.ContactID, e Evidence) (c Consent, err error) {
	err = s.o.DB.Write(ctx, func(tx *db.Tx) error {
		c, err = s.RecordIn(tx, by, id, e)
		return err
	})
	return c, err
}

// RecordEach is Record of several rows about the same agreement, all or none: of one purpose each.
func (s *Service) RecordEach(ctx context.Context, by actor.Actor, id fact.ContactID, all []Evidence) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		for _, e := range all {
			if _, err := s.RecordIn(tx, by, id, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// RecordIn is Record inside a transaction. Nothing is written to the ledger by others until it ends.
func (s *Service) RecordIn(tx *db.Tx, by actor.Actor, id fact.ContactID, e Evidence) (Consent, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Consent{}, err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return Consent{}, err
	}
	if e, err = e.Checked(h.Country, tx.Now()); err != nil {
		return Consent{}, err
	}
	person, err := s.o.Contacts.GetIn(tx, id)
	if err != nil {
		return Consent{}, err
	}
	added, err := add(tx, Consent{Contact: person.ID, Evidence: e, Account: fact.AccountID(by.Account), address: s.address(person, e.Channel)})
	if err != nil {
		return Consent{}, err
	}
	c := added[0]
	if err := s.settleIn(tx, c.Contact); err != nil {
		return c, err
	}
	return c, s.o.Bus.Emit(tx, by, fact.ConsentRecorded{Contact: c.Contact, Consent: c.ID, Basis: c.Basis})
}

// address returns the keyed hash of the address that a row is about: the proved one of the channel, else the first, "" for none.
func (s *Service) address(p contact.Contact, channel string) string {
	var first contact.Handle
	for _, h := range p.Handles {
		if h.Channel == channel && (first.ID.IsZero() || h.Verified() && !first.Verified()) {
			first = h
		}
	}
	if first.ID.IsZero() {
		return ""
	}
	return s.digest("consent.address", first.Channel, first.Key)
}

// IsFor reports whether c was given for an address.
func (s *Service) IsFor(c Consent, h contact.Handle) bool {
	return c.address != "" && c.address == s.digest("consent.address", h.Channel, h.Key)
}

// Of returns the rows of somebody and of whom they were merged with, the last first. Authors of any voice may, as for the contact itself.
func (s *Service) Of(ctx context.Context, by actor.Actor, id fact.ContactID) (all []Consent, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		person, err := s.personIn(tx, by, id)
		if err != nil {
			return err
		}
		rows, err := s.rowsIn(tx, []fact.ContactID{person.ID})
		for i := len(rows[person.ID]) - 1; i >= 0; i-- {
			all = append(all, rows[person.ID][i])
		}
		return err
	})
	return all, err
}

// Standings says what holds for somebody by a channel, for each of Purposes.
func (s *Service) Standings(ctx context.Context, by actor.Actor, id fact.ContactID, channel string) (all map[string]Standing, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		person, err := s.personIn(tx, by, id)
		if err != nil {
			return err
		}
		b, err := s.benchIn(tx, []fact.ContactID{person.ID})
		if err != nil {
			return err
		}
		all = map[string]Standing{}
		for _, purpose := range Purposes() {
			all[purpose] = b.weigh(person.ID, channel, purpose, 0)
		}
		return nil
	})
	return all, err
}

// StandingsIn is StandingIn of several people, each under the id that was asked for.
func (s *Service) StandingsIn(tx *db.Tx, people []fact.ContactID, channel, purpose string) (map[fact.ContactID]Standing, error) {
	b, err := s.benchIn(tx, people)
	if err != nil {
		return nil, err
	}
	all := make(map[fact.ContactID]Standing, len(people))
	for _, id := range people {
		all[id] = b.weigh(id, channel, purpose, 0)
	}
	return all, nil
}

// StandingIn is one of Standings, for whoever asks: its callers asked who may.
func (s *Service) StandingIn(tx *db.Tx, id fact.ContactID, channel, purpose string) (Standing, error) {
	b, err := s.benchIn(tx, []fact.ContactID{id})
	if err != nil {
		return Standing{}, err
	}
	return b.weigh(id, channel, purpose, 0), nil
}

// Given is what a house last got of somebody's own accord, or wrote down of them, and whose law holds.
type Given struct {
	At  time.Time
	Law string // a country
}

// GivenIn returns when something that allows to write to each of some people was last given, and under whose law, whoever asks; who has no
// such row is not in it.
func (s *Service) GivenIn(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID]Given, error) {
	rows, err := s.rowsIn(tx, people)
	last := make(map[fact.ContactID]Given, len(rows))
	for id, all := range rows {
		for _, r := range all {
			if !stops(r.Basis) && !notes(r.Basis) && !r.At.Before(last[id].At) {
				last[id] = Given{r.At, r.Jurisdiction}
			}
		}
	}
	return last, err
}

func (s *Service) personIn(tx *db.Tx, by actor.Actor, id fact.ContactID) (contact.Contact, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return contact.Contact{}, err
	}
	return s.o.Contacts.GetIn(tx, id)
}

// bench is what the rule needs of some people, read once.
type bench struct {
	rows map[fact.ContactID][]Consent
	who  map[fact.ContactID]Person
	now  time.Time
	zone *time.Location
}

func (s *Service) benchIn(tx *db.Tx, people []fact.ContactID) (b bench, err error) {
	rows, err := s.rowsIn(tx, people)
	if err != nil {
		return b, err
	}
	return s.benchOf(tx, people, rows)
}

// benchOf is benchIn with the rows.
func (s *Service) benchOf(tx *db.Tx, people []fact.ContactID, rows map[fact.ContactID][]Consent) (b bench, err error) {
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return b, err
	}
	b = bench{rows: rows, who: map[fact.ContactID]Person{}, now: tx.Now(), zone: h.Location()}
	known, err := s.o.Contacts.AddresseesIn(tx, people)
	if err != nil {
		return b, err
	}
	for id, a := range known {
		b.who[id] = Person{Function: a.Role, email: a.Email(0).Value}
	}
	for _, acts := range s.acts {
		last, err := acts(tx, people)
		if err != nil {
			return b, err
		}
		for id, at := range last {
			p := b.who[id]
			if at.After(p.LastAct) {
				p.LastAct = at
			}
			b.who[id] = p
		}
	}
	return b, nil
}

// weigh leaves out that a message was used up by the very delivery that is tried again.
func (b bench) weigh(id fact.ContactID, channel, purpose string, d fact.DeliveryID) Standing {
	rows := b.rows[id]
	if !d.IsZero() {
		kept := make([]Consent, 0, len(rows))
		for _, r := range rows {
			if r.Delivery != d {
				kept = append(kept, r)
			}
		}
		rows = kept
	}
	return Weigh(rows, channel, purpose, b.who[id], b.now, b.zone)
}

// erased forgets where the agreements of somebody came from, and keeps hashes of their addresses.
func (s *Service) erased(tx *db.Tx, _ bus.Event, f fact.ContactErased) error {
	if _, err := db.Exec(tx, qForgetSources, f.Contact); err != nil {
		return err
	}
	if _, err := db.ExecIn(tx, qUnsettle, []fact.ContactID{f.Contact}); err != nil {
		return err
	}
	person, err := s.o.Contacts.GetIn(tx, f.Contact)
	if fault.Is(err, fault.KindNotFound) {
		return nil // only spam had made them known
	}
	if err != nil || len(person.Handles) == 0 {
		return err
	}
	var rows []any
	for _, h := range person.Handles {
		rows = append(rows, s.digest("consent.erased", h.Channel, h.Key), h.Channel, db.At(tx.Now()))
	}
	_, err = db.InsertNew(tx, qErased, 3, rows)
	return err
}

// IsErasedIn reports whether somebody who had a handle asked to be forgotten, and when.
func (s *Service) IsErasedIn(tx *db.Tx, h contact.Handle) (at time.Time, erased bool, err error) {
	return db.Maybe(tx, qErasedAt, scanTime, s.digest("consent.erased", h.Channel, h.Key))
}
