package contact

import (
	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

// Addressee is what a mail to many asks of somebody: how they are called, and their addresses.
type Addressee struct {
	ID                  fact.ContactID
	Name, Company, Role string
	emails              []Handle // oldest first, with their id, value and proof
}

// Email returns the address to write to: the one that is preferred when they still have it, else the first that was proved, else the
// first; the zero Handle when there is none.
func (a Addressee) Email(preferred fact.HandleID) Handle { return addressOf(a.emails, preferred) }

// AddresseesIn is ByIDsIn for thousands, in one statement and without what a mail does not ask.
func (s *Service) AddresseesIn(tx *db.Tx, ids []fact.ContactID) (map[fact.ContactID]Addressee, error) {
	type row struct {
		Addressee
		handle Handle
	}
	rows, err := db.AllIn(tx, qAddressees, func(r db.Row) (x row, err error) {
		h := &x.handle
		return x, r.Scan(&x.ID, &x.Name, &x.Company, &x.Role, &h.ID, &h.Channel, &h.Value, db.Time(&h.VerifiedAt))
	}, ids)
	found := make(map[fact.ContactID]Addressee, len(rows))
	for _, x := range rows {
		a, known := found[x.ID]
		if !known {
			a = x.Addressee
		}
		if x.handle.Channel == Email {
			a.emails = append(a.emails, x.handle)
		}
		found[x.ID] = a
	}
	return found, err
}
