package post

import (
	"strings"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

var (
	// listedColumns leave out what no list shows; HTML and Plain are empty then.
	listedColumns = postColumns.without("html", "plain")
	columns       = postColumns.of("p")
	listed        = listedColumns.of("p")
)

// inOrder is one list in two orders: the newest change first, and the newest made first. $1 and $2 are the place of the last one seen.
type inOrder struct{ changed, made db.Query }

func listing(name, where string) inOrder {
	text := `
		SELECT ` + listed + ` FROM posts p
		 WHERE ` + where + `p.deleted_at IS NULL AND ($3 = '' OR p.kind = $3) AND p.voice_id IN ({in}) AND `
	return inOrder{
		changed: db.Q("post."+name, text+`(p.updated_at, p.id) < ($1, $2)
		 ORDER BY p.updated_at DESC, p.id DESC LIMIT CAST($4 AS BIGINT)`),
		made: db.Q("post."+name+"_made", text+`CAST($1 AS BIGINT) IS NOT NULL AND p.id < $2
		 ORDER BY p.id DESC LIMIT CAST($4 AS BIGINT)`),
	}
}

func (q inOrder) of(f Filter) db.Query {
	if f.Made {
		return q.made
	}
	return q.changed
}

var (
	qByID  = db.Q("post.byID", `SELECT `+columns+` FROM posts p WHERE p.id = $1`)
	qByIDs = db.Q("post.byIDs", `SELECT `+listed+` FROM posts p WHERE p.deleted_at IS NULL AND p.id IN ({in})`)
	qTwins = db.Q("post.twins", `
		SELECT `+columns+` FROM posts p
		 WHERE p.voice_id = $1 AND p.updated_at > $2 AND p.created_at > $2 AND p.author_id = $3 AND p.kind = $4 AND p.deleted_at IS NULL
		 ORDER BY p.updated_at DESC LIMIT 20`)
	qInsert = db.Q("post.insert", postColumns.insert())
	qUpdate = db.Q("post.update", postColumns.update())

	// Lists: all, of one state, drafts, deleted.
	qList        = listing("list", ``)
	qListStatus  = listing("listStatus", `p.status = $5 AND `)
	qListDrafts  = listing("listDrafts", `p.status IN ('idea', 'planned', 'writing', 'review', 'ready') AND `)
	qListDeleted = db.Q("post.listDeleted", `
		SELECT `+listed+` FROM posts p
		 WHERE p.deleted_at IS NOT NULL AND p.deleted_at >= $5
		   AND (p.updated_at, p.id) < ($1, $2) AND ($3 = '' OR p.kind = $3) AND p.voice_id IN ({in})
		 ORDER BY p.updated_at DESC, p.id DESC LIMIT CAST($4 AS BIGINT)`)
	qScheduled = db.Q("post.scheduled", `SELECT `+columns+` FROM posts p WHERE p.status = 'scheduled' AND p.deleted_at IS NULL`)
	qAfter     = db.Q("post.after", `
		SELECT `+columns+` FROM posts p WHERE p.id > $1 ORDER BY p.id LIMIT CAST($2 AS BIGINT)`)
	qPurge = db.Q("post.purge", `
		UPDATE posts SET `+purged()+`, html = '', plain = '', words = 0, cover_id = NULL, author_name = '', guid = ''
		 WHERE id IN (SELECT id FROM posts
		               WHERE deleted_at < $1 AND (body <> '' OR title <> '' OR summary <> '' OR cover_id IS NOT NULL) LIMIT 100)
		RETURNING id`)
	qBlank = db.Q("post.blank", `
		SELECT `+columns+` FROM posts p
		 WHERE p.status = 'writing' AND p.version = 1 AND p.author_id = $1 AND p.voice_id = $2 AND p.kind = $3
		   AND p.title = '' AND p.body = '' AND p.deleted_at IS NULL
		 ORDER BY p.updated_at DESC LIMIT 1`)

	// Addresses.
	qSlugOwner    = db.Q("post.slugOwner", `SELECT id FROM posts WHERE voice_id = $1 AND slug = $2 AND slug <> '' AND deleted_at IS NULL`)
	qAddressOwner = db.Q("post.addressOwner", `SELECT post_id FROM post_addresses WHERE voice_id = $1 AND slug = $2`)
	qSlugInUse    = db.Q("post.slugInUse", `
		SELECT 1 FROM posts WHERE slug = $1 AND deleted_at IS NULL
		 UNION ALL SELECT 1 FROM post_addresses WHERE slug = $1
		 UNION ALL SELECT 1 FROM old_addresses WHERE path IN ($2, $3)
		 LIMIT 1`)
	qAddAddress = db.Q("post.addAddress", `
		INSERT INTO post_addresses (voice_id, slug, post_id) VALUES ($1, $2, $3) ON CONFLICT (voice_id, slug) DO NOTHING`)
)

// purged empties every text that somebody wrote.
func purged() string {
	var sets []string
	for _, one := range properties {
		if !one.setting {
			sets = append(sets, one.Name+" = ''")
		}
	}
	return strings.Join(sets, ", ")
}

func insert(tx *db.Tx, p Post) error {
	_, err := db.Exec(tx, qInsert, postColumns.args(p)...)
	return err
}

func update(tx *db.Tx, p Post) error {
	_, err := db.Exec(tx, qUpdate, postColumns.args(p)...)
	return err
}

// byID returns the bare row; post.not_found.
func byID(tx *db.Tx, id fact.PostID) (Post, error) { return db.One(tx, qByID, postColumns.scan, id) }

// blank returns a post of that account, voice and kind in which nothing was written yet.
func blank(tx *db.Tx, account fact.AccountID, v fact.VoiceID, kind string) (Post, bool, error) {
	return db.Maybe(tx, qBlank, postColumns.scan, account, v, kind)
}

// purge empties at most 100 of what was deleted before that instant and returns which.
func purge(tx *db.Tx, before time.Time) ([]fact.PostID, error) {
	return db.All(tx, qPurge, db.Scalar[fact.PostID], db.At(before))
}
