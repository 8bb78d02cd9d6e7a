package harness_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/fault"
)

// moving is a house whose voices move: Jeanne's, the main one at first, and the workshop's.
type moving struct {
	t *testing.T
	*harness.House
	jeanne, atelier voice.Voice
	bonjour, bois   post.Post
	note            post.Post
}

func newMoving(t *testing.T, h *harness.House) *moving {
	m := &moving{t: t, House: h}
	var err error
	m.jeanne, err = h.Voices.Main(t.Context())
	m.must(err)
	m.atelier, err = h.Voices.Create(t.Context(), h.Owner.Actor(), voice.NewVoice{Name: "L’Atelier", Slug: "atelier", Kind: voice.Corporate, Lang: "fr-FR"})
	m.must(err)
	m.bonjour = m.publish(m.jeanne, post.Input{Kind: post.Article, Title: "Bonjour", Body: "Le bonjour de Jeanne.", Section: "Chantiers"})
	m.bois = m.publish(m.atelier, post.Input{Kind: post.Article, Title: "Le bois", Body: "Celui de l’atelier.", Section: "Bois", Tags: []string{"RSS"}})
	m.note = m.publish(m.atelier, post.Input{Kind: post.Note, Body: "Une note de l’atelier."})
	return m
}

func (m *moving) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *moving) publish(v voice.Voice, in post.Input) post.Post {
	m.t.Helper()
	in.Voice = v.ID
	p, err := m.Posts.Create(m.t.Context(), m.Owner.Actor(), in)
	m.must(err)
	p, err = m.Posts.Publish(m.t.Context(), m.Owner.Actor(), p.ID)
	m.must(err)
	return p
}

// ask sends a request of a stranger to a host, "" for the house's own.
func (m *moving) ask(method, host, target string, form url.Values) *http.Response {
	m.t.Helper()
	if host == "" {
		host = strings.TrimPrefix(m.URL, "http://")
	}
	r := httptest.NewRequestWithContext(m.t.Context(), method, "http://"+host+target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	m.Handler.ServeHTTP(w, r)
	return w.Result()
}

// page expects a page of that host and path that holds words.
func (m *moving) page(host, path, words string) string {
	m.t.Helper()
	res := m.ask("GET", host, path, nil)
	body := bodyOf(m.t, res)
	if res.StatusCode != http.StatusOK || !strings.Contains(body, words) {
		m.t.Errorf("%s%s answers %d %s, and says %q: %v", host, path, res.StatusCode, res.Header.Get("Location"), words, strings.Contains(body, words))
	}
	return body
}

// leads expects that an address leads to another for good, and that something stands there.
func (m *moving) leads(host, path, to string) {
	m.t.Helper()
	res := m.ask("GET", host, path, nil)
	if res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != to {
		m.t.Errorf("%s%s answers %d %q, want it to lead to %s", host, path, res.StatusCode, res.Header.Get("Location"), to)
		return
	}
	at, err := url.Parse(to)
	m.must(err)
	toHost := host
	if at.Host != "" {
		toHost = at.Host
	}
	if end := m.ask("GET", toHost, at.RequestURI(), nil); end.StatusCode != http.StatusOK {
		m.t.Errorf("%s%s leads to %s, which answers %d %s", host, path, to, end.StatusCode, end.Header.Get("Location"))
	}
}

func bodyOf(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// under lists what stands under the atelier's root.
func (m *moving) under() []string {
	note := "/n/" + m.note.ID.String()
	return []string{"/", "/le-bois", "/le-bois/feed.xml", "/le-bois/atom.xml", "/feed.xml", "/atom.xml", "/feed.json", "/n/", "/n/feed.xml", note, note + "/feed.xml",
		"/section/bois/", "/section/bois/feed.xml", "/tag/rss/", "/tag/rss/feed.json", "/2026/", "/2026/11/", "/2026/11/feed.xml"}
}

func TestARenamedVoiceIsFoundAtEveryAddressThatItHad(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		rename := func(slug string) {
			t.Helper()
			_, err := h.Voices.Change(t.Context(), h.Owner.Actor(), m.atelier.ID, voice.Patch{Slug: &slug})
			m.must(err)
		}
		for _, rest := range m.under() {
			m.page("", "/atelier"+rest, "")
		}
		rename("nouvel-atelier")
		for _, rest := range m.under() {
			m.leads("", "/atelier"+rest, "/nouvel-atelier"+rest)
		}
		m.leads("", "/atelier", "/nouvel-atelier/")
		m.leads("", "/atelier/rss", "/nouvel-atelier/feed.xml")
		m.leads("", "/atelier/le-bois?reply=x", "/nouvel-atelier/le-bois?reply=x")
		if list := m.page("", "/sitemap.xml", h.URL+"/nouvel-atelier/le-bois"); strings.Contains(list, h.URL+"/atelier/") {
			t.Error("the sitemap lists addresses that the voice left")
		}
		_, err := h.Voices.Create(t.Context(), h.Owner.Actor(), voice.NewVoice{Name: "Autre", Slug: "atelier", Kind: voice.Corporate, Lang: "fr-FR"})
		if problems := fault.ProblemsOf(err); len(problems) != 1 || problems[0].Field != "slug" || problems[0].Code != "was_home" {
			t.Errorf("another voice at an address that was the workshop's: %v", err)
		}
		if p := m.publish(m.jeanne, post.Input{Kind: post.Article, Title: "Atelier", Body: "Un billet."}); p.Slug == "atelier" {
			t.Error("a post of the main voice stands where the workshop was")
		}
		rename("atelier")
		m.page("", "/atelier/le-bois", "Celui de l’atelier.")
		m.leads("", "/nouvel-atelier/le-bois", "/atelier/le-bois")
		m.must(h.Voices.FreeHome(t.Context(), h.Owner.Actor(), m.atelier.ID, "", "nouvel-atelier"))
		if res := m.ask("GET", "", "/nouvel-atelier/le-bois", nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("an address that was freed answers %d", res.StatusCode)
		}
		if _, err := h.Voices.Create(t.Context(), h.Owner.Actor(), voice.NewVoice{Name: "Nouvel atelier", Kind: voice.Corporate, Lang: "fr-FR"}); err != nil {
			t.Errorf("another voice at an address that was freed: %v", err)
		}
	})
}

