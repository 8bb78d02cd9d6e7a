package mailcheck

import (
	"crypto/sha256"
	"fmt"
	"html"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/db"
)

var reLink = regexp.MustCompile(`https?://[^\s"<>\]]+`)

// TestLinksOfMailsChangeNothing fetches every link of every mail as the machines do that look at mails before people: by GET and by
// HEAD, twice. Only a person's button does something (RFC 8058 was made for that).
func TestLinksOfMailsChangeNothing(t *testing.T) {
	h := everything(t)
	links := map[string]string{}
	for _, s := range h.mails {
		l := s.Letter(t)
		for _, found := range reLink.FindAllString(html.UnescapeString(l.HTML)+" "+l.Text+" "+l.Header.Get("List-Unsubscribe"), -1) {
			if strings.HasPrefix(found, h.URL) {
				links[strings.TrimRight(found, ".,")] = s.name()
			}
		}
	}
	if len(links) < 15 {
		t.Fatalf("only %d links: %v", len(links), links)
	}
	before := h.tables(t)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet, http.MethodHead} {
		for link, in := range links {
			r, err := http.NewRequestWithContext(t.Context(), method, link, nil)
			must(t, err)
			answer, err := http.DefaultTransport.RoundTrip(r)
			must(t, err)
			must(t, answer.Body.Close())
			h.Clock.Advance(15 * time.Second)                                     // one address may look at so many in a row
			if answer.StatusCode >= 400 && answer.StatusCode != http.StatusGone { // a link that was used is good for nothing
				t.Errorf("%s %s of a %s answers %d", method, link, in, answer.StatusCode)
			}
		}
	}
	after := h.tables(t)
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if before[name] != after[name] {
			t.Errorf("the table %s was %s, and is %s", name, before[name], after[name])
		}
	}
}

// tables returns a digest of the rows of each table.
func (h *house) tables(t *testing.T) map[string]string {
	t.Helper()
	digests := map[string]string{}
	must(t, h.DB.Read(t.Context(), func(tx *db.Tx) error {
		names, err := db.All(tx, db.Query{Name: "mailcheck.tables", SQL: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%fts%'`}, db.Scalar[string])
		if err != nil {
			return err
		}
		for _, name := range names {
			columns, err := db.All(tx, db.Query{Name: "mailcheck.columns", SQL: "SELECT COUNT(*) FROM pragma_table_info('" + name + "')"}, db.Scalar[int])
			if err != nil {
				return err
			}
			rows, err := db.All(tx, db.Query{Name: "mailcheck." + name, SQL: "SELECT * FROM " + name}, func(r db.Row) (string, error) {
				values := make([]any, columns[0])
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
			digests[name] = fmt.Sprintf("%d rows, %x", len(rows), sha256.Sum256([]byte(strings.Join(rows, "\n"))))
		}
		return nil
	}))
	return digests
}
