package voiceweb_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/core/voice/voiceweb"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

type desk struct {
	t              *testing.T
	router         *web.Router
	kit            *web.Kit
	voices         *voice.Service
	media          *media.Service
	claire, inside voice.Voice
	grants         []actor.Grant
	lang           i18n.Lang
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	clk := clock.NewManual(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC))
	d := dbtest.Open(t, db.SQLite, schema.All(), dbtest.Clock(clk))
	s := &desk{t: t, media: media.New(d, blob.Dir(t.TempDir())), grants: []actor.Grant{{Role: actor.Owner}}, lang: i18n.FrFR}
	s.voices = voice.New(d, bus.New(queue.New(d, queue.Options{})), s.media)
	for to, in := range map[*voice.Voice]voice.NewVoice{
		&s.claire: {Name: "Claire Aubin", Slug: "claire", Kind: voice.Personal, Lang: "fr-FR", Links: []string{"https://social.example/@claire"}},
		&s.inside: {Name: "Entre nous", Slug: "entre-nous", Kind: voice.Internal, Lang: "fr-FR"},
	} {
		v, err := s.voices.Create(t.Context(), actor.System(), in)
		if err != nil {
			t.Fatal(err)
		}
		*to = v
	}
	err := s.voices.SetMain(t.Context(), actor.System(), s.claire.ID)
	if err != nil {
		t.Fatal(err)
	}
	if s.kit, err = web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{voiceweb.Bundle}, Clock: clk}); err != nil {
		t.Fatal(err)
	}
	base := &url.URL{Scheme: "https", Host: "parole.example"}
	s.router = web.NewRouter(web.Options{BaseURL: base, Kit: s.kit, Clock: clk,
		Identify: func(context.Context, *http.Request) (web.Identity, error) {
			return web.Identity{Actor: actor.Actor{Account: 1, Grants: s.grants}, Lang: s.lang}, nil
		}})
	s.router.Handle(voiceweb.New(s.kit, s.voices, s.media, place.New(d, base, s.voices)).Routes()...)
	return s
}

func (s *desk) send(method, target, kind string, body io.Reader) (*http.Response, string) {
	s.t.Helper()
	r := httptest.NewRequest(method, "https://parole.example"+target, body)
	r.Header.Set("Content-Type", kind)
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "x"})
	rec := httptest.NewRecorder()
	s.router.ServeHTTP(rec, r)
	b, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return rec.Result(), string(b)
}

func (s *desk) get(target string) (*http.Response, string) { return s.send("GET", target, "", nil) }

