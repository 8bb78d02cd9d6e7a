package post

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fulltext"
)

// Reader reads the posts of one source, and nothing else: what is public, or what would be.
type Reader struct{ preview bool }

// PublicReader returns a reader of what strangers may read.
func PublicReader() *Reader { return &Reader{} }

// PreviewReader returns a reader of what strangers would read if the house were public, for its owner before it opens.
func PreviewReader() *Reader { return &Reader{preview: true} }

// either is one query for both sources: what is public, and what would be.
type either [2]db.Query

// read names a query on {source}. What a preview reads never holds an internal voice either.
func read(name, text string) either {
	return either{
		db.Q("post."+name, strings.ReplaceAll(text, "{source}", "public_posts")),
		db.Q("post.preview_"+name, strings.ReplaceAll(text, "{source}",
			`(SELECT * FROM preview_posts WHERE voice_id IN (SELECT id FROM voices WHERE kind <> 'internal'))`)),
	}
}

func (r *Reader) of(e either) db.Query {
	if r.preview {
		return e[1]
	}
	return e[0]
}

var (
	qRead    = read("read", `SELECT `+readColumns+` FROM {source} p WHERE p.post_id = $1`)
	qReadAll = read("readMany", `SELECT `+readColumns+` FROM {source} p WHERE p.post_id IN ({in})`)
	qGone    = db.Q("post.gone", `SELECT 1 FROM posts WHERE id = $1 AND deleted_at IS NOT NULL AND published_at IS NOT NULL`)
	qOld     = db.Q("post.oldAddress", `SELECT post_id FROM old_addresses WHERE path = $1`)

	// Lists, the newest first. $1 is one kind; $2 and $3 the place of the last one seen; $4 the oldest instant.
	qOfKind = read("ofKind", `
		SELECT `+readColumns+` FROM {source} p
		 WHERE p.kind = $1 AND (p.published_at, p.post_id) < ($2, $3) AND p.published_at >= $4
		 ORDER BY p.published_at DESC, p.post_id DESC LIMIT $5`)
	qOfVoice = read("ofVoice", `
		SELECT `+readColumns+` FROM {source} p
		 WHERE p.kind = $1 AND (p.published_at, p.post_id) < ($2, $3) AND p.published_at >= $4 AND p.voice_id = $6
		 ORDER BY p.published_at DESC, p.post_id DESC LIMIT $5`)
	qOfSection = read("ofSection", `
		SELECT `+readColumns+` FROM {source} p
		 WHERE p.kind = $1 AND (p.published_at, p.post_id) < ($2, $3) AND p.published_at >= $4 AND p.section_id = $6
		 ORDER BY p.published_at DESC, p.post_id DESC LIMIT $5`)
	// The ids are chosen first, so that only the texts of one page are sorted.
	qOfTag = read("ofTag", `
		SELECT `+readColumns+` FROM {source} p
		 WHERE p.post_id IN (
			SELECT q.post_id FROM post_tags t JOIN {source} q ON q.post_id = t.post_id
			 WHERE t.tag_id = $6 AND q.kind = $1 AND (q.published_at, q.post_id) < ($2, $3) AND q.published_at >= $4
			   AND (q.voice_id = $7 OR $7 = 0)
			 ORDER BY q.published_at DESC, q.post_id DESC LIMIT $5)
		 ORDER BY p.published_at DESC, p.post_id DESC`)
	qPages = read("pages", `
		SELECT `+bareColumns+` FROM {source} p
		 WHERE p.voice_id = $1 AND p.kind = 'page' ORDER BY p.published_at, p.post_id LIMIT 100`)
	qEvery = read("every", `SELECT `+bareColumns+` FROM {source} p WHERE p.post_id > $1 ORDER BY p.post_id LIMIT $2`)
	qOlder = read("older", `
		SELECT `+bareColumns+` FROM {source} p
		 WHERE p.voice_id = $1 AND p.kind = $2 AND (p.published_at, p.post_id) < ($3, $4)
		 ORDER BY p.published_at DESC, p.post_id DESC LIMIT 1`)
	qNewer = read("newer", `
		SELECT `+bareColumns+` FROM {source} p
		 WHERE p.voice_id = $1 AND p.kind = $2 AND (p.published_at, p.post_id) > ($3, $4)
		 ORDER BY p.published_at, p.post_id LIMIT 1`)
	qReadSections = read("sections", `
		SELECT s.id, s.voice_id, s.slug, s.name, s.position FROM sections s
		 WHERE s.voice_id = $1 AND EXISTS (SELECT 1 FROM {source} p WHERE p.section_id = s.id)
		 ORDER BY s.position, s.name, s.id LIMIT 100`)
)

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

// ByID returns a public post. One that was public and is deleted is the fault post.gone, any other post.not_found.
func (r *Reader) ByID(tx *db.Tx, id fact.PostID) (Public, error) {
	p, found, err := db.Maybe(tx, r.of(qRead), scanPublic, id)
	if err != nil {
		return p, err
	}
	if !found {
		_, gone, err := db.Maybe(tx, qGone, db.Scalar[int], id)
		switch {
		case err != nil:
			return p, err
		case gone:
			return p, fault.Gone("post")
		}
		return p, fault.NotFound("post")
	}
	one := []Public{p}
	err = fill(tx, one)
	return one[0], err
}

