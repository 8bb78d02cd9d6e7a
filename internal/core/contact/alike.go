package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

var (
	qCluesDrop = db.Q("clue.drop", `DELETE FROM contact_clues WHERE contact_id IN ({in})`)
	qCluesAdd  = db.Q("clue.add", `INSERT INTO contact_clues (contact_id, clue, firm) VALUES {rows} ON CONFLICT DO NOTHING`)
	qCluesOf   = db.Q("clue.of", `SELECT contact_id, clue, firm FROM contact_clues WHERE clue IN ({in}) ORDER BY clue, contact_id LIMIT 2000`)
	qPairsOfA  = db.Q("pair.drop_a", `DELETE FROM contact_pairs WHERE dismissed_at IS NULL AND a_id IN ({in})`)
	qPairsOfB  = db.Q("pair.drop_b", `DELETE FROM contact_pairs WHERE dismissed_at IS NULL AND b_id IN ({in})`)
	qPairsAdd  = db.Q("pair.add", `INSERT INTO contact_pairs (a_id, b_id, why) VALUES {rows} ON CONFLICT DO NOTHING`)
	qDismiss   = db.Q("pair.dismiss", `
		INSERT INTO contact_pairs (a_id, b_id, why, dismissed_at) VALUES ($1, $2, 'name', $3)
		    ON CONFLICT (a_id, b_id) DO UPDATE SET dismissed_at = excluded.dismissed_at`)
	qPairs = db.Q("pair.open", `
		SELECT a_id, b_id, why FROM contact_pairs WHERE dismissed_at IS NULL AND (b_id, a_id) < ($1, $2)
		 ORDER BY b_id DESC, a_id DESC LIMIT CAST($3 AS BIGINT)`)
)

// Why two contacts look like one person.
const (
	AlikeName    = "name"    // of the same words, and of no other firm
	AlikePhone   = "phone"   // but for its country
	AlikeAddress = "address" // but for its ending, or its provider
)

// clue is one thing by which somebody may be there twice. What begins it says what it is of.
type clue struct {
	contact    fact.ContactID
	text, firm string
}

var whyOf = map[byte]string{'n': AlikeName, 'p': AlikePhone, 'm': AlikeAddress}

// longLocal is how many letters the name of a mailbox has of a public provider that two people hardly share.
const longLocal = 8

