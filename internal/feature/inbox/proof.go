package inbox

import (
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

// An address alone is no proof: anybody can type it. A comment appears by itself when whoever owns the address said once, by the
// link of a mail, that they write under this name; and each time the owner is told, by a mail with a link that takes it back.

// proof is what is known of one name under which one address writes.
type proof struct {
	asked  bool // the link was mailed
	proved time.Time
	round  int
}

var (
	qProof     = db.Q("proof.of", `SELECT asked, proved_at, round FROM proofs WHERE handle_id = $1 AND name_key = $2`)
	qAnyProof  = db.Q("proof.any", `SELECT 1 FROM proofs WHERE handle_id = $1 LIMIT 1`)
	qFirstSaid = db.Q("message.first_name", `
		SELECT name FROM messages
		 WHERE contact_id = $1 AND handle_id = $2 AND direction = 'in' AND moderation = 'visible' ORDER BY at, id LIMIT 1`)
	qAskProof = db.Q("proof.ask", `
		INSERT INTO proofs (handle_id, name_key, asked, round) VALUES ($1, $2, TRUE, 0)
		    ON CONFLICT (handle_id, name_key) DO UPDATE SET asked = TRUE`)
	qProve = db.Q("proof.prove", `
		INSERT INTO proofs (handle_id, name_key, asked, proved_at, round) VALUES ($1, $2, TRUE, $3, $4)
		    ON CONFLICT (handle_id, name_key) DO UPDATE SET proved_at = excluded.proved_at
		       WHERE proofs.round = excluded.round AND proofs.proved_at IS NULL`)
	qKeepName = db.Q("proof.keep", `
		INSERT INTO proofs (handle_id, name_key, asked, round) VALUES ($1, $2, FALSE, 0) ON CONFLICT (handle_id, name_key) DO NOTHING`)
	qDoubt     = db.Q("proof.doubt", `UPDATE proofs SET asked = FALSE, proved_at = NULL, round = round + 1 WHERE handle_id = $1`)
	qDropProof = db.Q("proof.drop", `DELETE FROM proofs WHERE handle_id IN ({in})`)
)

// nameKey folds a name, so that case and accents make no other person.
func nameKey(name string) string { return text.Fold(text.Name(name)) }

func proofIn(tx *db.Tx, h fact.HandleID, key string) (proof, bool, error) {
	return db.Maybe(tx, qProof, func(r db.Row) (p proof, err error) {
		err = r.Scan(&p.asked, db.Time(&p.proved), &p.round)
		return p, err
	}, h, key)
}

// proved reports whether whoever owns h said that they write under name. An address that was confirmed before names were kept
// stands for the name under which it first appeared.
func proved(tx *db.Tx, h contact.Handle, name string) (bool, error) {
	p, found, err := proofIn(tx, h.ID, nameKey(name))
	if err != nil || found || !h.Verified() {
		return !p.proved.IsZero(), err
	}
	if _, others, err := db.Maybe(tx, qAnyProof, db.Scalar[int], h.ID); err != nil || others {
		return false, err
	}
	first, found, err := db.Maybe(tx, qFirstSaid, db.Scalar[string], h.Contact, h.ID)
	return found && nameKey(first) == nameKey(name), err
}

// AskProofIn reports whether the link that proves the name of m is to be mailed, which is asked once: for each name under which an
// address writes, and again after its owner said that it was not them. round counts these.
func (s *Service) AskProofIn(tx *db.Tx, m Message, h contact.Handle) (ask bool, round int, err error) {
	done, err := proved(tx, h, m.Name)
	if err != nil || done {
		return false, 0, err
	}
	p, _, err := proofIn(tx, h.ID, nameKey(m.Name))
	if err != nil || p.asked {
		return false, 0, err
	}
	_, err = db.Exec(tx, qAskProof, h.ID, nameKey(m.Name))
	return true, p.round, err
}

// ProvedIn reports whether whoever owns h said that they write under the name of m.
func (s *Service) ProvedIn(tx *db.Tx, m Message, h contact.Handle) (bool, error) {
	return proved(tx, h, m.Name)
}

// doubt takes back what the owner of h ever proved: it was not them under the name of m.
func doubt(tx *db.Tx, h fact.HandleID, m Message) error {
	if _, err := db.Exec(tx, qKeepName, h, nameKey(m.Name)); err != nil {
		return err
	}
	_, err := db.Exec(tx, qDoubt, h)
	return err
}
