// Package doctor says what is well with a house and what is not: it reads everything and changes nothing.
//
// The database is read through, every value of it, and every file is compared with its name; nothing is written, so that it
// looks at a house on a disk that takes no writes too, and says so.
//
// Inside a package, foreign keys keep rows together; between packages nothing does, on purpose, so this is where it is
// checked that what one package's rows name is still in another's. Then it looks at what waits for a person (dead jobs,
// uncertain mails), at what would stop the house (a full disk, a relay that does not answer) and at what the law still
// lacks.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"causerie/internal/core/consent"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/place"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/schema"
)

// Level is how bad a finding is.
type Level int

// The levels.
const (
	Well  Level = iota
	Note        // worth knowing
	Wrong       // to be mended
)

// String returns "well", "note" or "wrong".
func (l Level) String() string { return [...]string{"well", "note", "WRONG"}[l] }

// Finding is one thing looked at. Operators read it, so it is in English like the rest of the command line.
type Finding struct {
	Level Level
	What  string // "database", "files"...
	Text  string // what is so, and what to do when it is wrong
}

// Doctor looks at one house.
type Doctor struct {
	DB      *db.DB
	House   *house.Service
	Queue   *queue.Queue
	Blobs   blob.Store
	Data    string // the directory of the house
	Carrier interface {
		Ways(ctx context.Context) ([]mailer.Way, error)
	}
	URL        *url.URL // what links and mails say
	Passphrase bool     // the key is made of CAUSERIE_SECRET
	Key        error    // why there is no key in Data
	Moved      string   // where the house went from this database, "" when it did not
}

// Look examines everything, and goes on after what is wrong.
func (d Doctor) Look(ctx context.Context) []Finding {
	var all []Finding
	for _, look := range []func(context.Context) ([]Finding, error){
		d.database, d.writable, d.house, d.address, d.references, d.consents, d.jobs, d.deliveries, d.files, d.relay, d.secret, d.disk, d.still,
	} {
		found, err := look(ctx)
		all = append(all, found...)
		if err != nil {
			all = append(all, Finding{Wrong, "doctor", err.Error()})
		}
	}
	return all
}

func one(l Level, what, text string, args ...any) []Finding {
	return []Finding{{l, what, fmt.Sprintf(text, args...)}}
}

func (d Doctor) database(ctx context.Context) ([]Finding, error) {
	if err := d.DB.Ping(ctx); err != nil {
		return one(Wrong, "database", "%s does not answer: %v", d.DB.Place(), err), nil
	}
	have, err := d.DB.Version(ctx)
	if err != nil {
		return nil, err
	}
	if want := len(schema.All()); have != want {
		return one(Wrong, "database", "schema %d, this program has %d", have, want), nil
	}
	if d.Moved != "" {
		return one(Wrong, "database", "%s is what the house left behind when it moved to %s: give --database, or CAUSERIE_DATABASE", d.DB.Place(), d.Moved), nil
	}
	damages, err := d.DB.Examine(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, damage := range damages {
		found = append(found, Finding{Wrong, "database", "damaged: " + damage})
	}
	if len(found) > 0 {
		return append(found, one(Wrong, "database", "stop the server, keep a copy of %s as it is, and restore the last good backup", d.DB.Place())...), nil
	}
	return one(Well, "database", "%s answers, schema %d, every row readable", d.DB.Place(), have), nil
}

// still says when what was read may be of two moments.
func (d Doctor) still(context.Context) ([]Finding, error) {
	if d.DB.Still() {
		return nil, nil
	}
	return one(Note, "database", "someone wrote to it during the check: the lines above may mix two moments, run it again"), nil
}

// address looks at what links, feeds and mails say.
func (d Doctor) address(ctx context.Context) ([]Finding, error) {
	switch {
	case d.URL == nil:
		return nil, nil
	case place.Private(d.URL):
		return one(Note, "address", "links, feeds and e-mails use %s, which no one can open from elsewhere: give serve its public address with --url or CAUSERIE_URL", d.URL), nil
	case d.URL.Scheme == "http":
		return one(Note, "address", "%s is not encrypted: what you and your readers type can be read on the way", d.URL), nil
	}
	return one(Well, "address", "%s", d.URL), nil
}

func (d Doctor) house(ctx context.Context) ([]Finding, error) {
	h, err := d.House.Get(ctx)
	if fault.Is(err, fault.KindNotFound) {
		return one(Note, "house", "there is none yet: run causerie setup, or open /setup"), nil
	}
	if err != nil {
		return nil, err
	}
	missing := h.Missing()
	switch {
	case h.Public && len(missing) == 0:
		return one(Well, "house", "%s is online", h.Name), nil
	case h.Public:
		return one(Wrong, "house", "%s is online but lacks %s", h.Name, strings.Join(missing, ", ")), nil
	case len(missing) > 0:
		return one(Note, "house", "%s is not online; before it can be, it needs %s", h.Name, strings.Join(missing, ", ")), nil
	}
	return one(Note, "house", "%s is not online, but could be", h.Name), nil
}

// consents walks the chain of the ledger.
func (d Doctor) consents(ctx context.Context) (found []Finding, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		n, err := consent.Verify(tx)
		if errors.Is(err, consent.ErrBroken) {
			found = one(Wrong, "consents", "%v: the evidence that you may write to people was changed in the database itself; compare with a backup", err)
			return nil
		}
		if err == nil && n > 0 {
			found = one(Well, "consents", "%d rows, each as it was written", n)
		}
		return err
	})
	return found, err
}

