package text

import (
	"slices"
	"strings"
	"unicode"
)

// The spaces of the typographer.
const (
	nbsp  = '\u00A0' // no-break space
	nnbsp = '\u202F' // narrow no-break space

	nbhyphen = '\u2011' // a hyphen at which no line ends
)

// opaque stands, among the runes being set, for something that is not text: a piece of code, an image, a note mark.
const opaque = '\uFFFC'

// usage is the typography of one language.
type usage struct {
	french bool
	high   rune // what stands before ; ! ? where the author wrote a space; 0 removes that space
	colon  rune // the same before :
	group  rune // between groups of three digits where the author wrote a space; 0 leaves it
}

// usageOf returns the usage of a language tag; ok is false for languages whose text is left as it is.
func usageOf(lang string) (u usage, ok bool) {
	switch l := strings.ToLower(strings.ReplaceAll(lang, "_", "-")); {
	case l == "fr-ca":
		return usage{french: true, high: 0, colon: nbsp, group: nbsp}, true
	case l == "" || l == "fr" || strings.HasPrefix(l, "fr-"):
		return usage{french: true, high: nnbsp, colon: nbsp, group: nnbsp}, true
	case l == "en" || strings.HasPrefix(l, "en-"):
		return usage{}, true
	}
	return usage{}, false
}

// Typeset sets the plain string s by the usage of lang: fr and fr-* (France; Belgium and Switzerland follow it), fr-CA,
// en and en-*. An empty lang is French; any other language is returned untouched.
//
// It turns straight quotes and apostrophes into the language's own, three dots into one character, spaced hyphens into
// dashes, the oe of French words that have one into œ, and makes the spaces that must not break unbreakable. A space before ; : ! ? is corrected where the author
// wrote one and never invented, so that Yahoo! and 21:42 stay what they are; only guillemets and % € $ after a figure
// get theirs in any case. Addresses, e-mail addresses, entities and emoticons are untouched. Setting twice changes
// nothing. s is not HTML: markup is set text node by text node by Render.
func Typeset(lang, s string) string {
	return TypesetRun(lang, []string{s})[0]
}

// TypesetRun is Typeset for the pieces of one running text, some of which are marked: what stands between two pieces is
// set as within one.
func TypesetRun(lang string, pieces []string) []string {
	u, ok := usageOf(lang)
	if !ok {
		return pieces
	}
	return u.set(pieces)
}

// Inversions makes the hyphens of French before a pronoun unbreakable ("est-elle", "donnez-le-moi") and changes nothing else:
// for texts whose spaces are set already.
func Inversions(s string) string {
	if !strings.Contains(s, "-") {
		return s
	}
	rs := []rune(s)
	c := &composer{usage: usage{french: true}, rs: rs, keep: protect(rs)}
	var b strings.Builder
	for i, r := range rs {
		if r == '-' && !c.keep[i] && !isHyphen(c.at(i-1)) && !isHyphen(c.at(i+1)) && c.isInversion(i) {
			r = nbhyphen
		}
		b.WriteRune(r)
	}
	return b.String()
}

// settable lists every character that a rule starts from, but for the ligature; a string with none of them is already set.
const settable = " \u00A0\u202F\"'.-«»°%€$£‰xX"

func isSettable(s string) bool { return strings.ContainsAny(s, settable) || hasLigature(s) }

// set sets pieces of one running text, so that a quote may open in one piece and close in another.
func (u usage) set(pieces []string) []string {
	if !slices.ContainsFunc(pieces, isSettable) {
		return pieces
	}
	size := 0
	for _, p := range pieces {
		size += len(p)
	}
	rs := make([]rune, 0, size)
	ends := make([]int, len(pieces))
	for i, p := range pieces {
		for _, r := range p {
			rs = append(rs, r)
		}
		ends[i] = len(rs)
	}
	c := &composer{usage: u, rs: rs, keep: protect(rs)}
	c.quotes = pairQuotes(rs, c.keep, u.french)
	out := make([]string, len(pieces))
	at := 0
	for i := range pieces {
		// A rule may swallow the first runes of the next piece (spaces, dots): at then stands beyond ends[i].
		c.b.Reset()
		c.b.Grow(len(pieces[i]) + 8)
		for at < ends[i] {
			at = c.step(at)
		}
		out[i] = c.b.String()
	}
	return out
}

