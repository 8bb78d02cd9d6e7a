package feedxml

import (
	"html"
	"io"
	"regexp"
	"strconv"
	"time"
)

// WriteRSS writes f as RSS 2.0 with the usual companions: content:encoded, dc:creator, atom:link, slash:comments and
// wfw:commentRss. It returns an error when an address that only the program sets is missing, or when w fails.
func WriteRSS(w io.Writer, f Feed) error {
	p, err := prepare(f)
	if err != nil {
		return err
	}
	d := newDocument(w)
	d.open("rss", "version", "2.0",
		"xmlns:atom", "http://www.w3.org/2005/Atom",
		"xmlns:content", "http://purl.org/rss/1.0/modules/content/",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/",
		"xmlns:slash", "http://purl.org/rss/1.0/modules/slash/",
		"xmlns:wfw", "http://wellformedweb.org/CommentAPI/")
	d.open("channel")
	d.text("title", inert(p.Title))
	d.text("link", p.Home)
	d.text("description", p.Description)
	d.empty("atom:link", "href", p.Self, "rel", "self", "type", "application/rss+xml")
	d.empty("atom:link", "href", p.Hub, "rel", "hub")
	d.empty("atom:link", "href", p.Next, "rel", "next", "type", "application/rss+xml")
	d.maybe("language", p.Lang)
	d.maybe("copyright", p.Copyright)
	d.text("lastBuildDate", rfc822(p.Updated))
	d.text("generator", Generator)
	d.text("docs", "https://www.rssboard.org/rss-specification")
	if p.Icon != "" {
		d.open("image") // title and link must be those of the channel
		d.text("url", p.Icon)
		d.text("title", inert(p.Title))
		d.text("link", p.Home)
		d.close("image")
	}
	for _, e := range p.Entries {
		p.item(d, e)
	}
	d.close("channel")
	d.close("rss")
	return d.end()
}

func (p *prepared) item(d *document, e Entry) {
	d.open("item")
	d.maybe("title", inert(e.Title))
	d.maybe("link", e.URL)
	d.text("guid", e.ID, "isPermaLink", "false")
	if !e.Published.IsZero() {
		d.text("pubDate", rfc822(e.Published))
	}
	for _, a := range p.authors(e) {
		d.text("dc:creator", a.Name)
	}
	for _, t := range tags(e) {
		d.text("category", inert(t))
	}
	content := p.content(e)
	switch summary := either(e.Summary, ""); {
	case summary != "": // a description is HTML, a summary is not
		d.text("description", html.EscapeString(summary))
	case e.Title == "" && content != "":
		d.text("description", content)
	case either(e.Title, "") == "":
		d.text("description", html.EscapeString(either(e.URL, e.ID)))
	}
	d.maybe("content:encoded", content)
	if e.Sound != "" {
		d.empty("enclosure", "url", e.Sound, "length", strconv.FormatInt(max(e.SoundLength, 0), 10), "type", e.SoundType)
	} else if e.Image != "" && e.ImageType != "" {
		d.empty("enclosure", "url", e.Image, "length", strconv.FormatInt(max(e.ImageLength, 0), 10), "type", e.ImageType)
	}
	if e.CommentsURL != "" {
		d.text("comments", e.CommentsURL)
		d.text("slash:comments", strconv.Itoa(max(e.Comments, 0)))
	}
	d.maybe("wfw:commentRss", e.CommentsFeed)
	d.close("item")
}

// rfc822 writes the four-digit years that RSS 2.0 prefers, in UTC: its names of zones are better left alone.
func rfc822(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000") }

// tag is what begins a tag of HTML.
var tag = regexp.MustCompile(`<([A-Za-z/!?])`)

// inert keeps what looks like a tag from being one for readers that take a title for HTML. All else stays plain text, which is
// what a title is: a < b & c reads right everywhere.
func inert(s string) string { return tag.ReplaceAllString(s, "&lt;$1") }
