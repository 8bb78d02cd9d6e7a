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

// maxNesting is how deep quotes and lists may go: each level repeats its mark on every line.
const maxNesting = 10

// elements brings the tree to what Markdown can say, the innermost first. Depth counts the quotes and lists around n.
func (c *conversion) elements(n *html.Node, depth int) {
	for _, child := range children(n) {
		if child.Type != html.ElementNode {
			continue
		}
		inside := depth
		if is(child, "ul", "ol", "blockquote") {
			inside++
		}
		if sources := find(child, "source"); is(child, "video", "audio") && len(sources) > 0 && attr(child, "src") == "" {
			setAttr(child, "src", attr(sources[0], "src"))
		}
		if is(child, "iframe", "embed", "object", "frame") {
			setAttr(child, "x-plays", playedBy(child)) // its params are gone afterwards
		}
		if is(child, "pre") {
			c.linked(child)
		} else {
			c.elements(child, inside)
		}
		if inside > maxNesting && inside > depth {
			child.Data = "div"
			continue
		}
		c.element(child)
	}
}

func (c *conversion) element(n *html.Node) {
	switch n.Data {
	case "style", "template", "noscript", "source", "track", "param", "link", "meta":
		remove(n)
	case "map":
		unwrap(n)
	case "area":
		c.area(n)
	case "script", "svg", "canvas", "math", "input", "select", "textarea", "applet", "frameset":
		c.note(NoteElement, n.Data)
		remove(n)
	case "form", "button", "center", "fieldset", "label":
		if n.Data == "form" {
			c.note(NoteElement, "form")
		}
		n.Data = "div"
		if !isBlock(n) || len(findBlocks(n)) == 0 && is(n.Parent, "p", "span", "a", "li") {
			unwrap(n)
		}
	case "iframe", "embed", "object", "frame":
		c.frame(n)
	case "video", "audio":
		c.media(n)
	case "img":
		c.image(n)
	case "figure":
		c.figure(n)
	case "ul":
		if hasClass(n, "wp-block-gallery") || hasClass(n, "blocks-gallery-grid") {
			for _, item := range find(n, "li") {
				unwrap(item)
			}
			unwrap(n)
		}
	case "ol":
		numbered(n)
	case "dt", "summary":
		n.Data = "p"
		if words(n) != "" && len(findBlocks(n)) == 0 {
			bold := move(n, element("strong"))
			with(n, bold)
		}
	case "dd":
		n.Data = "div"
	case "q":
		n.InsertBefore(textNode("“"), n.FirstChild)
		n.AppendChild(textNode("”"))
		unwrap(n)
	case "cite":
		if is(n.Parent, "blockquote", "figure") {
			n.Data = "p"
		}
	case "span":
		c.styled(n)
	case "strong", "b", "em", "i":
		hoistBreaks(n)
		closeTight(n)
	case "sup", "sub":
		c.script(n)
	case "more-mark":
		n.Data = "p"
	case "div", "section":
		c.cover(n)
	case "code", "kbd", "samp", "tt", "var":
		if len(findBlocks(n)) > 0 {
			flatten(n)
		}
		if len(find(n, "a", "plain-link")) > 0 { // words that look like code, and lead somewhere
			unwrap(n)
		}
	case "a":
		c.anchor(n)
	case "table":
		tabulate(n)
	case "dl", "details":
		n.Data = "div"
	}
}

var (
	reBold   = regexp.MustCompile(`font-weight\s*:\s*(bold|[6-9]00)`)
	reItalic = regexp.MustCompile(`font-style\s*:\s*italic`)
	reRaised = regexp.MustCompile(`vertical-align\s*:\s*(super|sub)\b`)
)

// styled keeps the bold, the italic and the powers that Google Docs and Word write as style.
func (c *conversion) styled(n *html.Node) {
	style := attr(n, "style")
	switch m := reRaised.FindStringSubmatch(style); {
	case words(n) == "" || len(findBlocks(n)) > 0:
	case m != nil:
		n.Data = map[string]string{"super": "sup", "sub": "sub"}[m[1]]
		c.script(n)
	case reBold.MatchString(style):
		n.Data = "strong"
	case reItalic.MatchString(style):
		n.Data = "em"
	}
}

