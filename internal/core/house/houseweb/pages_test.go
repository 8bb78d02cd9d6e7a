package houseweb_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/house"
	"causerie/internal/core/house/houseweb"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

type settings struct {
	t      *testing.T
	router *web.Router
	kit    *web.Kit
	houses *house.Service
	role   actor.Role
	lang   i18n.Lang
	local  string // the address of the house, when no stranger comes there
}

func newSettings(t *testing.T, country string) *settings {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, schema.All(), dbtest.Clock(clk))
	box, err := seal.Open(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	s := &settings{t: t, houses: house.New(d, bus.New(queue.New(d, queue.Options{})), box), role: actor.Owner, lang: i18n.FrFR}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := s.houses.CreateIn(tx, actor.System(), house.NewHouse{Name: "Ateliers Aubin", Lang: "fr-FR", Country: country})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.kit, err = web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{houseweb.Bundle}, Clock: clk}); err != nil {
		t.Fatal(err)
	}
	s.router = web.NewRouter(web.Options{Kit: s.kit, Clock: clk, Identify: func(context.Context, *http.Request) (web.Identity, error) {
		return web.Identity{Actor: actor.Actor{Account: 1, Grants: []actor.Grant{{Role: s.role}}}, Lang: s.lang}, nil
	}})
	more := houseweb.Place{Path: "/app/settings/mail", Icon: "mail", Label: "house.name", Help: "house.lang", Role: actor.Owner}
	s.router.Handle(houseweb.New(s.kit, s.houses, func() string { return s.local }, more).Routes()...)
	return s
}

func (s *settings) send(method, target string, pairs ...string) (*http.Response, string) {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "x"})
	rec := httptest.NewRecorder()
	s.router.ServeHTTP(rec, r)
	body, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return rec.Result(), string(body)
}

