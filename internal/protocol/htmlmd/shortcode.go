package htmlmd

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// shortcodeElement is what a shortcode is between the text and the tree: <x-shortcode name="caption" attrs="...">.
const shortcodeElement = "x-shortcode"

// A shortcode as wp_shortcode reads it: doubled brackets are an escape, quoted values may hold anything but their quote.
var (
	reShortcode = regexp.MustCompile(`^\[(\[?)(/?)([A-Za-z][A-Za-z0-9_-]{0,60})((?:[\s=](?:"[^"]*"|'[^']*'|[^\[\]"'])*)?)/?\](\]?)`)
	reClosing   = regexp.MustCompile(`\[/([A-Za-z][A-Za-z0-9_-]{0,60})\]`)
)

// maxShortcode is how long one opening tag may be, an old caption included; one without quotes is never longer than
// shortShortcode, and that is all that is tried once a hostile text has used up its patience.
const (
	maxShortcode   = 8 << 10
	shortShortcode = 200
	patience       = 1 << 20
)

// codeShortcodes hold code, as the plugins that colour it name them.
var codeShortcodes = regexp.MustCompile(`^(code|sourcecode|source|crayon|highlight|geshi|pygments|prism|gist-code|ccn?[a-z]*_.+|` +
	`php|javascript|js|jscript|css|html|xml|xhtml|java|python|py|ruby|rails|perl|bash|shell|powershell|sql|cpp|csharp|delphi|diff|patch|actionscript3?|groovy|scala|latex|objc|fsharp|vb|vbnet|golang|matlab)$`)

// shortcodes turns [shortcodes] into elements. Those in code, in attributes and in comments are left alone.
func (c *conversion) shortcodes(src string) string {
	lastClosing := map[string]int{}
	for _, m := range reClosing.FindAllStringSubmatchIndex(src, -1) {
		lastClosing[src[m[2]:m[3]]] = m[0]
	}
	var out strings.Builder
	out.Grow(len(src))
	open := map[string]int{}
	tried := 0
	copied := 0 // src[:copied] is in out
	for _, span := range textSpans(src) {
		for i := max(span[0], copied); i < span[1]; i++ {
			next := strings.IndexByte(src[i:span[1]], '[')
			if next < 0 {
				break
			}
			i += next
			if m := rePlayed.FindStringSubmatch(src[i:min(len(src), i+shortShortcode)]); m != nil {
				out.WriteString(src[copied:i] + playedAt(m))
				copied = i + len(m[0])
				i = copied - 1
				continue
			}
			m := reShortcode.FindStringSubmatch(src[i:min(len(src), i+shortShortcode)])
			if m == nil && tried < patience {
				window := src[i:min(len(src), i+maxShortcode)]
				tried += len(window)
				m = reShortcode.FindStringSubmatch(window)
			}
			if m == nil {
				continue
			}
			whole, escaped, closing, name, attrs := m[0], m[1] != "" && m[5] != "", m[2] != "", m[3], m[4]
			if sentence(strings.ToLower(name), attrs) {
				continue
			}
			if !escaped { // a doubled bracket on one side only belongs to the text
				if m[1] != "" {
					continue
				}
				whole = strings.TrimSuffix(whole, m[5])
			}
			out.WriteString(src[copied:i])
			copied = i + len(whole)
			lower := strings.ToLower(name)
			switch {
			case escaped:
				out.WriteString(html.EscapeString(whole[1 : len(whole)-1]))
			case closing && open[name] > 0:
				open[name]--
				out.WriteString("</" + shortcodeElement + ">")
			case closing: // of nothing
				c.note(NoteShortcode, lower)
				if endsInLetter(src[:i]) && beginsWithLetter(src[copied:]) {
					out.WriteByte(' ')
				}
			case lastClosing[name] > i && codeShortcodes.MatchString(lower):
				end := strings.Index(src[copied:], "[/"+name+"]")
				if end < 0 {
					end = 0
				}
				out.WriteString("\n\n<pre><code>" + strings.ReplaceAll(strings.Trim(src[copied:copied+end], "\n"), "<", "&lt;") + "</code></pre>\n\n")
				copied = min(len(src), copied+end+len(name)+3)
			default:
				paired := lastClosing[name] > i
				out.WriteString(c.opening(src, i, len(whole), lower, whole, attrs, paired))
				if paired {
					open[name]++
				}
			}
			i = copied - 1
		}
	}
	out.WriteString(src[copied:])
	return out.String()
}

// reValue is an attribute with its value, or a value in quotes.
var reValue = regexp.MustCompile(`[A-Za-z0-9_-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)|"[^"]*"|'[^']*'`)

// sentence reports whether brackets with attributes in them hold somebody's words: a tag, or more than one word that is no attribute's.
func sentence(name, attrs string) bool {
	if knownShortcodes[name] || strings.Contains(name, "_") || strings.HasPrefix(attrs, "=") {
		return false
	}
	bare := reValue.ReplaceAllString(attrs, "")
	return strings.ContainsAny(bare, "<>") || len(strings.Fields(strings.Trim(bare, " /"))) > 1
}

func endsInLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func beginsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// knownShortcodes are WordPress's own and those of its players.
var knownShortcodes = set(`caption wp_caption gallery playlist audio video embed youtube vimeo dailymotion soundcloud tweet instagram wpvideo videopress googlevideo scribd`)

// rePlayed is how the players before WordPress 3.6 were written: [audio:https://e.org/a.mp3|titles=A], [flv:https://e.org/a.flv 480 360].
var rePlayed = regexp.MustCompile(`^\[(?:audio|podcast|mp3|music|flv|video|media|youtube|vimeo|dailymotion)\s*:\s*(https?://[^\s|\]\[<>"]+)[^\]\[<>]*\]`)

// playedAt writes the elements for each address of such a player.
func playedAt(m []string) string {
	var b strings.Builder
	for address := range strings.SplitSeq(m[1], ",http") {
		if b.Len() > 0 {
			address = "http" + address
		}
		b.WriteString("<" + shortcodeElement + ` name="audio" attrs="` + html.EscapeString("="+strings.Trim(address, ",")) + `"></` + shortcodeElement + ">")
	}
	return b.String()
}

// reAssigned is an attribute with its value, as nobody writes in a sentence.
var reAssigned = regexp.MustCompile(`\s[A-Za-z_][A-Za-z0-9_-]*=["']?\S|^=\S`)

// opening writes the element for an opening shortcode at src[i:], or its text when these are somebody's words in brackets: [sic].
func (c *conversion) opening(src string, i, length int, name, whole, attrs string, paired bool) string {
	if !knownShortcodes[name] && !paired && !strings.HasSuffix(whole, "/]") && !reAssigned.MatchString(attrs) && !strings.Contains(name, "_") {
		alone := aloneOnLine(src, i, length) && whole == strings.ToLower(whole) && strings.TrimSpace(attrs) == ""
		if !alone && !strings.HasPrefix(attrs, " id") {
			return html.EscapeString(whole)
		}
	}
	tag := "<" + shortcodeElement + ` name="` + name + `" attrs="` + html.EscapeString(attrs) + `">`
	if !paired {
		tag += "</" + shortcodeElement + ">"
	}
	return tag
}

var (
	reTagBefore = regexp.MustCompile(`</?([A-Za-z]+)(?:\s[^<>]*)?>$`)
	reTagAfter  = regexp.MustCompile(`^</?([A-Za-z]+)[\s>]`)
	inLineTags  = set("a b i em strong u s sup sub code span small big mark cite q font abbr ins del")
)

// aloneOnLine looks past blanks only, whatever the line is: many shortcodes may stand on one, one after the other.
func aloneOnLine(src string, i, length int) bool {
	before, after := strings.TrimRight(src[:i], " \t"), src[i+length:]
	if m := reTagBefore.FindStringSubmatch(before[max(0, len(before)-300):]); m != nil && inLineTags[strings.ToLower(m[1])] { // <a>[plan]</a>
		return false
	}
	if m := reTagAfter.FindStringSubmatch(after[:min(len(after), 100)]); m != nil && inLineTags[strings.ToLower(m[1])] {
		return false
	}
	blank := strings.TrimLeft(after, " \t\f\v")
	return (before == "" || strings.IndexByte("\n>", before[len(before)-1]) >= 0 || src[i-1] == ']') && (blank == "" || blank[0] == '\n' || strings.IndexByte("<[", after[0]) >= 0)
}

// textSpans are the parts of src that are text: outside tags, comments, code and scripts.
func textSpans(src string) [][2]int {
	var spans [][2]int
	z := html.NewTokenizer(strings.NewReader(src))
	at, code := 0, 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return spans
		}
		start := at
		at += len(z.Raw())
		switch kind {
		case html.TextToken:
			if code == 0 {
				spans = append(spans, [2]int{start, at})
			}
		case html.StartTagToken, html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "pre", "code", "script", "style", "textarea", "kbd", "tt":
				if kind == html.StartTagToken {
					code++
				} else {
					code = max(0, code-1)
				}
			}
		}
	}
}

// reAttr is one attribute: name="v", name='v', name=v, or a value alone.
var reAttr = regexp.MustCompile(`([A-Za-z0-9_-]+)\s*=\s*"([^"]*)"|([A-Za-z0-9_-]+)\s*=\s*'([^']*)'|([A-Za-z0-9_-]+)\s*=\s*([^\s"']+)|"([^"]*)"|'([^']*)'|(\S+)`)

// readAttrs reads the attributes of a shortcode. Values alone are under "".
func readAttrs(s string) map[string]string {
	s = strings.NewReplacer("“", `"`, "”", `"`, "″", `"`, "«", `"`, "»", `"`).Replace(s)
	all := map[string]string{}
	if rest, found := strings.CutPrefix(s, "="); found { // [youtube=https://...]
		all[""] = strings.TrimSpace(rest)
		return all
	}
	for _, m := range reAttr.FindAllStringSubmatch(s, 64) {
		switch {
		case m[1] != "":
			all[strings.ToLower(m[1])] = m[2]
		case m[3] != "":
			all[strings.ToLower(m[3])] = m[4]
		case m[5] != "":
			all[strings.ToLower(m[5])] = m[6]
		default:
			if all[""] == "" {
				all[""] = m[7] + m[8] + m[9]
			}
		}
	}
	return all
}
