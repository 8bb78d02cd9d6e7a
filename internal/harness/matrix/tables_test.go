package matrix

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"causerie/internal/platform/db"
)

// catalogue lists every table with how many columns it has.
var catalogue = map[db.Engine]db.Query{
	db.SQLite: {Name: "sqlite.matrix.tables", SQL: `
		SELECT m.name, (SELECT COUNT(*) FROM pragma_table_info(m.name)) FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`},
	db.Postgres: {Name: "postgres.matrix.tables", SQL: `
		SELECT table_name, COUNT(*) FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name`},
}

// tables returns a digest of the rows of each table.
func (hs *house) tables() map[string]string {
	hs.t.Helper()
	digests := map[string]string{}
	hs.must(hs.DB.Read(hs.t.Context(), func(tx *db.Tx) error {
		type table struct {
			name    string
			columns int
		}
		all, err := db.All(tx, catalogue[tx.Engine()], func(r db.Row) (t table, err error) {
			err = r.Scan(&t.name, &t.columns)
			return t, err
		})
		if err != nil {
			return err
		}
		for _, t := range all {
			rows, err := db.All(tx, db.Query{Name: "matrix." + t.name, SQL: "SELECT * FROM " + t.name}, func(r db.Row) (string, error) {
				values := make([]any, t.columns)
				for i := range values {
					values[i] = new(any)
				}
				err := r.Scan(values...)
				var row strings.Builder
				for _, v := range values {
					fmt.Fprintf(&row, "%v\x00", *v.(*any))
				}
				return row.String(), err
			})
			if err != nil {
				return err
			}
			slices.Sort(rows)
			digests[t.name] = fmt.Sprintf("%d rows, %x", len(rows), sha256.Sum256([]byte(strings.Join(rows, "\n"))))
		}
		return nil
	}))
	if len(digests) < 30 {
		hs.t.Fatalf("only %d tables are looked at", len(digests))
	}
	return digests
}
