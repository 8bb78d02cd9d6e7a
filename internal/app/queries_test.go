package app_test

import (
	"regexp"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

func TestEveryQueryPreparesOnBothEngines(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		n := 0
		for _, q := range db.Queries() {
			if strings.HasSuffix(q.Package, "_test") {
				continue
			}
			n++
			if err := d.Check(t.Context(), q); err != nil {
				t.Error(err)
			}
		}
		if n < 100 {
			t.Errorf("only %d queries are known: this test no longer sees the program", n)
		}
	})
}

// What one engine reads otherwise than the other: it would prepare, and lie.
var unportable = []string{"::", " ILIKE ", "NOW()", "CURRENT_TIMESTAMP", "->>", " RLIKE ", "IFNULL(", "DATE(", "STRFTIME("}

var bareLimit = regexp.MustCompile(`(?i)\bLIMIT\s+\$\d`)

func TestQueriesStayInTheCommonSubset(t *testing.T) {
	for _, q := range db.Queries() {
		if strings.HasPrefix(q.Name, "sqlite.") || strings.HasPrefix(q.Name, "postgres.") {
			continue
		}
		for _, word := range unportable {
			if strings.Contains(strings.ToUpper(q.SQL), word) {
				t.Errorf("%s says %s", q.Name, word)
			}
		}
		if bareLimit.MatchString(q.SQL) {
			t.Errorf("%s: SQLite plans anew for each value bound to LIMIT $n: write LIMIT CAST($n AS BIGINT)", q.Name)
		}
	}
}
