package htmlmd

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// fromAttributes makes the title, the pictures, the words and the button of a shortcode, in the order in which a page shows them.
func (c *conversion) fromAttributes(n *html.Node, attrs map[string]string) (shown []*html.Node) {
	used := map[string]bool{}
	link, label := c.button(n, attrs, used)
	first := ""
	for _, key := range titleKeys {
		if v := human(attrs[key]); v != "" && !used[key] {
			used[key] = true
			if len(shown) == 0 {
				shown = append(shown, with(element("p"), with(element("strong"), textNode(v))))
			} else if !reIdentifier.MatchString(v) && v != first {
				shown = append(shown, with(element("p"), textNode(v)))
			}
			first = firstOf(first, v)
		}
	}
	for _, key := range imageKeys {
		shown = append(shown, c.pictures(attrs[key], attrs["alt"])...)
	}
	shown = append(shown, measured(c.playerName(n), attrs)...)
	for _, key := range wordKeys {
		if v := attrs[key]; human(v) != "" && !used[key] {
			p := element("p")
			if nodes, err := html.ParseFragment(strings.NewReader(v), element("p")); err == nil {
				with(p, nodes...)
			}
			shown = append(shown, p)
		}
	}
	if link != "" && label != "" {
		shown = append(shown, with(element("p"), with(element("a", "href", link), textNode(label))))
	} else if link != "" && len(shown) > 0 && words(n) == "" && len(find(n, "img")) == 0 {
		shown = append(shown, with(element("p"), plainLink(link)))
		c.links.add(link)
	}
	for _, key := range slices.Sorted(maps.Keys(attrs)) {
		if v := human(attrs[key]); reCounted.MatchString(key) && v != "" {
			shown = append(shown, with(element("p"), with(element("strong"), textNode(v))))
		}
	}
	shown = append(shown, c.furtherLinks(attrs)...)
	for _, key := range []string{"video", "movie", "src", "mp4", "mp3", "audio", "file", "flv", "swf", "embed", "link", "url", "id", ""} {
		v := attrs[key]
		if at := watch(c.playerName(n), v); at != "" {
			v = at
		}
		if v != link && isAddress(v) && !isPicture(v) && (key == "video" || key == "audio" || key == "" && len(v) > 1 || watchable(v) != v || plays(v)) {
			shown = append(shown, c.link(v))
			break
		}
	}
	shown = append(shown, further(attrs, used)...)
	if len(shown) > 0 || words(n) != "" || len(find(n, "img", "iframe", "video", "audio", "embed", "object")) > 0 {
		return shown
	}
	if link != "" { // of an icon
		c.links.add(link)
		return append(shown, with(element("p"), plainLink(link)))
	}
	for _, key := range []string{"src", "url", "file", "href", "link", "pdf", "doc", "path"} { // a frame, or a document, and nothing beside it
		if v := attrs[key]; isAddress(v) {
			return append(shown, c.link(v))
		}
	}
	return nil
}

var (
	// reWordKey are names of attributes that hold words, whatever they are called in full: title_front, hover_title, call_text.
	reWordKey = regexp.MustCompile(`(?:^|_)(?:title|heading|text|label|subtitle|subheading|subhead|content|description|caption|name|quote|author|company|artist)(?:_|$)`)
	// reSettingKey are those that say how these are shown.
	reSettingKey = regexp.MustCompile(`^_|admin|font|family|color|size|align|style|tag|weight|transform|anim|position|level|width|height|spacing|orientation|shadow|margin|padding|type|class|icon|background|show|hide|_id$|tablet|phone|edited|css|slug|layout|effect`)
	reSetting    = regexp.MustCompile(`[|{}=]|^[A-Z0-9_-]+$`)
)

// further returns the words in attributes with names that no list here has.
func further(attrs map[string]string, used map[string]bool) (shown []*html.Node) {
	for _, key := range slices.Sorted(maps.Keys(attrs)) {
		v := human(attrs[key])
		if v == "" || used[key] || slices.Contains(known, key) || !reWordKey.MatchString(key) || reSettingKey.MatchString(key) || reIdentifier.MatchString(v) || reSetting.MatchString(v) || !strings.ContainsFunc(v, unicode.IsLetter) {
			continue
		}
		shown = append(shown, with(element("p"), textNode(v)))
	}
	return shown
}

