package feedxml

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// WriteAtom writes f as Atom (RFC 4287), with the count of comments of RFC 4685. It returns an error when an address
// that only the program sets is missing, or when w fails.
func WriteAtom(w io.Writer, f Feed) error {
	p, err := prepare(f)
	if err != nil {
		return err
	}
	d := newDocument(w)
	d.open("feed", "xmlns", "http://www.w3.org/2005/Atom",
		"xmlns:thr", "http://purl.org/syndication/thread/1.0", "xml:lang", p.Lang)
	d.text("id", p.ID)
	d.text("title", p.Title)
	if p.Description != p.Title {
		d.text("subtitle", p.Description)
	}
	d.text("updated", rfc3339(p.Updated))
	d.empty("link", "href", p.Home, "rel", "alternate", "type", "text/html")
	d.empty("link", "href", p.Self, "rel", "self", "type", "application/atom+xml")
	d.empty("link", "href", p.Hub, "rel", "hub")
	d.empty("link", "href", p.Next, "rel", "next", "type", "application/atom+xml")
	d.maybe("icon", p.Icon)
	d.maybe("rights", p.Copyright)
	d.text("generator", Generator)
	author := p.Author
	if strings.TrimSpace(author.Name) == "" { // §4.1.1: somebody must answer for entries without author
		author = Person{Name: p.Title}
	}
	p.person(d, author)
	for _, e := range p.Entries {
		p.entry(d, e)
	}
	d.close("feed")
	return d.end()
}

func (p *prepared) entry(d *document, e Entry) {
	lang := e.Lang
	if lang == p.Lang {
		lang = ""
	}
	d.open("entry", "xml:lang", lang)
	d.text("id", e.ID)
	d.text("title", strings.TrimSpace(e.Title))
	d.text("updated", rfc3339(e.Updated))
	if !e.Published.IsZero() {
		d.text("published", rfc3339(e.Published))
	}
	d.empty("link", "href", e.URL, "rel", "alternate", "type", "text/html")
	if e.Image != "" {
		length := ""
		if e.ImageLength > 0 {
			length = strconv.FormatInt(e.ImageLength, 10)
		}
		d.empty("link", "href", e.Image, "rel", "enclosure", "type", e.ImageType, "length", length)
	}
	if e.Sound != "" {
		d.empty("link", "href", e.Sound, "rel", "enclosure", "type", e.SoundType, "length", strconv.FormatInt(max(e.SoundLength, 0), 10))
	}
	count := strconv.Itoa(max(e.Comments, 0))
	d.empty("link", "href", e.CommentsURL, "rel", "replies", "type", "text/html", "thr:count", count)
	d.empty("link", "href", e.CommentsFeed, "rel", "replies", "type", "application/atom+xml", "thr:count", count)
	for _, a := range e.Authors {
		p.person(d, a)
	}
	for _, t := range tags(e) {
		d.empty("category", "term", t)
	}
	d.maybe("summary", e.Summary, "type", "text")
	content := p.content(e)
	if content == "" && e.URL == "" { // §4.1.2: without content there must be an alternate link
		content = "<p></p>"
	}
	d.maybe("content", content, "type", "html")
	d.close("entry")
}

func (p *prepared) person(d *document, a Person) {
	d.open("author")
	d.text("name", a.Name)
	d.maybe("uri", p.abs(a.URL))
	d.maybe("email", a.Email)
	d.close("author")
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
