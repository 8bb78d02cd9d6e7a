package post

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"unicode/utf8"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

var (
	qSections = db.Q("section.all", `
		SELECT id, voice_id, slug, name, position FROM sections WHERE voice_id = $1 ORDER BY position, name, id LIMIT 500`)
	qSectionBySlug = db.Q("section.bySlug", `SELECT id, voice_id, slug, name, position FROM sections WHERE voice_id = $1 AND slug = $2`)
	qSectionsByID  = db.Q("section.byIDs", `SELECT id, voice_id, slug, name, position FROM sections WHERE id IN ({in})`)
	qSectionInsert = db.Q("section.insert", `
		INSERT INTO sections (id, voice_id, slug, name, position, created_at) VALUES ($1, $2, $3, $4, $5, $6)`)

	qTagBySlug = db.Q("tag.bySlug", `SELECT id, slug, name FROM tags WHERE slug = $1`)
	qTagsIn    = db.Q("tag.bySlugs", `SELECT id, slug, name FROM tags WHERE slug IN ({in})`)
	qTagInsert = db.Q("tag.insert", `INSERT INTO tags (id, slug, name) VALUES {rows}`)
	qTagsOf    = db.Q("tag.ofPosts", `
		SELECT pt.post_id, t.id, t.slug, t.name
		  FROM post_tags pt JOIN tags t ON t.id = pt.tag_id
		 WHERE pt.post_id IN ({in})
		 ORDER BY t.slug`)
	qTagsUsed = db.Q("tag.used", `
		SELECT t.id, t.slug, t.name, COUNT(*)
		  FROM (SELECT id FROM posts WHERE voice_id = $1 AND deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT CAST($2 AS BIGINT)) p
		  JOIN post_tags pt ON pt.post_id = p.id
		  JOIN tags t ON t.id = pt.tag_id
		 GROUP BY t.id, t.slug, t.name
		 ORDER BY COUNT(*) DESC, t.slug LIMIT 100`)
	qUntag = db.Q("tag.untag", `DELETE FROM post_tags WHERE post_id = $1`)
	qTag   = db.Q("tag.tag", `INSERT INTO post_tags (post_id, tag_id) VALUES {rows}`)
)

func scanSection(r db.Row) (s Section, err error) {
	err = r.Scan(&s.ID, &s.Voice, &s.Slug, &s.Name, &s.Position)
	return s, err
}

func scanTag(r db.Row) (t Tag, err error) {
	err = r.Scan(&t.ID, &t.Slug, &t.Name)
	return t, err
}

// AllSections returns every section of a voice, those without a public post too, in their order.
func AllSections(tx *db.Tx, v fact.VoiceID) ([]Section, error) {
	return db.All(tx, qSections, scanSection, v)
}

// UsedTag is a tag with how many posts of a voice are under it.
type UsedTag struct {
	Tag
	Posts int
}

// usedIn is of how many posts of a voice, the last that changed, the tags are counted.
const usedIn = 5000

// UsedTags returns the tags of a voice's posts, drafts too, for whoever may write in it: the most used first, 100 at most. What is only
// under posts of another voice is not among them.
func (s *Service) UsedTags(ctx context.Context, by actor.Actor, v fact.VoiceID) (used []UsedTag, err error) {
	if err := by.Require(actor.Author, int64(v)); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		used, err = db.All(tx, qTagsUsed, func(r db.Row) (t UsedTag, err error) {
			err = r.Scan(&t.ID, &t.Slug, &t.Name, &t.Posts)
			return t, err
		}, v, usedIn)
		return err
	})
	return used, err
}

// sectionIn returns the section of that name or slug, made when there is none.
func sectionIn(tx *db.Tx, v fact.VoiceID, name string) (Section, error) {
	name = text.OneLine(name)
	if utf8.RuneCountInString(name) > MaxName {
		return Section{}, fault.Invalid("section", "too_long", MaxName)
	}
	slug := TermSlug(name)
	s, found, err := db.Maybe(tx, qSectionBySlug, scanSection, v, slug)
	if err != nil || found {
		return s, err
	}
	return insertSection(tx, Section{Voice: v, Slug: slug, Name: name})
}

// TermSlug is the slug of a section's or a tag's name. What a sign tells apart stays apart: C, C++ and C#. A name that no address can
// spell gets a number of its own.
func TermSlug(name string) string {
	if slug := text.Slug(signs.Replace(name)); slug != "" {
		return slug
	}
	h := fnv.New32a()
	h.Write([]byte(text.Fold(name)))
	return fmt.Sprintf("x-%08x", h.Sum32())
}

