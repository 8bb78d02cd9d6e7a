package newsletter

import (
	"fmt"
	"strings"

	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
)

// asked has the mail sent that asks whether a wish is its reader's. It says nothing else: no word of promotion may be in it.
func (s *Service) asked(tx *db.Tx, _ bus.Event, f fact.SubscriptionAsked) error {
	a, err := s.o.Subscriptions.AskIn(tx, f.Ask)
	if err != nil {
		return err
	}
	from, err := s.fromIn(tx, a.Follows[0].Voice)
	if err != nil {
		return err
	}
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: KindConfirm, Key: fmt.Sprintf("%s/%v", KindConfirm, a.ID), Voice: a.Follows[0].Voice,
		About: delivery.Ref{Kind: delivery.RefAsk, ID: int64(a.ID)}, Recipient: a.Email,
		Subject: compose.New(s.catalog, a.Lang).T("mail.subscription.subject", from.Name),
	})
	return err
}

func (s *Service) composeConfirm(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	a, err := s.o.Subscriptions.AskIn(tx, fact.AskID(d.About.ID))
	if err != nil {
		return m, err
	}
	if !a.ConfirmedAt.IsZero() {
		return m, delivery.Refusal{Reason: delivery.Gone}
	}
	from, err := s.fromIn(tx, d.Voice)
	if err != nil {
		return m, err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return m, err
	}
	names, err := s.namesIn(tx, a.Follows)
	if err != nil {
		return m, err
	}
	draft := compose.New(s.catalog, a.Lang)
	draft.Say("mail.hello")
	draft.Say("mail.subscription.text", strings.Join(names, ", "), draft.T("mail.subscription."+a.Rhythm))
	draft.Button("mail.subscription.link", s.link("/subscribe/confirm", s.o.Subscriptions.ConfirmToken(a)))
	draft.Small("mail.subscription.not_you")
	draft.Sign(from.Name, h.Name, s.o.Places.Last().House("/"))
	draft.Imprint(h.Imprint())
	m = draft.Message(from, mail.Address{Email: d.Recipient}, d.Subject)
	m.AutoSubmitted = "auto-generated"
	return m, nil
}

// namesIn returns what follows are called: « Claire Aubin », « Claire Aubin, Métier ».
func (s *Service) namesIn(tx *db.Tx, all []subscription.Follow) (names []string, err error) {
	offered, err := s.o.Subscriptions.OfferedIn(tx)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if name := subscription.NameOf(offered, f); name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}

// ownAsked has the link mailed by which the reader of an address sees what is held about them.
func (s *Service) ownAsked(tx *db.Tx, _ bus.Event, f fact.OwnDataAsked) error {
	h, err := s.o.Contacts.HandleIn(tx, f.Handle)
	if err != nil {
		return err
	}
	person, err := s.o.Contacts.GetIn(tx, h.Contact)
	if err != nil {
		return err
	}
	from, err := s.o.Mailer.HouseAddressIn(tx)
	if err != nil {
		return err
	}
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: KindOwn, Key: fmt.Sprintf("%s/%v/%d", KindOwn, h.ID, tx.Now().Unix()/int64(ownCalm.Seconds())),
		Contact: person.ID, Handle: h.ID, Recipient: h.Value, Subject: compose.New(s.catalog, person.Lang).T("mail.own_data.subject", from.Name),
	})
	return err
}

func (s *Service) composeOwn(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	h, err := s.o.Contacts.HandleIn(tx, d.Handle)
	if err != nil {
		return m, err
	}
	person, err := s.o.Contacts.GetIn(tx, h.Contact)
	if err != nil {
		return m, err
	}
	from, err := s.o.Mailer.HouseAddressIn(tx)
	if err != nil {
		return m, err
	}
	draft := compose.New(s.catalog, person.Lang)
	draft.Say("mail.hello")
	draft.Say("mail.own_data.text", from.Name)
	draft.Button("mail.own_data.link", s.link("/subscribe/own", s.o.Subscriptions.OwnToken(h.ID, tx.Now())))
	draft.Small("mail.own_data.not_you")
	house, err := s.o.House.GetIn(tx)
	if err != nil {
		return m, err
	}
	draft.Imprint(house.Imprint())
	m = draft.Message(from, mail.Address{Name: person.Name, Email: d.Recipient}, d.Subject)
	m.AutoSubmitted = "auto-generated"
	return m, nil
}
