package post

import (
	"cmp"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
)

var (
	qRead     = read("read", `SELECT `+publicColumns.of("p")+` FROM {source} u JOIN posts p ON p.id = u.post_id WHERE u.post_id = $1`)
	qReadMany = readByKeys("readMany", `
		SELECT `+publicColumns.of("p")+` FROM {source} u JOIN posts p ON p.id = u.post_id WHERE u.post_id IN ({in})`)
	qGone = db.Q("post.gone", `
		SELECT 1 FROM posts p JOIN shown_posts s ON s.post_id = p.id WHERE p.id = $1 AND p.deleted_at IS NOT NULL`)

	// Lists, the newest first. $1 is one kind; $2 and $3 the place of the last one seen; $4 the oldest instant; $5 the limit.
	qOfKind    = read("ofKind", page(`TRUE`))
	qOfVoice   = read("ofVoice", page(`u.voice_id = $6`))
	qOfSection = read("ofSection", page(`u.section_id = $6`))
	// The ids are chosen first, so that only the texts of one page are sorted.
	qOfTag = read("ofTag", `
		SELECT `+publicColumns.of("p")+` FROM posts p
		 WHERE p.id IN (
			SELECT u.post_id FROM post_tags t JOIN {source} u ON u.post_id = t.post_id
			 WHERE t.tag_id = $6 AND u.kind = $1 AND (u.published_at, u.post_id) < ($2, $3) AND u.published_at >= $4
			   AND (u.voice_id = $7 OR $7 = 0)
			 ORDER BY u.published_at DESC, u.post_id DESC LIMIT CAST($5 AS BIGINT))
		 ORDER BY p.published_at DESC, p.id DESC`)
	qPages = read("pages", `
		SELECT `+bareColumns.of("p")+` FROM {source} u JOIN posts p ON p.id = u.post_id
		 WHERE u.voice_id = $1 AND u.kind = $2 ORDER BY u.published_at, u.post_id LIMIT 100`)
	qPinned = read("pinned", `
		SELECT `+publicColumns.of("p")+` FROM posts p JOIN {source} u ON u.post_id = p.id
		 WHERE p.voice_id = $1 AND p.pinned <> '' ORDER BY p.published_at DESC, p.id DESC LIMIT 3`)
	qEvery = read("every", `
		SELECT `+bareColumns.of("p")+` FROM {source} u JOIN posts p ON p.id = u.post_id
		 WHERE u.post_id > $1 ORDER BY u.post_id LIMIT CAST($2 AS BIGINT)`)
	qOlder = read("older", `
		SELECT `+bareColumns.of("p")+` FROM {source} u JOIN posts p ON p.id = u.post_id
		 WHERE u.voice_id = $1 AND u.kind = $2 AND (u.published_at, u.post_id) < ($3, $4)
		 ORDER BY u.published_at DESC, u.post_id DESC LIMIT 1`)
	qNewer = read("newer", `
		SELECT `+bareColumns.of("p")+` FROM {source} u JOIN posts p ON p.id = u.post_id
		 WHERE u.voice_id = $1 AND u.kind = $2 AND (u.published_at, u.post_id) > ($3, $4)
		 ORDER BY u.published_at, u.post_id LIMIT 1`)
	qReadLargest = read("largestSections", `
		SELECT section_id FROM {source} u WHERE u.voice_id = $1 AND u.section_id IS NOT NULL
		 GROUP BY section_id ORDER BY COUNT(*) DESC, section_id LIMIT CAST($2 AS BIGINT)`)
	qReadSections = read("sections", `
		SELECT s.id, s.voice_id, s.slug, s.name, s.position FROM sections s
		 WHERE s.voice_id = $1 AND EXISTS (SELECT 1 FROM {source} u WHERE u.section_id = s.id)
		 ORDER BY s.position, s.name, s.id LIMIT 100`)
)

// page is a list of one kind and one more condition.
func page(where string) string {
	return `
		SELECT ` + publicColumns.of("p") + ` FROM {source} u JOIN posts p ON p.id = u.post_id
		 WHERE u.kind = $1 AND (u.published_at, u.post_id) < ($2, $3) AND u.published_at >= $4 AND ` + where + `
		 ORDER BY u.published_at DESC, u.post_id DESC LIMIT CAST($5 AS BIGINT)`
}

// Resolution is what stands at an address of a voice.
type Resolution struct {
	Post  Public
	Moved string // not "": the post has this slug now; redirect there, for ever
	Gone  bool   // the post was deleted
}

