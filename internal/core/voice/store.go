package voice

import "causerie/internal/platform/db"

const columns = `id, slug, name, kind, lang, role, bio, accent, portrait_id, email, links, position, created_at, updated_at, receipts, receipt, logo_id, ask, heir_id, removed_at`

var (
	qByID     = db.Q("voice.by_id", `SELECT `+columns+` FROM voices WHERE id = $1 AND removed_at IS NULL`)
	qBySlug   = db.Q("voice.by_slug", `SELECT `+columns+` FROM voices WHERE slug = $1 AND removed_at IS NULL`)
	qSlugEver = db.Q("voice.slug_ever", `SELECT id FROM voices WHERE slug = $1`)
	qAll      = db.Q("voice.all", `SELECT `+columns+` FROM voices WHERE removed_at IS NULL ORDER BY position, id LIMIT 200`)
	qEver     = db.Q("voice.ever", `SELECT `+columns+` FROM voices ORDER BY position, id LIMIT 400`)
	qPlace    = db.Q("voice.place", `UPDATE voices SET position = $2, updated_at = $3 WHERE id = $1`)
	qRemove   = db.Q("voice.remove", `
		UPDATE voices SET removed_at = $2, heir_id = $3, portrait_id = NULL, logo_id = NULL, updated_at = $2 WHERE id = $1`)
	qInsert = db.Q("voice.insert", `
		INSERT INTO voices (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`)
	qUpdate = db.Q("voice.update", `
		UPDATE voices
		   SET slug = $2, name = $3, kind = $4, lang = $5, role = $6, bio = $7, accent = $8, portrait_id = $9, email = $10, links = $11,
		       position = $12, updated_at = $13, receipts = $14, receipt = $15, logo_id = $16, ask = $17
		 WHERE id = $1`)
)

func scan(r db.Row) (v Voice, err error) {
	err = r.Scan(&v.ID, &v.Slug, &v.Name, &v.Kind, &v.Lang, &v.Role, &v.Bio, &v.Accent, &v.Portrait, &v.Email, db.FromJSON(&v.Links),
		&v.Position, db.Time(&v.CreatedAt), db.Time(&v.UpdatedAt), &v.Receipts, &v.Receipt, &v.Logo, &v.Ask, &v.Heir, db.Time(&v.RemovedAt))
	return v, err
}

func insert(tx *db.Tx, v Voice) error {
	_, err := db.Exec(tx, qInsert, v.ID, v.Slug, v.Name, v.Kind, v.Lang, v.Role, v.Bio, v.Accent, v.Portrait, v.Email, db.JSON(v.Links),
		v.Position, db.At(v.CreatedAt), db.At(v.UpdatedAt), v.Receipts, v.Receipt, v.Logo, v.Ask, v.Heir, db.At(v.RemovedAt))
	return err
}

func update(tx *db.Tx, v Voice) error {
	_, err := db.Exec(tx, qUpdate, v.ID, v.Slug, v.Name, v.Kind, v.Lang, v.Role, v.Bio, v.Accent, v.Portrait, v.Email, db.JSON(v.Links),
		v.Position, db.At(v.UpdatedAt), v.Receipts, v.Receipt, v.Logo, v.Ask)
	return err
}
