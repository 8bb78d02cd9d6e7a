package today_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	_ "causerie/internal/view/attribution" // its queries are looked at too
	"causerie/internal/view/timeline/timelinetest"
)

var (
	placeholder = regexp.MustCompile(`\$(\d+)`)
	// Tables that grow with what the world says to the house.
	scanned = regexp.MustCompile(`\bSCAN (messages|m|g|contacts|c|k|handles|h|o|timeline|t|deliveries|posts|p|conversations)\b(.*)`)
	// Queries that read a whole table on purpose, in batches or because it is small.
	whole = map[string]bool{"attribution.tally": true, "attribution.cases": true}
)

// The cost of a page must not grow with what the world says: SQLite tells how it would look for each row.
func TestNoQueryOfTheViewsReadsAWholeTable(t *testing.T) {
	t.Parallel()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	checked := 0
	for _, q := range db.Queries() {
		path := strings.TrimPrefix(q.Package, "causerie/")
		if !strings.HasPrefix(path, "internal/view/") && path != "internal/feature/mandate" && path != "internal/core/contact" || whole[q.Name] ||
			!strings.HasPrefix(strings.TrimSpace(q.SQL), "SELECT") || strings.Contains(q.Name, "_after") {
			continue
		}
		text := strings.ReplaceAll(q.SQL, "{in}", "1, 2, 3")
		most := 0
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			most = max(most, n)
		}
		args := make([]any, most)
		for i := range args {
			args[i] = 1
		}
		explain := db.Query{Name: "explain " + q.Name, SQL: "EXPLAIN QUERY PLAN " + text}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			lines, err := db.All(tx, explain, func(r db.Row) (string, error) {
				var a, b, c any
				var detail string
				err := r.Scan(&a, &b, &c, &detail)
				return detail, err
			}, args...)
			if err != nil {
				t.Errorf("%s: %v", q.Name, err)
			}
			for _, l := range lines {
				if m := scanned.FindStringSubmatch(l); m != nil && !strings.Contains(m[2], "USING") && !strings.Contains(strings.Join(lines, "\n")+"\n", "CO-ROUTINE "+m[1]+"\n") {
					t.Errorf("%s: %s\n%s", q.Name, l, strings.Join(lines, "\n"))
				}
			}
			return nil
		}))
		checked++
	}
	if checked < 25 {
		t.Errorf("only %d queries were looked at", checked)
	}
}

// A later page of a list begins where its cursor says, not at the beginning.
func TestLaterPagesAreReachedByIndex(t *testing.T) {
	t.Parallel()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	want := map[string]string{"contact.recent": "(last_at<?", "contact.by_name": "(name_key>?", "timeline.list": "contact_id=? AND", "mandate.stage": "stage=? AND",
		"mandate.all": "updated_at<?", "attribution.cases": "rowid<?"}
	for _, q := range db.Queries() {
		part := want[q.Name]
		if part == "" {
			continue
		}
		delete(want, q.Name)
		explain := db.Query{Name: "explain page " + q.Name, SQL: "EXPLAIN QUERY PLAN " + q.SQL}
		args := make([]any, strings.Count(q.SQL, "$"))
		for i := range args {
			args[i] = 1
		}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			lines, err := db.All(tx, explain, func(r db.Row) (string, error) {
				var a, b, c any
				var detail string
				err := r.Scan(&a, &b, &c, &detail)
				return detail, err
			}, args...)
			plan := strings.Join(lines, "\n")
			if !strings.Contains(strings.ReplaceAll(plan, "(last_at,id)<(?,?)", "(last_at<?"), part) || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s:\n%s", q.Name, plan)
			}
			return err
		}))
	}
	if len(want) > 0 {
		t.Errorf("no such queries: %v", want)
	}
}
