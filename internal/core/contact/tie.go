package contact

import (
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fulltext"
)

// Tie reports whether something of a capability hangs on a contact: what they said, a mandate.
type Tie func(tx *db.Tx, id fact.ContactID) (bool, error)

// RegisterTie makes a capability be asked before a contact is taken away again. Call it while the program is wired.
func (s *Service) RegisterTie(t Tie) { s.ties = append(s.ties, t) }

// DropIn takes somebody away whom a message made that was spam: the contact with its handles and its place in the search. It
// does so only when a form or a channel made them, nobody of the house wrote anything down about them since, no handle is
// proved, they are no one's alias or have none, and no Tie holds them; else it leaves them and returns false.
func (s *Service) DropIn(tx *db.Tx, by actor.Actor, id fact.ContactID) (dropped bool, err error) {
	c, found, err := db.Maybe(tx, qByID, scan, id)
	if err != nil || !found {
		return false, err
	}
	all := []Contact{c}
	if err := fill(tx, all); err != nil {
		return false, err
	}
	if c = all[0]; !c.onlyHeard() {
		return false, nil
	}
	if _, aliased, err := db.Maybe(tx, qAlias, db.Scalar[fact.ContactID], id); err != nil || aliased {
		return false, err
	}
	for _, holds := range s.ties {
		if held, err := holds(tx, id); err != nil || held {
			return false, err
		}
	}
	if err := fulltext.Remove(tx, Space, int64(id)); err != nil {
		return false, err
	}
	if err := unlike(tx, id); err != nil {
		return false, err
	}
	if _, err := db.Exec(tx, qDelete, id); err != nil { // its handles go with it
		return false, err
	}
	return true, s.bus.Emit(tx, by, fact.ContactErased{Contact: id})
}

// onlyHeard reports whether all that is known of c is what they typed themselves.
func (c Contact) onlyHeard() bool {
	for _, h := range c.Handles {
		if h.Verified() {
			return false
		}
	}
	return (c.Origin == FromComment || c.Origin == FromRequest) && c.MergedInto.IsZero() && c.Company == "" && c.Role == "" && c.Place == "" &&
		c.Note == "" && len(c.Values) == 0
}
