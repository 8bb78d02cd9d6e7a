package site_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/site"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
)

var dataBlock = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func TestHostileTitlesStayData(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	const title = `</script><script>alert(1)</script> "l'<b>é</b>" {{x}} <!-- ${y}`
	w.publish(post.Input{Title: title, Slug: "bois", Summary: title, Body: "x", Tags: []string{`"><img src=x onerror=alert(1)>`}, Question: title})
	for _, path := range []string{"/bois", "/", "/search?q=" + url.QueryEscape(title), "/bois?said=" + url.QueryEscape(title)} {
		page := w.page(path)
		hasNot(t, page, "<script>alert", "<img src=x", "onerror=alert(1)>")
		if n := strings.Count(page, "<script"); n > 2 {
			t.Errorf("%s: %d scripts", path, n)
		}
	}
	m := dataBlock.FindStringSubmatch(w.page("/bois"))
	if m == nil {
		t.Fatal("no data block")
	}
	var data struct {
		Context string           `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	must(t, json.Unmarshal([]byte(m[1]), &data))
	article := data.Graph[0]
	if data.Context != "https://schema.org" || article["@type"] != "BlogPosting" || !strings.HasPrefix(article["headline"].(string), "</script>") {
		t.Errorf("%v", article)
	}
	if article["url"] != base+"/bois" || article["author"].(map[string]any)["@type"] != "Person" || data.Graph[1]["@type"] != "BreadcrumbList" {
		t.Errorf("%v", data.Graph)
	}
}

func TestTheHeadTellsMachinesWhatAPageIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Bois", Summary: "Un résumé.", Body: body, Section: "Métier", Tags: []string{"délais"}, Cover: w.picture(600, 400, ""), CoverAlt: "Un établi"})
	page := html.UnescapeString(w.page("/bois"))
	has(t, page, `<title>Bois · Claire Aubin</title>`, `<meta name="description" content="Un résumé.">`, `<meta property="og:type" content="article">`,
		`<meta property="og:url" content="https://aubin.example/bois">`, `<meta property="og:locale" content="fr_FR">`,
		`<meta property="og:image" content="https://aubin.example/media/`, `<meta name="twitter:card" content="summary_large_image">`,
		`<meta property="article:published_time" content="2026-11-16T07:00:00Z">`, `<meta property="article:section" content="Métier">`,
		`<meta property="article:tag" content="délais">`, `hreflang="fr-FR" href="https://aubin.example/bois"`, `<link rel="me" href="https://social.example/@claire">`,
		`type="application/rss+xml" title="Claire Aubin" href="/feed.xml"`, `type="application/atom+xml"`, `type="application/feed+json"`)
	has(t, w.page("/"), `"@type":"SearchAction"`, `search_term_string`, `"@type":"Person"`)
}

func TestAStandingPageIsNoArticle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Kind: post.Page, Title: "À propos", Body: "Qui écrit ici."})
	w.publish(post.Input{Kind: post.Page, Title: "Livre d’or", Body: "Signez.", Comments: "open"})
	page := w.page("/a-propos")
	has(t, page, `<a href="/a-propos" aria-current="page">À propos</a>`, `"@type":"WebPage"`)
	hasNot(t, page, "say-form", "min de lecture", `id="conversation"`, `class="by"`)
	has(t, w.page("/livre-d-or"), "say-form", "La conversation commence ici")
	hasNot(t, w.page("/"), `<h2><a href="/a-propos"`)
	w.publish(post.Input{Title: "Bois", Body: "x", Comments: "closed"})
	has(t, w.page("/bois"), `<h2>La conversation</h2>`, "Les commentaires sont fermés")
}

func TestPassingOnIsAPlainLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Bois & cie", Slug: "bois", Body: "x"})
	has(t, html.UnescapeString(w.page("/bois")), `"mailto:?subject=Bois%20%26%20cie&body=https%3A%2F%2Faubin.example%2Fbois"`,
		`"https://wa.me/?text=Bois%20%26%20cie%20https%3A%2F%2Faubin.example%2Fbois"`, `"https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Faubin.example%2Fbois"`,
		`data-copy="https://aubin.example/bois"`)
}

func TestAPostSpeaksItsOwnLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Two dates", Body: "On every quotation.", Lang: "en"})
	w.clock.Advance(time.Minute)
	w.publish(post.Input{Title: "Bois", Body: "x"})
	has(t, w.page("/two-dates"), `<html lang="en"`, "Your reply", "Monday 16 November 2026", `content="en_GB"`)
	has(t, w.page("/"), `<html lang="fr-FR"`, `lang="en"><time`, "Two dates")
	has(t, w.page("/ateliers/"), `<html lang="en"`, `hreflang="fr-FR"`)
}

