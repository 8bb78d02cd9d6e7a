package contact

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

var (
	qHandleOf   = db.Q("handle.of_contact", `SELECT `+handleColumns+` FROM handles WHERE id = $1 AND contact_id = $2`)
	qShowHandle = db.Q("handle.show", `UPDATE handles SET value = $2 WHERE id = $1`)
)

// MaxHandles is how many handles one person may have.
const MaxHandles = 50

// AddHandle adds a handle to those of somebody. One that is theirs already changes nothing; one that somebody else has is the
// problem "known" of its channel (see Holder).
func (s *Service) AddHandle(ctx context.Context, by actor.Actor, c fact.ContactID, in NewHandle) (h Handle, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return h, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		h, err = s.AddHandleIn(tx, by, c, in)
		return err
	})
	return h, err
}

// AddHandleIn is AddHandle inside a transaction; it does not ask whether by may.
func (s *Service) AddHandleIn(tx *db.Tx, by actor.Actor, c fact.ContactID, in NewHandle) (Handle, error) {
	now, err := s.GetIn(tx, c)
	if err != nil {
		return Handle{}, err
	}
	read, err := s.ReadIn(tx, in)
	if err != nil {
		return read, err
	}
	if len(now.Handles) >= MaxHandles {
		return read, fault.Invalid(in.Channel, "too_many", MaxHandles)
	}
	if err := s.addIn(tx, &now, in.Channel, in.Value); err != nil {
		return read, err
	}
	now.UpdatedAt = tx.Now()
	if err := s.changed(tx, by, now); err != nil {
		return read, err
	}
	return db.One(tx, qHandleByKey, scanHandle, read.Channel, read.Key)
}

// ChangeHandle corrects what was mistyped. Written another way, the handle stays what it is; another address is another handle,
// which nobody proved yet: links that were sent to the old one confirm nothing, what was said from it belongs to the new one, and
// what waits to leave goes there. An address that somebody else has is the problem "known" of its channel, one that the person
// has besides "twice".
func (s *Service) ChangeHandle(ctx context.Context, by actor.Actor, c fact.ContactID, h fact.HandleID, value string) (now Handle, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return now, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now, err = s.changeHandleIn(tx, by, c, h, value)
		return err
	})
	return now, err
}

func (s *Service) changeHandleIn(tx *db.Tx, by actor.Actor, c fact.ContactID, id fact.HandleID, value string) (Handle, error) {
	person, err := s.GetIn(tx, c)
	if err != nil {
		return Handle{}, err
	}
	was, err := db.One(tx, qHandleOf, scanHandle, id, person.ID)
	if err != nil {
		return was, err
	}
	now, err := s.ReadIn(tx, NewHandle{Channel: was.Channel, Value: value})
	if err != nil {
		return was, err
	}
	if now.Key == was.Key {
		if _, err := db.Exec(tx, qShowHandle, was.ID, now.Value); err != nil {
			return was, err
		}
		was.Value = now.Value
		return was, s.again(tx, by, person.ID)
	}
	known, found, err := db.Maybe(tx, qHandleByKey, scanHandle, now.Channel, now.Key)
	switch {
	case err != nil:
		return was, err
	case found && known.Contact == person.ID:
		return was, fault.Invalid(was.Channel, "twice")
	case found:
		return was, fault.Invalid(was.Channel, "known")
	}
	if _, err := db.Exec(tx, qDropHandle, was.ID, person.ID); err != nil {
		return was, err
	}
	if now, err = addHandle(tx, person.ID, now, tx.Now()); err != nil {
		return was, err
	}
	if err := s.again(tx, by, person.ID); err != nil {
		return was, err
	}
	return now, s.bus.Emit(tx, by, fact.HandleChanged{Contact: person.ID, Was: was.ID, Handle: now.ID})
}

// again writes down that something of somebody changed, whatever their row holds.
func (s *Service) again(tx *db.Tx, by actor.Actor, id fact.ContactID) error {
	c, err := s.GetIn(tx, id)
	if err != nil {
		return err
	}
	c.UpdatedAt = tx.Now()
	return s.changed(tx, by, c)
}

// Holder returns who has a handle, so that two cards of one person can be merged; found is false when nobody does, or when it
// cannot be one.
func (s *Service) Holder(ctx context.Context, by actor.Actor, in NewHandle) (c Contact, found bool, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return c, false, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, _, found, err = s.FindIn(tx, in)
		if fault.Is(err, fault.KindInvalid) {
			err = nil
		}
		return err
	})
	return c, found, err
}
