package text

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// shaper walks a parsed fragment once and makes it what a page of ours expects: what has no place is dropped or turned
// into something that has, headings and ids are numbered, images and links completed.
type shaper struct {
	policy   Policy
	offset   int    // added to heading levels
	top      int    // the level that the highest heading shall have; 0: as offset says
	prefix   string // put into every id
	labels   Labels
	base     *url.URL // makes addresses absolute; nil leaves them
	image    func(string) (Image, bool)
	headings []Heading
	first    string              // address of the first image
	away     int                 // pictures that stand elsewhere
	hollow   map[*html.Node]bool // what held a picture that left nothing
	file     func(string) (Linked, bool)
	sounds   map[*html.Node]bool   // links to recordings of the house
	captions map[*html.Node]string // of what plays one
	places   map[*html.Node]string // of pictures whose title said one
	ids      map[string]bool
	next     map[string]int    // of an id that was given, the number that its next bearer may have
	renamed  map[string]string // ids as written -> as given
	links    []*html.Node      // links within the page, mended at the end
}

// dropped are the elements that go with all they hold.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Object: true, atom.Embed: true, atom.Applet: true, atom.Noscript: true, atom.Noembed: true,
	atom.Noframes: true, atom.Frame: true, atom.Frameset: true, atom.Template: true, atom.Svg: true, atom.Math: true, atom.Textarea: true,
	atom.Select: true, atom.Option: true, atom.Button: true, atom.Title: true, atom.Head: true, atom.Meta: true, atom.Link: true, atom.Base: true,
	atom.Plaintext: true, atom.Xmp: true, atom.Listing: true, atom.Canvas: true, atom.Map: true, atom.Marquee: true, atom.Datalist: true,
}

// shape does the whole tree.
func (s *shaper) shape(root *html.Node) {
	s.ids, s.next, s.renamed, s.hollow = map[string]bool{}, map[string]int{}, map[string]string{}, map[*html.Node]bool{}
	s.sounds, s.captions, s.places = map[*html.Node]bool{}, map[*html.Node]string{}, map[*html.Node]string{}
	if highest := topHeading(root); s.top > 0 && highest > 0 {
		s.offset = s.top - highest
	}
	s.bareAddresses(root)
	s.children(root)
	for _, a := range s.links {
		s.mend(a)
	}
}

func (s *shaper) children(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		s.node(c)
		c = next
	}
}

func (s *shaper) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
	default:
		remove(n)
		return
	}
	if n.Namespace != "" || dropped[n.DataAtom] {
		remove(n)
		return
	}
	s.children(n)
	if !s.element(n) {
		return
	}
	s.identify(n)
}

// element shapes one element whose children are shaped; it reports whether the element is still there.
func (s *shaper) element(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		s.heading(n)
	case atom.Img:
		return s.picture(n)
	case atom.A:
		return s.link(n)
	case atom.Iframe:
		return s.frame(n)
	case atom.Input:
		return task(n)
	case atom.P:
		if s.emptied(n) {
			return false
		}
		if s.policy == Article {
			s.figure(n)
		}
	case atom.Th:
		if n.Parent != nil && n.Parent.Parent != nil && n.Parent.Parent.DataAtom == atom.Thead && attr(n, "scope") == "" {
			setAttr(n, "scope", "col")
		}
	case atom.Audio, atom.Video, atom.Source:
		return s.media(n)
	case atom.Blockquote, atom.Q:
		s.address(n, "cite")
	case atom.Div, atom.Section, atom.Aside, atom.Figure, atom.Figcaption, atom.Details, atom.Summary:
		if s.policy == Comment {
			return plainBlock(n)
		}
		s.endnotes(n)
	case atom.Article, atom.Main, atom.Header, atom.Footer, atom.Nav, atom.Form, atom.Fieldset, atom.Center, atom.Address, atom.Hgroup, atom.Dialog:
		if s.policy == Comment {
			return plainBlock(n)
		}
		rename(n, atom.Div)
	}
	return true
}

// maxHeading is how much of a heading is its name, in bytes: headings may stand in headings.
const maxHeading = 1000

// topHeading returns the level of the highest heading, 0 when there is none.
func topHeading(n *html.Node) (level int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Namespace != "" || dropped[c.DataAtom] {
			continue
		}
		if isHeading(c) {
			if l := int(c.Data[1] - '0'); level == 0 || l < level {
				level = l
			}
		}
		if l := topHeading(c); l > 0 && (level == 0 || l < level) {
			level = l
		}
	}
	return level
}

