package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// The texts of every page are there in every language, with the same arguments.
func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	for _, err := range w.kit.Catalog().Check() {
		t.Error(err)
	}
	w.publish(post.Input{Title: "Bois", Body: body, Question: "Oui ?", Tags: []string{"bois"}, Section: "Métier"})
	w.publish(post.Input{Kind: post.Note, Body: "Deux frênes ce matin.", Tags: []string{"bois"}})
	w.publish(post.Input{Voice: w.shop.ID, Title: "Two dates", Body: "On every quotation.", Lang: "en", Tags: []string{"wood"}})
	for _, path := range []string{"/", "/bois", "/n/", "/tag/bois/", "/section/metier/", "/2026/", "/2026/11/", "/search", "/search?q=frenes", "/search?q=zzz",
		"/contact", "/legal/mentions", "/legal/privacy", "/ateliers/", "/ateliers/two-dates", "/ateliers/tag/wood/"} {
		page := w.page(path)
		hasNot(t, page, ">site.", "&#34;site.", " style=", "<no value>")
		if n := strings.Count(page, "<h1"); n != 1 {
			t.Errorf("%s: %d h1", path, n)
		}
	}
	for _, country := range []string{"CA", "BE", "CH"} {
		_, err := w.house.Change(t.Context(), actor.System(), house.Patch{Country: &country, Identity: map[string]string{"privacy_officer": "Gaëlle Riou"}})
		must(t, err)
		has(t, w.page("/legal/mentions"), "Gaëlle Riou", "1 quai du Port", "Hébergeur du Ponant", `href="mailto:bonjour@aubin.example"`)
		w.page("/legal/privacy")
	}
	if missing := w.kit.Catalog().Missing(); len(missing) > 0 {
		t.Errorf("no text for %v", missing)
	}
}

func TestAStrangerSeesNothingOfAClosedHouse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		if got := w.get("/"); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/setup" {
			t.Errorf("before set-up: %d to %q", got.Code, got.Header().Get("Location"))
		}
		if got := w.get("/bois").Code; got != http.StatusNotFound {
			t.Errorf("a page before set-up: %d", got)
		}
		w.furnish()
		w.publish(post.Input{Title: "Bois", Body: "Le canari chante."})
		w.open(false)
		for _, path := range []string{"/", "/bois", "/feed.xml", "/search?q=canari", "/contact", "/legal/mentions", "/sitemap.xml", "/2026/", "/nowhere"} {
			got := w.get(path)
			if got.Code != http.StatusServiceUnavailable || got.Header().Get("X-Robots-Tag") != "noindex" {
				t.Errorf("GET %s: %d, X-Robots-Tag %q", path, got.Code, got.Header().Get("X-Robots-Tag"))
			}
			hasNot(t, got.Body.String(), "canari")
		}
		for _, path := range []string{"/bois/comments", "/contact"} {
			if got := w.post(path, url.Values{"name": {"Jean"}, "email": {"jean@example.org"}, "body": {"Bonjour"}}); got.Code != http.StatusServiceUnavailable {
				t.Errorf("POST %s: %d", path, got.Code)
			}
		}
		if len(w.heard()) != 0 {
			t.Error("a closed house took a message in")
		}
		has(t, w.page("/robots.txt"), "Disallow: /\n")
		w.signedIn = true
		has(t, w.page("/bois"), "Le canari chante.", "pas encore en ligne", `content="noindex"`)
		has(t, w.page("/"), "Bois")
		has(t, w.page("/search?q=canari"), "<mark>canari</mark>")
	})
}

func TestAnInternalVoiceDoesNotExistInPublic(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		w.publish(post.Input{Voice: w.inside.ID, Title: "Le canari", Body: "Entre nous, le canari.", Tags: []string{"secret"}, Section: "Caves"})
		w.publish(post.Input{Title: "Bois", Body: "Rien."})
		for _, path := range []string{"/entre-nous/", "/entre-nous/le-canari", "/entre-nous/feed.xml", "/entre-nous/section/caves/", "/tag/secret/", "/le-canari"} {
			if got := w.get(path); got.Code != http.StatusNotFound {
				t.Errorf("GET %s: %d", path, got.Code)
			}
		}
		for _, path := range []string{"/", "/feed.xml", "/sitemap.xml", "/search?q=canari", "/bois"} {
			hasNot(t, w.page(path), "le canari.", "Entre nous", "entre-nous")
		}
		if got := w.get("/claire/bois"); got.Code != http.StatusMovedPermanently || got.Header().Get("Location") != "/bois" {
			t.Errorf("the main voice under its slug: %d to %q", got.Code, got.Header().Get("Location"))
		}
	})
}

