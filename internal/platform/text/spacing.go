package text

import (
	"strings"
	"unicode"
)

// space sets the run of blanks at i and returns where to go on. What it becomes depends on what stands on both sides.
func (c *composer) space(i int) int {
	j := i
	for j < len(c.rs) && isBlank(c.rs[j]) && !c.keep[j] {
		j++
	}
	if s, ok := c.spaceBetween(i, j); ok {
		if s != 0 {
			c.b.WriteRune(s)
		}
		return j
	}
	for ; i < j; i++ {
		c.b.WriteRune(c.rs[i])
	}
	return j
}

// spaceBetween chooses the space for the blanks in [i, j); ok is false when they stay as they were, 0 removes them.
func (c *composer) spaceBetween(i, j int) (space rune, ok bool) {
	prev, next := c.glyph(i-1), c.glyph(j)
	if prev == 0 || next == 0 || prev == '\n' || next == '\n' || prev == '\t' || c.keep[j] {
		return 0, false
	}
	if c.french && (prev == '«' || next == '»') {
		return nbsp, true
	}
	switch next {
	case ';', '!', '?':
		return c.high, endsClause(prev) && c.closes(j)
	case ':':
		if c.colon == 0 && unicode.IsDigit(prev) && isBlank(c.at(j+1)) && unicode.IsDigit(c.at(j+2)) {
			return 0, false // a ratio
		}
		return c.colon, endsClause(prev) && c.closes(j)
	case ',':
		return 0, unicode.IsLetter(prev) && !unicode.IsDigit(c.at(j+1))
	case '-':
		return c.besideDash(j)
	}
	if prev == '-' && !c.keep[i-1] {
		k := i - 1
		for c.at(k-1) == '-' {
			k--
		}
		return c.besideDash(k)
	}
	if !unicode.IsDigit(prev) {
		if prev == 'º' || prev == '°' {
			return nbsp, c.french && unicode.IsDigit(next) && (c.at(i-2) == 'n' || c.at(i-2) == 'N') && !isWord(c.at(i-3))
		}
		return 0, false
	}
	switch {
	case c.endsCode(i - 1):
		return 0, false
	case c.french && isAmountSign(next):
		return nbsp, !unicode.IsDigit(c.at(j + 1))
	case c.group != 0 && unicode.IsDigit(next):
		return c.group, c.groups(i, j)
	}
	return nbsp, c.unitAt(j)
}

// besideDash says what becomes of the blanks beside the hyphens at i: an English em dash stands without spaces.
func (c *composer) besideDash(i int) (rune, bool) {
	n := c.run(i, '-')
	return 0, !c.french && (n == 2 || n == 3) && c.emDash(i, n)
}

// endsClause tells whether punctuation may follow r: a word, a closing mark, the end of a piece of code.
func endsClause(r rune) bool {
	return isWord(r) || r == opaque || strings.ContainsRune(")]}»”’…%€$£.!?", r) || unicode.Is(unicode.So, r)
}

// closes tells whether the punctuation at i really ends something: nothing but more of it, a closing mark or a blank
// may follow. ` ?page=2` and ` :shortcode:` are left alone.
func (c *composer) closes(i int) bool {
	if c.at(i) == ':' {
		n := c.at(i + 1)
		return n == 0 || unicode.IsSpace(n) || n == opaque || strings.ContainsRune("«»“”", c.glyph(i+1))
	}
	for strings.ContainsRune(";!?…", c.at(i)) {
		i++
	}
	n := c.glyph(i)
	return n == 0 || unicode.IsSpace(n) || strings.ContainsRune(")]}»”’.,", n) || n == opaque
}

// groups tells whether the blank [i, j) parts thousands. It does in one to three figures and then groups of three, each a blank apart
// and none before or behind that would make a reference of them: "123 456 789 00012", "0 800 123 456", "514 555-0142".
func (c *composer) groups(i, j int) bool {
	if j-i != 1 {
		return false
	}
	const most = 6 // groups looked at on either side: 10^18
	first, last := i-c.figures(i-1, -1), 0
	for n := 0; isBlank(c.at(first-1)) && unicode.IsDigit(c.at(first-2)); n++ {
		if n == most || c.figures(first, +1) != 3 {
			return false
		}
		first -= 1 + c.figures(first-2, -1)
	}
	if n := c.figures(first, +1); n == 0 || n > 3 || c.at(first) == '0' {
		return false
	}
	for from, n := j, 0; ; n++ {
		if n == most || c.figures(from, +1) != 3 {
			return false
		}
		if last = from + 3; !isBlank(c.at(last)) || !unicode.IsDigit(c.at(last+1)) {
			break
		}
		from = last + 1
	}
	if before := c.at(first - 1); before == ',' || before == '.' || before == '+' || before == ')' || before == '/' || isHyphen(before) && isWord(c.at(first-2)) ||
		unicode.IsLetter(before) && !c.isTimes(first-1) || named[c.wordBefore(first)] {
		return false
	}
	after := c.at(last)
	return !isHyphen(after) && after != '/' || !unicode.IsDigit(c.at(last+1))
}

// figures counts the digits in a row from i on, in direction d, 20 at most.
func (c *composer) figures(i, d int) (n int) {
	for n < 20 && unicode.IsDigit(c.at(i+n*d)) {
		n++
	}
	return n
}

// units are the words that stay on the line of their figure.
var units = map[string]bool{
	"h": true, "min": true, "s": true, "ms": true, "km": true, "m": true, "cm": true, "mm": true, "kg": true, "g": true, "mg": true,
	"t": true, "l": true, "L": true, "cl": true, "ml": true, "mL": true, "ha": true, "ko": true, "Ko": true, "Mo": true, "Go": true, "To": true,
	"kB": true, "MB": true, "GB": true, "TB": true, "W": true, "kW": true, "MW": true, "kWh": true, "MWh": true, "V": true, "A": true,
	"k€": true, "M€": true, "Md€": true, "M$": true, "k$": true, "°C": true, "ºC": true, "°F": true, "°": true, "Ω": true, "฿": true,
	"EUR": true, "CAD": true, "CHF": true, "USD": true, "m²": true, "m³": true, "km²": true, "km/h": true, "px": true, "pt": true,
}

// unitAt tells whether a unit, and nothing longer, stands at i.
func (c *composer) unitAt(i int) bool {
	j := i
	for j < len(c.rs) && j-i < 6 && (unicode.IsLetter(c.rs[j]) || strings.ContainsRune("°º€$Ω฿²³/", c.rs[j])) {
		j++
	}
	return j > i && !isWord(c.at(j)) && units[string(c.rs[i:j])]
}
