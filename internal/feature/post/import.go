package post

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// Import is a post of another program. Status is any of ours; PublishedAt is when it went out there, or for Scheduled
// when it shall. CreatedAt and UpdatedAt may be zero; an
// instant that is not clock.Within counts as zero. OldPaths are addresses that lead to it from now on
// ("/2019/03/12/bonjour/", "/?p=123"), Beside those of what stood under it, when that did not come itself, Places those that lead to its
// section and tags. GUID is its name in the feeds of that program.
type Import struct {
	Input
	Status      string
	AuthorName  string
	PublishedAt time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
	OldPaths    []string
	Beside      []string
	GUID        string
	Places      []OldPlaces
}

// Import is PrepareImport and ImportIn, in a transaction of its own.
func (s *Service) Import(ctx context.Context, by actor.Actor, in Import) (p Post, err error) {
	if in, err = s.PrepareImport(ctx, by, in); err != nil {
		return p, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		p, err = s.ImportIn(tx, by, in)
		return err
	})
	return p, err
}

// ImportIn brings in a post of another program, rendered by PrepareImport, in the caller's transaction. What that program let out without a title
// or without describing its cover comes in as it is; a slug that is taken or cannot be one gets a number or is made from
// the title. by is actor.Importer: the facts are marked, and nobody is told.
func (s *Service) ImportIn(tx *db.Tx, by actor.Actor, in Import) (Post, error) {
	if err := by.Require(actor.Author, int64(in.Voice)); err != nil {
		return Post{}, err
	}
	for _, at := range []*time.Time{&in.PublishedAt, &in.CreatedAt, &in.UpdatedAt} {
		if !clock.Within(*at) {
			*at = time.Time{}
		}
	}
	p := Post{ID: in.id(tx), Status: in.Status, AuthorName: text.OneLine(in.AuthorName), GUID: cleanGUID(in.GUID), PublishedAt: in.PublishedAt,
		CreatedAt: in.CreatedAt, UpdatedAt: in.UpdatedAt, Version: 1}
	if p.Status == "" {
		p.Status = Writing
	}
	if !IsDraft(p.Status) && !p.needsWords() && p.Status != Unpublished {
		return Post{}, fault.Invalid("status", "unknown")
	}
	slug := in.Slug
	in.clip()
	if err := s.begin(tx, &p, in.Input); err != nil {
		return Post{}, err
	}
	if p.Status != Published {
		p.PublishedAt = time.Time{} // it was never out here
	}
	if p.Status == Published && p.PublishedAt.IsZero() {
		p.PublishedAt = firstOf(p.CreatedAt, tx.Now())
	}
	p.CreatedAt = firstOf(p.CreatedAt, p.PublishedAt, tx.Now())
	p.UpdatedAt = firstOf(p.UpdatedAt, p.PublishedAt, p.CreatedAt)
	if p.Status == Scheduled {
		if err := s.scheduleImported(tx, &p, in); err != nil {
			return Post{}, err
		}
	}
	if slug != "" || p.needsWords() {
		if err := s.assignSlug(tx, &p, slug); err != nil {
			return Post{}, err
		}
	}
	if err := insert(tx, p); err != nil {
		return Post{}, err
	}
	if err := storeTags(tx, p); err != nil {
		return Post{}, err
	}
	if err := s.oldPaths(tx, p.ID, in.OldPaths); err != nil {
		return Post{}, err
	}
	if err := s.oldPlaces(tx, p, in); err != nil {
		return Post{}, err
	}
	if p.Out() {
		if err := s.keepAddress(tx, p); err != nil {
			return Post{}, err
		}
		if err := s.rememberShown(tx, p); err != nil {
			return Post{}, err
		}
		if err := s.bus.Emit(tx, by, fact.PostPublished{Post: p.ID, Voice: p.Voice, First: true}); err != nil {
			return Post{}, err
		}
	}
	return p, s.project(tx, by, p)
}

// rememberShown remembers that strangers read p where it comes from: here it is not shown for the first time.
func (s *Service) rememberShown(tx *db.Tx, p Post) error {
	v, err := s.voices.GetIn(tx, p.Voice)
	if err != nil || !v.Public() {
		return err
	}
	return db.Insert(tx, qFirst, 2, []any{p.ID, db.At(p.PublishedAt)})
}

// scheduleImported gives p the instant at which it shall go out; one that has passed, or none, leaves it ready.
func (s *Service) scheduleImported(tx *db.Tx, p *Post, in Import) error {
	if !in.PublishedAt.After(tx.Now()) {
		p.Status = Ready
		return nil
	}
	h, err := s.house.GetIn(tx)
	if err != nil {
		return err
	}
	at := clock.LocalOf(in.PublishedAt, h.Location())
	p.Schedule, p.PublishAt = at.String(), at.In(h.Location())
	return s.due(tx, *p)
}

// clip makes in fit our bounds: what another program allowed is not refused for its length. The slug is not part of it.
func (in *Import) clip() {
	in.Slug = ""
	for _, one := range properties {
		if one.Max > 0 {
			*one.of(&in.Input) = text.Clip(text.OneLine(*one.of(&in.Input)), one.Max)
		}
	}
	in.Section = text.Clip(text.OneLine(in.Section), MaxName)
	tags := make([]string, 0, min(len(in.Tags), MaxTags))
	for _, t := range in.Tags[:min(len(in.Tags), MaxTags)] {
		tags = append(tags, text.Clip(text.OneLine(t), MaxName))
	}
	in.Tags = tags
}

// firstOf returns the first of these instants that is one.
func firstOf(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
