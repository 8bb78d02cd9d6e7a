package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

func TestEachRouteLetsInWhomItNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *web.Options) { o.MetricsToken = "meter" })
	for access, path := range map[web.Access]string{
		web.Anyone: "/app/anyone", web.SignedIn: "/app/signed", web.Authors: "/app/authors", web.Editors: "/app/editors",
		web.Owners: "/app/owners", web.Local: "/metrics", web.Token: "/api/v1/x",
	} {
		h.Handle(web.Route{Pattern: "GET " + path, Access: access, Handle: ok})
	}
	for _, tt := range []struct {
		path   string
		change func(*http.Request)
		want   int
	}{
		{"/app/anyone", nil, 200},
		{"/app/anyone", as("nobody"), 200},
		{"/app/signed", nil, 303},
		{"/app/signed", as("reader"), 200},
		{"/app/authors", as("reader"), 403},
		{"/app/authors", as("author"), 200},
		{"/app/editors", as("author"), 403},
		{"/app/editors", as("editor"), 200},
		{"/app/owners", as("editor"), 403},
		{"/app/owners", as("owner"), 200},
		{"/metrics", nil, 404},
		{"/metrics", as("owner"), 404},
		{"/metrics", from("127.0.0.1:5"), 404}, // under whatever name
		{"/metrics", here, 200},
		{"/metrics", func(r *http.Request) { here(r); r.RemoteAddr, r.Host = "[::1]:5", "[::1]:8080" }, 200},
		{"/metrics", with("Authorization", "Bearer meter"), 200},
		{"/metrics", with("Authorization", "Bearer "), 404},
		{"/api/v1/x", nil, 401},
		{"/api/v1/x", as("owner"), 401}, // a cookie is no token: another site's form could send it
		{"/api/v1/x", with("Authorization", "Bearer owner"), 200},
		{"/api/v1/x", with("Authorization", "Bearer stolen"), 401},
	} {
		var changes []func(*http.Request)
		if tt.change != nil {
			changes = append(changes, tt.change)
		}
		if res := do(h, ask("GET", tt.path, "", changes...)); res.StatusCode != tt.want {
			t.Errorf("%s: got %d, want %d", tt.path, res.StatusCode, tt.want)
		}
	}
	// A proxy on the same machine that was not named makes nobody local.
	proxied := ask("GET", "/metrics", "", here, with("X-Forwarded-For", "203.0.113.9"))
	if res := do(h, proxied); res.StatusCode != 404 {
		t.Errorf("through a proxy: %d", res.StatusCode)
	}
	// Where one is named, only the token opens: a proxy that says nothing of itself looks like this machine.
	behind := newHouse(t, func(o *web.Options) {
		o.MetricsToken, o.Trusted = "meter", []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	behind.Handle(web.Route{Pattern: "GET /metrics", Access: web.Local, Handle: ok})
	if res := do(behind, ask("GET", "/metrics", "", here)); res.StatusCode != 404 {
		t.Errorf("beside a proxy: %d", res.StatusCode)
	}
	if res := do(behind, ask("GET", "/metrics", "", here, with("Authorization", "Bearer meter"))); res.StatusCode != 200 {
		t.Errorf("beside a proxy, with the token: %d", res.StatusCode)
	}
	res := do(h, ask("GET", "/app/signed?a=1", ""))
	if got := res.Header.Get("Location"); got != "/app/sign-in?next=%2Fapp%2Fsigned%3Fa%3D1" {
		t.Errorf("sent to %s", got)
	}
	if len(h.Routes()) != 8 { // ours and the assets
		t.Errorf("%d routes", len(h.Routes()))
	}
}

func TestPublicPagesStandWithoutSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *web.Options) {
		o.Identify = func(_ context.Context, _ *http.Request) (web.Identity, error) {
			return web.Identity{}, errors.New("database away")
		}
	}).public(ok)
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.SignedIn, Handle: ok})
	if res := do(h, ask("GET", "/a-post", "", as("owner"))); res.StatusCode != 200 {
		t.Errorf("public: %d", res.StatusCode)
	}
	if res := do(h, ask("GET", "/app/x", "", as("owner"))); res.StatusCode != 500 {
		t.Errorf("work: %d", res.StatusCode)
	}
}

func TestErrorsAreToldOnceInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	var give error
	h.Handle(
		web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: func(http.ResponseWriter, *web.Request) error { return give }},
		web.Route{Pattern: "GET /api/x", Access: web.Anyone, Handle: func(http.ResponseWriter, *web.Request) error { return give }},
		web.Route{Pattern: "GET /app/panic", Access: web.Anyone, Handle: func(http.ResponseWriter, *web.Request) error { panic("oh no") }},
	)
	for _, tt := range []struct {
		err    error
		status int
		text   string
	}{
		{fault.NotFound("post"), 404, "Cette page n’existe pas"},
		{fmt.Errorf("wrapped: %w", fault.Gone("post")), 410, "Cette page a été supprimée"},
		{fault.Forbidden(), 403, "pas ce droit"},
		{fault.Conflict("x.y"), 409, "Rechargez"},
		{fault.TooMany(7), 429, "dans 7 secondes"},
		{fault.TooLarge(9), 413, "plus léger"},
		{fault.Unavailable("db", errors.New("away")), 503, "dans une minute"},
		{fault.Invalid("email", "email"), 422, "adresse de courriel"},
		{fault.Invalid("title", "required"), 422, "Il faut un titre."},
		{&http.MaxBytesError{Limit: 5}, 413, "plus léger"},
		{errors.New("sql: secret detail"), 500, "citez cette référence"},
	} {
		give = tt.err
		res := do(h, ask("GET", "/app/x", ""))
		got := body(t, res)
		if res.StatusCode != tt.status || !strings.Contains(got, tt.text) || strings.Contains(got, "secret") ||
			!strings.HasPrefix(got, "<!doctype html>") || res.Header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%v: got %d %s", tt.err, res.StatusCode, got)
		}
		res = do(h, ask("GET", "/api/x", "", with("Accept-Language", "en")))
		var p struct {
			Status int
			Code   string
			Title  string
			Errors []struct{ Field, Code, Detail string }
		}
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil || p.Status != tt.status || p.Code == "" || p.Title == "" ||
			res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v as JSON: %+v %v", tt.err, p, err)
		}
		if f, is := errors.AsType[*fault.Error](tt.err); is && len(f.Problems) > 0 && (len(p.Errors) != 1 || p.Errors[0].Field == "" || p.Errors[0].Detail == "") {
			t.Errorf("%v as JSON: %+v", tt.err, p)
		}
	}
	if !strings.Contains(h.log.String(), "level=ERROR") || !strings.Contains(h.log.String(), "secret detail") {
		t.Errorf("the log says %s", h.log)
	}
	h.log.Reset()
	res := do(h, ask("GET", "/app/panic", "", with("Accept-Language", "en")))
	got := body(t, res)
	ref := res.Header.Get("X-Request-Id")
	if res.StatusCode != 500 || ref == "" || !strings.Contains(got, ref) || !strings.Contains(h.log.String(), "reference="+ref) || !strings.Contains(h.log.String(), "oh no") {
		t.Errorf("a panic: %d %s %s", res.StatusCode, got, h.log)
	}
	give = fault.TooMany(7)
	if res := do(h, ask("GET", "/app/x", "")); res.Header.Get("Retry-After") != "7" {
		t.Errorf("%v", res.Header)
	}
	if res := do(h, ask("GET", "/nowhere", "", with("Accept", "application/json"))); res.StatusCode != 404 || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

func TestErrorPagesNeedNoLayout(t *testing.T) {
	t.Parallel()
	res := do(web.NewRouter(web.Options{}), ask("GET", "/x", ""))
	if res.StatusCode != 404 || !strings.Contains(body(t, res), "<h1>Cette page n’existe pas</h1>") {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestWhatNoRouteKnowsGoesToTheResolver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(func(w http.ResponseWriter, r *web.Request) error {
		_, err := fmt.Fprint(w, "resolved ", r.Method, " ", r.Request.URL.Path)
		return err
	})
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: ok}, web.Route{Pattern: "GET /app/{$}", Access: web.Anyone, Handle: ok})
	if got := body(t, do(h, ask("GET", "/voice/slug", ""))); got != "resolved GET /voice/slug" {
		t.Errorf("got %s", got)
	}
	if got := body(t, do(h, ask("POST", "/voice/slug/comments", ""))); got != "resolved POST /voice/slug/comments" {
		t.Errorf("got %s", got)
	}
	res := do(h, ask("DELETE", "/app/x", ""))
	if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD, POST" || !strings.Contains(body(t, res), "Cette action n’est pas possible ici") {
		t.Errorf("another method: %d %v", res.StatusCode, res.Header)
	}
	if res := do(h, ask("GET", "//voice/../slug", "")); res.StatusCode/100 != 3 || res.Header.Get("Location") != "/slug" {
		t.Errorf("an address that is not clean: %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	if res := do(h, ask("GET", "/app", "")); res.StatusCode/100 != 3 {
		t.Errorf("/app: %d", res.StatusCode)
	}
}

