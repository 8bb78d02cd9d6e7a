package inbox

import (
	"context"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
)

// Import is a message of the past: what came in, and what became of it. Nothing is mailed for it.
type Import struct {
	Incoming                 // "" as Channel is the site; Kind KindAnswer for what the house said; Moderation is asked for
	Attention string         // "" is Closed: the past waits for nobody
	Account   fact.AccountID // who of the house wrote an answer; may be zero
}

// Import is PrepareImport and ImportIn, in a transaction of its own.
func (s *Service) Import(ctx context.Context, by actor.Actor, in Import) (m Message, fresh bool, err error) {
	if in, err = s.PrepareImport(ctx, in); err != nil {
		return m, false, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, fresh, err = s.ImportIn(tx, by, in)
		return err
	})
	return m, fresh, err
}

// ImportIn takes in a message of the past, rendered by PrepareImport; by is actor.Importer(), or whoever plants a sample. It is ReceiveIn, but what is
// longer than a form would allow is kept whole, and an address that cannot be one leaves the message without a contact.
func (s *Service) ImportIn(tx *db.Tx, by actor.Actor, in Import) (m Message, fresh bool, err error) {
	if !by.IsSystem() {
		if err := by.Require(actor.Editor, int64(in.Voice)); err != nil {
			return m, false, err
		}
	}
	by = by.Backfill()
	if in.Attention == "" {
		in.Attention = Closed
	}
	if in.Channel == "" {
		in.Channel = ChannelSite
	}
	if !clock.Within(in.At) {
		in.At = tx.Now()
	}
	if _, err := s.contacts.ReadIn(tx, in.From); err != nil {
		in.From = contact.NewHandle{}
	}
	if in.Kind == KindAnswer {
		return s.importAnswer(tx, by, in)
	}
	if in.Moderation == Visible && !in.From.IsZero() { // who wrote for the house comes without an address
		ours, err := s.ours(tx, in.Name)
		if err != nil {
			return m, false, err
		}
		if ours {
			in.Moderation, in.Attention, in.Reason = Held, Open, ReasonHouseName
		}
	}
	return s.receive(tx, by, in.Incoming, in.Attention)
}

// importAnswer keeps what the house said. It takes the conversation and the contact of what it answers.
func (s *Service) importAnswer(tx *db.Tx, by actor.Actor, in Import) (m Message, fresh bool, err error) {
	if m, found, err := s.known(tx, in.Incoming); err != nil || found {
		return m, false, err
	}
	in.From = contact.NewHandle{}
	m = s.message(tx, in.Incoming).with(in.Moderation, Closed)
	m.Direction, m.Account = Out, in.Account
	parent, found, err := db.Maybe(tx, qByID, scan, m.Parent)
	if err != nil {
		return m, false, err
	}
	if found {
		m.Conversation, m.Contact, m.Handle = parent.Conversation, parent.Contact, parent.Handle
		if m.Voice.IsZero() {
			m.Voice = parent.Voice
		}
	}
	if err := m.take(in.rendering); err != nil {
		return m, false, err
	}
	if err := s.store(tx, &m); err != nil {
		return m, false, err
	}
	return m, true, s.bus.Emit(tx, by, fact.MessageAnswered{Answer: m.ID, To: m.Parent, Contact: m.Contact, Post: m.Post})
}
