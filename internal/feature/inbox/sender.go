package inbox

import (
	"slices"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// A message is tied to a contact, or it keeps who says to have sent it: never both. So what is judged spam makes nobody, and
// can be tied when somebody of the house says that it is not.

// unwanted reports whether m makes nobody known and is found by no search: spam, what looks like it, what was removed
// before it came, and what the owner of the address says not to have written.
func (m Message) unwanted() bool {
	return m.Moderation == Spam || m.Moderation == Removed || m.Moderation == Held && (looksLikeSpam(m.Reason) || m.Reason == ReasonDisowned)
}

// tie finds the contact of who sent m, or makes it. m came from nowhere, or is tied already, when it keeps no sender.
func (s *Service) tie(tx *db.Tx, by actor.Actor, m *Message) error {
	if m.Sender.IsZero() {
		return nil
	}
	who := contact.Who{Name: text.Clip(m.Name, 120), Lang: m.Lang, Origin: contact.FromComment}
	switch {
	case by.Backfilling():
		who.Origin = contact.FromImport
	case m.Post.IsZero():
		who.Origin = contact.FromRequest
	}
	person, handle, err := s.contacts.FindOrCreateIn(tx, by, m.Sender, who, m.At)
	m.Contact, m.Handle, m.Sender = person.ID, handle.ID, contact.NewHandle{}
	if err == nil && m.Phone != "" {
		err = s.contacts.OfferIn(tx, by, m.Contact, m.number())
	}
	return err
}

// number is the phone that the writer of m left.
func (m Message) number() contact.NewHandle {
	return contact.NewHandle{Channel: contact.Phone, Value: m.Phone}
}

// withdraw takes the number that m left from somebody who stays known otherwise, unless they left it in another message too.
func (s *Service) withdraw(tx *db.Tx, by actor.Actor, m Message, person fact.ContactID) error {
	if m.Phone == "" {
		return nil
	}
	others, err := db.All(tx, qPhonesOf, db.Scalar[string], person)
	if err != nil || slices.Contains(others, m.Phone) {
		return err
	}
	return s.contacts.WithdrawIn(tx, by, person, m.number(), m.At)
}

// tieStored is tie for a message that is kept already, and for its conversation.
func (s *Service) tieStored(tx *db.Tx, by actor.Actor, m *Message) error {
	if m.Sender.IsZero() {
		return nil
	}
	if err := s.tie(tx, by, m); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qSetSender, m.ID, m.Contact, m.Handle, "", "", ""); err != nil {
		return err
	}
	_, err := db.Exec(tx, qSetConversationContact, m.Conversation, m.Contact)
	return err
}

// untie takes a message that was judged spam from its contact: it keeps who says to have sent it. A conversation of which
// nothing is tied any more is nobody's, and a contact that only this message had made known is dropped.
func (s *Service) untie(tx *db.Tx, by actor.Actor, m *Message) error {
	if m.Handle.IsZero() {
		return nil
	}
	h, err := s.contacts.HandleIn(tx, m.Handle)
	if err != nil {
		return err
	}
	person := m.Contact
	m.Contact, m.Handle, m.Sender = 0, 0, contact.NewHandle{Channel: h.Channel, Value: h.Value}
	if _, err := db.Exec(tx, qSetSender, m.ID, m.Contact, m.Handle, h.Channel, h.Value, h.Key); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qLeaveConversation, m.Conversation); err != nil {
		return err
	}
	if dropped, err := s.contacts.DropIn(tx, by, person); err != nil || dropped {
		return err
	}
	if err := s.withdraw(tx, by, *m, person); err != nil {
		return err
	}
	last, _, err := db.Maybe(tx, qLastOf, func(r db.Row) (at time.Time, err error) {
		err = r.Scan(db.Time(&at))
		return at, err
	}, person)
	if err != nil {
		return err
	}
	return s.contacts.UntouchIn(tx, person, m.At, last)
}

// holds reports whether something that was said hangs on a contact. It is the contact.Tie of messages.
func holds(tx *db.Tx, id fact.ContactID) (bool, error) {
	_, found, err := db.Maybe(tx, qAnyOf, db.Scalar[int], id)
	return found, err
}
