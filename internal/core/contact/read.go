package contact

import (
	"context"
	"math"
	"strconv"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
	"causerie/internal/platform/text"
)

// Get returns somebody with their handles; an alias leads to the person it became.
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
	c, err := db.One(tx, qByID, scan, id)
	if err == nil && !c.MergedInto.IsZero() {
		c, err = db.One(tx, qByID, scan, c.MergedInto)
	}
	if err != nil {
		return c, err
	}
	all := []Contact{c}
	err = withHandles(tx, all)
	return all[0], err
}

// ByIDsIn returns contacts with their handles, by the ids that were asked for; an alias is under its own id.
func (s *Service) ByIDsIn(tx *db.Tx, ids []fact.ContactID) (map[fact.ContactID]Contact, error) {
	rows, err := db.AllIn(tx, qIn, scan, ids)
	if err != nil {
		return nil, err
	}
	if err := withHandles(tx, rows); err != nil {
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
)

// Filter says which contacts to list.
type Filter struct {
	Query  string // words of the name, the company, the role or the address
	Order  string // Recent ("" too) or ByName; a query has its own order
	Cursor string // from the list before
	Limit  int    // 1 to 100; 0 is 20
}

// List returns a page of contacts and the cursor of the next, "" at the end.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (found []Contact, next string, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 20
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		switch {
		case strings.TrimSpace(f.Query) != "":
			found, next, err = search(tx, f)
		case f.Order == ByName:
			found, next, err = byName(tx, f)
		default:
			found, next, err = recent(tx, f)
		}
		if err != nil {
			return err
		}
		return withHandles(tx, found)
	})
	return found, next, err
}

func recent(tx *db.Tx, f Filter) ([]Contact, string, error) {
	at, id := int64(math.MaxInt64), int64(math.MaxInt64)
	if f.Cursor != "" {
		a, b, ok := strings.Cut(f.Cursor, ".")
		ms, err1 := strconv.ParseInt(a, 10, 64)
		row, err2 := fact.Parse[fact.ContactID](b)
		if !ok || err1 != nil || err2 != nil {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
		at, id = ms, int64(row)
	}
	found, err := db.All(tx, qRecent, scan, at, id, f.Limit+1)
	if err != nil || len(found) <= f.Limit {
		return found, "", err
	}
	last := found[f.Limit-1]
	return found[:f.Limit], strconv.FormatInt(last.LastAt.UnixMilli(), 10) + "." + last.ID.String(), nil
}

func byName(tx *db.Tx, f Filter) ([]Contact, string, error) {
	key, id := "", int64(-1)
	if f.Cursor != "" {
		row, err := fact.Parse[fact.ContactID](f.Cursor)
		if err != nil {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
		last, err := db.One(tx, qByID, scan, row)
		if err != nil {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
		key, id = text.Fold(last.Name), int64(row)
	}
	found, err := db.All(tx, qByName, scan, key, id, f.Limit+1)
	if err != nil || len(found) <= f.Limit {
		return found, "", err
	}
	return found[:f.Limit], found[f.Limit-1].ID.String(), nil
}

func search(tx *db.Tx, f Filter) ([]Contact, string, error) {
	offset := 0
	if f.Cursor != "" {
		var err error
		if offset, err = strconv.Atoi(f.Cursor); err != nil || offset < 0 || offset > 10_000 {
			return nil, "", fault.Invalid("cursor", "unknown")
		}
	}
	hits, err := fulltext.Search(tx, Space, []string{lang}, f.Query, f.Limit+1, offset)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(hits) > f.Limit {
		hits, next = hits[:f.Limit], strconv.Itoa(offset+f.Limit)
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

func index(tx *db.Tx, c Contact) error {
	body := []string{c.Company, c.Role}
	for _, h := range c.Handles {
		body = append(body, strings.NewReplacer("@", " ", ".", " ", "-", " ", "_", " ", "+", " ").Replace(h.Key))
	}
	return fulltext.Put(tx, fulltext.Document{Space: Space, Ref: int64(c.ID), Lang: lang, Title: c.Name, Body: strings.Join(body, " "), At: c.LastAt})
}

// Rebuild fills the search of contacts again from their rows, in batches.
func (s *Service) Rebuild(ctx context.Context) error {
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return fulltext.Clear(tx, Space) }); err != nil {
		return err
	}
	var after fact.ContactID
	for {
		var batch []Contact
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if batch, err = db.All(tx, qBatch, scan, int64(after), 500); err != nil {
				return err
			}
			if err := withHandles(tx, batch); err != nil {
				return err
			}
			for _, c := range batch {
				if err := index(tx, c); err != nil {
					return err
				}
			}
			return nil
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
