package text

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"golang.org/x/text/unicode/norm"
)

// maxToken is the longest token, in bytes; longer runs of letters are nobody's word and are dropped.
const maxToken = 64

// Tokens returns the words of s as full-text search keeps them of a text: lower case, elided articles taken off
// (l'entreprise is entreprise, aujourd'hui stays whole), hyphens parting words, each word stemmed and folded. A word with
// accents whose stem without them would be another has both forms, since half of those who search type none: musée is
// "mus" and "muse". Words that stand in every text (le, du, of) are there once, so that a name like Du is found too.
// C++, C# and T.V.A. are words, and 12 400 is 12400 too. en and en-* are English; every other lang is French.
func Tokens(lang, s string) []string {
	en := isEnglish(lang)
	var out []string
	var common map[string]bool
	eachWord(strings.ToLower(norm.NFC.String(s)), func(w []byte) {
		t := known.term(w, en)
		if !t.Common {
			out = append(out, t.Forms...)
			return
		}
		if len(t.Forms) == 0 || common[t.Forms[0]] {
			return
		}
		if common == nil {
			common = map[string]bool{}
		}
		common[t.Forms[0]] = true
		out = append(out, t.Forms[0])
	})
	eachGrouped(s, func(number string) { out = append(out, number) })
	return out
}

// Term is one word of a query: a text has it that holds one of its forms, which Tokens made.
type Term struct {
	Forms  []string // one or two; never changed by who gets them
	Common bool     // it stands in every text: le, du, of
}

// Terms returns the words of a query, in order. What is common is left out when there is something else to look for.
func Terms(lang, query string) []Term {
	en := isEnglish(lang)
	var all, rare []Term
	eachWord(strings.ToLower(norm.NFC.String(query)), func(w []byte) {
		t := known.term(w, en)
		if len(t.Forms) == 0 {
			return
		}
		if all = append(all, t); !t.Common {
			rare = append(rare, t)
		}
	})
	if len(rare) > 0 {
		return rare
	}
	return all
}

func isEnglish(lang string) bool {
	return lang == "en" || strings.HasPrefix(lang, "en-") || strings.HasPrefix(lang, "en_")
}

// eachWord calls f with every word of s, which f must not keep; an apostrophe within a word is part of it (and made
// plain), a hyphen is not. The ampersand of R&D binds as an apostrophe does and is taken out, as are the points between
// single letters (T.V.A.), so that the word stays one. The signs of C++ and C# are spelled out.
func eachWord(s string, f func([]byte)) {
	w := make([]byte, 0, maxToken)
	letters, elided := 0, 0 // how many behind the apostrophe, as long as they are single letters with points between them; what stands before it
	end := func() {
		if len(w) > 0 {
			f(w)
		}
		w, letters, elided = w[:0], 0, 0
	}
	for i, r := range s {
		if isWord(r) || r >= utf8.RuneSelf && unicode.Is(unicode.M, r) {
			w = utf8.AppendRune(w, r)
			letters++
			continue
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		rest := s[i+n:]
		switch {
		case r == '\u00AD':
			continue
		case r == '&' || r == '\'' || r == '’' || r == 'ʼ':
			if len(w) > 0 && unicode.IsLetter(firstRune(rest)) {
				if r != '&' {
					w = append(w, '\'')
				}
				letters, elided = 0, len(w)
				continue
			}
		case r == '.' && len(w) > elided && letters == utf8.RuneCount(w[elided:]) && (letters == 1 || s[i-1-lastLen(s[:i])] == '.'):
			if next := firstRune(rest); unicode.IsLetter(next) && !isWord(firstRune(rest[utf8.RuneLen(next):])) {
				continue
			}
		case r == '+' && len(w) > 0 && strings.HasPrefix(rest, "+") && !strings.HasPrefix(rest[1:], "+"):
			w = append(w, "plusplus"...)
		case r == '#' && letters == 1 && len(w) == 1 && w[0] >= 'a' && w[0] <= 'z':
			w = append(w, "sharp"...)
		}
		end()
	}
	end()
}

// eachGrouped calls f with every number of s that is written in groups of three figures, without its blanks: "12 400" is looked
// for as 12400 too.
func eachGrouped(s string, f func(string)) {
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			i++
			continue
		}
		from, end := i, i+figuresOf(s[i:])
		number := s[from:end]
		for len(number) <= 15 && (end-from <= 3 || i > from) {
			rest := strings.TrimLeft(s[end:min(end+3, len(s))], " \u00A0\u202F")
			blank := min(3, len(s)-end) - len(rest)
			next := s[min(end+blank, len(s)):]
			if r, n := utf8.DecodeRuneInString(s[end:]); !isBlank(r) || n != blank || figuresOf(next) != 3 {
				break
			}
			number, i, end = number+next[:3], end+blank, end+blank+3
		}
		if before, _ := utf8.DecodeLastRuneInString(s[:from]); i > from && number[0] != '0' && !isWord(before) && before != '+' {
			f(number)
		}
		i = end
	}
}