func (s *settings) now() house.House {
	s.t.Helper()
	h, err := s.houses.Get(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

func want(t *testing.T, res *http.Response, body string, status int, says ...string) {
	t.Helper()
	if res.StatusCode != status {
		t.Errorf("%d, want %d\n%.2000s", res.StatusCode, status, body)
	}
	for _, s := range says {
		if !strings.Contains(body, s) {
			t.Errorf("the page does not say %q:\n%.6000s", s, body)
		}
	}
}

const identity = "/app/settings/identity"

func TestTheHouseOpensByAGestureAndOnlyWhenTheLawMissesNothing(t *testing.T) {
	t.Parallel()
	s := newSettings(t, "FR")
	res, body := s.send("GET", identity)
	want(t, res, body, 200, "Il manque encore 6 lignes", `href="#f-phone"`, `href="#f-host_phone"`, "article 1-1", "93-2", "RGPD")

	res, body = s.send("POST", identity, "address", "12 quai de l’Odet\n29000 Quimper", "phone", "", "public", "yes")
	want(t, res, body, 422, "ne peut pas encore être mis en ligne", "Il manque encore 5 lignes", `id="p-phone"`, `id="p-publication_director"`, `id="p-host_name"`,
		`id="p-host_address"`, `id="p-host_phone"`, "12 quai de l’Odet", `role="alert"`)
	if strings.Contains(body, `id="p-address"`) {
		t.Error("the address is said to be missing")
	}
	if h := s.now(); h.Public || !strings.HasPrefix(h.Identity.Address, "12 quai") {
		t.Errorf("what was typed is not kept, or the house is open: %+v", h)
	}
	rest := []string{"phone", "02 98 00 00 00", "publication_director", "Claire Aubin", "host_name", "Hébergeur", "host_address", "2 rue du Port",
		"host_phone", "01 00 00 00 00"}
	res, body = s.send("POST", identity, rest...)
	want(t, res, body, 303)
	if h := s.now(); h.Public || len(h.Missing()) != 0 {
		t.Fatalf("saving alone opened the house, or left something: %+v", h)
	}
	res, body = s.send("GET", identity)
	want(t, res, body, 200, "Mettre le site en ligne")
	res, body = s.send("GET", "/app/settings")
	want(t, res, body, 200, "tout est prêt")
	res, body = s.send("POST", identity, "public", "yes")
	want(t, res, body, 303)
	if !s.now().Public {
		t.Fatal("the house did not open")
	}
	res, body = s.send("POST", identity, append(rest, "phone", " ")...)
	want(t, res, body, 422, `id="p-phone"`)
	if s.now().Identity.Phone == "" {
		t.Error("an open house lost its phone")
	}
	res, body = s.send("GET", identity)
	want(t, res, body, 200, "Mettre le site hors ligne", `action="/app/settings/identity/close"`)
	if strings.Contains(body, `name="public"`) {
		t.Error("an open house offers to open")
	}
	res, body = s.send("POST", identity+"/close")
	want(t, res, body, 303)
	if s.now().Public {
		t.Error("the house did not close")
	}
}

func TestEachCountryAsksForItsOwnLines(t *testing.T) {
	t.Parallel()
	for country, says := range map[string][]string{
		"CA": {"Il manque encore 3 lignes", "anti-pourriel", "article 3.1"}, "BE": {"Il manque encore 2 lignes", "XII.6"}, "CH": {"Il manque encore 2 lignes", "lettre s"},
	} {
		res, body := newSettings(t, country).send("GET", identity)
		want(t, res, body, 200, says...)
	}
}

func TestTheHouseChangesAndKeepsWhatWasTypedWhenItCannot(t *testing.T) {
	t.Parallel()
	s := newSettings(t, "FR")
	const page = "/app/settings/house"
	res, body := s.send("GET", page)
	want(t, res, body, 200, `value="Ateliers Aubin"`, `<option selected>Europe/Paris`)
	res, body = s.send("POST", page, "name", "", "lang", "en", "country", "CA", "timezone", "Mars/Olympus", "currency", "CAD")
	want(t, res, body, 422, `id="p-name"`, `value="en" selected`, `value="CA" selected`)
	res, body = s.send("POST", page, "name", "Aubin et filles", "lang", "fr-CA", "country", "CA", "timezone", "America/Toronto", "currency", "CAD", "trade", "job")
	want(t, res, body, 303)
	if h := s.now(); h.Name != "Aubin et filles" || h.Lang != "fr-CA" || h.Country != "CA" || h.Zone != "America/Toronto" || h.Currency != "CAD" || h.Trade != "job" {
		t.Errorf("the house is %+v", h)
	}
}

func TestAnOpenHouseDoesNotMoveToACountryWhoseLawMissesSomething(t *testing.T) {
	t.Parallel()
	s := newSettings(t, "BE")
	res, body := s.send("POST", identity, "address", "1 rue", "contact_email", "c@aubin.example", "public", "yes")
	want(t, res, body, 303)
	res, body = s.send("POST", "/app/settings/house", "name", "Aubin", "country", "FR")
	want(t, res, body, 422, "Complétez d’abord les mentions légales", `value="FR" selected`)
	if h := s.now(); h.Country != "BE" || h.Name != "Ateliers Aubin" {
		t.Errorf("the house is %+v", h)
	}
}

func TestTheListOfSettingsShowsWhatOneMayChange(t *testing.T) {
	t.Parallel()
	s := newSettings(t, "FR")
	for role, shown := range map[actor.Role]string{
		actor.Owner: "identity house voices people account mail", actor.Editor: "voices account", actor.Author: "account", actor.Reader: "account",
	} {
		s.role = role
		res, body := s.send("GET", "/app/settings")
		want(t, res, body, 200, "il manque 6 lignes")
		for _, name := range strings.Fields("identity house voices people account mail") {
			in := strings.Contains(body, `class="go" href="/app/settings/`+name+`"`)
			if in != strings.Contains(" "+shown+" ", " "+name+" ") {
				t.Errorf("%v: %s is shown: %v", role, name, in)
			}
		}
	}
	for _, s.role = range []actor.Role{actor.Reader, actor.Author, actor.Editor} {
		for _, page := range []string{"house", "identity"} {
			res, body := s.send("GET", "/app/settings/"+page)
			want(t, res, body, 403)
		}
	}
}

func TestTheTextsAreComplete(t *testing.T) {
	t.Parallel()
	for _, country := range house.Countries() {
		s := newSettings(t, country)
		for _, err := range s.kit.Catalog().Check() {
			t.Error(err)
		}
		for _, s.lang = range i18n.Langs() {
			for _, page := range []string{"", "/house", "/identity"} {
				s.send("GET", "/app/settings"+page)
			}
		}
		for _, m := range s.kit.Catalog().Missing() {
			t.Errorf("no text for %s", m)
		}
	}
}

func TestAHouseThatOpensWhereNobodyComesSaysSo(t *testing.T) {
	t.Parallel()
	const address = "http://localhost:8080"
	s := newSettings(t, "FR")
	res, body := s.send("GET", "/app/settings/identity")
	if res.StatusCode != 200 || strings.Contains(body, address) {
		t.Errorf("%d, with a public address it says\n%s", res.StatusCode, body)
	}
	s.local = address
	if _, body = s.send("GET", "/app/settings/identity"); !strings.Contains(body, address) || !strings.Contains(body, "CAUSERIE_URL") {
		t.Errorf("it does not say where it is: %s", body)
	}
	identity := []string{"address", "12 quai de l’Odet, Quimper", "phone", "02 98 00 00 00", "contact_email", "claire@aubin.example",
		"publication_director", "Claire Aubin", "host_name", "Ouest", "host_address", "3 rue du Port, Rennes", "host_phone", "02 99 00 00 00", "public", "yes"}
	for local, says := range map[string]string{address: "identity.opened_local", "": "identity.opened"} {
		s.local = local
		res, body = s.send("POST", "/app/settings/identity", identity...)
		if cookies := res.Cookies(); res.StatusCode != 303 || len(cookies) == 0 || cookies[0].Value != says {
			t.Errorf("opened at %q: %d, %v, want %s\n%s", local, res.StatusCode, cookies, says, body)
		}
	}
}

func TestAKnownHostWritesItsOwnLines(t *testing.T) {
	t.Parallel()
	s := newSettings(t, "FR")
	res, body := s.send("GET", identity)
	want(t, res, body, 200, "<option>OVH SAS</option>", `name="publication_director" type="text"`)
	res, body = s.send("POST", identity, "host", "OVH SAS", "fill", "1", "address", "12 rue des Halles", "opening_hours", "Lundi\nMardi")
	want(t, res, body, 303)
	if i := s.now().Identity; i.HostName != "OVH SAS" || !strings.Contains(i.HostAddress, "Roubaix") || i.HostPhone != "1007" || i.Address != "12 rue des Halles" || i.Hours != "Lundi\nMardi" {
		t.Errorf("%+v", i)
	}
	res, body = s.send("POST", identity, "host", "Nulle part", "host_name", "Chez moi", "phone", "Abc")
	want(t, res, body, 422, "Ce numéro ne ressemble pas à un numéro de téléphone.")
}