func TestAddressesLeadOnForEver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		p := w.publish(post.Input{Title: "Bois", Body: "Rien."})
		slug := "le-bois"
		if _, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Slug: &slug}, 0); err != nil {
			t.Fatal(err)
		}
		gone := w.publish(post.Input{Title: "Ôté", Body: "Rien."})
		must(t, w.posts.Delete(t.Context(), actor.System(), gone.ID))
		w.create(post.Input{Title: "Brouillon", Slug: "brouillon", Body: "Rien."})
		note := w.publish(post.Input{Kind: post.Note, Body: "Une note."})
		_, err := w.posts.Import(t.Context(), actor.Importer(), post.Import{Input: post.Input{Voice: w.claire.ID, Kind: post.Article, Title: "Bonjour", Slug: "bonjour",
			Body: "x"}, Status: post.Published, PublishedAt: monday.AddDate(-7, 0, 0), OldPaths: []string{"/2019/03/12/salut/", "/?p=123", "/vieux"}})
		must(t, err)
		w.publish(post.Input{Voice: w.shop.ID, Title: "Two dates", Body: "x", Lang: "en"})
		for _, c := range []struct {
			path, to string
			status   int
		}{
			{"/le-bois", "", 200}, {"/bois", "/le-bois", 301}, {"/le-bois/", "/le-bois", 301}, {"/bois/", "/le-bois", 301},
			{"/bois/?page=2", "/le-bois?page=2", 301}, {"/ote", "", 410}, {"/brouillon", "", 404}, {"/nowhere", "", 404},
			{"/2019/03/12/salut/", "/bonjour", 301}, {"/2019/03/12/salut", "/bonjour", 301}, {"/?p=123", "/bonjour", 301}, {"/?p=124", "", 200},
			{"/vieux/", "/bonjour", 301}, {"/rss", "/feed.xml", 301}, {"/feed/", "/feed.xml", 301}, {"/ateliers", "/ateliers/", 301},
			{"/ateliers/two-dates/", "/ateliers/two-dates", 301}, {"/ateliers/feed", "/ateliers/feed.xml", 301}, {"/2026", "/2026/", 301},
			{"/2026/11", "/2026/11/", 301}, {"/1999/", "", 404}, {"/2026/13/", "", 404}, {"/n/" + note.ID.String(), "", 200},
			{"/n/" + p.ID.String(), "/le-bois", 301}, {"/n/zzz", "", 404}, {"/legal", "/legal/mentions", 301}, {"/two-dates", "", 404},
			{"/tag/nothing/", "", 404}, {"/section/nothing/", "", 404}, {"/le-bois/comments", "", 404}, {"/a/b/c/d/e/f/g", "", 404},
			{"/?page=garbage", "", 404}, {"/%00", "", 400}, {"/le-bois/atom.xml", "", 200}, {"/favicon.ico", "*", 302},
		} {
			got := w.get(c.path)
			if got.Code != c.status || (c.to != "*" && got.Header().Get("Location") != c.to) {
				t.Errorf("GET %s: %d to %q, want %d to %q", c.path, got.Code, got.Header().Get("Location"), c.status, c.to)
			}
		}
		if got := w.do(must1(http.NewRequest("DELETE", base+"/le-bois", nil))).Code; got != http.StatusMethodNotAllowed {
			t.Errorf("DELETE: %d", got)
		}
	})
}

