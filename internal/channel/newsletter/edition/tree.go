package edition

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"causerie/internal/platform/text"
)

// parse reads a text that package text made.
func parse(h text.HTML) *html.Node {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(string(h)), root)
	if err != nil { // nested beyond what the parser follows, which package text does not make
		nodes = []*html.Node{{Type: html.TextNode, Data: string(h)}}
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root
}

// parse reads the body of a letter, with its addresses absolute, and with slots when merge is set.
func (s *sheet) parse(h text.HTML, merge bool) *html.Node {
	root := parse(h)
	for n := range root.Descendants() {
		if !isProse(n) {
			continue
		}
		n.Data = plainHyphens(n.Data)
		if !merge || !strings.Contains(n.Data, "{") {
			continue
		}
		// The space before a name that is marked, "Bonjour **{prénom}**", goes with the name.
		if before := spaceBefore(n); before != nil && strings.HasPrefix(n.Data, "{") {
			size := len(before.Data) - len(strings.TrimRight(before.Data, " "))
			n.Data = before.Data[len(before.Data)-size:] + n.Data
			before.Data = before.Data[:len(before.Data)-size]
		}
		n.Data = s.merge(n.Data)
	}
	return root
}

// spaceBefore returns the text that ends with a space right before n, where n is the first of something marked.
func spaceBefore(n *html.Node) *html.Node {
	for n.PrevSibling == nil && n.Parent != nil && isMark(n.Parent) {
		n = n.Parent
	}
	if p := n.PrevSibling; p != nil && p.Type == html.TextNode && strings.HasSuffix(p.Data, " ") {
		return p
	}
	return nil
}

func isMark(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Strong, atom.B, atom.Em, atom.I, atom.U, atom.Mark, atom.Span, atom.Small:
		return true
	}
	return false
}

// isProse tells a text that is read as such, and not as code.
func isProse(n *html.Node) bool {
	if n.Type != html.TextNode {
		return false
	}
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Code, atom.Pre, atom.Kbd, atom.Samp, atom.Var:
			return false
		}
	}
	return true
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// isBlock tells the elements that stand on lines of their own.
func isBlock(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Section, atom.Aside, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Dl,
		atom.Dt, atom.Dd, atom.Blockquote, atom.Pre, atom.Table, atom.Figure, atom.Figcaption, atom.Hr, atom.Details, atom.Summary, atom.Audio,
		atom.Video:
		return true
	}
	return false
}

func hasBlock(n *html.Node) bool { return slices.ContainsFunc(slices.Collect(n.ChildNodes()), isBlock) }

// parts returns what stands in n one under the other: blocks, and the runs of text between them as paragraphs. Boxes that are
// nothing but boxes are opened.
func parts(n *html.Node) (all []*html.Node) {
	var run *html.Node
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case isBox(c):
			run = nil
			all = append(all, parts(c)...)
		case isBlock(c):
			run = nil
			all = append(all, c)
		case run == nil && c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		default:
			if run == nil {
				run = &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
				all = append(all, run)
				n.InsertBefore(run, c)
			}
			n.RemoveChild(c)
			run.AppendChild(c)
		}
		c = next
	}
	return all
}

// isBox tells what only holds others.
func isBox(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.Aside, atom.Details:
		return true
	case atom.Section:
		return attr(n, "role") != "doc-endnotes"
	}
	return false
}

// words returns the text in n.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && attr(d.Parent, "role") != "doc-noteref" {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// beginning returns the first words of the paragraphs of a letter.
func beginning(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.DataAtom == atom.P && b.Len() < 4*maxPreheader {
			b.WriteString(words(n) + " ")
		}
	}
	return b.String()
}
