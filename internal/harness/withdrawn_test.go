package harness_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"causerie/internal/app"
	"causerie/internal/core/house"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// serveToo opens the house of h a second time, as another process does, and serves it until stop or the end of the test.
func serveToo(t *testing.T, h *harness.House) (other *app.App, base string, stop func()) {
	t.Helper()
	config := h.Config
	config.Log = slog.New(slog.DiscardHandler)
	if config.Database != "" {
		config.Data = t.TempDir()
	}
	other, err := app.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- other.Serve(serving, listener, nil) }()
	stop = sync.OnceFunc(func() {
		cancel()
		<-served
	})
	t.Cleanup(func() {
		stop()
		other.Close()
	})
	return other, "http://" + listener.Addr().String(), stop
}

// reader is a stranger who has seen pages, and asks for them again in every way that there is.
type reader struct {
	t     *testing.T
	bases []string          // of every process, in both spellings of its host
	paths []string          // that were read
	tags  map[string]string // what each was called
}

// ask gets an address and returns its status and its text.
func (r *reader) ask(address string, fields ...string) (int, string, http.Header) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), "GET", address, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Set(fields[i], fields[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req) // follows no redirect
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

// newReader reads all that a robot finds in h, and that some types in, on every process.
func newReader(t *testing.T, h *harness.House, bases ...string) *reader {
	t.Helper()
	r := &reader{t: t, tags: map[string]string{}}
	for _, base := range append([]string{h.URL}, bases...) {
		r.bases = append(r.bases, base, strings.Replace(base, "127.0.0.1", "localhost", 1))
	}
	_, sitemap, _ := r.ask(h.URL + "/sitemap.xml")
	_, front, _ := r.ask(h.URL + "/")
	r.paths = []string{"/", "/sitemap.xml", "/search?q=d%C3%A9lai", "/?utm_source=letter", "/contact", "/legal/mentions", "/ateliers/"}
	for _, found := range regexp.MustCompile(`<loc>`+h.URL+`(/[^<]+)`).FindAllStringSubmatch(sitemap, 10) {
		r.paths = append(r.paths, found[1])
	}
	for _, list := range []string{"/", "/ateliers/", "/section/metier/", r.paths[len(r.paths)-1] + "/"} {
		for _, file := range []string{"feed.xml", "atom.xml", "feed.json"} {
			r.paths = append(r.paths, list+file)
		}
	}
	r.paths = append(r.paths, regexp.MustCompile(`/media/\w+/\w+`).FindAllString(front, 3)...)
	r.paths = slices.DeleteFunc(slices.Compact(r.paths), func(path string) bool {
		status, _, _ := r.ask(h.URL + path)
		return status != http.StatusOK
	})
	for _, base := range r.bases {
		for _, path := range r.paths {
			_, _, head := r.ask(base + path)
			r.tags[base+path] = head.Get("Etag")
		}
	}
	return r
}

// readable returns the addresses that still show something.
func (r *reader) readable(bases []string, shows func(status int, body string) bool) (found []string) {
	for _, base := range bases {
		for i, path := range r.paths {
			ways := [][]string{nil, {"If-None-Match", r.tags[base+path]}}
			if i%7 == 0 {
				ways = append(ways, []string{"Accept-Encoding", "gzip"}, []string{"If-None-Match", "*"}, []string{"Accept", "application/json"}, []string{"Cookie", "causerie_session=none"})
			}
			for _, fields := range ways {
				if status, body, _ := r.ask(base+path, fields...); shows(status, body) {
					found = append(found, base+path+" "+strings.Join(fields, ": "))
				}
			}
		}
	}
	return found
}

// anything says that a page shows something: with its text, or by saying that the reader's copy is good.
func anything(status int, _ string) bool {
	return status == http.StatusOK || status == http.StatusNotModified
}

// gone fails unless nothing is shown: by the process of h at once, by the others soon. It says how soon.
func (r *reader) gone(shows func(int, string) bool) {
	r.t.Helper()
	began := time.Now()
	if found := r.readable(r.bases[:2], shows); len(found) > 0 {
		r.t.Errorf("in the process that did it, still shown: %d addresses, such as %q", len(found), found[0])
	}
	for len(r.bases) > 2 {
		if _, status := r.first(shows); !status {
			break
		}
		if time.Since(began) > time.Minute {
			r.t.Fatal("the other process never heard")
		}
	}
	if found := r.readable(r.bases[2:], shows); len(found) > 0 {
		r.t.Errorf("in the other process, still shown: %d addresses, such as %q", len(found), found[0])
	}
}

// first asks for one page of the other process: the first that shows something.
func (r *reader) first(shows func(int, string) bool) (string, bool) {
	for _, path := range r.paths {
		if status, body, _ := r.ask(r.bases[2] + path); shows(status, body) {
			return path, true
		}
	}
	return "", false
}

// twoProcesses runs fn on a house of each engine that two processes serve.
func twoProcesses(t *testing.T, fn func(t *testing.T, h *harness.House, other *app.App, stop func(), r *reader)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			h := harness.Start(t, harness.Options{Engine: engine, Planted: true})
			other, base, stop := serveToo(t, h)
			fn(t, h, other, stop, newReader(t, h, base))
		})
	}
}

