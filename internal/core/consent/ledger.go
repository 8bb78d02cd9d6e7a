package consent

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
)

const columns = `c.id, c.seq, c.contact_id, c.channel, c.purpose, c.basis, c.jurisdiction, c.address, c.wording, c.version, c.lang, c.theme,
	c.source_digest, c.asked_at, c.informed_at, c.at, c.delivery_id, c.account_id, c.entered_at, c.previous, c.hash,
	COALESCE(s.source, ''), COALESCE(s.salt, '')`

var (
	qHead = db.Q("consent.head", `SELECT seq, hash FROM consents ORDER BY seq DESC LIMIT 1`)
	qAdd  = db.Q("consent.add", `
		INSERT INTO consents (id, seq, contact_id, channel, purpose, basis, jurisdiction, address, wording, version, lang, theme,
		                      source_digest, asked_at, informed_at, at, delivery_id, account_id, entered_at, previous, hash)
		VALUES {rows}`)
	qAddSource = db.Q("consent.add_source", `INSERT INTO consent_sources (consent_id, salt, source) VALUES {rows}`)
	qOf        = db.Q("consent.of", `
		SELECT COALESCE(p.merged_into, p.id), COALESCE(a.name, ''), `+columns+`
		  FROM (SELECT id, merged_into FROM contacts WHERE id IN ({in})
		         UNION SELECT id, merged_into FROM contacts WHERE merged_into IN ({in})) p
		  JOIN consents c ON c.contact_id = p.id
		  LEFT JOIN consent_sources s ON s.consent_id = c.id
		  LEFT JOIN accounts a ON a.id = c.account_id
		 ORDER BY c.seq`)
	qAny   = db.Q("consent.any", `SELECT id FROM consents WHERE contact_id = $1 LIMIT 1`)
	qChain = db.Q("consent.chain", `
		SELECT `+columns+`
		  FROM consents c LEFT JOIN consent_sources s ON s.consent_id = c.id
		 WHERE c.seq > $1 ORDER BY c.seq LIMIT CAST($2 AS BIGINT)`)
	qForgetSources = db.Q("consent.forget_sources", `
		DELETE FROM consent_sources WHERE consent_id IN (SELECT id FROM consents WHERE contact_id = $1)`)
	qErased   = db.Q("consent.erased", `INSERT INTO erased_addresses (digest, channel, at) VALUES {rows} ON CONFLICT DO NOTHING`)
	qErasedIn = db.Q("consent.erased_in", `SELECT digest FROM erased_addresses WHERE digest IN ({in})`)
	qErasedAt = db.Q("consent.erased_at", `SELECT at FROM erased_addresses WHERE digest = $1`)
)

// row is what a scan reads besides a Consent.
type row struct {
	Consent
	person fact.ContactID // whom it is about today
	salt   string
}

func (c *row) columns() []any {
	return []any{&c.ID, &c.seq, &c.Contact, &c.Channel, &c.Purpose, &c.Basis, &c.Jurisdiction, &c.address, &c.Wording, &c.Version, &c.Lang,
		&c.Theme, &c.sourceDigest, db.Time(&c.Asked), db.Time(&c.Informed), db.Time(&c.At), &c.Delivery, &c.Account, db.Time(&c.EnteredAt),
		&c.previous, &c.Hash, &c.Source, &c.salt}
}

func scanRow(r db.Row) (c row, err error) { return c, r.Scan(c.columns()...) }

func scanOf(r db.Row) (c row, err error) {
	return c, r.Scan(append([]any{&c.person, &c.EnteredBy}, c.columns()...)...)
}

func scanTime(r db.Row) (t time.Time, err error) { return t, r.Scan(db.Time(&t)) }

// rowsIn returns the rows of people, oldest first, by the contact whom they are about today.
func (s *Service) rowsIn(tx *db.Tx, people []fact.ContactID) (map[fact.ContactID][]Consent, error) {
	all, err := db.AllIn(tx, qOf, scanOf, people)
	rows := map[fact.ContactID][]Consent{}
	for _, r := range all {
		rows[r.person] = append(rows[r.person], r.Consent)
	}
	return rows, err
}

// add puts rows at the end of the chain, in their order, and returns them as they are kept.
func add(tx *db.Tx, all ...Consent) ([]Consent, error) {
	if err := db.LockIn(tx, "consents"); err != nil {
		return nil, err
	}
	head, _, err := db.Maybe(tx, qHead, func(r db.Row) (h Consent, err error) { return h, r.Scan(&h.seq, &h.Hash) })
	if err != nil {
		return nil, err
	}
	rows, sources := make([]any, 0, 21*len(all)), []any{}
	for i, c := range all {
		c.ID, c.seq, c.previous, c.EnteredAt = fact.New[fact.ConsentID](tx.Now()), head.seq+1, head.Hash, tx.Now()
		if c.Source != "" {
			salt := rand.Text()
			c.sourceDigest, sources = digestOf(salt, c.Source), append(sources, c.ID, salt, c.Source)
		}
		c.Hash = c.hash()
		rows = append(rows, c.ID, c.seq, c.Contact, c.Channel, c.Purpose, c.Basis, c.Jurisdiction, c.address, c.Wording, c.Version, c.Lang, c.Theme,
			c.sourceDigest, db.At(c.Asked), db.At(c.Informed), db.At(c.At), optional(int64(c.Delivery)), optional(int64(c.Account)), db.At(c.EnteredAt),
			c.previous, c.Hash)
		all[i], head = c, c
	}
	if err := db.Insert(tx, qAdd, 21, rows); err != nil {
		return nil, err
	}
	return all, db.Insert(tx, qAddSource, 3, sources)
}

func optional(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// hash covers every column, instants in milliseconds as they are kept, and the hash before.
func (c Consent) hash() string {
	ms := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMilli()
	}
	b, err := json.Marshal([]any{c.previous, c.seq, c.ID.String(), c.Contact.String(), c.Channel, c.Purpose, c.Basis, c.Jurisdiction, c.address,
		c.Wording, c.Version, c.Lang, c.Theme, c.sourceDigest, ms(c.Asked), ms(c.Informed), ms(c.At), int64(c.Delivery), int64(c.Account),
		ms(c.EnteredAt)})
	if err != nil {
		panic(fmt.Sprintf("consent: %v", err)) // strings and numbers
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func digestOf(salt, source string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + source))
	return hex.EncodeToString(sum[:])
}

func (s *Service) digest(purpose, channel, key string) string {
	return hex.EncodeToString(s.o.Box.MAC(purpose, []byte(channel), []byte(key)))
}

// ErrBroken is what Verify returns of a ledger that is not what was written.
var ErrBroken = errors.New("the ledger of consents is broken")

// Verify walks the chain and returns how many rows there are; an ErrBroken names the first that is not what was written. Rows that were
// taken from the end are not missed.
func Verify(tx *db.Tx) (n int, err error) {
	var last Consent
	for {
		rows, err := db.All(tx, qChain, scanRow, last.seq, 1000)
		if err != nil || len(rows) == 0 {
			return n, err
		}
		for _, r := range rows {
			switch {
			case r.seq != last.seq+1 || r.previous != last.Hash:
				return n, fmt.Errorf("%w: a row before %v is missing", ErrBroken, r.ID)
			case r.hash() != r.Hash, r.Source != "" && digestOf(r.salt, r.Source) != r.sourceDigest:
				return n, fmt.Errorf("%w: the row %v was changed", ErrBroken, r.ID)
			}
			last, n = r.Consent, n+1
		}
	}
}
