package post

import (
	"context"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// Public is a post as readers get it: what its writer filled in, without the source of its text (Body is empty), and what
// is made of it. Its short texts are typeset; HTML is ready for a page.
type Public struct {
	Input
	ID          fact.PostID
	AuthorName  string // "" is the voice itself
	GUID        string // how feeds named it before it came here; "" is our own name
	HTML        text.HTML
	Plain       string
	Words       int
	Section     *Section
	Tags        []Tag
	Cover       *media.Media
	Sound       *media.Media // the first recording of its text
	First       *media.Media // the first picture of its text, where that is wide enough to stand for a post without a cover
	FirstAlt    string
	PublishedAt time.Time
	UpdatedAt   time.Time
}

func (p Public) address() (string, string, fact.PostID) { return p.Kind, p.Slug, p.ID }

// Traits returns what the kind of p asks and grants.
func (p Public) Traits() Kind { return traits(p.Kind) }

// Deck returns what stands under the title and in lists: the summary, else the first paragraph in at most limit characters.
func (p Public) Deck(limit int) string {
	if p.Summary != "" {
		return p.Summary
	}
	if words := text.FirstWords(p.HTML, limit); words != "" {
		return words
	}
	return text.Typeset(p.Lang, text.Excerpt(p.Plain, limit))
}

// Share returns what a card says of p: what was written for it, else the deck.
func (p Public) Share(limit int) string {
	if p.ShareText != "" {
		return p.ShareText
	}
	return p.Deck(limit)
}

// Label returns the title, for a note its first words.
func (p Public) Label() string {
	if p.Title != "" {
		return p.Title
	}
	return text.Typeset(p.Lang, text.Excerpt(p.Plain, 80))
}

// Picture returns what stands for p in lists and on cards, with its words: the cover, else the first picture of the text. It
// is nil when there is none.
func (p Public) Picture() (m *media.Media, alt string) {
	if p.Cover != nil && p.Cover.IsPicture() {
		return p.Cover, p.CoverAlt
	}
	return p.First, p.FirstAlt
}

// What readers get of a row of posts; bareColumns leave its text out.
var (
	publicColumns = postColumns.without("author_id", "status", "body", "schedule", "publish_at", "created_at", "deleted_at", "version")
	bareColumns   = publicColumns.without("html", "plain")
)

// public is a row as readers get it.
func (p Post) public() Public {
	out := Public{Input: p.Input, ID: p.ID, AuthorName: p.AuthorName, GUID: p.GUID, HTML: text.HTML(p.HTML), // made by text.Render at save
		Plain: p.Plain, Words: p.Words, Section: p.section, Tags: p.tags, PublishedAt: p.PublishedAt, UpdatedAt: p.UpdatedAt}
	for _, one := range properties {
		if s := one.of(&out.Input); one.typeset && *s != "" {
			*s = text.Typeset(p.Lang, *s)
		}
	}
	return out
}

// AsRead returns a post as readers would have it if it were out now, for whoever may see it unpublished.
func (s *Service) AsRead(ctx context.Context, by actor.Actor, id fact.PostID) (p Public, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		row, err := s.seen(tx, by, id)
		if err != nil {
			return err
		}
		if row.PublishedAt.IsZero() {
			row.PublishedAt, row.UpdatedAt = tx.Now(), tx.Now()
		}
		whole, err := wholePublic(tx, []Post{row})
		if err == nil {
			p = whole[0]
		}
		return err
	})
	return p, err
}

// publicOf gives rows to readers as they are, without their sections, tags and covers.
func publicOf(rows []Post) []Public {
	posts := make([]Public, len(rows))
	for i, p := range rows {
		posts[i] = p.public()
	}
	return posts
}

// leastFirst is how wide a picture of a text must be to stand for its post: logos, signatures and smileys are narrower.
const leastFirst = 400

// wholePublic gives rows to readers with their sections, tags and pictures, each read with one query for all.
func wholePublic(tx *db.Tx, rows []Post) ([]Public, error) {
	if err := loadTerms(tx, rows); err != nil {
		return nil, err
	}
	posts := publicOf(rows)
	var files []fact.MediaID
	first, sounds := make([]fact.MediaID, len(rows)), make([]fact.MediaID, len(rows))
	for i, p := range rows {
		if ids := media.IDsIn(text.FirstSound(posts[i].HTML)); len(ids) > 0 {
			sounds[i], files = ids[0], append(files, ids[0])
		}
		if !p.Cover.IsZero() {
			files = append(files, p.Cover)
			continue
		}
		var src string
		src, posts[i].FirstAlt = text.FirstImage(posts[i].HTML)
		if ids := media.IDsIn(src); len(ids) > 0 {
			first[i], files = ids[0], append(files, ids[0])
		}
	}
	byID, err := media.ByIDs(tx, files)
	if err != nil {
		return nil, err
	}
	for i, p := range rows {
		if m, found := byID[p.Cover]; found {
			posts[i].Cover = &m
		}
		if m, found := byID[sounds[i]]; found {
			posts[i].Sound = &m
		}
		if m, found := byID[first[i]]; found && m.IsPicture() && m.Width >= leastFirst {
			posts[i].First = &m
		}
	}
	return posts, nil
}
