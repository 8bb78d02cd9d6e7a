package silence

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
)

const columns = `contact_id, term, erase_on, held, asked_at, kept, account_id, kept_at, noted_at`

var (
	qIn   = db.Q("silence.in", `SELECT `+columns+` FROM silences WHERE contact_id IN ({in})`)
	qPut  = db.Q("silence.put", `INSERT INTO silences (`+columns+`) VALUES {rows}`)
	qDrop = db.Q("silence.drop", `DELETE FROM silences WHERE contact_id IN ({in})`)
	qList = db.Q("silence.list", `
		SELECT `+columns+` FROM silences WHERE (term, contact_id) > ($1, $2) ORDER BY term, contact_id LIMIT CAST($3 AS BIGINT)`)
	qDue   = db.Q("silence.due", `SELECT contact_id FROM silences WHERE erase_on > '' AND erase_on <= $1 ORDER BY erase_on, contact_id LIMIT CAST($2 AS BIGINT)`)
	qNext  = db.Q("silence.next", `SELECT erase_on, COUNT(*) FROM silences WHERE erase_on > '' GROUP BY erase_on ORDER BY erase_on LIMIT 1`)
	qCount = db.Q("silence.count", `
		SELECT COUNT(CASE WHEN kept = '' AND held = '' THEN 1 END), COUNT(CASE WHEN kept = '' AND asked_at IS NOT NULL THEN 1 END),
		       COUNT(CASE WHEN kept = '' AND held <> '' THEN 1 END), COUNT(CASE WHEN kept <> '' THEN 1 END)
		  FROM silences`)
	qSwitch = db.Q("silence.switch", `SELECT erases, at FROM silence_switch WHERE id = 1`)
	qTurn   = db.Q("silence.turn", `
		INSERT INTO silence_switch (id, erases, account_id, at) VALUES (1, $1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET erases = $1, account_id = $2, at = $3`)
)

func scan(r db.Row) (s Silence, err error) {
	var term, erase string
	err = r.Scan(&s.Contact, &term, &erase, &s.Held, db.Time(&s.AskedAt), &s.Kept, &s.KeptBy, db.Time(&s.KeptAt), db.Time(&s.NotedAt))
	s.Term, _ = clock.ParseDay(term) // put wrote them
	if erase != "" {
		s.EraseOn, _ = clock.ParseDay(erase)
	}
	return s, err
}

// put writes rows anew.
func put(tx *db.Tx, all []Silence) error {
	ids := make([]fact.ContactID, len(all))
	rows := make([]any, 0, 9*len(all))
	for i, s := range all {
		ids[i] = s.Contact
		erase := ""
		if !s.EraseOn.IsZero() {
			erase = s.EraseOn.String()
		}
		var by any
		if !s.KeptBy.IsZero() {
			by = s.KeptBy
		}
		rows = append(rows, s.Contact, s.Term.String(), erase, s.Held, db.At(s.AskedAt), s.Kept, by, db.At(s.KeptAt), db.At(s.NotedAt))
	}
	if _, err := db.ExecIn(tx, qDrop, ids); err != nil {
		return err
	}
	return db.Insert(tx, qPut, 9, rows)
}

// turned is what an owner decided, and when.
type turned struct {
	erases bool
	at     time.Time
}

func switchIn(tx *db.Tx) (t turned, err error) {
	t, _, err = db.Maybe(tx, qSwitch, func(r db.Row) (t turned, err error) { return t, r.Scan(&t.erases, db.Time(&t.at)) })
	return t, err
}
