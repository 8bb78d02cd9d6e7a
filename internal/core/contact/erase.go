package contact

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
)

var (
	qAliases     = db.Q("contact.aliases", `SELECT id FROM contacts WHERE merged_into = $1 ORDER BY id`)
	qDropHandles = db.Q("handle.drop_all", `DELETE FROM handles WHERE contact_id = $1`)
	qDropHandle  = db.Q("handle.drop", `DELETE FROM handles WHERE id = $1 AND contact_id = $2`)
	qErase       = db.Q("contact.erase", `
		UPDATE contacts SET name = '', name_key = '', company = '', role = '', place = '', place_key = '', note = '', erased_at = $2, updated_at = $2 WHERE id = $1`)
)

// Erase forgets somebody who asked for it: their name, addresses and notes here, and by ContactErased, in the same commit,
// their words and whatever else other packages keep of them. A row without any of it stays, so that what names its id names
// something; it is found nowhere, and who writes from the same address later is somebody new. There is no way back.
//
// Editors of the whole house may. An alias erases the person it became, with all aliases; whoever is unknown or erased
// already is fault.NotFound("contact").
func (s *Service) Erase(ctx context.Context, by actor.Actor, id fact.ContactID) error {
	if err := by.Require(actor.Editor, 0); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.EraseIn(tx, by, id) })
}

// EraseIn is Erase inside a transaction; it does not ask whether by may.
func (s *Service) EraseIn(tx *db.Tx, by actor.Actor, id fact.ContactID) error {
	c, err := s.GetIn(tx, id)
	if err != nil {
		return err
	}
	all, err := db.All(tx, qAliases, db.Scalar[fact.ContactID], c.ID)
	if err != nil {
		return err
	}
	for _, one := range append(all, c.ID) {
		// Whoever hears it may still ask for the handles.
		if err := s.bus.Emit(tx, by, fact.ContactErased{Contact: one}); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qDropHandles, one); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qDropCalls, one); err != nil {
			return err
		}
		if err := unlike(tx, one); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qMergeDrop, one); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qDropValues, one); err != nil {
			return err
		}
		if _, err := db.Exec(tx, qErase, one, db.At(tx.Now())); err != nil {
			return err
		}
		if err := fulltext.Remove(tx, Space, int64(one)); err != nil {
			return err
		}
	}
	return nil
}

// RemoveHandle deletes one address of somebody: it was mistyped, or is no longer theirs. Whoever writes from it later is
// somebody new, and what waited to leave for it does not. It is fault.NotFound("handle") when c has no such handle.
func (s *Service) RemoveHandle(ctx context.Context, by actor.Actor, c fact.ContactID, h fact.HandleID) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		person, err := s.GetIn(tx, c)
		if err != nil {
			return err
		}
		return s.removeIn(tx, by, person.ID, h)
	})
}

func (s *Service) removeIn(tx *db.Tx, by actor.Actor, c fact.ContactID, h fact.HandleID) error {
	n, err := db.Exec(tx, qDropHandle, h, c)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.NotFound("handle")
	}
	if err := s.again(tx, by, c); err != nil { // its words were found by the address
		return err
	}
	return s.bus.Emit(tx, by, fact.HandleRemoved{Contact: c, Handle: h})
}
