package post

import (
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// Public is a post as readers get it. Its short texts are typeset; HTML is ready for a page.
type Public struct {
	ID           fact.PostID
	Voice        fact.VoiceID
	Kind         string // the name of a Kind
	Slug         string // "" for a note
	AuthorName   string // "" is the voice itself
	Title        string
	Summary      string // "" when the author wrote none
	Question     string
	HTML         text.HTML
	Plain        string
	Words        int
	Lang         string
	Section      *Section
	Tags         []Tag
	Cover        *media.Media
	CoverAlt     string
	CoverCaption string
	Comments     string // "open", "closed", or "" as the house says
	PublishedAt  time.Time
	UpdatedAt    time.Time

	section fact.SectionID
	cover   fact.MediaID
}

func (p Public) address() (string, string, fact.PostID) { return p.Kind, p.Slug, p.ID }

// Traits returns what the kind of p asks and grants.
func (p Public) Traits() Kind { return traits(p.Kind) }

// Deck returns what stands under the title and in lists: the summary, else the beginning of the text in at most limit
// characters.
func (p Public) Deck(limit int) string {
	if p.Summary != "" {
		return p.Summary
	}
	return text.Typeset(p.Lang, text.Excerpt(p.Plain, limit))
}

// Label returns the title, for a note its first words.
func (p Public) Label() string {
	if p.Title != "" {
		return p.Title
	}
	return text.Typeset(p.Lang, text.Excerpt(p.Plain, 80))
}

const (
	readColumns = `p.post_id, p.voice_id, p.kind, p.slug, p.author_name, p.title, p.summary, p.question, p.html, p.plain, p.words, p.lang,
		p.section_id, p.cover_id, p.cover_alt, p.cover_caption, p.comments, p.published_at, p.updated_at`
	bareColumns = `p.post_id, p.voice_id, p.kind, p.slug, p.author_name, p.title, p.summary, p.question, '', '', p.words, p.lang,
		p.section_id, p.cover_id, p.cover_alt, p.cover_caption, p.comments, p.published_at, p.updated_at`
)

func scanPublic(r db.Row) (p Public, err error) {
	var html string
	err = r.Scan(&p.ID, &p.Voice, &p.Kind, &p.Slug, &p.AuthorName, &p.Title, &p.Summary, &p.Question, &html, &p.Plain, &p.Words, &p.Lang,
		&p.section, &p.cover, &p.CoverAlt, &p.CoverCaption, &p.Comments, db.Time(&p.PublishedAt), db.Time(&p.UpdatedAt))
	p.HTML = text.HTML(html) // made by text.Render when the post was saved
	for _, s := range []*string{&p.Title, &p.Summary, &p.Question, &p.CoverAlt, &p.CoverCaption} {
		*s = text.Typeset(p.Lang, *s)
	}
	return p, err
}

// fill gives posts their sections, tags and covers, each with one query for all.
func fill(tx *db.Tx, posts []Public) error {
	var ids []fact.PostID
	var sections []fact.SectionID
	var covers []fact.MediaID
	for _, p := range posts {
		ids = append(ids, p.ID)
		if !p.section.IsZero() {
			sections = append(sections, p.section)
		}
		if !p.cover.IsZero() {
			covers = append(covers, p.cover)
		}
	}
	tags, err := tagsOf(tx, ids)
	if err != nil {
		return err
	}
	sectionByID, err := sectionsByID(tx, sections)
	if err != nil {
		return err
	}
	coverByID, err := media.ByIDs(tx, covers)
	if err != nil {
		return err
	}
	for i := range posts {
		p := &posts[i]
		p.Tags = tags[p.ID]
		if s, ok := sectionByID[p.section]; ok {
			p.Section = &s
		}
		if m, ok := coverByID[p.cover]; ok {
			p.Cover = &m
		}
	}
	return nil
}
