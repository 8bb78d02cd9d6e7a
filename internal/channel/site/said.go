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

// Drawn is the conversation as HTML. It is the one part of a page that no template draws: fifty messages have seven
// hundred places to fill, which cost a template more than a third of the time that an uncached article may take.
func (t talk) Drawn() text.HTML {
	var b strings.Builder
	b.Grow(1024 * t.Count)
	for _, s := range t.Said {
		s.draw(&b)
	}
	return text.HTML(b.String()) // all of it is escaped by fill, but for what text.Render made
}

// draw writes a message and the answers to it. The face is that of the partial "face".
func (s said) draw(b *strings.Builder) {
	fill(b, `<article class="said-by" id="c-`, s.ID, `">`)
	if s.Face.Img != "" {
		fill(b, `<img class="face" src="`, s.Face.Img, `" alt="" width="40" height="40" loading="lazy">`)
	} else {
		fill(b, `<span class="face `, s.Face.Class, `" aria-hidden="true">`, s.Face.Initials, `</span>`)
	}
	if isWeb(s.Link) {
		fill(b, `<div><a class="who" rel="nofollow ugc noopener" href="`, s.Link, `">`, s.Name, `</a>`)
	} else {
		fill(b, `<div><span class="who">`, s.Name, `</span>`)
	}
	if s.Author != "" {
		fill(b, ` <span class="tag mine">`, s.Author, `</span>`)
	}
	fill(b, `<a class="when" href="#c-`, s.ID, `"><time datetime="`, s.At, `">`, s.When, "</time></a>\n"+`<div class="words"`)
	if s.Lang != "" {
		fill(b, ` lang="`, s.Lang, `"`)
	}
	fill(b, `>`)
	b.WriteString(string(s.HTML))
	fill(b, "</div>\n")
	if s.Reply != "" {
		fill(b, `<p class="acts-line"><a href="?reply=`, s.ID, `#repondre" data-reply="`, s.ID, `" data-reply-say="`, s.ReplySay, `">`, s.Reply, `</a></p>`)
	}
	b.WriteString("</div>\n")
	for _, a := range s.Answers {
		a.draw(b)
	}
	b.WriteString("</article>\n")
}

// fill writes HTML whose every second piece is a text, which it escapes for an element or a quoted attribute.
func fill(b *strings.Builder, pieces ...string) {
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
