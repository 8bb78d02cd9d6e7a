package wxr_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"causerie/internal/protocol/wxr"

	"github.com/google/go-cmp/cmp"
)

// export is what a file holds, sorted by kind.
type export struct {
	site    wxr.Site
	authors []wxr.Author
	terms   []wxr.Term
	items   []wxr.Item
}

func collect(r io.Reader) (e export, err error) {
	first := true
	for rec, err := range wxr.Read(r) {
		if err != nil {
			return e, err
		}
		switch rec := rec.(type) {
		case wxr.Site:
			if !first {
				return e, errors.New("the site did not come first, once")
			}
			e.site = rec
		case wxr.Author:
			e.authors = append(e.authors, rec)
		case wxr.Term:
			e.terms = append(e.terms, rec)
		case wxr.Item:
			e.items = append(e.items, rec)
		}
		first = false
	}
	return e, nil
}

func real(t *testing.T, name string) export {
	t.Helper()
	f, err := os.Open(filepath.Join(root(t), "..", "shared", "testdata", "wxr", name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the real exports are not beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e, err := collect(f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (e export) bySlug(t *testing.T, slug string) wxr.Item {
	t.Helper()
	for _, it := range e.items {
		if it.Slug == slug {
			return it
		}
	}
	t.Fatalf("no item %q", slug)
	return wxr.Item{}
}

func TestThemeUnitTestComesWhole(t *testing.T) {
	t.Parallel()
	e := real(t, "themeunittestdata.wordpress.xml")
	if e.site.Title != "Theme Unit Test Data" || e.site.Version != "1.2" || e.site.BaseBlogURL != "https://wpthemetestdata.wordpress.com" || e.site.Language != "en" {
		t.Errorf("site %+v", e.site)
	}
	types, statuses, taxonomies := map[string]int{}, map[string]int{}, map[string]int{}
	var comments, protected, sticky, unnamed, children int
	ids := map[int64]bool{}
	for _, it := range e.items {
		types[it.Type]++
		statuses[it.Status]++
		comments += len(it.Comments)
		if it.Password != "" {
			protected++
		}
		if it.Sticky {
			sticky++
		}
		if it.Slug == "" {
			unnamed++
		}
		if it.ID == 0 || ids[it.ID] && it.Type != "nav_menu_item" { // the file really has 18 entries of menus twice
			t.Errorf("id %d twice", it.ID)
		}
		ids[it.ID] = true
		if when, exact := it.Published(); when.IsZero() || !exact {
			if it.Status == "publish" {
				t.Errorf("%d %q was published at no time", it.ID, it.Title)
			}
		}
		for _, c := range it.Comments {
			if c.ID == 0 || c.Date.IsZero() || c.Approved == "" {
				t.Errorf("comment %+v", c)
			}
			if c.Parent != 0 {
				children++
			}
		}
	}
	for _, term := range e.terms {
		taxonomies[term.Taxonomy]++
		if term.Name == "" || term.Nicename == "" {
			t.Errorf("term %+v", term)
		}
	}
	want := map[string]int{"post": 58, "page": 21, "attachment": 37, "nav_menu_item": 70}
	if d := cmp.Diff(want, types); d != "" {
		t.Error(d)
	}
	if comments != 33 || children == 0 || len(e.authors) != 2 {
		t.Errorf("%d comments, %d answers, %d authors", comments, children, len(e.authors))
	}
	if taxonomies["category"] != 68+1 || // one more as wp:term
		taxonomies["post_tag"] != 110 || len(e.terms) != 185 {
		t.Errorf("terms %v", taxonomies)
	}
	if protected == 0 || sticky == 0 || unnamed > 2 || statuses["draft"] == 0 {
		t.Errorf("%d protected, %d sticky, %d without name, %v", protected, sticky, unnamed, statuses)
	}
	att := 0
	for _, it := range e.items {
		if it.AttachmentURL != "" {
			att++
		}
	}
	if att != 37 {
		t.Errorf("%d attachments have an address", att)
	}
}

func TestEachSmallExportKeepsItsTrait(t *testing.T) {
	t.Parallel()
	const dir = "ghost-migrate/"
	t.Run("several authors", func(t *testing.T) {
		it := real(t, dir+"co-authors-plus.xml").bySlug(t, "multi-author-post")
		var authors []string
		for _, ref := range it.Terms {
			if ref.Domain == "author" {
				authors = append(authors, ref.Nicename)
			}
		}
		if d := cmp.Diff([]string{"alice-smith", "bob-jones"}, authors); d != "" {
			t.Error(d)
		}
	})
	t.Run("captions of covers", func(t *testing.T) {
		e := real(t, dir+"feature-image-captions.xml")
		cover := e.bySlug(t, "post-with-described-image").Thumbnail()
		for _, it := range e.items {
			if it.ID == cover && !strings.HasPrefix(it.Content, "The caption") {
				t.Errorf("caption %q", it.Content)
			}
		}
		if cover != 25 {
			t.Errorf("cover %d", cover)
		}
	})
	t.Run("podcast", func(t *testing.T) {
		for _, name := range []string{"has-audio-enclosure.xml", "has-audio-enclosure-with-libsyn-embed.xml"} {
			if m := real(t, dir+name).items[0].MetaFirst("enclosure"); !strings.HasPrefix(m, "http") || strings.Count(m, "\n") < 2 {
				t.Errorf("%s: enclosure %q", name, m)
			}
		}
	})
	t.Run("metas and local times", func(t *testing.T) {
		it := real(t, dir+"has-meta.xml").items[0]
		if it.Type != "enmse_message" || it.MetaFirst("ab_view_count") != "394" || it.Content != "&nbsp;" {
			t.Errorf("%+v", it)
		}
		at, exact := it.Published()
		if !exact || at.Format(time.RFC3339) != "2022-05-09T09:53:00Z" || it.Modified.Format(time.RFC3339) != "2022-05-09T12:20:14Z" {
			t.Errorf("published %v, modified %v", at, it.Modified)
		}
	})
	t.Run("yoast", func(t *testing.T) {
		if m := real(t, dir+"has-yoast-meta.xml").items[0].MetaFirst("_yoast_wpseo_metadesc"); m == "" {
			t.Error("no description")
		}
	})
	t.Run("no slug", func(t *testing.T) {
		for _, it := range real(t, dir+"sample-no-slug.xml").items {
			if it.Type == "post" && (it.Slug != "" || it.Title == "") {
				t.Errorf("%+v", it)
			}
		}
	})
	t.Run("alternative text", func(t *testing.T) {
		e := real(t, dir+"sample-with-alt.xml")
		if alt := e.bySlug(t, "featured-image-jpg").MetaFirst("_wp_attachment_image_alt"); alt != "Sunset over mountains with orange and pink sky" {
			t.Errorf("alt %q", alt)
		}
	})
	t.Run("bare ampersands", func(t *testing.T) {
		it := real(t, dir+"sample.xml").bySlug(t, "Carmen-Thumbnail-jpg")
		if !strings.HasSuffix(it.AttachmentURL, "?ixlib=rb-1.2.1&ixid=eyJhcHBfaWQiOjEyMDd9&auto=format&fit=crop&w=1268&q=80") {
			t.Errorf("address %q", it.AttachmentURL)
		}
	})
}

const head = `<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.1/"><channel><title>T</title>`

func TestRealLifeDamageIsTolerated(t *testing.T) {
	t.Parallel()
	src := "<br />\n<b>Notice</b>: Undefined &amp; x\n\ufeff<?xml version=\"1.0\"?>" + head +
		"<item><title>A&nbsp;\x0bB &hellip; &foo; &#x1F;C\xff D</title><wp:post_id>7</wp:post_id>" +
		"<category>Vieux</category><category domain=\"category\" nicename=\"neuf\">Neuf</category><category>Neuf</category>" +
		"<content:encoded><![CDATA[fin ]]]]><![CDATA[> et <b>gras</b> &nbsp;]]></content:encoded>" +
		"<wp:post_date>2020-01-02 10:00:00</wp:post_date><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>" +
		"<pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate><wp:comment><wp:comment_author_IP>192.0.2.1</wp:comment_author_IP></wp:comment></item></channel></rss>" +
		"<b>Fatal error</b>: Allowed memory size"
	e, err := collect(strings.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	it := e.items[0]
	if it.Title != "A\u00a0B … &foo; C D" || it.Content != "fin ]]> et <b>gras</b> &nbsp;" {
		t.Errorf("%q, %q", it.Title, it.Content)
	}
	if d := cmp.Diff([]wxr.TermRef{{Domain: "category", Name: "Vieux"}, {Domain: "category", Nicename: "neuf", Name: "Neuf"}}, it.Terms); d != "" {
		t.Error(d)
	}
	if at, exact := it.Published(); exact || at.Format(time.DateTime) != "2020-01-02 10:00:00" {
		t.Errorf("published %v %v", at, exact)
	}
	if strings.Contains(fmt.Sprint(it), "192.0.2.1") {
		t.Error("the address of a machine was kept")
	}
}

func TestOtherEncodingsAreRead(t *testing.T) {
	t.Parallel()
	src := "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><channel><title>\xe9t\xe9</title></channel></rss>"
	e, err := collect(strings.NewReader(src))
	if err != nil || e.site.Title != "été" {
		t.Errorf("%q, %v", e.site.Title, err)
	}
}

func TestErrorsNameTheItem(t *testing.T) {
	t.Parallel()
	item := "<item><title>Gros</title><wp:post_id>42</wp:post_id><content:encoded><![CDATA["
	deep := strings.Repeat("<a>", 100)
	for _, c := range []struct {
		name string
		src  io.Reader
		want error
		item int64
	}{
		{"nothing", strings.NewReader(""), wxr.ErrNotExport, 0},
		{"a page", strings.NewReader("<html><body><p>Bonjour"), wxr.ErrNotExport, 0},
		{"long field", io.MultiReader(strings.NewReader(head+item), endless{}), wxr.ErrTooLong, 42},
		{"long item", strings.NewReader(head + "<item><wp:post_id>42</wp:post_id>" + strings.Repeat("<wp:comment/>", 300_000)), wxr.ErrTooLong, 42},
		{"deep", strings.NewReader(head + deep), wxr.ErrTooLong, 0},
		{"reader", io.MultiReader(strings.NewReader(head+item), broken{}), io.ErrClosedPipe, 42},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := collect(c.src)
			var e *wxr.Error
			if !errors.Is(err, c.want) || !errors.As(err, &e) || e.Item != c.item {
				t.Errorf("got %v", err)
			}
		})
	}
	e, err := collect(strings.NewReader(head + "<item><wp:post_id>1</wp:post_id></item>" + item + "coup"))
	var syntax *xml.SyntaxError
	if !errors.As(err, &syntax) || len(e.items) != 1 {
		t.Errorf("cut short: %d items, %v", len(e.items), err)
	}
}

func TestReadingStopsWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	n := 0
	for range wxr.Read(strings.NewReader(head + "<item></item><item></item></channel></rss>")) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d records", n)
	}
}

func TestTenThousandItemsStreamInBoundedMemory(t *testing.T) {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	for rec, err := range wxr.Read(&generated{items: 10_000}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := rec.(wxr.Item); !ok {
			continue
		}
		if n++; n%2500 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
				t.Fatalf("after %d items the heap grew by %d bytes", n, grown)
			}
		}
	}
	if n != 10_000 {
		t.Errorf("%d items", n)
	}
}

