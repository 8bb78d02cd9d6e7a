package post

import (
	"context"
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
	"causerie/internal/platform/text"
)

// Filter chooses what List returns, newest change first, or with Made the newest made first: who reads page after page then loses nothing
// that is changed meanwhile. Zero fields do not choose. Status is one state, or "draft" for
// the five states of a draft. Deleted lists what can still be brought back, and only that. With Query, the best matches
// come first, on one page. Limit is 50 when it is not between 1 and 100.
type Filter struct {
	Voice   fact.VoiceID
	Kind    string
	Status  string
	Query   string
	Deleted bool
	Made    bool // not with Deleted
	Cursor  string
	Limit   int
}

// Draft is the filter's word for the five states of a draft.
const Draft = "draft"

// List returns the posts of the voices in which by may write, without HTML and Plain, and the cursor of the next page, ""
// at the end.
func (s *Service) List(ctx context.Context, by actor.Actor, f Filter) (posts []Post, next string, err error) {
	if f.Limit < 1 || f.Limit > 100 {
		f.Limit = 50
	}
	last, err := db.ParseCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		voices, err := s.writable(tx, by, f.Voice)
		if err != nil {
			return err
		}
		key := func(p Post) db.Cursor { return db.Cursor{At: p.UpdatedAt, ID: int64(p.ID)} }
		read := func(from db.Cursor, n int) ([]Post, error) { return list(tx, voices, f, from, n) }
		switch {
		case f.Query != "":
			posts, err = find(tx, voices, f)
		case f.Made:
			posts, err = read(last, f.Limit+1)
			if len(posts) > f.Limit {
				posts = posts[:f.Limit]
				next = key(posts[f.Limit-1]).Encode()
			}
		default:
			posts, next, err = db.Moving(tx, last, f.Limit, key, read)
		}
		if err != nil {
			return err
		}
		return loadTerms(tx, posts)
	})
	return posts, next, err
}

// Outline is what a post is called, and when it appears by itself, zero while nobody said.
type Outline struct {
	Label string
	At    time.Time
}

// OutlinesIn returns it of posts, of those in the voices in which by may write.
func (s *Service) OutlinesIn(tx *db.Tx, by actor.Actor, ids []fact.PostID) (map[fact.PostID]Outline, error) {
	rows, err := db.AllIn(tx, qByIDs, listedColumns.scan, ids)
	all := map[fact.PostID]Outline{}
	for _, p := range rows {
		if by.On(int64(p.Voice)) < actor.Author {
			continue
		}
		one := Outline{Label: p.Label()}
		if p.Status == Scheduled {
			one.At = p.PublishAt
		}
		all[p.ID] = one
	}
	return all, err
}

// writable returns the voices in which by may write, only one of them when one is asked.
func (s *Service) writable(tx *db.Tx, by actor.Actor, only fact.VoiceID) ([]fact.VoiceID, error) {
	if !by.SignedIn() {
		return nil, fault.Unauthenticated()
	}
	all, err := s.voices.ListIn(tx)
	if err != nil {
		return nil, err
	}
	var ids []fact.VoiceID
	for _, v := range all {
		if (only == 0 || v.ID == only) && by.On(int64(v.ID)) >= actor.Author {
			ids = append(ids, v.ID)
		}
	}
	return ids, nil
}

func list(tx *db.Tx, voices []fact.VoiceID, f Filter, last db.Cursor, n int) ([]Post, error) {
	at, id := last.Before()
	args := []any{at, id, f.Kind, n}
	switch {
	case f.Deleted:
		return db.AllIn(tx, qListDeleted, listedColumns.scan, voices, append(args, db.At(tx.Now().Add(-RestoreFor)))...)
	case f.Status == "":
		return db.AllIn(tx, qList.of(f), listedColumns.scan, voices, args...)
	case f.Status == Draft:
		return db.AllIn(tx, qListDrafts.of(f), listedColumns.scan, voices, args...)
	}
	return db.AllIn(tx, qListStatus.of(f), listedColumns.scan, voices, append(args, f.Status)...)
}

// find returns the posts whose words match, the best first.
func find(tx *db.Tx, voices []fact.VoiceID, f Filter) ([]Post, error) {
	hits, err := fulltext.Search(tx, SpaceWork, searchLangs, f.Query, 200, 0)
	if err != nil {
		return nil, err
	}
	ids := make([]fact.PostID, len(hits))
	for i, h := range hits {
		ids[i] = fact.PostID(h.Ref)
	}
	rows, err := db.AllIn(tx, qByIDs, listedColumns.scan, ids)
	if err != nil {
		return nil, err
	}
	mine := map[fact.VoiceID]bool{}
	for _, v := range voices {
		mine[v] = true
	}
	byID := map[fact.PostID]Post{}
	for _, p := range rows {
		if mine[p.Voice] && (f.Kind == "" || p.Kind == f.Kind) && (f.Status == "" || p.Status == f.Status || f.Status == Draft && IsDraft(p.Status)) {
			byID[p.ID] = p
		}
	}
	var found []Post
	for _, id := range ids {
		if p, ok := byID[id]; ok && len(found) < f.Limit {
			found = append(found, p)
		}
	}
	return found, nil
}

// searchLangs are the languages in which a query is read.
var searchLangs = []string{"fr-FR", "en"}

// Sections returns every section of a voice, for whoever may write in it.
func (s *Service) Sections(ctx context.Context, by actor.Actor, v fact.VoiceID) (all []Section, err error) {
	if err := by.Require(actor.Author, int64(v)); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = AllSections(tx, v)
		return err
	})
	return all, err
}

// CreateSection makes a section of a voice. slug "" is made from the name; one that the voice has is refused.
func (s *Service) CreateSection(ctx context.Context, by actor.Actor, v fact.VoiceID, name, slug string) (sec Section, err error) {
	if err := by.Require(actor.Author, int64(v)); err != nil {
		return sec, err
	}
	name = text.OneLine(name)
	switch {
	case name == "":
		return sec, fault.Invalid("name", "required")
	case len([]rune(name)) > MaxName:
		return sec, fault.Invalid("name", "too_long", MaxName)
	case slug == "":
		slug = TermSlug(name)
	}
	if !voice.ValidSlug(slug) {
		return sec, fault.Invalid("slug", "slug_shape")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.voices.GetIn(tx, v); err != nil {
			return err
		}
		if _, taken, err := db.Maybe(tx, qSectionBySlug, scanSection, v, slug); err != nil || taken {
			if taken {
				err = fault.Invalid("slug", "taken")
			}
			return err
		}
		sec, err = insertSection(tx, Section{Voice: v, Slug: slug, Name: name})
		return err
	})
	return sec, err
}