func (d Doctor) jobs(ctx context.Context) ([]Finding, error) {
	counts, err := d.Queue.Counts(ctx)
	if err != nil {
		return nil, err
	}
	if n := counts["dead"]; n > 0 {
		var stopped []queue.Stopped
		err := d.DB.Read(ctx, func(tx *db.Tx) error { stopped, err = d.Queue.Stopped(tx, 5); return err })
		if err != nil {
			return nil, err
		}
		var last []string
		for _, s := range stopped {
			if s.State == "dead" {
				last = append(last, s.Kind+": "+s.Failure)
			}
		}
		return one(Wrong, "jobs", "%d gave up; the last: %s", n, strings.Join(last, " | ")), nil
	}
	return one(Well, "jobs", "%d due, %d running, %d held", counts["due"], counts["running"], counts["held"]), nil
}

var qDeliveries = db.Q("doctor.deliveries", `
	SELECT state, COUNT(*) FROM deliveries WHERE state IN ('held', 'uncertain', 'refused', 'deferred') GROUP BY state ORDER BY state`)

func (d Doctor) deliveries(ctx context.Context) (found []Finding, err error) {
	advice := map[string]string{
		"held": "release or cancel at /app/deliveries", "uncertain": "may have arrived; decide at /app/deliveries",
		"refused": "refused by the server; the reason is at /app/deliveries", "deferred": "will be tried again",
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := db.All(tx, qDeliveries, func(r db.Row) (struct{}, error) {
			var state string
			var n int
			err := r.Scan(&state, &n)
			found = append(found, Finding{Note, "mail", fmt.Sprintf("%d %s: %s", n, state, advice[state])})
			return struct{}{}, err
		})
		return err
	})
	if len(found) == 0 && err == nil {
		found = one(Well, "mail", "nothing is waiting for a decision")
	}
	return found, err
}

func (d Doctor) relay(ctx context.Context) (found []Finding, err error) {
	ways, err := d.Carrier.Ways(ctx)
	if errors.Is(err, seal.ErrSealed) {
		return one(Wrong, "relay", "its password is sealed with a different key, and e-mail is held: enter it again at /app/settings/relays, "+
			"or bring back the secret.key or CAUSERIE_SECRET it was sealed with"), nil
	}
	if err != nil {
		return one(Wrong, "relay", "%v", err), nil
	}
	for _, w := range ways {
		pool, ok := w.Sender.(*mail.Pool)
		if !ok {
			continue
		}
		session, err := pool.Relay.Dial(ctx)
		if err != nil {
			found = append(found, one(Wrong, "relay", "%v does not let us in: %v", pool.Relay, err)...)
			continue
		}
		session.Close()
		found = append(found, one(Well, "relay", "%v lets us in", pool.Relay)...)
	}
	if len(found) == 0 {
		found = one(Note, "relay", "no mail server is set up: e-mail replies are held until one is, at /app/settings/relays or with --smtp")
	}
	return found, nil
}

func (d Doctor) secret(ctx context.Context) ([]Finding, error) {
	file := filepath.Join(d.Data, "secret.key")
	info, err := os.Stat(file)
	switch {
	case d.Passphrase:
		return one(Note, "secret", "the key is given by CAUSERIE_SECRET: keep it with the backups"), nil
	case errors.Is(err, fs.ErrNotExist):
		return one(Wrong, "secret", "%s is missing: put your copy back, or set CAUSERIE_SECRET; without it the mail server password must be entered again", file), nil
	case d.Key != nil:
		return one(Wrong, "secret", "%s cannot be used: %v", file, d.Key), nil
	case err != nil:
		return nil, err
	case info.Mode().Perm()&0o077 != 0:
		return one(Wrong, "secret", "%s can be read by others: chmod 600 it", file), nil
	}
	lost, err := d.House.Unreadable(ctx)
	if err != nil {
		return nil, err
	}
	if slices.Contains(lost, "certificates") {
		return one(Note, "secret", "certificates are sealed with a different key: they are requested again when needed"), nil
	}
	return one(Well, "secret", "only its owner can read %s; backups do not include it, keep a copy elsewhere", file), nil
}
