package beginweb_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/account"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/begin/beginweb"
	"causerie/internal/feature/post"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

type site struct {
	t        *testing.T
	kit      *web.Kit
	router   *web.Router
	begin    *begin.Service
	houses   *house.Service
	accounts *account.Service
	lang     string
}

func newSite(t *testing.T, trusted ...netip.Prefix) *site {
	t.Helper()
	return newSiteAt(t, nil, trusted...)
}

func newSiteAt(t *testing.T, base *url.URL, trusted ...netip.Prefix) *site {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, schema.All(), dbtest.Clock(clk), dbtest.Once())
	q := queue.New(d, queue.Options{})
	b := bus.New(q)
	box, err := seal.Open(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, houses: house.New(d, b, box), accounts: account.New(account.Options{DB: d, Bus: b}), lang: "fr-FR"}
	m := media.New(d, blob.Dir(t.TempDir()))
	voices := voice.New(d, b, m)
	posts := post.New(post.Options{DB: d, Bus: b, Queue: q, House: s.houses, Voices: voices, Media: m})
	s.begin = begin.New(d, b, s.houses, s.accounts, voices, posts, beginweb.Welcome)
	if s.kit, err = web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{beginweb.Bundle}, Clock: clk}); err != nil {
		t.Fatal(err)
	}
	s.router = web.NewRouter(web.Options{BaseURL: base, Kit: s.kit, Clock: clk, Trusted: trusted, Rates: map[string]web.Rate{"setup": {Burst: 6, Every: time.Minute}}})
	s.router.Handle(beginweb.New(s.kit, s.begin, s.accounts).Routes()...)
	return s
}

const (
	here  = "127.0.0.1:40000"
	there = "203.0.113.9:40000"
)

func (s *site) send(from, method, target string, form url.Values, changes ...func(*http.Request)) (*http.Response, string) {
	s.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.RemoteAddr, r.Host = from, "localhost:8080"
	r.Header.Set("Accept-Language", s.lang)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, change := range changes {
		change(r)
	}
	rec := httptest.NewRecorder()
	s.router.ServeHTTP(rec, r)
	body, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return rec.Result(), string(body)
}

func filled(pairs ...string) url.Values {
	form := url.Values{"house": {"Ateliers Aubin"}, "owner_name": {"Claire Aubin"}, "owner_email": {"claire@aubin.example"},
		"password": {"une phrase assez longue"}, "lang": {"fr-FR"}, "country": {"FR"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func want(t *testing.T, res *http.Response, body string, status int, says ...string) {
	t.Helper()
	if res.StatusCode != status {
		t.Errorf("%d, want %d\n%.2000s", res.StatusCode, status, body)
	}
	for _, s := range says {
		if !strings.Contains(body, s) {
			t.Errorf("the page does not say %q:\n%.4000s", s, body)
		}
	}
}

func TestOneFormMakesTheHouseAndSignsItsOwnerIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	res, body := s.send(here, "GET", "/setup", nil)
	want(t, res, body, 200, `name="house"`, `name="owner_name"`, `name="owner_email"`, `name="password"`, `name="lang"`, `name="country"`)
	res, body = s.send(here, "POST", "/setup", filled())
	want(t, res, body, 303)
	if to := res.Header.Get("Location"); to != "/app/" {
		t.Errorf("leads to %q", to)
	}
	var token string
	for _, c := range res.Cookies() {
		if c.Name == web.SessionCookie {
			token = c.Value
		}
	}
	a, _, err := s.accounts.Identify(t.Context(), token)
	if err != nil || a.Name != "Claire Aubin" {
		t.Errorf("the cookie is that of %+v, %v", a, err)
	}
	h, err := s.houses.Get(t.Context())
	if err != nil || h.Name != "Ateliers Aubin" || h.Public {
		t.Errorf("the house is %+v, %v", h, err)
	}

	res, body = s.send(here, "GET", "/setup", nil)
	want(t, res, body, 303)
	if to := res.Header.Get("Location"); to != "/app/" {
		t.Errorf("a second visit leads to %q", to)
	}
	res, body = s.send(here, "POST", "/setup", filled("house", "Une autre"))
	want(t, res, body, 404)
}

func TestEachProblemStandsAtItsFieldAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	res, body := s.send(here, "POST", "/setup", filled("house", " ", "owner_email", "claire chez aubin", "password", "court!", "country", "CH"))
	want(t, res, body, 422, `id="p-house"`, `id="p-owner_email"`, `id="p-password"`, `value="Claire Aubin"`, `value="claire chez aubin"`, `value="CH" selected`)
	if strings.Contains(body, "court!") {
		t.Error("the page shows the password that was typed")
	}
	if done, err := s.begin.Done(t.Context()); done || err != nil {
		t.Errorf("a house was made: %v, %v", done, err)
	}
	res, body = s.send(here, "POST", "/setup", filled("country", "XX", "lang", "de"))
	want(t, res, body, 422, `value="Claire Aubin"`, "Ce choix n’existe pas")
}

func TestFromElsewhereOnlyTheKeyOpens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	res, body := s.send(there, "GET", "/setup", nil)
	want(t, res, body, 403, `name="key"`)
	if strings.Contains(body, `name="house"`) || strings.Contains(body, s.begin.Key()) {
		t.Error("a stranger sees the form, or the key")
	}
	for _, key := range []string{"", "fausse"} {
		res, body = s.send(there, "GET", "/setup?key="+key, nil)
		want(t, res, body, 403)
		res, body = s.send(there, "POST", "/setup", filled("key", key))
		want(t, res, body, 403, `id="p-key"`, `value="Claire Aubin"`)
	}
	if done, _ := s.begin.Done(t.Context()); done {
		t.Fatal("a stranger made the house")
	}
	res, body = s.send(there, "GET", "/setup?key="+s.begin.Key(), nil)
	want(t, res, body, 200, `name="house"`, `name="key" value="`+s.begin.Key()+`"`)
	res, body = s.send(there, "POST", "/setup", filled("key", s.begin.Key()))
	want(t, res, body, 303)
}

