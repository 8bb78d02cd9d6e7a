package edition

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"sync"
	"time"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"causerie/internal/assets"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

//go:embed fr.json en.json
var texts embed.FS

var catalog = sync.OnceValue(func() *i18n.Catalog {
	c := i18n.New()
	if err := c.Add(texts); err != nil {
		panic(fmt.Sprintf("edition: %v", err)) // the catalogs are ours
	}
	return c
})

//go:embed page.tmpl parts.tmpl
var sources embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	// html/template drops comments, and Word reads them.
	"mso":    func(markup string) template.HTML { return template.HTML("<!--[if mso]>" + markup + "<![endif]-->") },
	"layout": func() template.HTMLAttr { return `role="presentation" cellpadding="0" cellspacing="0" border="0"` },
	"serif":  func(size, line int) template.CSS { return face(serif, size, line) },
	"sans":   func(size, line int) template.CSS { return face(sans, size, line) },
	"tel":    func(address string) template.URL { return template.URL(address) },
	"button": func(address, label string) struct{ URL, Label string } {
		return struct{ URL, Label string }{address, label}
	},
}).ParseFS(sources, "*.tmpl"))

// face is a style of letters, in pixels.
func face(family string, size, line int) template.CSS {
	return template.CSS(fmt.Sprintf("font-family:%s;font-size:%dpx;line-height:%dpx", family, size, line))
}

// The colours of the site in the light (assets, 10-tokens.css; a test compares), which stand in the elements. Those of dark
// rooms are in the template.
const (
	ink   = "#1c1a17"
	soft  = "#5a554d"
	faint = "#686257"
	wash  = "#f3efe6"
	rule  = "#e5e0d6"
	edge  = "#8b8478"
)

const maxPreheader = 140 // characters

// block is what stands in a letter one under the other: a paragraph, a picture, an entry of a digest.
type block struct {
	html, text string
	links      int  // how many addresses the text part names up to its end
	prose      bool // a paragraph
}

// sheet is one letter while it is set; the templates draw it.
type sheet struct {
	Frame
	*slots
	assets.Tones
	lang    i18n.Lang
	base    *url.URL
	links   []string // that the text part numbers
	numbers map[string]int

	Kicker, Title, Lede, Author, Question, Greeting, Beginning string
	Minutes                                                    int
	Cover                                                      *Picture
	Digest, Short, Cut                                         bool
	Body                                                       template.HTML
	BodyText                                                   string
	Unsubscribe, Preferences                                   string
}

func newSheet(f Frame, said ...string) *sheet {
	s := &sheet{Frame: f, slots: seeded(append(said, f.URL, f.Voice.Name)...), numbers: map[string]int{}}
	s.Unsubscribe, s.Preferences = s.word(Slot{field: unsubscribe}), s.word(Slot{field: preferences})
	var ok bool
	if s.lang, ok = i18n.Parse(f.Lang); !ok {
		s.lang = i18n.FrFR
	}
	if u, err := url.Parse(f.URL); err == nil && u.Host != "" {
		s.base = u
	}
	var err error
	if s.Tones, err = assets.AccentTones(f.Voice.Accent); err != nil {
		s.Tones, _ = assets.AccentTones(ink)
	}
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	s.Greeting = s.merge(s.typeset(f.Greeting, 200))
	return s
}

// T returns the words of a key in the language of the letter.
func (s *sheet) T(key string, args ...any) string { return catalog().T(s.lang, key, args...) }

// typeset is a short text as the language of the letter sets it; setting twice changes nothing.
func (s *sheet) typeset(words string, limit int) string {
	return plainHyphens(text.Typeset(string(s.lang), text.Clip(text.OneLine(words), limit)))
}

// plainHyphens does without the hyphen at which no line ends: few letters that come with a machine have it.
func plainHyphens(s string) string { return strings.ReplaceAll(s, "\u2011", "-") }

// HTMLLang is what the letter's lang attribute says.
func (s *sheet) HTMLLang() string { return string(s.lang) }

// Day is the letter's, "" for none.
func (s *sheet) Day() string { return s.dayOf(s.At) }

func (s *sheet) dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.Date(s.lang, t, s.Zone)
}

// Byline says who wrote, and how long it takes to read.
func (s *sheet) Byline() string {
	var all []string
	if s.Author != "" {
		all = append(all, s.Author)
	}
	if s.Minutes > 0 {
		all = append(all, s.T("letter.minutes", s.Minutes))
	}
	return strings.Join(all, " · ")
}

// Initials stand for a voice without a picture.
func (s *sheet) Initials() string { return assets.FaceOf("", s.Voice.Name).Initials }

// Because says why one gets the letter, and to whom nobody said it yet where their address comes from.
func (s *sheet) Because() string {
	asked := cmp.Or(s.typeset(s.Why, 600), s.T("letter.why", s.Voice.Name))
	known := cmp.Or(s.typeset(s.Why, 600), s.T("letter.why_known", cmp.Or(s.House.Name, s.Voice.Name)))
	return s.word(Slot{field: because, before: known, other: asked}) +
		s.word(Slot{field: origin, before: " " + s.T("letter.origin") + " ", after: ". " + s.T("letter.object")})
}

// Answer says that a reply is read, and by whom.
func (s *sheet) Answer() string {
	if s.Voice.We {
		return s.T("letter.reply_we")
	}
	return s.T("letter.reply")
}