var signs = strings.NewReplacer("+", " plus ", "#", " sharp ")

func insertSection(tx *db.Tx, s Section) (Section, error) {
	have, err := AllSections(tx, s.Voice)
	if err != nil {
		return s, err
	}
	s.ID, s.Position = fact.New[fact.SectionID](tx.Now()), len(have)
	_, err = db.Exec(tx, qSectionInsert, s.ID, s.Voice, s.Slug, s.Name, s.Position, db.At(tx.Now()))
	return s, err
}

// tagsIn returns the tags of these names, each once, making those that are missing.
func tagsIn(tx *db.Tx, names []string) ([]Tag, error) {
	var slugs []string
	bySlug := map[string]string{}
	for _, name := range names {
		name = strings.TrimLeft(text.OneLine(name), "#")
		if name == "" {
			continue
		}
		slug := TermSlug(name)
		if utf8.RuneCountInString(name) > MaxName {
			return nil, fault.Invalid("tags", "too_long", MaxName)
		}
		if _, ok := bySlug[slug]; !ok {
			bySlug[slug] = name
			slugs = append(slugs, slug)
		}
	}
	if len(slugs) > MaxTags {
		return nil, fault.Invalid("tags", "too_many_items", MaxTags)
	}
	have, err := db.AllIn(tx, qTagsIn, scanTag, slugs)
	if err != nil {
		return nil, err
	}
	for _, t := range have {
		delete(bySlug, t.Slug)
	}
	var rows []any
	for _, slug := range slugs {
		if name, missing := bySlug[slug]; missing {
			t := Tag{fact.New[fact.TagID](tx.Now()), slug, name}
			have = append(have, t)
			rows = append(rows, t.ID, t.Slug, t.Name)
		}
	}
	if len(rows) > 0 {
		if err := db.Insert(tx, qTagInsert, 3, rows); err != nil {
			return nil, err
		}
	}
	return have, nil
}

// storeTags replaces the tags of p in the database by those that it has.
func storeTags(tx *db.Tx, p Post) error {
	if _, err := db.Exec(tx, qUntag, p.ID); err != nil {
		return err
	}
	var rows []any
	for _, t := range p.tags {
		rows = append(rows, p.ID, t.ID)
	}
	if len(rows) == 0 {
		return nil
	}
	return db.Insert(tx, qTag, 2, rows)
}

type tagOf struct {
	post fact.PostID
	tag  Tag
}

// tagsOf returns the tags of these posts.
func tagsOf(tx *db.Tx, ids []fact.PostID) (map[fact.PostID][]Tag, error) {
	rows, err := db.AllIn(tx, qTagsOf, func(r db.Row) (t tagOf, err error) {
		err = r.Scan(&t.post, &t.tag.ID, &t.tag.Slug, &t.tag.Name)
		return t, err
	}, ids)
	if err != nil {
		return nil, err
	}
	byPost := map[fact.PostID][]Tag{}
	for _, t := range rows {
		byPost[t.post] = append(byPost[t.post], t.tag)
	}
	return byPost, nil
}

// sectionsByID returns these sections.
func sectionsByID(tx *db.Tx, ids []fact.SectionID) (map[fact.SectionID]Section, error) {
	rows, err := db.AllIn(tx, qSectionsByID, scanSection, ids)
	if err != nil {
		return nil, err
	}
	byID := map[fact.SectionID]Section{}
	for _, s := range rows {
		byID[s.ID] = s
	}
	return byID, nil
}

// loadTerms gives posts their sections and tags, each read with one query for all.
func loadTerms(tx *db.Tx, posts []Post) error {
	var ids []fact.PostID
	var sections []fact.SectionID
	for _, p := range posts {
		ids = append(ids, p.ID)
		if !p.SectionID.IsZero() {
			sections = append(sections, p.SectionID)
		}
	}
	tags, err := tagsOf(tx, ids)
	if err != nil {
		return err
	}
	byID, err := sectionsByID(tx, sections)
	if err != nil {
		return err
	}
	for i := range posts {
		p := &posts[i]
		p.setTags(tags[p.ID])
		if s, found := byID[p.SectionID]; found {
			p.setSection(s)
		}
	}
	return nil
}

// setTags puts p under these tags and no others.
func (p *Post) setTags(tags []Tag) {
	p.tags, p.Tags = tags, nil
	for _, t := range tags {
		p.Tags = append(p.Tags, t.Name)
	}
}

// setSection puts p into a section; the zero Section is none.
func (p *Post) setSection(s Section) {
	p.SectionID, p.Section, p.section = s.ID, s.Name, &s
	if s.ID.IsZero() {
		p.section = nil
	}
}
