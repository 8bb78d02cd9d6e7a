package inbox

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// twice is how soon the same answer to the same message is one press too many.
const twice = 10 * time.Minute

// Answer answers a message in its voice, in Markdown, by whoever may write in that voice. The answer to a comment appears
// under it. What was held is approved by it, so that only who may approve answers it. Whether it leaves besides, the way of the message's channel knows (ReachIn):
// by mail, when the writer of a comment asked for it, and always to a request. The same answer sent twice within ten minutes is one answer. Problems are at body; what is spam or removed is
// the conflict message.rejected, and what would appear at once while all that leaves is held the conflict message.all_held.
func (s *Service) Answer(ctx context.Context, by actor.Actor, id fact.MessageID, body string) (Message, error) {
	answer, err := s.answer(ctx, by, id, strings.TrimSpace(body), func(*db.Tx) error { return nil })
	if errors.Is(err, errHeld) {
		err = fault.Conflict("message.all_held")
	}
	return answer, err
}

// answer is Answer; settle is done in the commit that makes the answer, which its error undoes.
func (s *Service) answer(ctx context.Context, by actor.Actor, id fact.MessageID, body string, settle func(*db.Tx) error) (answer Message, err error) {
	var ready *rendering
	if utf8.RuneCountInString(body) <= MaxAnswer {
		if ready, err = s.typeset(ctx, by, id, body); err != nil {
			return answer, err
		}
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.GetIn(tx, by, id)
		if err != nil {
			return err
		}
		if err := m.answerable(by, body); err != nil {
			return err
		}
		if err := settle(tx); err != nil {
			return err
		}
		if !m.Private() {
			if held, err := s.queue.PassingHeld(tx, queue.Everything); err != nil || held {
				return cmp.Or(err, errHeld)
			}
		}
		same, found, err := db.Maybe(tx, qSameAnswer, scan, m.ID, db.At(tx.Now().Add(-twice)), body)
		if err != nil || found {
			answer = same
			return err
		}
		held := m.Moderation == Held
		m = m.with(Visible, Answered)
		if err := move(tx, m); err != nil {
			return err
		}
		reach, err := s.reachOf(tx, by, &m)
		if err != nil {
			return err
		}
		if answer, err = s.compose(tx, by, m, ready, reach); err != nil {
			return err
		}
		if err := s.store(tx, &answer); err != nil {
			return err
		}
		if held {
			if err := s.bus.Emit(tx, by, fact.MessageApproved{Message: m.ID, Contact: m.Contact, Post: m.Post}); err != nil {
				return err
			}
		}
		return s.bus.Emit(tx, by, fact.MessageAnswered{Answer: answer.ID, To: m.ID, Contact: m.Contact, Post: m.Post, Channel: reach.Way})
	})
	return answer, err
}

// reachOf ties m, which somebody of the house answers, to its contact, and tells how the answer leaves.
func (s *Service) reachOf(tx *db.Tx, by actor.Actor, m *Message) (Reach, error) {
	if !m.Sender.IsZero() {
		if err := s.tieStored(tx, by, m); err != nil {
			return Reach{}, err
		}
		if err := index(tx, *m); err != nil {
			return Reach{}, err
		}
	}
	var h contact.Handle
	if !m.Handle.IsZero() {
		var err error
		if h, err = s.contacts.HandleIn(tx, m.Handle); err != nil {
			return Reach{}, err
		}
	}
	return s.ReachIn(tx, *m, h)
}

// compose makes the message that answers m. Its channel is that by which it leaves, or the site where it only appears there.
func (s *Service) compose(tx *db.Tx, by actor.Actor, m Message, ready *rendering, reach Reach) (Message, error) {
	v, err := s.voices.GetIn(tx, m.Voice)
	if err != nil {
		return Message{}, err
	}
	a := Message{
		ID: ready.id, Conversation: m.Conversation, Direction: Out, Channel: ChannelSite, Kind: KindAnswer,
		Contact: m.Contact, Handle: m.Handle, Account: fact.AccountID(by.Account), Voice: m.Voice, Post: m.Post, Parent: m.ID, Name: v.Name,
		Body: ready.body, HTML: ready.html, Lang: m.Lang, At: tx.Now(), Subject: m.Subject,
	}.with(Visible, Closed)
	if m.Post.IsZero() && reach.Way != "" {
		a.Channel = reach.Way
	}
	a.MailID = s.mailID(a.ID)
	return a, nil
}