func closeHouse(t *testing.T, h *harness.House) {
	t.Helper()
	public := false
	if _, err := h.House.Change(t.Context(), h.Owner.Actor(), house.Patch{Public: &public}); err != nil {
		t.Fatal(err)
	}
}

// A house that closes is closed on every address seen before, in every process, and stays so when the database goes away.
func TestAHouseThatClosesIsNotReadFromMemory(t *testing.T) {
	twoProcesses(t, func(t *testing.T, h *harness.House, other *app.App, stop func(), r *reader) {
		if len(r.paths) < 25 || !slices.ContainsFunc(r.paths, func(p string) bool { return strings.HasPrefix(p, "/media/") }) {
			t.Fatalf("only %d addresses were read", len(r.paths))
		}
		closeHouse(t, h)
		r.gone(anything)
		for _, path := range r.paths[:3] {
			if status, _, head := r.ask(h.URL + path); status != http.StatusServiceUnavailable || head.Get("X-Robots-Tag") != "noindex" {
				t.Errorf("%s: %d", path, status)
			}
		}
		stop()
		if err := other.DB.Close(); err != nil {
			t.Fatal(err)
		}
		for _, path := range r.paths {
			w := httptest.NewRecorder()
			other.Handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			if anything(w.Code, "") {
				t.Errorf("%s while the database is away: %d", path, w.Code)
			}
		}
	})
}

// While the line of the other process is cut, again and again, nobody tells it: it must ask.
func TestAHouseThatClosesIsClosedWhereTheLineIsLost(t *testing.T) {
	h := harness.Start(t, harness.Options{Engine: db.Postgres, Planted: true})
	_, base, _ := serveToo(t, h)
	r := newReader(t, h, base)
	cut, err := sql.Open("pgx", h.Config.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer cut.Close()
	closeHouse(t, h)
	for range 5 {
		if _, err := cut.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
		for lines := 0; lines == 0; { // again: there is one to cut
			if err := cut.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&lines); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.gone(anything)
}

// A voice that turns internal and posts that are taken back are gone from all that showed them.
func TestWhatIsTakenBackIsNotReadFromMemory(t *testing.T) {
	twoProcesses(t, func(t *testing.T, h *harness.House, _ *app.App, _ func(), r *reader) {
		by := h.Owner.Actor()
		voices, err := h.Voices.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		internal, title := voice.Internal, ""
		for _, v := range voices {
			posts, _, err := h.Posts.List(t.Context(), by, post.Filter{Voice: v.ID, Status: post.Published})
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range posts {
				if p.Title == "" || i > 1 {
					continue
				}
				if title = p.Title; i%2 == 0 {
					_, err = h.Posts.Unpublish(t.Context(), by, p.ID)
				} else {
					err = h.Posts.Delete(t.Context(), by, p.ID)
				}
				if err != nil {
					t.Fatal(err)
				}
				r.gone(func(_ int, body string) bool { return strings.Contains(body, title) })
			}
		}
		v := voices[len(voices)-1]
		if !v.Public() || len(voices) < 2 {
			t.Fatalf("the last voice is %q", v.Name)
		}
		if _, err := h.Voices.Change(t.Context(), by, v.ID, voice.Patch{Kind: &internal}); err != nil {
			t.Fatal(err)
		}
		r.gone(func(_ int, body string) bool { return strings.Contains(body, v.Name) })
	})
}

// Readers who ask while the house closes get it as it was or closed, and closed for good afterwards.
func TestAHouseThatClosesWhileItIsReadIsClosed(t *testing.T) {
	twoProcesses(t, func(t *testing.T, h *harness.House, _ *app.App, _ func(), r *reader) {
		reading, stop := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		for n := range 4 {
			readers.Go(func() {
				for i := n; reading.Err() == nil; i++ {
					h.Live.Wake("site") // pages are rendered again and again
					r.ask(r.bases[i%len(r.bases)] + r.paths[i%len(r.paths)])
				}
			})
		}
		closeHouse(t, h)
		r.gone(anything)
		stop()
		readers.Wait()
		r.gone(anything)
	})
}