// closeTight moves punctuation out of bold and italic where a letter touches it: CommonMark §6.2 would not see
// "**Attention :**suite" as bold.
func closeTight(n *html.Node) {
	outer := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r) }
	touches := func(r rune) bool { return r != utf8.RuneError && !outer(r) }
	if last, next := n.LastChild, n.NextSibling; last != nil && next != nil && last.Type == html.TextNode && next.Type == html.TextNode {
		if r, _ := utf8.DecodeRuneInString(next.Data); touches(r) {
			kept := strings.TrimRightFunc(last.Data, outer)
			if kept != "" {
				last.Data, next.Data = kept, last.Data[len(kept):]+next.Data
			}
		}
	}
	if first, prev := n.FirstChild, n.PrevSibling; first != nil && prev != nil && first.Type == html.TextNode && prev.Type == html.TextNode {
		if r, _ := utf8.DecodeLastRuneInString(prev.Data); touches(r) {
			kept := strings.TrimLeftFunc(first.Data, outer)
			if kept != "" {
				prev.Data, first.Data = prev.Data+first.Data[:len(first.Data)-len(kept)], kept
			}
		}
	}
}

// linked puts the links of preformatted text behind it: Markdown has none inside.
func (c *conversion) linked(pre *html.Node) {
	after := element("p")
	for _, a := range find(pre, "a") {
		href := attr(a, "href")
		if said := words(a); said != "" && said != href && (strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://")) {
			if after.FirstChild != nil {
				after.AppendChild(element("br"))
			}
			after.AppendChild(with(element("a", "href", Destination(href)), textNode(said)))
			c.links.add(href)
		}
	}
	if after.FirstChild != nil {
		pre.Parent.InsertBefore(after, pre.NextSibling)
	}
}

// anchor keeps links that lead somewhere, and makes their content one line.
func (c *conversion) anchor(n *html.Node) {
	href := attr(n, "href")
	scheme, _, _ := strings.Cut(strings.ToLower(href), ":")
	switch {
	case href == "":
		unwrap(n)
		return
	case scheme == "javascript" || scheme == "data" || scheme == "vbscript":
		c.note(NoteElement, scheme)
		unwrap(n)
		return
	case strings.Contains(href, "://") && scheme != "http" && scheme != "https": // ftp://, irc://: no browser follows them, but people read
		if said := words(n); said != "" && said != href {
			n.AppendChild(textNode(" (" + href + ")"))
		}
		unwrap(n)
		return
	}
	imgs := find(n, "img")
	if words(n) == "" && len(imgs) == 0 {
		c.iconic(n, href)
		return
	}
	if words(n) == "" && len(imgs) == 1 && samePicture(href, attr(imgs[0], "src")) { // one that opens itself
		unwrap(n)
		return
	}
	if !strings.HasPrefix(href, "#") {
		c.links.add(href)
	}
	flatten(n)
	if is(n.PrevSibling, "a", "plain-link") && len(imgs) == 0 { // two buttons
		n.Parent.InsertBefore(textNode(" "), n)
	}
	if len(imgs) == 0 && words(n) == href && strings.Contains(href, "://") {
		if last := n.LastChild; last != nil && last.Type == html.TextNode && strings.TrimRightFunc(last.Data, unicode.IsSpace) != last.Data {
			n.Parent.InsertBefore(textNode(" "), n.NextSibling)
		}
		replace(n, plainLink(href))
		return
	}
	n.Attr = []html.Attribute{{Key: "href", Val: Destination(href)}}
}

// area keeps where a part of a picture leads.
func (c *conversion) area(n *html.Node) {
	href := attr(n, "href")
	if !isAddress(href) {
		remove(n)
		return
	}
	c.links.add(href)
	replace(n, textNode(" "), with(element("a", "href", Destination(href)), textNode(firstOf(attr(n, "alt"), attr(n, "title"), href))), textNode(" "))
}

