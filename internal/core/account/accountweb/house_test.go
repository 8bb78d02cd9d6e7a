package accountweb_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/account"
	"causerie/internal/core/account/accountweb"
	"causerie/internal/core/voice"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

const (
	password = "une phrase assez longue"
	email    = "claire@aubin.example"
)

type postbox struct{ token, invited string }

func (p *postbox) ReadyIn(*db.Tx) (bool, error) { return true, nil }

func (p *postbox) ResetIn(_ *db.Tx, _ account.Account, token string) error {
	p.token = token
	return nil
}

func (p *postbox) InviteIn(_ *db.Tx, to account.Account, _, _ string) error {
	p.invited = to.Email
	return nil
}

func (p *postbox) TellIn(*db.Tx, account.Account, account.Notice) error { return nil }

type voices []voice.Voice

func (v voices) List(context.Context) ([]voice.Voice, error) { return v, nil }

// door is the pages over a real service, with one owner.
type door struct {
	t        *testing.T
	router   *web.Router
	kit      *web.Kit
	accounts *account.Service
	claire   account.Account
	mail     *postbox
	clock    *clock.Manual
	cookies  map[string]string
	origin   string // of the page that asks; "" says nothing
}

func newDoor(t *testing.T) *door {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, schema.All(), dbtest.Clock(clk), dbtest.Once())
	h := &door{t: t, mail: &postbox{}, clock: clk, cookies: map[string]string{}}
	h.accounts = account.New(account.Options{DB: d, Bus: bus.New(queue.New(d, queue.Options{})), Postman: h.mail})
	hash, err := h.accounts.Hash(t.Context(), password, email)
	if err != nil {
		t.Fatal(err)
	}
	h.claire, err = h.accounts.Create(t.Context(), actor.System(), account.NewAccount{
		Email: email, Name: "Claire Aubin", Lang: "fr-FR", Password: hash, Grants: []actor.Grant{{Role: actor.Owner}}})
	if err != nil {
		t.Fatal(err)
	}
	h.kit, err = web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{accountweb.Bundle}, Clock: clk})
	if err != nil {
		t.Fatal(err)
	}
	h.router = web.NewRouter(web.Options{
		BaseURL: &url.URL{Scheme: "https", Host: "parole.example"}, Kit: h.kit, Clock: clk, Identify: accountweb.Identify(h.accounts),
		Rates: map[string]web.Rate{"sign-in": {Burst: 5, Every: time.Minute}, "forgot": {Burst: 3, Every: time.Minute}},
	})
	h.router.Handle(accountweb.New(h.kit, h.accounts, voices{{ID: 7, Name: "Claire Aubin", Kind: voice.Personal, Portrait: 31}, {ID: 8, Name: "Les Ateliers", Kind: voice.Corporate, Portrait: 32}}).Routes()...)
	h.router.Handle(web.Route{Pattern: "GET /app/{$}", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
		_, err := io.WriteString(w, "<h1>home of "+r.Actor().Name+"</h1>")
		return err
	}})
	return h
}

// send asks for a page with the cookies so far and keeps those that come back.
func (h *door) send(method, target string, form url.Values) (*http.Response, string) {
	h.t.Helper()
	r := httptest.NewRequest(method, "https://parole.example"+target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", "fr-FR")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	if h.origin != "" {
		r.TLS = nil
		r.Header.Set("Origin", h.origin)
		r.Host = strings.TrimPrefix(h.origin, "http://")
	}
	for name, value := range h.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	h.router.ServeHTTP(rec, r)
	res := rec.Result()
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(h.cookies, c.Name)
		} else {
			h.cookies[c.Name] = c.Value
		}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res, string(body)
}

func (h *door) get(target string) (*http.Response, string) { return h.send("GET", target, nil) }

func (h *door) post(target string, pairs ...string) (*http.Response, string) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return h.send("POST", target, form)
}

func (h *door) enter() {
	h.t.Helper()
	if res, body := h.post("/app/sign-in", "email", email, "password", password); res.StatusCode != 303 {
		h.t.Fatalf("signing in: %d %s", res.StatusCode, body)
	}
}

// want checks a status, what the page says, and where it leads when that is not "".
func want(t *testing.T, res *http.Response, body string, status int, location string, says ...string) {
	t.Helper()
	if res.StatusCode != status || location != "" && res.Header.Get("Location") != location {
		t.Errorf("%d to %q, want %d to %q\n%.2000s", res.StatusCode, res.Header.Get("Location"), status, location, body)
	}
	for _, s := range says {
		if !strings.Contains(body, s) {
			t.Errorf("the page does not say %q:\n%.4000s", s, body)
		}
	}
	if status == 200 || status == 422 {
		if n := strings.Count(body, "<h1"); n != 1 {
			t.Errorf("%d h1", n)
		}
	}
}

var code = regexp.MustCompile(`<p class="code">([^<]+)</p>`)

// shown returns the secret that a page shows once.
func shown(t *testing.T, body string) string {
	t.Helper()
	m := code.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no secret on the page:\n%.3000s", body)
	}
	return m[1]
}
