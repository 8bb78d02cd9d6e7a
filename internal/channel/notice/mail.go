package notice

import (
	"fmt"
	"net/url"

	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
	"causerie/internal/platform/text"
)

const (
	shown   = 8   // things that one mail shows; it counts the others
	excerpt = 300 // characters shown of each
)

// batch is the parcel of a mail: what was told to whom then.
type batch struct {
	To told  `json:"to"`
	At int64 `json:"at"` // notices.told_at
}

// mailHouse hands a mail to the outbox that tells an account of things.
func (s *Service) mailHouse(tx *db.Tx, a account.Account, tell []item) error {
	if len(tell) == 0 {
		return nil
	}
	return s.enqueue(tx, delivery.Outgoing{
		Kind: KindNotice, Key: fmt.Sprintf("notice/%v/%v", a.ID, tell[0].message), About: delivery.Ref{Kind: delivery.RefAccount, ID: int64(a.ID)},
		Recipient: a.Email, Subject: subject(compose.New(s.catalog, a.Lang), tell),
	}, told{Account: a.ID})
}

// mailReader hands a mail to the outbox that tells a reader of answers.
func (s *Service) mailReader(tx *db.Tx, to told, tell []item) error {
	if len(tell) == 0 {
		return nil
	}
	things, err := s.forReader(tx, to, tell)
	if err != nil || len(things) == 0 {
		return err
	}
	h, err := s.addressOf(tx, to.Handle)
	if err != nil || h.ID.IsZero() {
		return err
	}
	m, under := things[0].m, things[0].under
	return s.enqueue(tx, delivery.Outgoing{
		Kind: KindFollow, Key: fmt.Sprintf("follow/%v/%v", h.ID, m.ID), Voice: m.Voice, Contact: h.Contact, Handle: h.ID,
		About: delivery.Ref{Kind: delivery.RefMessage, ID: int64(m.ID)}, Recipient: h.Value,
		Subject: compose.New(s.catalog, under.Lang).T("mail.follow.subject", len(things), about(under)),
	}, to)
}

func (s *Service) enqueue(tx *db.Tx, o delivery.Outgoing, to told) error {
	o.Channel, o.Parcel = mailer.Channel, batch{to, tx.Now().UnixMilli()}
	_, err := s.o.Deliveries.EnqueueIn(tx, actor.System(), o)
	return err
}

// subject says how many of what wait, and nothing of who or what.
func subject(d *compose.Draft, tell []item) string {
	n := map[what]int{}
	for _, it := range tell {
		n[it.what]++
	}
	for _, w := range []what{request, held, published} {
		if n[w] == len(tell) {
			return d.T("mail.notice.subject."+string(w), len(tell))
		}
	}
	return d.T("mail.notice.subject.mixed", len(tell))
}

// itemsOf returns what a mail tells of.
func itemsOf(tx *db.Tx, d delivery.Delivery) (b batch, all []item, err error) {
	if err := d.ReadParcel(&b); err != nil {
		return b, nil, err
	}
	all, err = db.All(tx, qTold, scanItem, b.To.args(b.At)...)
	return b, all, err
}

// composeNotice makes the mail to an account, of what still waits for it.
func (s *Service) composeNotice(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	if tx.Now().Sub(d.CreatedAt) > good {
		return m, delivery.Refusal{Reason: Late}
	}
	b, all, err := itemsOf(tx, d)
	if err != nil {
		return m, err
	}
	a, found, err := s.o.Accounts.ActiveIn(tx, b.To.Account)
	if err != nil {
		return m, err
	}
	var things []thing
	if found && a.Email == d.Recipient { // an address that they left is told nothing
		if things, err = s.forAccount(tx, a.Actor(), all); err != nil {
			return m, err
		}
	}
	if len(things) == 0 {
		return m, delivery.Refusal{Reason: Settled}
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return m, err
	}
	from, err := s.o.Mailer.HouseAddressIn(tx)
	if err != nil {
		return m, err
	}
	draft := compose.New(s.catalog, a.Lang)
	draft.Say("mail.notice.hello", a.Name)
	still := make([]item, 0, len(things))
	for i, th := range things {
		if still = append(still, th.item); i < shown {
			if err := s.show(tx, draft, th, h); err != nil {
				return m, err
			}
		}
	}
	if n := len(things) - shown; n > 0 {
		draft.Say("mail.notice.more", n)
	}
	if len(things) > 1 {
		draft.Link("mail.notice.all", s.house("/app/inbox"))
	}
	draft.Small("mail.notice.reply")
	draft.SmallLink("mail.notice.settings", s.house("/app/settings/notices"))
	to := mail.Address{Name: a.Name, Email: d.Recipient}
	m = draft.Message(from, to, subject(draft, still))
	m.ReplyTo, m.AutoSubmitted = to, "auto-generated" // a careless reply comes back to whoever wrote it
	return m, nil
}

