package contact

import (
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

const (
	columns       = `id, name, company, role, place, lang, note, origin, merged_into, last_at, created_at, updated_at`
	cColumns      = `c.id, c.name, c.company, c.role, c.place, c.lang, c.note, c.origin, c.merged_into, c.last_at, c.created_at, c.updated_at`
	handleColumns = `id, contact_id, channel, value, key, domain, verified_at, created_at`
)

var (
	qGet = db.Q("contact.get", `
		SELECT `+cColumns+`, h.id, h.contact_id, COALESCE(h.channel, ''), COALESCE(h.value, ''), COALESCE(h.key, ''), COALESCE(h.domain, ''),
		       h.verified_at, h.created_at
		  FROM contacts c LEFT JOIN handles h ON h.contact_id = c.id
		 WHERE c.id = COALESCE((SELECT merged_into FROM contacts WHERE id = $1), $1) AND c.erased_at IS NULL
		 ORDER BY h.id`)
	qByID  = db.Q("contact.by_id", `SELECT `+columns+` FROM contacts WHERE id = $1 AND erased_at IS NULL`)
	qIn    = db.Q("contact.in", `SELECT `+columns+` FROM contacts WHERE id IN ({in}) AND erased_at IS NULL`)
	qTwins = db.Q("contact.twins", `
		SELECT `+columns+` FROM contacts
		 WHERE name_key = $1 AND created_at > $2 AND merged_into IS NULL AND erased_at IS NULL
		   AND NOT EXISTS (SELECT 1 FROM handles h WHERE h.contact_id = contacts.id)
		 ORDER BY id LIMIT 20`)
	qInsert = db.Q("contact.insert", `
		INSERT INTO contacts (id, name, name_key, company, role, place, place_key, lang, note, origin, last_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
	qUpdate = db.Q("contact.update", `
		UPDATE contacts SET name = $2, name_key = $3, company = $4, role = $5, place = $6, place_key = $7, lang = $8, note = $9, updated_at = $10 WHERE id = $1`)
	qTouch   = db.Q("contact.touch", `UPDATE contacts SET last_at = $2 WHERE id = $1 AND last_at < $2`)
	qUntouch = db.Q("contact.untouch", `
		UPDATE contacts SET last_at = CASE WHEN $3 > created_at THEN $3 ELSE created_at END WHERE id = $1 AND last_at = $2`)
	qMerge   = db.Q("contact.merge", `UPDATE contacts SET merged_into = $2, updated_at = $3 WHERE id = $1`)
	qAlias   = db.Q("contact.alias", `SELECT id FROM contacts WHERE merged_into = $1 LIMIT 1`)
	qDelete  = db.Q("contact.delete", `DELETE FROM contacts WHERE id = $1`)
	qRemerge = db.Q("contact.remerge", `UPDATE contacts SET merged_into = $2 WHERE merged_into = $1`)

	qRecent = db.Q("contact.recent", `
		SELECT `+columns+` FROM contacts
		 WHERE merged_into IS NULL AND erased_at IS NULL AND (last_at, id) < ($1, $2)
		 ORDER BY last_at DESC, id DESC LIMIT CAST($3 AS BIGINT)`)
	qMade = db.Q("contact.made", `
		SELECT `+columns+` FROM contacts
		 WHERE merged_into IS NULL AND erased_at IS NULL AND id < $1
		 ORDER BY id DESC LIMIT CAST($2 AS BIGINT)`)
	qChanged = db.Q("contact.changed", `
		SELECT `+columns+` FROM contacts
		 WHERE merged_into IS NULL AND erased_at IS NULL AND (updated_at, id) < ($1, $2)
		 ORDER BY updated_at DESC, id DESC LIMIT CAST($3 AS BIGINT)`)
	qByName = db.Q("contact.by_name", `
		SELECT `+columns+` FROM contacts
		 WHERE merged_into IS NULL AND erased_at IS NULL AND (name_key, id) > ($1, $2)
		 ORDER BY name_key, id LIMIT CAST($3 AS BIGINT)`)
	qOld = db.Q("contact.old", `
		SELECT id FROM contacts
		 WHERE id > $1 AND created_at < $2 AND merged_into IS NULL AND erased_at IS NULL ORDER BY id LIMIT CAST($3 AS BIGINT)`)
	qBatch = db.Q("contact.batch", `SELECT `+columns+` FROM contacts WHERE id > $1 AND merged_into IS NULL AND erased_at IS NULL ORDER BY id LIMIT CAST($2 AS BIGINT)`)

	qHandles    = db.Q("handle.of", `SELECT `+handleColumns+` FROM handles WHERE contact_id IN ({in}) ORDER BY contact_id, id`)
	qAddressees = db.Q("contact.addressees", `
		SELECT c.id, c.name, c.company, c.role, h.id, COALESCE(h.channel, ''), COALESCE(h.value, ''), h.verified_at
		  FROM contacts c LEFT JOIN handles h ON h.contact_id = c.id
		 WHERE c.id IN ({in}) AND c.erased_at IS NULL
		 ORDER BY h.id`)
	qHandleByKey = db.Q("handle.by_key", `SELECT `+handleColumns+` FROM handles WHERE channel = $1 AND key = $2`)
	qHandleByID  = db.Q("handle.by_id", `SELECT `+handleColumns+` FROM handles WHERE id = $1`)
	qAddHandle   = db.Q("handle.insert", `
		INSERT INTO handles (id, contact_id, channel, value, key, domain, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qVerify      = db.Q("handle.verify", `UPDATE handles SET verified_at = $2 WHERE id = $1 AND verified_at IS NULL`)
	qMoveHandles = db.Q("handle.move", `UPDATE handles SET contact_id = $2 WHERE contact_id = $1`)
	qSameDomain  = db.Q("handle.same_domain", `
		SELECT DISTINCT o.contact_id
		  FROM handles h
		  JOIN handles o ON o.domain = h.domain AND o.domain <> '' AND o.contact_id <> h.contact_id -- as the partial index says it
		 WHERE h.contact_id = $1 AND h.domain <> ''
		 ORDER BY o.contact_id LIMIT 50`)
)

func scan(r db.Row) (c Contact, err error) {
	err = r.Scan(&c.ID, &c.Name, &c.Company, &c.Role, &c.Place, &c.Lang, &c.Note, &c.Origin, &c.MergedInto, db.Time(&c.LastAt),
		db.Time(&c.CreatedAt), db.Time(&c.UpdatedAt))
	return c, err
}

// scanWith scans a row of qGet: somebody with one of their handles, which has no id when they have none.
func scanWith(r db.Row) (c Contact, err error) {
	var h Handle
	err = r.Scan(&c.ID, &c.Name, &c.Company, &c.Role, &c.Place, &c.Lang, &c.Note, &c.Origin, &c.MergedInto, db.Time(&c.LastAt), db.Time(&c.CreatedAt),
		db.Time(&c.UpdatedAt), &h.ID, &h.Contact, &h.Channel, &h.Value, &h.Key, &h.Domain, db.Time(&h.VerifiedAt), db.Time(&h.CreatedAt))
	if !h.ID.IsZero() {
		c.Handles = []Handle{h}
	}
	return c, err
}

func scanHandle(r db.Row) (h Handle, err error) {
	err = r.Scan(&h.ID, &h.Contact, &h.Channel, &h.Value, &h.Key, &h.Domain, db.Time(&h.VerifiedAt), db.Time(&h.CreatedAt))
	return h, err
}

func insert(tx *db.Tx, c Contact) error {
	_, err := db.Exec(tx, qInsert, c.ID, c.Name, text.Fold(c.Name), c.Company, c.Role, c.Place, text.Fold(c.Place), c.Lang, c.Note, c.Origin, db.At(c.LastAt),
		db.At(c.CreatedAt), db.At(c.UpdatedAt))
	return err
}

func update(tx *db.Tx, c Contact) error {
	_, err := db.Exec(tx, qUpdate, c.ID, c.Name, text.Fold(c.Name), c.Company, c.Role, c.Place, text.Fold(c.Place), c.Lang, c.Note, db.At(c.UpdatedAt))
	return err
}

func addHandle(tx *db.Tx, c fact.ContactID, h Handle, at time.Time) (Handle, error) {
	h.ID, h.Contact, h.CreatedAt = fact.New[fact.HandleID](tx.Now()), c, at
	_, err := db.Exec(tx, qAddHandle, h.ID, h.Contact, h.Channel, h.Value, h.Key, h.Domain, db.At(at))
	return h, err
}

// withHandles fills the handles of all in one query.
func withHandles(tx *db.Tx, all []Contact) error {
	ids := make([]fact.ContactID, len(all))
	at := make(map[fact.ContactID]int, len(all))
	for i, c := range all {
		ids[i], at[c.ID] = c.ID, i
	}
	rows, err := db.AllIn(tx, qHandles, scanHandle, ids)
	for _, h := range rows {
		c := &all[at[h.Contact]]
		c.Handles = append(c.Handles, h)
	}
	return err
}

// fill reads what stands in other tables: the handles and the values of all.
func fill(tx *db.Tx, all []Contact) error {
	if err := withHandles(tx, all); err != nil {
		return err
	}
	those := make([]*Contact, len(all))
	for i := range all {
		those[i] = &all[i]
	}
	return withValues(tx, those)
}
