package hostile

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/http/httpguts"

	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// asked are the names of the parameters that pages understand, and of fields that only scripts send.
var asked = []string{"q", "page", "cursor", "before", "same", "contact", "next", "t", "said", "reply", "state", "kind", "voice", "status", "key", "p", "page_id", "order",
	"open", "stage", "view", "conversation", "message", "with", "into", "version", "title", "body", "tags", "alt", "slug", "section", "keep", "gone", "from", "name",
	"email", "password", "file", "on", "at", "until", "website"}

var wildcard = regexp.MustCompile(`\{[a-z]+(\.\.\.)?\}`)

// TestNothingAskedOfARouteRuns asks every route that the router knows, and the addresses that it resolves, for payloads in
// segments, parameters, fields and headers.
func TestNothingAskedOfARouteRuns(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			p := load(t)
			g := start(t, harness.Options{SetUp: true, Engine: engine})
			s := g.seed()
			all := append(some(p.edges, 2), some(p.words, 30)...)
			if engine == db.Postgres {
				all = append(append([]string{}, p.edges[:24]...), some(p.words, 60)...) // the first are those that it minds
			}
			all = append(all, some(p.urls, 120)...)
			g.segments(all)
			g.quiet("segments")
			g.parameters(s, all)
			g.quiet("parameters")
			g.headers(all)
			g.quiet("headers")
			g.RunJobs()
			g.show("routes", 4)
		})
	}
}

// fill puts ids into the wildcards of a pattern: those of the seed.
func (s seeded) fill(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	id := "0"
	switch {
	case strings.Contains(path, "/messages/"), strings.Contains(path, "/inbox/"):
		id = s.remark.ID.String()
	case strings.Contains(path, "/contacts/"):
		id = s.remark.Contact.String()
	case strings.Contains(path, "/mandates/"):
		id = s.mandate.ID.String()
	case strings.Contains(path, "/voices/"):
		id = s.voice.String()
	case strings.Contains(path, "/posts/"), strings.Contains(path, "/write/"), strings.Contains(path, "/in/"):
		id = s.article.ID.String()
	case strings.Contains(path, "/media/"):
		path = strings.Replace(path, "{variant}", "480", 1)
		id = s.picture.ID.String()
	}
	return wildcard.ReplaceAllString(path, id)
}

// segments asks for payloads as parts of paths.
func (g *rig) segments(all []string) {
	g.t.Helper()
	var shapes []string
	for _, rt := range g.Router.Routes() {
		if strings.Contains(rt.Pattern, "{") && !strings.HasSuffix(rt.Pattern, "{$}") {
			shapes = append(shapes, rt.Pattern)
		}
	}
	for _, path := range []string{"/{x}", "/{x}/", "/n/{x}", "/section/{x}/", "/tag/{x}/", "/2026/{x}/", "/{x}/11/", "/{x}/n/{y}", "/{x}/feed.xml", "/la-corporate/{x}",
		"/la-corporate/tag/{x}/", "/section/{x}/atom.xml", "/tag/{x}/feed.json", "/{x}/comments", "/legal/{x}", "/.well-known/{x}", "/assets/{x}", "/app/{x}", "/api/v1/{x}",
		"/api/v1/posts/{x}", "/api/v1/contacts/{x}/timeline"} {
		shapes = append(shapes, "GET "+path)
	}
	shapes = append(shapes, "POST /{x}/comments", "POST /n/{x}/comments", "PATCH /api/v1/posts/{x}", "DELETE /api/v1/posts/{x}", "PATCH /api/v1/mandates/{x}")
	i := 0
	for n, shape := range shapes {
		method, path, _ := strings.Cut(shape, " ")
		for j := n % 3; j < len(all); j += 3 {
			i++
			target := wildcard.ReplaceAllStringFunc(path, func(string) string { i++; return url.PathEscape(all[(j+i)%len(all)]) })
			a := ask{method: method, target: target, as: []string{"owner", ""}[i%2]}
			if strings.HasPrefix(path, "/api/") {
				a.as, a.kind, a.body = "program", "application/json", []byte(`{}`)
			} else if method == http.MethodPost {
				a.form = url.Values{"body": {"x"}}
			}
			g.send(a)
		}
	}
	for _, raw := range []string{"/%00", "/%ff", "/..%2f..%2fetc/passwd", "//evil.example", "//evil.example/..", "/\\evil.example", "/%5cevil.example", "/%2f%2fevil.example", "/%2fevil.example/%2e%2e",
		"/" + strings.Repeat("a", 5000), "/" + strings.Repeat("a/", 800), "/?%zz", "/?%00=%00", "/?;=&&&=", "/?" + strings.Repeat("a=b&", 3000), "/feed?//evil.example", "//evil.example/feed",
		"/rss/?x=<script>", "/n/%2e%2e/", "/%0d%0aSet-Cookie:a=b", "/la-corporate//", "/les-delais/%2f", "/les-delais//", "/LES-DELAIS?x=\"><script>alert(1)</script>", "/./", "/app//sign-in",
		"//app/sign-in", "/app/sign-in?next=//evil.example", "/app/sign-in?next=https://evil.example/", "/app/sign-in?next=/\\evil.example", "/app/sign-in?next=%09//evil.example"} {
		for _, as := range []string{"", "owner"} {
			g.get(as, raw)
		}
	}
}