func (s *desk) post(target string, pairs ...string) (*http.Response, string) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return s.send("POST", target, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload sends a form with a file.
func (s *desk) upload(target string, file []byte, pairs ...string) (*http.Response, string) {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		m.WriteField(pairs[i], pairs[i+1])
	}
	w, err := m.CreateFormFile("portrait", "claire.png")
	if err != nil {
		s.t.Fatal(err)
	}
	w.Write(file)
	m.Close()
	return s.send("POST", target, m.FormDataContentType(), &b)
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		img.Set(i, i%30, color.RGBA{uint8(i * 6), 40, 90, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s *desk) now(id fact.VoiceID) voice.Voice {
	s.t.Helper()
	v, err := s.voices.Get(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func want(t *testing.T, res *http.Response, body string, status int, says ...string) {
	t.Helper()
	if res.StatusCode != status {
		t.Errorf("%d, want %d\n%.2000s", res.StatusCode, status, body)
	}
	for _, s := range says {
		if !strings.Contains(body, s) {
			t.Errorf("the page does not say %q:\n%.8000s", s, body)
		}
	}
}

const page = "/app/settings/voices"

func TestAVoiceSaysWhereItIsRead(t *testing.T) {
	t.Parallel()
	s := newDesk(t)
	res, body := s.get(page)
	want(t, res, body, 200, "Claire Aubin", "voix principale", "https://parole.example/</p>", "https://parole.example/app/in/entre-nous/")
	res, body = s.get(page + "/" + s.claire.ID.String())
	want(t, res, body, 200, `href="https://parole.example/feed.xml"`, `value="claire"`, "https://social.example/@claire", `value="#8a2f2a" checked`)
	res, body = s.get(page + "/" + s.inside.ID.String())
	want(t, res, body, 200, "Interne")
	if strings.Contains(body, "feed.xml") {
		t.Error("an internal voice has a feed")
	}
	res, body = s.get(page + "/0000000000099")
	want(t, res, body, 404)
}

func TestANewVoiceTakesItsAddressFromItsName(t *testing.T) {
	t.Parallel()
	s := newDesk(t)
	for _, tt := range []struct{ name, slug, problem string }{
		{"", "", `id="p-name"`}, {"Claire", "", "déjà pris"}, {"Les Ateliers", "Les Ateliers", "tirets simples"}, {"Les Ateliers", "app", "réservé"},
	} {
		res, body := s.post(page, "name", tt.name, "slug", tt.slug, "kind", "corporate", "lang", "en", "role", "menuisiers")
		want(t, res, body, 422, tt.problem, `value="`+tt.name+`"`, `value="corporate" checked`, `value="en" selected`, `value="menuisiers"`)
	}
	res, body := s.post(page, "name", "Les Ateliers", "kind", "corporate", "lang", "en", "role", "menuisiers")
	want(t, res, body, 303)
	id, found := strings.CutPrefix(res.Header.Get("Location"), page+"/")
	if !found {
		t.Fatalf("leads to %q", res.Header.Get("Location"))
	}
	res, body = s.get(page + "/" + id)
	want(t, res, body, 200, "https://parole.example/les-ateliers/feed.xml", "menuisiers")
}

func TestAVoiceChangesAndKeepsWhatWasTypedWhenItCannot(t *testing.T) {
	t.Parallel()
	s := newDesk(t)
	one := page + "/" + s.claire.ID.String()
	res, body := s.post(one, "name", "", "role", "dirigeante", "bio", "Je fabrique.", "accent", "other", "accent_hex", "rouge", "email", "claire chez",
		"links", "https://a.example\npas une adresse", "slug", "claire", "kind", "personal", "lang", "fr-FR")
	want(t, res, body, 422, `id="p-name"`, `id="p-accent"`, `id="p-email"`, `id="p-links"`, `value="dirigeante"`, "Je fabrique.", `value="rouge"`,
		`value="other" checked`, "pas une adresse", `value="claire chez"`)
	res, body = s.post(one, "name", "Claire A.", "role", "dirigeante", "bio", "Je fabrique.", "accent", "other", "accent_hex", "#336699", "email",
		"claire@aubin.example", "links", "https://a.example\n https://b.example/@c", "slug", "claire-aubin", "kind", "personal", "lang", "en")
	want(t, res, body, 303)
	v := s.now(s.claire.ID)
	if v.Name != "Claire A." || v.Accent != "#336699" || v.Slug != "claire-aubin" || v.Lang != "en" || len(v.Links) != 2 || v.Email != "claire@aubin.example" {
		t.Errorf("the voice is %+v", v)
	}
	res, body = s.get(one)
	want(t, res, body, 200, `value="other" checked`, `value="#336699"`)
	res, body = s.post(one, "name", "Claire A.", "kind", "internal")
	want(t, res, body, 422, "celle du public")
}

func TestAPortraitIsKeptEvenWhenAWordIsMissingElsewhere(t *testing.T) {
	t.Parallel()
	s := newDesk(t)
	one := page + "/" + s.claire.ID.String()
	res, body := s.upload(one, picture(t), "name", "", "portrait_id", "")
	want(t, res, body, 422, `id="p-name"`)
	m := regexp.MustCompile(`name="portrait_id" value="([0-9a-z]{13})"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the form does not remember the picture:\n%.4000s", body)
	}
	if !strings.Contains(body, "/media/"+m[1]+"/square") {
		t.Error("the form does not show it")
	}
	res, body = s.post(one, "name", "Claire Aubin", "portrait_id", m[1])
	want(t, res, body, 303)
	if got := s.now(s.claire.ID).Portrait.String(); got != m[1] {
		t.Errorf("the portrait is %s, want %s", got, m[1])
	}
	if _, info, err := s.media.File(t.Context(), actor.Visitor(), s.now(s.claire.ID).Portrait, media.Square); err != nil || !info.Public {
		t.Errorf("strangers do not see the portrait: %v", err)
	}
	res, body = s.upload(one, []byte("not a picture"), "name", "Claire Aubin", "portrait_id", m[1])
	want(t, res, body, 422, "n’est pas une image", "/media/"+m[1]+"/square")
	res, body = s.upload(one, []byte("%PDF-1.7 not a picture either"), "name", "Claire Aubin", "portrait_id", m[1])
	want(t, res, body, 422, "n’est pas une image")
	res, body = s.post(one, "name", "Claire Aubin", "portrait_id", m[1], "portrait_remove", "1")
	want(t, res, body, 303)
	if !s.now(s.claire.ID).Portrait.IsZero() {
		t.Error("the portrait is still there")
	}
}

func TestAnEditorChangesTheLookOfItsVoiceAndNotItsAddress(t *testing.T) {
	t.Parallel()
	s := newDesk(t)
	s.grants = []actor.Grant{{Voice: int64(s.claire.ID), Role: actor.Editor}}
	one := page + "/" + s.claire.ID.String()
	res, body := s.get(one)
	want(t, res, body, 200)
	if strings.Contains(body, `name="slug"`) || strings.Contains(body, `name="kind"`) {
		t.Error("an editor is offered the address")
	}
	res, body = s.post(one, "name", "Claire", "slug", "autre", "kind", "corporate")
	want(t, res, body, 303)
	if v := s.now(s.claire.ID); v.Name != "Claire" || v.Slug != "claire" || v.Kind != voice.Personal {
		t.Errorf("the voice is %+v", v)
	}
	for _, other := range []string{page + "/" + s.inside.ID.String()} {
		res, body = s.get(other)
		want(t, res, body, 403)
		res, body = s.post(other, "name", "x")
		want(t, res, body, 403)
	}
	res, body = s.post(page, "name", "Une autre", "kind", "personal", "lang", "fr-FR")
	want(t, res, body, 403)
	s.grants = []actor.Grant{{Role: actor.Author}}
	res, body = s.get(page)
	want(t, res, body, 403)
}

func TestEveryColourOfferedIsReadOnPaper(t *testing.T) {
	for _, s := range voiceweb.Swatches() {
		for _, ground := range []string{"#fbfaf6", "#ffffff", "#f3efe6"} {
			if c := contrast(t, s.Hex, ground); c < 4.5 {
				t.Errorf("%s on %s: %.2f", s.Hex, ground, c)
			}
		}
		if _, err := assets.AccentCSS(s.Hex); err != nil {
			t.Error(err)
		}
	}
}

// contrast is the ratio of WCAG 2.2.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light := func(hex string) float64 {
		n, err := strconv.ParseUint(hex[1:], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			c := float64(n>>(16-8*i)&255) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTheTextsAreComplete(t *testing.T) {
	t.Parallel()
	s := newDesk(t)
	for _, err := range s.kit.Catalog().Check() {
		t.Error(err)
	}
	for _, s.lang = range i18n.Langs() {
		for _, target := range []string{page, page + "/" + s.claire.ID.String()} {
			if res, body := s.get(target); res.StatusCode != 200 {
				t.Error(fmt.Sprint(target, " ", res.StatusCode, body))
			}
		}
	}
	for _, m := range s.kit.Catalog().Missing() {
		t.Errorf("no text for %s", m)
	}
}

func TestAnOwnerMovesAVoiceAndReadsWhatThatDoes(t *testing.T) {
	t.Parallel()
	s := newDesk(t)
	shop, err := s.voices.Create(t.Context(), actor.System(), voice.NewVoice{Name: "Les Ateliers", Slug: "ateliers", Kind: voice.Corporate, Lang: "fr-FR"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/app/settings/voices/" + shop.ID.String()
	see := func(target string, status int, says ...string) {
		t.Helper()
		res, body := s.get(target)
		if res.StatusCode != status {
			t.Errorf("%s answers %d", target, res.StatusCode)
		}
		for _, w := range says {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not say %q", target, w)
			}
		}
	}
	do := func(target string, status int, says string, pairs ...string) {
		t.Helper()
		res, body := s.post(target, pairs...)
		if res.StatusCode != status || !strings.Contains(body, says) {
			t.Errorf("%s answers %d, and says %q: %v", target, res.StatusCode, says, strings.Contains(body, says))
		}
	}
	see(at, 200, "https://parole.example/ateliers/", "En faire la voix principale", "Claire Aubin", "parole.example (ou", "Adresse propre")
	do(at+"/host", 422, "Un nom de domaine complet", "host", "pas un nom")
	do(at+"/host", 422, "déjà l’adresse de la maison", "host", "Parole.example")
	do(at+"/host", 303, "", "host", "bois.exemple.fr")
	see(at, 200, "https://bois.exemple.fr/feed.xml", "Quitter cette adresse", "Le nom de cette voix")
	do(at+"/main", 422, "a son adresse propre")
	do(at+"/host/leave", 303, "")
	see(at, 200, "https://parole.example/ateliers/", "https://bois.exemple.fr/", "Libérer…")
	do(at+"/homes/free", 409, "", "host", "", "root", "ateliers")
	do(at+"/homes/free", 303, "", "host", "bois.exemple.fr", "root", "")
	do(at+"/main", 303, "")
	if main, err := s.voices.Main(t.Context()); err != nil || main.ID != shop.ID {
		t.Errorf("the main voice is %q, %v", main.Name, err)
	}
	see("/app/settings/voices/"+s.claire.ID.String(), 200, "https://parole.example/claire/", "En faire la voix principale")
	s.grants = []actor.Grant{{Voice: int64(shop.ID), Role: actor.Editor}}
	for _, gesture := range []string{"/main", "/host", "/host/leave", "/homes/free"} {
		do(at+gesture, 403, "", "host", "x.exemple.fr")
	}
}
