package postweb

import (
	"bytes"
	"context"
	"html"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/account"
	"causerie/internal/core/coretest"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

// desk is the pages over a real house in Paris, on SQLite, with somebody signed in.
type desk struct {
	t      *testing.T
	clock  *clock.Manual
	db     *db.DB
	queue  *queue.Queue
	kit    *web.Kit
	router *web.Router
	pages  *Handler
	posts  *post.Service
	voice  voice.Voice
	shop   voice.Voice
	who    actor.Actor
	lang   i18n.Lang
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, schema.All(), dbtest.Clock(clk))
	core := coretest.New(t, d)
	k := &desk{t: t, clock: clk, db: d, queue: core.Queue, lang: i18n.FrFR}
	k.posts = post.New(post.Options{DB: d, Bus: core.Bus, Queue: core.Queue, House: core.House, Voices: core.Voices, Media: core.Media})
	shop := coretest.Shop()
	shop.Name, shop.Slug = "The shop", "shop"
	voices := core.SetUp(coretest.Aubin(), coretest.Claire(), shop)
	k.voice, k.shop = voices[0], voices[1]
	core.Open(true)
	k.who = actor.Actor{Account: 7, Name: "Claire", Grants: []actor.Grant{{Role: actor.Owner}}}
	var err error
	k.kit, err = web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{Bundle}, Clock: clk,
		Zone: func() *time.Location { l, _ := time.LoadLocation("Europe/Paris"); return l },
		Chrome: map[string]func(*web.Request) (any, error){
			"work": func(*web.Request) (any, error) {
				return assets.WorkChrome{HouseName: "Ateliers Aubin", Items: assets.WorkItems(nil)}, nil
			},
			"plain": func(*web.Request) (any, error) { return assets.PlainChrome{}, nil },
		}})
	must(t, err)
	base, err := url.Parse("https://aubin.example")
	must(t, err)
	k.router = web.NewRouter(web.Options{BaseURL: base, Kit: k.kit, Clock: clk,
		Identify: func(context.Context, *http.Request) (web.Identity, error) {
			return web.Identity{Actor: k.who, Lang: k.lang}, nil
		}})
	k.pages = New(k.kit, k.posts, core.Media, core.Voices, core.House, core.Places, account.New(account.Options{DB: d, Bus: core.Bus}))
	k.router.Handle(k.pages.Routes()...)
	return k
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what came back, its text unescaped and without the spaces of typography.
type answer struct {
	code     int
	location string
	body     string
	text     string
}

var tags = regexp.MustCompile(`<[^>]*>`)

func (k *desk) do(r *http.Request) answer {
	k.t.Helper()
	if k.who.SignedIn() {
		r.AddCookie(&http.Cookie{Name: "causerie_session", Value: "whoever"})
	}
	w := httptest.NewRecorder()
	k.router.ServeHTTP(w, r)
	if w.Code >= 500 {
		k.t.Fatalf("%s %s: %d\n%s", r.Method, r.URL, w.Code, w.Body)
	}
	plain := html.UnescapeString(tags.ReplaceAllString(w.Body.String(), " "))
	return answer{w.Code, w.Header().Get("Location"), w.Body.String(), strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(plain)}
}

func (k *desk) get(path string) answer {
	k.t.Helper()
	return k.do(httptest.NewRequest("GET", "https://aubin.example"+path, nil))
}

// told gets a page after another one said key.
func (k *desk) told(path, key string) answer {
	k.t.Helper()
	r := httptest.NewRequest("GET", "https://aubin.example"+path, nil)
	r.AddCookie(&http.Cookie{Name: "causerie_flash", Value: key})
	return k.do(r)
}

func (k *desk) post(path string, fields ...string) answer {
	k.t.Helper()
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", "https://aubin.example"+path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return k.do(r)
}

// send posts a form with a file.
func (k *desk) send(path, field, name string, file []byte, fields ...string) answer {
	k.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		must(k.t, m.WriteField(fields[i], fields[i+1]))
	}
	part, err := m.CreateFormFile(field, name)
	must(k.t, err)
	_, err = part.Write(file)
	must(k.t, err)
	must(k.t, m.Close())
	r := httptest.NewRequest("POST", "https://aubin.example"+path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Accept", "application/json")
	return k.do(r)
}

func (k *desk) draft(in post.Input) post.Post {
	k.t.Helper()
	in.Voice = k.voice.ID
	p, err := k.posts.Create(k.t.Context(), k.who, in)
	must(k.t, err)
	return p
}

// leave has what was published go out, some seconds later.
func (k *desk) leave() {
	k.t.Helper()
	k.clock.Advance(post.UndoFor)
	_, err := k.queue.RunDue(k.t.Context())
	must(k.t, err)
}

func (k *desk) now(id fact.PostID) post.Post {
	k.t.Helper()
	p, err := k.posts.Get(k.t.Context(), k.who, id)
	must(k.t, err)
	return p
}

func photo(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for i := range 60 {
		img.Set(i, i%40, color.RGBA{uint8(i * 4), 90, 40, 255})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

func (a answer) version() string {
	if m := versionField.FindStringSubmatch(a.body); m != nil {
		return m[1]
	}
	return ""
}