// known are the names that are read one by one.
var known = slices.Concat(titleKeys, wordKeys, buttonKeys, linkKeys, imageKeys, []string{"alt", "button_two_text", "button2_text", "second_button_text", "btn2_title"})

// reCounted are the names that a list of tabs gives their titles: [tabs tab1="Wood" tab2="Prices"].
var reCounted = regexp.MustCompile(`^(?:tab|title|heading|item)_?[0-9]{1,2}$`)

// glossed puts behind a word what its mark says of it when one points at it: [tooltip text="assembly"]mortise[/tooltip].
func glossed(n *html.Node, attrs map[string]string) {
	var said []string
	for _, key := range slices.Concat(titleKeys, wordKeys) {
		if v := human(attrs[key]); v != "" && !reIdentifier.MatchString(v) || v != "" && key == "text" {
			said = append(said, v)
		}
		delete(attrs, key)
	}
	if len(said) > 0 {
		n.AppendChild(textNode(" (" + strings.Join(said, ", ") + ")"))
	}
}

// pictured makes a picture of an address that a shortcode holds, with the link that it has: [fusion_imageframe link="..."]https://.../a.jpg[/...].
func pictured(n *html.Node, attrs map[string]string) {
	src := words(n)
	if !isAddress(src) || strings.Contains(src, " ") || !isPicture(src) || len(find(n, "a", "img")) > 0 {
		return
	}
	detach(n)
	shown := element("img", "src", src, "alt", attrs["alt"])
	if link := attrs["link"]; isAddress(link) && !isPicture(link) {
		shown = with(element("a", "href", link), shown)
	}
	delete(attrs, "link")
	delete(attrs, "alt")
	with(n, with(element("p"), shown))
}

// reProfile are attributes with the address of somebody's page elsewhere, which readers saw as an icon.
var reProfile = regexp.MustCompile(`^(?:facebook|twitter|x|linkedin|instagram|youtube|vimeo|pinterest|mastodon|bluesky|github|tumblr|flickr|website|site)(?:_(?:url|link|profile))?$`)

