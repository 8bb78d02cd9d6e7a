package transfer

import (
	"causerie/internal/platform/db"
)

var (
	qSeen    = db.Q("imported.seen", `SELECT external, local FROM imported WHERE source = $1 AND kind = $2 AND external IN ({in})`)
	qSources = db.Q("imported.sources", `SELECT source, MIN(at) FROM imported WHERE source >= $1 AND source < $2 GROUP BY source ORDER BY 2, source LIMIT 1000`)
	qNote    = db.Q("imported.note", `
		INSERT INTO imported (source, kind, external, local, at) VALUES {rows}
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

// Sources returns the sources of a program ("wordpress") from which things came, the first one first.
func Sources(tx *db.Tx, program string) ([]string, error) {
	return db.All(tx, qSources, func(r db.Row) (source string, err error) {
		var at int64
		err = r.Scan(&source, &at)
		return source, err
	}, program+":", program+";") // the next byte
}

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

// Entry is one thing that came: its kind, its name there and its id here.
type Entry struct {
	Kind     string
	External string
	Local    int64
}

// Note writes down what came; each name at most once in entries. What was noted before gets its new id.
func (l Ledger) Note(tx *db.Tx, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([]any, 0, 5*len(entries))
	for _, e := range entries {
		rows = append(rows, l.Source, e.Kind, e.External, e.Local, db.At(tx.Now()))
	}
	return db.Insert(tx, qNote, 5, rows)
}