// Resolve tells what /{slug} of a voice is: a post, one that moved, one that is gone. What was never public, or was taken
// back, is post.not_found.
func (r *Reader) Resolve(tx *db.Tx, v fact.VoiceID, slug string) (Resolution, error) {
	id, err := db.One(tx, qAddressOwner, db.Scalar[fact.PostID], v, slug)
	if err != nil {
		return Resolution{}, err
	}
	p, err := r.ByID(tx, id)
	if fault.Is(err, fault.KindGone) {
		return Resolution{Gone: true}, nil
	}
	if err != nil {
		return Resolution{}, err
	}
	if p.Slug != slug {
		return Resolution{Post: p, Moved: p.Slug}, nil
	}
	return Resolution{Post: p}, nil
}

// ByID returns a post. One that strangers once read and that is deleted is the fault post.gone, any other post.not_found.
func (r *Reader) ByID(tx *db.Tx, id fact.PostID) (Public, error) {
	p, found, err := r.maybe(tx, qRead, publicColumns, id)
	if err != nil {
		return Public{}, err
	}
	if !found {
		_, gone, err := db.Maybe(tx, qGone, db.Scalar[int], id)
		switch {
		case err != nil:
			return Public{}, err
		case gone:
			return Public{}, fault.Gone("post")
		}
		return Public{}, fault.NotFound("post")
	}
	whole, err := wholePublic(tx, []Post{p})
	if err != nil {
		return Public{}, err
	}
	return whole[0], nil
}

// Pinned returns what stands first at the front of a voice: the newest three of those that are pinned, whole.
func (r *Reader) Pinned(tx *db.Tx, v fact.VoiceID) ([]Public, error) {
	rows, err := r.all(tx, qPinned, publicColumns, v)
	if err != nil {
		return nil, err
	}
	return wholePublic(tx, rows)
}

// Query chooses what List returns. Zero fields do not choose, but Kinds are those that are Listed when empty. Year, and Month
// within it, are those of Zone (UTC when nil). Before is a cursor. Limit is 20 when it is not between 1 and 100.
type Query struct {
	Voice   fact.VoiceID
	Kinds   []string
	Section fact.SectionID
	Tag     fact.TagID
	Year    int
	Month   time.Month
	Zone    *time.Location
	Before  string
	Limit   int
}

// List returns posts, the newest first, whole, and the cursor of the next page, "" at the end.
func (r *Reader) List(tx *db.Tx, q Query) ([]Public, string, error) {
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 20
	}
	if len(q.Kinds) == 0 {
		q.Kinds = KindNames(isListed)
	}
	last, err := db.ParseCursor(q.Before)
	if err != nil {
		return nil, "", err
	}
	at, id := last.Before()
	var oldest int64
	if q.Year != 0 {
		from, to := q.span()
		oldest = from.UnixMilli()
		if at >= to.UnixMilli() {
			at, id = to.UnixMilli(), 0
		}
	}
	var rows []Post
	for _, kind := range q.Kinds { // a handful; each walks one index and stops at the limit
		part, err := r.ofKind(tx, q, kind, at, id, oldest)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, part...)
	}
	slices.SortFunc(rows, func(a, b Post) int {
		return cmp.Or(b.PublishedAt.Compare(a.PublishedAt), cmp.Compare(b.ID, a.ID))
	})
	next := ""
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last := rows[q.Limit-1]
		next = db.Cursor{At: last.PublishedAt, ID: int64(last.ID)}.Encode()
	}
	posts, err := wholePublic(tx, rows)
	return posts, next, err
}

func (r *Reader) ofKind(tx *db.Tx, q Query, kind string, at, id, oldest int64) ([]Post, error) {
	args := []any{kind, at, id, oldest, q.Limit + 1}
	switch {
	case !q.Tag.IsZero():
		return r.all(tx, qOfTag, publicColumns, append(args, q.Tag, int64(q.Voice))...)
	case !q.Section.IsZero():
		return r.all(tx, qOfSection, publicColumns, append(args, q.Section)...)
	case !q.Voice.IsZero():
		return r.all(tx, qOfVoice, publicColumns, append(args, q.Voice)...)
	}
	return r.all(tx, qOfKind, publicColumns, args...)
}

// span returns the first instant of the year or month, and the first after it.
func (q Query) span() (from, to time.Time) {
	zone := q.Zone
	if zone == nil {
		zone = time.UTC
	}
	if q.Month == 0 {
		return time.Date(q.Year, 1, 1, 0, 0, 0, 0, zone), time.Date(q.Year+1, 1, 1, 0, 0, 0, 0, zone)
	}
	return time.Date(q.Year, q.Month, 1, 0, 0, 0, 0, zone), time.Date(q.Year, q.Month+1, 1, 0, 0, 0, 0, zone)
}

