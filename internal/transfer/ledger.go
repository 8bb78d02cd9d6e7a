package transfer

import (
	"causerie/internal/platform/db"
)

var (
	qSeen = db.Q("imported.seen", `SELECT external, local FROM imported WHERE source = $1 AND kind = $2 AND external IN ({in})`)
	qNote = db.Q("imported.note", `
		INSERT INTO imported (source, kind, external, local, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (source, kind, external) DO UPDATE SET local = excluded.local, at = excluded.at`)
)

// The kinds of things in the ledger.
const (
	KindPost    = "post"
	KindComment = "comment"
	KindFile    = "attachment"
)

// Ledger knows what came from one source: "wordpress:https://old.example".
type Ledger struct{ Source string }

// Seen returns the ids that the things of a kind with these names have here; those that never came are not in the map.
func (l Ledger) Seen(tx *db.Tx, kind string, external []string) (map[string]int64, error) {
	type row struct {
		external string
		local    int64
	}
	rows, err := db.AllIn(tx, qSeen, func(r db.Row) (v row, err error) {
		err = r.Scan(&v.external, &v.local)
		return v, err
	}, external, l.Source, kind)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]int64, len(rows))
	for _, r := range rows {
		seen[r.external] = r.local
	}
	return seen, nil
}

// Note writes down that a thing came, and what it is here. Something noted twice is what it was noted as last.
func (l Ledger) Note(tx *db.Tx, kind, external string, local int64) error {
	_, err := db.Exec(tx, qNote, l.Source, kind, external, local, db.At(tx.Now()))
	return err
}
