package silence

import (
	"context"
	"errors"
	"net/url"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
	"causerie/internal/platform/seal"
)

// KindStay is the mail that asks, once, whether somebody wishes to stay in touch.
const KindStay = "stay"

const stayPurpose = "silence.stay"

// parcel is what a delivery of the question needs besides its ids.
type parcel struct {
	Lang    string `json:"lang"`
	Purpose string `json:"purpose"`
	Day     string `json:"day"` // on which they are erased, or thirty days after it left when that is later
}

// compose makes the question. It carries the way out too: a mail program's own button to leave opens the same page.
func (s *Service) compose(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	var p parcel
	if err := d.ReadParcel(&p); err != nil {
		return m, err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return m, err
	}
	day, err := clock.ParseDay(p.Day)
	if err != nil {
		return m, err
	}
	if later := clock.DayOf(tx.Now(), h.Location()).Add(askBefore); day.Before(later) {
		day = later
	}
	from, err := s.o.Mailer.HouseAddressIn(tx)
	if err != nil {
		return m, err
	}
	token := s.o.Box.Token(stayPurpose, day.Add(askBefore).Start(h.Location()), d.Contact.String(), p.Purpose, p.Lang)
	draft := compose.New(s.catalog, p.Lang)
	draft.Say("mail.stay.silent", h.Name)
	draft.Say("mail.stay.question")
	draft.Button("mail.stay.link", s.o.Places.Last().House("/stay")+"?t="+url.QueryEscape(token))
	draft.Say("mail.stay.nothing", draft.Date(day.Start(h.Location()), h.Location()))
	draft.Sign(h.Name)
	draft.Small("mail.stay.once", h.Name)
	draft.Imprint(h.Imprint())
	return draft.Message(from, mail.Address{Email: d.Recipient}, d.Subject), nil
}

// Question is what a link of the mail is about.
type Question struct {
	Contact fact.ContactID
	Lang    string
	House   string
	Gone    bool // they were erased
	Stays   bool // they said yes, or spoke since

	purpose string
}

// Asked tells what a link is about, and changes nothing. A link that is none is confirmation.not_found, one that is too old confirmation.gone.
func (s *Service) Asked(ctx context.Context, token string) (q Question, err error) {
	err = s.o.DB.Read(ctx, func(tx *db.Tx) error {
		q, err = s.askedIn(tx, token)
		return err
	})
	return q, err
}

func (s *Service) askedIn(tx *db.Tx, token string) (q Question, err error) {
	payload, err := s.o.Box.OpenToken(stayPurpose, token, tx.Now())
	if errors.Is(err, seal.ErrExpired) {
		return q, fault.Gone("confirmation").Because(err)
	}
	if err != nil || len(payload) != 3 {
		return q, fault.NotFound("confirmation")
	}
	if q.Contact, err = fact.Parse[fact.ContactID](payload[0]); err != nil {
		return q, fault.NotFound("confirmation")
	}
	q.purpose, q.Lang = payload[1], payload[2]
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return q, err
	}
	q.House = h.Name
	c, err := s.o.Contacts.GetIn(tx, q.Contact)
	if fault.Is(err, fault.KindNotFound) {
		q.Gone = true
		return q, nil
	}
	if err != nil {
		return q, err
	}
	q.Contact = c.ID // of whom they were merged with
	rows, err := db.AllIn(tx, qIn, scan, []fact.ContactID{c.ID})
	q.Stays = len(rows) == 0
	return q, err
}

// Stay notes that somebody wishes to stay in touch: an agreement in the words of the button, wording, which they read on a page. A second time
// changes nothing.
func (s *Service) Stay(ctx context.Context, token, wording, version, page string) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		q, err := s.askedIn(tx, token)
		if err != nil || q.Gone || q.Stays {
			return err
		}
		given, err := s.o.Consents.GivenIn(tx, []fact.ContactID{q.Contact}) // the law that held for them holds on
		if err != nil {
			return err
		}
		if _, err := s.o.Consents.RecordIn(tx, actor.System(), q.Contact, consent.Evidence{Channel: contact.Email, Purpose: q.purpose,
			Basis: consent.Agreement, Jurisdiction: given[q.Contact].Law, Wording: wording, Version: version, Lang: q.Lang, Source: page, At: tx.Now()}); err != nil {
			return err
		}
		return drop(tx, q.Contact)
	})
}

// Forget erases somebody at once who says no.
func (s *Service) Forget(ctx context.Context, token string) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		q, err := s.askedIn(tx, token)
		if err != nil || q.Gone || q.Stays {
			return err
		}
		return s.o.Contacts.EraseIn(tx, actor.System(), q.Contact)
	})
}
