package mandate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"causerie/internal/feature/inbox"
	"causerie/internal/platform/text"
)

// greeting is how a letter begins before it says what it is about.
var greeting = regexp.MustCompile(`(?i)^(bonjour|bonsoir|salut|coucou|allô|madame|monsieur|mesdames|messieurs|chère?s?|hello|hi|hey|dear|good (morning|afternoon|evening))` +
	`(\s[^,.!?;:\n]{0,60})?\s*[,.!;:\n]+\s*`)

// Proposed is what a mandate may be called that is made of m.
func Proposed(m inbox.Message) string { return titleOf(text.Opening(m.Body, 300)) }

// titleOf proposes what to call a mandate that begins with a letter: its first words after the greeting.
func titleOf(plain string) string {
	rest := strings.TrimSpace(plain)
	for range 3 { // « Bonjour, Madame, ... »
		cut := strings.TrimSpace(strings.TrimPrefix(rest, greeting.FindString(rest)))
		if cut == rest || cut == "" {
			break
		}
		rest = cut
	}
	if i := strings.IndexAny(rest, "\n"); i > 0 {
		rest = rest[:i]
	}
	if i := strings.Index(rest, ". "); i > 0 {
		rest = rest[:i]
	}
	title := strings.TrimRight(text.Excerpt(rest, 60), " .,;:")
	first, n := utf8.DecodeRuneInString(title)
	if n == 0 {
		return title
	}
	return string(unicode.ToUpper(first)) + title[n:]
}