// iconic keeps a link that shows an icon, by what it says of itself or by its address. One that shows nothing is noted.
func (c *conversion) iconic(n *html.Node, href string) {
	if strings.HasPrefix(href, "#") {
		unwrap(n)
		return
	}
	said, icon := firstOf(attr(n, "aria-label"), attr(n, "title")), attr(n, "class") != "" || attr(n, "aria-label") != ""
	for child := range n.Descendants() {
		icon = icon || child.Type == html.ElementNode && !is(child, "br")
		if said == "" && child.Type == html.ElementNode {
			said = firstOf(attr(child, "aria-label"), attr(child, "title"))
		}
	}
	if !icon {
		c.note(NoteLink, firstOf(host(href), href))
		unwrap(n)
		return
	}
	c.links.add(href)
	if is(n.PrevSibling, "a", "plain-link") || touching(n.PrevSibling, false) {
		n.Parent.InsertBefore(textNode(" "), n)
	}
	if is(n.NextSibling, "a", "plain-link") || touching(n.NextSibling, true) {
		n.Parent.InsertBefore(textNode(" "), n.NextSibling)
	}
	if said == "" {
		replace(n, plainLink(href))
		return
	}
	replace(n, with(element("a", "href", Destination(href)), textNode(said)))
}

// reCopy is what WordPress adds to the name of a copy of a picture.
var reCopy = regexp.MustCompile(`(?:-(?:[0-9]+x[0-9]+|scaled|rotated)(?:@[23]x)?|@[23]x)(\.\w+)$`)

// samePicture reports whether two addresses are of one picture, in whichever size.
func samePicture(a, b string) bool {
	one, err := url.Parse(a)
	other, otherErr := url.Parse(b)
	if err != nil || otherErr != nil || !isPicture(a) {
		return false
	}
	if one.Host == "" || other.Host == "" {
		return whole(path.Base(one.Path)) == whole(path.Base(other.Path))
	}
	return host(a) == host(b) && whole(one.Path) == whole(other.Path)
}

func whole(name string) string { return reCopy.ReplaceAllString(name, "$1") }

var reAddress = regexp.MustCompile(`https?://[^\s<>"“”«»\x{a0}\x{202f}]+`)

// addresses makes links of the bare addresses in text, so that nothing in them is taken for Markdown; in WordPress one that
// is alone in its paragraph was a player.
func (c *conversion) addresses(n *html.Node) {
	for _, child := range children(n) {
		if child.Type == html.ElementNode && !is(child, "a", "plain-link", "pre", "code", "kbd", "samp", "tt", "var") {
			c.addresses(child)
		}
		if child.Type != html.TextNode || !strings.Contains(child.Data, "://") {
			continue
		}
		text := child.Data
		for _, at := range reAddress.FindAllStringIndex(text, -1) {
			url := strings.TrimRight(text[at[0]:at[1]], ".,;:!?'’…*_")
			if !strings.Contains(url, "(") {
				url = strings.TrimRight(url, ")]")
			}
			if strings.HasSuffix(url, "//") {
				continue
			}
			alone := c.WordPress && strings.TrimSpace(text) == url && is(n, "p", "div", "body") && n.FirstChild == child && n.LastChild == child
			if alone {
				c.note(NoteEmbed, host(url))
			}
			c.links.add(url)
			start := len(text) - len(child.Data)
			n.InsertBefore(textNode(text[start:at[0]]), child)
			n.InsertBefore(plainLink(url), child)
			child.Data = text[at[0]+len(url):]
		}
	}
}

// flatten makes one line of what is in n: blocks and breaks become spaces.
func flatten(n *html.Node) {
	for _, child := range children(n) {
		if child.Type == html.TextNode {
			child.Data = strings.ReplaceAll(child.Data, "\n", " ")
			continue
		}
		flatten(child)
		switch {
		case is(child, "br", "hr"):
			replace(child, textNode(" "))
		case is(child, "pre"):
			child.Data = "code"
		case is(child, "li"):
			n.InsertBefore(textNode(" • "), child)
			unwrap(child)
		case isBlock(child):
			n.InsertBefore(textNode(" "), child)
			n.InsertBefore(textNode(" "), child.NextSibling)
			unwrap(child)
		}
	}
}
