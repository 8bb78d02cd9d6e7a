package feedxml_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"causerie/internal/protocol/feedxml"
)

var (
	march = time.Date(2026, 3, 9, 7, 30, 0, 0, time.FixedZone("", 3600))
	april = time.Date(2026, 4, 1, 18, 0, 0, 0, time.UTC)
)

func sample() feedxml.Feed {
	return feedxml.Feed{
		Title: "Le carnet d’Hélène & Fils", Lang: "fr-FR",
		Home: "https://example.org/", Self: "https://example.org/feed.xml", Hub: "https://hub.example.org/",
		Next: "/feed.xml?page=2", Icon: "/media/icon.png",
		Author: feedxml.Person{Name: "Hélène Martin", URL: "/a-propos"},
		Entries: []feedxml.Entry{{
			ID: "tag:example.org,2026:post/1", URL: "https://example.org/un-devis", Title: "Un devis <en> deux heures",
			ContentHTML: `<p>Voir <a href="/contact">ici</a>, note<a href="#fn1">1</a>.</p><img src="media/a.jpg" srcset="/a.jpg 1x, /b.jpg 2x">`,
			Summary:     "Pourquoi 2 < 3 & alors", Published: march, Updated: april,
			Authors: []feedxml.Person{{Name: "Hélène Martin"}, {Name: "Paul"}}, Tags: []string{"métier", "métier", ""},
			Image: "/media/1/large.jpg", ImageType: "image/jpeg", ImageLength: 4321,
			CommentsURL: "https://example.org/un-devis#comments", CommentsFeed: "https://example.org/un-devis/feed.xml", Comments: 3,
		}, {
			ID: "tag:example.org,2026:note/2", URL: "https://example.org/n/2", ContentHTML: "<p>Une note</p>", Published: march,
		}, {
			ID: "tag:example.org,2026:note/2", URL: "https://example.org/n/2b", ContentHTML: "<p>Doublon</p>", Published: march,
		}, {
			URL: "https://example.org/n/3", Lang: "en", Published: march,
		}},
	}
}

type write func(io.Writer, feedxml.Feed) error

