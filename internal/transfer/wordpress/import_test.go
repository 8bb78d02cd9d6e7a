package wordpress_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"

	"github.com/google/go-cmp/cmp"
)

const official = "themeunittestdata.wordpress.xml"

func engines(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			fn(t, newWorld(t, engine))
		})
	}
}

func TestTheOfficialExportComesInWholeAndOnce(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		planned := w.importFile(official, wordpress.Options{DryRun: true})
		for _, table := range []string{"posts", "messages", "contacts", "imported", "sections", "tags"} {
			if n := w.count("SELECT COUNT(*) FROM " + table); n != 0 {
				t.Fatalf("a dry run left %d rows in %s", n, table)
			}
		}
		done := w.importFile(official, wordpress.Options{})
		planned.DryRun = false
		if d := cmp.Diff(planned, done); d != "" {
			t.Errorf("dry run (-) and real run (+) differ: %s", d)
		}
		if done.Posts != 58 || done.Pages != 21 || done.Comments != 33 || done.Already != 0 || done.Statuses[post.Published] != 76 || done.States[inbox.Held] != 3 {
			t.Errorf("%+v", done)
		}
		rows := map[string]int{
			"posts": 79, "posts WHERE kind = 'page'": 21, "posts WHERE status = 'published'": 76, "public_posts": 76, "messages": 33,
			"messages WHERE moderation = 'held' AND state = 'held'":                      3,
			"messages WHERE kind = 'pingback'":                                           2,
			"messages WHERE kind = 'trackback'":                                          2,
			"messages WHERE parent_id IS NOT NULL":                                       10,
			"messages m JOIN messages p ON p.id = m.parent_id AND p.post_id = m.post_id": 10,
			"contacts": done.People, "contacts WHERE origin = 'import'": done.People, "handles WHERE verified_at IS NOT NULL": 0,
			"sections": done.Sections, "tags": done.Tags, "deliveries": 0,
			"jobs WHERE kind <> 'post.publish' AND kind <> 'post.index'": 0,
			"posts WHERE published_at > 1790000000000":                   0, // all of it is of the past, to the hour
			"posts WHERE html LIKE '%<script%'":                          0,
		}
		for from, want := range rows {
			if n := w.count("SELECT COUNT(*) FROM " + from); n != want {
				t.Errorf("%d %s, want %d", n, from, want)
			}
		}
		again := w.importFile(official, wordpress.Options{})
		if again.Posts+again.Pages+again.Comments+again.People != 0 || again.Already != 79+33 {
			t.Errorf("the second run: %+v", again)
		}
		for from, want := range rows {
			if n := w.count("SELECT COUNT(*) FROM " + from); n != want {
				t.Errorf("after a second run %d %s, want %d", n, from, want)
			}
		}
	})
}

func TestOldAddressesLeadToTheirPosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.importFile(official, wordpress.Options{})
	read := post.PublicReader()
	must(t, w.DB.Read(t.Context(), func(tx *db.Tx) error {
		for path, slug := range map[string]string{
			"/2009/07/02/edge-case-many-categories/": "edge-case-many-categories",
			"/level-1/level-2/level-3/":              "level-3",
			"/?page_id=746":                          "level-3a",
			"/?p=746":                                "level-3a",
			"/?p=568":                                "post-format-image-linked", // and not the post whose guid says so
			"/?p=1158":                               "post-format-image",
			"/greek/επίπεδο-2/":                      "epipedo-2",
			"/greek/%ce%b5%cf%80%ce%af%cf%80%ce%b5%ce%b4%ce%bf-2/%ce%b5%cf%80%ce%af%cf%80%ce%b5%ce%b4%ce%bf-3/": "epipedo-3",
		} {
			old, found, err := read.Old(tx, []string{path})
			if err != nil || !found || old.Post.Slug != slug && !strings.HasPrefix(slug, "epipedo") {
				t.Errorf("%s leads to %+v, want %q: %v, %v", path, old.Post, slug, found, err)
			}
		}
		return nil
	}))
}

