package htmlmd

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

var (
	raised  = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻", "−", "⁻", "=", "⁼", "(", "⁽", ")", "⁾", "n", "ⁿ", "i", "ⁱ")
	lowered = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋", "−", "₋", "=", "₌", "(", "₍", ")", "₎", "n", "ₙ", "i", "ᵢ", "x", "ₓ")
)

// script keeps what stands above or below the line from running into what it stands by: 10⁶ is not 106. What Unicode cannot raise
// is written ^(2x); letters alone (1er, XXe) are read as well on the line.
func (c *conversion) script(n *html.Node) {
	if id := attr(n, "data-fn"); id != "" {
		c.called(n, id)
		return
	}
	s := words(n)
	if s == "" || len(s) > 40 || strings.Contains(s, " ") || len(find(n, "a", "plain-link", "img", footCall)) > 0 || !strings.ContainsFunc(s, unicode.IsDigit) && !mathematical(s) && (n.Data != "sub" || utf8.RuneCountInString(s) > 1) {
		return
	}
	by, mark := raised, "^"
	if n.Data == "sub" {
		by, mark = lowered, "_"
	}
	out := by.Replace(s)
	if strings.ContainsFunc(out, func(r rune) bool { return r < unicode.MaxASCII || unicode.IsLetter(r) && strings.ContainsRune(s, r) }) {
		out = mark + "(" + s + ")"
	}
	replace(n, textNode(out))
}

// mathematical reports whether letters alone are a number: "n", as in xⁿ, or a sum. The others end words: 1er, XXe, Dr.
func mathematical(s string) bool {
	return s == "n" || s == "x" || s == "k" || strings.ContainsAny(s, "+−=")
}
