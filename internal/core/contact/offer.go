package contact

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// OfferIn adds a handle that somebody claims beside the one by which they are known, unproved. Nothing happens, and nothing is said, when
// anybody has it already, when it cannot be one, or when they have as many as one may: whoever claims it learns nothing of others.
func (s *Service) OfferIn(tx *db.Tx, by actor.Actor, c fact.ContactID, in NewHandle) error {
	_, _, known, err := s.FindIn(tx, in)
	if err == nil && !known {
		_, err = s.AddHandleIn(tx, by, c, in)
	}
	if fault.Is(err, fault.KindInvalid) {
		return nil
	}
	return err
}

// WithdrawIn takes a claimed handle from somebody again, once what claimed it is spam: not one that was proved, and not one that was theirs
// before since.
func (s *Service) WithdrawIn(tx *db.Tx, by actor.Actor, c fact.ContactID, in NewHandle, since time.Time) error {
	person, h, known, err := s.FindIn(tx, in)
	if fault.Is(err, fault.KindInvalid) {
		return nil
	}
	if err != nil || !known || person.ID != c || h.Verified() || h.CreatedAt.Before(since) {
		return err
	}
	return s.removeIn(tx, by, c, h.ID)
}
