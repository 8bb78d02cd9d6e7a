package mailer

import (
	"context"
	"crypto"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail/dkim"
	"causerie/internal/platform/seal"
)

// Keys are the keys by which the house signs its mail, some for each domain that it writes from. A key signs from when its record was
// seen in the DNS: before, a signature that nobody can check would only look wrong.
type Keys struct {
	db  *db.DB
	box *seal.Box

	mu     sync.Mutex
	parsed map[fact.SigningKeyID]crypto.Signer
}

// NewKeys returns the keys of a house.
func NewKeys(d *db.DB, box *seal.Box) *Keys {
	return &Keys{db: d, box: box, parsed: map[fact.SigningKeyID]crypto.Signer{}}
}

// SigningKey is one of them, without its private half.
type SigningKey struct {
	ID        fact.SigningKeyID
	Domain    string // in ASCII
	Selector  string
	Record    string // the text of the TXT record at Name
	CreatedAt time.Time
	SeenAt    time.Time // when the record was first seen; zero: not yet, and the key does not sign
	sealed    string
}

// Name is where the record of a key is published.
func (k SigningKey) Name() string { return k.Selector + "._domainkey." + k.Domain }

// sealedKey is the purpose for which keys are sealed.
const sealedKey = "signing_key"

var (
	qKeys   = db.Q("signing_key.all", `SELECT id, domain, selector, record, private, created_at, seen_at FROM signing_keys ORDER BY domain, id`)
	qKeyAdd = db.Q("signing_key.add", `
		INSERT INTO signing_keys (id, domain, selector, record, private, created_at) VALUES ($1, $2, $3, $4, $5, $6)`)
	qKeySeen   = db.Q("signing_key.seen", `UPDATE signing_keys SET seen_at = $2 WHERE id = $1 AND seen_at IS NULL`)
	qKeyUnseen = db.Q("signing_key.unseen", `DELETE FROM signing_keys WHERE domain = $1 AND seen_at IS NULL`)
	qKeyOlder  = db.Q("signing_key.older", `
		DELETE FROM signing_keys
		 WHERE domain = (SELECT domain FROM signing_keys WHERE id = $1) AND created_at < (SELECT created_at FROM signing_keys WHERE id = $1)`)
)

func scanKey(r db.Row) (k SigningKey, err error) {
	return k, r.Scan(&k.ID, &k.Domain, &k.Selector, &k.Record, &k.sealed, db.Time(&k.CreatedAt), db.Time(&k.SeenAt))
}

// All returns every key. Only an owner may.
func (k *Keys) All(ctx context.Context, by actor.Actor) (all []SigningKey, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return nil, err
	}
	err = k.db.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(tx, qKeys, scanKey)
		return err
	})
	return all, err
}

// Make makes an RSA and an Ed25519 key for a domain. Only an owner may. Those that it had sign until the record of a new one is seen: what
// leaves meanwhile is signed as before. The selector has the day in it, so that new keys never stand where old ones stood.
func (k *Keys) Make(ctx context.Context, by actor.Actor, domain string) error {
	if err := by.Require(actor.Owner, 0); err != nil {
		return err
	}
	domain, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSpace(domain)))
	if err != nil || !strings.Contains(domain, ".") {
		return fault.Invalid("domain", "invalid")
	}
	type made struct{ kind, record, sealed string }
	var fresh []made
	for _, kind := range []struct {
		name string
		make func() (crypto.Signer, error)
	}{{"r", dkim.NewRSA}, {"e", dkim.NewEd25519}} {
		key, err := kind.make()
		if err != nil {
			return err
		}
		record, err := dkim.Record(key.Public())
		if err != nil {
			return err
		}
		private, err := dkim.Marshal(key)
		if err != nil {
			return err
		}
		sealed, err := k.box.Seal(sealedKey, private)
		if err != nil {
			return err
		}
		fresh = append(fresh, made{kind.name, record, sealed})
	}
	return k.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(tx, qKeyUnseen, domain); err != nil {
			return err
		}
		for _, f := range fresh {
			selector := "c" + tx.Now().UTC().Format("20060102150405") + f.kind
			if _, err := db.Exec(tx, qKeyAdd, fact.New[fact.SigningKeyID](tx.Now()), domain, selector, f.record, f.sealed, db.At(tx.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// Seen notes that the records of keys were seen: from now on they sign, and those that they replace do not.
func (k *Keys) Seen(ctx context.Context, ids ...fact.SigningKeyID) error {
	return k.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range ids {
			fresh, err := db.Exec(tx, qKeySeen, id, db.At(tx.Now()))
			if err != nil {
				return err
			}
			if fresh == 0 {
				continue
			}
			if _, err := db.Exec(tx, qKeyOlder, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// signers returns who signs for each domain. A key that cannot be read any more signs nothing: the doctor says so.
func (k *Keys) signers(ctx context.Context) (map[string][]dkim.Signer, error) {
	if k == nil {
		return nil, nil
	}
	var all []SigningKey
	err := k.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(tx, qKeys, scanKey)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	signers := map[string][]dkim.Signer{}
	for _, key := range all {
		if key.SeenAt.IsZero() {
			continue
		}
		if k.parsed[key.ID] == nil {
			private, err := k.box.Unseal(sealedKey, key.sealed)
			if err != nil {
				continue
			}
			if k.parsed[key.ID], err = dkim.Parse(private); err != nil {
				continue
			}
		}
		signers[key.Domain] = append(signers[key.Domain], dkim.Signer{Domain: key.Domain, Selector: key.Selector, Key: k.parsed[key.ID]})
	}
	return signers, nil
}
