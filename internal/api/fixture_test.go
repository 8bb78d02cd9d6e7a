package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/api"
	"causerie/internal/channel/newsletter"
	"causerie/internal/core/account"
	"causerie/internal/core/account/accountweb"
	"causerie/internal/core/consent"
	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliveryweb"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/roster"
	"causerie/internal/feature/roster/rosterweb"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
	"causerie/internal/view/attribution"
	"causerie/internal/view/disclosure"
	"causerie/internal/view/library"
	"causerie/internal/view/segment"
	"causerie/internal/view/timeline"
)

// world is a house in Paris with the voice of its owner, served to programs.
type world struct {
	t     *testing.T
	deps  api.Deps
	clock *clock.Manual
	queue *queue.Queue
	http  http.Handler
	subs  *subscription.Service

	claire      voice.Voice
	owner       account.Account
	write, read string // tokens of the owner

	showing func() // called whenever an address is shown, if set
}

// shownPlaces calls world.showing.
type shownPlaces struct {
	*place.Service
	w *world
}

func (p shownPlaces) GetIn(tx *db.Tx) (*place.Places, error) {
	p.shown()
	return p.Service.GetIn(tx)
}

func (p shownPlaces) Last() *place.Places {
	p.shown()
	return p.Service.Last()
}

func (p shownPlaces) shown() {
	if p.w.showing != nil {
		p.w.showing()
	}
}

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, engine db.Engine) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(start)}
	d := dbtest.Open(t, engine, schema.All(), dbtest.Clock(w.clock))
	core := coretest.New(t, d)
	w.queue = core.Queue
	kit, err := web.NewKit(web.KitOptions{Bundles: []web.Bundle{api.Bundle, deliveryweb.Bundle, rosterweb.Bundle}})
	must(t, err)
	b, h, voices, contacts := core.Bus, core.House, core.Voices, core.Contacts
	box2 := inbox.New(inbox.Options{DB: d, Bus: b, Queue: w.queue, House: h, Voices: voices, Contacts: contacts, Box: core.Box, Host: "aubin.example"})
	mandates := mandate.New(mandate.Options{DB: d, Bus: b, House: h, Contacts: contacts, Inbox: box2})
	w.deps = api.Deps{
		DB: d, Catalog: kit.Catalog(), Places: shownPlaces{core.Places, w},
		House: h, Accounts: account.New(account.Options{DB: d, Bus: b}), Voices: voices, Contacts: contacts, Inbox: box2,
		Consents:    consent.New(consent.Options{DB: d, Bus: b, House: h, Contacts: contacts, Box: core.Box}),
		Posts:       post.New(post.Options{DB: d, Bus: b, Queue: w.queue, House: h, Voices: voices, Media: core.Media}),
		Mandates:    mandates,
		Deliveries:  delivery.New(delivery.Options{DB: d, Bus: b, Queue: w.queue}),
		Timeline:    timeline.New(d, b, contacts, mandates),
		Attribution: attribution.New(d),
	}
	w.deps.Consents.Project()
	w.deps.Disclosure = disclosure.New(d, h, contacts, w.deps.Timeline)
	w.deps.Segments = segment.New(segment.Options{DB: d, House: h, Contacts: contacts})
	w.deps.Roster = roster.New(roster.Deps{DB: d, House: h, Contacts: contacts, Consents: w.deps.Consents, Queue: w.queue})
	mails, err := mailer.New(mailer.Options{DB: d, House: h, Deliveries: w.deps.Deliveries, Carrier: mailer.Fixed(nil), Host: "aubin.example"})
	must(t, err)
	mails.Register(mailer.Kind{Name: "answer", Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson})
	w.subs = subscription.New(subscription.Options{DB: d, Bus: b, Queue: w.queue, House: h, Voices: voices, Contacts: contacts, Consents: w.deps.Consents, Box: core.Box})
	w.deps.Letters, err = newsletter.New(newsletter.Options{DB: d, Bus: b, House: h, Voices: voices, Places: core.Places, Contacts: contacts, Subscriptions: w.subs,
		Deliveries: w.deps.Deliveries, Mailer: mails, Media: core.Media, Posts: w.deps.Posts, Queue: w.queue, Host: "aubin.example"})
	must(t, err)
	w.deps.Media = core.Media
	w.deps.Library = library.New(library.Options{DB: d, Media: core.Media, Posts: w.deps.Posts, Letters: w.deps.Letters, Voices: voices})
	w.deps.Fetch = fetch.New(fetch.Options{AllowLoopback: true})
	router := web.NewRouter(web.Options{Kit: kit, Clock: w.clock, Identify: accountweb.Identify(w.deps.Accounts),
		Rates: map[string]web.Rate{api.Rate: {Burst: 10_000, Every: time.Second}}})
	router.Handle(api.New(w.deps).Routes()...)
	w.http = router
	in := coretest.Aubin()
	in.Identity = house.Identity{}
	w.claire = core.SetUp(in, coretest.Claire())[0]
	must(t, d.Write(t.Context(), func(tx *db.Tx) (err error) {
		w.owner, err = w.deps.Accounts.CreateIn(tx, actor.System(), account.NewAccount{Email: "claire@aubin.example", Name: "Claire Aubin",
			Lang: "fr-FR", Grants: []actor.Grant{{Role: actor.Owner}}})
		return err
	}))
	w.write, w.read = w.token(w.owner.ID, account.Write), w.token(w.owner.ID, account.Read)
	return w
}