// OldAddress returns the public post to which an address of another program leads now.
func (r *Reader) OldAddress(tx *db.Tx, path string) (Public, bool, error) {
	id, found, err := db.Maybe(tx, qOld, db.Scalar[fact.PostID], path)
	if err != nil || !found {
		return Public{}, false, err
	}
	p, err := r.ByID(tx, id)
	if fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindGone) {
		return Public{}, false, nil
	}
	return p, err == nil, err
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

// List returns public posts, the newest first, whole, and the cursor of the next page, "" at the end.
func (r *Reader) List(tx *db.Tx, q Query) ([]Public, string, error) {
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 20
	}
	if len(q.Kinds) == 0 {
		q.Kinds = KindNames(isListed)
	}
	at, id, err := parseCursor(q.Before)
	if err != nil {
		return nil, "", err
	}
	var oldest int64
	if q.Year != 0 {
		from, to := q.span()
		oldest = from.UnixMilli()
		if at >= to.UnixMilli() {
			at, id = to.UnixMilli(), 0
		}
	}
	var posts []Public
	for _, kind := range q.Kinds { // a handful; each walks one index and stops at the limit
		part, err := r.ofKind(tx, q, kind, at, id, oldest)
		if err != nil {
			return nil, "", err
		}
		posts = append(posts, part...)
	}
	slices.SortFunc(posts, func(a, b Public) int {
		return cmp.Or(b.PublishedAt.Compare(a.PublishedAt), cmp.Compare(b.ID, a.ID))
	})
	next := ""
	if len(posts) > q.Limit {
		posts = posts[:q.Limit]
		last := posts[q.Limit-1]
		next = cursor(last.PublishedAt.UnixMilli(), last.ID)
	}
	return posts, next, fill(tx, posts)
}

func (r *Reader) ofKind(tx *db.Tx, q Query, kind string, at, id, oldest int64) ([]Public, error) {
	args := []any{kind, at, id, oldest, q.Limit + 1}
	switch {
	case !q.Tag.IsZero():
		return db.All(tx, r.of(qOfTag), scanPublic, append(args, q.Tag, int64(q.Voice))...)
	case !q.Section.IsZero():
		return db.All(tx, r.of(qOfSection), scanPublic, append(args, q.Section)...)
	case !q.Voice.IsZero():
		return db.All(tx, r.of(qOfVoice), scanPublic, append(args, q.Voice)...)
	}
	return db.All(tx, r.of(qOfKind), scanPublic, args...)
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
	return db.All(tx, r.of(qReadSections), scanSection, v)
}

// SectionBySlug returns a section of a voice; section.not_found.
func (r *Reader) SectionBySlug(tx *db.Tx, v fact.VoiceID, slug string) (Section, error) {
	return db.One(tx, qSectionBySlug, scanSection, v, slug)
}

// TagBySlug returns a tag; tag.not_found. It says nothing of whether a public post has it.
func (r *Reader) TagBySlug(tx *db.Tx, slug string) (Tag, error) {
	return db.One(tx, qTagBySlug, scanTag, slug)
}

// Search returns public posts that hold every word, the best first. It may return fewer than limit before the end.
func (r *Reader) Search(tx *db.Tx, query string, limit, offset int) ([]Public, error) {
	space := SpacePublic
	if r.preview {
		space = SpaceWork
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

// ByIDs returns those of ids that are public.
func (r *Reader) ByIDs(tx *db.Tx, ids []fact.PostID) (map[fact.PostID]Public, error) {
	posts, err := r.inOrder(tx, ids)
	byID := make(map[fact.PostID]Public, len(posts))
	for _, p := range posts {
		byID[p.ID] = p
	}
	return byID, err
}

func (r *Reader) inOrder(tx *db.Tx, ids []fact.PostID) ([]Public, error) {
	rows, err := db.AllIn(tx, r.of(qReadAll), scanPublic, ids)
	if err != nil {
		return nil, err
	}
	at := make(map[fact.PostID]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	slices.SortFunc(rows, func(a, b Public) int { return cmp.Compare(at[a.ID], at[b.ID]) })
	return rows, fill(tx, rows)
}

// Pages returns the standing pages of a voice, the oldest first, without their text.
func (r *Reader) Pages(tx *db.Tx, v fact.VoiceID) ([]Public, error) {
	return db.All(tx, r.of(qPages), scanPublic, v)
}

// All returns every public post in the order of ids, after one of them (0: from the start), without text, section, tags
// or cover. Limit is 1000 at most.
func (r *Reader) All(tx *db.Tx, after fact.PostID, limit int) ([]Public, error) {
	return db.All(tx, r.of(qEvery), scanPublic, int64(after), min(max(limit, 1), 1000))
}

// Neighbours returns the posts of the same voice and kind that came out before and after one, without text; nil where
// there is none.
func (r *Reader) Neighbours(tx *db.Tx, p Public) (older, newer *Public, err error) {
	at := p.PublishedAt.UnixMilli()
	o, found, err := db.Maybe(tx, r.of(qOlder), scanPublic, p.Voice, p.Kind, at, p.ID)
	if err != nil {
		return nil, nil, err
	}
	if found {
		older = &o
	}
	n, found, err := db.Maybe(tx, r.of(qNewer), scanPublic, p.Voice, p.Kind, at, p.ID)
	if err != nil {
		return nil, nil, err
	}
	if found {
		newer = &n
	}
	return older, newer, nil
}
