package edition

import (
	"html"
	"strings"

	nethtml "golang.org/x/net/html"

	"causerie/internal/platform/text"
)

// Neutral is the text of a letter as nobody in particular reads it, for its page on the web: "Bonjour {prénom}," is "Bonjour,".
func Neutral(lang string, body text.HTML) text.HTML {
	s := newSheet(Frame{Lang: lang}, string(body))
	root := s.parse(body, true)
	var b strings.Builder
	for n := range root.ChildNodes() {
		if err := nethtml.Render(&b, n); err != nil {
			return "" // a Builder does not fail, and package text makes no tree that nests raw text
		}
	}
	page := b.String()
	for _, slot := range s.all {
		page = strings.ReplaceAll(page, string(slot.Word), html.EscapeString(slot.other))
	}
	return text.HTML(page)
}

// NeutralLine is Neutral of a line: a subject.
func NeutralLine(lang, line string) string {
	s := newSheet(Frame{Lang: lang}, line)
	return s.bare(s.merge(s.typeset(line, 300)))
}