// composer walks over the runes once, from left to right. Every decision looks at the input only.
type composer struct {
	usage
	rs     []rune
	keep   []bool // runes that no rule may touch
	quotes map[int]rune
	b      strings.Builder
}

// at returns rune i, or 0 beyond either end.
func (c *composer) at(i int) rune {
	if i < 0 || i >= len(c.rs) {
		return 0
	}
	return c.rs[i]
}

// glyph is what rune i will become, as far as quotes are concerned.
func (c *composer) glyph(i int) rune {
	if q, ok := c.quotes[i]; ok {
		return q
	}
	return c.at(i)
}

// step sets the rune at i (or the run that starts there) and returns where to go on.
func (c *composer) step(i int) int {
	r := c.rs[i]
	if c.keep[i] {
		c.b.WriteRune(r)
		return i + 1
	}
	switch {
	case isBlank(r):
		return c.space(i)
	case r == '"' || r == '\'' || r == '«' || r == '»':
		c.quote(i)
		return i + 1
	case r == '.':
		n := c.run(i, '.')
		if n >= 3 && c.at(i-1) != '/' && c.at(i-1) != '.' && !(unicode.IsDigit(c.at(i-1)) && unicode.IsDigit(c.at(i+n))) {
			c.b.WriteRune('…')
		} else {
			c.b.WriteString(strings.Repeat(".", n))
		}
		return i + n
	case r == '-':
		return c.dash(i)
	case (r == 'o' || r == 'O') && c.french && c.isLigature(i):
		if r == 'O' {
			c.b.WriteRune('Œ')
		} else {
			c.b.WriteRune('œ')
		}
		return i + 2
	case r == '°' && c.french && c.isNumero(i):
		c.b.WriteRune('º')
		return i + 1
	case (r == 'x' || r == 'X') && c.isTimes(i):
		c.b.WriteRune('×')
		return i + 1
	case c.french && isAmountSign(r) && unicode.IsDigit(c.at(i-1)) && !isWord(c.at(i+1)) && !c.endsCode(i-1):
		c.b.WriteRune(nbsp)
	}
	c.b.WriteRune(r)
	return i + 1
}

// quote writes a quotation mark or apostrophe; a guillemet always has its no-break space inside.
func (c *composer) quote(i int) {
	g := c.glyph(i)
	switch {
	case g == '«' && c.french:
		c.b.WriteRune(g)
		if n := c.at(i + 1); n != 0 && !unicode.IsSpace(n) {
			c.b.WriteRune(nbsp)
		}
	case g == '»' && c.french:
		// An opening guillemet just before has already written the space between them.
		if p := c.at(i - 1); p != 0 && !unicode.IsSpace(p) && c.glyph(i-1) != '«' {
			c.b.WriteRune(nbsp)
		}
		c.b.WriteRune(g)
	default:
		c.b.WriteRune(g)
	}
}

// dash writes the run of hyphens at i.
func (c *composer) dash(i int) int {
	n := c.run(i, '-')
	before, after := c.at(i-1), c.at(i+n)
	spaced := isBlank(before) && isBlank(after) && c.inside(i-1, -1) && c.inside(i+n, +1)
	switch {
	case n == 1 && spaced:
		c.b.WriteRune('–')
	case n == 1 && c.isSpan(i):
		c.b.WriteRune('–')
	case n == 1 && c.french && c.isInversion(i):
		c.b.WriteRune(nbhyphen)
	case (n == 2 || n == 3) && c.french && spaced:
		c.b.WriteRune('–')
	case (n == 2 || n == 3) && !c.french && c.emDash(i, n):
		c.b.WriteRune('—')
	default:
		c.b.WriteString(strings.Repeat("-", n))
	}
	return i + n
}

// emDash tells whether the n hyphens at i stand between words of an English sentence; --flags do not.
func (c *composer) emDash(i, n int) bool {
	before, after := c.at(i-1), c.at(i+n)
	if isBlank(before) {
		return isBlank(after) && c.inside(i-1, -1) && c.inside(i+n, +1)
	}
	return (before == opaque || c.isProse(i-1, -1)) && (after == opaque || isBlank(after) || c.isProse(i+n, +1))
}