func TestTheSmallExportsKeepTheirTraits(t *testing.T) {
	t.Parallel()
	const dir = "ghost-migrate/"
	for name, check := range map[string]func(t *testing.T, w *world, r transfer.Report){
		"co-authors-plus.xml": func(t *testing.T, w *world, r transfer.Report) {
			if n := w.count("SELECT COUNT(*) FROM posts WHERE author_name = 'Alice Smith, Bob Jones'"); n != 2 || r.Posts != 4 {
				t.Errorf("%d by both, %d posts", n, r.Posts)
			}
		},
		"feature-image-captions.xml": func(t *testing.T, w *world, r transfer.Report) {
			if r.Posts != 3 || r.Files != 2 || note(r, "not_fetched").Count != 2 {
				t.Errorf("%+v", r)
			}
		},
		"has-audio-enclosure.xml": func(t *testing.T, w *world, r transfer.Report) {
			if n := w.count("SELECT COUNT(*) FROM posts WHERE body LIKE '%.mp3%'"); n != 1 || note(r, "enclosure").Count != 1 {
				t.Errorf("the recording is lost: %+v", r)
			}
		},
		"has-audio-enclosure-with-libsyn-embed.xml": func(t *testing.T, w *world, r transfer.Report) {
			if r.Posts != 1 || note(r, "enclosure").Count != 1 {
				t.Errorf("%+v", r)
			}
		},
		"has-meta.xml": func(t *testing.T, w *world, r transfer.Report) {
			if r.Posts != 0 || note(r, "type").Name != "enmse_message" {
				t.Errorf("%+v", r)
			}
		},
		"has-yoast-meta.xml": func(t *testing.T, w *world, r transfer.Report) {
			if n := w.count("SELECT COUNT(*) FROM posts WHERE summary <> ''"); n == 0 || r.Posts != 2 {
				t.Errorf("%d summaries: %+v", n, r)
			}
		},
		"sample-no-slug.xml": func(t *testing.T, w *world, r transfer.Report) {
			if n := w.count("SELECT COUNT(*) FROM posts WHERE status = 'published' AND slug = ''"); n != 0 || r.Posts != 3 || r.Pages != 1 {
				t.Errorf("%d without address: %+v", n, r)
			}
		},
		"sample-with-alt.xml": func(t *testing.T, w *world, r transfer.Report) {
			if r.Posts != 1 || r.Files != 1 {
				t.Errorf("%+v", r)
			}
		},
		"sample.xml": func(t *testing.T, w *world, r transfer.Report) {
			if r.Posts != 3 || r.Pages != 1 || r.Statuses[post.Writing] != 1 || note(r, "type").Name != "customcpt" {
				t.Errorf("%+v", r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, db.SQLite)
			check(t, w, w.importFile(dir+name, wordpress.Options{}))
		})
	}
}

func note(r transfer.Report, kind string) transfer.Note {
	i := slices.IndexFunc(r.Notes, func(n transfer.Note) bool { return n.Kind == kind })
	if i < 0 {
		return transfer.Note{}
	}
	return r.Notes[i]
}

// export makes an export of the items given as XML.
func export(items ...string) *strings.Reader {
	return strings.NewReader(`<?xml version="1.0" encoding="UTF-8"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Ancien</title><link>https://old.example</link><language>fr-FR</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>anne</wp:author_login><wp:author_email>anne@old.example</wp:author_email><wp:author_display_name>Anne Le Goff</wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>atelier</wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name>L’atelier</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>bois</wp:category_nicename><wp:category_parent>atelier</wp:category_parent><wp:cat_name>Bois</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>a</wp:category_nicename><wp:category_parent>b</wp:category_parent><wp:cat_name>A</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>b</wp:category_nicename><wp:category_parent>a</wp:category_parent><wp:cat_name>B</wp:cat_name></wp:category>
` + strings.Join(items, "\n") + `</channel></rss>`)
}

