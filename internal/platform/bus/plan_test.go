package bus_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// Pruning must not grow slower with the facts that are kept: with twenty thousand and statistics taken, the engine's own plan
// finds the kinds and the old rows of one by the index.
func TestPruningReadsNoMoreThanWhatGoes(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, db.SQLite, schema.All())
	plain, err := sql.Open("sqlite", "file:"+filepath.ToSlash(o.Path))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	for _, text := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		 INSERT INTO facts (id, kind, at, actor, subject, body) SELECT i, 'kind.' || (i % 30), i, 0, i, '{}' FROM n`,
		`ANALYZE`,
	} {
		if _, err := plain.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string][]any{"facts.next_kind": {"kind.1"}, "facts.prune": {"kind.1", 900}}
	for _, q := range db.Queries() {
		args, ours := want[q.Name]
		if !ours {
			continue
		}
		delete(want, q.Name)
		rows, err := plain.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q.SQL, args...)
		if err != nil {
			t.Fatalf("%s: %v", q.Name, err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, detail)
		}
		rows.Close()
		all := strings.Join(plan, "\n\t")
		if strings.Contains(all, "SCAN facts") || strings.Contains(all, "TEMP B-TREE") || !strings.Contains(all, "facts_kind") {
			t.Errorf("%s:\n\t%s", q.Name, all)
		}
	}
	if len(want) > 0 {
		t.Errorf("no such queries: %v", want)
	}
}
