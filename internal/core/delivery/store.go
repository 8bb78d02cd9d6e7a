package delivery

import (
	"encoding/json"
	"fmt"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

const columns = `id, channel, kind, purpose, lane, voice_id, contact_id, handle_id, about_kind, about_id, recipient, subject, external,
	state, reason, server_reply, attempts, created_at, at, due_at`

var (
	// The unique index on key makes a key taken for ever: rows are emptied by retention and erasure, never removed.
	qInsert = db.Q("delivery.insert", `
		INSERT INTO deliveries (id, channel, kind, purpose, lane, voice_id, contact_id, handle_id, about_kind, about_id, recipient, subject,
			external, state, reason, server_reply, attempts, created_at, at, key, payload, due_at)
		VALUES {rows}
		ON CONFLICT (key) DO NOTHING`)
	qByKey = db.Q("delivery.by_key", `SELECT `+columns+` FROM deliveries WHERE key = $1`)
	qByID  = db.Q("delivery.by_id", `SELECT `+columns+` FROM deliveries WHERE id = $1`)

	qList = db.ScopedQ("delivery.list", `
		SELECT `+columns+` FROM deliveries
		 WHERE id < $1 AND (voice_id IS NOT NULL OR $2) AND {scope:voice_id}
		 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)`)
	// Almost all are sent, so the newest are looked through; the others have an index of their own.
	qListSent = db.ScopedQ("delivery.list_sent", `
		SELECT `+columns+` FROM deliveries
		 WHERE state = 'sent' AND id < $1 AND (voice_id IS NOT NULL OR $2) AND {scope:voice_id}
		 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)`)
	qListState = db.ScopedQ("delivery.list_state", `
		SELECT `+columns+` FROM deliveries
		 WHERE state <> 'sent' AND state = $4 AND id < $1 AND (voice_id IS NOT NULL OR $2) AND {scope:voice_id}
		 ORDER BY id DESC LIMIT CAST($3 AS BIGINT)`)
	// Its condition on state is that of the index deliveries_leaving.
	qLeaving = db.ScopedQ("delivery.leaving", `
		SELECT `+columns+` FROM deliveries
		 WHERE state IN ('held', 'queued', 'sending', 'deferred') AND COALESCE(due_at, at) >= $1 AND (COALESCE(due_at, at) > $1 OR id > $2)
		   AND (voice_id IS NOT NULL OR $3) AND ($5 = '' OR state = $5) AND about_kind <> $6 AND {scope:voice_id}
		 ORDER BY COALESCE(due_at, at), id LIMIT CAST($4 AS BIGINT)`)
	qWaiting = db.ScopedQ("delivery.waiting", `
		SELECT about_id, MIN(voice_id), MIN(COALESCE(due_at, at)), COUNT(*), SUM(CASE WHEN state = 'held' AND reason = 'hold_all' THEN 1 ELSE 0 END)
		  FROM deliveries
		 WHERE state IN ('held', 'queued', 'sending', 'deferred') AND COALESCE(due_at, at) >= 0
		   AND about_kind = $1 AND ($2 = '' OR state = $2) AND {scope:voice_id}
		 GROUP BY about_id ORDER BY MIN(COALESCE(due_at, at)), about_id LIMIT 200`)
	qAbout  = db.Q("delivery.about", `SELECT `+columns+` FROM deliveries WHERE about_kind = $1 AND about_id IN ({in}) ORDER BY id`)
	qOfKind = db.Q("delivery.of_kind", `SELECT `+columns+` FROM deliveries WHERE kind = $1 AND contact_id IN ({in}) ORDER BY id`)
	qCounts = db.ScopedQ("delivery.counts", `
		SELECT state, COUNT(*) FROM (
			SELECT state FROM deliveries WHERE state <> 'sent' AND state = $1 AND (voice_id IS NOT NULL OR $2) AND {scope:voice_id} LIMIT 100) AS x
		 GROUP BY state`)
)

const insertWidth = 22

// insertRow returns the values of a new row, in the order of qInsert.
func insertRow(d Delivery, key string, parcel any) ([]any, error) {
	text := ""
	if parcel != nil {
		b, err := json.Marshal(parcel)
		if err != nil {
			return nil, fmt.Errorf("delivery: parcel of %s: %w", d.Kind, err)
		}
		if len(b) > MaxParcel {
			return nil, fmt.Errorf("delivery: the parcel of %s has %d bytes: what is large is composed when it leaves", d.Kind, len(b))
		}
		text = string(b)
	}
	var taken, about, due any
	if key != "" {
		taken = key
	}
	if d.About.ID != 0 {
		about = d.About.ID
	}
	if d.State == Queued {
		due = db.At(d.At)
	}
	return []any{d.ID, d.Channel, d.Kind, d.Purpose, d.Lane, d.Voice, d.Contact, d.Handle, d.About.Kind, about, d.Recipient, d.Subject,
		d.External, d.State, d.Reason, d.ServerReply, d.Attempts, db.At(d.CreatedAt), db.At(d.At), taken, text, due}, nil
}

func scan(r db.Row) (d Delivery, err error) {
	err = r.Scan(d.fields()...)
	return d, err
}

// scanWhole reads the columns and then the payload.
func scanWhole(r db.Row) (d Delivery, err error) {
	err = r.Scan(append(d.fields(), (*parcelText)(&d.Parcel))...)
	return d, err
}

func (d *Delivery) fields() []any {
	return []any{&d.ID, &d.Channel, &d.Kind, &d.Purpose, &d.Lane, &d.Voice, &d.Contact, &d.Handle, &d.About.Kind, (*number)(&d.About.ID),
		&d.Recipient, &d.Subject, &d.External, &d.State, &d.Reason, &d.ServerReply, &d.Attempts, db.Time(&d.CreatedAt), db.Time(&d.At), db.Time(&d.DueAt)}
}

// number scans a BIGINT; NULL is 0.
type number int64

func (n *number) Scan(src any) error {
	*n = 0
	if v, ok := src.(int64); ok {
		*n = number(v)
	}
	return nil
}

// parcelText scans a JSON text; ” is none.
type parcelText json.RawMessage

func (p *parcelText) Scan(src any) error {
	switch v := src.(type) {
	case string:
		*p = parcelText(v)
	case []byte:
		*p = append(parcelText(nil), v...)
	}
	return nil
}

func byID(tx *db.Tx, id fact.DeliveryID) (Delivery, error) { return db.One(tx, qByID, scan, id) }
