package account

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// limit is how often something may be tried: burst times at once, then once every.
type limit struct {
	burst int
	every time.Duration
}

// The limits of one account, from wherever somebody tries; the limits of one network are web.Rate. They are rows, so that a restart
// forgives nothing. Nobody is shut out for good: a browser in which the account signed in before is counted by itself, and a
// link to a new password always opens.
var (
	signInLimit = limit{10, 15 * time.Minute}
	forgotLimit = limit{3, 20 * time.Minute}
	proveLimit  = limit{10, 5 * time.Minute} // with a session, the password again
)

// An account is told when so many tries failed within a day, at most once in that time.
const (
	tellAfter = 20
	tellEvery = 24 * time.Hour
)

// tries is what is known of what was tried lately.
type tries struct {
	until         time.Time
	failed        int
	since, toldAt time.Time
}

func scanTries(r db.Row) (t tries, err error) {
	err = r.Scan(db.Time(&t.until), &t.failed, db.Time(&t.since), db.Time(&t.toldAt))
	return t, err
}

// take uses up one try, or says how long to wait for one.
func (t *tries) take(l limit, now time.Time) (wait time.Duration) {
	from := t.until
	if from.Before(now) {
		from = now
	}
	if wait := from.Sub(now) - time.Duration(l.burst-1)*l.every; wait > 0 {
		return wait
	}
	t.until = from.Add(l.every)
	return 0
}

// giveBack returns a try that succeeded.
func (t *tries) giveBack(l limit) {
	if !t.until.IsZero() {
		t.until = t.until.Add(-l.every)
	}
}

// miss counts one that did not, and reports whether the account is to be told.
func (t *tries) miss(now time.Time) (tell bool) {
	if now.Sub(t.since) >= tellEvery {
		t.since, t.failed = now, 0
	}
	t.failed++
	if t.failed < tellAfter || now.Sub(t.toldAt) < tellEvery {
		return false
	}
	t.toldAt = now
	return true
}

func triesIn(tx *db.Tx, key string) (tries, error) {
	t, _, err := db.Maybe(tx, qTries, scanTries, key)
	return t, err
}

// keepIn keeps t; counted says that it is about somebody, whose day is remembered. What strangers typed is forgotten as
// soon as it says nothing more, so that their rows stay few.
func (t tries) keepIn(tx *db.Tx, key string, counted bool) error {
	if t.until.IsZero() {
		t.until = tx.Now()
	}
	ends := t.until
	if day := t.since.Add(tellEvery); counted && day.After(ends) {
		ends = day
	}
	if told := t.toldAt.Add(tellEvery); counted && told.After(ends) {
		ends = told
	}
	_, err := db.Exec(tx, qSetTries, key, db.At(t.until), t.failed, db.At(t.since), db.At(t.toldAt), db.At(ends))
	if err == nil && !counted {
		_, err = db.Exec(tx, qFewTries, db.At(tx.Now()))
	}
	return err
}

// takeIn takes one try of key; it returns fault.TooMany when there is none.
func takeIn(tx *db.Tx, key string, l limit, counted bool) error {
	t, err := triesIn(tx, key)
	if err != nil {
		return err
	}
	if wait := t.take(l, tx.Now()); wait > 0 {
		return fault.TooMany(int((wait + time.Second - 1) / time.Second))
	}
	return t.keepIn(tx, key, counted)
}

func giveBackIn(tx *db.Tx, key string, l limit) error {
	t, err := triesIn(tx, key)
	if err != nil {
		return err
	}
	t.giveBack(l)
	return t.keepIn(tx, key, true)
}

// missIn counts a try on a that failed and tells a when there were many.
func (s *Service) missIn(tx *db.Tx, key string, a Account) error {
	known := !a.ID.IsZero()
	t, err := triesIn(tx, key)
	if err != nil {
		return err
	}
	tell := t.miss(tx.Now())
	if err := t.keepIn(tx, key, known); err != nil || !tell || !known || a.Disabled {
		return err
	}
	return s.tellIn(tx, a, true, Notice{What: NoticeTries, Args: []string{strconv.Itoa(t.failed)}})
}

func signInKey(emailKey string) string       { return "sign-in/" + digest(emailKey) }
func deviceKey(hash string) string           { return "device/" + hash }
func forgotKey(emailKey string) string       { return "forgot/" + digest(emailKey) }
func proveKey(account fact.AccountID) string { return "prove/" + account.String() }

// digest names what somebody typed without keeping it.
func digest(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
