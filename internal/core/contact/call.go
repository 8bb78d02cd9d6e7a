package contact

import (
	"context"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// The kinds of calls.
const (
	Phoned  = "call"
	Visited = "visit"
)

// MaxCall is how many characters the note of a call holds.
const MaxCall = 1000

// Call is what was said by no mail and on no page: a call or a visit, in the words of who noted it. Like the note on a person it is
// shared by all who write in the house.
type Call struct {
	ID      fact.CallID
	Contact fact.ContactID
	Kind    string // Phoned or Visited
	Words   string
	At      time.Time
}

var (
	qCallInsert = db.Q("call.insert", `INSERT INTO calls (id, contact_id, account_id, kind, words, at) VALUES ($1, $2, $3, $4, $5, $6)`)
	qSameCall   = db.Q("call.same", `
		SELECT id, contact_id, kind, words, at FROM calls
		 WHERE contact_id = $1 AND account_id = $2 AND kind = $3 AND words = $4 AND at > $5 ORDER BY id LIMIT 1`)
	qCallDelete = db.Q("call.delete", `DELETE FROM calls WHERE id = $1 AND contact_id IN (SELECT id FROM contacts WHERE id = $2 OR merged_into = $2)`)
	qCalls      = db.Q("call.of", `
		SELECT id, contact_id, kind, words, at FROM calls
		 WHERE contact_id IN (SELECT id FROM contacts WHERE id = $1 OR merged_into = $1) ORDER BY id DESC LIMIT 1000`)
	qDropCalls = db.Q("call.drop_all", `DELETE FROM calls WHERE contact_id = $1`)
)

// NoteCall puts a call or a visit that took place now into the thread of somebody. The same words once more by the same account within
// ten minutes are the call that is there. Problems are at kind and words.
func (s *Service) NoteCall(ctx context.Context, by actor.Actor, id fact.ContactID, kind, words string) (c Call, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c, err = s.NoteCallIn(tx, by, id, kind, words)
		return err
	})
	return c, err
}

// NoteCallIn is NoteCall inside a transaction.
func (s *Service) NoteCallIn(tx *db.Tx, by actor.Actor, id fact.ContactID, kind, words string) (c Call, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return c, err
	}
	var p fault.Problems
	if kind != Phoned && kind != Visited {
		p.Add("kind", "unknown")
	}
	switch words = text.OneLine(words); {
	case words == "":
		p.Add("words", "required")
	case len([]rune(words)) > MaxCall:
		p.Add("words", "too_long", MaxCall)
	}
	if p.Any() {
		return c, p.Err()
	}
	person, err := s.GetIn(tx, id)
	if err != nil {
		return c, err
	}
	if c, found, err := db.Maybe(tx, qSameCall, scanCall, person.ID, fact.AccountID(by.Account), kind, words, db.At(tx.Now().Add(-twice))); err != nil || found {
		return c, err
	}
	c = Call{ID: fact.New[fact.CallID](tx.Now()), Contact: person.ID, Kind: kind, Words: words, At: tx.Now()}
	if _, err := db.Exec(tx, qCallInsert, c.ID, c.Contact, fact.AccountID(by.Account), c.Kind, c.Words, db.At(c.At)); err != nil {
		return c, err
	}
	if err := s.TouchIn(tx, c.Contact, c.At); err != nil {
		return c, err
	}
	return c, s.bus.Emit(tx, by, fact.CallChanged{Contact: c.Contact, Call: c.ID})
}

// Calls returns the calls and visits noted with somebody, the last first, 1000 at most. Whoever writes anywhere sees them.
func (s *Service) Calls(ctx context.Context, by actor.Actor, id fact.ContactID) (all []Call, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		person, err := s.GetIn(tx, id)
		if err != nil {
			return err
		}
		all, err = db.All(tx, qCalls, scanCall, person.ID)
		return err
	})
	return all, err
}

// Call returns one of them; call.not_found.
func (s *Service) Call(ctx context.Context, by actor.Actor, id fact.ContactID, call fact.CallID) (Call, error) {
	all, err := s.Calls(ctx, by, id)
	if err != nil {
		return Call{}, err
	}
	i := slices.IndexFunc(all, func(c Call) bool { return c.ID == call })
	if i < 0 {
		return Call{}, fault.NotFound("call")
	}
	return all[i], nil
}

func scanCall(r db.Row) (c Call, err error) {
	err = r.Scan(&c.ID, &c.Contact, &c.Kind, &c.Words, db.Time(&c.At))
	return c, err
}

// RemoveCall takes a call that was noted by mistake out of the thread; call.not_found when it is not there.
func (s *Service) RemoveCall(ctx context.Context, by actor.Actor, id fact.ContactID, call fact.CallID) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		person, err := s.GetIn(tx, id)
		if err != nil {
			return err
		}
		n, err := db.Exec(tx, qCallDelete, call, person.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFound("call")
		}
		return s.bus.Emit(tx, by, fact.CallChanged{Contact: person.ID, Call: call})
	})
}
