package web_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

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
