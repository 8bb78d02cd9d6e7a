package htmlmd

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Page builders (Divi, WPBakery, Avada, Enfold, Shortcodes Ultimate) keep a page as shortcodes, and put words, pictures and buttons into
// their attributes. They agree on little, but a title is called title and a picture image. So one reading serves all of them: what a
// reader saw comes out, and the rest was decoration.
var (
	titleKeys = strings.Fields("title heading heading_text h2 header main_title tab_title question caption label name")
	wordKeys  = strings.Fields("subtitle subhead sub_title sub_heading h4 subheading text description desc answer quote content author cite job_title position company company_name number percent sum price currency per date date_time address phone email")
	imageKeys = strings.Fields("src custom_src image image_url img img_src photo picture image_id images gallery_ids ids include attachment media_ids logo_image_url portrait_url")
	linkKeys  = strings.Fields("button_url button_link link link_url url href btn_link button_one_url")
	// buttonKeys say what stands on a button and nowhere else.
	buttonKeys = strings.Fields("button_text btn_text btn_title link_text button_one_text button_label btn_label")
	saidKeys   = strings.Fields("button_text btn_text link_text button_one_text label title text")
)

var (
	// forms ask for words instead of showing some.
	forms = regexp.MustCompile(`^(contact-form|contact-form-7|contact_form|contact-field|contact-field-.*|et_pb_contact_.*|et_pb_signup.*|gravityforms?|ninja_forms?|wpforms|formidable|` +
		`mc4wp_form|mc4wp_checkbox|forminator_form|caldera_form|fluentform|everest_form|si-contact-form|cforms.*|wufoo|jotform|typeform.*|newsletter(_.*)?|mailpoet_form|metform|weforms|happyforms|hubspot|quform|kaliforms|activecampaign|bws_contact_form|pirate_forms|visual-form-builder|[a-z0-9]+_forms?|` +
		`wysija_form|sibwp_form|fusion_form.*|av_contact|av_mailchimp|vc_wp_search|contact|loginform|wppb-.*|wp-members|wpmem_.*|subscribe2|give_form|jetpack_subscription_form)$`)
	// keepers show what they hold to members only.
	keepers = regexp.MustCompile(`^(private|members?|members?_only|members?-only|member_.*|membership|protected|restrict|restricted|restrict_.*|rcp_.*|is_paid|s2if|s2member.*|wlm_.*|wlm-.*|pmpro_.*|` +
		`mepr-.*|um_loggedin|um_show_content|logged_?in|loggedin_.*|is_user_logged_in|user_logged_in|passster|content_protector|password_protect.*|access|ppw|wcm_restrict|wcm_content_restricted|hide_from_guests|hidden_from_guests)$`)
	// encoded hold HTML that a builder wrote in base64.
	encoded = set("vc_raw_html fusion_code")
	// silent are for machines.
	silent = set("vc_raw_js fusion_login fusion_register vc_gmaps")
)

// built brings out what a shortcode that nobody here knows showed to readers.
func (c *conversion) built(n *html.Node, name string, attrs map[string]string) {
	switch {
	case forms.MatchString(name):
		c.note(NoteForm, name)
		parted(n, nil)
		remove(n)
		return
	case silent[name]:
		c.note(NoteLeftOut, name)
		parted(n, nil)
		remove(n)
		return
	case keepers.MatchString(name):
		c.note(NoteMembers, name)
		parted(n, children(n))
		unwrap(n)
		return
	case encoded[name]:
		c.decoded(n)
	}
	for key, v := range attrs {
		attrs[key] = unquoted(v)
	}
	pictured(n, attrs)
	if marks.MatchString(name) && words(n) != "" {
		glossed(n, attrs)
	}
	shown := c.fromAttributes(n, attrs)
	if len(shown) == 0 && words(n) == "" && len(find(n, "img", "iframe", "video", "audio", "embed", "object", "a")) == 0 {
		c.note(NoteLeftOut, name)
	} else {
		c.note(NoteShortcode, name)
	}
	inner := detach(n)
	if places.MatchString(name) && !marks.MatchString(name) && len(inner) > 0 {
		inner = []*html.Node{with(element("div"), inner...)}
	}
	if !marks.MatchString(name) && !inLine[name] {
		parted(n, inner)
	}
	replace(n, append(shown, inner...)...)
}

// inLine are shortcodes that change how letters look: what they hold goes on with the word around it.
var inLine = set("b i u s em strong span color size font sup sub link url a abbr mark small big text_color")

// parted keeps what a shortcode holds, or where it stood, apart from the letters that touch it: two texts side by side are no one word.
// A letter alone begins a word.
func parted(n *html.Node, inner []*html.Node) {
	said := ""
	for _, child := range inner {
		if isBlock(child) {
			return
		}
		said += words(child)
	}
	if utf8.RuneCountInString(said) == 1 {
		return
	}
	if touching(n.PrevSibling, false) && (said == "" && touching(n.NextSibling, true) || said != "" && touching(inner[0], true)) {
		n.Parent.InsertBefore(textNode(" "), n)
	}
	if said != "" && touching(n.NextSibling, true) && touching(inner[len(inner)-1], false) {
		n.Parent.InsertBefore(textNode(" "), n.NextSibling)
	}
}

// touching reports whether n begins, or ends, with a letter or a digit.
func touching(n *html.Node, begins bool) bool {
	if n == nil || isBlock(n) || is(n, "br", "img") {
		return false
	}
	s := n.Data
	if n.Type != html.TextNode {
		s = textIn(n)
	}
	if begins {
		return beginsWithLetter(s)
	}
	return endsInLetter(s)
}

var (
	// places are parts of a page, each on lines of its own, though builders write all of them on one.
	places = regexp.MustCompile(`^(vc_|et_pb_|av_|fusion_|su_|cs_|x_)|row|col|section|half|third|fourth|quarter|tab|box|grid|panel|accordion|toggle|slide`)
	// marks stand around a word or a letter.
	marks = regexp.MustCompile(`highlight|dropcap|tooltip|label|icon|popover|abbr`)
)

// decoded puts the HTML in the place of what encodes it.
func (c *conversion) decoded(n *html.Node) {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(words(n)), ""))
	if err != nil {
		return
	}
	src := string(raw)
	if plain, err := url.PathUnescape(src); err == nil {
		src = plain
	}
	nodes, err := html.ParseFragment(strings.NewReader(strings.ToValidUTF8(src, "")), element("body"))
	if err != nil {
		return
	}
	detach(n)
	with(n, nodes...)
	c.comments(n)
}

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
	if len(shown) > 0 || words(n) != "" || len(find(n, "img", "iframe", "video", "audio", "embed", "object")) > 0 {
		return shown
	}
	for _, key := range []string{"src", "url", "file", "href", "link", "pdf", "doc", "path"} { // a frame, or a document, and nothing beside it
		if v := attrs[key]; isAddress(v) {
			return append(shown, c.link(v))
		}
	}
	return nil
}

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
	if v := firstOf(attrs["label_value"], attrs["value"], attrs["counter_value"], attrs["end"]); strings.ContainsAny(v, "0123456789") && len(v) < 40 {
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
