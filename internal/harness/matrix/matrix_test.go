// Package matrix asks every address of the house and every operation of its API as everybody who may be there, and
// holds the answers to what was declared (pages, operations): who is let in, that who is not changes nothing, and
// that nobody is shown a word or an id of what they may not see, wherever it stands.
package matrix

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/db"
)

// request is a target that was asked for.
type request struct {
	target
	name, method, path, kind string
	body                     []byte
	api                      bool
}

func TestEverybodySeesAndChangesWhatTheyMay(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			hs := build(t, engine)
			all := hs.requests()
			for _, r := range all {
				if r.method == http.MethodGet {
					hs.look(r)
				} else {
					hs.tryInVain(r)
				}
			}
			for _, r := range all {
				if r.method != http.MethodGet && !r.spared {
					hs.try(r)
				}
			}
			t.Logf("%d addresses and operations, asked in %d ways, as %d: %d requests in %v", len(pages)+len(operations), len(all), len(hs.people), hs.n,
				time.Since(began).Round(time.Millisecond))
		})
	}
}

// requests makes all that is asked: of every route, and of every operation of the API, one for each of its queries.
// What is not declared fails the test, and so does what is declared and not there.
func (hs *house) requests() (all []request) {
	hs.t.Helper()
	hs.ids["voice"], hs.ids["slug"] = hs.a.ID.String(), hs.a.Slug
	add := func(declared map[string]target, seen map[string]bool, name, pattern string, api bool) {
		method, path, _ := strings.Cut(pattern, " ")
		tg, ok := declared[name]
		if seen[name] = true; !ok {
			hs.t.Errorf("%s: nobody has said who may come here; say it in expect_test.go", name)
			return
		}
		path = hs.fill(tg, path)
		r := request{target: tg, name: name, method: method, path: path, api: api}
		if method != http.MethodGet {
			r.kind, r.body = "application/x-www-form-urlencoded", []byte(hs.named(tg.form).Encode())
			if api {
				r.kind, r.body = "application/json", []byte(hs.name(tg.json))
			}
		}
		all = append(all, r)
		for _, q := range tg.queries {
			r.path = path + "?" + hs.name(q)
			all = append(all, r)
		}
	}
	seen := map[string]bool{}
	for _, rt := range hs.Router.Routes() {
		if !strings.Contains(rt.Pattern, "/api/") {
			add(pages, seen, rt.Pattern, rt.Pattern, false)
		}
	}
	for pattern := range pages {
		if !seen[pattern] {
			hs.t.Errorf("%s is no route", pattern)
		}
	}
	var spec struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	w := hs.ask(hs.people[0], request{method: http.MethodGet, path: "/api/openapi.json"})
	hs.must(json.Unmarshal(w.Body.Bytes(), &spec))
	seen = map[string]bool{}
	for path, methods := range spec.Paths {
		for method, op := range methods {
			add(operations, seen, op.OperationID, strings.ToUpper(method)+" "+path, true)
		}
	}
	for id := range operations {
		if !seen[id] {
			hs.t.Errorf("%s is no operation", id)
		}
	}
	slices.SortFunc(all, func(a, b request) int { return strings.Compare(a.name+a.path, b.name+b.path) })
	return all
}

var (
	wildcard = regexp.MustCompile(`\{[a-z]+(\.\.\.)?\}`)
	naming   = regexp.MustCompile(`<([^>]+)>`)
)

// fill puts the things of a target into the wildcards of its path.
func (hs *house) fill(tg target, path string) string {
	left := tg.path
	return wildcard.ReplaceAllStringFunc(strings.TrimSuffix(path, "{$}"), func(w string) string {
		if len(left) == 0 {
			hs.t.Errorf("%s: what is %s?", path, w)
			return "0"
		}
		name := left[0]
		left = left[1:]
		if strings.HasPrefix(name, "'") {
			return strings.Trim(name, "'")
		}
		return hs.known(name)
	})
}

func (hs *house) known(name string) string {
	id, ok := hs.ids[name]
	if !ok {
		hs.t.Errorf("nothing is called %s", name)
	}
	return id
}

// name puts ids in the place of names.
func (hs *house) name(text string) string {
	return naming.ReplaceAllStringFunc(text, func(n string) string { return hs.known(strings.Trim(n, "<>")) })
}

func (hs *house) named(f url.Values) url.Values {
	out := url.Values{}
	for field, values := range f {
		out.Set(field, hs.name(values[0]))
	}
	return out
}