// furtherLinks returns the second button of a shortcode, and the pages elsewhere that it leads to.
func (c *conversion) furtherLinks(attrs map[string]string) (shown []*html.Node) {
	add := func(at string, said *html.Node) {
		c.links.add(at)
		shown = append(shown, with(element("p"), said))
	}
	for _, second := range [][2]string{{"button_two_url", "button_two_text"}, {"button2_url", "button2_text"}, {"second_button_url", "second_button_text"}, {"btn2_link", "btn2_title"}} {
		if at := attrs[second[0]]; isAddress(at) {
			add(at, with(element("a", "href", at), textNode(firstOf(human(attrs[second[1]]), at))))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(attrs)) {
		if at := attrs[key]; reProfile.MatchString(key) && isAddress(at) && !isPicture(at) {
			add(at, plainLink(at))
		}
	}
	return shown
}

// counts are shortcodes whose value is a number that readers saw.
var counts = regexp.MustCompile(`counter|count|number|pie|progress|chart|skill|stat|milestone|gauge`)

// measured returns what a counter or a diagram showed: its value with its unit, or WPBakery's list of values (JSON, percent-encoded).
func measured(name string, attrs map[string]string) (shown []*html.Node) {
	if !counts.MatchString(name) {
		return nil
	}
	if v := firstOf(attrs["label_value"], attrs["value"], attrs["counter_value"], attrs["percentage"], attrs["end"]); strings.ContainsAny(v, "0123456789") && len(v) < 40 {
		unit := firstOf(attrs["unit"], attrs["units"], attrs["suffix"])
		if strings.HasSuffix(v, unit) {
			unit = ""
		}
		shown = append(shown, with(element("p"), textNode(human(v)+human(unit))))
	}
	raw, err := url.PathUnescape(attrs["values"])
	var list []struct{ Label, Value, Title string }
	if err != nil || json.Unmarshal([]byte(raw), &list) != nil {
		return shown
	}
	for _, one := range list[:min(len(list), 100)] {
		if said := strings.TrimSpace(firstOf(one.Label, one.Title) + " " + one.Value); said != "" {
			shown = append(shown, with(element("p"), textNode(said)))
		}
	}
	return shown
}

func (c *conversion) playerName(n *html.Node) string { return strings.ToLower(attr(n, "name")) }

// plays reports whether an address is that of a film or a recording.
func plays(address string) bool {
	return recording("src="+url.QueryEscape(address)) != "" || strings.HasPrefix(address, "https://www.youtube.com/watch") || strings.HasPrefix(address, "https://vimeo.com/") ||
		strings.HasPrefix(address, "https://youtu.be/") || strings.HasPrefix(address, "https://www.dailymotion.com/video/")
}

// button returns where a shortcode leads, and its words: an attribute's, or what it holds when that is one line.
func (c *conversion) button(n *html.Node, attrs map[string]string, used map[string]bool) (link, label string) {
	title := ""
	for _, key := range linkKeys {
		v := attrs[key]
		if strings.HasPrefix(v, "url:") { // WPBakery's: url:https%3A%2F%2F...|title:Devis|target:_blank
			for part := range strings.SplitSeq(v, "|") {
				name, value, _ := strings.Cut(part, ":")
				value, _ = url.PathUnescape(value)
				switch name {
				case "url":
					v = value
				case "title":
					title = value
				}
			}
		}
		v = strings.TrimPrefix(v, "manually,") // Enfold's
		if isAddress(v) && !isPicture(v) && !plays(v) {
			link = v
			break
		}
	}
	if link == "" {
		return "", ""
	}
	for _, key := range buttonKeys {
		if v := human(attrs[key]); v != "" {
			used[key] = true
			return link, v
		}
	}
	if inner := words(n); inner != "" && len(findBlocks(n)) == 0 && len(find(n, "a", "img")) == 0 && len(inner) < 200 {
		detach(n)
		return link, inner
	}
	for _, key := range saidKeys {
		if v := human(attrs[key]); v != "" && len(v) <= 80 { // longer ones are no words of a button
			used[key] = true
			return link, v
		}
	}
	return link, human(title)
}

// pictures returns those that an attribute names, by address or by their ids in the library.
func (c *conversion) pictures(value, alt string) (shown []*html.Node) {
	if isAddress(value) && isPicture(value) {
		return append(shown, with(element("p"), element("img", "src", value, "alt", alt)))
	}
	if c.Attachment == nil || strings.Trim(value, "0123456789, ") != "" {
		return nil
	}
	for _, id := range idList(value) {
		if at, text, caption, ok := c.Attachment(id); ok && isPicture(at) {
			shown = append(shown, with(element("figure"), element("img", "src", at, "alt", firstOf(alt, text)), with(element("figcaption"), textNode(caption))))
		}
	}
	return shown
}

func isAddress(v string) bool {
	return strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://") || strings.HasPrefix(v, "/") || strings.HasPrefix(v, "mailto:") || strings.HasPrefix(v, "tel:")
}

// plainSettings are values that say how to show something, and are no words.
var plainSettings = set("yes no true false on off none default left right center top bottom h1 h2 h3 h4 h5 h6 p div span custom full auto inherit small medium large xlarge dark light")

// human returns the words in the value of an attribute, "" when it is a setting.
func human(v string) string {
	v = strings.Join(strings.Fields(v), " ")
	if strings.ContainsRune(v, '<') {
		if nodes, err := html.ParseFragment(strings.NewReader(v), element("p")); err == nil {
			v = words(with(element("p"), nodes...))
		}
	}
	if plainSettings[strings.ToLower(v)] || isAddress(v) || strings.HasPrefix(v, "#") || strings.HasPrefix(v, "url:") || strings.HasPrefix(v, "rgb") {
		return ""
	}
	return v
}

// unquoted undoes what builders write in a value for the marks that a shortcode may not hold.
func unquoted(v string) string {
	v = strings.NewReplacer("%22", `"`, "%91", "[", "%93", "]", "``", `"`).Replace(v)
	return strings.TrimSpace(html.UnescapeString(v))
}
