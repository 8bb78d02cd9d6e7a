package inbox_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// No list of this package may grow slower with the table. The engine's own plan says so better than a stopwatch: with
// twenty thousand messages and statistics taken, no registered query reads a whole table or sorts what it found in one,
// save those that walk through it on purpose.
func TestNoListReadsTheWholeTable(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	o := dbtest.Options(t, db.SQLite, schema.All())
	o.Clock = clk
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	w := inboxtest.New(t, d, clk, nil)
	plant := fmt.Sprintf(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO messages (id, conversation_id, direction, channel, kind, moderation, attention, state, contact_id, voice_id, post_id, parent_id,
			name, url, body, html, lang, how, notify, reason, mail_id, at)
		SELECT i, 1 + i %% 5000, CASE WHEN i %% 4 = 0 THEN 'out' ELSE 'in' END, 'site', CASE WHEN i %% 5 = 0 THEN 'request' ELSE 'comment' END, 'visible',
			'open', CASE WHEN i %% 3 = 0 THEN 'open' WHEN i %% 3 = 1 THEN 'closed' ELSE 'held' END, 1 + i %% 5000, %d, 1 + i %% 300, NULL, 'x', '', 'x', '', 'fr-FR', '', 0, '', '', i
		  FROM n`, w.Claire.ID)
	explain := dbtest.Plans(t, o.Path,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		 INSERT INTO conversations (id, kind, contact_id, post_id, voice_id, subject, created_at, last_at) SELECT i, 'comment', i, 1, 1, '', i, i FROM n`,
		plant)
	walks := map[string]bool{ // on purpose, in batches by id or for what one asked to be gathered
		"message.merge": true, "message.batch": true,
		"message.heir": true, "conversation.heir": true, // once in the life of a voice
	}
	scan := regexp.MustCompile(`SCAN (m|messages|c|conversations)( |$)`)
	checked := 0
	for _, q := range db.Queries() {
		if !strings.HasSuffix(q.Package, "/feature/inbox") || walks[q.Name] || strings.HasPrefix(strings.TrimSpace(q.SQL), "INSERT") {
			continue
		}
		plan := explain(q)
		checked++
		if strings.HasPrefix(q.Name, "message.list") && !strings.HasPrefix(q.Name, "message.list_post") && !regexp.MustCompile(` AND at[<>]`).MatchString(strings.Join(plan, " ")) {
			t.Errorf("%s does not begin where the page before ended: %s", q.Name, strings.Join(plan, " | "))
		}
		for _, step := range plan {
			if scan.MatchString(step) {
				t.Errorf("%s reads a whole table: %s", q.Name, strings.Join(plan, " | "))
			}
			if strings.Contains(step, "TEMP B-TREE") && strings.HasPrefix(q.Name, "message.list") && !strings.HasPrefix(q.Name, "message.list_post") {
				t.Errorf("%s sorts: %s", q.Name, strings.Join(plan, " | "))
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d queries were looked at", checked)
	}
	for _, f := range []inbox.Filter{{}, {State: inbox.Open}, {Kind: inbox.KindRequest, State: inbox.Held}} {
		found, next, err := w.Inbox.List(t.Context(), w.Owner, f)
		if err != nil || len(found) != 30 || next == "" {
			t.Errorf("%+v: %d messages, next %q, %v", f, len(found), next, err)
		}
	}
}
