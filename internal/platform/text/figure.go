package text

import (
	"cmp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What stands alone in a paragraph is a figure: a picture with a title, which is its caption; a picture whose title begins with a place of its
// own, {wide} or {beside}; two to nine pictures, each on its own line, which are a gallery; a recording of the house. The editor of the house writes
// these, and anybody may; in a program that knows nothing of them the pictures stand one under the other.

// The places that the title of a picture may begin with.
const (
	wide   = "wide"
	beside = "beside"
)

// maxGallery is how many pictures one gallery holds.
const maxGallery = 9

// How wide a picture of a gallery stands on a page, for the choice among its widths.
const (
	sizesOfTwo  = "(min-width: 48em) 21rem, 50vw"
	sizesOfMore = "(min-width: 48em) 14rem, 50vw"
)

// placeOf parts the title of a picture into its place, "" for none, and its caption.
func placeOf(title string) (place, caption string) {
	for _, place := range [...]string{wide, beside} {
		if rest, ok := strings.CutPrefix(title, "{"+place+"}"); ok {
			return place, strings.TrimSpace(rest)
		}
	}
	return "", title
}

// Linked is what is known of a file of the house to which a text leads.
type Linked struct {
	Src   string // replaces the address when it is not empty
	Sound bool
	Note  string // stands behind a link: "PDF, 240 ko"
}

// embedded makes of what a text embeds as a picture, and is a recording, what plays it, and of another file a link to it.
func (s *shaper) embedded(n *html.Node, src, alt, title string) bool {
	f, ok := s.linked(src)
	if !ok {
		return false
	}
	if f.Sound {
		s.play(n, cmp.Or(f.Src, src), alt)
		s.captions[n] = cmp.Or(title, alt)
		return true
	}
	rename(n, atom.A)
	n.Attr = []html.Attribute{{Key: "href", Val: s.resolve(cmp.Or(f.Src, src))}}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: cmp.Or(alt, title, src)})
	noteBehind(n, f.Note)
	return true
}

// linked asks what is known of an address.
func (s *shaper) linked(src string) (Linked, bool) {
	if s.file == nil || s.policy != Article {
		return Linked{}, false
	}
	return s.file(src)
}

// play makes of n what plays a recording. Nothing is loaded before somebody asks for it.
func (s *shaper) play(n *html.Node, src, name string) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
	}
	rename(n, atom.Audio)
	n.Attr = []html.Attribute{{Key: "controls", Val: "controls"}, {Key: "preload", Val: "none"}, {Key: "src", Val: s.resolve(src)}}
	if name != "" {
		n.Attr = append(n.Attr, html.Attribute{Key: "aria-label", Val: name})
	}
}

// follow completes a link to a file of the house.
func (s *shaper) follow(a *html.Node) {
	f, ok := s.linked(attr(a, "href"))
	if !ok {
		return
	}
	if f.Src != "" {
		setAttr(a, "href", f.Src)
	}
	if f.Sound {
		s.sounds[a] = true
	}
	noteBehind(a, f.Note)
}

// noteBehind puts a few words behind a link, in small letters.
func noteBehind(a *html.Node, note string) {
	if note == "" || a.Parent == nil {
		return
	}
	small := &html.Node{Type: html.ElementNode, Data: "small", DataAtom: atom.Small}
	small.AppendChild(&html.Node{Type: html.TextNode, Data: "(" + note + ")"})
	a.Parent.InsertBefore(small, a.NextSibling)
	a.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: " "}, small)
}

// figure makes a figure of a paragraph that holds nothing but pictures or a recording.
func (s *shaper) figure(p *html.Node) {
	var all []*html.Node
	apart := true // each on its own line
	line := true
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
			line = line || strings.Contains(c.Data, "\n")
		case c.Type == html.ElementNode && c.DataAtom == atom.Br:
			line = true
		case c.Type == html.ElementNode && (c.DataAtom == atom.Small && len(all) == 1 && s.sounds[all[0]]):
		case c.Type == html.ElementNode && len(all) < maxGallery:
			apart = apart && line
			line = false
			all = append(all, c)
		default:
			return
		}
	}
	switch {
	case len(all) == 1:
		s.alone(p, all[0])
	case len(all) > 1 && apart && s.areImages(all):
		s.gallery(p, all)
	}
}

// areImages reports whether these are pictures, each maybe with a link.
func (s *shaper) areImages(all []*html.Node) bool {
	for _, n := range all {
		if imageIn(n) == nil {
			return false
		}
	}
	return true
}

// imageIn returns the picture that n is, or that is all of a link; nil for none.
func imageIn(n *html.Node) *html.Node {
	if n.DataAtom == atom.A && n.FirstChild != nil && n.FirstChild == n.LastChild {
		n = n.FirstChild
	}
	if n.DataAtom != atom.Img {
		return nil
	}
	return n
}

// alone makes a figure of a paragraph around its only element, when that asks for one.
func (s *shaper) alone(p, only *html.Node) {
	switch img := imageIn(only); {
	case s.sounds[only]:
		name := strings.Join(strings.Fields(textOf(only)), " ")
		s.play(only, attr(only, "href"), name)
		frame(p, "", figured{only, name})
	case only.DataAtom == atom.Audio && s.captions[only] != "":
		frame(p, "", figured{only, s.captions[only]})
	case img != nil && (attr(img, "title") != "" || s.places[img] != ""):
		frame(p, s.places[img], figured{only, captionOf(img)})
	}
}

// gallery makes one figure of a paragraph of pictures.
func (s *shaper) gallery(p *html.Node, all []*html.Node) {
	var inner []figured
	for _, n := range all {
		img := imageIn(n)
		if attr(img, "sizes") != "" {
			sizes := sizesOfTwo
			if len(all) == 3 || len(all) > 4 {
				sizes = sizesOfMore
			}
			setAttr(img, "sizes", sizes)
		}
		one := &html.Node{Type: html.ElementNode, Data: "figure", DataAtom: atom.Figure}
		remove(n)
		p.AppendChild(one)
		frame(one, "", figured{n, captionOf(img)})
		inner = append(inner, figured{one, ""})
	}
	frame(p, "gallery", inner...)
}

// captionOf takes its caption from a picture.
func captionOf(img *html.Node) string {
	caption := attr(img, "title")
	delAttr(img, "title")
	return caption
}

// figured is what a figure shows, with its caption.
type figured struct {
	node    *html.Node
	caption string
}

// frame makes of n a figure of a class, "" for none, that shows these and nothing else.
func frame(n *html.Node, class string, shown ...figured) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
	}
	rename(n, atom.Figure)
	if class != "" {
		setAttr(n, "class", class)
	}
	for _, f := range shown {
		remove(f.node)
		n.AppendChild(f.node)
		if f.caption != "" {
			caption := &html.Node{Type: html.ElementNode, Data: "figcaption", DataAtom: atom.Figcaption}
			caption.AppendChild(&html.Node{Type: html.TextNode, Data: f.caption})
			n.AppendChild(caption)
		}
	}
}
