package delivery_test

import (
	"database/sql"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// No statement of the outbox may grow slower with what was sent: with twenty thousand sent and statistics taken, the
// engine's own plan reads no whole table, and what is due is found in its order without sorting.
func TestNoStatementReadsTheWholeTable(t *testing.T) {
	t.Parallel()
	o := dbtest.Options(t, db.SQLite, schema.All())
	plain, err := sql.Open("sqlite", "file:"+filepath.ToSlash(o.Path))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	for _, text := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		 INSERT INTO deliveries (id, channel, kind, recipient, contact_id, subject, payload, external, state, reason, server_reply, attempts, created_at, at, key,
			lane, purpose, voice_id, about_kind, about_id, due_at)
		 SELECT i, 'mail', 'letter', 'x', 1 + i % 5000, '', '', '', CASE WHEN i % 40 = 0 THEN 'queued' WHEN i % 50 = 0 THEN 'held' ELSE 'sent' END, '', '', 1, i, i, 'k' || i,
			'bulk', 'newsletter', 1 + i % 3, 'letter', 1 + i % 10, CASE WHEN i % 40 = 0 THEN i END FROM n`,
		`ANALYZE`,
	} {
		if _, err := plain.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	scan, number := regexp.MustCompile(`SCAN deliveries\b`), regexp.MustCompile(`\$(\d+)`)
	checked := 0
	for _, q := range db.Queries() {
		if !strings.HasSuffix(q.Package, "/core/delivery") || strings.Contains(q.SQL, "{rows}") || strings.HasPrefix(q.Name, "postgres.") {
			continue
		}
		text, most := strings.ReplaceAll(q.SQL, "{in}", "1, 2, 3"), 0
		for _, m := range number.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			most = max(most, n)
		}
		args := make([]any, most)
		for i := range args {
			args[i] = int64(i + 1)
		}
		rows, err := plain.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
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
		due := strings.Contains(q.SQL, "ORDER BY due_at, id")
		if scan.MatchString(all) || due && (!strings.Contains(all, "deliveries_due") || strings.Contains(all, "USE TEMP B-TREE")) {
			t.Errorf("%s:\n\t%s", q.Name, all)
		}
		checked++
	}
	if checked < 20 {
		t.Errorf("only %d statements were looked at", checked)
	}
}