// item is a post whose elements may be overridden by those in extra.
func item(id int, status, extra string) string {
	return fmt.Sprintf(`<item><title>Titre %d</title><link>https://old.example/2019/03/titre-%d/</link><dc:creator>anne</dc:creator>
<content:encoded><![CDATA[Un corps n° %d.]]></content:encoded><wp:post_id>%d</wp:post_id><wp:post_name>titre-%d</wp:post_name><wp:post_type>post</wp:post_type>
<wp:status>%s</wp:status><wp:post_date>2019-03-12 10:00:00</wp:post_date><wp:post_date_gmt>2019-03-12 09:00:00</wp:post_date_gmt>%s</item>`, id, id, id, id, id, status, extra)
}

func (w *world) importText(r io.ReadSeeker, o wordpress.Options) transfer.Report {
	w.t.Helper()
	report, err := wordpress.Import(w.t.Context(), w.Deps, r, o)
	must(w.t, err)
	return report
}

func (w *world) posts() map[string]post.Post {
	w.t.Helper()
	all, _, err := w.Posts.List(w.t.Context(), actor.System(), post.Filter{Limit: 100})
	must(w.t, err)
	byTitle := map[string]post.Post{}
	for _, p := range all {
		full, err := w.Posts.Get(w.t.Context(), actor.System(), p.ID)
		must(w.t, err)
		byTitle[p.Title] = full
	}
	return byTitle
}

func TestEachStateFindsItsPlaceAndNothingPrivateGoesOut(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		r := w.importText(export(
			item(1, "publish", ""), item(2, "draft", ""), item(3, "pending", ""), item(4, "private", ""),
			item(5, "publish", "<wp:post_password>sesame</wp:post_password>"), item(6, "trash", ""), item(7, "auto-draft", ""),
			item(8, "future", "<wp:post_date_gmt>2031-01-01 08:00:00</wp:post_date_gmt>"), item(9, "future", ""), item(10, "archived", ""),
			item(1, "publish", ""),
		), wordpress.Options{})
		got := map[string]string{}
		for title, p := range w.posts() {
			got[title] = p.Status
		}
		want := map[string]string{"Titre 1": "published", "Titre 2": "writing", "Titre 3": "review", "Titre 4": "writing", "Titre 5": "writing",
			"Titre 8": "scheduled", "Titre 9": "ready", "Titre 10": "writing"}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if n := w.count("SELECT COUNT(*) FROM public_posts"); n != 1 {
			t.Errorf("%d are public", n)
		}
		for kind, n := range map[string]int{"private": 1, "password": 1, "left_status": 1, "missed": 1, "status": 1, "twice": 1} {
			if note(r, kind).Count != n {
				t.Errorf("%s: %+v", kind, note(r, kind))
			}
		}
		p := w.posts()["Titre 1"]
		if p.Slug != "titre-1" || p.AuthorName != "Anne Le Goff" || p.Lang != "fr-FR" || !p.PublishedAt.Equal(time.Date(2019, 3, 12, 9, 0, 0, 0, time.UTC)) {
			t.Errorf("%+v", p)
		}
	})
}

func TestCategoriesBecomeASectionByItsPathAndTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.importText(export(
		item(1, "publish", `<category domain="category" nicename="uncategorized">Uncategorized</category><category domain="category" nicename="bois">Bois</category>
			<category domain="category" nicename="atelier">L’atelier</category><category domain="post_tag" nicename="chene">Chêne</category><category domain="post_tag" nicename="CHENE2">CHÊNE</category>`),
		item(2, "publish", `<category domain="category" nicename="a">A</category>`),
		item(3, "publish", `<category domain="category" nicename="loin">Loin &amp; près</category>`),
	), wordpress.Options{})
	posts := w.posts()
	if p := posts["Titre 1"]; p.Section != "L’atelier / Bois" || p.TagNames() != "Chêne, L’atelier" {
		t.Errorf("section %q, tags %q", p.Section, p.TagNames())
	}
	if p := posts["Titre 2"]; !strings.HasSuffix(p.Section, "B / A") { // a circle ends
		t.Errorf("section %q", p.Section)
	}
	if p := posts["Titre 3"]; p.Section != "Loin & près" {
		t.Errorf("section %q", p.Section)
	}
}