// generated is an export of many items that is nowhere in memory.
type generated struct {
	items, next int
	rest        string
}

func (g *generated) Read(p []byte) (int, error) {
	if g.rest == "" {
		switch {
		case g.next == 0:
			g.rest = head
		case g.next <= g.items:
			g.rest = fmt.Sprintf("<item><title>Billet %d</title><wp:post_id>%d</wp:post_id><content:encoded><![CDATA[%s]]></content:encoded></item>\n",
				g.next, g.next, strings.Repeat("<p>Un paragraphe ordinaire.</p>\n", 60))
		case g.next == g.items+1:
			g.rest = "</channel></rss>"
		default:
			return 0, io.EOF
		}
		g.next++
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", head + "<item><title>x</title><category domain='a'>b</category></item></channel></rss>",
		head + "<wp:author><wp:author_id>1</wp:author_id></wp:author><item><![CDATA[x]]></item>", "<?xml encoding='utf-16'?><channel>", "<channel>&#0;&#xFFFE;&#;&#x;",
		head + "<item><wp:postmeta><wp:meta_key>a</wp:meta_key></wp:postmeta><wp:comment><wp:comment_id>-1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		n := 0
		for rec, err := range wxr.Read(strings.NewReader(string(src))) {
			if (rec == nil) == (err == nil) {
				t.Fatal("a record and an error, or neither")
			}
			if _, ok := rec.(wxr.Site); n == 0 && err == nil && !ok {
				t.Fatal("the site did not come first")
			}
			n++
		}
	})
}

func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
}
