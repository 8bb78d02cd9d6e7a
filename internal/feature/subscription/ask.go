package subscription

import (
	"context"
	"net/netip"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// How often a mail that asks for confirmation leaves.
const (
	calm    = 10 * time.Minute // between two to one address
	perDay  = 3                // to one address
	perHour = 500              // to all
)

// KeepAsks is how long a wish waits for its confirmation, and then how long that it was confirmed is remembered.
const KeepAsks = 7 * 24 * time.Hour

const pruneJob = "subscription.prune"

// AskInput is what somebody typed into the form.
type AskInput struct {
	Email string
	Wish
	Wording, Version string     // what stood beside the button
	Page             string     // the address of the form
	Honeypot         string     // what stood in the field that people do not see
	From             netip.Addr // of who asks: of what is one too many its network is kept
}

// Ask takes in a wish, from anybody, and has a mail sent that asks for its confirmation. It tells nothing of what is known. Problems
// are at email, follows, rhythm and lang.
func (s *Service) Ask(ctx context.Context, in AskInput) error {
	email, err := text.ParseEmail(in.Email)
	w, p := in.Wish.read()
	p = append(fault.ProblemsOf(err), p...)
	if len(w.Follows) == 0 && len(p) == 0 {
		p.Add("follows", "required")
	}
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		all := append(fault.Problems(nil), p...)
		if err := s.checkIn(tx, w, &all); err != nil {
			return err
		}
		if err := all.Err(); err != nil || in.Honeypot != "" {
			return err
		}
		return s.askIn(tx, Ask{Email: email, Wish: w, Wording: in.Wording, Version: in.Version, Page: in.Page}, networkOf(in.From))
	})
}

func (s *Service) askIn(tx *db.Tx, a Ask, network string) error {
	digest := s.digest(text.FoldEmail(a.Email))
	pending, found, err := db.Maybe(tx, qPending, scanAsk, digest, db.At(tx.Now().Add(-calm)))
	if err != nil {
		return err
	}
	if found && pending.ConfirmedAt.IsZero() { // the mail has just left; its link confirms what was asked for last
		_, err := db.Exec(tx, qChangeAsk, pending.ID, followsJSON(a.Follows), a.Rhythm, a.Lang, a.Wording, a.Version, a.Page)
		return err
	}
	mails, err := s.maySend(tx, digest)
	if err != nil {
		return err
	}
	a.ID, a.At = fact.New[fact.AskID](tx.Now()), tx.Now()
	email := a.Email
	if mails {
		network = ""
	} else {
		email = ""
	}
	_, err = db.Exec(tx, qAddAsk, a.ID, digest, email, followsJSON(a.Follows), a.Rhythm, a.Lang, a.Wording, a.Version, a.Page, mails, db.At(a.At), network)
	if err != nil {
		return err
	}
	if !mails {
		return s.floodIn(tx)
	}
	return s.o.Bus.Emit(tx, actor.Visitor(), fact.SubscriptionAsked{Ask: a.ID})
}

// maySend reports whether one more mail may leave for an address.
func (s *Service) maySend(tx *db.Tx, digest string) (bool, error) {
	n, err := db.One(tx, qMailed, db.Scalar[int], digest, db.At(tx.Now().Add(-24*time.Hour)))
	if err != nil || n >= perDay {
		return false, err
	}
	n, err = db.One(tx, qMailedAll, db.Scalar[int], db.At(tx.Now().Add(-time.Hour)))
	return n < perHour, err
}

// AskIn returns a wish that waits, or was confirmed within seven days; subscription.not_found else.
func (s *Service) AskIn(tx *db.Tx, id fact.AskID) (Ask, error) {
	a, found, err := db.Maybe(tx, qAsk, scanAsk, id)
	if err == nil && !found {
		err = fault.NotFound("subscription")
	}
	return a, err
}

// Prune deletes the wishes of more than seven days, with the addresses of those who did not confirm, and returns how many. A job does it
// each hour.
func (s *Service) Prune(ctx context.Context) (n int, err error) {
	for {
		var some []fact.AskID
		err := s.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if some, err = db.All(tx, qOldAsks, db.Scalar[fact.AskID], db.At(tx.Now().Add(-KeepAsks))); err != nil {
				return err
			}
			if _, err := db.ExecIn(tx, qDropAsks, some); err != nil || len(some) == 0 {
				return err
			}
			return s.o.Bus.Emit(tx, actor.System(), fact.SubscriptionAsksGone{Asks: some})
		})
		if err != nil || len(some) == 0 {
			return n, err
		}
		n += len(some)
	}
}
