package subscription

import (
	"context"
	"errors"
	"slices"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/seal"
)

const confirmPurpose = "subscription.confirm"

// ConfirmToken returns what confirms a wish, for the link of the mail that asks for it.
func (s *Service) ConfirmToken(a Ask) string {
	return s.o.Box.Token(confirmPurpose, a.At.Add(KeepAsks), a.ID.String())
}

// Wished tells what a link to confirm is about, and changes nothing. A link that is none is confirmation.not_found, one that is too
// old confirmation.gone.
func (s *Service) Wished(ctx context.Context, token string) (a Ask, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		a, err = s.wishedIn(tx, token)
		return err
	})
	return a, err
}

func (s *Service) wishedIn(tx *db.Tx, token string) (Ask, error) {
	payload, err := s.o.Box.OpenToken(confirmPurpose, token, tx.Now())
	if errors.Is(err, seal.ErrExpired) {
		return Ask{}, fault.Gone("confirmation").Because(err)
	}
	if err != nil || len(payload) != 1 {
		return Ask{}, fault.NotFound("confirmation")
	}
	id, err := fact.Parse[fact.AskID](payload[0])
	if err != nil {
		return Ask{}, fault.NotFound("confirmation")
	}
	a, err := s.AskIn(tx, id)
	if fault.Is(err, fault.KindNotFound) {
		err = fault.Gone("confirmation")
	}
	return a, err
}

// Confirm has the reader of an address follow what they wished for. A second time changes nothing.
func (s *Service) Confirm(ctx context.Context, token string) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.wishedIn(tx, token)
		if err != nil || !a.ConfirmedAt.IsZero() {
			return err
		}
		return s.confirmIn(tx, a)
	})
}

func (s *Service) confirmIn(tx *db.Tx, a Ask) error {
	person, h, err := s.o.Contacts.FindOrCreateIn(tx, actor.Visitor(), contact.NewHandle{Channel: contact.Email, Value: a.Email, Verified: true},
		contact.Who{Lang: a.Lang, Origin: contact.FromSubscription}, tx.Now())
	if err != nil {
		return err
	}
	sub, known, err := byHandle(tx, h.ID)
	if err != nil {
		return err
	}
	if !known {
		if sub, err = addIn(tx, person.ID, h.ID, a.Wish); err != nil {
			return err
		}
	} else if _, err := db.Exec(tx, qChange, sub.ID, a.Lang, a.Rhythm, nil); err != nil {
		return err
	}
	if err := follow(tx, sub, a.Follows); err != nil {
		return err
	}
	// The agreement is in the words of the form, and their own act.
	if _, err := s.o.Consents.RecordIn(tx, actor.System(), person.ID, consent.Evidence{Channel: contact.Email, Purpose: consent.Letter,
		Basis: consent.Agreement, Wording: a.Wording, Version: a.Version, Lang: a.Lang, Source: a.Page, Asked: a.At, At: tx.Now()}); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qConfirmed, a.ID, db.At(tx.Now())); err != nil {
		return err
	}
	return s.o.Bus.Emit(tx, actor.Visitor(), fact.SubscriptionConfirmed{Subscriber: sub.ID, Contact: person.ID, Ask: a.ID, First: !known})
}

// FollowIn has an address of somebody follow, on the word of whoever calls it that its reader asked for that: their agreement is in the
// ledger, or comes there in the same transaction. It emits SubscriptionChanged: no letter of welcome answers it.
func (s *Service) FollowIn(tx *db.Tx, c fact.ContactID, h fact.HandleID, w Wish) error {
	w, problems := w.read()
	if err := problems.Err(); err != nil {
		return err
	}
	sub, known, err := byHandle(tx, h)
	if err == nil && !known {
		sub, err = addIn(tx, c, h, w)
	}
	if err != nil {
		return err
	}
	if err := follow(tx, sub, w.Follows); err != nil {
		return err
	}
	return s.o.Bus.Emit(tx, actor.Visitor(), fact.SubscriptionChanged{Subscriber: sub.ID, Contact: c})
}

func byHandle(tx *db.Tx, h fact.HandleID) (s Subscriber, found bool, err error) {
	all, err := subscribersIn(tx, qByHandle, h)
	if err != nil || len(all) == 0 {
		return s, false, err
	}
	return all[0], true, nil
}

func addIn(tx *db.Tx, c fact.ContactID, h fact.HandleID, w Wish) (Subscriber, error) {
	s := Subscriber{ID: fact.New[fact.SubscriberID](tx.Now()), Contact: c, Handle: h, Wish: w, CreatedAt: tx.Now()}
	s.Follows = nil
	_, err := db.Exec(tx, qAddSubscriber, s.ID, c, h, w.Lang, w.Rhythm, db.At(tx.Now()))
	return s, err
}

// follow adds to what a subscriber follows, at the wish of its reader. Who follows a voice whole follows no section of it besides.
func follow(tx *db.Tx, s Subscriber, more []Follow) error {
	now := db.At(tx.Now())
	for _, f := range more {
		if slices.Contains(s.Follows, Follow{Voice: f.Voice}) {
			f.Section = 0
		}
		if f.Section.IsZero() {
			for _, was := range s.Follows {
				if was.Voice == f.Voice && !was.Section.IsZero() {
					if _, err := db.Exec(tx, qReplace, s.ID, was.Voice, was.Section, now); err != nil {
						return err
					}
				}
			}
		}
		if _, err := db.Exec(tx, qFollow, s.ID, f.Voice, int64(f.Section), now); err != nil {
			return err
		}
	}
	return nil
}