// Identity is who sends, in lines.
func (s *sheet) Identity() (lines []string) {
	h := s.House
	for _, part := range [...]string{h.Name, h.Registration, h.Address} {
		for line := range strings.SplitSeq(text.Clip(part, 600), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// Dial is the number of the house as it is dialled.
func (s *sheet) Dial() string {
	return "tel:" + strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s.House.Phone)
}

// Forward is a mail in the making that tells somebody of the letter: one gesture. It leads to the page that everybody may read, and
// never to what is the reader's own.
func (s *sheet) Forward() string {
	if s.URL == "" {
		return ""
	}
	q := url.Values{"subject": {s.bare(cmp.Or(s.Title, s.Subject))}, "body": {s.T("letter.forward_body", s.Voice.Name) + "\n\n" + s.bare(cmp.Or(s.Title, s.Subject)) + "\n" + s.URL}}
	return "mailto:?" + strings.ReplaceAll(q.Encode(), "+", "%20") // RFC 6068, 5: a plus is a plus
}

// bare is a line without its merge fields.
func (s *sheet) bare(line string) string {
	for _, slot := range s.all {
		line = strings.ReplaceAll(line, string(slot.Word), slot.other)
	}
	return line
}

// Shown returns a picture for the template.
func (s *sheet) Shown(p Picture) template.HTML { return template.HTML(s.picture(p)) }

// address is where a link leads, absolute; "" for one that leads nowhere from a mail.
func (s *sheet) address(href string) string {
	u, err := url.Parse(href)
	switch {
	case err != nil || href == "":
		return ""
	case u.Scheme != "":
		return href // as it was written
	case s.base == nil:
		return ""
	}
	return s.base.ResolveReference(u).String()
}

// blocks sets the body of a letter, up to the first paragraph that no mail has room for.
func (s *sheet) blocks(root *nethtml.Node) (all []block) {
	size := 0
	for _, n := range parts(root) {
		if size > maxHTML {
			break
		}
		h := hyper{s: s}
		h.block(n, 22)
		b := block{html: h.String(), text: plain{s}.block(n, columns), prose: n.DataAtom == atom.P}
		b.links = len(s.links)
		size += len(b.html)
		all = append(all, b)
	}
	return all
}

// preheader chooses what lists of mails show behind the subject: the first that says something.
func (s *sheet) preheader(choices ...string) {
	for _, c := range choices {
		if c = strings.Trim(text.OneLine(c), " ·"); c != "" {
			s.Beginning = text.Excerpt(s.bare(c), maxPreheader)
			return
		}
	}
}

// group is the name of a group of a digest.
func (s *sheet) group(name string) block {
	name = text.Clip(name, 120)
	return block{html: s.draw("group", name), text: underlined(fill(name, columns), "=")}
}

// entry is one post of a digest.
func (s *sheet) entry(e Entry) block {
	e.Kicker, e.Title, e.Lede = s.typeset(e.Kicker, 120), s.typeset(e.Title, 300), s.typeset(e.Lede, 600)
	var facts []string
	if day := s.dayOf(e.At); day != "" {
		facts = append(facts, day)
	}
	if e.Minutes > 0 {
		facts = append(facts, s.T("letter.minutes", e.Minutes))
	}
	meta := strings.Join(facts, " · ")
	markup := s.draw("entry", struct {
		*sheet
		Entry
		Meta string
	}{s, e, meta})
	lines := []string{}
	for _, line := range []string{e.Kicker, "*" + e.Title + "*", e.Lede, meta} {
		if line != "" {
			lines = append(lines, fill(line, columns))
		}
	}
	return block{html: markup, text: strings.Join(append(lines, e.URL), "\n")}
}

// draw executes a template. The templates are ours, tested, and a Builder does not fail.
func (s *sheet) draw(name string, data any) string {
	var b strings.Builder
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("edition: %v", err))
	}
	return b.String()
}

// assemble puts as many blocks into the page as a mail may hold.
func (s *sheet) assemble(blocks []block) Edition {
	subject := s.merge(s.typeset(s.Subject, 300))
	s.Subject = s.bare(subject)
	s.Cut = true // the longest page that there may be
	room := maxHTML - len(s.draw("page.tmpl", s)) - perSlot*s.used
	n, size := 0, 0
	for n < len(blocks) && size+len(blocks[n].html) <= room {
		size += len(blocks[n].html)
		n++
	}
	s.Cut = n < len(blocks)
	if n == 0 && s.Cut { // one paragraph that no mail holds
		begins := text.Excerpt(blocks[0].text, 600)
		blocks[0], n = block{html: "<p>" + escape(begins) + "</p>", text: fill(begins, columns)}, 1
	}
	blocks, s.Short = blocks[:n], s.Short || s.Cut
	var markup, words strings.Builder
	links := 0
	for i, b := range blocks {
		markup.WriteString(b.html + "\n")
		if b.text != "" {
			if i > 0 {
				words.WriteString("\n\n")
			}
			words.WriteString(b.text)
		}
		links = max(links, b.links)
	}
	s.Body, s.BodyText, s.links = template.HTML(markup.String()), words.String(), s.links[:links]
	return Edition{Subject: subject, Preheader: s.Beginning, HTML: s.draw("page.tmpl", s), Text: s.text(), Slots: s.all, Short: s.Short, Cut: s.Cut}
}
