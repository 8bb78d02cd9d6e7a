package consent

import (
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Entry is a row of a list.
type Entry struct {
	Contact fact.ContactID
	Evidence
	Undated bool // At is the day on which it is entered, since the list does not say when it was given
}

// RecordNewIn is RecordManyIn for a list that may come twice: it leaves out what the ledger has, and reports the outcome of each entry.
// A list without dates wakes nothing: who withdrew or objected here is not made to agree again by an agreement of an unknown day.
func (s *Service) RecordNewIn(tx *db.Tx, by actor.Actor, entries []Entry) ([]Outcome, error) {
	var people []fact.ContactID
	for _, e := range entries {
		people = append(people, e.Contact)
	}
	rows, err := s.rowsIn(tx, people)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(entries))
	var fresh []Entry
	for i, e := range entries {
		outcomes[i] = e.against(rows[e.Contact])
		if outcomes[i] == Added {
			fresh = append(fresh, e)
			rows[e.Contact] = append(rows[e.Contact], Consent{Evidence: e.Evidence})
		}
	}
	return outcomes, s.RecordManyIn(tx, by, fresh)
}

// Outcome is what became of an entry of RecordNewIn.
type Outcome int

// The outcomes.
const (
	Added   Outcome = iota
	There           // the ledger has it
	Stopped         // they want no more, and nobody knows which came last
)

// against says what an entry is beside the rows of its person.
func (e Entry) against(rows []Consent) Outcome {
	stopped := false
	for _, r := range rows {
		if r.Channel != e.Channel || r.Purpose != e.Purpose && !(stops(r.Basis) && r.Purpose == "") {
			continue
		}
		stopped = stopped || stops(r.Basis)
		same := r.Basis == e.Basis && r.Jurisdiction == e.Jurisdiction && r.Wording == e.Wording && r.Theme == e.Theme
		if same && (e.Undated || r.At.UnixMilli() == e.At.UnixMilli()) {
			return There
		}
	}
	if e.Undated && stopped && !stops(e.Basis) {
		return Stopped
	}
	return Added
}

// RecordManyIn adds rows about many people, fact.MaxMany at most, in their order, in few statements and with one fact for all. The
// evidence was Checked, and people are who they are today, no aliases: somebody who is not there is fault.NotFound("contact"). It does not
// ask whether by may. Nothing is written to the ledger by others until tx ends.
func (s *Service) RecordManyIn(tx *db.Tx, by actor.Actor, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	var ids []fact.ContactID
	of := map[fact.ContactID]bool{}
	for _, e := range entries {
		if !of[e.Contact] {
			of[e.Contact], ids = true, append(ids, e.Contact)
		}
	}
	people, err := s.o.Contacts.ByIDsIn(tx, ids)
	if err != nil {
		return err
	}
	rows := make([]Consent, 0, len(entries))
	for _, e := range entries {
		person, known := people[e.Contact]
		if !known {
			return fault.NotFound("contact")
		}
		rows = append(rows, Consent{Contact: e.Contact, Evidence: e.Evidence, Account: fact.AccountID(by.Account), address: s.address(person, e.Channel)})
	}
	if _, err := add(tx, rows...); err != nil {
		return err
	}
	if err := s.settleIn(tx, ids...); err != nil {
		return err
	}
	return s.o.Bus.Emit(tx, by, fact.ConsentsRecorded{Contacts: ids})
}

// ErasedIn returns which of many handles somebody had who asked to be forgotten, by their places in the list.
func (s *Service) ErasedIn(tx *db.Tx, handles []contact.Handle) (map[int]bool, error) {
	digests := make([]string, len(handles))
	for i, h := range handles {
		digests[i] = s.digest("consent.erased", h.Channel, h.Key)
	}
	found, err := db.AllIn(tx, qErasedIn, db.Scalar[string], digests)
	erased := make(map[int]bool, len(found))
	for _, d := range found {
		for i := range digests {
			if digests[i] == d {
				erased[i] = true
			}
		}
	}
	return erased, err
}
