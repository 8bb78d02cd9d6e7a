package newsletter

import (
	"encoding/json"
	"fmt"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

const columns = `id, voice_id, post_id, kind, subject, body, excerpt, audience, state, send_at, account_id, reached, created_at, updated_at, begun_at, handed_at, address`

var (
	qInsert = db.Q("letter.insert", `
		INSERT INTO letters (id, voice_id, post_id, kind, subject, body, excerpt, audience, state, send_at, account_id, reached, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $12)`)
	qByID = db.Q("letter.by_id", `SELECT `+columns+` FROM letters WHERE id = $1`)
	qList = db.ScopedQ("letter.list", `
		SELECT `+columns+` FROM letters WHERE id < $1 AND {scope:voice_id} ORDER BY id DESC LIMIT CAST($2 AS BIGINT)`)
	qScheduled = db.ScopedQ("letter.scheduled", `
		SELECT `+columns+` FROM letters WHERE state = 'scheduled' AND {scope:voice_id} ORDER BY send_at, id LIMIT 200`)
	qByIDs  = db.Q("letter.by_ids", `SELECT `+columns+` FROM letters WHERE id IN ({in})`)
	qDigest = db.Q("letter.digest", `SELECT `+columns+` FROM letters WHERE kind = 'digest' AND subject = $1`)
	qOfPost = db.Q("letter.of_post", `SELECT `+columns+` FROM letters WHERE post_id IN ({in}) ORDER BY id`)
	qUpdate = db.Q("letter.update", `
		UPDATE letters SET post_id = $2, subject = $3, body = $4, excerpt = $5, audience = $6, updated_at = $7 WHERE id = $1`)
	qState = db.Q("letter.state", `UPDATE letters SET state = $2, send_at = $3, updated_at = $4 WHERE id = $1`)
	qAlong = db.Q("letter.along", `
		UPDATE letters SET voice_id = $2, excerpt = $3, state = $4, send_at = $5, updated_at = $6 WHERE id = $1`)
	qBegin = db.Q("letter.begin", `
		UPDATE letters SET state = 'sending', begun_at = COALESCE(begun_at, $2), updated_at = $2 WHERE id = $1`)
	qAddress   = db.Q("letter.address", `UPDATE letters SET address = $2 WHERE id = $1 AND address = ''`)
	qByAddress = db.Q("letter.by_address", `SELECT `+columns+` FROM letters WHERE address = $1 AND address <> '' AND begun_at IS NOT NULL`)
	qReach     = db.Q("letter.reach", `UPDATE letters SET reached = $2 WHERE id = $1`)
	qHand      = db.Q("letter.hand", `UPDATE letters SET handed_at = $2 WHERE id = $1`)
	qHeir      = db.Q("letter.heir", `UPDATE letters SET voice_id = $2 WHERE voice_id = $1`)
	qDrop      = db.Q("letter.drop", `DELETE FROM letters WHERE id = $1`)

	qKeepEdition = db.Q("letter.keep_edition", `
		INSERT INTO letter_editions (letter_id, variant, edition) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	qDropTests    = db.Q("letter.drop_tests", `DELETE FROM letter_editions WHERE letter_id = $1 AND variant LIKE 'test/%'`)
	qDropEditions = db.Q("letter.drop_editions", `DELETE FROM letter_editions WHERE letter_id = $1`)
	qEdition      = db.Q("letter.edition", `SELECT edition FROM letter_editions WHERE letter_id = $1 AND variant = $2`)
)

func scanLetter(r db.Row) (l Letter, err error) {
	err = r.Scan(&l.ID, &l.Voice, &l.Post, &l.Kind, &l.Subject, &l.Body, &l.Excerpt, &l.Audience, &l.State, db.Time(&l.SendAt), &l.Account, &l.reached,
		db.Time(&l.CreatedAt), db.Time(&l.UpdatedAt), db.Time(&l.BegunAt), db.Time(&l.HandedAt), &l.Address)
	return l, err
}

// kept is an edition as it was when its letter began to leave, with whom it is from.
type kept struct {
	edition.Edition
	Lang      string `json:"lang"`
	FromName  string `json:"from_name"`
	FromEmail string `json:"from_email"`
	List      string `json:"list"` // List-Id
}

func keepEdition(tx *db.Tx, id fact.LetterID, variant string, k kept) error {
	b, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("newsletter: an edition: %w", err)
	}
	_, err = db.Exec(tx, qKeepEdition, id, variant, string(b))
	return err
}

func editionIn(tx *db.Tx, id fact.LetterID, variant string) (k kept, err error) {
	text, err := db.One(tx, qEdition, db.Scalar[string], id, variant)
	if err == nil {
		err = json.Unmarshal([]byte(text), &k)
	}
	return k, err
}
