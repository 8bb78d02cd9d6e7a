package mailbox

import (
	"fmt"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail/compose"
)

// answered has an answer mailed to whoever it answers, when it leaves by mail.
func (s *Service) answered(tx *db.Tx, e bus.Event, f fact.MessageAnswered) error {
	if e.Backfill || f.Channel != Channel.Way {
		return nil
	}
	found, err := s.o.Inbox.ByIDsIn(tx, []fact.MessageID{f.Answer, f.To})
	if err != nil {
		return err
	}
	answer, said := found[f.Answer], found[f.To]
	to, err := s.recipient(tx, said)
	if err != nil || to.ID.IsZero() {
		return err
	}
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: KindAnswer, Key: "answer/" + answer.ID.String(), Voice: answer.Voice, Contact: said.Contact, Handle: to.ID,
		About: about(answer), Recipient: to.Value, Subject: answerSubject(said), External: answer.MailID,
	})
	return err
}

// approved has the link that proves an address and a name mailed, once for both, to whoever's comment now appears.
func (s *Service) approved(tx *db.Tx, e bus.Event, f fact.MessageApproved) error {
	if e.Backfill {
		return nil
	}
	said, to, err := s.commented(tx, f.Message)
	if err != nil || to.ID.IsZero() || said.Attention == inbox.Answered && said.Notify {
		return err // an answer that approves carries the link itself
	}
	ask, round, err := s.o.Inbox.AskProofIn(tx, said, to)
	if err != nil || !ask {
		return err
	}
	return s.tellOwner(tx, KindConfirmation, fmt.Sprintf("confirm/%s/%d", said.ID, round), said, to)
}

// published tells whoever owns an address that a comment appeared under it at once.
func (s *Service) published(tx *db.Tx, e bus.Event, f fact.MessageReceived) error {
	if e.Backfill || f.State != inbox.Open {
		return nil
	}
	said, to, err := s.commented(tx, f.Message)
	if err != nil || to.ID.IsZero() {
		return err
	}
	return s.tellOwner(tx, KindPublished, "published/"+said.ID.String(), said, to)
}

// commented returns a comment and the address that it came from; the zero handle for what is no comment or has none.
func (s *Service) commented(tx *db.Tx, id fact.MessageID) (said inbox.Message, to contact.Handle, err error) {
	found, err := s.o.Inbox.ByIDsIn(tx, []fact.MessageID{id})
	if err != nil || found[id].Kind != inbox.KindComment {
		return said, to, err
	}
	to, err = s.recipient(tx, found[id])
	return found[id], to, err
}

// tellOwner has a mail sent to whoever owns an address, which says that a comment is published under it.
func (s *Service) tellOwner(tx *db.Tx, kind, key string, said inbox.Message, to contact.Handle) error {
	_, err := s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Channel: mailer.Channel, Kind: kind, Key: key, Contact: said.Contact, Handle: to.ID, About: about(said), Recipient: to.Value,
		Subject: compose.New(s.catalog, said.Lang).T("mail.confirm.subject", subject(said)),
	})
	return err
}

// readdressed sends what waits for an address that was mistyped to the right one.
func (s *Service) readdressed(tx *db.Tx, _ bus.Event, f fact.HandleChanged) error {
	now, err := s.o.Contacts.HandleIn(tx, f.Handle)
	if err != nil {
		return err
	}
	return s.o.Deliveries.ReaddressIn(tx, f.Contact, f.Was, now.ID, now.Value)
}

func about(m inbox.Message) delivery.Ref {
	return delivery.Ref{Kind: delivery.RefMessage, ID: int64(m.ID)}
}

// recipient returns the e-mail address that a message came from, the zero handle when it had none.
func (s *Service) recipient(tx *db.Tx, m inbox.Message) (contact.Handle, error) {
	if m.Handle.IsZero() {
		return contact.Handle{}, nil
	}
	h, err := s.o.Contacts.HandleIn(tx, m.Handle)
	if fault.Is(err, fault.KindNotFound) || err == nil && h.Channel != contact.Email {
		return contact.Handle{}, nil
	}
	return h, err
}
