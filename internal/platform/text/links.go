package text

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// addressTail is what an address that was simply typed goes on with: everything up to a blank, an angle bracket or a
// quotation mark, accents too, since browsers copy them (GFM, 6.9). A mark at its end is the sentence's; the extension
// takes the points, commas and unpaired brackets off.
const addressTail = `[^\s\p{Z}<>"«»“”\x{FFFC}]*[^\s\p{Z}<>"«»“”‘’';…\x{FFFC}.,:!?*_~]`

// linkify makes links of addresses that stand bare in a text.
var linkify = extension.NewLinkifyParser(
	extension.WithLinkifyURLRegexp(regexp.MustCompile(`^(?:https?|ftp)://`+addressTail)),
	extension.WithLinkifyWWWRegexp(regexp.MustCompile(`^www\.[\p{L}\p{N}-]+\.`+addressTail)),
)

// reBare finds what linkify leaves: it looks for addresses behind a blank alone, and people write them behind a guillemet, a
// bracket, a colon.
var reBare = regexp.MustCompile(`(?i:https?://|www\.[\p{L}\p{N}-]+\.)` + addressTail +
	`|(?i:mailto:)?[A-Za-z0-9](?:[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]*[A-Za-z0-9_+-])?@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}`)

// bareAddresses makes links of the addresses that stand in the text below n, but in code and in other links.
func (s *shaper) bareAddresses(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.TextNode:
			linkIn(c)
		case c.Type == html.ElementNode && c.Namespace == "" && c.DataAtom != atom.A && !isVerbatim(c) && !dropped[c.DataAtom]:
			s.bareAddresses(c)
		}
		c = next
	}
}

// linkIn parts a text node at the addresses that it holds.
func linkIn(n *html.Node) {
	if !strings.Contains(n.Data, "://") && !strings.ContainsRune(n.Data, '@') && !strings.Contains(strings.ToLower(n.Data), "www.") {
		return
	}
	text, done := n.Data, 0
	for _, at := range reBare.FindAllStringIndex(text, -1) {
		if before, _ := utf8.DecodeLastRuneInString(text[:at[0]]); at[0] > 0 && (isWord(before) || strings.ContainsRune(`/@.-=_&?#%+~\`, before)) {
			continue
		}
		address := unclosed(text[at[0]:at[1]])
		href := address
		switch lower := strings.ToLower(address); {
		case strings.HasPrefix(lower, "www."):
			href = "http://" + address
		case !strings.Contains(lower, "://") && !strings.HasPrefix(lower, "mailto:"):
			href = "mailto:" + address
		}
		if i := strings.Index(href, ":"); i > 0 {
			href = strings.ToLower(href[:i]) + href[i:]
		}
		a := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{{Key: "href", Val: href}}}
		a.AppendChild(&html.Node{Type: html.TextNode, Data: address})
		if at[0] > done {
			n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: text[done:at[0]]}, n)
		}
		n.Parent.InsertBefore(a, n)
		done = at[0] + len(address)
	}
	if n.Data = text[done:]; n.Data == "" {
		remove(n)
	}
}

// unclosed takes the brackets off the end of an address that do not open in it, and the marks before them.
func unclosed(address string) string {
	for _, pair := range []string{"()", "[]", "{}"} {
		for strings.HasSuffix(address, pair[1:]) && strings.Count(address, pair[1:]) > strings.Count(address, pair[:1]) {
			address = strings.TrimRight(address[:len(address)-1], ".,:;!?*_~'’‘…")
		}
	}
	return address
}