func TestOnlyTheWorkSideIsOutOfSearchEngines(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(ok)
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: ok}, web.Route{Pattern: "GET /setup", Access: web.Anyone, Handle: ok})
	for path, work := range map[string]bool{
		"/appel-aux-lecteurs": false, "/appartement/": false, "/application/une-lettre": false, "/setup-neuf": false, "/apprendre": false,
		"/app": true, "/app/": true, "/app/x": true, "/app/nowhere": true, "/setup": true,
	} {
		head := do(h, ask("GET", path, "")).Header
		if noindex := head.Get("X-Robots-Tag") == "noindex"; noindex != work || (head.Get("Cache-Control") == "no-store") != work {
			t.Errorf("%s: %v", path, head)
		}
	}
}

func TestAMistakeInARouteStopsTheStart(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: ok})
	for name, rt := range map[string]web.Route{
		"twice":        {Pattern: "GET /app/x", Access: web.Anyone, Handle: ok},
		"no access":    {Pattern: "GET /app/y", Handle: ok},
		"no handler":   {Pattern: "GET /app/y", Access: web.Anyone},
		"unknown rate": {Pattern: "GET /app/y", Access: web.Anyone, Handle: ok, Rate: "none"},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			h.Handle(rt)
		}()
	}
}

func TestOtherSitesCannotSendOurForms(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(ok)
	h.Handle(web.Route{Pattern: "POST /app/x", Access: web.SignedIn, Handle: ok}, web.Route{Pattern: "POST /api/x", Access: web.Token, Handle: ok})
	for _, tt := range []struct {
		path   string
		change []func(*http.Request)
		want   int
	}{
		{"/app/x", []func(*http.Request){as("owner"), with("Sec-Fetch-Site", "cross-site")}, 403},
		{"/app/x", []func(*http.Request){as("owner"), with("Origin", "https://evil.example")}, 403},
		{"/app/x", []func(*http.Request){as("owner"), with("Origin", "null")}, 403},
		{"/app/x", []func(*http.Request){as("owner"), with("Sec-Fetch-Site", "same-origin")}, 200},
		{"/app/x", []func(*http.Request){as("owner"), with("Origin", "https://parole.example"), with("Sec-Fetch-Site", "cross-site")}, 200},
		{"/post/comments", []func(*http.Request){with("Sec-Fetch-Site", "cross-site")}, 403},
		{"/post/comments", nil, 200},
		{"/api/x", []func(*http.Request){with("Authorization", "Bearer owner"), with("Sec-Fetch-Site", "cross-site")}, 200},
	} {
		if res := do(h, ask("POST", tt.path, "", tt.change...)); res.StatusCode != tt.want {
			t.Errorf("%s: got %d, want %d", tt.path, res.StatusCode, tt.want)
		}
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, path := range []string{"/nowhere", h.kit.Asset("work.css")} {
		head := do(h, ask("GET", path, "")).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "strict-origin-when-cross-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000", "Content-Security-Policy": "default-src 'none'; script-src 'self';", "Permissions-Policy": "camera=()",
		} {
			if !strings.HasPrefix(head.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, head.Get(name))
			}
		}
		if strings.Contains(head.Get("Content-Security-Policy"), "unsafe") {
			t.Error("the policy lets something unsafe in")
		}
	}
	plain := web.NewRouter(web.Options{BaseURL: &url.URL{Scheme: "http", Host: "localhost:8080"}})
	if do(plain, ask("GET", "/", "")).Header.Get("Strict-Transport-Security") != "" {
		t.Error("plain HTTP promises TLS")
	}
}

func TestTheClientsAddressIsNotWhatItClaims(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "", "203.0.113.9"},
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"},
		{"10.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "1.2.3.4, 198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"},
		{"10.0.0.1:1", "rubbish", "10.0.0.1"},
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"[::ffff:203.0.113.9]:1", "", "203.0.113.9"},
	} {
		var got netip.Addr
		h := newHouse(t, func(o *web.Options) {
			o.Trusted = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		}).public(func(_ http.ResponseWriter, r *web.Request) error { got = r.ClientIP(); return nil })
		r := ask("GET", "/", "", from(tt.peer))
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		do(h, r)
		if got.String() != tt.want {
			t.Errorf("%s via %q: got %v, want %s", tt.peer, tt.forwarded, got, tt.want)
		}
	}
}

func TestRatesHoldANetworkAndNotAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "POST /app/sign-in", Access: web.Anyone, Rate: "sign-in", Handle: ok})
	try := func(addr string) *http.Response { return do(h, ask("POST", "/app/sign-in", "", from(addr))) }
	for i, want := range []int{200, 200, 429, 429} {
		if res := try("[2001:db8:1:1::" + fmt.Sprint(i+1) + "]:1"); res.StatusCode != want {
			t.Errorf("try %d: %d", i, res.StatusCode)
		} else if want == 429 && res.Header.Get("Retry-After") != "10" {
			t.Errorf("Retry-After %q", res.Header.Get("Retry-After"))
		}
	}
	if res := try("[2001:db8:1:2::1]:1"); res.StatusCode != 200 {
		t.Errorf("another network: %d", res.StatusCode)
	}
	h.clock.Advance(10 * time.Second)
	if res := try("[2001:db8:1:1::1]:1"); res.StatusCode != 200 {
		t.Errorf("later: %d", res.StatusCode)
	}
}

func TestAPageSaysOnceWhatWasDone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(func(w http.ResponseWriter, r *web.Request) error {
		return r.Redirect(w, "said.done", "/post?page=2#talk")
	})
	h.Handle(
		web.Route{Pattern: "POST /app/do", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
			return r.Redirect(w, "said.done", "/app/see")
		}},
		web.Route{Pattern: "GET /app/see", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
			return h.page.Render(w, r, 200, formPage{})
		}},
	)
	res := do(h, ask("POST", "/app/do", "", as("owner")))
	c := res.Cookies()[0]
	if res.StatusCode != 303 || res.Header.Get("Location") != "/app/see" || !c.HttpOnly || !c.Secure || c.MaxAge > 60 {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	res = do(h, ask("GET", "/app/see", "", as("owner"), func(r *http.Request) { r.AddCookie(c) }))
	if got := body(t, res); !strings.Contains(got, `<p role="status">Done!</p>`) || res.Cookies()[0].MaxAge >= 0 {
		t.Errorf("%s %v", got, res.Cookies())
	}
	forged := &http.Cookie{Name: c.Name, Value: "greeting"}
	if got := body(t, do(h, ask("GET", "/app/see", "", as("owner"), func(r *http.Request) { r.AddCookie(forged) }))); strings.Contains(got, "status") {
		t.Errorf("a text with arguments was told: %s", got)
	}
	res = do(h, ask("POST", "/post/comments", ""))
	if len(res.Cookies()) != 0 || res.Header.Get("Location") != "/post?page=2#said.done" {
		t.Errorf("the public side: %v", res.Header)
	}
}

func TestRedirectsStayHere(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/app/x?a=1#b": "/app/x?a=1#b", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/", "": "/",
		"javascript:alert(1)": "/", "/a\r\nSet-Cookie: x": "/", "app": "/", "/%2f/evil": "/%2f/evil",
	} {
		if got := web.LocalPath(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSessionCookiesAreOutOfReachOfScripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(
		web.Route{Pattern: "POST /app/in", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
			web.SetSession(w, r, "secret", r.Now().Add(time.Hour))
			return r.Redirect(w, "", "/app/")
		}},
		web.Route{Pattern: "POST /app/out", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
			web.ClearSession(w, r)
			return r.Redirect(w, "", "/")
		}},
	)
	c := do(h, ask("POST", "/app/in", "")).Cookies()[0]
	if c.Name != "__Host-causerie_session" || c.Value != "secret" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Expires.IsZero() {
		t.Errorf("%v", c)
	}
	out := do(h, ask("POST", "/app/out", ""))
	for i, name := range []string{"causerie_session", "__Host-causerie_session"} {
		if c := out.Cookies()[i]; c.Name != name || c.MaxAge >= 0 || c.Value != "" || !c.Secure {
			t.Errorf("%v", c)
		}
	}
	if got := out.Header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("what the browser keeps: %s", got)
	}
	both := ask("GET", "/", "", as("planted by a neighbour"), with("Cookie", "causerie_session=planted; __Host-causerie_session=ours"))
	if got := web.SessionToken(both); got != "ours" {
		t.Errorf("the session is %q", got)
	}
	r := ask("GET", "/", "", as("token"))
	if web.SessionToken(r) != "token" || web.SessionToken(ask("GET", "/", "")) != "" {
		t.Error("the token is not read back")
	}
}

