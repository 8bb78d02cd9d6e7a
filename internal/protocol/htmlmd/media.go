package htmlmd

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// image keeps the address and the alternative text. A title is no caption: it stands for the text where there is none.
func (c *conversion) image(n *html.Node) {
	src, alt := attr(n, "src"), attr(n, "alt")
	if src == "" || strings.HasPrefix(src, "data:") { // pictures loaded late
		src = firstOf(attr(n, "data-src"), attr(n, "data-lazy-src"), attr(n, "data-original"), firstOfSet(attr(n, "srcset")), firstOfSet(attr(n, "data-srcset")), src)
	}
	why := ""
	switch {
	case hasClass(n, "wp-smiley"), hasClass(n, "emoji"):
		replace(n, textNode(alt))
		return
	case attr(n, "width") == "1" && attr(n, "height") == "1":
		why, alt = "pixel", ""
	case src == "":
		why = "empty"
	case strings.HasPrefix(src, "data:"):
		why = "data"
	}
	if why != "" {
		c.note(NoteImage, why)
		replace(n, textNode(alt))
		return
	}
	c.images.add(src)
	n.Attr = []html.Attribute{{Key: "src", Val: src}, {Key: "alt", Val: firstOf(alt, attr(n, "title"))}}
	apart(n)
}

// firstOfSet returns the first address of a srcset: "https://e.org/a.jpg 300w, https://e.org/b.jpg 2x".
func firstOfSet(set string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(set), " ")
	if strings.HasPrefix(first, "data:") {
		return ""
	}
	return strings.TrimRight(first, ",")
}

// apart puts a space between a picture and the letters that touch it: where it becomes a link, its words are none of theirs.
func apart(n *html.Node) {
	for n.Parent != nil && is(n.Parent, "a", "span", "strong", "em", "b", "i") && n.Parent.FirstChild == n.Parent.LastChild {
		n = n.Parent
	}
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	said := func(n *html.Node) string {
		switch {
		case n == nil || isBlock(n) || is(n, "br", "img"):
			return ""
		case n.Type == html.TextNode:
			return n.Data
		}
		return words(n)
	}
	if r, _ := utf8.DecodeRuneInString(said(n.NextSibling)); letter(r) {
		n.Parent.InsertBefore(textNode(" "), n.NextSibling)
	}
	if r, _ := utf8.DecodeLastRuneInString(said(n.PrevSibling)); letter(r) {
		n.Parent.InsertBefore(textNode(" "), n)
	}
}

// readdress gives every address in the tree the one that counts.
func (c *conversion) readdress(n *html.Node) {
	for child := range n.ChildNodes() {
		for i := range child.Attr {
			switch a := &child.Attr[i]; a.Key {
			case "src", "href", "data-src", "data-lazy-src", "data-original":
				if v := strings.TrimSpace(a.Val); v != "" && !strings.HasPrefix(v, "#") && !strings.HasPrefix(v, "data:") {
					a.Val = c.Address(v)
				}
			}
		}
		c.readdress(child)
	}
}

// figure makes the caption the title of the picture. Where that cannot be (several pictures, something else than a picture,
// a caption with links), the caption follows as a paragraph.
func (c *conversion) figure(n *html.Node) {
	n.Data = "div"
	captions := find(n, "figcaption")
	imgs := find(n, "img")
	for _, words := range captions {
		words.Data = "p"
		words.Parent.RemoveChild(words)
	}
	if len(imgs) == 1 && len(captions) == 1 && words(n) == "" && attr(imgs[0], "title") == "" &&
		len(find(captions[0], "a", "plain-link", "img")) == 0 {
		if title := words(captions[0]); title != "" {
			imgs[0].Attr = append(imgs[0].Attr, html.Attribute{Key: "title", Val: title})
		}
		captions = nil
	}
	for _, img := range imgs { // each on its own
		picture := img
		if is(img.Parent, "a") {
			picture = img.Parent
		}
		if picture.Parent == n && !is(picture, "p") {
			p := element("p")
			n.InsertBefore(p, picture)
			n.RemoveChild(picture)
			p.AppendChild(picture)
		}
	}
	with(n, captions...)
}

var reBackground = regexp.MustCompile(`background-image\s*:\s*url\(\s*['"]?([^'")]+)`)

// cover keeps the picture behind the words of a cover block.
func (c *conversion) cover(n *html.Node) {
	if !hasClass(n, "wp-block-cover") && !hasClass(n, "wp-block-cover-image") {
		return
	}
	m := reBackground.FindStringSubmatch(attr(n, "style"))
	if m == nil {
		return
	}
	img := element("img", "src", m[1])
	n.InsertBefore(with(element("p"), img), n.FirstChild)
	c.image(img)
}

// frame makes a link of an embedded page.
func (c *conversion) frame(n *html.Node) {
	src := attr(n, "x-plays")
	if strings.HasPrefix(src, "//") {
		src = "https:" + src
	}
	if !strings.HasPrefix(src, "http") && !strings.HasPrefix(src, "/") {
		if inner := find(n, "iframe", "embed", "plain-link"); n.Data == "object" && (len(inner) > 0 || words(n) != "") { // what it shows instead
			unwrap(n)
			return
		}
		c.note(NoteElement, n.Data)
		if n.Data == "object" {
			unwrap(n)
		} else {
			remove(n)
		}
		return
	}
	replace(n, append([]*html.Node{c.link(src)}, besides(n)...)...)
}

// besides returns what an object shows where it cannot play: the links to its film and its author, and not the one to Flash.
func besides(n *html.Node) []*html.Node {
	links := find(n, "a")
	if n.Data != "object" || len(links) == 0 {
		return nil
	}
	for _, a := range links {
		if h := host(attr(a, "href")); strings.HasSuffix(h, "adobe.com") || strings.HasSuffix(h, "macromedia.com") {
			return nil
		}
	}
	for _, again := range find(n, "plain-link") { // the embed inside
		remove(again)
	}
	return []*html.Node{move(n, element("div"))}
}

// media makes a link of a player.
func (c *conversion) media(n *html.Node) {
	src := attr(n, "src")
	if src == "" {
		c.note(NoteElement, n.Data)
		unwrap(n)
		return
	}
	c.note(NoteEmbed, host(src))
	c.links.add(src)
	replace(n, with(element("p"), plainLink(src)))
}

// link is the paragraph that stands for a player.
func (c *conversion) link(src string) *html.Node {
	src = watchable(src)
	c.note(NoteEmbed, host(src))
	c.links.add(src)
	return with(element("p"), plainLink(src))
}

// plainLink is an address that is its own text. The text is there so that the spaces around it count.
func plainLink(href string) *html.Node {
	return with(element("plain-link", "href", href), textNode(href))
}

// host names a player for the report: "youtube.com", "" for a file of the site itself.
func host(src string) string {
	u, err := url.Parse(src)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

func isPicture(href string) bool {
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff":
		return true
	}
	return false
}
