package text

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// picture completes an image, so that the page does not jump when it arrives; under Comment it becomes a link to it.
func (s *shaper) picture(n *html.Node) bool {
	src := clean(attr(n, "src"))
	alt := attr(n, "alt")
	place, title := placeOf(attr(n, "title"))
	if !isSafe(src, true) {
		src = ""
	}
	if s.policy == Comment {
		replaceByLink(n, src, alt, ugc)
		return false
	}
	if src == "" {
		if alt != "" {
			n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: alt}, n)
		}
		remove(n)
		return false
	}
	if s.embedded(n, src, alt, title) {
		return true
	}
	known, ok := Image{}, false
	if s.image != nil {
		known, ok = s.image(src)
	}
	if !ok {
		known = Image{Width: size(attr(n, "width")), Height: size(attr(n, "height"))}
	}
	if known.Gone {
		s.hollow[n.Parent] = true
		remove(n)
		return false
	}
	if known.Src == "" {
		known.Src = src
	}
	if s.isElsewhere(known.Src) {
		s.away++
		s.leave(n, known.Src, alt, title)
		return false
	}
	known.Src = s.resolve(known.Src)
	if s.first == "" && !strings.HasPrefix(known.Src, "data:") {
		s.first = known.Src
	}
	id := attr(n, "id")
	n.Attr = []html.Attribute{{Key: "src", Val: known.Src}, {Key: "alt", Val: alt}}
	put := func(key, val string) {
		if val != "" && val != "0" {
			n.Attr = append(n.Attr, html.Attribute{Key: key, Val: val})
		}
	}
	put("title", title)
	put("width", strconv.Itoa(known.Width))
	put("height", strconv.Itoa(known.Height))
	put("srcset", s.resolveSet(known.Srcset))
	put("sizes", known.Sizes)
	put("loading", "lazy")
	put("decoding", "async")
	put("id", id)
	if place != "" {
		s.places[n] = place
	}
	return true
}

// isElsewhere tells the address of another site from one of the page's own and from what the text itself holds. Nothing of another
// site is shown in a page: it would learn who reads, and our policy for browsers (CSP) stops it.
func (s *shaper) isElsewhere(src string) bool {
	u, err := url.Parse(src)
	return err != nil || u.Host != "" && (s.base == nil || u.Host != s.base.Host)
}

// leave puts in the place of a picture of another site a link to it, and its caption behind; a picture without words goes.
func (s *shaper) leave(n *html.Node, src, alt, title string) {
	parent, words := n.Parent, cmp.Or(alt, title)
	if words == "" {
		remove(n)
		s.hollow[parent] = true
		return
	}
	if title != "" && title != words {
		parent.InsertBefore(&html.Node{Type: html.TextNode, Data: " — " + title}, n.NextSibling)
	}
	replaceByLink(n, src, words, "noopener")
}

// emptied removes n when nothing is left in it since a picture went.
func (s *shaper) emptied(n *html.Node) bool {
	if !s.hollow[n] || attr(n, "id") != "" {
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.TextNode || strings.TrimSpace(c.Data) != "" {
			return false
		}
	}
	s.hollow[n.Parent] = true
	remove(n)
	return true
}

// size reads a width or height in pixels, 0 when it is not one.
func size(s string) int {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// replaceByLink puts a link to src in the place of n, or its words alone where a link may not stand.
func replaceByLink(n *html.Node, src, words, rel string) {
	inLink := false
	for p := n.Parent; p != nil; p = p.Parent {
		inLink = inLink || p.DataAtom == atom.A
	}
	if words == "" {
		words = strings.TrimPrefix(strings.TrimPrefix(src, "https://"), "http://")
	}
	text := &html.Node{Type: html.TextNode, Data: words}
	if src == "" || inLink || strings.HasPrefix(src, "data:") {
		if !strings.HasPrefix(words, "data:") {
			n.Parent.InsertBefore(text, n)
		}
		remove(n)
		return
	}
	a := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{
		{Key: "href", Val: src}, {Key: "rel", Val: rel}}}
	a.AppendChild(text)
	n.Parent.InsertBefore(a, n)
	remove(n)
}

// frame turns an embedded page into a link to it: nothing is lost silently, nothing foreign is loaded.
func (s *shaper) frame(n *html.Node) bool {
	src := clean(attr(n, "src"))
	if strings.HasPrefix(src, "//") {
		src = "https:" + src
	}
	if u, err := url.Parse(src); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		src = ""
	}
	rel := "noopener"
	if s.policy == Comment {
		rel = ugc
	}
	if src != "" {
		replaceByLink(n, src, "", rel)
	} else {
		remove(n)
	}
	return false
}

// media keeps sound and film for authors, with controls and without haste; those of another site become links.
func (s *shaper) media(n *html.Node) bool {
	if s.policy == Comment {
		remove(n)
		return false
	}
	s.address(n, "src")
	if n.DataAtom != atom.Source {
		src := attr(n, "src")
		for c := n.FirstChild; c != nil && src == ""; c = c.NextSibling {
			src = attr(c, "src")
		}
		if s.isElsewhere(src) {
			replaceByLink(n, src, attr(n, "title"), "noopener")
			return false
		}
		setAttr(n, "controls", "controls")
		setAttr(n, "preload", "none")
	}
	return true
}

// address checks and completes the address in one attribute; one of a scheme that we do not follow goes.
func (s *shaper) address(n *html.Node, key string) {
	if !hasAttr(n, key) {
		return
	}
	v := clean(attr(n, key))
	if !isSafe(v, false) {
		delAttr(n, key)
		return
	}
	setAttr(n, key, s.resolve(v))
}

// clean writes an address as browsers read it: no line ends or tabs, no blanks around, those within percent-encoded.
func clean(raw string) string {
	raw = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return -1
		}
		return r
	}, raw)
	return strings.ReplaceAll(strings.TrimSpace(raw), " ", "%20")
}

// isSafe tells the addresses that may stand in a page: relative ones and those of four schemes, data: only for bitmaps.
func isSafe(raw string, bitmap bool) bool {
	u, err := url.Parse(raw)
	if err != nil || u.String() == "" { // "" and a bare # lead nowhere
		return false
	}
	switch u.Scheme {
	case "":
		// A colon before any slash would be read as a scheme by somebody else.
		head, _, _ := strings.Cut(raw, "/")
		return !strings.Contains(strings.SplitN(strings.SplitN(head, "?", 2)[0], "#", 2)[0], ":")
	case "http", "https":
		return u.Opaque == ""
	case "mailto", "tel":
		return true
	case "data":
		for _, t := range [...]string{"png", "jpeg", "gif", "webp"} {
			if strings.HasPrefix(raw, "data:image/"+t+";base64,") {
				return bitmap
			}
		}
	}
	return false
}

// resolve makes ref absolute where a base is known.
func (s *shaper) resolve(ref string) string {
	if s.base == nil {
		return ref
	}
	u, err := url.Parse(ref)
	if err != nil || u.Scheme != "" {
		return ref
	}
	return s.base.ResolveReference(u).String()
}

// resolveSet does the same for each candidate of a srcset.
func (s *shaper) resolveSet(set string) string {
	if set == "" {
		return ""
	}
	parts := strings.Split(set, ",")
	for i, p := range parts {
		ref, width, _ := strings.Cut(strings.TrimSpace(p), " ")
		parts[i] = s.resolve(ref) + " " + strings.TrimSpace(width)
	}
	return strings.Join(parts, ", ")
}
