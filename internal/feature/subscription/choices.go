package subscription

import (
	"context"
	"slices"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

const choicesPurpose = "subscription.choices"

// ChoicesToken returns what opens the choices of an address, for the links of a letter; zero is no letter in particular. They work for
// as long as the address is known: the law asks sixty days (LCAP art. 11(2)).
func (s *Service) ChoicesToken(h fact.HandleID, letter fact.LetterID) string {
	return s.o.Box.Token(choicesPurpose, time.Time{}, h.String(), letter.String())
}

// Choices is what an address receives.
type Choices struct {
	Subscriber // its ID is zero when the address follows nothing and never did
	Email      string
	Name       string
	Letter     fact.LetterID // whose link was pressed, zero for none
	Gone       bool          // the address is not known any more: nothing is sent there
}

// ChoicesOf tells what a link is about, and changes nothing. A link that is none is unsubscription.not_found.
func (s *Service) ChoicesOf(ctx context.Context, token string) (c Choices, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = s.choicesIn(tx, token)
		return err
	})
	return c, err
}

func (s *Service) choicesIn(tx *db.Tx, token string) (c Choices, err error) {
	payload, err := s.o.Box.OpenToken(choicesPurpose, token, tx.Now())
	if err != nil || len(payload) != 2 {
		return c, fault.NotFound("unsubscription")
	}
	handle, err := fact.Parse[fact.HandleID](payload[0])
	if err == nil && payload[1] != "" {
		c.Letter, err = fact.Parse[fact.LetterID](payload[1])
	}
	if err != nil {
		return c, fault.NotFound("unsubscription")
	}
	letter := c.Letter
	c, err = s.ofHandle(tx, handle)
	c.Letter = letter
	return c, err
}

func (s *Service) ofHandle(tx *db.Tx, id fact.HandleID) (c Choices, err error) {
	h, err := s.o.Contacts.HandleIn(tx, id)
	if fault.Is(err, fault.KindNotFound) {
		return Choices{Gone: true}, nil
	}
	if err != nil {
		return c, err
	}
	person, err := s.o.Contacts.GetIn(tx, h.Contact)
	if err != nil {
		return c, err
	}
	c.Subscriber, _, err = byHandle(tx, h.ID)
	c.Contact, c.Handle, c.Email, c.Name = person.ID, h.ID, h.Value, person.Name
	if c.Rhythm == "" {
		c.Rhythm, c.Lang = Each, person.Lang
	}
	return c, err
}

// Chosen is what somebody wants from now on.
type Chosen struct {
	Wish
	PausedUntil      clock.Day
	Wording, Version string // what stood beside the button, for what they did not follow before
	Page             string
}

// Choose changes what an address receives. What is no longer in the wish is left; nothing in it is LeaveAll. Problems are at follows,
// rhythm, lang and paused_until.
func (s *Service) Choose(ctx context.Context, token string, in Chosen) error {
	w, p := in.Wish.read()
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.choicesIn(tx, token)
		if err != nil || c.Gone {
			return err
		}
		all := append(fault.Problems(nil), p...)
		if err := s.checkIn(tx, w, &all); err != nil {
			return err
		}
		h, err := s.o.House.GetIn(tx)
		if err != nil {
			return err
		}
		switch today := h.Today(tx.Now()); {
		case in.PausedUntil.IsZero():
		case !today.Before(in.PausedUntil):
			in.PausedUntil = clock.Day{} // it is over
		case today.Add(maxPause).Before(in.PausedUntil):
			all.Add("paused_until", "pause", maxPause)
		}
		if err := all.Err(); err != nil {
			return err
		}
		return s.chooseIn(tx, c, w, in)
	})
}

// maxPause is how long one may pause, in days: who wants nothing for longer leaves.
const maxPause = 366