// show tells who said what where, and leads to the conversation.
func (s *Service) show(tx *db.Tx, draft *compose.Draft, th thing, h house.House) error {
	where := about(th.m)
	if th.what == request {
		v, err := s.o.Voices.GetIn(tx, th.m.Voice)
		if err != nil {
			return err
		}
		where = v.Name
	}
	zone, key := h.Location(), "mail.notice."+string(th.what)
	at := draft.T("mail.notice.at", draft.Date(th.m.At, zone), draft.Hour(th.m.At, zone))
	draft.Quote(draft.T(key, th.m.Name, where, at), words(th))
	if th.m.Phone != "" {
		draft.Say("mail.notice.phone", th.m.Phone)
		if number, ok := text.FoldPhone(th.m.Phone, h.Country); ok {
			draft.Link("mail.notice.call", "tel:"+number)
		}
	}
	draft.Link(key+".open", s.house("/app/inbox/"+th.m.ID.String()))
	return nil
}

// about is what a message is about, set as its language is.
func about(m inbox.Message) string { return text.Typeset(m.Lang, m.Subject) }

// words are the first words of a message, set as its language is.
func words(th thing) string {
	return text.Typeset(th.m.Lang, text.Opening(th.m.Body, excerpt))
}

// composeFollow makes the mail to a reader, of what strangers still see under what they wrote.
func (s *Service) composeFollow(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	b, all, err := itemsOf(tx, d)
	if err != nil {
		return m, err
	}
	things, err := s.forReader(tx, b.To, all)
	if err != nil {
		return m, err
	}
	if len(things) == 0 {
		return m, delivery.Refusal{Reason: Settled}
	}
	first := things[0]
	h, err := s.addressOf(tx, b.To.Handle)
	if err != nil {
		return m, err
	}
	reach, err := s.o.Inbox.ReachIn(tx, first.under, h)
	if err != nil {
		return m, err
	}
	v, err := s.o.Voices.GetIn(tx, first.m.Voice)
	if err != nil {
		return m, err
	}
	draft := compose.New(s.catalog, first.under.Lang)
	draft.Say("mail.follow.hello", first.under.Name)
	for _, th := range things[:min(shown, len(things))] {
		draft.Quote(draft.T("mail.follow.said", th.m.Name, about(th.under)), words(th))
		draft.Link("mail.follow.read", th.page)
	}
	if n := len(things) - shown; n > 0 {
		draft.Say("mail.follow.more", n)
	}
	stop := s.house("/unsubscribe?t=" + url.QueryEscape(s.o.Inbox.StopToken(b.To.Handle, b.To.Post)))
	draft.Small("mail.follow.why")
	draft.SmallLink("mail.follow.stop", stop)
	house, err := s.o.House.GetIn(tx)
	if err != nil {
		return m, err
	}
	draft.Imprint(house.Imprint())
	m = draft.Message(mail.Address{Name: v.Name, Email: reach.From}, mail.Address{Name: first.under.Name, Email: d.Recipient},
		draft.T("mail.follow.subject", len(things), about(first.under)))
	m.InReplyTo, m.AutoSubmitted = first.under.MailID, "auto-generated"
	m.ListUnsubscribe, m.ListUnsubscribePost = stop, "List-Unsubscribe=One-Click"
	return m, nil
}

func (s *Service) house(path string) string { return s.o.Places.Last().House(path) }
