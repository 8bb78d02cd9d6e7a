package mailbox

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

// letter is a mail in the making: blocks that become a plain text and a plain HTML which say the same.
type letter struct {
	lang    i18n.Lang
	catalog *i18n.Catalog
	blocks  []block
}

// block is one paragraph. One of its fields besides Text is set.
type block struct {
	Text  string
	HTML  text.HTML // the same, as the author marked it up
	URL   string    // Text leads there
	Lines []string  // what is quoted; Text introduces it
	Sign  []string  // who signs, line by line
	Small bool
}

func (l *letter) t(key string, args ...any) string { return l.catalog.T(l.lang, key, args...) }

func (l *letter) say(key string, args ...any) {
	l.blocks = append(l.blocks, block{Text: l.t(key, args...)})
}

func (l *letter) small(key string, args ...any) {
	l.blocks = append(l.blocks, block{Text: l.t(key, args...), Small: true})
}

func (l *letter) link(key, address string) {
	l.blocks = append(l.blocks, block{Text: l.t(key), URL: address})
}

// words adds what somebody of the house wrote in Markdown: as it is in the plain text, where Markdown reads well.
func (l *letter) words(markdown, base string) {
	html := text.Render(markdown, text.Options{Lang: string(l.lang), Absolute: base, HeadingOffset: 1}).HTML
	l.blocks = append(l.blocks, block{Text: markdown, HTML: html})
}

func (l *letter) quote(intro, body string) {
	l.blocks = append(l.blocks, block{Text: intro, Lines: strings.Split(clipped(body), "\n")})
}

func (l *letter) sign(lines ...string) {
	var kept []string
	for _, line := range lines {
		if len(kept) == 0 || kept[len(kept)-1] != line { // a voice may have the name of its house
			kept = append(kept, line)
		}
	}
	l.blocks = append(l.blocks, block{Sign: kept})
}

func (l *letter) day(at time.Time, zone *time.Location) string { return i18n.Date(l.lang, at, zone) }

// plain returns the text part.
func (l *letter) plain() string {
	var b strings.Builder
	for i, x := range l.blocks {
		if i > 0 {
			b.WriteString("\n\n")
		}
		switch {
		case len(x.Sign) > 0:
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

//go:embed letter.tmpl
var letterText string

var letterPage = template.Must(template.New("letter").Parse(letterText))

// html returns the HTML part: a few paragraphs that any program shows.
func (l *letter) html() string {
	var b strings.Builder
	data := struct {
		Lang   i18n.Lang
		Blocks []block
	}{l.lang, l.blocks}
	if err := letterPage.Execute(&b, data); err != nil {
		return "" // the template is ours, and a Builder does not fail; the text part says it all
	}
	return b.String()
}

// message returns the mail. Its date is set when it leaves.
func (l *letter) message(from, to mail.Address, subject string) mail.Message {
	return mail.Message{From: from, ReplyTo: from, To: to, Subject: subject, Text: l.plain(), HTML: l.html()}
}
