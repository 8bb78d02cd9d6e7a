package mailbox

import (
	"net/url"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
	"causerie/internal/platform/text"
)

// answerSubject begins with the mark by which every program knows an answer (RFC 5322, 3.6.5).
func answerSubject(said inbox.Message) string { return "Re: " + subject(said) }

// subject is what a message is about, typeset in its language.
func subject(said inbox.Message) string { return text.Typeset(said.Lang, said.Subject) }

// composeAnswer makes the mail of an answer, from the answer and from what it answers as they are when it leaves.
func (s *Service) composeAnswer(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	answer, err := s.message(tx, d.Message())
	if err != nil {
		return m, err
	}
	said, err := s.message(tx, answer.Parent)
	if err != nil {
		return m, err
	}
	from, err := s.fromIn(tx, answer.Voice)
	if err != nil {
		return m, err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return m, err
	}
	draft := compose.New(s.catalog, said.Lang)
	stop := "" // the address that ends these mails, where there may be more of them
	wrote := draft.T("mail.answer.you_wrote", draft.Date(said.At, h.Location()))
	if said.Kind == inbox.KindComment {
		page, err := s.postLink(tx, said.Post)
		if err != nil {
			return m, err
		}
		draft.Say("mail.answer.hello", said.Name)
		draft.Say("mail.answer.comment", answer.Name, subject(said))
		draft.Markdown(answer.Body, page)
		if page != "" {
			draft.Link("mail.answer.read", page+"#c-"+answer.ID.String())
		}
		draft.Quote(wrote, said.Body)
		handle, err := s.recipient(tx, said)
		if err != nil {
			return m, err
		}
		if err := s.askProof(tx, draft, said, handle); err != nil {
			return m, err
		}
		draft.Small("mail.answer.why_comment")
		stop = s.absolute("/unsubscribe?t=" + url.QueryEscape(s.o.Inbox.StopToken(said.Handle, said.Post)))
		draft.SmallLink("mail.answer.stop", stop)
	} else {
		draft.Markdown(answer.Body, s.absolute("/"))
		draft.Sign(answer.Name, h.Name, s.absolute("/"))
		draft.Quote(wrote, said.Body)
	}
	draft.Imprint(h.Imprint())
	m = draft.Message(from, mail.Address{Name: said.Name, Email: d.Recipient}, d.Subject)
	m.InReplyTo, m.AutoSubmitted = said.MailID, "no"
	if stop != "" {
		m.ListUnsubscribe, m.ListUnsubscribePost = stop, "List-Unsubscribe=One-Click"
	}
	m.References, err = s.thread(tx, answer)
	return m, err
}

// askProof adds the link by which whoever owns h says that they wrote said, unless they did.
func (s *Service) askProof(tx *db.Tx, draft *compose.Draft, said inbox.Message, h contact.Handle) error {
	if h.ID.IsZero() {
		return nil
	}
	proved, err := s.o.Inbox.ProvedIn(tx, said, h)
	if err != nil || proved {
		return err
	}
	link, err := s.confirmLink(tx, said, h.ID)
	draft.Button("mail.answer.confirm", link)
	return err
}

// composeConfirmation makes the mail with the link that proves an address, and the name under which it writes.
func (s *Service) composeConfirmation(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	said, err := s.message(tx, d.Message())
	if err != nil {
		return m, err
	}
	draft, err := s.aboutPublished(tx, said)
	if err != nil {
		return m, err
	}
	link, err := s.confirmLink(tx, said, d.Handle)
	if err != nil {
		return m, err
	}
	draft.Say("mail.confirm.click")
	draft.Button("mail.confirm.link", link)
	return s.toOwner(tx, d, said, draft)
}

// composePublished makes the mail that tells whoever owns an address that a comment appeared under it, unread: anybody could have
// typed it.
func (s *Service) composePublished(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	said, err := s.message(tx, d.Message())
	if err != nil {
		return m, err
	}
	draft, err := s.aboutPublished(tx, said)
	if err != nil {
		return m, err
	}
	return s.toOwner(tx, d, said, draft)
}

// aboutPublished begins a mail that says that a comment is published.
func (s *Service) aboutPublished(tx *db.Tx, said inbox.Message) (*compose.Draft, error) {
	draft := compose.New(s.catalog, said.Lang)
	page, err := s.postLink(tx, said.Post)
	if err != nil {
		return draft, err
	}
	draft.Say("mail.confirm.hello", said.Name)
	draft.Say("mail.confirm.text", subject(said))
	if page != "" {
		draft.Link("mail.confirm.read", page+"#c-"+said.ID.String())
	}
	return draft, nil
}

// toOwner ends a mail to whoever owns an address, with the link that says that it was not them.
func (s *Service) toOwner(tx *db.Tx, d delivery.Delivery, said inbox.Message, draft *compose.Draft) (mail.Message, error) {
	from, err := s.fromIn(tx, said.Voice)
	if err != nil {
		return mail.Message{}, err
	}
	draft.Say("mail.confirm.not_you")
	draft.Link("mail.confirm.not_me", s.disownLink(tx, said, d.Handle))
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return mail.Message{}, err
	}
	draft.Imprint(h.Imprint())
	m := draft.Message(from, mail.Address{Name: said.Name, Email: d.Recipient}, d.Subject)
	m.InReplyTo, m.AutoSubmitted = said.MailID, "auto-generated"
	return m, nil
}

// message returns one message, or fault.NotFound.
func (s *Service) message(tx *db.Tx, id fact.MessageID) (inbox.Message, error) {
	found, err := s.o.Inbox.ByIDsIn(tx, []fact.MessageID{id})
	if err == nil && found[id].ID.IsZero() {
		err = fault.NotFound("message")
	}
	return found[id], err
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
