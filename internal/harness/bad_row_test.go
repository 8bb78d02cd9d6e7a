package harness_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"causerie/internal/harness"
	"causerie/internal/platform/db"
	"causerie/internal/schema"
)

// spoilt are the tables of which a row is spoilt: what people read lists of.
var spoilt = []string{"posts", "public_posts", "shown_posts", "contacts", "handles", "conversations", "messages", "mandates", "mandate_moves",
	"timeline", "deliveries", "media", "voices", "voice_homes", "accounts", "tokens"}

// TestOneRowNeverBreaksAList writes instants, days and amounts that nobody can say into a row of every table, by no door of the
// program, and looks at every list.
func TestOneRowNeverBreaksAList(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			h := harness.Start(t, harness.Options{Engine: engine, Planted: true})
			before := map[string]int{}
			for _, list := range []string{"/posts", "/contacts", "/messages", "/mandates", "/deliveries"} {
				before[list] = walk(t, h, list)
			}
			for _, bad := range []int64{253402300800000, math.MaxInt64, math.MinInt64} {
				spoil(t, h, bad, map[int64]string{math.MaxInt64: "9999-12-31", math.MinInt64: "bientôt"}[bad])
				for list, n := range before {
					if got := walk(t, h, list); got != n {
						t.Errorf("%d: %s has %d items, before %d", bad, list, got, n)
					}
				}
				lookEverywhere(t, h, bad)
				if status, answer := h.API("PATCH", "/house", map[string]any{"name": fmt.Sprint("Maison ", bad)}); status != http.StatusOK {
					t.Errorf("%d: the house cannot be changed: %d %v", bad, status, answer)
				}
			}
		})
	}
}

