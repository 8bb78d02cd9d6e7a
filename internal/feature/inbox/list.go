package inbox

import (
	"context"
	"slices"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
	"causerie/internal/platform/i18n"
)

// Filter says which messages to list: what came in, never our answers. Zero fields do not choose.
type Filter struct {
	State   string // Open, Answered, Closed, Held or Spam
	Kind    string // KindComment, KindRequest, KindPingback or KindTrackback
	Query   string // words of the message or the name of its writer; the best hits come first
	Post    fact.PostID
	Contact fact.ContactID
	Cursor  string
	Limit   int // 1 to 100; 0 is 30
}

// List returns a page of messages, the newest first, and the cursor of the next, "" at the end. Who may write in some
// voices sees what is said to those.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Message, next string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, next, err = s.ListIn(tx, by, f)
		return err
	})
	return found, next, err
}

// ListIn is List inside a transaction.
func (s *Service) ListIn(tx *db.Tx, by actor.Actor, f Filter) (found []Message, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 30
	}
	after, err := db.ParseCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	if strings.TrimSpace(f.Query) != "" {
		return search(tx, by, f, after)
	}
	return page(tx, by.Scope(actor.Author), f, after)
}

func page(tx *db.Tx, scope actor.Scope, f Filter, after db.Cursor) ([]Message, string, error) {
	at, id := after.Before()
	args := []any{at, id, f.Limit + 1}
	var from listing
	switch {
	case !f.Contact.IsZero():
		from, args = lContact, append(args, f.Contact, f.State, f.Kind, f.Post)
	case !f.Post.IsZero():
		from, args = lPost, append(args, f.Post, f.State, f.Kind)
	case f.Kind != "" && f.State != "":
		from, args = lKindState, append(args, f.Kind, f.State)
	case f.Kind != "":
		from, args = lKind, append(args, f.Kind)
	case f.State != "":
		from, args = lState, append(args, f.State)
	default:
		from = lAll
	}
	found, err := from.read(tx, scope, args...)
	if err != nil || len(found) <= f.Limit {
		return found, "", err
	}
	last := found[f.Limit-1]
	return found[:f.Limit], db.Cursor{At: last.At, ID: int64(last.ID)}.Encode(), nil
}

// search looks through the hits of the words, the best first, until the page is full. Its cursor counts the hits that were
// looked at; there are at most maxHits.
func search(tx *db.Tx, by actor.Actor, f Filter, after db.Cursor) (found []Message, next string, err error) {
	const depth, maxHits = 500, 10_000
	scope := by.Scope(actor.Author)
	offset := int(after.ID)
	if offset < 0 || offset > maxHits {
		return nil, "", fault.Invalid("cursor", "cursor_invalid")
	}
	for ; offset < maxHits; offset += depth {
		hits, err := fulltext.Search(tx, Space, searched, f.Query, depth, offset)
		if err != nil {
			return nil, "", err
		}
		ids := make([]int64, len(hits))
		for i, h := range hits {
			ids[i] = h.Ref
		}
		rows, err := db.AllIn(tx, qIn, scan, ids)
		if err != nil {
			return nil, "", err
		}
		byID := make(map[int64]Message, len(rows))
		for _, m := range rows {
			byID[int64(m.ID)] = m
		}
		for i, h := range hits {
			m, ok := byID[h.Ref]
			if !ok || m.Direction != In || !scope.Has(int64(m.Voice)) || !f.matches(m) {
				continue
			}
			if len(found) == f.Limit {
				return found, db.CursorAt(0, int64(offset+i)).Encode(), nil
			}
			found = append(found, m)
		}
		if len(hits) < depth {
			break
		}
	}
	return found, "", nil
}

// searched are the languages whose stems a query is tried with, one for each family.
var searched = []string{string(i18n.FrFR), string(i18n.En)}

// matches reports whether m is one of those that f asks for.
func (f Filter) matches(m Message) bool {
	return (f.State == "" || m.State == f.State) && (f.Kind == "" || m.Kind == f.Kind) &&
		(f.Post.IsZero() || m.Post == f.Post) && (f.Contact.IsZero() || m.Contact == f.Contact)
}

// WaitingIn returns the open messages that by may answer, the one that has waited longest first.
func (s *Service) WaitingIn(tx *db.Tx, by actor.Actor, limit int) ([]Message, error) {
	return lWaiting.read(tx, by.Scope(actor.Author), int64(0), int64(0), min(max(limit, 1), 100))
}

// Next returns the message that waits longest besides those of the conversation but, zero when none does.
func (s *Service) Next(ctx context.Context, by actor.Actor, but fact.ConversationID) (next fact.MessageID, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		waiting, err := s.WaitingIn(tx, by, 20)
		for _, m := range waiting {
			if m.Conversation != but {
				next = m.ID
				break
			}
		}
		return err
	})
	return next, err
}

// Counts says how many messages wait, each counted to 100.
type Counts struct{ Open, Held int }

// CountsIn counts what waits for by: what they may answer, and what they may approve.
func (s *Service) CountsIn(tx *db.Tx, by actor.Actor) (Counts, error) {
	count := func(scope actor.Scope) (Counts, error) {
		counts, err := db.AllScoped(tx, qCounts, scope, func(r db.Row) (c Counts, err error) {
			err = r.Scan(&c.Open, &c.Held)
			return c, err
		})
		if err != nil || len(counts) == 0 { // of no voice
			return Counts{}, err
		}
		return counts[0], nil
	}
	answers, approves := by.Scope(actor.Author), by.Scope(actor.Editor)
	c, err := count(answers)
	if err != nil || answers.All == approves.All && slices.Equal(answers.Voices, approves.Voices) {
		return c, err
	}
	held, err := count(approves)
	c.Held = held.Held
	return c, err
}

// Counts is CountsIn in a transaction of its own.
func (s *Service) Counts(ctx context.Context, by actor.Actor) (c Counts, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err = s.CountsIn(tx, by)
		return err
	})
	return c, err
}
