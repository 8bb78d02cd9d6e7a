package htmlmd

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Page builders (Divi, WPBakery, Avada, Enfold, Shortcodes Ultimate) keep a page as shortcodes, and put words, pictures and buttons into
// their attributes. They agree on little, but a title is called title and a picture image. So one reading serves all of them: what a
// reader saw comes out, and the rest was decoration.
var (
	titleKeys = strings.Fields("title heading heading_text h2 header main_title tab_title question caption label name")
	wordKeys  = strings.Fields("subtitle subhead sub_title sub_heading h4 subheading text description desc answer quote content author cite job_title position company company_name number percent sum price currency per date date_time countdown_end before_rotating after_rotating address phone email")
	imageKeys = strings.Fields("src custom_src image image_url img img_src photo picture image_id images gallery_ids ids include attachment media_ids logo_image_url portrait_url")
	linkKeys  = strings.Fields("button_url button_link link link_url url href btn_link button_one_url")
	// buttonKeys say what stands on a button and nowhere else.
	buttonKeys = strings.Fields("button_text btn_text btn_title link_text button_one_text button_label btn_label linktext button")
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
	if glosses.MatchString(name) && words(n) != "" {
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
	// glosses are those that say something when one points at the word.
	glosses = regexp.MustCompile(`tooltip|popover|abbr`)
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
