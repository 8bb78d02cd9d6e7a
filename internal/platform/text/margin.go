package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What a margin holds: as many notes, as long a note, in characters. Longer ones would drift away from their marks.
const (
	maxInMargin   = 60
	longestBeside = 400
)

// InMargin returns a rendered text whose notes stand beside their marks too, hidden, so that a page which has a margin may show them there
// and hide those at the foot: each mark is followed by one that leads to the note beside it, class "to-margin", and by the note, class
// "margin-note"; the mark for the foot has the class "to-foot", the section of notes the class "marginal". A text whose notes are no
// matter of a margin comes back as it is: many or long ones, with lists or pictures, longer together than the text, or marked in a table.
func InMargin(h HTML) HTML {
	if !strings.Contains(string(h), `role="doc-endnotes"`) {
		return h
	}
	root, err := parse(strings.NewReader(string(h)))
	if err != nil {
		return h
	}
	m := margin{notes: map[string]*html.Node{}, seen: map[string]bool{}}
	if !m.read(root) || !m.marked(root) {
		return h
	}
	for _, mark := range m.marks {
		m.stand(mark)
	}
	addClass(m.section, "marginal")
	return HTML(write(root, 2*len(h))) // of what the gate let through, and of nothing else
}

// margin is the notes of a text on their way beside it.
type margin struct {
	section *html.Node
	notes   map[string]*html.Node // by id
	marks   []*html.Node          // in the order of the text
	seen    map[string]bool       // the notes that stand beside a mark
}

// read finds the notes, and reports whether a margin may hold them.
func (m *margin) read(root *html.Node) bool {
	for c := root.LastChild; c != nil && m.section == nil; c = c.PrevSibling {
		if c.DataAtom == atom.Section && attr(c, "role") == "doc-endnotes" {
			m.section = c
		}
	}
	if m.section == nil {
		return false
	}
	for n := range m.section.Descendants() {
		if n.DataAtom != atom.Li || !strings.HasPrefix(attr(n, "id"), "fn-") {
			continue
		}
		if len(m.notes) == maxInMargin || !isLine(n) {
			return false
		}
		m.notes[attr(n, "id")] = n
	}
	long := utf8.RuneCountInString(textOf(m.section))
	return len(m.notes) > 0 && 2*long <= utf8.RuneCountInString(textOf(root))
}

// isLine reports whether a note is a few lines of running text.
func isLine(note *html.Node) bool {
	for n := range note.Descendants() {
		if isBlock(n) && (n.DataAtom != atom.P || n.Parent != note) || n.DataAtom == atom.Img {
			return false
		}
	}
	return utf8.RuneCountInString(textOf(note)) <= longestBeside
}

// marked finds the marks, and reports whether a note may stand beside each.
func (m *margin) marked(root *html.Node) bool {
	for n := range root.Descendants() {
		id := strings.TrimPrefix(attr(n, "href"), "#")
		if attr(n, "role") != "doc-noteref" || m.notes[id] == nil {
			continue
		}
		if n.Parent.DataAtom != atom.Sup || !hasMargin(n.Parent) {
			return false
		}
		m.marks = append(m.marks, n)
	}
	return len(m.marks) > 0
}

// hasMargin reports whether what stands after n can float into the margin of the text.
func hasMargin(n *html.Node) bool {
	for p := n.Parent; p != nil && p.Parent != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Table, atom.Figure, atom.Details, atom.Dl, atom.Pre, atom.A, atom.Section:
			return false
		}
	}
	return true
}

// stand puts the note of a mark beside it, and the mark that leads there; the second mark of a note leads to the same.
func (m *margin) stand(mark *html.Node) {
	id := strings.TrimPrefix(attr(mark, "href"), "#")
	beside := "h-beside-" + id
	near := clone(mark)
	addClass(mark, "to-foot")
	addClass(near, "to-margin")
	setAttr(near, "href", "#"+beside)
	setAttr(near, "hidden", "")
	sup := mark.Parent
	sup.InsertBefore(near, mark.NextSibling)
	if m.seen[id] {
		return
	}
	m.seen[id] = true
	note := &html.Node{Type: html.ElementNode, Data: "span", DataAtom: atom.Span, Attr: []html.Attribute{
		{Key: "class", Val: "margin-note"}, {Key: "id", Val: beside}, {Key: "role", Val: "note"}, {Key: "hidden"}}}
	number := &html.Node{Type: html.ElementNode, Data: "b", DataAtom: atom.B}
	adopt(number, clone(mark))
	note.AppendChild(number)
	note.AppendChild(&html.Node{Type: html.TextNode, Data: "\u00a0"})
	first := true
	for c := m.notes[id].FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.P {
			continue
		}
		if !first {
			note.AppendChild(&html.Node{Type: html.ElementNode, Data: "br", DataAtom: atom.Br})
		}
		first = false
		adopt(note, clone(c))
	}
	sup.Parent.InsertBefore(note, sup.NextSibling)
}

// clone copies a tree, without ids, which are a page's once only, and without ways back.
func clone(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data}
	c.Attr = append(c.Attr, n.Attr...)
	delAttr(c, "id")
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if attr(child, "role") != "doc-backlink" {
			c.AppendChild(clone(child))
		}
	}
	return c
}

func addClass(n *html.Node, class string) {
	setAttr(n, "class", strings.TrimSpace(attr(n, "class")+" "+class))
}
