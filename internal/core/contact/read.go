package contact

import (
	"context"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
	"causerie/internal/platform/text"
)

// Get returns somebody with their handles and values; an alias leads to the person it became.
func (s *Service) Get(ctx context.Context, by actor.Actor, id fact.ContactID) (c Contact, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return c, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err = s.GetIn(tx, id)
		return err
	})
	return c, err
}

// GetIn is Get inside a transaction, for whoever asks: its callers asked who may.
func (s *Service) GetIn(tx *db.Tx, id fact.ContactID) (Contact, error) {
	c, err := s.PersonIn(tx, id)
	if err != nil {
		return c, err
	}
	return c, withValues(tx, []*Contact{&c})
}

// PersonIn is GetIn without what the fields of the house say, in one query: how somebody is called and reached.
func (s *Service) PersonIn(tx *db.Tx, id fact.ContactID) (Contact, error) {
	rows, err := db.All(tx, qGet, scanWith, id)
	if err == nil && len(rows) == 0 {
		err = fault.NotFound("contact")
	}
	if err != nil {
		return Contact{}, err
	}
	c := rows[0]
	for _, more := range rows[1:] {
		c.Handles = append(c.Handles, more.Handles...)
	}
	return c, nil
}

// ByIDsIn returns contacts with their handles and values, by the ids that were asked for; an alias is under its own id.
func (s *Service) ByIDsIn(tx *db.Tx, ids []fact.ContactID) (map[fact.ContactID]Contact, error) {
	rows, err := db.AllIn(tx, qIn, scan, ids)
	if err != nil {
		return nil, err
	}
	if err := fill(tx, rows); err != nil {
		return nil, err
	}
	found := make(map[fact.ContactID]Contact, len(rows))
	for _, c := range rows {
		found[c.ID] = c
	}
	return found, nil
}

// SameCompanyIn returns up to 50 contacts who share the e-mail domain of a company with id; public mail providers do
// not count.
func (s *Service) SameCompanyIn(tx *db.Tx, id fact.ContactID) ([]fact.ContactID, error) {
	return db.All(tx, qSameDomain, db.Scalar[fact.ContactID], id)
}

// The orders of a list.
const (
	Recent = "recent" // the last word first
	ByName = "name"
	Made   = "made" // the last that was made known first: who reads page after page loses nothing that changes meanwhile
)

// Filter says which contacts to list.
type Filter struct {
	Query  string // words of the name, the company, the role, the place, the address or a field
	Order  string // Recent ("" too), ByName or Made; a query has its own order
	Cursor string // from the list before
	Limit  int    // 1 to 100; 0 is 20
}

// List returns a page of contacts and the cursor of the next, "" at the end.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Contact, next string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, next, err = s.ListIn(tx, by, f)
		return err
	})
	return found, next, err
}

// ListIn is List inside a transaction.
func (s *Service) ListIn(tx *db.Tx, by actor.Actor, f Filter) (found []Contact, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 20
	}
	after, err := db.ParseCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	switch {
	case strings.TrimSpace(f.Query) != "":
		found, next, err = search(tx, f, after)
	case f.Order == ByName:
		found, next, err = byName(tx, f, after)
	case f.Order == Made:
		found, next, err = made(tx, f, after)
	default:
		found, next, err = recent(tx, f, after)
	}
	if err != nil {
		return nil, "", err
	}
	return found, next, fill(tx, found)
}

func recent(tx *db.Tx, f Filter, after db.Cursor) ([]Contact, string, error) {
	key := func(c Contact) db.Cursor { return db.Cursor{At: c.LastAt, ID: int64(c.ID)} }
	return db.Moving(tx, after, f.Limit, key, func(from db.Cursor, n int) ([]Contact, error) {
		at, id := from.Before()
		return db.All(tx, qRecent, scan, at, id, n)
	})
}

func made(tx *db.Tx, f Filter, after db.Cursor) ([]Contact, string, error) {
	_, id := after.Before()
	found, err := db.All(tx, qMade, scan, id, f.Limit+1)
	if err != nil || len(found) <= f.Limit {
		return found, "", err
	}
	last := found[f.Limit-1]
	return found[:f.Limit], db.Cursor{At: last.CreatedAt, ID: int64(last.ID)}.Encode(), nil
}

