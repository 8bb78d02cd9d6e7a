package delivery

import (
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
)

const columns = `id, channel, kind, recipient, contact_id, message_id, subject, mail_id, state, reason, server_reply, attempts, created_at, at`

var (
	qInsert = db.Q("delivery.insert", `
		INSERT INTO deliveries (`+columns+`, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)
	qByID = db.Q("delivery.by_id", `SELECT `+columns+`, payload FROM deliveries WHERE id = $1`)
	qMove = db.Q("delivery.move", `
		UPDATE deliveries SET state = $2, reason = $3, server_reply = $4, attempts = $5, at = $6, payload = $7 WHERE id = $1`)
	// A run settles only what it began: a second run has counted one attempt more.
	qSettle = db.Q("delivery.settle", `
		UPDATE deliveries
		   SET state = $3, reason = $4, server_reply = $5, at = $6, payload = CASE WHEN $3 = 'sent' THEN '' ELSE payload END
		 WHERE id = $1 AND attempts = $2 AND state IN ('sending', 'uncertain')`)

	qHoldAll   = db.Q("delivery.hold_all", `UPDATE deliveries SET state = 'held', reason = 'hold_all', at = $1 WHERE state IN ('queued', 'deferred')`)
	qUnholdAll = db.Q("delivery.unhold_all", `UPDATE deliveries SET state = 'queued', reason = '', at = $1 WHERE state = 'held' AND reason = 'hold_all'`)
	qNoRelay   = db.Q("delivery.no_relay", `
		SELECT `+columns+`, payload FROM deliveries
		 WHERE state = 'held' AND reason = 'no_relay' AND (at, id) > ($1, $2)
		 ORDER BY at, id LIMIT 100`)

	qAll = db.Q("delivery.all", `
		SELECT `+columns+` FROM deliveries
		 WHERE (at, id) < ($1, $2)
		 ORDER BY at DESC, id DESC LIMIT $3`)
	qState = db.Q("delivery.of_state", `
		SELECT `+columns+` FROM deliveries
		 WHERE state = $4 AND (at, id) < ($1, $2)
		 ORDER BY at DESC, id DESC LIMIT $3`)
	qOfMessages = db.Q("delivery.of_messages", `SELECT `+columns+` FROM deliveries WHERE message_id IN ({in}) ORDER BY id`)
	qCounts     = db.Q("delivery.counts", `
		SELECT 'held', (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE state = 'held' LIMIT 100) AS a)
		UNION ALL SELECT 'queued', (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE state = 'queued' LIMIT 100) AS b)
		UNION ALL SELECT 'deferred', (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE state = 'deferred' LIMIT 100) AS c)
		UNION ALL SELECT 'uncertain', (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE state = 'uncertain' LIMIT 100) AS d)
		UNION ALL SELECT 'refused', (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE state = 'refused' LIMIT 100) AS e)`)
)

// parcel is what a row keeps as long as it may have to be sent.
type parcel struct {
	Key  string
	Run  int // counts the jobs that were made for it: each has a key of its own
	Mail mail.Message
}

func scan(r db.Row) (d Delivery, err error) {
	err = r.Scan(d.fields()...)
	return d, err
}

func (d *Delivery) fields() []any {
	return []any{&d.ID, &d.Channel, &d.Kind, &d.Recipient, &d.Contact, &d.Message, &d.Subject, &d.MailID, &d.State, &d.Reason,
		&d.ServerReply, &d.Attempts, db.Time(&d.CreatedAt), db.Time(&d.At)}
}

// full is a delivery with its parcel.
type full struct {
	Delivery
	parcel parcel
	kept   bool // the row still has it
}

func scanFull(r db.Row) (f full, err error) {
	var payload string
	if err = r.Scan(append(f.fields(), &payload)...); err != nil || payload == "" {
		return f, err
	}
	f.kept = true
	return f, db.FromJSON(&f.parcel).(interface{ Scan(any) error }).Scan(payload)
}

func insert(tx *db.Tx, f full) error {
	_, err := db.Exec(tx, qInsert, f.ID, f.Channel, f.Kind, f.Recipient, f.Contact, f.Message, f.Subject, f.MailID, f.State, f.Reason,
		f.ServerReply, f.Attempts, db.At(f.CreatedAt), db.At(f.At), db.JSON(f.parcel))
	return err
}

// move writes the state, and what goes with it, of a delivery.
func move(tx *db.Tx, f full) error {
	payload := ""
	if f.kept {
		payload = db.JSON(f.parcel)
	}
	_, err := db.Exec(tx, qMove, f.ID, f.State, f.Reason, f.ServerReply, f.Attempts, db.At(f.At), payload)
	return err
}

func byID(tx *db.Tx, id fact.DeliveryID) (full, error) { return db.One(tx, qByID, scanFull, id) }
