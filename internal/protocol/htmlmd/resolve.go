package htmlmd

import (
	"encoding/json"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// comments reads what WordPress says in comments and removes them all.
func (c *conversion) comments(n *html.Node) {
	for _, child := range children(n) {
		if child.Type != html.CommentNode {
			c.comments(child)
			continue
		}
		text := strings.TrimSpace(child.Data)
		switch {
		case !c.WordPress:
			remove(child)
		case text == "more" || strings.HasPrefix(text, "more "):
			replace(child, with(element("more-mark"), textNode(moreMark)))
		case text == "nextpage":
			replace(child, element("hr"))
		case strings.HasPrefix(text, "wp:"):
			if at := socialLink(text); at != "" {
				c.links.add(at)
				replace(child, with(element("p"), plainLink(at)))
				continue
			}
			c.block(strings.TrimPrefix(text, "wp:"))
			remove(child)
		default:
			remove(child)
		}
	}
}

// socialLink returns where a block of an icon leads, which has its address beside it: <!-- wp:social-link {"url":"https://..."} /-->.
func socialLink(text string) string {
	rest, found := strings.CutPrefix(text, "wp:social-link ")
	var to struct{ URL string }
	if !found || json.Unmarshal([]byte(strings.TrimSuffix(rest, "/")), &to) != nil || !isAddress(to.URL) {
		return ""
	}
	return to.URL
}

// block notes the blocks that are not there as HTML (the theme would have made them) and those of plugins.
func (c *conversion) block(text string) {
	name, _, _ := strings.Cut(text, " ")
	switch {
	case name == "more", name == "nextpage", name == "footnotes", strings.HasPrefix(name, "core-embed/"):
	case strings.HasSuffix(text, "/"), strings.Contains(name, "/") && !strings.HasPrefix(name, "core/"):
		c.note(NoteBlock, strings.TrimSuffix(name, "/"))
	}
}

// resolve gives shortcodes their meaning, the innermost first.
func (c *conversion) resolve(n *html.Node) {
	for _, child := range children(n) {
		c.resolve(child)
		if is(child, shortcodeElement) {
			c.shortcode(child)
		}
	}
}

func (c *conversion) shortcode(n *html.Node) {
	attrs := readAttrs(attr(n, "attrs"))
	switch name := attr(n, "name"); name {
	case "caption", "wp_caption":
		caption(n, attrs)
	case "gallery":
		c.gallery(n, attrs)
	case "playlist":
		c.playlist(n, attrs)
	case "audio", "video", "embed", "youtube", "vimeo", "dailymotion", "soundcloud", "tweet", "instagram", "wpvideo", "videopress", "googlevideo", "gist", "scribd", "slideshare":
		c.player(n, name, attrs)
	case "ref", "footnote", "efn_note", "easy-footnote", "mfn", "fn":
		c.noted(n, name)
	default:
		c.built(n, name, attrs)
	}
}

// caption makes a figure of [caption]<img> words[/caption], or of the older [caption caption="words"]<img>[/caption].
func caption(n *html.Node, attrs map[string]string) {
	imgs := find(n, "img")
	if len(imgs) == 0 {
		unwrap(n)
		return
	}
	picture := imgs[0]
	if is(picture.Parent, "a") {
		picture = picture.Parent
	}
	picture.Parent.RemoveChild(picture)
	words := element("figcaption")
	if old := attrs["caption"]; old != "" {
		fragment, err := html.ParseFragment(strings.NewReader(old), element("body"))
		if err == nil {
			with(words, fragment...)
		}
	}
	replace(n, with(element("figure"), picture, move(n, words)))
}

// gallery makes one figure for each picture.
func (c *conversion) gallery(n *html.Node, attrs map[string]string) {
	ids := idList(attrs["ids"] + "," + attrs["include"])
	if len(ids) == 0 {
		ids = c.Attached
	}
	var figures []*html.Node
	for _, id := range ids {
		url, alt, words, ok := "", "", "", false
		if c.Attachment != nil {
			url, alt, words, ok = c.Attachment(id)
		}
		if !ok {
			c.note(NoteImage, "unknown")
			continue
		}
		figures = append(figures, with(element("figure"), element("img", "src", url, "alt", alt), with(element("figcaption"), textNode(words))))
	}
	if len(figures) == 0 {
		c.note(NoteLeftOut, "gallery")
	}
	replace(n, append(figures, detach(n)...)...)
}

func (c *conversion) playlist(n *html.Node, attrs map[string]string) {
	list := element("ul")
	for _, id := range idList(attrs["ids"]) {
		if c.Attachment == nil {
			break
		}
		if url, alt, words, ok := c.Attachment(id); ok {
			list.AppendChild(with(element("li"), with(element("a", "href", url), textNode(firstOf(words, alt, url)))))
		}
	}
	if list.FirstChild == nil {
		c.note(NoteLeftOut, "playlist")
	}
	replace(n, append([]*html.Node{list}, detach(n)...)...)
}

// player makes a link of [audio], [video], [embed] and the players of Jetpack.
func (c *conversion) player(n *html.Node, name string, attrs map[string]string) {
	url := ""
	for _, key := range []string{"src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "wma", "flv", "url", "id", "video_id", "video", "tweet", ""} {
		if v := html.UnescapeString(attrs[key]); v != "" {
			url = v
			break
		}
	}
	if inner := words(n); url == "" && inner != "" && !strings.Contains(inner, " ") {
		url = inner
		detach(n)
	}
	switch {
	case strings.Contains(url, "/"):
	case (name == "video" || name == "audio") && path.Ext(url) != "": // a file beside the page
		if c.Address != nil {
			url = c.Address(url)
		}
	default:
		url = watch(name, url)
	}
	if url == "" { // nothing to play, or an id that nobody can follow
		c.note(NoteLeftOut, name)
		replace(n, detach(n)...)
		return
	}
	replace(n, append([]*html.Node{c.link(url)}, detach(n)...)...)
}

// noted makes a footnote of [ref]words[/ref], as the plugins for footnotes have it.
func (c *conversion) noted(n *html.Node, name string) {
	if words(n) == "" || len(c.foot.notes) >= maxFootnotes {
		c.built(n, name, nil)
		return
	}
	note := move(n, element(footNote))
	c.elements(note, 0)
	replace(n, callOf(c.addFootnote(note)))
}

// detach takes the children of n from it, so that they may go elsewhere.
func detach(n *html.Node) []*html.Node {
	kept := children(n)
	for _, child := range kept {
		n.RemoveChild(child)
	}
	return kept
}

func idList(s string) []int64 {
	var ids []int64
	for part := range strings.SplitSeq(s, ",") {
		if id, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64); err == nil && len(ids) < 500 {
			ids = append(ids, id)
		}
	}
	return ids
}

func firstOf(all ...string) string {
	for _, s := range all {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}