// titles lists the titles of entries, in order.
var entryTitle = regexp.MustCompile(`<h[23]><a href="[^"]*">([^<]*)</a></h[23]>`)

func titles(page string) (all []string) {
	for _, m := range entryTitle.FindAllStringSubmatch(page, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestAListIsReadPageByPageWithoutLosingAnything(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		for i := range 45 {
			w.publish(post.Input{Title: fmt.Sprintf("Billet %02d", i), Body: "x", Section: "Métier"})
			w.clock.Advance(time.Hour)
		}
		for _, path := range []string{"/", "/section/metier/"} {
			var all []string
			next, pages := path, 0
			for next != "" && pages < 5 {
				page := w.page(next)
				all = append(all, titles(page)...)
				if pages > 0 {
					has(t, page, `rel="prev" href="`+path+`"`)
				}
				m := regexp.MustCompile(`<a rel="next" href="([^"]*)"`).FindStringSubmatch(page)
				next = ""
				if m != nil {
					next = html.UnescapeString(m[1])
					has(t, page, `<link rel="next" href="https://aubin.example`+html.EscapeString(next)+`">`)
				}
				pages++
			}
			if pages != 3 || len(all) != 45 || all[0] != "Billet 44" || all[44] != "Billet 00" {
				t.Errorf("%s: %d pages, %d posts", path, pages, len(all))
			}
		}
		has(t, w.page("/billet-20"), `rel="prev" href="/billet-19"`, `rel="next" href="/billet-21"`)
		if got := w.page("/2026/11/"); !strings.Contains(got, "Novembre 2026") || len(titles(got)) != 20 {
			t.Errorf("a month: %v", titles(got))
		}
	})
}

func TestFeedsHoldTheWholeTextAndNeverChangeTheirIDs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		p := w.publish(post.Input{Title: "Bois & cie", Slug: "bois", Body: "Voir [la règle](/regle).\n\nUn `mot`.", Tags: []string{"délais"}, Section: "Métier"})
		w.says(p, 0, "Hélène", "helene@example.org", "Une **réponse**.")
		w.publish(post.Input{Kind: post.Note, Body: "Une note."})
		w.publish(post.Input{Kind: post.Page, Title: "À propos", Body: "Hors du flux."})
		for path, kind := range map[string]string{"/feed.xml": "application/rss+xml; charset=utf-8", "/atom.xml": "application/atom+xml; charset=utf-8",
			"/feed.json": "application/feed+json; charset=utf-8", "/section/metier/feed.xml": "application/rss+xml; charset=utf-8",
			"/tag/delais/atom.xml": "application/atom+xml; charset=utf-8"} {
			got := w.get(path)
			if got.Code != 200 || got.Header().Get("Content-Type") != kind || got.Header().Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: %d %s", path, got.Code, got.Header())
			}
			has(t, got.Body.String(), "urn:causerie:post:"+p.ID.String(), "https://aubin.example/regle", "https://aubin.example/bois")
			hasNot(t, got.Body.String(), "Hors du flux", "helene@")
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("If-None-Match", got.Header().Get("Etag"))
			if again := w.do(r); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%s, asked again: %d", path, again.Code)
			}
		}
		has(t, w.page("/feed.xml"), "<slash:comments>1</slash:comments>", "Une note.")
		has(t, html.UnescapeString(w.page("/bois/feed.xml")), "Hélène", "<strong>réponse</strong>", "https://aubin.example/bois#c-")
		if got := w.get("/section/nothing/feed.xml").Code; got != http.StatusNotFound {
			t.Errorf("the feed of nothing: %d", got)
		}
	})
}

func TestAFileIsServedByTheVisibilityOfWhatShowsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	shown, hidden := w.picture(600, 400, ""), w.picture(500, 300, "")
	doc, err := w.media.Upload(t.Context(), owner, "Devis été.pdf", strings.NewReader("%PDF-1.7 x"), "")
	must(t, err)
	w.publish(post.Input{Title: "Bois", Body: "[devis](/media/" + doc.ID.String() + "/original)", Cover: shown, CoverAlt: "x"})
	w.create(post.Input{Title: "Brouillon", Body: "x", Cover: hidden, CoverAlt: "x"})
	got := w.get("/media/" + shown.String() + "/960")
	if got.Code != 200 || !strings.HasPrefix(got.Header().Get("Content-Type"), "image/") || got.Header().Get("Cache-Control") != "public, max-age=3600, s-maxage=0" {
		t.Errorf("%d %s", got.Code, got.Header())
	}
	r := httptest.NewRequest("GET", "/media/"+shown.String()+"/960", nil)
	r.Header.Set("If-None-Match", got.Header().Get("Etag"))
	if again := w.do(r); again.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", again.Code)
	}
	pdf := w.get("/media/" + doc.ID.String() + "/original")
	_, params, err := mime.ParseMediaType(pdf.Header().Get("Content-Disposition"))
	if err != nil || params["filename"] != "Devis été.pdf" || !bytes.HasPrefix(pdf.Body.Bytes(), []byte("%PDF")) {
		t.Errorf("%v %v", params, err)
	}
	for _, path := range []string{"/media/" + hidden.String() + "/960", "/media/" + shown.String() + "/nope", "/media/zz/960"} {
		if got := w.get(path); got.Code != http.StatusNotFound || strings.Contains(got.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %s", path, got.Code, got.Header())
		}
	}
	w.signedIn = true
	if got := w.get("/media/" + hidden.String() + "/960"); got.Code != 200 || got.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a hidden file for who is of the house: %d %s", got.Code, got.Header())
	}
}