func TestThePageGuessesTheCountryAndSpeaksTheLanguageOfTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for accept, says := range map[string][]string{
		"fr-CA,fr;q=0.8": {`value="CA" selected`, `value="fr-CA" selected`, "Faisons connaissance"},
		"fr-BE":          {`value="BE" selected`, `value="fr-FR" selected`},
		"en-GB,en":       {`value="FR" selected`, `value="en" selected`, "Let’s get acquainted"},
	} {
		s.lang = accept
		res, body := s.send(here, "GET", "/setup", nil)
		want(t, res, body, 200, says...)
	}
	for _, err := range s.kit.Catalog().Check() {
		t.Error(err)
	}
	for _, m := range s.kit.Catalog().Missing() {
		t.Errorf("no text for %s", m)
	}
}

func TestTheWelcomeHasATitleAndATextInEachLanguage(t *testing.T) {
	seen := map[string]bool{}
	for _, lang := range []string{"fr-FR", "fr-CA", "en"} {
		title, body := beginweb.Welcome(lang)
		if title == "" || strings.HasPrefix(title, "#") || len(body) < 800 || seen[body] {
			t.Errorf("%s: %q, %d bytes", lang, title, len(body))
		}
		seen[body] = true
	}
}

// A page of another site whose name is made to lead to this machine asks from here, under that name; so does what comes through a proxy.
func TestAFalseNameOrAProxyIsNotThisMachine(t *testing.T) {
	t.Parallel()
	asHost := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	with := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, host := range []string{"rebind.evil.example", "rebind.evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.20:8080", "causerie", "0.0.0.0:8080",
		"[::]:8080", "", "2130706433", "127.1", "evil.localhost"} {
		s := newSite(t)
		res, body := s.send(here, "GET", "/setup", nil, asHost(host))
		want(t, res, body, 403)
		res, body = s.send(here, "POST", "/setup", filled(), asHost(host))
		want(t, res, body, 403)
		if done, _ := s.begin.Done(t.Context()); done {
			t.Fatalf("%q made the house", host)
		}
		res, body = s.send(here, "POST", "/setup", filled("key", s.begin.Key()), asHost(host))
		want(t, res, body, 303) // the key opens under any name
	}
	s := newSite(t)
	for _, h := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "X-Real-Ip", "Via"} {
		res, body := s.send(here, "GET", "/setup", nil, with(h, "x"))
		want(t, res, body, 403)
	}
	res, body := s.send(here, "GET", "/setup", nil, func(r *http.Request) { r.ProtoMajor, r.ProtoMinor = 1, 0 })
	want(t, res, body, 403)
	for _, host := range []string{"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.8.9.1", "[::1]:8080", "[::1]", "[::ffff:127.0.0.1]:80"} {
		res, body := s.send(here, "GET", "/setup", nil, asHost(host))
		want(t, res, body, 200)
	}
	behind := newSite(t, netip.MustParsePrefix("127.0.0.1/32"))
	res, body = behind.send(here, "GET", "/setup", nil)
	want(t, res, body, 403)
	res, body = behind.send(here, "GET", "/setup?key="+behind.begin.Key(), nil)
	want(t, res, body, 200, `name="house"`)
}

func TestKeysAreNotTriedForLong(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"GET", "POST"} {
		s := newSite(t)
		statuses := map[int]int{}
		for range 10 {
			target, form := "/setup?key=fausse", url.Values(nil)
			if method == "POST" {
				target, form = "/setup", filled("key", "fausse")
			}
			res, _ := s.send(there, method, target, form)
			statuses[res.StatusCode]++
		}
		if statuses[403] != 6 || statuses[429] != 4 {
			t.Errorf("%s: %v", method, statuses)
		}
	}
}

func TestAHouseOfTheSecureAddressIsNotMadeInClear(t *testing.T) {
	t.Parallel()
	s := newSiteAt(t, &url.URL{Scheme: "https", Host: "causerie.aubin.example"})
	key := s.begin.Key()
	inClear := func(r *http.Request) {
		r.Host = "192.168.1.20:8080"
		r.Header.Set("Origin", "http://192.168.1.20:8080")
	}
	res, body := s.send(there, "POST", "/setup", filled("key", key), inClear)
	want(t, res, body, 422, "a voyagé en clair", `href="https://causerie.aubin.example/setup?key=`, `value="Ateliers Aubin"`)
	if strings.Contains(body, "une phrase assez longue") {
		t.Error("the page gives the password back")
	}
	if done, err := s.begin.Done(t.Context()); err != nil || done {
		t.Fatalf("a house: %v, %v", done, err)
	}
	res, body = s.send(there, "POST", "/setup", filled("key", key), func(r *http.Request) {
		r.Host = "causerie.aubin.example"
		r.Header.Set("Origin", "https://causerie.aubin.example")
	})
	want(t, res, body, 303)
}
