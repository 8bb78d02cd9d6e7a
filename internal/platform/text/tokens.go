package text

import (
	"hash/maphash"
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

// Tokens returns the words of s for full-text search, in order and with repetitions: lower case, elided articles taken
// off (l'entreprise is entreprise, aujourd'hui stays whole), hyphens parting words, stop words dropped, each word stemmed
// in its accented form and folded afterwards. The same call serves texts and queries, so that both meet. en and en-* are
// English; every other lang is French. A query of nothing but stop words gives none.
func Tokens(lang, s string) []string {
	en := lang == "en" || strings.HasPrefix(lang, "en-") || strings.HasPrefix(lang, "en_")
	var out []string
	eachWord(strings.ToLower(norm.NFC.String(s)), func(w []byte) {
		if t := known.token(w, en); t != "" {
			out = append(out, t)
		}
	})
	return out
}

// eachWord calls f with every word of s, which f must not keep; an apostrophe within a word is part of it (and made
// plain), a hyphen is not. The ampersand of R&D binds as an apostrophe does and is taken out, so that the word stays one.
func eachWord(s string, f func([]byte)) {
	w := make([]byte, 0, maxToken)
	for i, r := range s {
		switch {
		case isWord(r) || r >= utf8.RuneSelf && unicode.Is(unicode.M, r):
			w = utf8.AppendRune(w, r)
			continue
		case r == '\u00AD':
			continue
		case r == '&' || r == '\'' || r == '’' || r == 'ʼ':
			if len(w) > 0 && unicode.IsLetter(firstRune(s[i+utf8.RuneLen(r):])) {
				if r != '&' {
					w = append(w, '\'')
				}
				continue
			}
		}
		if len(w) > 0 {
			f(w)
			w = w[:0]
		}
	}
	if len(w) > 0 {
		f(w)
	}
}

// known remembers the search form of words met lately: stemming one costs twenty times what looking it up does, and a
// language uses few words most of the time. It changes nothing but the time that Tokens takes.
var known memo

// memo is a table in which each word has one place, taken by whichever word of that place came last. So it is bounded
// (about 1 MB when full) and needs no lock.
type memo [1 << 13]atomic.Pointer[remembered]

type remembered struct {
	word, token string
	en          bool
}

// token returns token(w, en).
func (m *memo) token(w []byte, en bool) string {
	if len(w) > maxToken {
		return token(string(w), en)
	}
	place := &m[maphash.Bytes(memoSeed, w)%uint64(len(m))]
	if r := place.Load(); r != nil && r.en == en && r.word == string(w) {
		return r.token
	}
	r := &remembered{word: string(w), en: en}
	r.token = token(r.word, en)
	place.Store(r)
	return r.token
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

// token turns one lower-case word into its search form, "" for none.
func token(w string, en bool) string {
	switch {
	case wholes[w]:
		return Fold(strings.ReplaceAll(w, "'", ""))
	case en:
		w = englishBare(w)
	default:
		for {
			head, tail, ok := strings.Cut(w, "'")
			if !ok || !elided[head] {
				break
			}
			if w = tail; wholes[w] {
				return Fold(strings.ReplaceAll(w, "'", ""))
			}
		}
		w = strings.ReplaceAll(w, "'", "")
	}
	if len(w) > maxToken || w == "" || utf8.RuneCountInString(w) == 1 && unicode.In(firstRune(w), unicode.Latin) {
		return ""
	}
	if en {
		if english.IsStopWord(w) {
			return ""
		}
		return Fold(english.Stem(w, true))
	}
	if french.IsStopWord(w) || moreStops[w] {
		return ""
	}
	return Fold(french.Stem(w, true))
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
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