// Sections returns the sections of a voice in which there is something to read, in their order.
func (r *Reader) Sections(tx *db.Tx, v fact.VoiceID) ([]Section, error) {
	if r.source == internal {
		return db.AllIn(tx, qReadSections[internal], scanSection, r.voices, v)
	}
	return db.All(tx, qReadSections[r.source], scanSection, v)
}

// LargestSections returns the n sections of a voice with most to read.
func (r *Reader) LargestSections(tx *db.Tx, v fact.VoiceID, n int) ([]fact.SectionID, error) {
	if r.source == internal {
		return db.AllIn(tx, qReadLargest[internal], db.Scalar[fact.SectionID], r.voices, v, n)
	}
	return db.All(tx, qReadLargest[r.source], db.Scalar[fact.SectionID], v, n)
}

// SectionBySlug returns a section of a voice; section.not_found.
func (r *Reader) SectionBySlug(tx *db.Tx, v fact.VoiceID, slug string) (Section, error) {
	return db.One(tx, qSectionBySlug, scanSection, v, slug)
}

// TagBySlug returns a tag; tag.not_found. It says nothing of whether a public post has it.
func (r *Reader) TagBySlug(tx *db.Tx, slug string) (Tag, error) {
	return db.One(tx, qTagBySlug, scanTag, slug)
}

// Search returns posts that hold every word, the best first. It may return fewer than limit before the end.
func (r *Reader) Search(tx *db.Tx, query string, limit, offset int) ([]Public, error) {
	space := SpaceWork
	if r.source == public {
		space = SpacePublic
	}
	hits, err := fulltext.Search(tx, space, searchLangs, query, limit, offset)
	if err != nil {
		return nil, err
	}
	ids := make([]fact.PostID, len(hits))
	for i, h := range hits {
		ids[i] = fact.PostID(h.Ref)
	}
	return r.inOrder(tx, ids)
}

// ByIDs returns those of ids that r may read.
func (r *Reader) ByIDs(tx *db.Tx, ids []fact.PostID) (map[fact.PostID]Public, error) {
	posts, err := r.inOrder(tx, ids)
	byID := make(map[fact.PostID]Public, len(posts))
	for _, p := range posts {
		byID[p.ID] = p
	}
	return byID, err
}

func (r *Reader) inOrder(tx *db.Tx, ids []fact.PostID) ([]Public, error) {
	rows, err := r.these(tx, ids)
	if err != nil {
		return nil, err
	}
	at := make(map[fact.PostID]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	slices.SortFunc(rows, func(a, b Post) int { return cmp.Compare(at[a.ID], at[b.ID]) })
	return wholePublic(tx, rows)
}

// these returns those of ids that are in the source of r. A text has one list of keys: with a list of voices, the posts are
// asked for one by one.
func (r *Reader) these(tx *db.Tx, ids []fact.PostID) (rows []Post, err error) {
	if r.source != internal {
		return db.AllIn(tx, qReadMany[r.source], publicColumns.scan, ids)
	}
	for _, id := range ids {
		p, found, err := r.maybe(tx, qRead, publicColumns, id)
		if err != nil {
			return nil, err
		}
		if found {
			rows = append(rows, p)
		}
	}
	return rows, nil
}

// Pages returns the standing pages of a voice, the oldest first, without their text.
func (r *Reader) Pages(tx *db.Tx, v fact.VoiceID) ([]Public, error) {
	var rows []Post
	for _, kind := range KindNames(isStanding) {
		part, err := r.all(tx, qPages, bareColumns, v, kind)
		if err != nil {
			return nil, err
		}
		rows = append(rows, part...)
	}
	return publicOf(rows), nil
}

// All returns every post in the order of ids, after one of them (0: from the start), without text, section, tags or cover.
// Limit is 1000 at most.
func (r *Reader) All(tx *db.Tx, after fact.PostID, limit int) ([]Public, error) {
	rows, err := r.all(tx, qEvery, bareColumns, int64(after), min(max(limit, 1), 1000))
	return publicOf(rows), err
}

// Neighbours returns the posts of the same voice and kind that came out before and after one, without text; nil where
// there is none.
func (r *Reader) Neighbours(tx *db.Tx, p Public) (older, newer *Public, err error) {
	next := func(q sourced) (*Public, error) {
		row, found, err := r.maybe(tx, q, bareColumns, p.Voice, p.Kind, p.PublishedAt.UnixMilli(), p.ID)
		if err != nil || !found {
			return nil, err
		}
		one := row.public()
		return &one, nil
	}
	if older, err = next(qOlder); err == nil {
		newer, err = next(qNewer)
	}
	return older, newer, err
}
