package text

import (
	"strings"
	"unicode"
)

// ligatured are the beginnings of French words whose o and e are one letter, which few keyboards have. A list of words and no rule:
// moelle, poêle, coexister and Boeing keep theirs apart. Source: Imprimerie nationale, "Lexique", s. v. ligatures; TLFi.
var ligatured = []string{
	"oeuvr", "oeil", "oeuf", "oecum", "oedem", "oedèm", "oedip", "oenolog", "oenophil", "oesoph", "oestr",
	"soeur", "consoeur", "coeur", "contrecoeur", "rancoeur", "écoeur", "choeur", "boeuf", "noeud", "voeu", "moeurs", "foet",
	"manoeuvr", "désoeuvr", "coelacanth",
}

// isLigature tells whether the o at i and the e behind it are one letter: they stand in a word that begins as one of the list.
func (c *composer) isLigature(i int) bool {
	if !isE(c.at(i+1)) || c.keep[i+1] {
		return false
	}
	start := i
	for i-start < 12 && isWord(c.at(start-1)) {
		start--
	}
	if i-start > 7 || unicode.IsDigit(c.at(start)) { // contrecoeur
		return false
	}
	const most = 12
	word := string(c.rs[start:min(start+most, len(c.rs))])
	word = strings.ToLower(word)
	for _, w := range ligatured {
		at := strings.Index(w, "oe")
		if len([]rune(w[:at])) == i-start && strings.HasPrefix(word, w) {
			return true
		}
	}
	return false
}

func isE(r rune) bool { return r == 'e' || r == 'E' }

// hasLigature tells whether s may have one.
func hasLigature(s string) bool {
	return strings.Contains(s, "oe") || strings.Contains(s, "Oe") || strings.Contains(s, "OE")
}
