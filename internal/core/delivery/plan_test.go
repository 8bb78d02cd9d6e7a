package delivery_test

import (
	"regexp"
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
	plan := dbtest.Plans(t, o.Path,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		 INSERT INTO deliveries (id, channel, kind, recipient, contact_id, subject, payload, external, state, reason, server_reply, attempts, created_at, at, key,
			lane, purpose, voice_id, about_kind, about_id, due_at)
		 SELECT i, 'mail', 'letter', 'x', 1 + i % 5000, '', '', '', CASE WHEN i % 40 = 0 THEN 'queued' WHEN i % 50 = 0 THEN 'held' ELSE 'sent' END, '', '', 1, i, i, 'k' || i,
			'bulk', 'newsletter', 1 + i % 3, 'letter', 1 + i % 10, CASE WHEN i % 40 = 0 THEN i END FROM n`)
	scan := regexp.MustCompile(`SCAN deliveries\b`)
	checked := 0
	for _, q := range db.Queries() {
		if !strings.HasSuffix(q.Package, "/core/delivery") || strings.Contains(q.SQL, "{rows}") || strings.HasPrefix(q.Name, "postgres.") {
			continue
		}
		all := strings.Join(plan(q), "\n\t")
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
