package media

import (
	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

const columns = `id, ref, name, mime, width, height, colour, bytes, alt, caption, created_at, replaced_at, focus_x, focus_y`

var (
	qInsert = db.Q("media.insert", `
		INSERT INTO media (id, ref, name, mime, width, height, colour, bytes, alt, caption, account_id, created_at, unused_since, kind, words, former_of)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`)
	qVariants = db.Q("media.variants", `
		INSERT INTO media_variants (media_id, variant, ref, mime, width, height, bytes) VALUES {rows}`)
	qByID     = db.Q("media.byID", `SELECT `+columns+` FROM media WHERE id = $1`)
	qByIDs    = db.Q("media.byIDs", `SELECT `+columns+` FROM media WHERE id IN ({in})`)
	qDescribe = db.Q("media.describe", `UPDATE media SET alt = $2, caption = $3, words = $4 WHERE id = $1`)
	qOf       = db.Q("media.variantsOf", `
		SELECT variant, ref, mime, width, height, bytes FROM media_variants WHERE media_id = $1`)
	qPublic = db.Q("media.public", `
		SELECT 1 FROM media_uses WHERE media_id = $1 AND public = $2 LIMIT 1`)

	qForget = db.Q("media.forget", `DELETE FROM media_uses WHERE kind = $1 AND subject = $2 RETURNING media_id`)
	qUsed   = db.Q("media.used", `UPDATE media SET unused_since = NULL WHERE id IN ({in}) AND unused_since IS NOT NULL`)
	qLeft   = db.Q("media.left", `
		UPDATE media SET unused_since = $1
		 WHERE id IN ({in}) AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = media.id)`)
	qExisting = db.Q("media.existing", `SELECT id FROM media WHERE id IN ({in})`)
	qUses     = db.Q("media.uses", `INSERT INTO media_uses (media_id, kind, subject, voice_id, published, public) VALUES {rows}`)
	qVoices   = db.Q("media.voices", `SELECT DISTINCT media_id, voice_id, FALSE FROM media_uses WHERE media_id IN ({in})`)
	qShown    = db.Q("media.shown", `
		SELECT DISTINCT media_id, voice_id, public FROM media_uses WHERE media_id IN ({in}) AND (published = $1 OR public = $1)`)
	qBefore = db.Q("media.before", `
		SELECT DISTINCT media_id FROM media_uses WHERE media_id IN ({in}) AND ((kind = $1 AND subject = $2) OR voice_id = $3)`)
	qUploaded = db.Q("media.uploaded", `SELECT id FROM media WHERE id IN ({in}) AND account_id = $1`)
	qShow     = db.Q("media.show", `UPDATE media_uses SET public = $1 WHERE kind = $2 AND subject IN ({in})`)
	qHideOf   = db.Q("media.hideOf", `UPDATE media_uses SET public = $1 WHERE kind = $2 AND voice_id = $3 AND public`)
	qGiveOn   = db.Q("media.giveOn", `UPDATE media_uses SET voice_id = $3 WHERE kind = $1 AND voice_id = $2`)
	qDraft    = db.Q("media.draft", `UPDATE media_uses SET published = FALSE WHERE kind = $1 AND voice_id = $2`)
	qHideAll  = db.Q("media.hideAll", `UPDATE media_uses SET public = $1 WHERE kind = $2`)

	qUnused = db.Q("media.unused", `SELECT id FROM media WHERE unused_since <= $1 ORDER BY unused_since LIMIT 100`)
	qIdle   = db.Q("media.idle", `
		SELECT id FROM media WHERE id IN ({in}) AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = media.id)`)
	qFormersOf = db.Q("media.formersOf", `
		SELECT id FROM media m WHERE former_of IN ({in}) AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media_id = m.id)`)
	qLetGo = db.Q("media.letGo", `
		INSERT INTO media_gone (media_id, ref) SELECT DISTINCT media_id, ref FROM media_variants WHERE media_id IN ({in})`)
	qDelete = db.Q("media.delete", `DELETE FROM media WHERE id IN ({in})`)
	qGone   = db.Q("media.gone", `DELETE FROM media_gone WHERE media_id = $1 RETURNING ref`)
	qStay   = db.Q("media.stay", `DELETE FROM media_gone WHERE ref IN ({in})`)
	qNamed  = db.Q("media.named", `SELECT DISTINCT ref FROM media_variants WHERE ref IN ({in})`)
)

func scan(r db.Row) (m Media, err error) {
	var x, y *int
	err = r.Scan(&m.ID, &m.Ref, &m.Name, &m.Mime, &m.Width, &m.Height, &m.Colour, &m.Bytes, &m.Alt, &m.Caption,
		db.Time(&m.CreatedAt), db.Time(&m.ReplacedAt), &x, &y)
	if x != nil && y != nil {
		m.Focus = Focus{X: *x, Y: *y, Said: true}
	}
	return m, err
}

// shown says that something of a voice shows a file.
type shown struct {
	id     fact.MediaID
	voice  fact.VoiceID
	public bool
}

func scanShown(r db.Row) (u shown, err error) {
	err = r.Scan(&u.id, &u.voice, &u.public)
	return u, err
}

// variant is one file of a media.
type variant struct {
	name          string
	ref           string
	mime          string
	width, height int
	bytes         int64
}

func scanVariant(r db.Row) (v variant, err error) {
	err = r.Scan(&v.name, &v.ref, &v.mime, &v.width, &v.height, &v.bytes)
	return v, err
}

// insert keeps a file that nothing shows yet. former is the file that took its address, zero for none.
func insert(tx *db.Tx, m Media, account int64, variants []variant, former fact.MediaID) error {
	if _, err := db.Exec(tx, qInsert, m.ID, m.Ref, m.Name, m.Mime, m.Width, m.Height, m.Colour, m.Bytes, m.Alt, m.Caption,
		fact.AccountID(account), db.At(m.CreatedAt), db.At(tx.Now()), m.Kind(), wordsOf(m), former); err != nil {
		return err
	}
	return insertVariants(tx, m.ID, variants)
}

func insertVariants(tx *db.Tx, id fact.MediaID, variants []variant) error {
	var rows []any
	for _, v := range variants {
		rows = append(rows, id, v.name, v.ref, v.mime, v.width, v.height, v.bytes)
	}
	return db.Insert(tx, qVariants, 7, rows)
}

// ByID returns one media; fault media.not_found.
func ByID(tx *db.Tx, id fact.MediaID) (Media, error) { return db.One(tx, qByID, scan, id) }

// ByIDs returns those of ids that exist.
func ByIDs(tx *db.Tx, ids []fact.MediaID) (map[fact.MediaID]Media, error) {
	found, err := db.AllIn(tx, qByIDs, scan, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[fact.MediaID]Media, len(found))
	for _, m := range found {
		byID[m.ID] = m
	}
	return byID, nil
}