// parameters asks every route for payloads as parameters or fields, with ids that exist.
func (g *rig) parameters(s seeded, all []string) {
	g.t.Helper()
	for _, path := range []string{"/", "/les-delais", "/tag/bois/", "/section/metier/", "/la-corporate/", "/2026/11/", "/n/" + s.note.ID.String(), "/api/v1/posts", "/api/v1/contacts", "/api/v1/messages",
		"/api/v1/mandates", "/api/v1/deliveries", "/api/v1/attribution", "/api/v1/sections", "/api/v1/contacts/" + s.remark.Contact.String() + "/timeline"} {
		as := ""
		if strings.HasPrefix(path, "/api") {
			as = "program"
		}
		for j := 0; j < len(all); j++ {
			for _, name := range []string{"page", "cursor", "q", "p", "said", "state"} {
				if as == "" && name == "cursor" || as != "" && (name == "page" || name == "p" || name == "said") {
					continue
				}
				if (as == "" && j%4 > 0 || j%2 > 0) && name != "page" && name != "cursor" {
					continue
				}
				g.get(as, path+"?"+url.Values{name: {all[j]}, "limit": {all[(j+9)%len(all)]}, "reply": {all[(j+3)%len(all)]}}.Encode())
			}
		}
	}
	for n, rt := range g.Router.Routes() {
		method, _, found := strings.Cut(rt.Pattern, " ")
		if !found || rt.Stream || rt.Pattern == "POST /app/sign-out" || strings.HasSuffix(rt.Pattern, "/others/end") || strings.HasSuffix(rt.Pattern, "identity/close") {
			continue
		}
		path := s.fill(rt.Pattern)
		step := 3
		if strings.Contains(path, "password") || strings.Contains(path, "sign-in") || strings.Contains(path, "reset") {
			step = 20 // they take their time
		}
		for j := n % step; j < len(all); j += step {
			values := url.Values{}
			for k, name := range asked {
				values.Set(name, all[(j+k*5)%len(all)])
			}
			a := ask{method: method, target: path, as: "owner"}
			switch {
			case method == http.MethodGet:
				a.target += "?" + values.Encode()
			case rt.Pattern == "POST /app/media" || j%5 == 0:
				a.kind, a.body = parts(values, "file", all[j], []byte(all[(j+1)%len(all)]))
			default:
				a.form = values
			}
			g.send(a)
			if rt.Pattern == "GET /search" || strings.HasPrefix(path, "/confirm") || j%4 == 0 {
				a.as = ""
				g.send(a)
			}
		}
	}
}

// headers asks with payloads in every header that a client chooses, all at once.
func (g *rig) headers(all []string) {
	g.t.Helper()
	names := []string{"Accept-Language", "User-Agent", "Referer", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "If-None-Match",
		"If-Modified-Since", "Range", "Accept", "Accept-Encoding", "Idempotency-Key", "Sec-Fetch-Site", "X-Request-Id", "X-Http-Method-Override", "Cookie"}
	targets := []string{"/", "/les-delais", "/feed.xml", "/contact", "/search?q=bois", "/app/sign-in", "/app/", "/sitemap.xml", "/nothing", "/robots.txt"}
	for j := range all {
		h := http.Header{}
		for k, name := range names {
			if v := all[(j+k)%len(all)]; httpguts.ValidHeaderFieldValue(v) {
				h.Set(name, v)
			}
		}
		h.Set("X-Forwarded-Host", "evil.zqhote.example")
		h.Set("Host", "evil.zqhote.example")
		for k := range 3 {
			target := targets[(j+k*3)%len(targets)]
			if got, ok := g.send(ask{method: http.MethodGet, target: target, header: h}); ok {
				if shown := string(got.body) + got.header.Get("Location"); strings.Contains(shown, "zqhote") {
					g.errorf("%v: Host is believed", got)
				}
			}
		}
		delete(h, "Cookie")
		for k, name := range []string{"causerie", "__Host-causerie", "session", "causerie_session"} {
			if v := all[(j+k)%len(all)]; httpguts.ValidHeaderFieldValue(v) {
				h.Add("Cookie", name+"="+v)
			}
		}
		g.send(ask{method: http.MethodGet, target: "/app/", header: h})
		// What a browser says of itself is kept with its session, and shown.
		only := http.Header{"User-Agent": h["User-Agent"], "Accept-Language": h["Accept-Language"]}
		if j%2 == 0 {
			g.send(ask{method: http.MethodPost, target: "/app/dev/enter", form: url.Values{}, header: only})
		}
		auth := http.Header{}
		if v := all[j]; httpguts.ValidHeaderFieldValue(v) {
			auth["Authorization"] = []string{"Bearer " + v}
			auth["Idempotency-Key"] = []string{v}
			g.send(ask{method: http.MethodGet, target: "/api/v1/posts", header: auth})
			delete(auth, "Authorization")
			g.send(ask{method: http.MethodPost, target: "/api/v1/sections", as: "program", kind: "application/json", body: fmt.Appendf(nil, `{"name":"Rubrique %d"}`, j%4), header: auth})
			g.send(ask{method: http.MethodPost, target: "/contact", kind: v, body: []byte("name=x&body=y"), header: auth})
			g.send(ask{method: http.MethodPost, target: "/contact", kind: "multipart/form-data; boundary=" + v, body: []byte("--" + v + "\r\n\r\n"), header: auth})
		}
	}
}