func comment(id, parent int, approved, kind, email string) string {
	return fmt.Sprintf(`<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Qui %d</wp:comment_author><wp:comment_author_email>%s</wp:comment_author_email>
<wp:comment_date_gmt>2019-03-%02d 09:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[Premier & second.

Un <b>autre</b> paragraphe %d.]]></wp:comment_content>
<wp:comment_approved>%s</wp:comment_approved><wp:comment_type>%s</wp:comment_type><wp:comment_parent>%d</wp:comment_parent></wp:comment>`, id, id, email, 28-id, id, approved, kind, parent)
}

func TestCommentsKeepTheirThreadsAndStates(t *testing.T) {
	engines(t, func(t *testing.T, w *world) {
		comments := comment(1, 2, "1", "comment", "lea@client.example") + comment(2, 0, "1", "", "Lea@Client.example") + comment(3, 0, "0", "", "max@client.example") +
			comment(4, 0, "spam", "", "spam@spam.example") + comment(5, 2, "trash", "", "max@client.example") + comment(6, 0, "1", "pingback", "x@y.example") +
			comment(7, 7, "1", "", "anne@old.example") + comment(8, 99, "1", "", "pas une adresse") + comment(9, 10, "1", "", "") + comment(10, 9, "1", "", "")
		r := w.importText(export(item(1, "publish", comments), item(6, "trash", comment(11, 0, "1", "", ""))), wordpress.Options{})
		if r.Comments != 10 || r.People != 2 || note(r, "lost_comments").Count != 1 {
			t.Errorf("%+v", r)
		}
		if d := cmp.Diff(map[string]int{"visible": 7, "held": 1, "spam": 1, "removed": 1}, r.States); d != "" {
			t.Error(d)
		}
		if n := w.count("SELECT COUNT(*) FROM contacts"); n != 2 {
			t.Errorf("%d contacts", n)
		}
		p := w.posts()["Titre 1"]
		must(t, w.DB.Read(t.Context(), func(tx *db.Tx) error {
			thread, err := w.Inbox.ThreadIn(tx, p.ID)
			if err != nil {
				return err
			}
			shown := 0
			for _, c := range thread {
				if c.Name == "Qui 2" && (len(c.Children) != 1 || c.Children[0].Name != "Qui 1") {
					t.Errorf("under Qui 2: %+v", c.Children)
				}
				if c.Name == "Qui 2" && c.Body != "Premier & second.\n\nUn **autre** paragraphe 2." {
					t.Errorf("body %q", c.Body)
				}
				shown += 1 + len(c.Children)
			}
			if shown != 7 {
				t.Errorf("%d are shown", shown)
			}
			return nil
		}))
		// Later, the same site with one more answer.
		more := w.importText(export(item(1, "publish", comments+comment(12, 2, "1", "", "neuf@client.example"))), wordpress.Options{})
		if more.Comments != 1 || more.Posts != 0 || more.Already != 11 {
			t.Errorf("the second run: %+v", more)
		}
		if n := w.count("SELECT COUNT(*) FROM messages m JOIN messages p ON p.id = m.parent_id WHERE p.name = 'Qui 2'"); n != 3 {
			t.Errorf("%d answers to Qui 2", n)
		}
	})
}

