package archive_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"causerie/internal/app"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/mail"
	"causerie/internal/transfer/archive"
)

const script = `<p>alors</p><script>document.title="pris"</script><img src=x onerror="document.title='pris'"><iframe src=//x.example></iframe>`

var reHTML = regexp.MustCompile(`"html":"(?:[^"\\]|\\.)*"`)

// unset returns tables without the HTML of their rows.
func unset(tables map[string]string) map[string]string {
	for name, rows := range tables {
		tables[name] = reHTML.ReplaceAllString(rows, `"html":""`)
	}
	return tables
}

// forged returns an archive in which all HTML is that of an attacker, and of the first rows of posts and messages nothing else.
func forged(t *testing.T, b []byte) []byte {
	t.Helper()
	quoted, err := json.Marshal(script)
	must(t, err)
	hostile := func(s string) *string {
		s = reHTML.ReplaceAllLiteralString(s, `"html":`+string(quoted))
		first, rest, _ := strings.Cut(s, "\n")
		var row map[string]json.RawMessage
		must(t, json.Unmarshal([]byte(first), &row))
		if row["body"] != nil {
			row["body"] = json.RawMessage(`""`)
		}
		line, err := json.Marshal(row)
		must(t, err)
		s = string(line) + "\n" + rest
		return &s
	}
	return unchecked(t, b, map[string]func(string) *string{"tables/posts": hostile, "tables/messages": hostile, "tables/public_posts": hostile})
}

// htmlIn returns the HTML of every row of a table in h, by its id, and its source.
func htmlIn(t *testing.T, h archive.House, table string) map[int64][2]string {
	t.Helper()
	found := map[int64][2]string{}
	must(t, h.DB.Read(t.Context(), func(tx *db.Tx) error {
		_, err := db.All(tx, db.Once(db.Query{Name: "test.html." + table, SQL: "SELECT id, html, body FROM " + table}), func(r db.Row) (id int64, err error) {
			var html, body string
			err = r.Scan(&id, &html, &body)
			found[id] = [2]string{html, body}
			return id, err
		})
		return err
	}))
	return found
}

func mustBeHarmless(t *testing.T, h archive.House, dressed bool) {
	t.Helper()
	for _, table := range []string{"posts", "messages"} {
		rows := htmlIn(t, h, table)
		bare := 0
		for id, row := range rows {
			html, body := row[0], row[1]
			if strings.Contains(html, "<script") || strings.Contains(html, "onerror") || strings.Contains(html, "iframe") {
				t.Errorf("%s %d: %s", table, id, html)
			}
			switch {
			case body == "":
				if bare++; bare == 1 && html != "" && !strings.Contains(html, "<p>alors</p>") {
					t.Errorf("%s %d: what has no source lost its words: %s", table, id, html)
				}
			case dressed != (html != ""), strings.Contains(html, "alors</p>"):
				t.Errorf("%s %d: %q of %q", table, id, html, body)
			}
		}
		if len(rows) < 3 || bare == 0 {
			t.Errorf("%d rows of %s, %d without a source", len(rows), table, bare)
		}
	}
}

func open(t *testing.T, engine db.Engine) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Database: dbtest.Options(t, engine, nil).URL,
		URL:   &url.URL{Scheme: "https", Host: "ateliers-aubin.example"},
		Clock: clock.NewManual(noon.AddDate(0, 0, 10)), Captured: &mail.Captured{}, Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { a.Close() })
	return a
}

func TestTheHTMLOfAnArchiveIsNotBelieved(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			a := open(t, engine)
			h := archive.House{DB: a.DB, Blobs: a.Blobs}
			honest := open(t, db.SQLite)
			_, err := restore(t, archive.House{DB: honest.DB, Blobs: honest.Blobs}, older(t), archive.Options{Rebuild: honest.Rebuild})
			must(t, err)

			_, err = restore(t, h, forged(t, older(t)), archive.Options{}) // and then the power failed
			must(t, err)
			mustBeHarmless(t, h, false)
			must(t, a.Rebuild(t.Context()))
			mustBeHarmless(t, h, true)
			for _, table := range []string{"posts", "messages"} {
				want := htmlIn(t, archive.House{DB: honest.DB}, table)
				for id, row := range htmlIn(t, h, table) {
					if row[1] != "" && row[0] != want[id][0] {
						t.Errorf("%s %d: %q, want %q", table, id, row[0], want[id][0])
					}
				}
			}
			// An archive of today, with what it says of itself.
			again, _ := write(t, h)
			b := open(t, engine)
			h = archive.House{DB: b.DB, Blobs: b.Blobs}
			_, err = restore(t, h, forged(t, again), archive.Options{Rebuild: b.Rebuild})
			must(t, err)
			mustBeHarmless(t, h, true)
			for _, address := range []string{"/", "/feed.xml"} {
				w := httptest.NewRecorder()
				b.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://ateliers-aubin.example"+address, nil))
				if strings.Contains(w.Body.String(), "document.title") {
					t.Errorf("%s: %s", address, w.Body)
				}
			}
		})
	}
}

// documents returns how many people the search knows.
func documents(t *testing.T, h archive.House) (n int) {
	t.Helper()
	must(t, h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Query{Name: "test.documents", SQL: "SELECT COUNT(*) FROM search_documents WHERE space = 'contact'"}, db.Scalar[int])
		return err
	}))
	return n
}

// A restore whose end never came is finished by whoever serves the house: texts are set, and found.
func TestAServerSetsTheTextsThatAnInterruptedRestoreLeft(t *testing.T) {
	t.Parallel()
	a := open(t, db.SQLite)
	h := archive.House{DB: a.DB, Blobs: a.Blobs}
	_, err := restore(t, h, forged(t, older(t)), archive.Options{})
	must(t, err)
	must(t, a.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(tx, db.Query{Name: "test.unindex", SQL: "DELETE FROM search_documents"})
		return err
	}))
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error)
	go func() {
		served <- a.Run(ctx, nil)
	}()
	for t.Context().Err() == nil { // until the job has run
		left := 0
		for _, table := range []string{"posts", "messages"} {
			for _, row := range htmlIn(t, h, table) {
				if row[0] == "" && row[1] != "" {
					left++
				}
			}
		}
		if left == 0 && documents(t, h) > 0 {
			break
		}
	}
	stop()
	must(t, <-served)
	mustBeHarmless(t, h, true)
}
