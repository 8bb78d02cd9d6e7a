package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Name returns a name as it is kept: one line, without what nobody sees (zero-width and direction characters, fillers, marks
// that stand on nothing) and with at most three marks on a letter. It is "" when nothing of the name can be seen.
func Name(s string) string {
	var b strings.Builder
	var before rune // the last that was kept
	marks, seen := 0, false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			r = ' '
		case joins(r, before):
		case unseen(r):
			continue
		case unicode.IsMark(r):
			if marks++; marks > 3 || before == 0 || before == ' ' {
				continue
			}
		default:
			marks, seen = 0, true
		}
		b.WriteRune(r)
		before = r
	}
	if !seen {
		return ""
	}
	return strings.Trim(strings.Join(strings.Fields(b.String()), " "), "\u200C\u200D\uFE0F")
}

// joins reports whether r changes how the script, or the picture, before it is drawn: Persian and Hindi need it, Latin does not.
func joins(r, before rune) bool {
	switch r {
	case '\u200C', '\u200D':
		return unicode.Is(unicode.So, before) || unicode.Is(unicode.Sk, before) || before == '\uFE0F' ||
			before >= 0x0600 && before < 0x1100 && (unicode.IsLetter(before) || unicode.IsMark(before))
	case '\uFE0F':
		return unicode.Is(unicode.So, before)
	}
	return false
}

// unseen reports whether r is drawn as nothing (Unicode, DerivedCoreProperties: Default_Ignorable_Code_Point; and what fonts
// draw empty all the same).
func unseen(r rune) bool {
	switch r {
	case '\u2800', '\uFFFC', '\U0001D159', '\u034F':
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
