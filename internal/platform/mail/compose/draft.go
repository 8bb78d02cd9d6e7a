package compose

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"time"

	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/text"
)

// maxQuote is how much of what somebody wrote is sent back to them, in characters.
const maxQuote = 2000

// Draft is a mail in the making. Make it with New.
type Draft struct {
	lang    i18n.Lang
	catalog *i18n.Catalog
	blocks  []block
}

// block is one paragraph. One of its fields besides Text is set, or none.
type block struct {
	Text  string
	HTML  text.HTML // the same, as the author marked it up
	URL   string    // Text leads there
	Lines []string  // what is quoted; Text introduces it
	Sign  []string  // who signs, line by line
	Small bool
	Main  bool // with URL: what the mail is for, shown as a button
}

// Href is URL as the template takes it: a number to call is no address that it trusts of itself.
func (b block) Href() any {
	if strings.HasPrefix(b.URL, "tel:") {
		return template.URL(b.URL)
	}
	return b.URL
}

// New begins a mail in the language of its reader; one that the catalogs do not have is French.
func New(catalog *i18n.Catalog, lang string) *Draft {
	l, ok := i18n.Parse(lang)
	if !ok {
		l = i18n.FrFR
	}
	return &Draft{lang: l, catalog: catalog}
}

// T returns the words of a key in the language of the mail.
func (d *Draft) T(key string, args ...any) string { return d.catalog.T(d.lang, key, args...) }

// Date writes a civil day as the language of the mail does.
func (d *Draft) Date(at time.Time, zone *time.Location) string { return i18n.Date(d.lang, at, zone) }

// Hour writes what a clock on the wall shows, as the language of the mail does.
func (d *Draft) Hour(at time.Time, zone *time.Location) string { return i18n.Time(d.lang, at, zone) }

// Say adds a paragraph.
func (d *Draft) Say(key string, args ...any) {
	d.blocks = append(d.blocks, block{Text: d.T(key, args...)})
}

// Words adds the paragraphs of a plain text that somebody of the house wrote in a language, typeset as it asks.
func (d *Draft) Words(lang, plain string) {
	for _, p := range text.Paragraphs(plain) {
		d.blocks = append(d.blocks, block{Text: text.Typeset(lang, p)})
	}
}

// Small adds a paragraph in small type: why the reader gets this, and what to do if it was not them.
func (d *Draft) Small(key string, args ...any) {
	d.blocks = append(d.blocks, block{Text: d.T(key, args...), Small: true})
}

// Link adds a paragraph that leads to an absolute address.
func (d *Draft) Link(key, address string) {
	d.blocks = append(d.blocks, block{Text: d.T(key), URL: address})
}

// Button is Link for the one thing that a mail asks its reader to do.
func (d *Draft) Button(key, address string) {
	d.blocks = append(d.blocks, block{Text: d.T(key), URL: address, Main: true})
}

// SmallLink is Link in small type: how to have no more of these.
func (d *Draft) SmallLink(key, address string) {
	d.blocks = append(d.blocks, block{Text: d.T(key), URL: address, Small: true})
}

// Markdown adds what somebody of the house wrote into a plain box, each line end kept: in the plain text as it is, for Markdown
// reads well. Relative links lead from base, an absolute address.
func (d *Draft) Markdown(markdown, base string) {
	html := text.Render(markdown, text.Options{Lang: string(d.lang), Absolute: base, HeadingOffset: 1, LineEnds: true}).HTML
	d.blocks = append(d.blocks, block{Text: markdown, HTML: html})
}

// Quote adds what the reader wrote before, at most 2,000 characters of it, after a line that says so.
func (d *Draft) Quote(intro, body string) {
	if r := []rune(body); len(r) > maxQuote {
		body = strings.TrimSpace(string(r[:maxQuote])) + "…"
	}
	d.blocks = append(d.blocks, block{Text: intro, Lines: strings.Split(body, "\n")})
}

// Sign adds who signs, a line each; a line that repeats the one above is left out.
func (d *Draft) Sign(lines ...string) {
	var kept []string
	for _, line := range lines {
		if len(kept) == 0 || kept[len(kept)-1] != line { // a voice may have the name of its house
			kept = append(kept, line)
		}
	}
	d.blocks = append(d.blocks, block{Sign: kept})
}

// Imprint ends the mail with who sends it, a line each, as the law has it of what leaves the house.
func (d *Draft) Imprint(lines []string) {
	if len(lines) > 0 {
		d.blocks = append(d.blocks, block{Sign: lines, Small: true})
	}
}

// Text returns the text part.
func (d *Draft) Text() string {
	var b strings.Builder
	for i, x := range d.blocks {
		if i > 0 {
			b.WriteString("\n\n")
		}
		switch {
		case len(x.Sign) > 0:
			if x.Small { // what follows is no part of what is said (RFC 3676, 4.3)
				b.WriteString("-- \n")
			}
			b.WriteString(strings.Join(x.Sign, "\n"))
		case x.URL != "":
			fmt.Fprintf(&b, "%s\n%s", x.Text, x.URL)
		case x.Lines != nil:
			b.WriteString(x.Text)
			for _, line := range x.Lines {
				b.WriteString("\n> " + line)
			}
		default:
			b.WriteString(x.Text)
		}
	}
	b.WriteByte('\n')
	return b.String()
}

//go:embed mail.tmpl
var source string

var page = template.Must(template.New("mail").Parse(source))

// HTML returns the HTML part.
func (d *Draft) HTML() string {
	var b strings.Builder
	data := struct {
		Lang   i18n.Lang
		Blocks []block
	}{d.lang, d.blocks}
	if err := page.Execute(&b, data); err != nil {
		return "" // the template is ours, and a Builder does not fail; the text part says it all
	}
	return b.String()
}

// Message returns the mail, which answers go back to from. Its date and, unless the caller sets it, its id are given to it
// when it leaves.
func (d *Draft) Message(from, to mail.Address, subject string) mail.Message {
	return mail.Message{
		From: from, ReplyTo: from, To: to, Subject: subject, Text: d.Text(), HTML: d.HTML(),
		Headers: map[string]string{"Content-Language": string(d.lang)},
	}
}
