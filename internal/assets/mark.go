package assets

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"causerie/internal/platform/fault"
)

// Monogram returns the icon of a voice that has no logo, as SVG: one or two letters on its colour ("#rrggbb"), as dark as reading
// them asks for. What is neither is refused.
func Monogram(hex, letters string) ([]byte, error) {
	c, ok := parseHex(hex)
	if !ok {
		return nil, fault.Invalid("accent", "color")
	}
	n := utf8.RuneCountInString(letters)
	if n < 1 || n > 2 {
		return nil, fault.Invalid("letters", "too_long", 2)
	}
	for _, r := range letters {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return nil, fault.Invalid("letters", "unknown")
		}
	}
	ground, _, _, _ := accentTones(c)
	size := 42 // as large as the square lets them be: a tab shows it in 16 pixels
	switch {
	case n == 2 && strings.ContainsAny(letters, "MWŴŒÆ"):
		size = 28
	case n == 2:
		size = 34
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="%s"/>`+
		`<text x="32" y="33" fill="#fbfaf6" font-family="Georgia,serif" font-size="%d" font-weight="600" text-anchor="middle" dominant-baseline="central">%s</text></svg>`,
		ground.hex(), size, html.EscapeString(letters)), nil
}
