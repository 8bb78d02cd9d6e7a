package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// files makes a folder of names and texts.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func layouts() fstest.MapFS {
	const frame = `<!doctype html><html lang="{{.Lang}}"><title>{{.Title}}</title>{{template "head" .}}<link href="{{asset "work.css"}}">` +
		`{{with .Said}}<p role="status">{{T .}}</p>{{end}}<main>{{template "main" .}}</main>{{block "aside" .}}{{end}}`
	return files(
		"layout/work.tmpl", frame+`{{with .Chrome}}<nav>{{.}}</nav>{{end}}`,
		"layout/plain.tmpl", frame,
		"layout/public.tmpl", frame,
		"layout/partial_parts.tmpl", `{{define "face"}}<i>{{.Name}}</i>{{end}}`,
		"css/10-tokens.css", ":root{--a:1}",
		"css/public/a.css", `@font-face{src:url("asset:serif.woff2")}`,
		"css/work/a.css", ".rail{}",
		"js/work/a.js", "work()",
		"icons/inbox.svg", `<?xml version="1.0"?><svg viewBox="0 0 1 1"><path/></svg>`,
		"static/serif.woff2", "wOF2 serif",
		"static/favicon.svg", "<svg>"+strings.Repeat("<path/>", 100)+"</svg>",
		"fr.json", `{"said.done": "C'est fait !", "greeting": "Bonjour {0}", "inbox.title": "Conversations"}`,
		"en.json", `{"said.done": "Done!", "greeting": "Hello {0}", "inbox.title": "Inbox"}`,
	)
}

type formPage struct {
	web.Page
	Who string
	At  time.Time
	On  clock.Day
}

func bundle() web.Bundle {
	return web.Bundle{Name: "testweb", Side: web.Work, Files: files(
		"page.tmpl", `{{define "head"}}<meta name="x">{{end}}{{define "main"}}{{icon "inbox"}}<h1>{{T "greeting" .Who}}</h1>
			{{template "face" dict "Name" .Who}}{{template "mine"}}<p>{{ago .At}}|{{clocktime .At}}|{{day .On}}|{{money 1240000 "EUR"}}</p>
			<a href="{{url "/app/x" "a b/c"}}">x</a>
			<input name="title" value="{{value .Form "title"}}"><em>{{problem .Form "title"}}</em>{{end}}`,
		"partial_mine.tmpl", `{{define "mine"}}<u>mine</u>{{end}}`,
		"page.css", ".x{}", "page.js", "x()",
		"fr.json", `{"problem.title.required": "Il faut un titre."}`,
		"en.json", `{"problem.title.required": "A title is needed."}`,
	)}
}

// house is a router on a kit, with one account for each token.
type house struct {
	*web.Router
	kit   *web.Kit
	clock *clock.Manual
	log   *bytes.Buffer
	page  *web.View[formPage]
}

func newHouse(t *testing.T, change func(*web.Options)) *house {
	t.Helper()
	h := &house{clock: clock.NewManual(time.Date(2026, 11, 16, 7, 31, 0, 0, time.UTC)), log: &bytes.Buffer{}}
	paris := time.FixedZone("Paris", 3600)
	kit, err := web.NewKit(web.KitOptions{
		Layouts: layouts(), Bundles: []web.Bundle{bundle()}, Clock: h.clock,
		Zone:   func() *time.Location { return paris },
		Chrome: map[string]func(*web.Request) (any, error){"work": func(r *web.Request) (any, error) { return r.T("inbox.title"), nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.kit = kit
	h.page = web.NewView[formPage](kit, bundle(), "page.tmpl", "work")
	o := web.Options{
		BaseURL: &url.URL{Scheme: "https", Host: "parole.example"},
		Kit:     kit, Clock: h.clock,
		Log:      slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Identify: identify,
		Rates:    map[string]web.Rate{"sign-in": {Burst: 2, Every: 10 * time.Second}},
	}
	if change != nil {
		change(&o)
	}
	h.Router = web.NewRouter(o)
	return h
}

// public has f answer at every address that no other route takes, as the public site does.
func (h *house) public(f web.Handler) *house {
	h.Handle(
		web.Route{Pattern: "GET /{path...}", Access: web.Anyone, Handle: f},
		web.Route{Pattern: "POST /{path...}", Access: web.Anyone, Handle: f},
	)
	return h
}

func identify(_ context.Context, r *http.Request) (web.Identity, error) {
	token := web.SessionToken(r)
	if b, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = b
	}
	roles := map[string]actor.Role{"reader": actor.Reader, "author": actor.Author, "editor": actor.Editor, "owner": actor.Owner}
	role, ok := roles[token]
	if !ok {
		return web.Identity{}, fault.Unauthenticated()
	}
	voice := int64(7)
	if role == actor.Owner { // of the whole house: nobody owns one voice
		voice = 0
	}
	return web.Identity{Actor: actor.Actor{Account: 1, Grants: []actor.Grant{{Voice: voice, Role: role}}}, Lang: i18n.En, Session: token}, nil
}

// ask makes a request; each change may alter it.
func ask(method, target, body string, changes ...func(*http.Request)) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.RemoteAddr = "203.0.113.9:4000"
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range changes {
		c(r)
	}
	return r
}

func as(who string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: who}) }
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func from(addr string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = addr } }

// here makes a request one of this machine to itself.
func here(r *http.Request) { r.RemoteAddr, r.Host = "127.0.0.1:5", "localhost:8080" }

func do(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func ok(w http.ResponseWriter, _ *web.Request) error {
	_, err := io.WriteString(w, "ok")
	return err
}
