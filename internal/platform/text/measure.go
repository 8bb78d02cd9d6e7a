package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordsPerMinute is the pace of silent reading of an adult (Brysbaert 2019 finds 238 for English non-fiction; French is
// a little slower by the word).
const wordsPerMinute = 230

// Words counts the words of a plain text as a person would: l'entreprise is one, a dash or a lone mark is none.
func Words(plain string) int {
	n := 0
	in := false
	for _, r := range plain {
		switch {
		case unicode.IsSpace(r):
			in = false
		case !in && isWord(r):
			in = true
			n++
		}
	}
	return n
}

// Minutes returns how long words take to read, in whole minutes, rounded up, at least 1.
func Minutes(words int) int {
	return max(1, (words+wordsPerMinute-1)/wordsPerMinute)
}

// Excerpt returns the beginning of a plain text in at most limit characters (runes), on one line: the whole of it when it
// fits, else up to the end of a sentence when that keeps at least half, else up to the end of a word, with an ellipsis. A
// limit below 2 gives "".
func Excerpt(plain string, limit int) string {
	if limit < 2 {
		return ""
	}
	plain = oneLine(plain, limit)
	if utf8.RuneCountInString(plain) <= limit {
		return plain
	}
	rs := []rune(plain)
	for i := limit - 1; i >= limit/2; i-- {
		if isSentenceEnd(rs, i) {
			return string(rs[:i+1])
		}
	}
	cut := limit - 1
	for i := limit - 1; i > limit/3; i-- {
		if unicode.IsSpace(rs[i]) {
			cut = i
			break
		}
	}
	// A mark that belongs to what was cut off, or a no-break space before it, does not stand before an ellipsis. Neither
	// is a letter parted from its accent.
	for cut > 0 && unicode.Is(unicode.Mn, rs[cut]) {
		cut--
	}
	return strings.TrimRightFunc(string(rs[:cut]), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-(«“‘\"…", r)
	}) + "…"
}

// oneLine makes each run of breaking blanks one space; no-break spaces stay. It looks no further than it must.
func oneLine(s string, limit int) string {
	var b strings.Builder
	gap, n := false, 0
	for _, r := range s {
		if unicode.IsSpace(r) && r != nbsp && r != nnbsp {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			n++
			gap = false
		}
		b.WriteRune(r)
		if n++; n > limit+1 {
			break
		}
	}
	return b.String()
}

// isSentenceEnd tells whether a sentence ends with rune i: its mark (and closing quote) with a blank and no lower-case
// letter behind. "M. Dupont" and "3.14" do not.
func isSentenceEnd(rs []rune, i int) bool {
	if !strings.ContainsRune(".!?…", rs[i]) && !(strings.ContainsRune("»”)", rs[i]) && i > 1 && strings.ContainsRune(".!?…", lastMark(rs, i))) {
		return false
	}
	if i+1 >= len(rs) {
		return true
	}
	if !unicode.IsSpace(rs[i+1]) || i+2 < len(rs) && (unicode.IsLower(rs[i+2]) || strings.ContainsRune("»!?;:", rs[i+2])) {
		return false
	}
	// An initial or a short title is no sentence: M. Mme. Dr. p.
	j := i
	for j > 0 && unicode.IsLetter(rs[j-1]) {
		j--
	}
	return rs[i] != '.' || i-j > 2 || i == j
}

// lastMark returns the last rune before a closing mark at i that is not a blank.
func lastMark(rs []rune, i int) rune {
	for i--; i > 0 && unicode.IsSpace(rs[i]); i-- {
	}
	return rs[max(i, 0)]
}
