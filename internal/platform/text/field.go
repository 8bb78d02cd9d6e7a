package text

import (
	"strings"
	"unicode/utf8"
)

// OneLine is what a field of one line means: valid text, each run of spaces, line ends and control characters one space,
// none around. No-break spaces stay.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return r <= ' ' || r == 0x7f
	}), " ")
}

// Clip returns s without the space around it, cut to at most limit characters (runes), of which an ellipsis is the last
// when something was cut. It is for what a program brings in; a person who types too much is told. A limit below 1 gives "".
func Clip(s string, limit int) string {
	s = strings.TrimSpace(s)
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	if limit < 1 {
		return ""
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// Paragraphs returns the paragraphs of a plain text, each on one line: what blank lines part.
func Paragraphs(plain string) (all []string) {
	var lines []string
	for line := range strings.Lines(plain + "\n\n") {
		if line = OneLine(line); line != "" {
			lines = append(lines, line)
		} else if len(lines) > 0 {
			all, lines = append(all, strings.Join(lines, " ")), nil
		}
	}
	return all
}
