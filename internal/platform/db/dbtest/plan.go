package dbtest

import (
	"database/sql"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"causerie/internal/platform/db"
)

var parameter = regexp.MustCompile(`\$(\d+)`)

// Plans fills the SQLite database at path by statements, takes statistics, and returns what asks the engine how it would
// answer a query: the steps of its plan, which say better than a stopwatch whether a query grows slower with a table. A
// list {in} has three keys; parameters that are not given are whole numbers.
func Plans(t testing.TB, path string, statements ...string) func(q db.Query, args ...any) (steps []string) {
	t.Helper()
	plain, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { plain.Close() })
	for _, text := range append(statements, "ANALYZE") {
		if _, err := plain.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	return func(q db.Query, args ...any) (steps []string) {
		t.Helper()
		text := strings.ReplaceAll(q.SQL, "{in}", "1, 2, 3")
		for _, m := range parameter.FindAllStringSubmatch(text, -1) {
			for n, _ := strconv.Atoi(m[1]); len(args) < n; {
				args = append(args, int64(len(args)+1))
			}
		}
		rows, err := plain.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			t.Fatalf("%s: %v", q.Name, err)
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			steps = append(steps, detail)
		}
		return steps
	}
}
