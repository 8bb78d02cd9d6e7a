package htmlmd

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// element makes a node with attributes (names and values in turn).
func element(name string, attrs ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
	for i := 0; i+1 < len(attrs); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: attrs[i], Val: attrs[i+1]})
	}
	return n
}

func textNode(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

// with appends children to n and returns n.
func with(n *html.Node, children ...*html.Node) *html.Node {
	for _, c := range children {
		n.AppendChild(c)
	}
	return n
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// has reports whether n has an attribute, with a value or without: <ol reversed>.
func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func setAttr(n *html.Node, name, value string) {
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func is(n *html.Node, names ...string) bool {
	if n == nil || n.Type != html.ElementNode {
		return false
	}
	for _, name := range names {
		if n.Data == name {
			return true
		}
	}
	return false
}

func hasClass(n *html.Node, class string) bool {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

// children is a snapshot, so that the tree may change under the loop.
func children(n *html.Node) []*html.Node {
	var all []*html.Node
	for c := range n.ChildNodes() {
		all = append(all, c)
	}
	return all
}

// unwrap puts the children of n in its place.
func unwrap(n *html.Node) {
	for _, c := range children(n) {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

// replace puts others in the place of n.
func replace(n *html.Node, others ...*html.Node) {
	for _, o := range others {
		n.Parent.InsertBefore(o, n)
	}
	n.Parent.RemoveChild(n)
}

func remove(n *html.Node) { n.Parent.RemoveChild(n) }

// move takes all children of from to the end of to.
func move(from, to *html.Node) *html.Node {
	for _, c := range children(from) {
		from.RemoveChild(c)
		to.AppendChild(c)
	}
	return to
}

// merge makes one text of texts side by side, in n and below. The library does the same one by one, and copies them each time.
func merge(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		merge(c)
		if c.Type != html.TextNode || c.NextSibling == nil || c.NextSibling.Type != html.TextNode {
			continue
		}
		var b strings.Builder
		b.WriteString(c.Data)
		for next := c.NextSibling; next != nil && next.Type == html.TextNode; next = c.NextSibling {
			b.WriteString(next.Data)
			remove(next)
		}
		c.Data = b.String()
	}
}

// reReference is what Markdown would read as a character that has a name.
var reReference = regexp.MustCompile(`&(#?[A-Za-z0-9]{1,32};)`)

// spell keeps "&nbsp;" in a text about HTML from becoming what it names. Code says what it says already.
func spell(n *html.Node) {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode && strings.IndexByte(c.Data, '&') >= 0:
			c.Data = reReference.ReplaceAllString(c.Data, "&amp;$1")
		case !is(c, "pre", "code", "kbd", "samp", "tt", "var"):
			spell(c)
		}
	}
}

// words is the text in n, its white space folded.
func words(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if is(n, "br") || isBlock(n) {
			b.WriteByte(' ')
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// textIn is the text in n as it stands there.
func textIn(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// find returns the elements of that name below n, outermost first, not looking inside those found.
func find(n *html.Node, names ...string) []*html.Node {
	var all []*html.Node
	for c := range n.ChildNodes() {
		if is(c, names...) {
			all = append(all, c)
		} else {
			all = append(all, find(c, names...)...)
		}
	}
	return all
}

var blockNames = set(`address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure
	footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul
	caption body noscript video audio iframe object embed script style more-mark foot-note`)

func set(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

// isBlock reports whether n stands on lines of its own.
func isBlock(n *html.Node) bool { return n != nil && n.Type == html.ElementNode && blockNames[n.Data] }
