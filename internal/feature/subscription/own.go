package subscription

import (
	"context"
	"errors"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
)

const (
	ownPurpose = "subscription.own"
	ownFor     = 24 * time.Hour
)

// OwnToken returns what shows whoever reads the mail of an address all that is held about them, for a day.
func (s *Service) OwnToken(h fact.HandleID, now time.Time) string {
	return s.o.Box.Token(ownPurpose, now.Add(ownFor), h.String())
}

// AskOwn has such a link mailed to the address of a link to choices: people forward letters, with the links in them.
func (s *Service) AskOwn(ctx context.Context, token string) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.choicesIn(tx, token)
		if err != nil || c.Gone {
			return err
		}
		return s.o.Bus.Emit(tx, actor.Visitor(), fact.OwnDataAsked{Handle: c.Handle, Contact: c.Contact})
	})
}

// OwnerOf returns whose data a link shows. One that is none is confirmation.not_found, one that is too old, or of an address that is not
// known any more, confirmation.gone.
func (s *Service) OwnerOf(ctx context.Context, token string) (c contact.Contact, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = s.ownerIn(tx, token)
		return err
	})
	return c, err
}

func (s *Service) ownerIn(tx *db.Tx, token string) (c contact.Contact, err error) {
	payload, err := s.o.Box.OpenToken(ownPurpose, token, tx.Now())
	if errors.Is(err, seal.ErrExpired) {
		return c, fault.Gone("confirmation").Because(err)
	}
	if err != nil || len(payload) != 1 {
		return c, fault.NotFound("confirmation")
	}
	handle, err := fact.Parse[fact.HandleID](payload[0])
	if err != nil {
		return c, fault.NotFound("confirmation")
	}
	h, err := s.o.Contacts.HandleIn(tx, handle)
	if err == nil {
		c, err = s.o.Contacts.GetIn(tx, h.Contact)
	}
	if fault.Is(err, fault.KindNotFound) {
		err = fault.Gone("confirmation")
	}
	return c, err
}

// Correct changes what its owner says is wrong. Problems are those of contact.Change.
func (s *Service) Correct(ctx context.Context, token string, p contact.Patch) error {
	c, err := s.OwnerOf(ctx, token)
	if err == nil {
		_, err = s.o.Contacts.Change(ctx, actor.System(), c.ID, p)
	}
	return err
}

// EraseOwn forgets the owner of a link, as an editor of the house can.
func (s *Service) EraseOwn(ctx context.Context, token string) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.ownerIn(tx, token)
		if err != nil {
			return err
		}
		return s.o.Contacts.EraseIn(tx, actor.System(), c.ID)
	})
}