func TestACommentComesInAndIsReadBeforeItAppears(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		p := w.publish(post.Input{Title: "Bois", Body: "Rien."})
		first := w.says(p, 0, "Hélène", "helene@example.org", "Première.")
		got := w.post("/bois/comments", url.Values{"name": {"Jean"}, "email": {"jean@example.org"}, "body": {"Le canari chante."}, "parent": {first.ID.String()}, "notify": {"1"}})
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/bois#said-held" {
			t.Fatalf("%d to %q: %s", got.Code, got.Header().Get("Location"), got.Body)
		}
		page := w.page("/bois")
		has(t, page, `id="said-held" role="status" hidden`, "vos mots sont bien arrivés")
		hasNot(t, page, "canari")
		m := w.heard()[0]
		if m.Name != "Jean" || m.Parent != first.ID || !m.Notify || m.State != inbox.Held || m.Post != p.ID {
			t.Errorf("kept as %+v", m)
		}
		must(t, w.talk.Approve(t.Context(), actor.System(), m.ID))
		has(t, w.page("/bois"), "Le canari chante.", `id="c-`+m.ID.String()+`"`, "La conversation, 2 réponses")
		hasNot(t, w.page("/bois"), "jean@example.org")

		// Answering without a script.
		has(t, w.page("/bois?reply="+first.ID.String()), "Répondre à Hélène", `name="parent" value="`+first.ID.String()+`"`)
		hasNot(t, w.page(`/bois?reply="><script>`), "><script>")

		// What can be mended comes back with what was typed.
		again := w.post("/bois/comments", url.Values{"name": {"Jean"}, "email": {"nobody"}, "body": {"Des mots <b>gardés</b>"}, "parent": {first.ID.String()}})
		if again.Code != http.StatusUnprocessableEntity {
			t.Errorf("a wrong address: %d", again.Code)
		}
		has(t, again.Body.String(), "Des mots &lt;b&gt;gardés&lt;/b&gt;", `value="nobody"`, `aria-invalid="true"`, "Répondre à Hélène", "<h1>Bois</h1>")
		w.clock.Advance(time.Minute)
		// A trap that is filled is held, and nobody learns of it.
		trapped := w.post("/bois/comments", url.Values{"name": {"Bot"}, "email": {"bot@example.org"}, "body": {"x"}, "website": {"http://spam.example"}})
		if trapped.Code != http.StatusSeeOther || w.heard()[0].Reason != inbox.ReasonHoneypot {
			t.Errorf("a filled trap: %d, %q", trapped.Code, w.heard()[0].Reason)
		}
		if got := w.post("/nowhere/comments", url.Values{}).Code; got != http.StatusNotFound {
			t.Errorf("a comment on nothing: %d", got)
		}
		closed := "closed"
		if _, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Comments: &closed}, 0); err != nil {
			t.Fatal(err)
		}
		page = w.page("/bois")
		has(t, page, "Les commentaires sont fermés", `href="/contact"`)
		hasNot(t, page, "<form class=\"say-form\"", "?reply=")
		if got := w.post("/bois/comments", url.Values{"name": {"Jean"}, "email": {"jean@example.org"}, "body": {"x"}}); got.Code != http.StatusConflict {
			t.Errorf("a closed conversation: %d", got.Code)
		}
		if got := w.post("/bois/comments", url.Values{}).Code; got != http.StatusTooManyRequests {
			t.Errorf("the sixth comment in a row: %d", got)
		}
	})
}

func TestANoteTakesCommentsAtItsOwnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	n := w.publish(post.Input{Kind: post.Note, Voice: w.shop.ID, Body: "Two ash trees.", Lang: "en"})
	path := "/ateliers/n/" + n.ID.String()
	has(t, w.page(path), `lang="en"`, `action="`+path+`/comments"`, "Two ash trees.", "A note by The Workshop", `href="/assets/accent/1f5f8b.css"`)
	got := w.post(path+"/comments", url.Values{"name": {"Jo"}, "email": {"jo@example.org"}, "body": {"Nice."}})
	if got.Code != http.StatusSeeOther || got.Header().Get("Location") != path+"#said-held" {
		t.Errorf("%d to %q", got.Code, got.Header().Get("Location"))
	}
	if got := w.post("/n/"+n.ID.String()+"/comments", url.Values{"name": {"Jo"}}).Code; got != http.StatusNotFound {
		t.Errorf("under another voice: %d", got)
	}
	css := w.get("/assets/accent/1f5f8b.css")
	if css.Code != 200 || !strings.Contains(css.Body.String(), "--accent:") || !strings.Contains(css.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("accent: %d %s", css.Code, css.Header())
	}
	for _, bad := range []string{"/assets/accent/zzzzzz.css", "/assets/accent/1f5f8b", "/assets/accent/1f5f8b.css.css"} {
		if got := w.get(bad).Code; got != http.StatusNotFound {
			t.Errorf("%s: %d", bad, got)
		}
	}
}

func TestARequestReachesTheHouse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		has(t, w.page("/contact"), `name="name"`, `name="email"`, `name="body"`, `name="how"`, `name="website"`)
		wrong := w.post("/contact", url.Values{"name": {"Paul"}, "email": {"paul@example.org"}, "body": {""}, "how": {"Un billet"}})
		if wrong.Code != http.StatusUnprocessableEntity {
			t.Errorf("without words: %d", wrong.Code)
		}
		has(t, wrong.Body.String(), `value="Un billet"`, `id="p-body"`)
		got := w.post("/contact", url.Values{"name": {"Paul"}, "email": {"paul@example.org"}, "body": {"La salle du conseil."}, "how": {"Un billet"}})
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/contact#said-sent" {
			t.Fatalf("%d to %q", got.Code, got.Header().Get("Location"))
		}
		has(t, w.page("/contact"), "Merci, c’est bien arrivé.")
		m := w.heard()[0]
		if m.Kind != inbox.KindRequest || m.How != "Un billet" || m.Voice != w.claire.ID || m.State != inbox.Open {
			t.Errorf("kept as %+v", m)
		}
	})
}

func TestOnlyAPressedButtonProvesAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	p := w.publish(post.Input{Title: "Bois", Body: "Rien."})
	m := w.says(p, 0, "Hélène", "helene@example.org", "Oui.")
	var token string
	must(t, w.db.Read(t.Context(), func(tx *db.Tx) (err error) {
		token, err = w.talk.ConfirmTokenIn(tx, m, m.Handle)
		return err
	}))
	got := w.get("/confirm?t=" + url.QueryEscape(token))
	if got.Code != 200 || got.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d, %q: %s", got.Code, got.Header().Get("Cache-Control"), got.Body)
	}
	has(t, got.Body.String(), "helene@example.org", `method="post" action="/confirm"`)
	if again := w.get("/confirm?t=" + url.QueryEscape(token)); !strings.Contains(again.Body.String(), `action="/confirm"`) {
		t.Error("looking at the page proved the address")
	}
	pressed := w.post("/confirm", url.Values{"t": {token}})
	if pressed.Code != http.StatusSeeOther {
		t.Fatalf("%d", pressed.Code)
	}
	has(t, w.page(pressed.Header().Get("Location")), "C’est confirmé.", `href="/bois#c-`+m.ID.String()+`"`)
	has(t, w.get("/confirm?t="+url.QueryEscape(token)).Body.String(), "C’est confirmé.")
	if got := w.get("/confirm?t=nothing").Code; got != http.StatusNotFound {
		t.Errorf("a broken link: %d", got)
	}
	w.clock.Advance(31 * 24 * time.Hour)
	if got := w.get("/confirm?t=" + url.QueryEscape(token)).Code; got != http.StatusGone {
		t.Errorf("an old link: %d", got)
	}
}

func TestOnlyAPressedButtonTakesACommentBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	p := w.publish(post.Input{Title: "Bois", Body: "Rien."})
	m := w.says(p, 0, "Hélène", "helene@example.org", "Achetez mes montres.")
	at := "/confirm/not-me?t=" + url.QueryEscape(w.talk.DisownToken(m, m.Handle, w.clock.Now()))
	for range 2 {
		got := w.get(at)
		if got.Code != 200 || got.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("%d, %q: %s", got.Code, got.Header().Get("Cache-Control"), got.Body)
		}
		has(t, got.Body.String(), "helene@example.org", "Achetez mes montres.", "Bois", `method="post" action="/confirm/not-me"`)
	}
	has(t, w.page("/bois"), "Achetez mes montres.")
	token := w.talk.DisownToken(m, m.Handle, w.clock.Now())
	pressed := w.post("/confirm/not-me", url.Values{"t": {token}})
	if pressed.Code != http.StatusSeeOther {
		t.Fatalf("%d: %s", pressed.Code, pressed.Body)
	}
	has(t, w.page(pressed.Header().Get("Location")), "C’est retiré.")
	if strings.Contains(w.page("/bois"), "Achetez") {
		t.Error("it is still there")
	}
	for _, bad := range []string{"", "x", token + "x"} {
		if got := w.post("/confirm/not-me", url.Values{"t": {bad}}).Code; got != http.StatusNotFound {
			t.Errorf("%q: %d", bad, got)
		}
	}
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A link opened changes nothing; the button does, and so does a mail program, without a cookie and without a page of ours (RFC
// 8058, 3.2).
func TestUnsubscribing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		p := w.publish(post.Input{Voice: w.claire.ID, Kind: post.Article, Title: "Nos délais", Body: "Deux dates."})
		m, err := w.talk.Comment(t.Context(), inbox.CommentInput{Post: p.ID, Name: "Ana", Email: "ana@example.org", Body: "Premier.", Notify: true})
		must(t, err)
		link := "/unsubscribe?t=" + url.QueryEscape(w.talk.StopToken(m.Handle, p.ID))
		for range 2 {
			got := w.get(link)
			if got.Code != http.StatusOK || got.Header().Get("Cache-Control") != "no-store" {
				t.Fatalf("%d %v", got.Code, got.Header())
			}
			has(t, got.Body.String(), "Nos délais", `method="post" action="/unsubscribe?t=`)
			hasNot(t, got.Body.String(), "ana@example.org")
		}
		for range 2 {
			pressed := w.post(link, url.Values{"List-Unsubscribe": {"One-Click"}})
			if pressed.Code != http.StatusOK {
				t.Fatalf("%d", pressed.Code)
			}
			has(t, pressed.Body.String(), "C’est fait.", "Plus aucun courriel")
		}
		has(t, w.get(link).Body.String(), "C’est fait.")
		for _, bad := range []string{"/unsubscribe", "/unsubscribe?t=x"} {
			if got := w.get(bad).Code; got != http.StatusNotFound {
				t.Errorf("GET %s is %d", bad, got)
			}
			if got := w.post(bad, url.Values{}).Code; got != http.StatusNotFound {
				t.Errorf("POST %s is %d", bad, got)
			}
		}
	})
}
