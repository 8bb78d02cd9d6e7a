package disclosure

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
)

// step is how many rows are read at a time.
const step = 200

const (
	person = `(SELECT id FROM contacts WHERE id = $1 OR merged_into = $1)` // with all aliases
	// theirs are the messages m that they wrote, that the house answered them, or that claim to come from an address of theirs.
	theirs = `((m.contact_id IN ` + person + `)
		    OR (m.direction = 'out' AND m.contact_id IS NULL AND c.contact_id IN ` + person + `)
		    OR (m.direction = 'in' AND m.contact_id IS NULL AND m.sender_key <> ''
		        AND m.sender_key IN (SELECT k.key FROM handles k WHERE k.contact_id = $1)))`
	ofMessages = `FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id IN (
		 SELECT x.id FROM messages x WHERE x.contact_id IN ` + person + `
		  UNION SELECT x.id FROM conversations y JOIN messages x ON x.conversation_id = y.id WHERE y.contact_id IN ` + person + `
		  UNION SELECT x.id FROM handles k JOIN messages x ON x.sender_key = k.key AND x.sender_key <> '' WHERE k.contact_id = $1)
		 AND ` + theirs
)

var (
	qAliases = db.Q("disclosure.aliases", `
		SELECT id, name, company, role, place, note, created_at FROM contacts WHERE merged_into = $1 ORDER BY id LIMIT 100`)
	qBefore = db.Q("disclosure.before", `SELECT kept_id, before FROM contact_merges WHERE kept_id IN `+person+` ORDER BY id LIMIT 100`)
	qKnown  = db.Q("disclosure.known", `
		SELECT v.contact_id, f.name, v.value FROM contact_values v JOIN contact_fields f ON f.id = v.field_id
		 WHERE v.contact_id IN `+person+` ORDER BY f.position, f.id`)
	qFollows = db.Q("disclosure.follows", `
		SELECT COALESCE(h.value, ''), COALESCE(v.name, ''), COALESCE(c.name, ''), s.rhythm, s.lang, COALESCE(s.paused_until, ''), f.asked_at, f.since, f.left_at
		  FROM subscribers s
		  JOIN follows f ON f.subscriber_id = s.id
		  LEFT JOIN handles h ON h.id = s.handle_id
		  LEFT JOIN voices v ON v.id = f.voice_id
		  LEFT JOIN sections c ON c.id = f.section_id
		 WHERE s.contact_id = $1
		 ORDER BY f.since, v.name, c.name NULLS FIRST`)
	qConsents = db.Q("disclosure.consents", `
		SELECT c.channel, c.purpose, c.basis, c.jurisdiction, c.wording, c.lang, COALESCE(s.source, ''), c.theme, c.informed_at, c.at
		  FROM consents c LEFT JOIN consent_sources s ON s.consent_id = c.id
		 WHERE c.contact_id IN `+person+` ORDER BY c.seq LIMIT 1000`)
	qMessages = db.ScopedQ("disclosure.messages", `
		SELECT m.id, m.at, m.direction, m.contact_id, m.kind, m.channel, m.state, COALESCE((SELECT v.name FROM voices v WHERE v.id = m.voice_id), ''),
		       COALESCE((SELECT p.title FROM posts p WHERE p.id = m.post_id AND p.title <> ''), c.subject), m.name,
		       COALESCE((SELECT h.value FROM handles h WHERE h.id = m.handle_id), m.sender), m.url, m.lang, m.body, m.how, m.phone, m.notify, m.mail_id,
		       m.external, m.reason
		  `+ofMessages+` AND m.id > $2 AND {scope:m.voice_id}
		 ORDER BY m.id LIMIT CAST($3 AS BIGINT)`)
	qMandates = db.ScopedQ("disclosure.mandates", `
		SELECT m.id, m.title, COALESCE((SELECT v.name FROM voices v WHERE v.id = m.voice_id), ''), m.stage, m.amount_cents, m.currency, m.next_act,
		       m.next_on, m.lost_reason, m.postponed_until, m.declared, m.note, m.opened_at, m.closed_at, m.updated_at, m.deleted_at
		  FROM mandates m
		 WHERE m.contact_id IN `+person+` AND m.id > $2 AND {scope:m.voice_id} ORDER BY m.id LIMIT CAST($3 AS BIGINT)`)
	qDeliveries = db.ScopedQ("disclosure.deliveries", `
		SELECT d.id, d.channel, d.kind, COALESCE((SELECT v.name FROM voices v WHERE v.id = d.voice_id), ''), d.recipient, d.subject, d.state, d.reason,
		       d.server_reply, d.external, d.created_at, d.at
		  FROM deliveries d
		 WHERE d.contact_id IN `+person+` AND d.id > $2 AND (d.voice_id IS NOT NULL OR $4) AND {scope:d.voice_id}
		 ORDER BY d.id LIMIT CAST($3 AS BIGINT)`)
	// What is there, whoever asks; {scope} parts the two counts.
	qCount = db.ScopedQ("disclosure.count", `
		SELECT (SELECT COUNT(*) `+ofMessages+` AND {scope:m.voice_id})
		     + (SELECT COUNT(*) FROM mandates d WHERE d.contact_id IN `+person+` AND {scope:d.voice_id})
		     + (SELECT COUNT(*) FROM deliveries d WHERE d.contact_id IN `+person+` AND (d.voice_id IS NOT NULL OR $2) AND {scope:d.voice_id})`)
)

