package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxSlug is the longest slug, in bytes.
const maxSlug = 80

// Fold returns the key under which s is compared and searched: compatibility-decomposed, without accents, lower case,
// ligatures opened (œuvre and oeuvre meet), typographic apostrophes and spaces made plain. It is not for showing.
func Fold(s string) string {
	if isPlainLower(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if o, ok := opened[r]; ok {
			b.WriteString(o)
			continue
		}
		if unicode.IsSpace(r) {
			r = ' '
		}
		// Lowering may bring a mark of its own (İ): it goes the same way.
		for _, d := range norm.NFKD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				b.WriteRune(d)
			}
		}
	}
	return b.String()
}

// isPlainLower tells the strings that are their own key.
func isPlainLower(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' || c < ' ' {
			return false
		}
	}
	return true
}

// opened are the letters that decomposition leaves whole.
var opened = map[rune]string{
	'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ı': "i", 'ŋ': "n",
	'’': "'", '‘': "'", 'ʼ': "'",
	'\u2010': "-", // to which the unbreakable one of the typesetter decomposes
}

// FoldEmail returns the key of an e-mail address: unwrapped as ParseEmail does and lower case, the domain in its ASCII form where it has one.
// Accents of the local part stay, since rené@ and rene@ are two mailboxes. What is no address is folded all the same.
func FoldEmail(addr string) string {
	if isFolded(addr) {
		return addr
	}
	addr = strings.ToLower(norm.NFC.String(pasted(addr)))
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return addr
	}
	if ascii, err := asciiDomain(addr[at+1:]); err == nil {
		return addr[:at+1] + ascii
	}
	return addr
}

// isFolded reports whether an address is its own key at the first look: letters, digits and single marks between them. Nearly all are.
func isFolded(addr string) bool {
	at, mark := 0, true // nothing begins with a mark
	for i := range len(addr) {
		c := addr[i]
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			mark = false
		case !mark && (c == '.' || c == '-' || c == '_' && at == 0):
			mark = true
		case !mark && c == '@' && at == 0:
			at, mark = i, true
		default:
			return false
		}
	}
	return at > 0 && !mark && len(addr) <= maxEmail
}

// Slug returns s as the last segment of an address: lower-case ASCII letters, digits and single hyphens, at most 80
// bytes, cut at a word where there is one. It returns "" when s has nothing that can be written so (a title in Japanese,
// say); the caller then finds another name.
func Slug(s string) string {
	const bound = 1024 // runes looked at: far more than a slug can hold
	var b strings.Builder
	hyphen, seen := false, 0
	for _, r := range s {
		if seen++; seen > bound {
			break
		}
		for _, f := range slugRune(r) {
			switch {
			case f >= 'a' && f <= 'z' || f >= '0' && f <= '9':
				if hyphen && b.Len() > 0 {
					b.WriteByte('-')
				}
				hyphen = false
				b.WriteRune(f)
			case unicode.Is(unicode.Mn, f) || f == '\u00AD':
				// A mark that stands alone, or a soft hyphen, does not part a word.
			default:
				hyphen = true
			}
		}
		if b.Len() > maxSlug {
			break
		}
	}
	out := b.String()
	if len(out) <= maxSlug {
		return out
	}
	if cut := strings.LastIndexByte(out[:maxSlug+1], '-'); cut > 0 {
		return out[:cut]
	}
	return strings.TrimRight(out[:maxSlug], "-")
}

// slugRune folds one rune; an apostrophe parts words.
func slugRune(r rune) string {
	switch {
	case r < utf8.RuneSelf:
		return string(unicode.ToLower(r))
	case r == '€':
		return " euros "
	}
	return Fold(string(r))
}
