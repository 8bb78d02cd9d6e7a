package timeline

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// The texts from which every row comes; what follows.go has is of subscriptions. A message counts for its writer, an answer for whom it answers; both for
// the contact that was kept when contacts were merged. The voice is the one that was spoken to, or that spoke: none for
// having met somebody, a call or a visit, which the house shares, and for a mandate of no voice.
const (
	fromMessages = `
		SELECT COALESCE(k.merged_into, k.id), COALESCE(m.voice_id, c.voice_id), m.at, m.kind, m.id, SUBSTR(m.body, 1, 500),
		       CASE WHEN m.direction <> 'in' THEN FALSE
		            WHEN m.handle_id IS NOT NULL THEN EXISTS (SELECT 1 FROM handles h WHERE h.id = m.handle_id AND h.verified_at IS NOT NULL)
		            ELSE EXISTS (SELECT 1 FROM handles h
		                          WHERE h.contact_id = COALESCE(k.merged_into, k.id) AND h.channel = 'email' AND h.verified_at IS NOT NULL) END
		  FROM messages m
		  JOIN conversations c ON c.id = m.conversation_id
		  JOIN contacts k ON k.id = COALESCE(m.contact_id, c.contact_id)
		 WHERE m.moderation NOT IN ('spam', 'removed')
		   AND ((m.direction = 'in' AND m.kind IN ('comment', 'request')) OR (m.direction = 'out' AND m.kind = 'answer'))`
	fromContacts = `
		SELECT COALESCE(merged_into, id), created_at, id
		  FROM contacts WHERE origin IN ('manual', 'import', 'api')`
	fromCalls = `
		SELECT COALESCE(k.merged_into, k.id), v.at, v.kind, v.id, v.words FROM calls v JOIN contacts k ON k.id = v.contact_id WHERE TRUE`
	fromMandates = `
		SELECT COALESCE(k.merged_into, k.id), m.voice_id, m.opened_at, m.closed_at, m.stage, m.id, m.title
		  FROM mandates m JOIN contacts k ON k.id = m.contact_id WHERE m.deleted_at IS NULL`

	person = `(SELECT id FROM contacts WHERE id = $1 OR merged_into = $1)` // with all aliases
)

var (
	qPut = db.Q("timeline.put", `
		INSERT INTO timeline (contact_id, voice_id, at, kind, ref_kind, ref, label, observed) VALUES {rows}
		    ON CONFLICT (contact_id, at, kind, ref) DO UPDATE SET voice_id = excluded.voice_id, label = excluded.label, observed = excluded.observed`)
	qClear  = db.Q("timeline.clear", `DELETE FROM timeline`)
	qHeir   = db.Q("timeline.heir", `UPDATE timeline SET voice_id = $2 WHERE voice_id = $1`)
	qForget = db.Q("timeline.forget", `DELETE FROM timeline WHERE ref = $1 AND ref_kind = $2`)
	qEmpty  = db.Q("timeline.empty", `DELETE FROM timeline WHERE contact_id IN ($1, $2)`)

	qMessage        = db.Q("timeline.message", fromMessages+` AND m.id = $1`)
	qMessagesAfter  = db.Q("timeline.messages_after", fromMessages+` AND m.id > $1 ORDER BY m.id LIMIT CAST($2 AS BIGINT)`)
	qMessagesPerson = db.Q("timeline.messages_person", fromMessages+` AND m.id IN (
		       SELECT id FROM messages WHERE contact_id IN `+person+`
		        UNION SELECT x.id FROM conversations y JOIN messages x ON x.conversation_id = y.id WHERE y.contact_id IN `+person+`)`)
	qContact        = db.Q("timeline.contact", fromContacts+` AND id = $1`)
	qContactsIn     = db.Q("timeline.contacts_in", fromContacts+` AND id IN ({in})`)
	qContactsAfter  = db.Q("timeline.contacts_after", fromContacts+` AND id > $1 ORDER BY id LIMIT CAST($2 AS BIGINT)`)
	qContactsPerson = db.Q("timeline.contacts_person", fromContacts+` AND id IN `+person)
	qCall           = db.Q("timeline.call", fromCalls+` AND v.id = $1`)
	qCallsAfter     = db.Q("timeline.calls_after", fromCalls+` AND v.id > $1 ORDER BY v.id LIMIT CAST($2 AS BIGINT)`)
	qCallsPerson    = db.Q("timeline.calls_person", fromCalls+` AND v.contact_id IN `+person)
	qMandate        = db.Q("timeline.mandate", fromMandates+` AND m.id = $1`)
	qMandatesAfter  = db.Q("timeline.mandates_after", fromMandates+` AND m.id > $1 ORDER BY m.id LIMIT CAST($2 AS BIGINT)`)
	qMandatesPerson = db.Q("timeline.mandates_person", fromMandates+` AND m.contact_id IN `+person)

	// $2 and $3 are of the last row that was shown. Two rows of one mandate may share an instant; ListIn never parts them.
	qList = db.ScopedQ("timeline.list", `
		SELECT t.at, t.kind, t.ref_kind, t.ref, t.label, t.observed,
		       COALESCE(CASE WHEN p.title <> '' THEN p.title ELSE SUBSTR(p.plain, 1, 200) END, `+Followed+`, ''),
		       d.amount_cents, COALESCE(d.currency, '')
		  FROM timeline t
		  LEFT JOIN messages m ON t.ref_kind = 'message' AND m.id = t.ref
		  LEFT JOIN posts p ON p.id = m.post_id
		  LEFT JOIN mandates d ON t.ref_kind = 'mandate' AND d.id = t.ref
		  LEFT JOIN voices fv ON t.ref_kind IN ('voice', 'section') AND fv.id = t.voice_id
		  LEFT JOIN sections fs ON t.ref_kind = 'section' AND fs.id = t.ref
		 WHERE t.contact_id = $1 AND (t.kind IN ('met', 'called', 'visited') OR {scope:t.voice_id})
		   AND (t.at, t.ref) < ($2, $3)
		 ORDER BY t.at DESC, t.ref DESC, t.kind DESC LIMIT CAST($4 AS BIGINT)`)
	qTold = db.ScopedQ("timeline.told", `
		SELECT id, how, at FROM messages
		 WHERE contact_id IN `+person+` AND how <> '' AND moderation NOT IN ('spam', 'removed') AND {scope:voice_id}
		 ORDER BY at DESC, id DESC LIMIT 5`)
)