// cluesOf returns by what c may be there twice. A single word is no name without a firm.
func cluesOf(c Contact) (all []clue) {
	firm := ""
	if c.Company != "" {
		firm = "c:" + text.Fold(c.Company)
	}
	for _, h := range c.Handles {
		switch h.Channel {
		case Phone:
			digits := strings.Map(func(r rune) rune {
				if r < '0' || r > '9' {
					return -1
				}
				return r
			}, h.Key)
			if len(digits) >= 9 {
				all = append(all, clue{c.ID, "p" + digits[len(digits)-9:], ""})
			}
		case Email:
			local, domain, _ := strings.Cut(h.Key, "@")
			local, _, _ = strings.Cut(local, "+")
			local = strings.NewReplacer(".", "", "-", "", "_", "").Replace(local)
			if p := strings.Split(domain, "."); h.Domain != "" && len(p) > 1 && len(local) > 1 {
				all = append(all, clue{c.ID, "m" + local + "@" + p[len(p)-2], ""})
			} else if h.Domain == "" && len(local) >= longLocal {
				all = append(all, clue{c.ID, "m" + local + "@", ""})
			}
			if firm == "" && h.Domain != "" {
				firm = "d:" + h.Domain
			}
		}
	}
	words := strings.FieldsFunc(text.Fold(c.Name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	slices.Sort(words)
	switch name := strings.Join(words, " "); {
	case len(words) > 1:
		all = append(all, clue{c.ID, "n" + name, firm})
	case len(words) == 1 && firm != "":
		all = append(all, clue{c.ID, "n" + name + "|" + firm, firm})
	}
	return all
}

// another reports whether two firms are known to be two.
func another(a, b string) bool { return a != "" && b != "" && a[0] == b[0] && a != b }

// mostAlike is how many pairs one person is in at most when they change: a name that hundreds bear says nothing.
const mostAlike = 5

// alike looks for whom people may be as well, in few statements for all of them. What was found before of those who were known is forgotten.
func alike(tx *db.Tx, people []Contact, known ...fact.ContactID) error {
	var clues []clue
	for _, c := range people {
		clues = append(clues, cluesOf(c)...)
	}
	if err := unlike(tx, known...); err != nil {
		return err
	}
	rows, keys := make([]any, 0, 3*len(clues)), make([]string, 0, len(clues))
	for _, c := range clues {
		rows, keys = append(rows, c.contact, c.text, c.firm), append(keys, c.text)
	}
	if err := db.Insert(tx, qCluesAdd, 3, rows); err != nil {
		return err
	}
	slices.Sort(keys)
	found, err := db.AllIn(tx, qCluesOf, func(r db.Row) (c clue, err error) { return c, r.Scan(&c.contact, &c.text, &c.firm) }, slices.Compact(keys))
	if err != nil {
		return err
	}
	bearers := map[string][]clue{}
	for _, c := range found {
		bearers[c.text] = append(bearers[c.text], c)
	}
	in, pairs := map[fact.ContactID]int{}, []any{}
	for _, mine := range clues {
		for _, theirs := range bearers[mine.text] {
			if theirs.contact == mine.contact || another(mine.firm, theirs.firm) || in[mine.contact] >= mostAlike {
				continue
			}
			in[mine.contact]++
			a, b := min(mine.contact, theirs.contact), max(mine.contact, theirs.contact)
			pairs = append(pairs, a, b, whyOf[mine.text[0]])
		}
	}
	return db.Insert(tx, qPairsAdd, 3, pairs)
}

// unlike forgets by what people may be there twice.
func unlike(tx *db.Tx, people ...fact.ContactID) error {
	for _, q := range []db.Query{qCluesDrop, qPairsOfA, qPairsOfB} {
		if _, err := db.ExecIn(tx, q, people); err != nil {
			return err
		}
	}
	return nil
}

func dismiss(tx *db.Tx, a, b fact.ContactID) error {
	_, err := db.Exec(tx, qDismiss, min(a, b), max(a, b), db.At(tx.Now()))
	return err
}

// Pair is two contacts that look like one person, the older first.
type Pair struct {
	A, B Contact
	Why  string // AlikeName, AlikePhone, AlikeAddress
}

// Pairs returns a page of contacts that look like one person, those with the last made first, and the cursor of the next.
func (s *Service) Pairs(ctx context.Context, by actor.Actor, cursor string, limit int) (found []Pair, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	after, err := db.ParseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	b, a := after.ID, int64(0)
	if after.IsZero() {
		b = 1<<63 - 1
	} else {
		a = after.At.UnixMilli()
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		type row struct {
			a, b fact.ContactID
			why  string
		}
		rows, err := db.All(tx, qPairs, func(r db.Row) (p row, err error) { return p, r.Scan(&p.a, &p.b, &p.why) }, b, a, limit+1)
		if err != nil {
			return err
		}
		if next = ""; len(rows) > limit {
			rows = rows[:limit]
			next = db.CursorAt(int64(rows[limit-1].a), int64(rows[limit-1].b)).Encode()
		}
		var ids []fact.ContactID
		for _, p := range rows {
			ids = append(ids, p.a, p.b)
		}
		slices.SortFunc(ids, cmp.Compare[fact.ContactID])
		all, err := s.ByIDsIn(tx, slices.Compact(ids))
		found = found[:0]
		for _, p := range rows {
			found = append(found, Pair{all[p.a], all[p.b], p.why})
		}
		return err
	})
	return found, next, err
}

// Dismiss notes for good that two contacts are two people. Whoever writes anywhere may.
func (s *Service) Dismiss(ctx context.Context, by actor.Actor, a, b fact.ContactID) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		x, err := s.GetIn(tx, a)
		if err != nil {
			return err
		}
		y, err := s.GetIn(tx, b)
		if err != nil || x.ID == y.ID {
			return err
		}
		return dismiss(tx, x.ID, y.ID)
	})
}
