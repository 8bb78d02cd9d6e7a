package bus

import (
	"time"

	"causerie/internal/platform/db"
)

var qLast = db.Q("facts.last", `SELECT at FROM facts WHERE kind = $1 ORDER BY id DESC LIMIT 1`)

// LastIn returns when the last of these facts was said; no instant when none was, or none is kept.
func LastIn(tx *db.Tx, kinds ...string) (last time.Time, err error) {
	for _, kind := range kinds { // each is the end of an index
		at, _, err := db.Maybe(tx, qLast, func(r db.Row) (t time.Time, err error) {
			err = r.Scan(db.Time(&t))
			return t, err
		}, kind)
		if err != nil {
			return last, err
		}
		if at.After(last) {
			last = at
		}
	}
	return last, nil
}
