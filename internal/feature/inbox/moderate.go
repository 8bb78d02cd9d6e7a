package inbox

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Approve shows a message that was held, or judged spam by mistake; whoever sent it is then known. Approve, Spam and Remove are for
// editors of its voice; an answer is also put back, or taken away, by the author who wrote it.
func (s *Service) Approve(ctx context.Context, by actor.Actor, id fact.MessageID) error {
	return s.judge(ctx, by, id, func(m Message) (Message, bool) {
		attention := m.Attention
		if m.Moderation == Removed {
			attention = Open
		}
		return m.with(Visible, attention), m.Moderation != Visible
	})
}

// Spam judges a message: nobody sees it, and no list but that of spam shows it. It lets go of its contact, who is known no more
// when only this message had made them known.
func (s *Service) Spam(ctx context.Context, by actor.Actor, id fact.MessageID) error {
	return s.judge(ctx, by, id, func(m Message) (Message, bool) { return m.with(Spam, m.Attention), m.Moderation != Spam })
}

// Remove takes a message, or an answer of ours, away from where others see it. It stays in its conversation.
func (s *Service) Remove(ctx context.Context, by actor.Actor, id fact.MessageID) error {
	return s.judge(ctx, by, id, func(m Message) (Message, bool) { return m.with(Removed, Closed), m.Moderation != Removed })
}

// judge changes the moderation of a message; change returns false when there is nothing to do.
func (s *Service) judge(ctx context.Context, by actor.Actor, id fact.MessageID, change func(Message) (Message, bool)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		was, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		if err := was.mayModerate(by); err != nil {
			return err
		}
		m, changed := change(was)
		if !changed {
			return nil
		}
		return s.place(tx, by, was, m)
	})
}

// place keeps m with the moderation and the attention that it has now, and what follows for its contact, the search and pages.
func (s *Service) place(tx *db.Tx, by actor.Actor, was, m Message) (err error) {
	if m.Direction == Out && m.Moderation == Spam {
		return fault.Conflict("message.own")
	}
	if err := move(tx, m); err != nil {
		return err
	}
	switch {
	case m.Moderation == Removed: // it stays whose it was
	case m.unwanted():
		err = s.untie(tx, by, &m)
	default:
		err = s.tieStored(tx, by, &m)
	}
	if err != nil {
		return err
	}
	if err := index(tx, m); err != nil {
		return err
	}
	switch {
	case m.Direction == Out:
		return s.bus.Emit(tx, by, fact.AnswerChanged{Answer: m.ID, Post: m.Post, Visible: m.public()})
	case m.Moderation == Visible:
		return s.bus.Emit(tx, by, fact.MessageApproved{Message: m.ID, Contact: m.Contact, Post: m.Post})
	}
	return s.bus.Emit(tx, by, fact.MessageRejected{Message: m.ID, Contact: was.Contact, Post: m.Post, As: m.Moderation})
}

// Close says that nothing more is to be done about a message, and about whatever else its writer said about the same thing
// and that is still open. What is the house's own, what was judged and what waits to be are not closed: message.own, message.rejected,
// message.held.
func (s *Service) Close(ctx context.Context, by actor.Actor, id fact.MessageID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		if err := m.mayMove(); err != nil {
			return err
		}
		_, all, err := s.ConversationIn(tx, by, m.Conversation)
		if err != nil {
			return err
		}
		for _, m := range all { // of one person about one thing: a handful
			if m.Direction != In || m.Moderation != Visible || m.Attention != Open {
				if m.ID != id || m.Attention == Closed || m.Direction != In {
					continue
				}
			}
			if err := move(tx, m.with(m.Moderation, Closed)); err != nil {
				return err
			}
			if err := s.bus.Emit(tx, by, fact.MessageClosed{Message: m.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Reopen puts a message back among those that wait for an answer. One that was judged, or waits to be, is approved for that:
// message.rejected, message.held.
func (s *Service) Reopen(ctx context.Context, by actor.Actor, id fact.MessageID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		if err := m.mayMove(); err != nil {
			return err
		}
		return move(tx, m.with(m.Moderation, Open))
	})
}

// mayMove refuses to close or to open again what does not wait for an answer.
func (m Message) mayMove() error {
	if m.Direction != In {
		return fault.Conflict("message.own")
	}
	switch m.Moderation {
	case Spam, Removed:
		return fault.Conflict("message.rejected")
	case Held:
		return fault.Conflict("message.held")
	}
	return nil
}
