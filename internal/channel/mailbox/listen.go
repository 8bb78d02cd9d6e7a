package mailbox

import (
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
)

// answered mails an answer to whoever it answers, when it leaves by mail.
func (s *Service) answered(tx *db.Tx, e bus.Event, f fact.MessageAnswered) error {
	if e.Backfill || f.Channel != "mail" {
		return nil
	}
	found, err := s.o.Inbox.ByIDs(tx, []fact.MessageID{f.Answer, f.To})
	if err != nil {
		return err
	}
	answer, said := found[f.Answer], found[f.To]
	to, handle, err := s.recipient(tx, said)
	if err != nil || to.IsZero() {
		return err
	}
	from, err := s.fromIn(tx, answer.Voice)
	if err != nil {
		return err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return err
	}
	l := s.letter(said.Lang)
	subject := "Re: " + said.Subject // the mark by which every program knows an answer (RFC 5322, 3.6.5)
	if said.Kind == inbox.KindComment {
		page := s.postLink(tx, said.Post)
		l.say("mail.answer.hello", said.Name)
		l.say("mail.answer.comment", answer.Name, said.Subject)
		l.words(answer.Body, page)
		if page != "" {
			l.link("mail.answer.read", page+"#c-"+answer.ID.String())
		}
		l.quote(l.t("mail.answer.you_wrote", l.day(said.At, h.Location())), said.Body)
		if !handle.Verified() {
			l.link("mail.answer.confirm", s.confirmLink(tx, handle.ID))
		}
		l.small("mail.answer.why_comment")
	} else {
		l.words(answer.Body, s.absolute("/"))
		l.sign(answer.Name, h.Name, s.absolute("/"))
		l.quote(l.t("mail.answer.you_wrote", l.day(said.At, h.Location())), said.Body)
	}
	m := l.message(from, to, subject)
	m.ID, m.InReplyTo, m.AutoSubmitted = answer.MailID, said.MailID, "no"
	if m.References, err = s.thread(tx, answer); err != nil {
		return err
	}
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Kind: delivery.KindAnswer, Key: "answer/" + answer.ID.String(), Mail: m, Contact: said.Contact, Message: answer.ID,
	})
	return err
}

// approved mails the link that proves an address, once for each address, to whoever's comment now appears.
func (s *Service) approved(tx *db.Tx, e bus.Event, f fact.MessageApproved) error {
	if e.Backfill {
		return nil
	}
	found, err := s.o.Inbox.ByIDs(tx, []fact.MessageID{f.Message})
	if err != nil {
		return err
	}
	said := found[f.Message]
	if said.Kind != inbox.KindComment || said.Attention == inbox.Answered && said.Notify {
		return nil // a request confirms nothing; an answer that approves carries the link itself
	}
	to, handle, err := s.recipient(tx, said)
	if err != nil || to.IsZero() || handle.Verified() {
		return err
	}
	from, err := s.fromIn(tx, said.Voice)
	if err != nil {
		return err
	}
	l := s.letter(said.Lang)
	l.say("mail.confirm.hello", said.Name)
	l.say("mail.confirm.text", said.Subject)
	if page := s.postLink(tx, said.Post); page != "" {
		l.link("mail.confirm.read", page+"#c-"+said.ID.String())
	}
	l.say("mail.confirm.click")
	l.link("mail.confirm.link", s.confirmLink(tx, handle.ID))
	l.small("mail.confirm.not_you")
	m := l.message(from, to, l.t("mail.confirm.subject", said.Subject))
	m.InReplyTo, m.AutoSubmitted = said.MailID, "auto-generated"
	_, err = s.o.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{
		Kind: delivery.KindConfirmation, Key: "confirm/" + handle.ID.String(), Mail: m, Contact: said.Contact, Message: said.ID,
	})
	return err
}

// recipient returns the address that a message came from, zero when it had none.
func (s *Service) recipient(tx *db.Tx, m inbox.Message) (mail.Address, contact.Handle, error) {
	if m.Handle.IsZero() {
		return mail.Address{}, contact.Handle{}, nil
	}
	h, err := s.o.Contacts.HandleIn(tx, m.Handle)
	if err != nil || h.Channel != contact.Email {
		return mail.Address{}, h, err
	}
	return mail.Address{Name: m.Name, Email: h.Value}, h, nil
}

// thread returns the Message-IDs of what was said before in the conversation of m, oldest first.
func (s *Service) thread(tx *db.Tx, m inbox.Message) ([]string, error) {
	_, all, err := s.o.Inbox.ConversationIn(tx, actor.System(), m.Conversation)
	var ids []string
	for _, other := range all {
		if other.ID != m.ID && other.MailID != "" && (other.Direction == inbox.Out || other.ID == m.Parent) {
			ids = append(ids, other.MailID)
		}
	}
	return ids, err
}

// letter begins a mail in the language lang of its reader.
func (s *Service) letter(lang string) *letter {
	l, ok := i18n.Parse(lang)
	if !ok {
		l = i18n.FrFR
	}
	return &letter{lang: l, catalog: s.catalog}
}

// quoted is how much of what somebody wrote is sent back to them, in characters.
const quoted = 2000

func clipped(s string) string {
	if r := []rune(s); len(r) > quoted {
		return strings.TrimSpace(string(r[:quoted])) + "…"
	}
	return s
}
