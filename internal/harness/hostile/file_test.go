package hostile

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/protocol/frontmatter"
	"causerie/internal/transfer/wordpress"
)

// TestNothingBroughtInAFileRuns brings payloads in as the names and contents of uploads, in an export of WordPress, and in
// Markdown files with front matter.
func TestNothingBroughtInAFileRuns(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			p := load(t)
			n := 1
			if engine == db.Postgres {
				n = 16
			}
			g := start(t, harness.Options{SetUp: true, Engine: engine})
			s := g.seed()
			g.upload(append(every(p.words, 8*n), p.edges...))
			g.quiet("uploads")
			g.bring(append(every(p.words, n), p.edges...), s)
			g.quiet("the export")
			g.files(append(every(p.words, 6*n), p.edges...), s)
			g.quiet("files")
			g.show("files", 60)
			g.browse()
		})
	}
}

// upload sends pictures with hostile names and words, and what only pretends to be a picture.
func (g *rig) upload(names []string) {
	g.t.Helper()
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		g.t.Fatal(err)
	}
	var shown []string
	for i, name := range names {
		kind, body := parts(url.Values{"alt": {names[(i+5)%len(names)]}}, "file", name+".png", append(drawn.Bytes(), byte(i), byte(i>>8)))
		got, ok := g.send(ask{method: http.MethodPost, target: "/app/media", as: "owner", kind: kind, body: body})
		if !ok || got.status != http.StatusCreated {
			continue // control characters in the head of a part: refused
		}
		var made struct{ ID, Markdown string }
		unmarshal(g.t, got.body, &made)
		g.get("owner", "/media/"+made.ID+"/original")
		shown = append(shown, made.Markdown)
	}
	if len(shown) < len(names)*3/4 {
		g.errorf("%d of %d pictures were taken", len(shown), len(names))
	}
	for len(shown) > 0 {
		n := min(20, len(shown))
		g.write("Images", strings.Join(shown[:n], "\n\n"))
		shown = shown[n:]
	}
	for i, data := range []string{`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "<html><script>alert(1)</script>", "GIF89a<script>alert(1)</script>", "%PDF-1.4 <script>alert(1)</script>",
		"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "", "\xff\xd8\xff\xe1\xff\xffExif\x00\x00", "RIFF\xff\xff\xff\xffWEBPVP8X"} {
		for _, name := range []string{"x.png", "x.svg", "x.html", "x.pdf"} {
			kind, body := parts(url.Values{}, "file", name, []byte(data))
			got, _ := g.send(ask{method: http.MethodPost, target: "/app/media", as: "owner", kind: kind, body: body})
			if got.status != http.StatusCreated {
				continue
			}
			var made struct{ ID string }
			unmarshal(g.t, got.body, &made)
			file := g.get("owner", "/media/"+made.ID+"/original")
			if kind := file.header.Get("Content-Type"); kind != "application/pdf" || i != 3 {
				g.errorf("%q as %s is served as %s", data, name, kind)
			} else if csp := file.header.Get("Content-Security-Policy"); !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") && !strings.Contains(csp, "sandbox") {
				g.t.Logf("a PDF is shown in the page: %v", file.header)
			}
		}
	}
}

// write publishes an article.
func (g *rig) write(title, body string) {
	g.t.Helper()
	data, err := json.Marshal(map[string]string{"title": title, "body": body, "status": "published"})
	if err != nil {
		g.t.Fatal(err)
	}
	if got, _ := g.send(ask{method: http.MethodPost, target: "/api/v1/posts", as: "program", kind: "application/json", body: data}); got.status != http.StatusCreated {
		g.errorf("%v: %s", got, got.body)
	}
}

// bring imports an export of WordPress whose every element is a payload.
func (g *rig) bring(words []string, s seeded) {
	g.t.Helper()
	var b bytes.Buffer
	n := 0
	next := func() string {
		n++
		var t bytes.Buffer
		_ = xml.EscapeText(&t, []byte(strings.ToValidUTF8(words[n%len(words)], ""))) // what XML cannot hold becomes U+FFFD
		return t.String()
	}
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>` + next() + `</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>` +
		`<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>`)
	for i := range 20 {
		fmt.Fprintf(&b, `<wp:author><wp:author_login>u%d</wp:author_login><wp:author_email>%s</wp:author_email><wp:author_display_name>%s</wp:author_display_name></wp:author>`, i, next(), next())
		fmt.Fprintf(&b, `<wp:category><wp:term_id>%d</wp:term_id><wp:category_nicename>c%d</wp:category_nicename><wp:category_parent>%s</wp:category_parent><wp:cat_name>%s</wp:cat_name></wp:category>`, i+1, i, next(), next())
	}
	count := len(words)/6 + 1
	for i := range count {
		fmt.Fprintf(&b, `<item><title>%s</title><link>https://old.example/%d/%s</link><dc:creator>u%d</dc:creator><guid>%s</guid><content:encoded>%s</content:encoded><excerpt:encoded>%s</excerpt:encoded>`,
			next(), i, next(), i%25, next(), strings.Join([]string{next(), next(), next(), next(), next(), next()}, "\n\n"), next())
		fmt.Fprintf(&b, `<wp:post_id>%d</wp:post_id><wp:post_date>2020-03-%02d 10:00:00</wp:post_date><wp:post_date_gmt>2020-03-%02d 09:00:00</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>`+
			`<wp:post_name>%s</wp:post_name><wp:status>publish</wp:status><wp:post_type>%s</wp:post_type><category domain="category" nicename="%s">%s</category><category domain="post_tag" nicename="t">%s</category>`,
			i+1, i%28+1, i%28+1, next(), []string{"post", "page", "post"}[i%3], next(), next(), next())
		for c := range 3 {
			fmt.Fprintf(&b, `<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>%s</wp:comment_author><wp:comment_author_email>%s</wp:comment_author_email><wp:comment_author_url>%s</wp:comment_author_url>`+
				`<wp:comment_date_gmt>2020-04-01 09:00:00</wp:comment_date_gmt><wp:comment_content>%s</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type>%s</wp:comment_type></wp:comment>`,
				i*3+c+1, next(), []string{"x@y.example", next()}[c%2], next(), next(), []string{"", "pingback", "comment"}[c])
		}
		b.WriteString(`</item>`)
	}
	b.WriteString(`</channel></rss>`)
	deps := wordpress.Deps{DB: g.DB, House: g.House.House, Voices: g.Voices, Posts: g.Posts, Media: g.Media, Inbox: g.Inbox}
	report, err := wordpress.Import(g.t.Context(), deps, bytes.NewReader(b.Bytes()), wordpress.Options{})
	if err != nil {
		g.errorf("wordpress: %v", err)
	}
	found, _, err := g.Posts.List(g.t.Context(), g.Owner.Actor(), post.Filter{Voice: s.voice, Limit: 100})
	if err != nil || len(found) < min(100, count*3/4) {
		g.errorf("%d of %d posts came in (%v): %+v", len(found), count, err, report)
	}
	// The same bytes, cut and bent: refused or taken, never a surprise.
	for _, bent := range [][]byte{b.Bytes()[:b.Len()/2], bytes.ReplaceAll(b.Bytes(), []byte("2020-03"), []byte("\x00\xff")), []byte("\x00"), bytes.Repeat([]byte("<item>"), 5000)} {
		if _, err := wordpress.Import(g.t.Context(), deps, bytes.NewReader(bent), wordpress.Options{}); err != nil && strings.Contains(err.Error(), "SQLSTATE") {
			g.errorf("a bent export: %v", err)
		}
	}
}

