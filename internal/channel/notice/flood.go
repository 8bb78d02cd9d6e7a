package notice

import (
	"context"
	"fmt"

	"causerie/internal/core/account"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
	"causerie/internal/platform/queue"
)

const floodJob = "notice.flood"

// flooded is the body of the job that tells an owner.
type flooded struct {
	Account fact.AccountID `json:"account"`
	Day     string         `json:"day"` // on which they are told, YYYY-MM-DD
}

// flood has each owner told that somebody tries to flood mailboxes through the house, behind their quiet hours.
func (s *Service) flood(tx *db.Tx, e bus.Event, _ fact.SubscriptionsFlooded) error {
	if e.Backfill {
		return nil
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return err
	}
	owners, err := s.o.Accounts.MayIn(tx, actor.Owner, 0)
	if err != nil {
		return err
	}
	for _, a := range owners {
		c, err := choiceIn(tx, a.ID)
		if err != nil {
			return err
		}
		at, _ := c.quietAt(tx.Now(), h.Location())
		day := clock.DayOf(at, h.Location())
		put := queue.Put{Key: fmt.Sprintf("%s/%v/%v", floodJob, a.ID, day), DueAt: at} // what came before midnight is told with what came behind
		if _, err := s.o.Queue.Enqueue(tx, floodJob, flooded{a.ID, day.String()}, put); err != nil {
			return err
		}
	}
	return nil
}

// tellFlood hands the mail to one owner to the outbox.
func (s *Service) tellFlood(ctx context.Context, f flooded) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		a, found, err := s.o.Accounts.ActiveIn(tx, f.Account)
		if err != nil || !found {
			return err
		}
		_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: mailer.Channel, Kind: KindFlood, Key: fmt.Sprintf("flood/%v/%s", f.Account, f.Day),
			About: delivery.Ref{Kind: delivery.RefAccount, ID: int64(a.ID)}, Recipient: a.Email, Subject: compose.New(s.catalog, a.Lang).T("mail.flood.subject")})
		return err
	})
}

// composeFlood says how much was refused and roughly from where, as it is now: that it is mostly nothing to act on, and what one may do.
func (s *Service) composeFlood(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	if tx.Now().Sub(d.CreatedAt) > good {
		return m, delivery.Refusal{Reason: Late}
	}
	a, err := s.ownerOf(tx, d)
	if err != nil {
		return m, err
	}
	f, err := s.o.Flood(tx)
	if err != nil {
		return m, err
	}
	if a.ID.IsZero() || f.Asks == 0 {
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
	draft.Say("mail.flood.what", f.Asks, draft.Date(f.Since, h.Location()), draft.Hour(f.Since, h.Location()))
	draft.Say("mail.flood.safe")
	if len(f.Networks) > 0 {
		parts := make([]string, len(f.Networks))
		for i, n := range f.Networks {
			parts[i] = draft.T("mail.flood.network", n.Asks, n.Name)
		}
		draft.Say("mail.flood.from", i18n.Join(i18n.Lang(a.Lang), parts))
	}
	draft.Say("mail.flood.nothing")
	draft.Link("mail.flood.today", s.house("/app/"))
	draft.Small("mail.flood.once")
	to := mail.Address{Name: a.Name, Email: d.Recipient}
	m = draft.Message(from, to, d.Subject)
	m.ReplyTo, m.AutoSubmitted = to, "auto-generated"
	return m, nil
}

// ownerOf returns the account to which a mail goes, zero when it is no owner's any more, or has another address.
func (s *Service) ownerOf(tx *db.Tx, d delivery.Delivery) (a account.Account, err error) {
	a, found, err := s.o.Accounts.ActiveIn(tx, fact.AccountID(d.About.ID))
	if err != nil || !found || a.Email != d.Recipient || a.Actor().On(0) < actor.Owner {
		return account.Account{}, err
	}
	return a, nil
}