func TestAnotherMainVoiceTakesNothingThatWasTheFirstOnes(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		me, root := h.Owner.Actor(), "/"+m.jeanne.Slug
		m.page("", "/feed.xml", "Jeanne Le Du")
		m.leads("", root+"/bonjour", "/bonjour")
		m.must(h.Voices.SetMain(t.Context(), me, m.atelier.ID))

		m.page("", "/le-bois", "Celui de l’atelier.")
		m.leads("", "/atelier/le-bois", "/le-bois")
		m.leads("", "/bonjour", root+"/bonjour")
		m.leads("", "/section/chantiers/", root+"/section/chantiers/")
		for _, f := range []string{"/feed.xml", "/atom.xml", "/feed.json", "/section/chantiers/feed.xml", "/2026/11/feed.xml", "/bonjour/feed.xml"} {
			m.leads("", f, root+f)
		}
		m.page("", root+"/feed.xml", "Le bonjour de Jeanne.")
		m.page("", "/atelier/feed.xml", "Celui de l’atelier.")
		if front := m.page("", "/", `href="/atelier/feed.xml"`); strings.Contains(front, `href="/feed.xml"`) {
			t.Error("the front of the workshop announces the feed of another")
		}
		said := m.ask("POST", "", "/bonjour/comments", url.Values{"name": {"Paul"}, "email": {"paul@kervella.example"}, "body": {"Bonjour à vous."}})
		if to := said.Header.Get("Location"); said.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, root+"/bonjour#said-") {
			t.Errorf("a comment sent to the address of before: %d %s", said.StatusCode, to)
		}

		m.publish(m.atelier, post.Input{Kind: post.Article, Title: "Bonjour", Body: "Le bonjour de l’atelier."})
		m.page("", "/bonjour", "Le bonjour de l’atelier.")
		m.leads("", "/bonjour/feed.xml", root+"/bonjour/feed.xml")
		m.page("", "/atelier/bonjour/feed.xml", "")

		m.must(h.Voices.SetMain(t.Context(), me, m.jeanne.ID))
		m.page("", "/bonjour", "Le bonjour de Jeanne.")
		m.page("", "/feed.xml", "Le bonjour de Jeanne.")
		m.leads("", "/le-bois", "/atelier/le-bois")
		m.leads("", root+"/feed.xml", "/feed.xml")
		internal := voice.Internal
		if _, err := h.Voices.Change(t.Context(), me, m.jeanne.ID, voice.Patch{Kind: &internal}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("the main voice going inside: %v", err)
		}
	})
}