// files publishes Markdown files as the command line does.
func (g *rig) files(words []string, s seeded) {
	g.t.Helper()
	for i := range words {
		at := func(k int) string { return words[(i+k)%len(words)] }
		line := func(k int) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(at(k)) }
		for _, source := range []string{
			fmt.Sprintf("---\ntitle: %s\nsummary: %s\ntags: [%s, %s]\nsection: %s\n---\n%s", quoted(at(0)), quoted(at(1)), quoted(at(2)), quoted(at(3)), quoted(at(4)), at(5)),
			fmt.Sprintf("---\ntitle: %s\nslug: %s\nlang: %s\n---\n# %s\n\n%s", line(0), line(1), line(2), at(3), at(4)),
			at(0) + "\n\n" + at(1),
		} {
			meta, body, err := frontmatter.Parse([]byte(source))
			if err != nil {
				continue
			}
			p, err := g.Posts.Create(g.t.Context(), g.Owner.Actor(), post.Input{Voice: s.voice, Kind: "article", Title: meta.Title, Slug: meta.Slug, Summary: meta.Summary, Body: body,
				Lang: meta.Lang, Section: meta.Section, Tags: meta.Tags})
			if err == nil {
				_, err = g.Posts.Publish(g.t.Context(), g.Owner.Actor(), p.ID)
			}
			if kind := fault.KindOf(err); err != nil && kind != fault.KindInvalid && kind != fault.KindConflict {
				g.errorf("%.200q: %v", source, err)
			}
		}
	}
}