// heading moves a heading to its level and notes it; under Comment it becomes a bold paragraph.
func (s *shaper) heading(n *html.Node) {
	if s.policy == Comment {
		rename(n, atom.P)
		strong := &html.Node{Type: html.ElementNode, Data: "strong", DataAtom: atom.Strong}
		adopt(strong, n)
		n.AppendChild(strong)
		return
	}
	level := min(max(int(n.Data[1]-'0')+s.offset, 1), 6)
	n.Data = "h" + strconv.Itoa(level)
	n.DataAtom = atom.Lookup([]byte(n.Data))
	text := strings.Join(strings.Fields(textUpTo(n, maxHeading)), " ")
	text = strings.ToValidUTF8(text[:min(len(text), maxHeading)], "")
	if attr(n, "id") == "" {
		slug := Slug(text)
		if slug == "" {
			slug = "part"
		}
		setAttr(n, "id", slug)
	}
	s.headings = append(s.headings, Heading{Level: level, Text: text})
}

// link completes a link; one that leads nowhere and is no target either leaves only its words.
func (s *shaper) link(n *html.Node) bool {
	if s.emptied(n) {
		return false
	}
	if attr(n, "id") == "" && attr(n, "name") != "" {
		setAttr(n, "id", attr(n, "name"))
	}
	delAttr(n, "name")
	delAttr(n, "target")
	if s.policy == Comment {
		delAttr(n, "id")
		delAttr(n, "rel")
	} else if attr(n, "class") == "footnote-backref" {
		setAttr(n, "class", "footnote-back")
		if s.labels.Back != "" {
			setAttr(n, "aria-label", s.labels.Back+" "+noteNumber(attr(n, "href")))
		}
	}
	inPage := len(attr(n, "href")) > 1 && attr(n, "href")[0] == '#'
	if !inPage {
		s.follow(n)
		s.address(n, "href")
	}
	switch {
	case attr(n, "href") == "" && attr(n, "id") == "":
		unwrap(n)
		return false
	case attr(n, "href") == "":
		delAttr(n, "href")
	case s.policy == Comment:
		setAttr(n, "rel", ugc)
	case inPage:
		s.links = append(s.links, n)
	}
	return true
}

// ugc marks what people from outside link to: search engines give no credit for it.
const ugc = "nofollow ugc noopener"

// mend points a link within the page to the id its target was given.
func (s *shaper) mend(a *html.Node) {
	raw := attr(a, "href")[1:]
	if u, err := url.PathUnescape(raw); err == nil {
		raw = u
	}
	if id, ok := s.renamed[raw]; ok {
		setAttr(a, "href", "#"+id)
	}
	s.address(a, "href")
}

// identify gives an element the id under which the page may know it, or none.
func (s *shaper) identify(n *html.Node) {
	old := attr(n, "id")
	if old == "" {
		return
	}
	if s.policy == Comment {
		delAttr(n, "id")
		return
	}
	kind, rest, ok := strings.Cut(strings.Replace(old, ":", "-", 1), "-")
	switch {
	case ok && kind == "fn" || kind == "fnref":
	case ok && strings.HasPrefix(kind, "fnref") && isNumber(kind[5:]):
		// The second mark that points to the same note.
		kind, rest = "fnref", rest+"-"+kind[5:]
	case ok && kind == "h":
	default:
		kind, rest = "h", old
	}
	rest = Slug(rest)
	if rest == "" {
		delAttr(n, "id")
		return
	}
	if s.prefix != "" && !strings.HasPrefix(rest, s.prefix+"-") {
		rest = s.prefix + "-" + rest
	}
	base := kind + "-" + rest
	id := base
	for i := max(s.next[base], 2); s.ids[id]; i++ {
		id = base + "-" + strconv.Itoa(i)
		s.next[base] = i + 1
	}
	s.ids[id] = true
	if _, taken := s.renamed[old]; !taken {
		s.renamed[old] = id
	}
	setAttr(n, "id", id)
	if k := len(s.headings); k > 0 && s.headings[k-1].ID == "" && isHeading(n) {
		s.headings[k-1].ID = id
	}
}

// endnotes makes the list of notes a section with a name.
func (s *shaper) endnotes(n *html.Node) {
	if attr(n, "role") != "doc-endnotes" {
		return
	}
	rename(n, atom.Section)
	setAttr(n, "class", "footnotes")
	if s.labels.Notes != "" {
		setAttr(n, "aria-label", s.labels.Notes)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Hr {
			remove(c)
			break
		}
	}
}

// noteNumber returns the 3 of #fnref:3 and #fnref1:3.
func noteNumber(href string) string { return href[strings.LastIndexByte(href, ':')+1:] }

// task turns the box of a task list into a character: there is nothing to fill in, and a character needs no label.
func task(n *html.Node) bool {
	if attr(n, "type") != "checkbox" {
		remove(n)
		return false
	}
	box := "☐"
	if hasAttr(n, "checked") {
		box = "☑"
	}
	rename(n, atom.Span)
	n.Attr = []html.Attribute{{Key: "class", Val: "task"}}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: box})
	return true
}

// plainBlock makes a block that comments do not have a paragraph, or leaves only what it holds when that is blocks.
func plainBlock(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && isBlock(c) {
			unwrap(n)
			return false
		}
	}
	rename(n, atom.P)
	return true
}

func isNumber(s string) bool { _, err := strconv.ParseUint(s, 10, 16); return err == nil }