// byName pages by the last contact of the page before: its name is read again. Who was renamed to a page before follows at the end.
func byName(tx *db.Tx, f Filter, after db.Cursor) ([]Contact, string, error) {
	changed := func(c Contact) db.Cursor { return db.Cursor{At: c.UpdatedAt, ID: int64(c.ID)} }
	readChanged := func(from db.Cursor, n int) ([]Contact, error) {
		at, id := from.Before()
		return db.All(tx, qChanged, scan, at, id, n)
	}
	if !after.Floor.IsZero() {
		return db.Moving(tx, after, f.Limit, changed, readChanged)
	}
	key, id, began := "", int64(-1), tx.Now()
	if !after.IsZero() {
		began = after.Began
		last, found, err := db.Maybe(tx, qByID, scan, after.ID)
		if err != nil {
			return nil, "", err
		}
		if !found {
			return nil, "", fault.Invalid("cursor", "cursor_invalid")
		}
		key, id = text.Fold(last.Name), after.ID
	}
	found, err := db.All(tx, qByName, scan, key, id, f.Limit+1)
	if err != nil || len(found) <= f.Limit && after.IsZero() {
		return found, "", err
	}
	if len(found) <= f.Limit {
		next, err := db.Again(tx, after, changed, readChanged)
		return found, next, err
	}
	next := db.CursorAt(0, int64(found[f.Limit-1].ID))
	next.Began = began
	return found[:f.Limit], next.Encode(), nil
}

// search pages by how many hits the pages before showed.
func search(tx *db.Tx, f Filter, after db.Cursor) ([]Contact, string, error) {
	offset := int(after.ID)
	if offset < 0 || offset > 10_000 {
		return nil, "", fault.Invalid("cursor", "cursor_invalid")
	}
	hits, err := fulltext.Search(tx, Space, []string{lang}, f.Query, f.Limit+1, offset)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(hits) > f.Limit {
		hits, next = hits[:f.Limit], db.CursorAt(0, int64(offset+f.Limit)).Encode()
	}
	ids := make([]int64, len(hits))
	at := make(map[fact.ContactID]int, len(hits))
	for i, h := range hits {
		ids[i], at[fact.ContactID(h.Ref)] = h.Ref, i
	}
	rows, err := db.AllIn(tx, qIn, scan, ids)
	found := make([]Contact, len(hits))
	for _, c := range rows {
		found[at[c.ID]] = c
	}
	return found, next, err
}

// lang is the language in which names are cut and stemmed: the same for the card and for the query is all that counts.
const lang = "fr-FR"

// index files somebody in the search, and looks whether they are there twice.
func index(tx *db.Tx, c Contact) error {
	if err := fulltext.Put(tx, document(c)); err != nil {
		return err
	}
	return alike(tx, []Contact{c}, c.ID)
}

// document is by what somebody is found.
func document(c Contact) fulltext.Document {
	body := []string{c.Company, c.Role, c.Place}
	for _, v := range c.Values {
		body = append(body, v.Text)
	}
	for _, h := range c.Handles {
		body = append(body, strings.NewReplacer("@", " ", ".", " ", "-", " ", "_", " ", "+", " ").Replace(h.Key))
	}
	return fulltext.Document{Space: Space, Ref: int64(c.ID), Lang: lang, Title: c.Name, Body: strings.Join(body, " "), At: c.LastAt}
}

// Rebuild fills the search of contacts again from their rows, and finds again who may be there twice, in batches.
func (s *Service) Rebuild(ctx context.Context) error {
	if err := fulltext.Clear(ctx, s.db, Space); err != nil {
		return err
	}
	var after fact.ContactID
	for {
		var batch []Contact
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if batch, err = db.All(tx, qBatch, scan, int64(after), 500); err != nil {
				return err
			}
			if err := fill(tx, batch); err != nil {
				return err
			}
			known := make([]fact.ContactID, 0, len(batch))
			for _, c := range batch {
				known = append(known, c.ID)
				if err := fulltext.Put(tx, document(c)); err != nil {
					return err
				}
			}
			return alike(tx, batch, known...)
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		after = batch[len(batch)-1].ID
	}
}

// Labels returns what to call contacts where a name is needed, by id.
func (s *Service) Labels(ctx context.Context, by actor.Actor, ids []fact.ContactID) (names map[fact.ContactID]string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err := s.ByIDsIn(tx, ids)
		names = make(map[fact.ContactID]string, len(found))
		for id, c := range found {
			names[id] = c.Label()
		}
		return err
	})
	return names, err
}

// OldIn returns up to n people who were known before an instant, with an id above after, in the order of their ids: for what looks at
// everybody at night, whoever asks.
func (s *Service) OldIn(tx *db.Tx, before time.Time, after fact.ContactID, n int) ([]fact.ContactID, error) {
	return db.All(tx, qOld, db.Scalar[fact.ContactID], int64(after), db.At(before), n)
}