func (w *world) token(of fact.AccountID, scope string) string {
	w.t.Helper()
	bearer, _, err := w.deps.Accounts.CreateToken(w.t.Context(), actor.System(), of, "test", scope)
	must(w.t, err)
	return bearer
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// object is a JSON object as a program sees it.
type object = map[string]any

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    string
	body   object
}

// send does one request; headers are pairs.
func (w *world) send(token, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		must(w.t, err)
		in = bytes.NewReader(raw)
	}
	r := httptest.NewRequest(method, path, in)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.http.ServeHTTP(rec, r)
	a := answer{t: w.t, status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	if a.raw != "" {
		if err := json.Unmarshal([]byte(a.raw), &a.body); err != nil {
			w.t.Fatalf("%s %s: %v in %q", method, path, err, a.raw)
		}
	}
	return a
}

func (w *world) get(path string) answer {
	w.t.Helper()
	return w.send(w.write, "GET", path, nil).want(200)
}

func (w *world) post(path string, body any, headers ...string) answer {
	w.t.Helper()
	return w.send(w.write, "POST", path, body, headers...)
}

func (w *world) patch(path string, body any) answer {
	w.t.Helper()
	return w.send(w.write, "PATCH", path, body)
}

// want fails unless the status is that.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
	if kind := a.header.Get("Content-Type"); status >= 400 && kind != "application/problem+json" {
		a.t.Fatalf("a refusal comes as %q", kind)
	}
	return a
}

// problem fails unless the answer is a problem with that status, code and, if given, field and code of the field.
func (a answer) problem(status int, code string, pairs ...string) answer {
	a.t.Helper()
	a.want(status)
	if a.body["code"] != code || a.body["status"] != float64(status) || a.body["title"] == "" || a.body["type"] != "about:blank" {
		a.t.Fatalf("not the problem %d %s: %s", status, code, a.raw)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		found := false
		errors, _ := a.body["errors"].([]any)
		for _, e := range errors {
			found = found || e.(object)["field"] == pairs[i] && e.(object)["code"] == pairs[i+1]
		}
		if !found {
			a.t.Fatalf("no problem %s %s: %s", pairs[i], pairs[i+1], a.raw)
		}
	}
	return a
}

func (a answer) id() string {
	a.t.Helper()
	id, _ := a.body["id"].(string)
	if len(id) != 13 {
		a.t.Fatalf("no id: %s", a.raw)
	}
	return id
}

func (a answer) items() []object {
	a.t.Helper()
	list, ok := a.body["items"].([]any)
	if !ok {
		a.t.Fatalf("no list: %s", a.raw)
	}
	if _, ok := a.body["next_cursor"]; !ok {
		a.t.Fatalf("no next_cursor: %s", a.raw)
	}
	var all []object
	for _, one := range list {
		all = append(all, one.(object))
	}
	return all
}

// has fails unless the object has exactly these values for these properties.
func (a answer) has(want object) answer {
	a.t.Helper()
	contains(a.t, a.body, want)
	return a
}

func contains(t *testing.T, got, want object) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		v, there := got[name]
		a, _ := json.Marshal(v)
		b, _ := json.Marshal(want[name])
		if !there || string(a) != string(b) {
			t.Errorf("%s is %s, want %s", name, a, b)
		}
	}
}

var identity = object{"address": "1 quai du Port, Brest", "phone": "+33 2 98 00 00 00", "publication_director": "Claire Aubin",
	"host_name": "Hébergeur", "host_address": "2 rue du Port", "host_phone": "+33 1 00 00 00 00", "contact_email": "bonjour@aubin.example"}
