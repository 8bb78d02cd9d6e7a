package post

import (
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// placeIn puts p into the section of that name or slug, made when missing; "" takes it out.
func (s *Service) placeIn(tx *db.Tx, p *Post, name string) error {
	if text.OneLine(name) == "" {
		p.setSection(Section{})
		return nil
	}
	sec, err := sectionIn(tx, p.Voice, name)
	if err != nil {
		return err
	}
	p.setSection(sec)
	return nil
}

// checkCover refuses a cover that is no picture of the house.
func (s *Service) checkCover(tx *db.Tx, p Post) error {
	if p.Cover.IsZero() {
		return nil
	}
	m, err := media.ByID(tx, p.Cover)
	if fault.Is(err, fault.KindNotFound) || (err == nil && !m.IsPicture()) {
		return fault.Invalid("cover", "not_found")
	}
	return err
}

// checkSlug refuses the chosen slug of p when something else has it.
func (s *Service) checkSlug(tx *db.Tx, p Post) error {
	if p.Slug == "" {
		return nil
	}
	problem, err := s.slugProblem(tx, p, p.Slug)
	if err == nil && problem != "" {
		err = fault.Invalid("slug", problem)
	}
	return err
}

// assignSlug makes the slug of a post that goes out without one, from its title: the first of title, title-2, title-3...
// that is free.
func (s *Service) assignSlug(tx *db.Tx, p *Post, base string) error {
	if !p.Traits().Addressed || p.Slug != "" {
		return nil
	}
	base = text.Slug(base)
	if base == "" {
		base = text.Slug(p.Title)
	}
	if base == "" {
		base = p.ID.String()
	}
	for n := 1; ; n++ {
		slug := numbered(base, n)
		problem, err := s.slugProblem(tx, *p, slug)
		if err != nil {
			return err
		}
		if problem == "" {
			p.Slug = slug
			return nil
		}
	}
}

// slugProblem tells why p cannot have that slug: "reserved" for the site or a voice, "taken" by another post of the same
// voice, now or once in public; "" when it can.
func (s *Service) slugProblem(tx *db.Tx, p Post, slug string) (string, error) {
	if voice.Reserved(slug) {
		return "reserved", nil
	}
	isRoot, err := s.voices.IsRootIn(tx, slug) // the main voice's posts stand beside the voices, and any voice may become the main one
	if err != nil || isRoot {
		return "reserved", err
	}
	for _, q := range []db.Query{qSlugOwner, qAddressOwner} {
		owner, found, err := db.Maybe(tx, q, db.Scalar[fact.PostID], p.Voice, slug)
		if err != nil {
			return "", err
		}
		if found && owner != p.ID {
			return "taken", nil
		}
	}
	return "", nil
}

// hasSlug reports whether slug is the address of a post, now or once in public, or of one that another program had: a voice
// that took it would stand before the post.
func (s *Service) hasSlug(tx *db.Tx, slug string) (bool, error) {
	_, found, err := db.Maybe(tx, qSlugInUse, db.Scalar[int], slug, "/"+slug, "/"+slug+"/")
	return found, err
}

// keepAddress remembers the present address of p for ever.
func (s *Service) keepAddress(tx *db.Tx, p Post) error {
	if p.Slug == "" {
		return nil
	}
	_, err := db.Exec(tx, qAddAddress, p.Voice, p.Slug, p.ID)
	return err
}

// ignoreNotFound returns nil for what is not there.
func ignoreNotFound(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}
