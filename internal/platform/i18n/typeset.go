package i18n

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"causerie/internal/platform/text"
)

const (
	nbsp = '\u00A0' // no-break space
	nnsp = '\u202F' // narrow no-break space
)

// untouched finds what is not prose: code, tags with their attributes, addresses.
var untouched = regexp.MustCompile(`<code>[^<]*</code>|</?[a-z][^>]*>|[a-z]+://[^\s<>"»]*[^\s<>"».,;:!?)]|mailto:[^\s<>"»]+`)

// typeset applies to a text of a catalog the spaces, apostrophes and unbreakable hyphens of its language. Tags, code, addresses,
// placeholders, HTML entities and hours such as 8:30 stay as they are.
func typeset(l Lang, s string) string {
	if !l.French() {
		return outside(s, func(b *strings.Builder, part string) {
			b.WriteString(strings.ReplaceAll(part, "'", "’"))
		})
	}
	return outside(s, func(b *strings.Builder, part string) { french(l, b, text.Inversions(part)) })
}

// outside calls set for each piece of prose of s, with everything before it already in b.
func outside(s string, set func(b *strings.Builder, part string)) string {
	var b strings.Builder
	b.Grow(len(s) + 16)
	at := 0
	for _, m := range untouched.FindAllStringIndex(s, -1) {
		set(&b, s[at:m[0]])
		b.WriteString(s[m[0]:m[1]])
		at = m[1]
	}
	set(&b, s[at:])
	return b.String()
}

// french sets one piece of prose. Spaces that stand before a sign are dropped and the right one is put there;
// where no space stands, one is put only when the sign surely ends a word.
func french(l Lang, b *strings.Builder, part string) {
	runes := []rune(part)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case isSpace(r):
			j := i
			for j < len(runes) && isSpace(runes[j]) {
				j++
			}
			if j < len(runes) && gapBefore(l, runes[j]) >= 0 && b.Len() > 0 {
				if g := gapBefore(l, runes[j]); g > 0 {
					b.WriteRune(g)
				}
				b.WriteRune(runes[j])
				i = j
				if runes[j] == '«' {
					i = skipSpaces(runes, j)
					b.WriteRune(nbsp)
				}
				continue
			}
			b.WriteRune(r)
		case r == '\'':
			b.WriteRune('’')
		case r == '«':
			b.WriteRune(r)
			b.WriteRune(nbsp)
			i = skipSpaces(runes, i)
		case r == '»':
			if last(b) != nbsp {
				b.WriteRune(nbsp)
			}
			b.WriteRune(r)
		case strings.ContainsRune(";:!?", r):
			if g := gapBefore(l, r); g > 0 && endsWord(b, r) && (i+1 == len(runes) || isSpace(runes[i+1])) {
				b.WriteRune(g)
			}
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
}

// gapBefore returns the space that the country puts before r when the author wrote one: 0 for none at all, -1
// when r is not a sign that cares.
func gapBefore(l Lang, r rune) rune {
	switch r {
	case ';', '!', '?':
		if l == FrCA {
			return 0
		}
		return nnsp
	case ':', '»', '%', '$', '€':
		return nbsp
	}
	return -1
}

// endsWord reports whether what b ends with is a word, so that a sign after it is punctuation. A semicolon may
// also end an HTML entity.
func endsWord(b *strings.Builder, sign rune) bool {
	r := last(b)
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(")}>»”’", r) {
		return false
	}
	if sign != ';' {
		return true
	}
	s := b.String()
	amp := strings.LastIndexByte(s, '&')
	return amp < 0 || strings.ContainsAny(s[amp:], " \u00A0\u202F")
}

func last(b *strings.Builder) rune {
	r, _ := utf8.DecodeLastRuneInString(b.String())
	return r
}

func isSpace(r rune) bool { return r == ' ' || r == nbsp || r == nnsp }

// skipSpaces returns the index of the last space that follows i, or i.
func skipSpaces(runes []rune, i int) int {
	for i+1 < len(runes) && isSpace(runes[i+1]) {
		i++
	}
	return i
}
