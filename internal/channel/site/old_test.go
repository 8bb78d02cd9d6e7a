package site_test

import (
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// TestAddressesOfTheProgramBeforeLeadOn: of every shape that WordPress gives them.
func TestAddressesOfTheProgramBeforeLeadOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		for _, path := range []string{"/?s=bois", "/?feed=rss2", "/page/2/", "/author/moi/", "/2015/05/02/"} {
			if got := w.get(path); got.Code == 301 {
				t.Errorf("GET %s leads to %q in a house that was nowhere before", path, got.Header().Get("Location"))
			}
		}
		shown := w.picture(600, 400, "A")
		bring := func(in post.Import) {
			t.Helper()
			in.Voice, in.Kind, in.Status, in.Body = w.claire.ID, post.Article, post.Published, "x"
			_, err := w.posts.Import(t.Context(), actor.Importer(), in)
			must(t, err)
		}
		bring(post.Import{Input: post.Input{Title: "Long", Slug: "long", Section: "Métier / Outils", Tags: []string{"C++"}, Cover: shown},
			PublishedAt: monday.AddDate(-1, 0, 0), OldPaths: []string{"/2015/05/long/", "/?p=1"}, Beside: []string{"/2015/05/long/plan/", "/?attachment_id=91"}, GUID: "http://old.example/?p=1",
			Places: []post.OldPlaces{{Term: "Métier / Outils", Paths: []string{"/category/outils/", "/?cat=5"}}, {Term: "Métier / Outils", Paths: []string{"/category/metier/"}, Above: true},
				{Term: "C++", Paths: []string{"/tag/c-2/"}}, {Term: "Rien", Paths: []string{"/tag/rien/"}}}})
		bring(post.Import{Input: post.Input{Title: "Autre", Section: "Métier"}, PublishedAt: monday.AddDate(-1, 0, 1),
			Places: []post.OldPlaces{{Term: "Métier", Paths: []string{"/category/metier/"}}}})
		bring(post.Import{Input: post.Input{Title: "Fil", Section: "RSS"}, PublishedAt: monday.AddDate(-1, 0, 2), Places: []post.OldPlaces{{Term: "RSS", Paths: []string{"/category/rss/"}}}})
		must(t, w.db.Write(t.Context(), func(tx *db.Tx) error {
			return w.posts.LeadToFile(tx, shown, []string{"/wp-content/uploads/2015/05/a.png", "/?attachment_id=90", "/2015/05/long/a/"})
		}))
		file := "/media/" + shown.String() + "/960"
		for path, to := range map[string]string{
			"/2015/05/long/": "/long", "/2015/05/long": "/long", "/2015/05/long/2/": "/long", "/2015/05/long/comment-page-1/": "/long", "/2015/05/long/amp/": "/long",
			"/2015/05/long/feed/": "/long/feed.xml", "/2015/05/long/feed/atom/": "/long/atom.xml", "/?p=1": "/long", "/?p=1&lang=fr": "/long",
			"/category/outils/": "/section/metier-outils/", "/category/metier/outils/": "/section/metier-outils/", "/category/metier/outils/page/3/": "/section/metier-outils/",
			"/categorie/metier/outils": "/section/metier-outils/", "/blog/category/metier/": "/section/metier/", "/?cat=5": "/section/metier-outils/",
			"/category/metier/feed/": "/section/metier/feed.xml", "/?category_name=metier/outils": "/section/metier-outils/",
			"/category/rss/": "/section/rss/", "/category/rss/rss": "/section/rss/feed.xml", "/tag/c-2/": "/tag/c-plus-plus/", "/tag/c-2/page/2/": "/tag/c-plus-plus/", "/?tag=c-2": "/tag/c-plus-plus/", "/tag/c-2/feed/": "/tag/c-plus-plus/feed.xml",
			"/index.php?p=1": "/long", "/blog/?p=1": "/long", "/index.php": "/", "/blog/": "/", "/blog/page/2/": "/", "/author/moi/": "/", "/author/moi/page/2/": "/", "/page/2/": "/", "/2015/05/02/": "/2015/05/", "/2015/05/page/2/": "/2015/05/", "/?m=201505": "/2015/05/",
			"/wp-rss2.php": "/feed.xml", "/wp-atom.php": "/atom.xml", "/blog/wp-commentsrss2.php": "/feed.xml", "/search/deux+mots/": "/search?q=deux+mots", "/search/%C3%A9t%C3%A9/page/2/": "/search?q=%C3%A9t%C3%A9", "/?page_id=1": "/long",
			"/feed/atom/": "/atom.xml", "/comments/feed/": "/feed.xml", "/feed/rss2/": "/feed.xml", "/?feed=rss2": "/feed.xml", "/?feed=atom": "/atom.xml",
			"/wp-content/uploads/2015/05/a.png": file, "/wp-content/uploads/2015/05/a-300x200.png": file, "/wp-content/uploads/2015/05/a-scaled.png": file, "/wp-content/uploads/2015/05/a@2x.png": file, "/wp-content/uploads/2015/05/a-150x150@2x.png": file, "/wp-content/uploads/2015/05/a-rotated.png": file,
			"/?attachment_id=90": file, "/2015/05/long/a/": file, "/2015/05/long/plan/": "/long", "/?attachment_id=91": "/long", "/?s=deux+mots": "/search?q=deux+mots",
		} {
			if got := w.get(path); got.Code != 301 || got.Header().Get("Location") != to {
				t.Errorf("GET %s: %d to %q, want %q", path, got.Code, got.Header().Get("Location"), to)
			}
		}
		for _, path := range []string{"/tag/rien/", "/category/rien/", "/wp-content/uploads/2015/05/b.png", "/1999/", "/2026/13/", "/section/metier/rien/"} {
			if got := w.get(path); got.Code != 404 {
				t.Errorf("GET %s: %d to %q", path, got.Code, got.Header().Get("Location"))
			}
		}
		for _, path := range []string{"/feed.xml", "/atom.xml", "/feed.json"} {
			body := w.page(path)
			has(t, body, "http://old.example/?p=1")
			if strings.Count(body, "urn:causerie:post:") != 2 {
				t.Errorf("%s: %s", path, body)
			}
		}
		has(t, w.page("/tag/c-plus-plus/"), "Long")
		all := w.sections()
		must(t, w.posts.RemoveSection(t.Context(), owner, all["Métier / Outils"].ID, all["Métier"].ID))
		for path, to := range map[string]string{"/section/metier-outils/": "/section/metier/", "/section/metier-outils/feed.xml": "/section/metier/feed.xml", "/section/metier-outils/atom.xml": "/section/metier/atom.xml",
			"/section/metier-outils/feed.json": "/section/metier/feed.json", "/category/outils/feed/": "/section/metier/feed.xml"} {
			if got := w.get(path); got.Code != 301 || got.Header().Get("Location") != to {
				t.Errorf("GET %s: %d to %q, want %q", path, got.Code, got.Header().Get("Location"), to)
			}
		}
	})
}
