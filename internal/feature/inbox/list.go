package inbox

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
)

// Filter says which messages to list: what came in, never our answers. Zero fields do not choose.
type Filter struct {
	State   string // Open, Answered, Closed, Held or Spam
	Kind    string // KindComment, KindRequest, KindPingback or KindTrackback
	Query   string // words of the message or the name of its writer; goes with State and Kind, and with nothing else
	Post    fact.PostID
	Contact fact.ContactID
	Cursor  string
	Limit   int // 1 to 100; 0 is 30
}

// listing is one shape of list, for those who see every voice and for those who see some.
type listing struct{ all, some db.Query }

func list(name, where, order string) listing {
	text := `SELECT ` + columns + from + `WHERE m.direction = 'in' AND ` + where
	tail := ` ORDER BY ` + order + ` LIMIT $3`
	return listing{
		all:  db.Q("message."+name, text+tail),
		some: db.Q("message."+name+"_of_voices", text+` AND m.voice_id IN ({in})`+tail),
	}
}

const (
	newest = `m.at DESC, m.id DESC`
	before = `(m.at, m.id) < ($1, $2)` // a row value, so that deep pages cost no more than the first
)

var (
	lAll       = list("list", before, newest)
	lState     = list("list_state", `m.state = $4 AND `+before, newest)
	lKind      = list("list_kind", `m.kind = $4 AND `+before, newest)
	lKindState = list("list_kind_state", `m.kind = $4 AND m.state = $5 AND `+before, newest)
	lPost      = list("list_post", `m.post_id = $4 AND `+before, newest)
	lContact   = list("list_contact", `m.contact_id = $4 AND `+before, newest)
	lWaiting   = list("list_waiting", `m.state = 'open' AND (m.at, m.id) > ($1, $2)`, `m.at, m.id`)
)

// List returns a page of messages, the newest first, and the cursor of the next, "" at the end. Who may write in some
// voices sees what is said to those.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Message, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 30
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if strings.TrimSpace(f.Query) != "" {
			found, next, err = search(tx, by, f)
		} else {
			found, next, err = page(tx, by, f)
		}
		return err
	})
	return found, next, err
}

func page(tx *db.Tx, by actor.Actor, f Filter) ([]Message, string, error) {
	at, id := int64(math.MaxInt64), int64(math.MaxInt64)
	if f.Cursor != "" {
		a, b, _ := strings.Cut(f.Cursor, ".")
		ms, err1 := strconv.ParseInt(a, 10, 64)
		row, err2 := fact.Parse[fact.MessageID](b)
		if err1 != nil || err2 != nil {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
		at, id = ms, int64(row)
	}
	args := []any{at, id, f.Limit + 1}
	var from listing
	var keep func(Message) bool
	switch {
	case !f.Contact.IsZero():
		from, args, keep = lContact, append(args, f.Contact), f.matches
	case !f.Post.IsZero():
		from, args, keep = lPost, append(args, f.Post), f.matches
	case f.Kind != "" && f.State != "":
		from, args = lKindState, append(args, f.Kind, f.State)
	case f.Kind != "":
		from, args = lKind, append(args, f.Kind)
	case f.State != "":
		from, args = lState, append(args, f.State)
	default:
		from = lAll
	}
	found, err := read(tx, by, from, args)
	next := ""
	if err == nil && len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[f.Limit-1]
		next = strconv.FormatInt(last.At.UnixMilli(), 10) + "." + last.ID.String()
	}
	if keep != nil {
		found = slices.DeleteFunc(found, func(m Message) bool { return !keep(m) })
	}
	return found, next, err
}

// matches reports whether m has the state and the kind that f asks for.
func (f Filter) matches(m Message) bool {
	return (f.State == "" || m.State == f.State) && (f.Kind == "" || m.Kind == f.Kind) &&
		(f.Post.IsZero() || m.Post == f.Post) && (f.Contact.IsZero() || m.Contact == f.Contact)
}

func read(tx *db.Tx, by actor.Actor, from listing, args []any) ([]Message, error) {
	if voices := voicesOf(by); voices != nil {
		return db.AllIn(tx, from.some, scan, voices, args...)
	}
	return db.All(tx, from.all, scan, args...)
}

// voicesOf returns the voices in which by may write, nil for all.
func voicesOf(by actor.Actor) []int64 {
	if by.On(0) >= actor.Author {
		return nil
	}
	voices := []int64{} // not nil: somebody without any sees nothing
	for _, g := range by.Grants {
		if by.On(g.Voice) >= actor.Author {
			voices = append(voices, g.Voice)
		}
	}
	return voices
}

// search looks through at most a few hundred of the best hits.
func search(tx *db.Tx, by actor.Actor, f Filter) (found []Message, next string, err error) {
	offset := 0
	if f.Cursor != "" {
		if offset, err = strconv.Atoi(f.Cursor); err != nil || offset < 0 || offset > 10_000 {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
	}
	const depth = 200
	hits, err := fulltext.Search(tx, Space, []string{"fr-FR", "en"}, f.Query, depth, offset)
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
	at := make(map[fact.MessageID]Message, len(rows))
	for _, m := range rows {
		at[m.ID] = m
	}
	for i, h := range hits {
		m, ok := at[fact.MessageID(h.Ref)]
		if !ok || m.Direction != In || m.may(by) != nil || !f.matches(m) {
			continue
		}
		if len(found) == f.Limit {
			return found, strconv.Itoa(offset + i), nil
		}
		found = append(found, m)
	}
	if len(hits) == depth {
		next = strconv.Itoa(offset + depth)
	}
	return found, next, nil
}

// Waiting returns the open messages that by may answer, the one that has waited longest first.
func (s *Service) Waiting(tx *db.Tx, by actor.Actor, limit int) ([]Message, error) {
	return read(tx, by, lWaiting, []any{int64(0), int64(0), min(max(limit, 1), 100)})
}

// Next returns the message that waits longest besides those of the conversation but, zero when none does.
func (s *Service) Next(ctx context.Context, by actor.Actor, but fact.ConversationID) (next fact.MessageID, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		waiting, err := s.Waiting(tx, by, 20)
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

// Counts counts what waits for by.
func (s *Service) Counts(tx *db.Tx, by actor.Actor) (c Counts, err error) {
	if voices := voicesOf(by); voices != nil {
		states, err := db.AllIn(tx, qCountsOf, db.Scalar[string], voices)
		for _, state := range states {
			if state == Open {
				c.Open++
			} else {
				c.Held++
			}
		}
		c.Open, c.Held = min(c.Open, 100), min(c.Held, 100)
		return c, err
	}
	_, err = db.All(tx, qCounts, func(r db.Row) (struct{}, error) {
		var state string
		var n int
		err := r.Scan(&state, &n)
		*map[string]*int{Open: &c.Open, Held: &c.Held}[state] = n
		return struct{}{}, err
	})
	return c, err
}

// CountsNow is Counts outside a transaction.
func (s *Service) CountsNow(ctx context.Context, by actor.Actor) (c Counts, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err = s.Counts(tx, by)
		return err
	})
	return c, err
}