// isProse tells whether the run of letters and figures that begins at i, in direction d, is a word of a sentence: AB--12 is
// the number of a part.
func (c *composer) isProse(i, d int) bool {
	small, n := false, 0
	for ; isWord(c.at(i)); i, n = i+d, n+1 {
		if unicode.IsDigit(c.at(i)) {
			return false
		}
		small = small || !unicode.IsUpper(c.at(i))
	}
	return small || n == 1
}

// inside tells whether there is text beyond the blanks at i, in direction d, on the same line and in the same quotation.
func (c *composer) inside(i, d int) bool {
	for isBlank(c.at(i)) {
		i += d
	}
	p := c.glyph(i)
	return p != 0 && !unicode.IsSpace(p) && (p != '«' || d > 0) && (p != '»' || d < 0)
}

// run counts how often r stands in a row from i on.
func (c *composer) run(i int, r rune) int {
	n := 0
	for i+n < len(c.rs) && c.rs[i+n] == r && !c.keep[i+n] {
		n++
	}
	return n
}

// isSpan tells whether the hyphen at i stands between two years, 1900 to 2099, the second the later: 1939-1945. The
// numbers of an invoice or a file, 2026-1043 or 2024-2001, are not.
func (c *composer) isSpan(i int) bool {
	from, to := c.year(i-4), c.year(i+1)
	if from == 0 || from >= to || c.inCode(i-5) || c.inCode(i+5) {
		return false
	}
	_, isName := named[c.wordBefore(i-4)]
	return !isName
}

// named are the words before a number that is a name and no figure; true for those that no amount or quantity follows.
var named = map[string]bool{
	"n°": true, "nº": true, "numéro": true, "réf": true, "ref": true, "référence": true, "reference": true, "siren": true, "siret": true, "rcs": true,
	"isbn": true, "issn": true, "iban": true, "tél": true, "tel": true, "mobile": true, "fax": true, "phone": true, "code": true,
	"facture": false, "invoice": false, "devis": false, "quote": false, "dossier": false, "commande": false, "order": false, "contrat": false,
	"lot": false, "pièce": false, "tva": false, "vat": false, "no": false,
}

// wordBefore returns the word before the figure that begins at i, in small letters: the "facture" of "Facture : 2024-2031".
func (c *composer) wordBefore(i int) string {
	for isBlank(c.at(i-1)) || c.at(i-1) == ':' || c.at(i-1) == '.' {
		i--
	}
	end := i
	for i > 0 && end-i < 10 && (isWord(c.at(i-1)) || c.at(i-1) == '°' || c.at(i-1) == 'º') {
		i--
	}
	return strings.ToLower(string(c.rs[i:end]))
}

// year reads the year of four digits at i, 0 when there is none.
func (c *composer) year(i int) int {
	y := 0
	for k := range 4 {
		r := c.at(i + k)
		if r < '0' || r > '9' {
			return 0
		}
		y = 10*y + int(r-'0')
	}
	if y < 1900 || y > 2099 {
		return 0
	}
	return y
}

// inCode tells whether the rune at i, beside a figure, makes it a part of a reference: a letter, a further figure, a sign.
func (c *composer) inCode(i int) bool {
	r := c.at(i)
	return isWordOrHyphen(r) || strings.ContainsRune("_/#+=@\\:", r) && r != 0 && (r != ':' || isWord(c.at(i+1)))
}

// endsCode tells whether the figure that ends at i is the end of a reference: REMISE20. That of 10x15 is none.
func (c *composer) endsCode(i int) bool {
	for unicode.IsDigit(c.at(i)) {
		i--
	}
	return unicode.IsLetter(c.at(i)) && !c.isTimes(i) || c.at(i) == '_'
}

// pronouns may follow their verb after a hyphen, where no line should end: "est-elle", "donnez-le-moi", "va-t-on".
var pronouns = map[string]bool{
	"je": true, "tu": true, "il": true, "elle": true, "on": true, "nous": true, "vous": true, "ils": true, "elles": true, "ce": true, "moi": true,
	"toi": true, "lui": true, "leur": true, "le": true, "la": true, "les": true, "y": true, "en": true, "t": true,
}

