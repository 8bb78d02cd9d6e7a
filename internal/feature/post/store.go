package post

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

const (
	columns = `p.id, p.voice_id, p.author_id, p.author_name, p.kind, p.status, p.slug, p.title, p.summary, p.question, p.body, p.html, p.plain,
		p.words, p.lang, p.section_id, p.cover_id, p.cover_alt, p.cover_caption, p.comments, p.schedule, p.publish_at, p.published_at,
		p.created_at, p.updated_at, p.deleted_at, p.version`
	listed = `p.id, p.voice_id, p.author_id, p.author_name, p.kind, p.status, p.slug, p.title, p.summary, p.question, p.body, '', '',
		p.words, p.lang, p.section_id, p.cover_id, p.cover_alt, p.cover_caption, p.comments, p.schedule, p.publish_at, p.published_at,
		p.created_at, p.updated_at, p.deleted_at, p.version`
)

var (
	qByID   = db.Q("post.byID", `SELECT `+columns+` FROM posts p WHERE p.id = $1`)
	qByIDs  = db.Q("post.byIDs", `SELECT `+listed+` FROM posts p WHERE p.deleted_at IS NULL AND p.id IN ({in})`)
	qInsert = db.Q("post.insert", `
		INSERT INTO posts (id, voice_id, author_id, author_name, kind, status, slug, title, summary, question, body, html, plain, words, lang,
			section_id, cover_id, cover_alt, cover_caption, comments, schedule, publish_at, published_at, created_at, updated_at, deleted_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`)
	qUpdate = db.Q("post.update", `
		UPDATE posts
		   SET voice_id = $2, author_id = $3, author_name = $4, kind = $5, status = $6, slug = $7, title = $8, summary = $9, question = $10,
		       body = $11, html = $12, plain = $13, words = $14, lang = $15, section_id = $16, cover_id = $17, cover_alt = $18,
		       cover_caption = $19, comments = $20, schedule = $21, publish_at = $22, published_at = $23, created_at = $24, updated_at = $25,
		       deleted_at = $26, version = $27
		 WHERE id = $1`)

	// Lists, newest change first: all, of one state, drafts, deleted. $1 and $2 are the place of the last one seen.
	qList = db.Q("post.list", `
		SELECT `+listed+` FROM posts p
		 WHERE (p.updated_at, p.id) < ($1, $2) AND p.deleted_at IS NULL AND ($3 = '' OR p.kind = $3) AND p.voice_id IN ({in})
		 ORDER BY p.updated_at DESC, p.id DESC LIMIT $4`)
	qListStatus = db.Q("post.listStatus", `
		SELECT `+listed+` FROM posts p
		 WHERE p.status = $5 AND (p.updated_at, p.id) < ($1, $2) AND p.deleted_at IS NULL AND ($3 = '' OR p.kind = $3) AND p.voice_id IN ({in})
		 ORDER BY p.updated_at DESC, p.id DESC LIMIT $4`)
	qListDrafts = db.Q("post.listDrafts", `
		SELECT `+listed+` FROM posts p
		 WHERE p.status IN ('idea', 'planned', 'writing', 'review', 'ready')
		   AND (p.updated_at, p.id) < ($1, $2) AND p.deleted_at IS NULL AND ($3 = '' OR p.kind = $3) AND p.voice_id IN ({in})
		 ORDER BY p.updated_at DESC, p.id DESC LIMIT $4`)
	qListDeleted = db.Q("post.listDeleted", `
		SELECT `+listed+` FROM posts p
		 WHERE p.deleted_at IS NOT NULL AND p.deleted_at >= $5
		   AND (p.updated_at, p.id) < ($1, $2) AND ($3 = '' OR p.kind = $3) AND p.voice_id IN ({in})
		 ORDER BY p.updated_at DESC, p.id DESC LIMIT $4`)
	qScheduled = db.Q("post.scheduled", `SELECT `+columns+` FROM posts p WHERE p.status = 'scheduled' AND p.deleted_at IS NULL`)
	qAfter     = db.Q("post.after", `
		SELECT `+columns+` FROM posts p WHERE p.id > $1 AND (p.voice_id = $2 OR $2 = 0) ORDER BY p.id LIMIT $3`)
	qPurge = db.Q("post.purge", `
		UPDATE posts
		   SET title = '', summary = '', question = '', body = '', html = '', plain = '', words = 0, cover_id = NULL, cover_alt = '',
		       cover_caption = '', author_name = ''
		 WHERE deleted_at < $1 AND (body <> '' OR title <> '')
		RETURNING id`)
	qBlank = db.Q("post.blank", `
		SELECT `+columns+` FROM posts p
		 WHERE p.status = 'writing' AND p.version = 1 AND p.author_id = $1 AND p.voice_id = $2 AND p.kind = $3
		   AND p.title = '' AND p.body = '' AND p.deleted_at IS NULL
		 ORDER BY p.updated_at DESC LIMIT 1`)

	// Addresses.
	qSlugOwner    = db.Q("post.slugOwner", `SELECT id FROM posts WHERE voice_id = $1 AND slug = $2 AND slug <> '' AND deleted_at IS NULL`)
	qAddressOwner = db.Q("post.addressOwner", `SELECT post_id FROM post_addresses WHERE voice_id = $1 AND slug = $2`)
	qAddAddress   = db.Q("post.addAddress", `
		INSERT INTO post_addresses (voice_id, slug, post_id) VALUES ($1, $2, $3) ON CONFLICT (voice_id, slug) DO NOTHING`)
	qAddOld = db.Q("post.addOldAddresses", `INSERT INTO old_addresses (path, post_id) VALUES {rows} ON CONFLICT (path) DO NOTHING`)
)

