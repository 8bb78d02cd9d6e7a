package notice

import (
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
)

// received notes whom to tell of what came in.
func (s *Service) received(tx *db.Tx, e bus.Event, f fact.MessageReceived) error {
	if e.Backfill || f.State != inbox.Open && f.State != inbox.Held {
		return nil
	}
	m, err := s.message(tx, f.Message)
	if err != nil {
		return err
	}
	if err := s.forHouse(tx, m); err != nil || f.State != inbox.Open || m.Private() {
		return err
	}
	return s.forReaders(tx, m, 0)
}

// approved notes whom to tell of a comment that now appears.
func (s *Service) approved(tx *db.Tx, e bus.Event, f fact.MessageApproved) error {
	if e.Backfill || f.Post.IsZero() {
		return nil
	}
	m, err := s.message(tx, f.Message)
	if err != nil {
		return err
	}
	return s.forReaders(tx, m, 0)
}

// answered notes whom to tell of an answer of the house, besides whoever it answers: that leaves by the way of their message.
func (s *Service) answered(tx *db.Tx, e bus.Event, f fact.MessageAnswered) error {
	if e.Backfill || f.Post.IsZero() {
		return nil
	}
	m, err := s.message(tx, f.Answer)
	if err != nil {
		return err
	}
	return s.forReaders(tx, m, f.Contact)
}

// kindOf tells what an account would be told of m, and which role it needs in the voice of m. What a program wrote, who filled
// what people do not see, is told to nobody: it waits among what is held.
func kindOf(m inbox.Message) (w what, role actor.Role) {
	switch {
	case m.Direction != inbox.In, m.Reason == inbox.ReasonHoneypot:
		return "", actor.None
	case m.Private() && m.State == inbox.Open:
		return request, actor.Author
	case m.Private():
		return request, actor.Editor // to be let through
	case m.State == inbox.Held:
		return held, actor.Editor
	}
	return published, actor.Author
}

// forHouse notes that the accounts that may act on m are to be told.
func (s *Service) forHouse(tx *db.Tx, m inbox.Message) error {
	w, role := kindOf(m)
	if w == "" {
		return nil
	}
	all, err := s.o.Accounts.MayIn(tx, role, m.Voice)
	if err != nil {
		return err
	}
	for _, a := range all {
		c, err := choiceIn(tx, a.ID)
		if err != nil {
			return err
		}
		if c.of(w) == Never {
			continue
		}
		to, at := told{Account: a.ID}, tx.Now()
		if err := add(tx, to, item{message: m.ID, what: w, at: at}); err != nil {
			return err
		}
		if w == request {
			at = at.Add(urgent.calm)
		} else {
			at = slot(at)
		}
		if err := s.lookIn(tx, to, at); err != nil {
			return err
		}
	}
	return nil
}

// slot is when to look for what came at an instant and may be one of hundreds: they share one look. It is far enough away
// that no transaction that puts it is still open then.
func slot(at time.Time) time.Time {
	const every = 20 * time.Second
	return at.Add(every / 2).Truncate(every).Add(every)
}

// settles is how long an answer of the house waits before readers are told of it: who gave it may take it back at once.
const settles = 10 * time.Second

// maxAbove is how far up a thread readers are looked for.
const maxAbove = 20

// forReaders notes that whoever m answers, at whatever distance, and asked for it, is to be told: never its own writer, nor but,
// who is told otherwise.
func (s *Service) forReaders(tx *db.Tx, m inbox.Message, but fact.ContactID) error {
	var seen []fact.HandleID
	var look time.Time // at once
	at := tx.Now()
	if m.Direction == inbox.Out {
		at = at.Add(settles)
		look = at
	}
	for up, n := m.Parent, 0; !up.IsZero() && n < maxAbove; n++ {
		found, err := s.o.Inbox.ByIDsIn(tx, []fact.MessageID{up})
		if err != nil {
			return err
		}
		above := found[up]
		up = above.Parent
		if !follows(above) || above.Contact == but || m.Direction == inbox.In && above.Contact == m.Contact || slices.Contains(seen, above.Handle) {
			continue
		}
		seen = append(seen, above.Handle)
		to := told{Handle: above.Handle, Post: above.Post}
		if err := add(tx, to, item{message: m.ID, under: above.ID, what: answer, at: at}); err != nil {
			return err
		}
		if err := s.lookIn(tx, to, look); err != nil {
			return err
		}
	}
	return nil
}

// follows reports whether the writer of m is told of what stands under it: they asked, and somebody of the house, or the rules,
// let it appear (docs/decisions/0005).
func follows(m inbox.Message) bool {
	return m.Direction == inbox.In && m.Notify && m.Moderation == inbox.Visible && !m.Post.IsZero() && !m.Handle.IsZero()
}

func add(tx *db.Tx, to told, it item) error {
	_, err := db.InsertNew(tx, qAdd, 7, to.args(int64(it.message), int64(it.under), string(it.what), db.At(it.at)))
	return err
}