func render(t testing.TB, w write, f feedxml.Feed) string {
	t.Helper()
	var b bytes.Buffer
	if err := w(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

type rss struct {
	Channel struct {
		Title       string `xml:"title"`
		Description string `xml:"description"`
		Language    string `xml:"language"`
		Built       string `xml:"lastBuildDate"`
		Links       []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
			Text string `xml:",chardata"`
		} `xml:"link"` // the channel's own, and those of Atom
		Items []struct {
			Title       *string  `xml:"title"`
			Link        string   `xml:"link"`
			Description *string  `xml:"description"`
			PubDate     string   `xml:"pubDate"`
			Categories  []string `xml:"category"`
			Creators    []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
			Content     string   `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
			GUID        struct {
				Value     string `xml:",chardata"`
				Permalink string `xml:"isPermaLink,attr"`
			} `xml:"guid"`
			Enclosure *struct {
				URL    string `xml:"url,attr"`
				Length string `xml:"length,attr"`
				Type   string `xml:"type,attr"`
			} `xml:"enclosure"`
			Comments string `xml:"http://purl.org/rss/1.0/modules/slash/ comments"`
		} `xml:"item"`
	} `xml:"channel"`
}

func TestRSSHasWhatTheFormatRequires(t *testing.T) {
	t.Parallel()
	var got rss
	if err := xml.Unmarshal([]byte(render(t, feedxml.WriteRSS, sample())), &got); err != nil {
		t.Fatal(err)
	}
	c := got.Channel
	if c.Title != "Le carnet d’Hélène & Fils" || c.Links[0].Text != "https://example.org/" || c.Description == "" || c.Language != "fr-FR" {
		t.Errorf("channel: %+v", c)
	}
	if _, err := time.Parse(time.RFC1123Z, c.Built); err != nil {
		t.Error(err)
	}
	rels := map[string]string{}
	for _, l := range c.Links {
		rels[l.Rel] = l.Href
	}
	if rels["self"] != "https://example.org/feed.xml" || rels["hub"] != "https://hub.example.org/" || rels["next"] != "https://example.org/feed.xml?page=2" {
		t.Errorf("links: %v", rels)
	}
	if len(c.Items) != 3 {
		t.Fatalf("%d items; a repeated id must be written once", len(c.Items))
	}
	it := c.Items[0]
	if it.Title == nil || *it.Title != "Un devis &lt;en> deux heures" || it.GUID.Permalink != "false" || it.GUID.Value != "tag:example.org,2026:post/1" {
		t.Errorf("item: %+v", it)
	}
	if it.PubDate != "Mon, 09 Mar 2026 06:30:00 +0000" {
		t.Errorf("pubDate %q", it.PubDate)
	}
	if len(it.Categories) != 1 || len(it.Creators) != 2 || it.Comments != "3" {
		t.Errorf("categories %q, creators %q, comments %q", it.Categories, it.Creators, it.Comments)
	}
	if *it.Description != "Pourquoi 2 &lt; 3 &amp; alors" {
		t.Errorf("a plain summary must be HTML in a description: %q", *it.Description)
	}
	if it.Enclosure == nil || it.Enclosure.URL != "https://example.org/media/1/large.jpg" || it.Enclosure.Length != "4321" {
		t.Errorf("enclosure %+v", it.Enclosure)
	}
	for _, want := range []string{`href="https://example.org/contact"`, `href="https://example.org/un-devis#fn1"`, `src="https://example.org/media/a.jpg"`, `https://example.org/b.jpg 2x`} {
		if !strings.Contains(it.Content, want) {
			t.Errorf("no %s in %s", want, it.Content)
		}
	}
}

func TestNoteWithoutTitleHasADescriptionAndNoEmptyTitle(t *testing.T) {
	t.Parallel()
	var got rss
	if err := xml.Unmarshal([]byte(render(t, feedxml.WriteRSS, sample())), &got); err != nil {
		t.Fatal(err)
	}
	for _, it := range got.Channel.Items[1:] {
		if it.Title != nil {
			t.Errorf("title %q", *it.Title)
		}
		if it.Description == nil || *it.Description == "" {
			t.Errorf("%s has no description", it.Link)
		}
	}
}

func TestAtomHasWhatRFC4287Requires(t *testing.T) {
	t.Parallel()
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	type person struct {
		Name string `xml:"name"`
	}
	var got struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      []string `xml:"id"`
		Title   []string `xml:"title"`
		Updated []string `xml:"updated"`
		Links   []link   `xml:"link"`
		Authors []person `xml:"author"`
		Entries []struct {
			ID      []string `xml:"id"`
			Title   []string `xml:"title"`
			Updated []string `xml:"updated"`
			Links   []link   `xml:"link"`
			Authors []person `xml:"author"`
			Content []string `xml:"content"`
			Lang    string   `xml:"lang,attr"`
		} `xml:"entry"`
	}
	f := sample()
	f.Author = feedxml.Person{}
	f.Entries[0].Authors = nil
	if err := xml.Unmarshal([]byte(render(t, feedxml.WriteAtom, f)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.ID) != 1 || len(got.Title) != 1 || len(got.Updated) != 1 || got.Updated[0] != "2026-04-01T18:00:00Z" {
		t.Errorf("feed: %+v", got)
	}
	if len(got.Authors) != 1 || got.Authors[0].Name == "" {
		t.Errorf("nobody answers for the entries: %+v", got.Authors)
	}
	seen := map[string]bool{}
	for _, e := range got.Entries {
		if len(e.ID) != 1 || len(e.Title) != 1 || len(e.Updated) != 1 || len(e.Links) == 0 {
			t.Errorf("entry: %+v", e)
		}
		if seen[e.ID[0]] {
			t.Errorf("id %s twice", e.ID[0])
		}
		seen[e.ID[0]] = true
		for _, l := range e.Links {
			if !strings.HasPrefix(l.Href, "https://") {
				t.Errorf("relative link %q", l.Href)
			}
		}
	}
	if got.Entries[2].Lang != "en" {
		t.Errorf("language %q", got.Entries[2].Lang)
	}
}

func TestJSONFeedHasWhatVersion11Requires(t *testing.T) {
	t.Parallel()
	var got struct {
		Version, Title string
		Hubs           []struct{ Type, URL string }
		Items          []map[string]any
	}
	if err := json.Unmarshal([]byte(render(t, feedxml.WriteJSON, sample())), &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != "https://jsonfeed.org/version/1.1" || got.Title == "" || len(got.Hubs) != 1 || len(got.Items) != 3 {
		t.Errorf("%+v", got)
	}
	for _, it := range got.Items {
		_, isHTML := it["content_html"]
		_, isText := it["content_text"]
		if it["id"] == "" || isHTML == isText {
			t.Errorf("item %v", it)
		}
	}
	if _, titled := got.Items[1]["title"]; titled {
		t.Error("a note has a title")
	}
}

func TestFeedOfNothingIsStillAFeed(t *testing.T) {
	t.Parallel()
	for _, w := range []write{feedxml.WriteRSS, feedxml.WriteAtom, feedxml.WriteJSON} {
		out := render(t, w, feedxml.Feed{Home: "https://example.org/", Self: "/feed"})
		if strings.Contains(out, "0001-01-01") || strings.Contains(out, "0001 00") {
			t.Errorf("the year one: %s", out)
		}
	}
}

func TestFeedWithoutAddressIsRefused(t *testing.T) {
	t.Parallel()
	for _, f := range []feedxml.Feed{{}, {Home: "/x", Self: "https://e.org/f"}, {Home: "https://e.org/"},
		{Home: "https://e.org/", Self: "/f", Entries: []feedxml.Entry{{Title: "x"}}}} {
		if err := feedxml.WriteRSS(io.Discard, f); err == nil {
			t.Errorf("%+v was written", f)
		}
	}
}

func TestBrokenPipeIsReported(t *testing.T) {
	t.Parallel()
	for _, w := range []write{feedxml.WriteRSS, feedxml.WriteAtom, feedxml.WriteJSON} {
		if err := w(failing{}, sample()); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestSitemapIsBounded(t *testing.T) {
	t.Parallel()
	pages := make([]feedxml.Location, feedxml.SitemapMax+1)
	for i := range pages {
		pages[i] = feedxml.Location{URL: fmt.Sprintf("https://example.org/%d?a=1&b=2", i), Updated: march}
	}
	if err := feedxml.WriteSitemap(io.Discard, pages); err == nil {
		t.Error("too many pages were written")
	}
	if n := feedxml.SitemapParts(len(pages)); n != 2 {
		t.Errorf("%d parts", n)
	}
	var b bytes.Buffer
	if err := feedxml.WriteSitemap(&b, pages[:feedxml.SitemapMax]); err != nil {
		t.Fatal(err)
	}
	var got struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.URLs) != feedxml.SitemapMax || got.URLs[1].Loc != pages[1].URL || got.URLs[1].LastMod != "2026-03-09T06:30:00Z" {
		t.Errorf("%d pages, %+v", len(got.URLs), got.URLs[1])
	}
	if err := feedxml.WriteSitemapIndex(io.Discard, []feedxml.Location{{URL: "/relative"}}); err == nil {
		t.Error("a relative address was written")
	}
}

func TestOtherReadersUnderstandTheFeeds(t *testing.T) {
	t.Parallel()
	sfeed, err := exec.LookPath("sfeed")
	if err != nil {
		t.Skip("sfeed is not installed")
	}
	for _, w := range []write{feedxml.WriteRSS, feedxml.WriteAtom} {
		cmd := exec.Command(sfeed)
		cmd.Stdin = strings.NewReader(render(t, w, sample()))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if len(lines) != 3 || !strings.Contains(lines[0], "Un devis <en> deux heures\thttps://example.org/un-devis") {
			t.Errorf("sfeed read %q", lines)
		}
	}
}

func TestFeedparserFindsNothingBroken(t *testing.T) {
	t.Parallel()
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import feedparser").Run() != nil {
		t.Skip("feedparser is not installed")
	}
	const script = `import sys, feedparser
d = feedparser.parse(sys.stdin.buffer.read())
print(d.version, d.bozo, len(d.entries), d.feed.title, d.entries[0].title, d.entries[0].published_parsed[:5], len(d.entries[0].content))`
	for version, w := range map[string]write{"rss20": feedxml.WriteRSS, "atom10": feedxml.WriteAtom} {
		cmd := exec.Command(python, "-c", script)
		cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
		cmd.Stdin = strings.NewReader(render(t, w, sample()))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		got := strings.TrimSpace(string(out))
		if !strings.HasPrefix(got, version) || !strings.Contains(got, " 3 Le carnet d’Hélène & Fils Un devis") || !strings.Contains(got, "(2026, 3, 9, 6, 30) 1") {
			t.Errorf("feedparser read %q", got)
		}
		if fields := strings.Fields(got); fields[1] != "0" && fields[1] != "False" {
			t.Errorf("feedparser finds it broken: %q", got)
		}
	}
}

func TestHostileStringsKeepEveryFormatWellFormed(t *testing.T) {
	t.Parallel()
	raw := naughty(t)
	for _, s := range raw {
		wellFormed(t, s)
	}
}

func wellFormed(t testing.TB, s string) {
	t.Helper()
	f := feedxml.Feed{Title: s, Description: s, Lang: s, Home: "https://example.org/", Self: "/feed", Hub: s, Copyright: s,
		Author: feedxml.Person{Name: s, URL: s, Email: s},
		Entries: []feedxml.Entry{{ID: "tag:x," + s, URL: s, Title: s, ContentHTML: s, Summary: s, Tags: []string{s}, Image: s,
			ImageType: s, CommentsURL: s, Lang: s, Authors: []feedxml.Person{{Name: s}}, Published: march}}}
	for _, w := range []write{feedxml.WriteRSS, feedxml.WriteAtom} {
		out := render(t, w, f)
		d := xml.NewDecoder(strings.NewReader(out))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%q: %v\n%s", s, err, out)
			}
		}
	}
	if out := render(t, feedxml.WriteJSON, f); !json.Valid([]byte(out)) {
		t.Fatalf("%q: invalid JSON", s)
	}
}

func FuzzWriters(f *testing.F) {
	for _, s := range []string{"", "a\x00b\x1f\ufffe]]>", "<a href='x\xff", "&nbsp;<!--", "\U0001F600 é\r\n", "http://[::1", "<img srcset=', ,'>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { wellFormed(t, s) })
}

func naughty(t testing.TB) []string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(root(t), "..", "shared", "testdata", "naughty-strings", "*"))
	var all []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err == nil {
			all = append(all, strings.Split(string(b), "\n")...)
		}
	}
	if len(all) == 0 {
		t.Skip("the naughty strings are not beside the project")
	}
	return all
}

// root walks up to the folder of go.mod.
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
