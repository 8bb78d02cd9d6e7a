package mailbox

import (
	"net/url"

	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
)

// answerSubject begins with the mark by which every program knows an answer (RFC 5322, 3.6.5).
func answerSubject(said inbox.Message) string { return "Re: " + said.Subject }

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
		draft.Say("mail.answer.comment", answer.Name, said.Subject)
		draft.Markdown(answer.Body, page)
		if page != "" {
			draft.Link("mail.answer.read", page+"#c-"+answer.ID.String())
		}
		draft.Quote(wrote, said.Body)
		handle, err := s.recipient(tx, said)
		if err != nil {
			return m, err
		}
		if !handle.ID.IsZero() && !handle.Verified() {
			draft.Link("mail.answer.confirm", s.confirmLink(tx, handle.ID))
		}
		draft.Small("mail.answer.why_comment")
		stop = s.absolute("/unsubscribe?t=" + url.QueryEscape(s.o.Inbox.StopToken(said.Handle, said.Post)))
		draft.SmallLink("mail.answer.stop", stop)
	} else {
		draft.Markdown(answer.Body, s.absolute("/"))
		draft.Sign(answer.Name, h.Name, s.absolute("/"))
		draft.Quote(wrote, said.Body)
	}
	m = draft.Message(from, mail.Address{Name: said.Name, Email: d.Recipient}, d.Subject)
	m.InReplyTo, m.AutoSubmitted = said.MailID, "no"
	if stop != "" {
		m.ListUnsubscribe, m.ListUnsubscribePost = stop, "List-Unsubscribe=One-Click"
	}
	m.References, err = s.thread(tx, answer)
	return m, err
}

// composeConfirmation makes the mail with the link that proves an address.
func (s *Service) composeConfirmation(tx *db.Tx, d delivery.Delivery) (m mail.Message, err error) {
	said, err := s.message(tx, d.Message())
	if err != nil {
		return m, err
	}
	from, err := s.fromIn(tx, said.Voice)
	if err != nil {
		return m, err
	}
	page, err := s.postLink(tx, said.Post)
	if err != nil {
		return m, err
	}
	draft := compose.New(s.catalog, said.Lang)
	draft.Say("mail.confirm.hello", said.Name)
	draft.Say("mail.confirm.text", said.Subject)
	if page != "" {
		draft.Link("mail.confirm.read", page+"#c-"+said.ID.String())
	}
	draft.Say("mail.confirm.click")
	draft.Link("mail.confirm.link", s.confirmLink(tx, d.Handle))
	draft.Small("mail.confirm.not_you")
	m = draft.Message(from, mail.Address{Name: said.Name, Email: d.Recipient}, d.Subject)
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