func TestThePublicSpeaksTheLanguageOfTheSite(t *testing.T) {
	t.Parallel()
	var got i18n.Lang
	see := func(_ http.ResponseWriter, r *web.Request) error { got = r.Lang(); return nil }
	h := newHouse(t, func(o *web.Options) {
		o.PublicLang = func() i18n.Lang { return i18n.FrCA }
	}).public(see)
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: see})
	for _, tt := range []struct {
		r    *http.Request
		want i18n.Lang
	}{
		{ask("GET", "/", "", with("Accept-Language", "en")), i18n.FrCA},
		{ask("GET", "/", "", as("owner")), i18n.FrCA},
		{ask("GET", "/app/x", "", as("owner")), i18n.En},
		{ask("GET", "/app/x", "", with("Accept-Language", "en")), i18n.En},
		{ask("GET", "/app/x", ""), i18n.FrCA},
	} {
		do(h, tt.r)
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.r.URL.Path, got, tt.want)
		}
	}
}

func TestAssetsAreKeptForEver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	css := h.kit.Asset("public.css")
	res := do(h, ask("GET", css, ""))
	got := body(t, res)
	if !strings.HasPrefix(css, "/assets/public-") || !strings.Contains(got, "url("+h.kit.Asset("serif.woff2")+")") || !strings.HasPrefix(got, ":root{--a:1}") {
		t.Errorf("%s: %s", css, got)
	}
	if strings.Contains(got, ".rail") || strings.Contains(got, ".x{}") {
		t.Error("the public loads the styles of the work side")
	}
	if work := body(t, do(h, ask("GET", h.kit.Asset("work.css"), ""))); work != ":root{--a:1}\n.rail{}\n.x{}\n" {
		t.Errorf("work.css is %q", work)
	}
	if js := body(t, do(h, ask("GET", h.kit.Asset("work.js"), ""))); js != "work()\nx()\n" {
		t.Errorf("work.js is %q", js)
	}
	if res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || res.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%v", res.Header)
	}
	icon := h.kit.Asset("favicon.svg")
	for encoding, want := range map[string]string{"": "", "gzip": "gzip", "gzip, deflate, br": "br", "gzip;q=0": ""} {
		res := do(h, ask("GET", icon, "", with("Accept-Encoding", encoding)))
		if res.StatusCode != 200 || res.Header.Get("Content-Encoding") != want || res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %d %v", encoding, res.StatusCode, res.Header)
		}
		tag := res.Header.Get("Etag")
		if res := do(h, ask("GET", icon, "", with("Accept-Encoding", encoding), with("If-None-Match", tag))); res.StatusCode != 304 {
			t.Errorf("%q again: %d", encoding, res.StatusCode)
		}
	}
	if res := do(h, ask("GET", "/assets/public-0.css", "")); res.StatusCode != 404 || strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("an unknown asset: %d", res.StatusCode)
	}
	bad := layouts()
	bad["css/public/b.css"] = files("x", "a{background:url(asset:none.png)}")["x"]
	if _, err := web.NewKit(web.KitOptions{Layouts: bad}); err == nil {
		t.Error("a style may name an asset that there is not")
	}
}

func TestTheServerBoundsSlowClients(t *testing.T) {
	t.Parallel()
	one := web.NewServer(http.NotFoundHandler(), nil)
	if s := one.Server; s.ReadHeaderTimeout != 10*time.Second || s.WriteTimeout != 25*time.Second || s.IdleTimeout != 2*time.Minute || s.MaxHeaderBytes != 32<<10 {
		t.Errorf("%+v", s)
	}
	b := one.Bounds
	if b.Stall != 15*time.Second || b.Grace != 20*time.Second || b.Rate != 8<<10 || b.Drain != time.Second/2 || b.Taken != 25*time.Second {
		t.Errorf("%+v", b)
	}
	if small := time.Duration(64<<10) * time.Second / time.Duration(b.Rate); b.Grace+small+b.Drain >= 30*time.Second {
		t.Errorf("what a stranger may send may take %v", b.Grace+small)
	}
	if b.Conns < 16 || b.Conns > 8192 || b.PerCaller > b.Conns || b.PerCaller < 16 {
		t.Errorf("%+v", b)
	}
}

func TestAVisitorIsNobody(t *testing.T) {
	t.Parallel()
	var got actor.Actor
	h := newHouse(t, nil).public(func(_ http.ResponseWriter, r *web.Request) error { got = r.Actor(); return nil })
	h.ServeHTTP(httptest.NewRecorder(), ask("GET", "/", ""))
	if got.SignedIn() {
		t.Error("somebody is signed in")
	}
}
