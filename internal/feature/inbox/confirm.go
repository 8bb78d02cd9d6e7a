package inbox

import (
	"context"
	"errors"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
)

const (
	confirmPurpose = "confirm"
	confirmFor     = 30 * 24 * time.Hour
)

// ConfirmToken returns what proves that somebody reads the mail of a handle, for a link that works thirty days.
func (s *Service) ConfirmToken(h fact.HandleID, now time.Time) string {
	return s.box.Token(confirmPurpose, now.Add(confirmFor), h.String())
}

// Subject is what a confirmation is about.
type Subject struct {
	Name  string
	Email string // their own address, shown only to who holds the link
	Done  bool   // it is confirmed already
}

// ConfirmSubject tells whom a link is about, and changes nothing. A link that is none is confirmation.not_found, one that
// is too old confirmation.gone.
func (s *Service) ConfirmSubject(ctx context.Context, token string) (what Subject, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		id, err := s.handleOf(token, tx.Now())
		if err != nil {
			return err
		}
		h, err := s.contacts.HandleIn(tx, id)
		if err != nil {
			return notConfirmation(err)
		}
		people, err := s.contacts.ByIDsIn(tx, []fact.ContactID{h.Contact})
		what = Subject{Name: people[h.Contact].Name, Email: h.Value, Done: h.Verified()}
		return err
	})
	return what, err
}

// Confirm notes that the address of a link is its reader's. A second time changes nothing.
func (s *Service) Confirm(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := s.handleOf(token, tx.Now())
		if err != nil {
			return err
		}
		_, err = s.contacts.VerifyIn(tx, actor.Visitor(), id)
		return notConfirmation(err)
	})
}

func (s *Service) handleOf(token string, now time.Time) (fact.HandleID, error) {
	payload, err := s.box.OpenToken(confirmPurpose, token, now)
	if errors.Is(err, seal.ErrExpired) {
		return 0, fault.Gone("confirmation").Because(err)
	}
	if err != nil || len(payload) != 1 {
		return 0, fault.NotFound("confirmation")
	}
	id, err := fact.Parse[fact.HandleID](payload[0])
	if err != nil {
		return 0, fault.NotFound("confirmation")
	}
	return id, nil
}

// notConfirmation says of a handle that is not there any more that the link leads nowhere.
func notConfirmation(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return fault.NotFound("confirmation")
	}
	return err
}