func TestTheSitemapListsWhatIsPublic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Bois", Body: "x"})
	w.publish(post.Input{Voice: w.shop.ID, Title: "Two dates", Body: "x", Lang: "en"})
	w.create(post.Input{Title: "Brouillon", Slug: "brouillon", Body: "x"})
	page := w.page("/sitemap.xml")
	has(t, page, "<loc>https://aubin.example/</loc>", "<loc>https://aubin.example/bois</loc>", "<loc>https://aubin.example/ateliers/two-dates</loc>", "<lastmod>2026-11-16")
	hasNot(t, page, "brouillon", "entre-nous")
	has(t, w.page("/robots.txt"), "Sitemap: https://aubin.example/sitemap.xml")
	if got := w.get("/sitemap/2.xml").Code; got != http.StatusNotFound {
		t.Errorf("a part that is not there: %d", got)
	}
	has(t, w.page("/sitemap/1.xml"), "/bois")
}

// The page cache may keep every page that a stranger reads, and only those.
func TestPagesOfStrangersAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	w.publish(post.Input{Title: "Bois", Body: "x", Section: "Métier"})
	rendered := 0
	cache := pagecache.New(pagecache.Options{SessionCookie: web.SessionCookie, Queries: site.Parameters(), Heeds: site.Heeds,
		Next: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { rendered++; w.router.ServeHTTP(rw, r) })})
	w.live.Handle(func(topics []string) {
		cache.Drop(topics...)
		cache.Drop(w.site.Touched(t.Context(), topics)...)
	})
	get := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		cache.ServeHTTP(rec, httptest.NewRequest("GET", base+path, nil))
		return rec
	}
	for path, lang := range map[string]string{"/contact": "fr-FR", "/contact?lang=en": "en", "/search": "fr-FR", "/search?lang=en": "en"} {
		has(t, get(path).Body.String(), `<html lang="`+lang+`"`)
	}
	for _, path := range []string{"/", "/bois", "/bois/", "/section/metier/", "/feed.xml", "/search?q=bois", "/contact", "/legal/privacy", "/sitemap.xml", "/robots.txt"} {
		get(path)
		was := rendered
		if got := get(path); rendered != was {
			t.Errorf("%s is rendered at each request (%d)", path, got.Code)
		}
		if cookie := get(path).Header().Get("Set-Cookie"); cookie != "" {
			t.Errorf("%s sets a cookie: %s", path, cookie)
		}
	}
	w.publish(post.Input{Title: "Chêne", Body: "x"})
	has(t, get("/").Body.String(), "Chêne")
}

func TestThePagesOfTheHouseSpeakTheLanguageOneComesFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite).furnish()
	workshop, err := w.voices.Create(t.Context(), owner, voice.NewVoice{Name: "Aubin Workshops", Slug: "aubin", Kind: voice.Corporate, Lang: "en"})
	must(t, err)
	w.publish(post.Input{Voice: workshop.ID, Title: "Wood", Body: body})
	has(t, w.page("/aubin/"), `href="/contact?lang=en"`, `href="/search?lang=en"`)
	has(t, w.page("/aubin/wood"), `<a class="btn" href="/contact?lang=en">`)
	has(t, w.page("/contact?lang=en"), `<html lang="en"`, "Your request", `action="/contact?lang=en"`)
	has(t, w.page("/search?lang=en&q=zzz"), `<html lang="en"`, `<input type="hidden" name="lang" value="en">`)
	has(t, w.page("/contact"), `<html lang="fr-FR"`, `action="/contact"`)
	has(t, w.page("/contact?lang=tlh"), `<html lang="fr-FR"`, `action="/contact"`)
	hasNot(t, w.page("/"), "?lang=")
}