func scanAlias(r db.Row) (a Another, err error) {
	var id fact.ContactID
	var created time.Time
	err = r.Scan(&id, &a.Name, &a.Company, &a.Role, &a.Place, &a.Note, db.Time(&created))
	a.ID, a.CreatedAt, a.Fields = id.String(), instant(created), []Known{}
	return a, err
}

// before is a card as it was before another joined it.
type before struct {
	id   fact.ContactID
	Card struct {
		Name, Company, Role, Place, Note string
		Values                           map[fact.FieldID]string
	}
}

func scanBefore(r db.Row) (b before, err error) { return b, r.Scan(&b.id, db.FromJSON(&b.Card)) }

// row is one row with the id that the next page begins after.
type row[T any] struct {
	id   int64
	what T
}

func scanMessage(r db.Row) (m row[Message], err error) {
	var at time.Time
	var direction string
	var contact fact.ContactID
	w := &m.what
	err = r.Scan(&m.id, db.Time(&at), &direction, &contact, &w.Kind, &w.Channel, &w.State, &w.Voice, &w.About, &w.Name, &w.Address, &w.URL, &w.Lang, &w.Body,
		&w.How, &w.Phone, &w.Notify, &w.MailID, &w.External, &w.Reason)
	w.ID, w.At = fact.MessageID(m.id).String(), instant(at)
	switch {
	case direction == "out":
		w.From = "house"
	case contact.IsZero():
		w.From = "claimed"
	default:
		w.From = "person"
	}
	return m, err
}

func scanMandate(r db.Row) (m row[Mandate], err error) {
	var opened, closed, updated, deleted time.Time
	var next, until clock.Day
	w := &m.what
	err = r.Scan(&m.id, &w.Title, &w.Voice, &w.Stage, &w.AmountCents, &w.Currency, &w.NextAct, &next, &w.LostReason, &until, &w.Declared, &w.Note,
		db.Time(&opened), db.Time(&closed), db.Time(&updated), db.Time(&deleted))
	w.NextOn, w.PostponedUntil = next.String(), until.String()
	w.ID, w.OpenedAt, w.ClosedAt, w.UpdatedAt, w.DeletedAt = fact.MandateID(m.id).String(), instant(opened), instant(closed), instant(updated), instant(deleted)
	return m, err
}

func scanDelivery(r db.Row) (m row[Delivery], err error) {
	var created, at time.Time
	w := &m.what
	err = r.Scan(&m.id, &w.Channel, &w.Kind, &w.Voice, &w.To, &w.Subject, &w.State, &w.Reason, &w.ServerReply, &w.External, db.Time(&created), db.Time(&at))
	w.ID, w.CreatedAt, w.At = fact.DeliveryID(m.id).String(), instant(created), instant(at)
	return m, err
}

func scanFollow(r db.Row) (f Follow, err error) {
	var asked, since, left time.Time
	err = r.Scan(&f.Address, &f.Voice, &f.Section, &f.Rhythm, &f.Lang, &f.PausedUntil, db.Time(&asked), db.Time(&since), db.Time(&left))
	f.AskedAt, f.Since, f.LeftAt = instant(asked), instant(since), instant(left)
	return f, err
}

func scanConsent(r db.Row) (c Consent, err error) {
	var informed, at time.Time
	err = r.Scan(&c.Channel, &c.Purpose, &c.Basis, &c.Jurisdiction, &c.Wording, &c.Lang, &c.Source, &c.Theme, db.Time(&informed), db.Time(&at))
	c.InformedAt, c.At = instant(informed), instant(at)
	return c, err
}
