package site_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/assets"
	"causerie/internal/channel/site"
	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/coretest"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/live"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

// world is an open house in Paris with three voices, one of them internal, and its site.
type world struct {
	t      testing.TB
	db     *db.DB
	clock  *clock.Manual
	house  *house.Service
	places *place.Service
	voices *voice.Service
	media  *media.Service
	posts  *post.Service
	talk   *inbox.Service
	people *contact.Service
	kit    *web.Kit
	site   *site.Handler
	router *web.Router

	core                 *coretest.Core
	claire, shop, inside voice.Voice
	live                 *live.Hub
	signedIn             bool // who asks is of the house
}

// base is where the house of the tests lives.
const base = "https://aubin.example"

var monday = time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC)

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			fn(t, newWorld(t, engine))
		})
	}
}

func newWorld(t testing.TB, engine db.Engine, opts ...dbtest.Option) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(monday)}
	w.db = dbtest.Open(t, engine, schema.All(), append(opts, dbtest.Clock(w.clock))...)
	w.core = coretest.New(t, w.db)
	w.house, w.media, w.voices, w.people = w.core.House, w.core.Media, w.core.Voices, w.core.Contacts
	w.posts = post.New(post.Options{DB: w.db, Bus: w.core.Bus, Queue: w.core.Queue, House: w.house, Voices: w.voices, Media: w.media})
	w.talk = inbox.New(inbox.Options{DB: w.db, Bus: w.core.Bus, Queue: w.core.Queue, House: w.house, Voices: w.voices, Contacts: w.people, Box: w.core.Box, Host: "aubin.example"})
	var err error
	w.kit, err = web.NewKit(web.KitOptions{
		Layouts: assets.FS, Bundles: []web.Bundle{site.Bundle}, Clock: w.clock,
		Zone: func() *time.Location { return paris },
		Chrome: map[string]func(*web.Request) (any, error){
			"plain": func(*web.Request) (any, error) { return assets.PlainChrome{}, nil },
		},
	})
	must(t, err)
	w.places = w.core.Places
	w.live = live.New(w.db, live.Options{})
	w.site = site.New(site.Options{Kit: w.kit, DB: w.db, House: w.house, Places: w.places, Media: w.media, Talk: w.talk, Bus: w.core.Bus, Live: w.live,
		Accounts: account.New(account.Options{DB: w.db, Bus: w.core.Bus})})
	w.router = web.NewRouter(web.Options{
		BaseURL: coretest.Base(), Kit: w.kit, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), Clock: w.clock,
		PublicLang: func() i18n.Lang { return i18n.FrFR },
		Rates: map[string]web.Rate{"comment": {Burst: 5, Every: time.Hour}, "contact": {Burst: 5, Every: time.Hour},
			"search": {Burst: 50, Every: time.Second}, "confirm": {Burst: 50, Every: time.Second}},
		Identify: func(context.Context, *http.Request) (web.Identity, error) {
			if w.signedIn {
				return web.Identity{Actor: actor.Actor{Account: 77, Grants: []actor.Grant{{Role: actor.Owner}}}}, nil
			}
			return web.Identity{}, fault.Unauthenticated()
		},
	})
	w.router.Handle(w.site.Routes()...)
	return w
}

// furnish makes the house, its voices, and opens it.
func (w *world) furnish() *world {
	w.t.Helper()
	claire, shop := coretest.Claire(), coretest.Shop()
	claire.Role, claire.Bio, claire.Links = "dirigeante des Ateliers Aubin", "Elle y parle de bois et de délais.", []string{"https://social.example/@claire"}
	shop.Accent = "#1f5f8b"
	made := w.core.SetUp(coretest.Aubin(), claire, shop, coretest.Inside())
	w.claire, w.shop, w.inside = made[0], made[1], made[2]
	w.open(true)
	return w
}

var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return l
}()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) open(public bool) {
	w.t.Helper()
	_, err := w.house.Change(w.t.Context(), actor.System(), house.Patch{Public: &public})
	must(w.t, err)
}

func (w *world) create(in post.Input) post.Post {
	w.t.Helper()
	if in.Voice == 0 {
		in.Voice = w.claire.ID
	}
	p, err := w.posts.Create(w.t.Context(), owner, in)
	must(w.t, err)
	return p
}

func (w *world) publish(in post.Input) post.Post {
	w.t.Helper()
	p, err := w.posts.Publish(w.t.Context(), owner, w.create(in).ID)
	must(w.t, err)
	return p
}

// owner is who writes in the house: what they show of files, readers may see.
var owner = actor.Actor{Account: 77, Name: "Claire", Grants: []actor.Grant{{Role: actor.Owner}}}

// picture uploads a picture of that many pixels.
func (w *world) picture(width, height int, alt string) fact.MediaID {
	w.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(200 - 90*y/height), uint8(180 - 60*x/width), uint8(150 - 40*y/height), 255})
		}
	}
	var b bytes.Buffer
	must(w.t, png.Encode(&b, img))
	m, err := w.media.Upload(w.t.Context(), owner, "photo.png", &b, alt)
	must(w.t, err)
	return m.ID
}

func (w *world) do(r *http.Request) *httptest.ResponseRecorder {
	w.t.Helper()
	r.RemoteAddr = "192.0.2.7:4000"
	if w.signedIn {
		r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "x"})
	}
	rec := httptest.NewRecorder()
	w.router.ServeHTTP(rec, r)
	return rec
}

func (w *world) get(path string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.do(httptest.NewRequest("GET", path, nil))
}

func (w *world) post(path string, fields url.Values) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(r)
}

// page gets a page that must be there.
func (w *world) page(path string) string {
	w.t.Helper()
	rec := w.get(path)
	if rec.Code != http.StatusOK {
		w.t.Fatalf("GET %s: %d %s", path, rec.Code, rec.Body)
	}
	b, err := io.ReadAll(rec.Body)
	must(w.t, err)
	return string(b)
}

func has(t testing.TB, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
}

func hasNot(t testing.TB, page string, refused ...string) {
	t.Helper()
	for _, r := range refused {
		if strings.Contains(page, r) {
			t.Errorf("the page holds %q", r)
		}
	}
}

// says puts a visible message of the past under a post; email "" is the house's own answer.
func (w *world) says(p post.Post, parent fact.MessageID, name, email, words string) inbox.Message {
	w.t.Helper()
	in := inbox.Import{Incoming: inbox.Incoming{Post: p.ID, Voice: p.Voice, Subject: p.Title, Parent: parent, Kind: inbox.KindComment, Name: name, From: contact.Address(email), Body: words,
		Moderation: inbox.Visible, Lang: "fr-FR", At: w.clock.Now()}}
	if email == "" {
		in.Kind = inbox.KindAnswer
	}
	m, _, err := w.talk.Import(w.t.Context(), actor.Importer(), in)
	must(w.t, err)
	w.clock.Advance(time.Minute)
	return m
}

// heard lists what came in, the newest first.
func (w *world) heard() []inbox.Message {
	w.t.Helper()
	all, _, err := w.talk.List(w.t.Context(), actor.System(), inbox.Filter{})
	must(w.t, err)
	return all
}
