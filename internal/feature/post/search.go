package post

import (
	"context"
	"slices"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fulltext"
)

// The spaces of word search.
const (
	SpacePublic = "public"
	SpaceWork   = "work"
)

// indexBatch is how many posts are indexed in one write: cutting a long text into words takes milliseconds, and SQLite has
// one writer.
const indexBatch = 10

// document is p as it is searched.
func (p Post) document(space string) fulltext.Document {
	doc := fulltext.Document{Space: space, Ref: int64(p.ID), Lang: p.Lang, Title: p.Title, At: p.UpdatedAt,
		Body: p.Summary + "\n" + p.Plain + "\n" + p.Question}
	if !p.PublishedAt.IsZero() {
		doc.At = p.PublishedAt
	}
	return doc
}

// indexIn puts p where it may be found, and takes it from where it may not.
func (p Post) indexIn(tx *db.Tx, public bool) error {
	var in []string
	for _, space := range []struct {
		name  string
		found bool
	}{{SpaceWork, p.DeletedAt.IsZero()}, {SpacePublic, public}} {
		if space.found {
			in = append(in, space.name)
			continue
		}
		if err := fulltext.Remove(tx, space.name, int64(p.ID)); err != nil {
			return err
		}
	}
	if len(in) == 0 {
		return nil
	}
	return fulltext.Put(tx, p.document(in[0]), in[1:]...)
}

// followSearch brings the public space up to date for posts that strangers see since, or do not see any more. Until it has
// run a search finds less, or finds what the Reader then leaves out. A post in that space is there as it is now, since
// project keeps it so; hence only what is missing is put, and running twice changes nothing.
func (s *Service) followSearch(ctx context.Context, ids []fact.PostID) error {
	for batch := range slices.Chunk(ids, indexBatch) {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			rows, err := PublicReader().these(tx, batch)
			if err != nil {
				return err
			}
			visible := map[fact.PostID]Post{}
			for _, p := range rows {
				visible[p.ID] = p
			}
			changed := false
			for _, id := range batch {
				there, err := fulltext.Has(tx, SpacePublic, int64(id))
				if err != nil {
					return err
				}
				p, shown := visible[id]
				switch {
				case there && !shown:
					changed = true
					err = fulltext.Remove(tx, SpacePublic, int64(id))
				case !there && shown:
					changed = true
					err = fulltext.Put(tx, p.document(SpacePublic))
				}
				if err != nil {
					return err
				}
			}
			if changed {
				return s.indexed(tx)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Rebuild makes public_posts, the visibility of files and word search anew from the posts, batch by batch.
func (s *Service) Rebuild(ctx context.Context) error {
	for _, space := range []string{SpacePublic, SpaceWork} {
		if err := fulltext.Clear(ctx, s.db, space); err != nil {
			return err
		}
	}
	for after := fact.PostID(0); ; {
		var last fact.PostID
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			posts, err := db.All(tx, qAfter, postColumns.scan, int64(after), indexBatch)
			if err != nil {
				return err
			}
			last = 0
			for _, p := range posts {
				if err := s.project(tx, actor.System(), p); err != nil {
					return err
				}
				last = p.ID
			}
			return nil
		})
		if err != nil || last == 0 {
			return err
		}
		after = last
	}
}
