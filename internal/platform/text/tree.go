package text

import (
	"math"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// unwrap leaves in the place of n what it holds.
func unwrap(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	remove(n)
}

func rename(n *html.Node, a atom.Atom) { n.DataAtom, n.Data = a, a.String() }

// adopt moves the children of from to the end of to.
func adopt(to, from *html.Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		from.RemoveChild(c)
		to.AppendChild(c)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return true
		}
	}
	return false
}

func setAttr(n *html.Node, key, val string) {
	for i, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			n.Attr[i].Val = val
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: val})
}

func delAttr(n *html.Node, key string) {
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		if a.Key != key {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
}

func isHeading(n *html.Node) bool {
	return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6'
}

// isBlock tells the elements that stand on lines of their own.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Section, atom.Aside, atom.Article, atom.Main, atom.Header, atom.Footer, atom.Nav, atom.Form, atom.Fieldset,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Pre,
		atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption, atom.Figure, atom.Figcaption, atom.Hr,
		atom.Details, atom.Summary, atom.Address, atom.Center, atom.Audio, atom.Video:
		return true
	}
	return false
}

// isVerbatim tells the elements whose text is not prose.
func isVerbatim(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Pre, atom.Code, atom.Kbd, atom.Samp, atom.Var:
		return true
	}
	return false
}

// isNoteMark tells the marks of notes, which are furniture and not text.
func isNoteMark(n *html.Node) bool {
	role := attr(n, "role")
	return role == "doc-noteref" || role == "doc-backlink"
}

// textOf returns the text of a tree as one would read it aloud: a blank line between blocks, lines for list items and
// rows, no marks of notes, no pictures.
func textOf(root *html.Node) string { return textUpTo(root, math.MaxInt) }

// textUpTo is textOf for the first bytes, about max of them.
func textUpTo(root *html.Node, max int) string {
	w := textWriter{max: max}
	w.walk(root)
	return strings.TrimSpace(w.b.String())
}

type textWriter struct {
	b    strings.Builder
	max  int
	feed int // line feeds owed before the next text
	gap  bool
}

func (w *textWriter) walk(n *html.Node) {
	for c := n.FirstChild; c != nil && w.b.Len() < w.max; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			w.text(c.Data, n)
		case c.Type != html.ElementNode || isNoteMark(c) || dropped[c.DataAtom]:
		case c.DataAtom == atom.Br:
			w.owe(1)
		case isBlock(c):
			lines := 2
			switch c.DataAtom {
			case atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Thead, atom.Tbody, atom.Tfoot:
				lines = 1
			case atom.Td, atom.Th:
				lines = 0
				w.gap = true
			}
			w.owe(lines)
			w.walk(c)
			w.owe(lines)
		default:
			w.walk(c)
		}
	}
}

func (w *textWriter) owe(lines int) { w.feed = max(w.feed, lines) }

// text writes words, with one space for each run of blanks; code keeps its lines.
func (w *textWriter) text(s string, parent *html.Node) {
	pre := parent.DataAtom == atom.Pre || parent.Parent != nil && parent.Parent.DataAtom == atom.Pre
	for _, r := range s {
		switch {
		case r == '\n' && pre:
			w.owe(1)
		case r == ' ' || r == '\n' || r == '\t' || r == '\r':
			w.gap = true
		default:
			if w.b.Len() > 0 {
				if w.feed > 0 {
					w.b.WriteString("\n\n"[:min(w.feed, 2)])
				} else if w.gap {
					w.b.WriteByte(' ')
				}
			}
			w.feed, w.gap = 0, false
			w.b.WriteRune(r)
		}
	}
}