func TestAVoiceHasAHostOfItsOwn(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		_, port, _ := strings.Cut(strings.TrimPrefix(h.URL, "http://"), ":")
		own := "bois.exemple.fr:" + port
		at := "http://" + own
		m.must(h.Voices.AddHome(t.Context(), h.Owner.Actor(), m.atelier.ID, "https://Bois.Exemple.fr/"))
		for _, rest := range m.under() {
			m.leads("", "/atelier"+rest, at+rest)
		}
		page := m.page(own, "/le-bois", `<link rel="canonical" href="`+at+`/le-bois"`)
		for _, want := range []string{`href="` + h.URL + `/contact"`, `action="/le-bois/comments"`, `href="/feed.xml"`, `href="/section/bois/"`} {
			if !strings.Contains(page, want) {
				t.Errorf("the page on its own host lacks %s", want)
			}
		}
		m.page(own, "/feed.xml", "<link>"+at+"/le-bois</link>")
		m.page(own, "/robots.txt", "Sitemap: "+at+"/sitemap.xml")
		if list := m.page(own, "/sitemap.xml", at+"/le-bois"); strings.Contains(list, h.URL) {
			t.Error("the sitemap of the host lists the house's other pages")
		}
		if list := m.page("", "/sitemap.xml", h.URL+"/bonjour"); strings.Contains(list, own) {
			t.Error("the sitemap of the house lists the voice's pages")
		}
		m.leads(own, "/contact", h.URL+"/contact")
		if res := m.ask("GET", own, "/app/sign-in", nil); res.StatusCode != http.StatusTemporaryRedirect || res.Header.Get("Location") != h.URL+"/app/sign-in" {
			t.Errorf("the work side on the voice's host: %d %s", res.StatusCode, res.Header.Get("Location"))
		}
		if res := m.ask("GET", own, "/bonjour", nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("the main voice's post on the host of another: %d", res.StatusCode)
		}
		said := m.ask("POST", own, "/le-bois/comments", url.Values{"name": {"Paul"}, "email": {"paul@kervella.example"}, "body": {"Beau bois."}})
		if to := said.Header.Get("Location"); said.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/le-bois#said-") {
			t.Errorf("a comment on the voice's host: %d %s", said.StatusCode, to)
		}
		said = m.ask("POST", "", "/atelier/le-bois/comments", url.Values{"name": {"Anne"}, "email": {"anne@kervella.example"}, "body": {"Vraiment."}})
		if to := said.Header.Get("Location"); said.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, at+"/le-bois#said-") {
			t.Errorf("a comment sent to the address of before: %d %s", said.StatusCode, to)
		}
		m.page("unknown.example", "/bonjour", `<link rel="canonical" href="`+h.URL+`/bonjour"`)
		if err := h.Voices.AddHome(t.Context(), h.Owner.Actor(), m.jeanne.ID, "jeanne.exemple.fr"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("the main voice on another host: %v", err)
		}
		m.must(h.Voices.LeaveHome(t.Context(), h.Owner.Actor(), m.atelier.ID))
		m.leads(own, "/le-bois", h.URL+"/atelier/le-bois")
		m.page("", "/atelier/le-bois", "Celui de l’atelier.")
	})
}

func TestAVoiceDoesNotTakeTheAddressOfAPost(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		m := newMoving(t, h)
		me := h.Owner.Actor()
		slug := "salut"
		_, err := h.Posts.Save(t.Context(), me, m.bonjour.ID, post.Patch{Slug: &slug}, 0)
		m.must(err)
		_, err = h.Posts.Unpublish(t.Context(), me, m.publish(m.jeanne, post.Input{Kind: post.Article, Title: "Hier", Body: "Repris."}).ID)
		m.must(err)
		for _, in := range []voice.NewVoice{{Name: "Une", Slug: "bonjour"}, {Name: "Une", Slug: "salut"}, {Name: "Hier"}, {Name: "Le bois"}} {
			in.Kind, in.Lang = voice.Corporate, "fr-FR"
			_, err := h.Voices.Create(t.Context(), me, in)
			if problems := fault.ProblemsOf(err); len(problems) != 1 || problems[0].Field != "slug" || problems[0].Code != "taken" {
				t.Errorf("a voice %q at %q: %v", in.Name, in.Slug, err)
			}
		}
		m.leads("", "/bonjour", "/salut")
	})
}