// figuresOf counts the figures that s begins with.
func figuresOf(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// lastLen returns the length in bytes of the last character of s.
func lastLen(s string) int {
	_, n := utf8.DecodeLastRuneInString(s)
	return n
}

// known remembers the forms of words met lately: stemming one costs twenty times what looking it up does, and a language
// uses few words most of the time. It changes nothing but the time that Tokens takes.
var known memo

// memo is a table in which each word has one place, taken by whichever word of that place came last. So it is bounded
// (about 2 MB when full) and needs no lock.
type memo [1 << 13]atomic.Pointer[remembered]

type remembered struct {
	word string
	en   bool
	term Term
}

// term returns termOf(w, en).
func (m *memo) term(w []byte, en bool) Term {
	if len(w) > maxToken {
		return termOf(string(w), en)
	}
	place := &m[maphash.Bytes(memoSeed, w)%uint64(len(m))]
	if r := place.Load(); r != nil && r.en == en && r.word == string(w) {
		return r.term
	}
	r := &remembered{word: string(w), en: en}
	r.term = termOf(r.word, en)
	place.Store(r)
	return r.term
}

var memoSeed = maphash.MakeSeed()

// wholes are the words that keep their apostrophe's two sides together.
var wholes = map[string]bool{
	"aujourd'hui": true, "quelqu'un": true, "quelqu'une": true, "d'accord": true, "presqu'île": true, "presqu'ile": true,
	"prud'homme": true, "prud'hommes": true, "prud'homal": true, "prud'homale": true, "prud'homie": true, "entr'acte": true,
	"grand'chose": true, "o'clock": true,
}

// elided are the French words that lose their end before a vowel.
var elided = map[string]bool{
	"l": true, "d": true, "c": true, "j": true, "m": true, "n": true, "s": true, "t": true, "qu": true,
	"jusqu": true, "lorsqu": true, "puisqu": true, "quoiqu": true, "quelqu": true, "presqu": true,
}

// termOf turns one lower-case word into its search forms, none when nobody would look for it.
func termOf(w string, en bool) Term {
	switch {
	case wholes[w]:
		return Term{Forms: forms(strings.ReplaceAll(w, "'", ""))}
	case en:
		w = englishBare(w)
	default:
		for {
			head, tail, ok := strings.Cut(w, "'")
			if !ok || !elided[head] {
				break
			}
			if w = tail; wholes[w] {
				return Term{Forms: forms(strings.ReplaceAll(w, "'", ""))}
			}
		}
		w = strings.ReplaceAll(w, "'", "")
	}
	if len(w) > maxToken || w == "" {
		return Term{}
	}
	if isCommon(w, en) {
		return Term{Forms: forms(w), Common: true}
	}
	if utf8.RuneCountInString(w) == 1 {
		return Term{Forms: forms(w)}
	}
	stem := french.Stem
	if en {
		stem = english.Stem
	}
	if bare := Fold(w); bare != w {
		return Term{Forms: forms(stem(w, true), stem(bare, true))}
	}
	return Term{Forms: forms(stem(w, true))}
}

// forms folds words, each once; a word of nothing but marks is no form.
func forms(words ...string) []string {
	var all []string
	for _, w := range words {
		if f := Fold(w); f != "" && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// isCommon reports whether a word stands in every text. What is also a noun is not: l'été, les avions.
func isCommon(w string, en bool) bool {
	if en {
		return english.IsStopWord(w)
	}
	if utf8.RuneCountInString(w) == 1 {
		return w == "a" || w == "à" || w == "y" // not C, nor plan B
	}
	return !nouns[w] && (french.IsStopWord(w) || moreStops[w])
}

// englishBare takes the possessive off, and makes of don't one word that is a stop word or nothing.
func englishBare(w string) string {
	w = strings.TrimSuffix(w, "'s")
	head, _, contracted := strings.Cut(w, "'")
	if contracted && (strings.HasSuffix(w, "n't") || strings.HasSuffix(w, "'re") || strings.HasSuffix(w, "'ll") || strings.HasSuffix(w, "'ve") || strings.HasSuffix(w, "'m") || strings.HasSuffix(w, "'d")) {
		if strings.HasSuffix(w, "n't") {
			return "not"
		}
		return head
	}
	if contracted && elided[head] && len(head) == 1 {
		// A French name in an English text: l'Oréal, d'Artagnan.
		return strings.ReplaceAll(w[2:], "'", "")
	}
	return strings.ReplaceAll(w, "'", "")
}

// moreStops are French stop words that the Snowball list leaves out.
var moreStops = map[string]bool{
	"ça": true, "cela": true, "ceci": true, "cette": true, "cet": true, "ces": true, "où": true, "si": true, "ni": true, "donc": true,
	"car": true, "très": true, "comme": true, "plus": true, "les": true, "leurs": true, "dont": true, "lorsque": true, "puisque": true,
	"tres": true, "meme": true, "memes": true, "etait": true, "etaient": true, "etes": true, // as they are typed
}

// nouns are words of the Snowball list, forms of être and avoir, that people look for.
var nouns = map[string]bool{
	"été": true, "étés": true, "étée": true, "étées": true, "avions": true, "étant": true, "ayant": true, "ayants": true, "fût": true,
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
