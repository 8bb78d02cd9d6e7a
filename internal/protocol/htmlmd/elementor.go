package htmlmd

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
)

// What one Elementor page may ask of us: how deep its parts stand in each other, and how many there are.
const (
	maxElementor = 40
	maxWidgets   = 5000
)

// elementorPart is a section, a column, a container or a widget.
type elementorPart struct {
	Widget   string          `json:"widgetType"`
	Settings json.RawMessage `json:"settings"` // PHP writes empty ones as []
	Elements []elementorPart `json:"elements"`
}

// Elementor returns the HTML of a page that the builder of that name keeps beside the post (_elementor_data), for Convert. What it has no
// words for (a form, a list of posts, a menu) stands there as a block without content, which Convert notes. "" is a page that cannot be
// read, or shows nothing.
func Elementor(data string) string {
	var parts []elementorPart
	if len(data) > MaxHTML || !FromJSON(data, &parts) {
		return ""
	}
	var e elementor
	e.parts(parts, 0)
	return e.String()
}

// FromJSON reads what WordPress keeps as JSON, with or without PHP's addslashes, which some exporters leave on.
func FromJSON(data string, into any) bool {
	return json.Unmarshal([]byte(data), into) == nil || json.Unmarshal([]byte(unslashed.Replace(data)), into) == nil
}

var unslashed = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`)

// elementor is the HTML of a page as far as it is written.
type elementor struct {
	strings.Builder
	count int
}

func (e *elementor) parts(parts []elementorPart, depth int) {
	for _, p := range parts {
		if e.count++; e.count > maxWidgets || depth > maxElementor {
			return
		}
		var s settings
		if json.Unmarshal(p.Settings, &s) != nil {
			s = nil // an empty list
		}
		if p.Widget != "" {
			e.widget(p.Widget, s)
		}
		e.parts(p.Elements, depth+1)
	}
}

// Under which names widgets keep what they show. Elementor writes all of it as HTML. The names are its own and those of Elementor Pro;
// add-ons use the same ones more often than not.
var (
	elementorTitles = strings.Fields("title title_text heading alert_title tab_title item_title accordion_title title_text_a heading_a")
	elementorWords  = strings.Fields("sub_heading subtitle editor html shortcode content tab_content item_description accordion_content description description_text alert_description inner_text caption " +
		"testimonial_content blockquote_content testimonial_name testimonial_job author_name name job price before_text highlighted_text rotating_text after_text item_text text_content address " +
		"description_text_a title_text_b description_text_b footer_additional_info")
	elementorButtons = strings.Fields("text button_text button link_text")
	elementorImages  = strings.Fields("image testimonial_image graphic_image photo slide_image")
	elementorLists   = strings.Fields("icon_list tabs slides price_list features_list social_icon_list wp_gallery gallery carousel accordion_items items list")
	// elementorSilent show nothing to read.
	elementorSilent = set("spacer divider menu-anchor icon share-buttons star-rating")
)

// widget writes what a widget showed.
func (e *elementor) widget(kind string, s settings) {
	before := e.Len()
	switch kind {
	case "heading":
		level := s.text("header_size")
		if len(level) != 2 || level < "h2" || level > "h6" {
			level = "h2"
		}
		if title := s.text("title"); title != "" {
			e.line(level, s.linked(title))
		}
		return
	case "counter":
		e.line("p", strings.TrimSpace(s.text("prefix")+s.text("ending_number")+s.text("suffix")))
	case "progress":
		if percent, ok := s["percent"].(map[string]any); ok {
			e.line("p", settings(percent).text("size")+settings(percent).text("unit"))
		}
	case "price-table":
		price := strings.Join(strings.Fields(s.text("price")+" "+s.text("currency_symbol")+" "+s.text("period")), " ")
		delete(s, "price")
		defer e.line("p", price)
	case "video":
		key := firstOf(s.text("video_type"), "youtube") + "_url"
		e.line("p", firstOf(s.address(key), s.address("external_url")))
	}
	e.fields(s, 0)
	if e.Len() == before && !elementorSilent[kind] {
		fmt.Fprintf(e, "<!-- wp:elementor/%s /-->\n\n", strings.Map(nameRune, kind))
	}
}

// fields writes the pictures, the words and the entries of a widget, or of one entry of its list.
func (e *elementor) fields(s settings, depth int) {
	for _, key := range elementorImages {
		e.picture(s[key])
	}
	if s["id"] != nil && s.address("url") != "" { // an entry of a gallery
		e.picture(map[string]any(s))
	}
	link := true // is still to be written
	for _, key := range elementorTitles {
		if title := s.text(key); title != "" {
			e.line("p", "<strong>"+s.linked(title)+"</strong>")
			link = false
		}
	}
	for _, key := range elementorWords {
		e.line("div", s.text(key))
	}
	for _, key := range elementorButtons {
		if said := s.text(key); said != "" {
			e.line("p", s.linked(said))
			link = false
		}
	}
	if at := s.address("link"); at != "" && link && depth > 0 {
		e.line("p", fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(at), html.EscapeString(at)))
	}
	for _, key := range elementorLists {
		entries, _ := s[key].([]any)
		for _, entry := range entries {
			if inner, ok := entry.(map[string]any); ok && depth == 0 {
				e.fields(inner, 1)
			}
		}
	}
}

func (e *elementor) line(element, inner string) {
	if inner != "" {
		fmt.Fprintf(e, "<%s>%s</%s>\n\n", element, inner, element)
	}
}

func (e *elementor) picture(v any) {
	s, ok := v.(map[string]any)
	if !ok {
		return
	}
	at := settings(s).address("url")
	if at == "" || strings.HasSuffix(at, "/elementor/assets/images/placeholder.png") {
		return
	}
	e.line("p", fmt.Sprintf(`<img src="%s" alt="%s">`, html.EscapeString(at), html.EscapeString(settings(s).text("alt"))))
}

// settings are those of a widget, as JSON has them.
type settings map[string]any

// text returns a value that is words or a number, "" for others.
func (s settings) text(key string) string {
	switch v := s[key].(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return fmt.Sprint(v)
	}
	return ""
}

// address returns one that stands there as such or as {"url": ...}, "" when there is none.
func (s settings) address(key string) string {
	at := s.text(key)
	if inner, ok := s[key].(map[string]any); ok {
		at = settings(inner).text("url")
	}
	if at == "#" {
		return ""
	}
	return at
}

// linked returns words with the link of s around them.
func (s settings) linked(words string) string {
	at := firstOf(s.address("link"), s.address("button_link"), s.address("link_to"))
	if !isAddress(at) {
		return words
	}
	return fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(at), words)
}

// nameRune keeps of the name of a widget what a block may be called.
func nameRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
		return r
	}
	return -1
}
