package text

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
)

// wholes are the words that keep their apostrophe's two sides together.
var wholes = map[string]bool{
	"aujourd'hui": true, "quelqu'un": true, "quelqu'une": true, "d'accord": true, "presqu'île": true, "presqu'ile": true,
	"prud'homme": true, "prud'hommes": true, "prud'homal": true, "prud'homale": true, "prud'homie": true, "entr'acte": true,
	"grand'chose": true, "o'clock": true,
}

// wholeBare are the same without it.
var wholeBare = func() map[string]bool {
	all := map[string]bool{}
	for w := range wholes {
		all[strings.ReplaceAll(w, "'", "")] = true
	}
	return all
}()

// elided are the French words that lose their end before a vowel.
var elided = map[string]bool{
	"l": true, "d": true, "c": true, "j": true, "m": true, "n": true, "s": true, "t": true, "qu": true,
	"jusqu": true, "lorsqu": true, "puisqu": true, "quoiqu": true, "quelqu": true, "presqu": true,
}

// contractions are the ends of English words that belong to them: don't, we'll, McDonald's.
var contractions = map[string]bool{"t": true, "s": true, "re": true, "ll": true, "ve": true, "m": true, "d": true}

// bareWord takes off what a lower-case word is elided or contracted with, and its apostrophes.
func bareWord(w string, en bool) string {
	if en && !wholes[w] {
		return englishBare(w)
	}
	for !wholes[w] {
		head, tail, ok := strings.Cut(w, "'")
		if !ok || !elided[head] {
			break
		}
		w = tail
	}
	return strings.ReplaceAll(w, "'", "")
}

// termOf turns one lower-case word into its search forms, none when nobody would look for it. The first is that of the word without
// its accents.
func termOf(w string, en bool) Term {
	w = bareWord(w, en)
	switch {
	case len(w) > maxToken || w == "":
		return Term{}
	case wholeBare[w]:
		return Term{Forms: forms(w)}
	case isCommon(w, en):
		return Term{Forms: forms(w), Common: true}
	case utf8.RuneCountInString(w) == 1:
		return Term{Forms: forms(w)}
	}
	stem := french.Stem
	if en {
		stem = english.Stem
	}
	bare := Fold(w)
	all := forms(stem(bare, true), stem(w, true))
	if one := singular[bare]; one != "" {
		all = append(all, forms(stem(one, true))...)
	}
	return Term{Forms: all}
}

// singular is that of the plurals that a stemmer does not lead to it, as they are typed without accents.
var singular = map[string]string{
	"travaux": "travail", "baux": "bail", "vitraux": "vitrail", "coraux": "corail", "soupiraux": "soupirail", "vantaux": "vantail",
	"yeux": "oeil", "cieux": "ciel", "messieurs": "monsieur", "mesdames": "madame", "mesdemoiselles": "mademoiselle",
	"children": "child", "men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "mice": "mouse", "geese": "goose",
	"knives": "knife", "wives": "wife", "shelves": "shelf", "halves": "half",
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
