package site

import (
	"html/template"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/platform/text"
)

// said is one message as the page shows it, every text ready.
type said struct {
	ID       string
	Name     string
	Link     string // of who wrote it, "" mostly
	Author   string // the words that mark the house's own; "" for readers
	When     string
	At       string // for machines
	Lang     string // when it is not the page's
	HTML     text.HTML
	Face     assets.Face
	Reply    string // what the link to answer says; "" when the conversation is closed
	ReplySay string // what the form says then
	Answers  []said
}

// HTML is the conversation as HTML. It is the one part of a page that no template draws: fifty messages have seven
// hundred places to fill, which cost a template more than a third of the time that an uncached article may take.
func (t talk) HTML() text.HTML {
	var b strings.Builder
	b.Grow(1024 * t.Count)
	for _, s := range t.Said {
		s.writeTo(&b)
	}
	return text.HTML(b.String()) // all of it is escaped by writeEscaped, but for what text.Render made
}

// writeTo writes a message and the answers to it. The face is that of the partial "face".
func (s said) writeTo(b *strings.Builder) {
	writeEscaped(b, `<article class="said-by" id="c-`, s.ID, `">`)
	if s.Face.Img != "" {
		writeEscaped(b, `<img class="face" src="`, s.Face.Img, `" alt="" width="40" height="40" loading="lazy">`)
	} else {
		writeEscaped(b, `<span class="face `, s.Face.Class, `" aria-hidden="true">`, s.Face.Initials, `</span>`)
	}
	if isWeb(s.Link) {
		writeEscaped(b, `<div><a class="who" rel="nofollow ugc noopener" href="`, s.Link, `">`, s.Name, `</a>`)
	} else {
		writeEscaped(b, `<div><span class="who">`, s.Name, `</span>`)
	}
	if s.Author != "" {
		writeEscaped(b, ` <span class="tag mine">`, s.Author, `</span>`)
	}
	writeEscaped(b, `<a class="when" href="#c-`, s.ID, `"><time datetime="`, s.At, `">`, s.When, "</time></a>\n"+`<div class="words"`)
	if s.Lang != "" {
		writeEscaped(b, ` lang="`, s.Lang, `"`)
	}
	writeEscaped(b, `>`)
	b.WriteString(string(s.HTML))
	writeEscaped(b, "</div>\n")
	if s.Reply != "" {
		writeEscaped(b, `<p class="acts-line"><a href="?reply=`, s.ID, `#repondre" data-reply="`, s.ID, `" data-reply-say="`, s.ReplySay, `">`, s.Reply, `</a></p>`)
	}
	b.WriteString("</div>\n")
	for _, a := range s.Answers {
		a.writeTo(b)
	}
	b.WriteString("</article>\n")
}

// writeEscaped writes HTML whose every second piece is a text, which it escapes for an element or a quoted attribute.
func writeEscaped(b *strings.Builder, pieces ...string) {
	for i, p := range pieces {
		if i%2 == 1 {
			p = template.HTMLEscapeString(p)
		}
		b.WriteString(p)
	}
}

// isWeb reports whether a link that somebody gave leads to a page: nothing else is drawn as a link.
func isWeb(link string) bool {
	lower := strings.ToLower(link)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}
