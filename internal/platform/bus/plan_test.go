package bus_test

import (
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
	plan := dbtest.Plans(t, o.Path,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		 INSERT INTO facts (id, kind, at, actor, subject, body) SELECT i, 'kind.' || (i % 30), i, 0, i, '{}' FROM n`)
	want := map[string][]any{"facts.next_kind": {"kind.1"}, "facts.prune": {"kind.1", 900}}
	for _, q := range db.Queries() {
		args, ours := want[q.Name]
		if !ours {
			continue
		}
		delete(want, q.Name)
		all := strings.Join(plan(q, args...), "\n\t")
		if strings.Contains(all, "SCAN facts") || strings.Contains(all, "TEMP B-TREE") || !strings.Contains(all, "facts_kind") {
			t.Errorf("%s:\n\t%s", q.Name, all)
		}
	}
	if len(want) > 0 {
		t.Errorf("no such queries: %v", want)
	}
}
