package site

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"causerie/internal/platform/text"
)

// yearText writes a year without the groups of a number.
func yearText(y int) string { return strconv.Itoa(y) }

// capital gives a title the upper-case letter with which it begins.
func capital(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// afterName is how a role stands after a name on one line: ", dirigeante des Ateliers Aubin" for what goes on in the
// sentence, " · Menuiserie, depuis 1962" for a line of its own. stop parts the second kind from the name.
func afterName(role, stop string) string {
	role = strings.TrimRight(strings.TrimSpace(role), ". ")
	if role == "" {
		return ""
	}
	if first, _ := utf8.DecodeRuneInString(role); unicode.IsLower(first) {
		return ", " + role
	}
	return stop + role
}

// piece is a part of a text; a found word is marked.
type piece struct {
	Text string
	Mark bool
}

const (
	scanned = 4000 // words of a text in which a found one is looked for
	before  = 8    // words shown before the first found one
	shown   = 34   // words shown in all
)

// found returns the place of a plain text where the words of a query stand, with those words marked; the beginning of the
// text when none does.
func found(lang, plain, query string) []piece {
	var wanted []string
	for _, terms := range text.Readings(lang, query) {
		for _, t := range terms {
			wanted = append(wanted, t.Stems()...)
		}
	}
	words := parted(plain)
	first := -1
	for i, w := range words[:min(len(words), scanned)] {
		if matches(lang, w, wanted) {
			first = i
			break
		}
	}
	from := max(0, first-before)
	to := min(len(words), from+shown)
	var pieces []piece
	add := func(s string, mark bool) {
		if n := len(pieces); n > 0 && pieces[n-1].Mark == mark {
			pieces[n-1].Text += s
		} else if s != "" {
			pieces = append(pieces, piece{s, mark})
		}
	}
	if from > 0 {
		add("…\u00a0", false)
	}
	for i, w := range words[from:to] {
		if i > 0 {
			add(" ", false)
		}
		if first < 0 || !matches(lang, w, wanted) {
			add(w, false)
			continue
		}
		open := len(w) - len(strings.TrimLeftFunc(w, unicode.IsPunct))
		word := strings.TrimRight(w[open:], ".,;:!?…)]}»”\"'’")
		add(w[:open], false)
		add(word, true)
		add(w[open+len(word):], false)
	}
	if to < len(words) {
		add("\u00a0…", false)
	}
	return typeset(lang, pieces)
}

// typeset sets the pieces as the one running text that they are.
func typeset(lang string, pieces []piece) []piece {
	run := make([]string, len(pieces))
	for i, p := range pieces {
		run[i] = p.Text
	}
	for i, s := range text.TypesetRun(lang, run) {
		pieces[i].Text = s
	}
	return pieces
}

// matches reports whether a word is one of those wanted, which are stems. To look for their first letters costs little and sorts
// out almost every word; the others are stemmed as search does it, and so are those whose signs search spells out or takes out.
func matches(lang, word string, wanted []string) bool {
	folded := strings.TrimLeftFunc(text.Fold(word), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	signs := strings.ContainsAny(strings.TrimRight(folded, ".,;:!?)»”\"'"), ".+#&-'")
	if i := strings.IndexByte(folded, '\''); i >= 0 && i < 5 { // an elided article: l'atelier, qu'on
		folded = folded[i+1:]
	}
	for _, stem := range wanted {
		if (signs || strings.HasPrefix(folded, stem[:min(len(stem), 3)])) && slices.Contains(text.Tokens(lang, word), stem) {
			return true
		}
	}
	return false
}

// parted returns the words of a plain text on one line: what ended without a sign, a heading, a row or an item, is parted by a point from
// what follows.
func parted(plain string) []string {
	var words []string
	for line := range strings.Lines(plain) {
		fields := strings.Fields(line)
		if n := len(words); n > 0 && len(fields) > 0 {
			if last, _ := utf8.DecodeLastRuneInString(words[n-1]); !unicode.IsPunct(last) {
				words = append(words, "·")
			}
		}
		if words = append(words, fields...); len(words) > scanned+shown {
			break
		}
	}
	return words
}