func scan(r db.Row) (p Post, err error) {
	err = r.Scan(&p.ID, &p.Voice, &p.Author, &p.AuthorName, &p.Kind, &p.Status, &p.Slug, &p.Title, &p.Summary, &p.Question, &p.Body,
		&p.HTML, &p.Plain, &p.Words, &p.Lang, &p.Section, &p.Cover, &p.CoverAlt, &p.CoverCaption, &p.Comments, &p.Schedule,
		db.Time(&p.PublishAt), db.Time(&p.PublishedAt), db.Time(&p.CreatedAt), db.Time(&p.UpdatedAt), db.Time(&p.DeletedAt), &p.Version)
	return p, err
}

func (p Post) values() []any {
	return []any{p.ID, p.Voice, p.Author, p.AuthorName, p.Kind, p.Status, p.Slug, p.Title, p.Summary, p.Question, p.Body, p.HTML, p.Plain,
		p.Words, p.Lang, p.Section, p.Cover, p.CoverAlt, p.CoverCaption, p.Comments, p.Schedule, db.At(p.PublishAt),
		db.At(p.PublishedAt), db.At(p.CreatedAt), db.At(p.UpdatedAt), db.At(p.DeletedAt), p.Version}
}

func insert(tx *db.Tx, p Post) error {
	_, err := db.Exec(tx, qInsert, p.values()...)
	return err
}

func update(tx *db.Tx, p Post) error {
	_, err := db.Exec(tx, qUpdate, p.values()...)
	return err
}

// byID returns the bare row; post.not_found.
func byID(tx *db.Tx, id fact.PostID) (Post, error) { return db.One(tx, qByID, scan, id) }

// blank returns a post of that account, voice and kind in which nothing was written yet.
func blank(tx *db.Tx, account fact.AccountID, v fact.VoiceID, kind string) (Post, bool, error) {
	return db.Maybe(tx, qBlank, scan, account, v, kind)
}

// purge empties what was deleted before that instant and returns which.
func purge(tx *db.Tx, before time.Time) ([]fact.PostID, error) {
	return db.All(tx, qPurge, db.Scalar[fact.PostID], db.At(before))
}
