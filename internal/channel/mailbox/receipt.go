package mailbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
	"causerie/internal/platform/queue"
)

// KindReceipt says to who asked for something that it came. It goes to an address that anybody may have typed, so it holds
// nothing that they typed, and leaves once a day for an address (docs/decisions/0009): nobody can say anything by it.
const KindReceipt = "receipt"

// fresh is how long a receipt may wait before it leaves: then it tells nothing any more.
const fresh = 48 * time.Hour

// Why a receipt does not leave after all; the words are delivery.reason.<reason>.
const (
	settled = "settled" // it was answered, or is no request
	late    = "late"
)

// receiptAfter is how long a request waits for its receipt. What is answered before needs none: whoever asked gets one mail, not two.
const receiptAfter = 5 * time.Second

const receiptJob = "mailbox.receipt"

// receiptFor is the body of a receiptJob.
type receiptFor struct {
	Message fact.MessageID `json:"message"`
}

// received has a receipt made after receiptAfter for who asked for something, unless what they sent looks like spam or the form
// that brought it says that enough of them left for where it came from (Message.Notify).
func (s *Service) received(tx *db.Tx, e bus.Event, f fact.MessageReceived) error {
	if e.Backfill || f.What != inbox.KindRequest || f.State != inbox.Open {
		return nil
	}
	said, err := s.message(tx, f.Message)
	if err != nil || !said.Notify {
		return err
	}
	_, err = s.o.Queue.Enqueue(tx, receiptJob, receiptFor{f.Message}, queue.Put{
		Key: receiptKey(f.Message), DueAt: tx.Now().Add(receiptAfter),
	})
	return err
}

func receiptKey(id fact.MessageID) string { return fmt.Sprintf("receipt/%v", id) }

// Receive does now what the job of a request would do, on the goroutine of the caller: for the demo, whose clock moves.
func (s *Service) Receive(ctx context.Context, id fact.MessageID) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		job, found, err := s.o.Queue.ByKey(tx, receiptKey(id))
		if err != nil || !found {
			return err
		}
		if err := s.o.Queue.Cancel(tx, job.ID); err != nil {
			return err
		}
		return s.receipt(tx, receiptFor{id})
	})
}

// receipt hands a receipt to the outbox, unless the request was settled meanwhile or its voice sends none.
func (s *Service) receipt(tx *db.Tx, f receiptFor) error {
	found, err := s.o.Inbox.ByIDsIn(tx, []fact.MessageID{f.Message})
	said := found[f.Message]
	if err != nil || said.ID.IsZero() || isSettled(said) {
		return err
	}
	to, err := s.recipient(tx, said)
	if err != nil || to.ID.IsZero() {
		return err
	}
	v, err := s.o.Voices.GetIn(tx, said.Voice)
	if err != nil || !v.Receipts {
		return err
	}
	from, err := s.fromIn(tx, v.ID)
	if err != nil || strings.EqualFold(from.Email, to.Value) {
		return err // the house does not write to itself
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return err
	}
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: KindReceipt, Key: fmt.Sprintf("receipt/%v/%v", to.ID, clock.DayOf(tx.Now(), h.Location())), Voice: v.ID,
		Contact: said.Contact, Handle: to.ID, About: about(said), Recipient: to.Value,
		Subject: compose.New(s.catalog, said.Lang).T("mail.receipt.subject", v.Name),
	})
	return err
}

// isSettled tells whether a request needs no receipt any more: it was answered, or turned out to be none.
func isSettled(m inbox.Message) bool {
	return m.Moderation != inbox.Visible || m.Attention == inbox.Answered
}

// composeReceipt makes it, in the words of the voice.
func (s *Service) composeReceipt(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	if tx.Now().Sub(d.CreatedAt) > fresh {
		return m, delivery.Refusal{Reason: late}
	}
	said, err := s.message(tx, d.Message())
	if err != nil {
		return m, err
	}
	if isSettled(said) {
		return m, delivery.Refusal{Reason: settled}
	}
	v, err := s.o.Voices.GetIn(tx, said.Voice)
	if err != nil {
		return m, err
	}
	from, err := s.fromIn(tx, v.ID)
	if err != nil {
		return m, err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return m, err
	}
	draft := compose.New(s.catalog, said.Lang)
	if v.Receipt == "" {
		draft.Say("mail.receipt.words")
	} else {
		draft.Words(v.Lang, v.Receipt)
	}
	draft.Sign(v.Name, h.Name, s.absolute("/"))
	draft.Small("mail.receipt.why", h.Name)
	draft.Imprint(h.Imprint())
	m = draft.Message(from, mail.Address{Email: d.Recipient}, draft.T("mail.receipt.subject", v.Name))
	m.InReplyTo, m.AutoSubmitted = said.MailID, "auto-replied"
	return m, nil
}