// spoil puts bad into every instant that is there of one row of each table, day into every civil day, and bad into amounts.
func spoil(t *testing.T, h *harness.House, bad int64, day string) {
	t.Helper()
	tables, err := schema.Tables(t.Context(), schema.All())
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	err = h.DB.Write(t.Context(), func(tx *db.Tx) error {
		known = 0
		for _, table := range tables {
			if !slices.Contains(spoilt, table.Name) {
				continue
			}
			known++
			for _, c := range table.Columns {
				value := any(bad)
				switch {
				case c.Name == "disabled_at" || c.Name == "expires_at" || c.Name == "deleted_at" || c.Name == "revoked_at": // who may, and what is there at all
					continue
				case c.Type == "int" && (c.Name == "at" || strings.HasSuffix(c.Name, "_at") || c.Name == "amount_cents" || c.Name == "since"):
				case c.Type == "text" && (c.Name == "next_on" || c.Name == "postponed_until"):
					value = "12026-01-01"
					if day != "" {
						value = day
					}
				default:
					continue
				}
				key := table.Key[0]
				q := db.Query{Name: "test.spoil", SQL: fmt.Sprintf(`UPDATE %s SET %s = $1 WHERE %s = (SELECT MIN(%s) FROM %s WHERE %s IS NOT NULL)`,
					table.Name, c.Name, key, key, table.Name, c.Name)}
				if _, err := db.Exec(tx, q, value); err != nil {
					return fmt.Errorf("%s.%s: %w", table.Name, c.Name, err)
				}
			}
		}
		_, err := db.Exec(tx, db.Query{Name: "test.schedule", SQL: `UPDATE posts SET schedule = '10000-01-01T00:59' WHERE status = 'scheduled'`})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if known != len(spoilt) {
		t.Fatalf("only %d of the tables are there", known)
	}
}

// walk counts what a list of the API has, page after page.
func walk(t *testing.T, h *harness.House, list string) (n int) {
	t.Helper()
	for cursor := ""; ; {
		status, answer := h.API("GET", list+"?limit=7&cursor="+cursor, nil)
		if status != http.StatusOK {
			t.Fatalf("%s gives %d %v", list, status, answer)
		}
		n += len(answer["items"].([]any))
		next, more := answer["next_cursor"].(string)
		if !more {
			return n
		}
		cursor = next
	}
}

// lookEverywhere opens the lists of the work side and of the site, and whatever each of them leads to.
func lookEverywhere(t *testing.T, h *harness.House, bad int64) {
	t.Helper()
	owner, seen := h.SignIn(), map[string]bool{}
	queue := []string{"/app/today", "/app/posts", "/app/posts?status=scheduled", "/app/posts?status=published", "/app/inbox", "/app/inbox?state=answered",
		"/app/contacts", "/app/contacts?order=name", "/app/mandates", "/app/mandates?stage=won", "/app/attribution", "/app/deliveries", "/app/settings",
		"/app/accounts", "/app/voices", "/", "/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/search?q=bois"}
	depth := len(queue)
	for i := 0; i < len(queue); i++ {
		path, _, _ := strings.Cut(queue[i], "#")
		if seen[path] {
			continue
		}
		seen[path] = true
		p := owner.Get(path)
		if p.Status >= 500 {
			t.Errorf("%d: %s gives %d", bad, path, p.Status)
		}
		if i >= depth || !p.IsHTML() {
			continue
		}
		for _, a := range p.All("a") {
			for _, at := range a.Attr {
				if at.Key == "href" && strings.HasPrefix(at.Val, "/") && len(queue) < 120 && !strings.HasPrefix(at.Val, "/app/live") {
					queue = append(queue, at.Val)
				}
			}
		}
	}
}

// TestDaysBeyondTheCalendarAreRefusedAtEveryDoor: at the field, and nothing is made.
func TestDaysBeyondTheCalendarAreRefusedAtEveryDoor(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	beyond := func(field string, status int, answer map[string]any) {
		t.Helper()
		if said := fmt.Sprint(answer["errors"]); status != http.StatusUnprocessableEntity || !strings.Contains(said, "field:"+field) || !strings.Contains(said, "date_beyond") {
			t.Errorf("%s: %d %v", field, status, answer)
		}
	}
	for _, at := range []string{"9999-12-31T23:59:59Z", "2200-01-01T00:00:01Z", "1899-12-31T23:00:00Z", "0001-01-01T00:00:00Z", "2199-12-31T23:59:30Z"} {
		status, answer := h.API("POST", "/posts", map[string]any{"title": "Loin", "body": "x", "status": "scheduled", "publish_at": at})
		beyond("publish_at", status, answer)
	}
	for _, field := range []string{"next_on", "postponed_until"} {
		for _, day := range []string{"9999-12-31", "2200-01-01", "1899-12-31", "0001-01-01"} {
			status, answer := h.API("POST", "/mandates", map[string]any{"title": "Loin", "stage": "postponed", "postponed_until": "2027-01-01", field: day})
			beyond(field, status, answer)
		}
	}
	for _, cents := range []any{int64(math.MaxInt64), -1, 1e30} {
		if status, answer := h.API("POST", "/mandates", map[string]any{"title": "Cher", "amount_cents": cents}); status != http.StatusUnprocessableEntity {
			t.Errorf("%v cents: %d %v", cents, status, answer)
		}
	}
	if n := walk(t, h, "/mandates"); n != 0 {
		t.Errorf("%d mandates were made", n)
	}
	status, made := h.API("POST", "/posts", map[string]any{"title": "Bientôt", "body": "Un mot."})
	if status != http.StatusCreated {
		t.Fatal(status, made)
	}
	id := made["id"].(string)
	status, answer := h.API("PATCH", "/posts/"+id, map[string]any{"status": "scheduled", "publish_at": "9999-12-31T23:59:59Z"})
	beyond("publish_at", status, answer)
	page := h.SignIn().Get("/app/posts/" + id).OK()
	for _, at := range []string{"9999-12-31T23:59", "2200-01-01T08:00", "1899-01-01T08:00"} {
		form := page.Form("form.post-write")
		form.Action = "/app/posts/" + id + "/schedule"
		form.With("schedule", at).Submit().Is(http.StatusUnprocessableEntity).Has("main", "hors du calendrier")
	}
}
