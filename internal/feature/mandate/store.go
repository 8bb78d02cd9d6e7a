package mandate

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

const columns = `id, title, contact_id, message_id, voice_id, stage, amount_cents, currency, next_act, next_on, lost_reason, postponed_until,
	declared, note, opened_at, closed_at, updated_at, deleted_at`

// inOrder is one list in two orders: the last changed first, and the last opened first. $1 and $2 are the place of the last one seen.
type inOrder struct{ changed, made db.Scoped }

func listing(name, where string) inOrder {
	text := `
		SELECT ` + columns + ` FROM mandates
		 WHERE ` + where + `deleted_at IS NULL AND {scope:voice_id} AND `
	return inOrder{
		changed: db.ScopedQ("mandate."+name, text+`(updated_at, id) < ($1, $2) ORDER BY updated_at DESC, id DESC LIMIT CAST($3 AS BIGINT)`),
		made: db.ScopedQ("mandate."+name+"_made", text+`CAST($1 AS BIGINT) IS NOT NULL AND id < $2
		 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)`),
	}
}

var (
	qByID   = db.Q("mandate.by_id", `SELECT `+columns+` FROM mandates WHERE id = $1`)
	qInsert = db.Q("mandate.insert", `
		INSERT INTO mandates (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`)
	qUpdate = db.Q("mandate.update", `
		UPDATE mandates
		   SET title = $2, contact_id = $3, voice_id = $4, stage = $5, amount_cents = $6, currency = $7, next_act = $8, next_on = $9,
		       lost_reason = $10, postponed_until = $11, declared = $12, note = $13, closed_at = $14, updated_at = $15, deleted_at = $16
		 WHERE id = $1`)
	qSameTitle = db.Q("mandate.same_title", `
		SELECT `+columns+` FROM mandates
		 WHERE title = $1 AND updated_at > $2 AND opened_at > $2 AND deleted_at IS NULL
		   AND EXISTS (SELECT 1 FROM mandate_moves v WHERE v.mandate_id = mandates.id AND v.account_id = $3)
		 ORDER BY id LIMIT 20`)
	qAnyOf = db.Q("mandate.any_of", `SELECT 1 FROM mandates WHERE contact_id = $1 LIMIT 1`)
	qHeir  = db.Q("mandate.heir", `UPDATE mandates SET voice_id = $2 WHERE voice_id = $1`)
	qStand = db.Q("mandate.stand", `
		SELECT contact_id, MAX(CASE WHEN stage IN ('won', 'lost') THEN 0 ELSE 1 END) = 1, MAX(COALESCE(closed_at, updated_at))
		  FROM mandates WHERE contact_id IN ({in}) AND deleted_at IS NULL GROUP BY contact_id`)
	qHeld   = db.Q("mandate.held", `SELECT COUNT(*) FROM mandates WHERE voice_id = $1 AND deleted_at IS NULL`)
	qIDsOf  = db.Q("mandate.ids_of", `SELECT id FROM mandates WHERE contact_id = $1`)
	qParted = db.Q("mandate.parted", `UPDATE mandates SET contact_id = $1 WHERE contact_id = $2 AND id IN ({in})`)
	qMerged = db.Q("mandate.merged", `UPDATE mandates SET contact_id = $2 WHERE contact_id = $1`)

	qAll       = listing("all", ``)
	qStage     = listing("stage", `stage = $4 AND `)
	qOpen      = listing("open", `stage IN ('interest', 'request', 'talk', 'proposal') AND `)
	qContact   = listing("contact", `contact_id = $4 AND `)
	qByMessage = db.Q("mandate.by_message", `SELECT `+columns+` FROM mandates WHERE message_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1`)
	qDue       = db.ScopedQ("mandate.due", `
		SELECT `+columns+` FROM mandates
		 WHERE next_on IS NOT NULL AND next_on <= $1 AND deleted_at IS NULL AND {scope:voice_id}
		 ORDER BY next_on, id LIMIT CAST($2 AS BIGINT)`)
	qSums = db.ScopedQ("mandate.sums", `
		SELECT stage, currency, COUNT(*), COUNT(amount_cents), `+SumOfAmounts+`
		  FROM mandates WHERE deleted_at IS NULL AND {scope:voice_id}
		 GROUP BY stage, currency ORDER BY stage, currency`)

	qInsertMove = db.Q("mandate_move.insert", `INSERT INTO mandate_moves (id, mandate_id, stage, account_id, at) VALUES ($1, $2, $3, $4, $5)`)
	qMoves      = db.Q("mandate_move.of", `SELECT stage, account_id, at FROM mandate_moves WHERE mandate_id = $1 ORDER BY at, id LIMIT 200`)
)

func scan(r db.Row) (m Mandate, err error) {
	err = r.Scan(&m.ID, &m.Title, &m.Contact, &m.Message, &m.Voice, &m.Stage, &m.AmountCents, &m.Currency, &m.NextAct, &m.NextOn,
		&m.LostReason, &m.PostponedUntil, &m.Declared, &m.Note, db.Time(&m.OpenedAt), db.Time(&m.ClosedAt), db.Time(&m.UpdatedAt), db.Time(&m.DeletedAt))
	return m, err
}

func scanMove(r db.Row) (m Move, err error) {
	err = r.Scan(&m.Stage, &m.Account, db.Time(&m.At))
	return m, err
}

func scanSum(r db.Row) (s Sum, err error) {
	err = r.Scan(&s.Stage, &s.Currency, &s.Count, &s.Known, &s.Cents)
	return s, err
}

func insert(tx *db.Tx, m Mandate) error {
	_, err := db.Exec(tx, qInsert, m.ID, m.Title, m.Contact, m.Message, m.Voice, m.Stage, m.AmountCents, m.Currency, m.NextAct, m.NextOn,
		m.LostReason, m.PostponedUntil, m.Declared, m.Note, db.At(m.OpenedAt), db.At(m.ClosedAt), db.At(m.UpdatedAt), db.At(m.DeletedAt))
	return err
}

func update(tx *db.Tx, m Mandate) error {
	_, err := db.Exec(tx, qUpdate, m.ID, m.Title, m.Contact, m.Voice, m.Stage, m.AmountCents, m.Currency, m.NextAct, m.NextOn,
		m.LostReason, m.PostponedUntil, m.Declared, m.Note, db.At(m.ClosedAt), db.At(m.UpdatedAt), db.At(m.DeletedAt))
	return err
}

// moveMark names the rows of mandate_moves, which nobody outside refers to.
type moveMark struct{}

func insertMove(tx *db.Tx, m Mandate, account int64, at time.Time) error {
	_, err := db.Exec(tx, qInsertMove, id.New[moveMark](tx.Now()), m.ID, m.Stage, fact.AccountID(account), db.At(at))
	return err
}