func (s *Service) chooseIn(tx *db.Tx, c Choices, w Wish, in Chosen) error {
	if len(w.Follows) == 0 {
		return s.leaveIn(tx, c, 0)
	}
	sub := c.Subscriber
	var err error
	if sub.ID.IsZero() {
		if sub, err = addIn(tx, c.Contact, c.Handle, w); err != nil {
			return err
		}
	}
	var pause any
	if !in.PausedUntil.IsZero() {
		pause = in.PausedUntil
	}
	if _, err := db.Exec(tx, qChange, sub.ID, w.Lang, w.Rhythm, pause); err != nil {
		return err
	}
	wanted := map[fact.VoiceID]bool{}
	var more []Follow
	for _, f := range w.Follows {
		wanted[f.Voice] = true
		if !sub.Has(f) {
			more = append(more, f)
		}
	}
	for _, f := range sub.Follows {
		switch {
		case !wanted[f.Voice]:
			_, err = db.Exec(tx, qLeave, sub.ID, f.Voice, db.At(tx.Now()), c.Letter)
		case !w.Has(f):
			_, err = db.Exec(tx, qReplace, sub.ID, f.Voice, int64(f.Section), db.At(tx.Now()))
		}
		if err != nil {
			return err
		}
	}
	sub.Follows = slices.DeleteFunc(sub.Follows, func(f Follow) bool { return !w.Has(f) })
	if len(more) > 0 {
		if _, err := s.o.Consents.RecordIn(tx, actor.System(), c.Contact, consent.Evidence{Channel: contact.Email, Purpose: consent.Letter,
			Basis: consent.Agreement, Wording: in.Wording, Version: in.Version, Lang: w.Lang, Source: in.Page, At: tx.Now()}); err != nil {
			return err
		}
		if err := follow(tx, sub, more); err != nil {
			return err
		}
	}
	return s.o.Bus.Emit(tx, actor.Visitor(), fact.SubscriptionChanged{Subscriber: sub.ID, Contact: c.Contact})
}

// Leave has nothing more leave for an address in the name of a voice, or at all when that is zero. It works at once, and a second time
// changes nothing. Who leaves the last voice withdraws their agreement.
func (s *Service) Leave(ctx context.Context, token string, v fact.VoiceID) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.choicesIn(tx, token)
		if err != nil || c.Gone {
			return err
		}
		return s.leaveIn(tx, c, v)
	})
}

func (s *Service) leaveIn(tx *db.Tx, c Choices, v fact.VoiceID) error {
	sub := c.Subscriber
	var err error
	if sub.ID.IsZero() {
		if sub, err = addIn(tx, c.Contact, c.Handle, c.Wish); err != nil {
			return err
		}
	}
	left, stays := map[fact.VoiceID]bool{}, 0
	if !v.IsZero() {
		left[v] = true
	}
	for _, f := range sub.Follows {
		if v.IsZero() || f.Voice == v {
			left[f.Voice] = true
		} else {
			stays++
		}
	}
	changed := false
	for voice := range left {
		n, err := db.Exec(tx, qLeave, sub.ID, voice, db.At(tx.Now()), c.Letter)
		if err == nil && n == 0 && !slices.Contains(sub.Left, voice) {
			n, err = db.Exec(tx, qMarkLeft, sub.ID, voice, db.At(tx.Now()), c.Letter)
		}
		if err != nil {
			return err
		}
		changed = changed || n > 0
	}
	if stays == 0 {
		withdrawn, err := s.withdrawIn(tx, c.Contact)
		if err != nil {
			return err
		}
		changed = changed || withdrawn
	}
	if !changed {
		return nil
	}
	return s.o.Bus.Emit(tx, actor.Visitor(), fact.SubscriptionChanged{Subscriber: sub.ID, Contact: c.Contact})
}

// withdrawIn notes in the ledger that somebody wants no more letters, unless that is what it says already.
func (s *Service) withdrawIn(tx *db.Tx, id fact.ContactID) (bool, error) {
	st, err := s.o.Consents.StandingIn(tx, id, contact.Email, consent.Letter)
	if err != nil || st.Why == consent.Withdrawn || st.Why == consent.Objected {
		return false, err
	}
	_, err = s.o.Consents.RecordIn(tx, actor.System(), id, consent.Evidence{Channel: contact.Email, Purpose: consent.Letter, Basis: consent.Withdrawal, At: tx.Now()})
	return true, err
}
