package wordpress_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// read is what a reader gets of a piece of HTML: how often each word or number is there, and where its links lead.
type read struct {
	words map[string]int
	links map[string]bool
}

// inline are elements inside of which a word goes on.
var inline = []string{"sub", "sup", "b", "i", "em", "strong", "span", "small", "abbr", "code", "del", "s", "q", "u", "ins", "acronym", "big", "tt", "kbd", "var", "cite", "a", "font", "mark",
	"strike", "dfn", "samp", "bdo", "wbr"}

// readIn reads HTML. What stands in attributes counts when asked for: captions and alternative texts end there.
func readIn(src string, attributes bool) read {
	r := read{map[string]int{}, map[string]bool{}}
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return r
	}
	var b, said strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode {
			switch {
			case slices.Contains([]string{"script", "style", "textarea", "select", "noscript", "iframe", "svg", "template", "object"}, n.Data):
				return
			case !slices.Contains(inline, n.Data):
				b.WriteByte(' ')
				defer b.WriteByte(' ')
			}
			for _, a := range n.Attr {
				if a.Key == "href" && (attributes || leads(n, a.Val)) {
					r.links[where(a.Val)] = true
				}
				if attributes && (a.Key == "alt" || a.Key == "title" || a.Key == "href" || a.Key == "src") {
					said.WriteString(" " + a.Val)
				}
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(root)
	text := norm.NFKC.String(typeset.Replace(b.String() + " " + said.String()))
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		r.words[w]++
	}
	return r
}

// typeset are signs that the typography of the house sets, 32 × 32, n° 3, and what it has for letters below and above a line: x_(Q).
var typeset = strings.NewReplacer("_(", "", "^(", "", "×", "x", "n°", "n ", "n\u00ba", "n ", "nᵒ", "n ", "°", " ", "º", " ", "ᵒ", " ")

// where is where a link leads, however it is written.
func where(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return href
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.Path, "/")
}

// leads reports whether a link leads from words or from a picture to somewhere else than that picture, or WordPress's page around it.
func leads(n *html.Node, href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	text, picture := "", false
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			text += strings.TrimSpace(c.Data)
		}
		picture = picture || c.Data == "img"
	}
	for _, a := range n.Attr {
		if a.Key == "rel" && strings.Contains(a.Val, "attachment") {
			return false
		}
	}
	shows := regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp)$`).MatchString(u.Path) || u.Query().Get("attachment_id") != ""
	return text != "" || picture && !shows
}