// ask gives a request to the house as its server would, from a network that asked for nothing before.
func (hs *house) ask(p person, r request) *httptest.ResponseRecorder {
	hs.n++
	ctx, leave := context.WithCancel(hs.t.Context())
	defer leave()
	asked := httptest.NewRequestWithContext(ctx, r.method, hs.URL+r.path, bytes.NewReader(r.body))
	asked.RemoteAddr = fmt.Sprintf("198.18.%d.%d:4242", hs.n>>8&255, hs.n&255)
	asked.Header.Set("Accept-Language", "fr-FR")
	if r.kind != "" {
		asked.Header.Set("Content-Type", r.kind)
	}
	p.sign(asked.Header)
	w := httptest.NewRecorder()
	hs.Handler.ServeHTTP(listener{w, leave}, asked)
	if w.Code >= 500 {
		hs.t.Errorf("%s, as %s: %d %.300s", r.name, p.name, w.Code, w.Body)
	}
	hs.reads(p, r, w)
	return w
}

// listener leaves a stream after its first event.
type listener struct {
	*httptest.ResponseRecorder
	leave func()
}

// Flush is called by what streams, after each thing that it sends.
func (l listener) Flush() {
	l.ResponseRecorder.Flush()
	if bytes.Contains(l.Body.Bytes(), []byte("data:")) {
		l.leave()
	}
}

// may reports whether p is let in by the rule of r, signed in as they are. Where strangers are let in, nobody is asked
// who they are.
func (hs *house) may(p person, r request) bool {
	if r.api && p.bearer == "" {
		return false
	}
	stranger := hs.people[0]
	return r.let(hs, stranger) || r.let(hs, p) && (r.method == http.MethodGet || !p.reads)
}

// refused reports whether w says that one is not let in.
func refused(w *httptest.ResponseRecorder) bool {
	switch w.Code {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return strings.HasPrefix(w.Header().Get("Location"), "/app/sign-in?")
}

// look asks for a page as everybody: who is let in sees it, who is not is refused.
func (hs *house) look(r request) {
	for _, p := range hs.people {
		w := hs.ask(p, r)
		if may := hs.may(p, r); !r.gone && refused(w) == may {
			hs.t.Errorf("%s %s: the %s may: %v, and is answered %d %s", r.method, r.path, p.name, may, w.Code, w.Header().Get("Location"))
		}
	}
}

// tryInVain asks to change something, as everybody who may not: they are refused, and no table changes.
func (hs *house) tryInVain(r request) {
	before, asked := hs.tables(), 0
	for _, p := range hs.people {
		if hs.may(p, r) {
			continue
		}
		asked++
		if w := hs.ask(p, r); !refused(w) {
			hs.t.Errorf("%s %s: the %s may not, and is answered %d", r.method, r.path, p.name, w.Code)
		}
	}
	if asked == 0 {
		return
	}
	after := hs.tables()
	for table, was := range before {
		if after[table] != was {
			hs.t.Errorf("%s %s: those who may not change %s", r.method, r.path, table)
		}
	}
}

// try asks to change something, as everybody who may: they are let in. What the one before did may stand in their way.
func (hs *house) try(r request) {
	for _, p := range hs.people {
		if !hs.may(p, r) {
			continue
		}
		if w := hs.ask(p, r); w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden || strings.HasPrefix(w.Header().Get("Location"), "/app/sign-in?") {
			hs.t.Errorf("%s %s: the %s may, and is answered %d %s", r.method, r.path, p.name, w.Code, w.Header().Get("Location"))
		}
	}
}

// reads looks through an answer for what p may not see. What was asked is said back: the way to sign in leads back to it.
func (hs *house) reads(p person, r request, w *httptest.ResponseRecorder) {
	if strings.HasPrefix(r.path, "/app/dev/") {
		return
	}
	said := bytes.ToLower(w.Body.Bytes())
	for name, values := range w.Header() {
		if name != "Location" || !refused(w) {
			said = append(append(said, '\n'), strings.ToLower(strings.Join(values, "\n"))...)
		}
	}
	for _, s := range hs.secrets {
		if !s.may(hs, p) && bytes.Contains(said, []byte(s.word)) && !strings.Contains(r.path+string(r.body), s.word) {
			hs.t.Errorf("%s %s shows the %s to the %s (%d)", r.method, r.path, s.place, p.name, w.Code)
		}
	}
}