// TestACommentUnderANameOfTheHouseWaitsAndIsCountedAsWaiting: readers would take it for the house's own word.
func TestACommentUnderANameOfTheHouseWaitsAndIsCountedAsWaiting(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	signed := func(id int, name, email string) string {
		return strings.Replace(comment(id, 0, "1", "", email), fmt.Sprintf("Qui %d<", id), name+"<", 1)
	}
	comments := signed(1, w.claire.Name, "autre@client.example") + signed(2, w.claire.Name, "anne@old.example") + signed(3, "Max", "max@client.example")
	planned := w.importText(export(item(1, "publish", comments)), wordpress.Options{DryRun: true})
	r := w.importText(export(item(1, "publish", comments)), wordpress.Options{})
	if n := note(r, "house_name"); n.Count != 1 || n.Name != w.claire.Name || r.States[inbox.Visible] != 2 || r.States[inbox.Held] != 1 || !maps.Equal(r.States, planned.States) {
		t.Errorf("%+v, planned %+v", r, planned)
	}
	if n := w.count("SELECT COUNT(*) FROM messages WHERE state = 'held' AND reason <> ''"); n != 1 {
		t.Errorf("%d wait", n)
	}
}

func TestAnExportThatBreaksOffGivesWhatIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	whole, err := io.ReadAll(export(item(1, "publish", ""), item(2, "publish", ""), item(3, "publish", "")))
	must(t, err)
	cut := whole[:bytes.Index(whole, []byte("Un corps n° 3"))]
	r := w.importText(bytes.NewReader(cut), wordpress.Options{})
	if r.Posts != 2 || note(r, "cut").Count != 1 || note(r, "cut").Examples[0] != "Titre 3" {
		t.Errorf("%+v", r)
	}
	if again := w.importText(bytes.NewReader(whole), wordpress.Options{}); again.Posts != 1 || again.Already != 2 {
		t.Errorf("then the whole: %+v", again)
	}
}

func TestWhatIsNoExportIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	for _, s := range []string{"", "bonjour", "<html><body>404</body></html>", "PK\x03\x04"} {
		_, err := wordpress.Import(t.Context(), w.Deps, strings.NewReader(s), wordpress.Options{})
		if e, ok := errors.AsType[*fault.Error](err); !ok || e.Code != "import.not_wordpress" {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestTheReportReadsInBothLanguages(t *testing.T) {
	t.Parallel()
	c := i18n.New()
	must(t, c.Add(transfer.Texts))
	for _, err := range c.Check() {
		t.Error(err)
	}
	w := newWorld(t, db.SQLite)
	r := w.importText(export(item(1, "private", comment(1, 0, "spam", "review", "")), item(2, "trash", comment(2, 0, "1", "", "")),
		item(3, "publish", `<wp:postmeta><wp:meta_key>couleur</wp:meta_key><wp:meta_value>x</wp:meta_value></wp:postmeta><category domain="humeur" nicename="x">&#27;[31mX</category>
			<content:encoded><![CDATA[[contact-form-7 id="1"] <object></object> <img src="https://tiers.example/x.jpg"> https://youtu.be/x]]></content:encoded>`)),
		wordpress.Options{DryRun: true})
	for _, l := range []i18n.Lang{i18n.FrFR, i18n.En} {
		var b strings.Builder
		must(t, r.Print(&b, c, l))
		if strings.Contains(b.String(), "import.") || strings.Contains(b.String(), "\x1b") {
			t.Errorf("%s:\n%s", l, b.String())
		}
	}
	// Every note that the importer can make has its sentence.
	for _, file := range []string{"import.go", "plan.go", "comment.go", "file.go", "take.go"} {
		source, err := os.ReadFile(file)
		must(t, err)
		for _, call := range strings.Split(string(source), "report.Add")[1:] {
			_, rest, _ := strings.Cut(call, `"`)
			if kind, _, quoted := strings.Cut(rest, `"`); quoted && strings.HasPrefix(strings.TrimLeft(call, "N"), `("`) && !c.Has(i18n.FrFR, "import.note."+kind) {
				t.Errorf("no sentence for %s", kind)
			}
		}
	}
	for _, kind := range []string{"shortcode", "embed", "block", "element", "image"} { // of htmlmd
		if !c.Has(i18n.FrFR, "import.note."+kind) {
			t.Errorf("no sentence for %s", kind)
		}
	}
	if missing := c.Missing(); len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
}
