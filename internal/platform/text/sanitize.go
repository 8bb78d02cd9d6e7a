package text

import (
	"html/template"
	"io"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTML is markup that may go into a page as it is. Only Sanitize (and Render, through the same gate) makes it from what
// people wrote.
type HTML = template.HTML

// Policy is how much a source of HTML may say.
type Policy int

// The policies.
const (
	// Article is for authors of the house: headings, images, figures, tables, notes, sound and film.
	Article Policy = iota
	// Comment is for everybody else: paragraphs, emphasis, quotes, lists, tables, code and links marked
	// rel="nofollow ugc noopener". Headings become bold paragraphs and images links.
	Comment
)

// Bounds of what is read, in bytes.
const (
	MaxSource  = 2 << 20
	MaxComment = 32 << 10
)

// Sanitize returns what is harmless of dirty, as balanced HTML: no script, style, frame, form or foreign markup, no event
// attribute, no picture of another site (a link stands for it), only addresses of schemes http, https, mailto and tel (and data: for bitmap images under Article), ids
// prefixed so that they clobber nothing. Input beyond MaxSource bytes (MaxComment under Comment) is cut. It never fails:
// what cannot be parsed comes out as escaped text.
func Sanitize(dirty string, p Policy) HTML {
	dirty = bound(dirty, p)
	err := tame(dirty, commentRepeats)
	var root *html.Node
	if err == nil {
		root, err = parse(strings.NewReader(dirty))
	}
	if err != nil {
		return gate(html.EscapeString(dirty), p)
	}
	s := shaper{policy: p}
	s.shape(root)
	return gate(write(root, len(dirty)), p)
}

// gate is the last step of everything: the allow-list.
func gate(markup string, p Policy) HTML {
	allow := articlePolicy()
	if p == Comment {
		allow = commentPolicy()
	}
	var b strings.Builder
	b.Grow(len(markup) + len(markup)/8)
	if err := allow.SanitizeReaderToWriter(strings.NewReader(markup), &b); err != nil {
		// A reader over a string and a strings.Builder do not fail; should the tokenizer, nothing is let through.
		return ""
	}
	return HTML(b.String())
}

// bound cuts s at a character.
func bound(s string, p Policy) string {
	limit := MaxSource
	if p == Comment {
		limit = MaxComment
	}
	if len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// parse reads a fragment as the content of a div and returns that div.
func parse(markup io.Reader) (*html.Node, error) {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(markup, root)
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, nil
}

// write returns the markup of the children of root, about size bytes.
func write(root *html.Node, size int) string {
	var b strings.Builder
	b.Grow(size + size/2)
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		// A strings.Builder does not fail, and shape left no raw text node that Render would refuse.
		if err := html.Render(&b, c); err != nil {
			return html.EscapeString(textOf(root))
		}
	}
	return b.String()
}

// Shapes of attribute values.
var (
	reID       = regexp.MustCompile(`^(?:h|fn|fnref)-[a-z0-9-]{1,100}$`)
	reNumber   = regexp.MustCompile(`^[0-9]{1,5}$`)
	reAlign    = regexp.MustCompile(`^(?:left|right|center)$`)
	reLang     = regexp.MustCompile(`^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,3}$`)
	reDir      = regexp.MustCompile(`^(?:ltr|rtl|auto)$`)
	reCode     = regexp.MustCompile(`^language-[a-zA-Z0-9_+#.-]{1,40}$`)
	reClass    = regexp.MustCompile(`^(?:footnotes|footnote-ref|footnote-back|task)$`)
	reFigure   = regexp.MustCompile(`^(?:gallery|wide|beside)$`)
	reRole     = regexp.MustCompile(`^doc-(?:endnotes|noteref|backlink)$`)
	reRel      = regexp.MustCompile(`^(?:(?:nofollow|ugc|noopener|noreferrer|me|author|license|external|sponsored|tag)(?: |$))+$`)
	reUGC      = regexp.MustCompile(`^nofollow ugc noopener$`)
	reSrcset   = regexp.MustCompile(`^(?:(?:https?://|/)[^\s,"'<>]+ [0-9]{1,5}w(?:, |$))+$`)
	reSizes    = regexp.MustCompile(`^[a-z0-9 ().,:%-]{1,200}$`)
	reDatetime = regexp.MustCompile(`^[0-9TZ:.+ -]{4,40}$`)
	reWord     = regexp.MustCompile(`^[a-z]{1,12}$`)
	reOpen     = regexp.MustCompile(`^(?:open)?$`)
	reMedia    = regexp.MustCompile(`^(?:audio|video)/[a-z0-9.+-]{1,40}$`)
)

// base allows what both policies have.
func base() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "q", "cite",
		"kbd", "samp", "var", "pre", "code", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "a", "span", "wbr",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td")
	// Without this the sanitiser drops a bare opening tag and may then miscount the closing ones.
	p.AllowNoAttrs().OnElements("a", "span", "img")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("class").Matching(reCode).OnElements("code")
	p.AllowAttrs("align").Matching(reAlign).OnElements("th", "td")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(?:col|row)$`)).OnElements("th")
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[0-9]{1,2}$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(reNumber).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^task$`)).OnElements("span")
	p.AllowAttrs("lang").Matching(reLang).Globally()
	p.AllowAttrs("dir").Matching(reDir).Globally()
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	return p
}

var commentPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := base()
	p.AllowAttrs("rel").Matching(reUGC).OnElements("a")
	return p
})

var articlePolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := base()
	p.AllowElements("h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "aside", "figure", "figcaption", "details", "summary", "abbr", "time",
		"img", "audio", "video", "source")
	p.AllowAttrs("id").Matching(reID).Globally()
	p.AllowAttrs("class").Matching(reClass).OnElements("a", "section", "sup")
	p.AllowAttrs("class").Matching(reFigure).OnElements("figure")
	p.AllowAttrs("role").Matching(reRole).OnElements("a", "section")
	p.AllowAttrs("aria-label").OnElements("a", "section", "img", "audio")
	p.AllowAttrs("rel").Matching(reRel).OnElements("a")
	p.AllowAttrs("title").OnElements("a", "abbr", "img")
	p.AllowAttrs("cite").OnElements("blockquote", "q")
	p.AllowAttrs("datetime").Matching(reDatetime).OnElements("time")
	p.AllowAttrs("open").Matching(reOpen).OnElements("details")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("loading", "decoding").Matching(reWord).OnElements("img")
	p.AllowAttrs("srcset").Matching(reSrcset).OnElements("img")
	p.AllowAttrs("sizes").Matching(reSizes).OnElements("img")
	p.AllowAttrs("width", "height").Matching(reNumber).OnElements("img", "video")
	p.AllowAttrs("src").OnElements("audio", "video", "source")
	p.AllowAttrs("controls").Matching(regexp.MustCompile(`^(?:controls)?$`)).OnElements("audio", "video")
	p.AllowAttrs("preload").Matching(regexp.MustCompile(`^(?:none|metadata)$`)).OnElements("audio", "video")
	p.AllowAttrs("type").Matching(reMedia).OnElements("source")
	p.AllowDataURIImages()
	return p
})