// row is one row of the table.
type row struct {
	contact       fact.ContactID
	voice         fact.VoiceID
	at            int64
	kind, refKind string
	ref           int64
	label         string
	observed      bool
}

// firstWords is how many characters of what was said the thread shows.
const firstWords = 180

// scanMessages and its kin return the rows that one source row gives: none to two.
func scanMessages(r db.Row) ([]row, error) {
	t := row{refKind: "message"}
	var kind string
	err := r.Scan(&t.contact, &t.voice, &t.at, &kind, &t.ref, &t.label, &t.observed)
	t.label = text.Opening(t.label, firstWords)
	t.kind = map[string]string{"comment": Commented, "request": Asked, "answer": Answered}[kind]
	return []row{t}, err
}

func scanContacts(r db.Row) ([]row, error) {
	t := row{refKind: "contact", kind: Met}
	err := r.Scan(&t.contact, &t.at, &t.ref)
	return []row{t}, err
}

func scanCalls(r db.Row) ([]row, error) {
	t := row{refKind: "call", kind: Called}
	var kind string
	err := r.Scan(&t.contact, &t.at, &kind, &t.ref, &t.label)
	if kind == "visit" {
		t.kind = Visited
	}
	return []row{t}, err
}

func scanMandates(r db.Row) ([]row, error) {
	t := row{refKind: "mandate", kind: MandateOpened}
	var closed time.Time
	var stage string
	if err := r.Scan(&t.contact, &t.voice, &t.at, db.Time(&closed), &stage, &t.ref, &t.label); err != nil {
		return nil, err
	}
	rows := []row{t}
	if !closed.IsZero() {
		if t.at, t.kind = closed.UnixMilli(), MandateWon; stage != "won" {
			t.kind = MandateLost
		}
		rows = append(rows, t)
	}
	return rows, nil
}

// put writes rows, over those that are there.
func put(tx *db.Tx, sources [][]row) error {
	var values []any
	for _, rows := range sources {
		for _, t := range rows {
			values = append(values, t.contact, t.voice, t.at, t.kind, t.refKind, t.ref, t.label, t.observed)
		}
	}
	return db.Insert(tx, qPut, 8, values)
}

func scanItem(r db.Row) (m Item, err error) {
	var stored, title string
	err = r.Scan(db.Time(&m.At), &m.Kind, &m.RefKind, &m.Ref, &stored, &m.Observed, &title, &m.AmountCents, &m.Currency)
	switch m.RefKind {
	case "call":
		m.Words = stored
	case "message":
		m.Words, m.Label = stored, text.Excerpt(title, 90)
	case "voice", "section":
		m.Label = title
	default:
		m.Label = stored
	}
	return m, err
}

func scanTold(r db.Row) (t Told, err error) {
	err = r.Scan(&t.Message, &t.Words, db.Time(&t.At))
	return t, err
}