// isInversion tells whether the hyphen at i stands between a verb and a pronoun. Names are none: Aix-les-Bains, rendez-vous.
func (c *composer) isInversion(i int) bool {
	from := i
	for unicode.IsLetter(c.at(from - 1)) {
		from--
	}
	verb := string(c.rs[from:i])
	before := strings.ToLower(verb)
	if i-from > 1 && verb == strings.ToUpper(verb) || i-from == 1 && before != "a" && before != "t" {
		return false // REF-le, x-y
	}
	if before == "" || before == "rendez" || before == "t" && !isHyphen(c.at(from-1)) {
		return false
	}
	for hyphen := i; ; {
		end := hyphen + 1
		for unicode.IsLetter(c.at(end)) {
			end++
		}
		if !pronouns[string(c.rs[hyphen+1:end])] || c.keep[hyphen] {
			return false
		}
		if unicode.IsDigit(c.at(end)) || c.at(end) == '_' || c.at(end) == '/' {
			return false
		}
		if !isHyphen(c.at(end)) {
			return string(c.rs[hyphen+1:end]) != "t"
		}
		hyphen = end
	}
}

func isHyphen(r rune) bool { return r == '-' || r == nbhyphen }

// isNumero tells whether the degree sign at i was typed for the º of nº 12.
func (c *composer) isNumero(i int) bool {
	if p := c.at(i - 1); (p != 'n' && p != 'N') || isWord(c.at(i-2)) {
		return false
	}
	j := i + 1
	for isBlank(c.at(j)) {
		j++
	}
	return unicode.IsDigit(c.at(j))
}

// isTimes tells whether the x at i multiplies two plain figures: 99x122, 8.5" x 10", 3 x 4 m. One beside a letter or
// within a code does not: PROMO2X5, 7X9-B, H2x3, 0x1F.
func (c *composer) isTimes(i int) bool {
	l, r := i-1, i+1
	spaced := isBlank(c.at(l))
	if spaced != isBlank(c.at(r)) || !spaced && c.rs[i] == 'X' {
		return false
	}
	if spaced {
		l, r = l-1, r+1
	}
	return c.figureBefore(l, spaced) && c.figureAfter(r)
}

// figureBefore tells whether a plain figure ends at i, perhaps with the sign of inches or feet, or is one of several that
// are multiplied.
func (c *composer) figureBefore(i int, spaced bool) bool {
	if isMeasure(c.at(i)) {
		i--
	}
	end := i
	for unicode.IsDigit(c.at(i)) || (c.at(i) == '.' || c.at(i) == ',') && i < end && unicode.IsDigit(c.at(i-1)) {
		i--
	}
	if i == end || c.at(i+1) == '0' && unicode.IsDigit(c.at(i+2)) {
		return false
	}
	if r := c.at(i); !spaced && (r == 'x' || r == '×') {
		return c.figureBefore(i-1, false)
	}
	return (spaced || end-i > 1 || c.at(end) != '0') && !c.inCode(i)
}

// figureAfter tells whether a plain figure begins at i, perhaps with a unit or a further factor behind it.
func (c *composer) figureAfter(i int) bool {
	start := i
	for unicode.IsDigit(c.at(i)) || (c.at(i) == '.' || c.at(i) == ',') && i > start && unicode.IsDigit(c.at(i+1)) {
		i++
	}
	if i == start || c.at(start) == '0' && unicode.IsDigit(c.at(start+1)) {
		return false
	}
	if isMeasure(c.at(i)) {
		i++
	}
	if r := c.at(i); r == 'x' || r == '×' {
		return c.figureAfter(i + 1)
	}
	return !c.inCode(i) || c.unitAt(i)
}

// isMeasure tells the signs of feet and inches.
func isMeasure(r rune) bool { return r == '"' || r == '\'' || r == '″' || r == '′' }

// isBlank tells the spaces within a line that a rule may change.
func isBlank(r rune) bool { return r == ' ' || r == nbsp || r == nnbsp }

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isWordOrHyphen(r rune) bool { return isWord(r) || isHyphen(r) || r == '–' || r == '—' }

// isAmountSign tells the signs that French sets apart from the figure before them.
func isAmountSign(r rune) bool { return r == '%' || r == '‰' || r == '€' || r == '$' || r == '£' }
