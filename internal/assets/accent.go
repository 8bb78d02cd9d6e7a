package assets

import (
	"fmt"
	"math"
	"strconv"

	"causerie/internal/platform/fault"
)

// The grounds on which an accent is read, in light and in dark: paper, card, wash. They repeat css/10-tokens.css,
// and a test holds the two together.
var (
	lightGrounds = [...]string{"#fbfaf6", "#ffffff", "#f3efe6"}
	darkGrounds  = [...]string{"#16140f", "#1e1b16", "#231f19"}
)

// wanted is a little over the 4.5:1 of WCAG 2.2, 1.4.3, so that rounding to 8 bits never falls under it.
const wanted = 4.55

// AccentCSS returns the stylesheet of a voice whose colour is hex ("#rrggbb"): its accent and the wash behind it, in
// light and in dark. The hue is kept; lightness moves only as far as reading asks for, in OKLCH so that a blue and a
// yellow move alike to the eye. A hex that is none is refused with fault.Invalid("accent", "color").
func AccentCSS(hex string) (string, error) {
	t, err := AccentTones(hex)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(":root{--accent:%s;--accent-wash:%s}\n@media (prefers-color-scheme:dark){:root{--accent:%s;--accent-wash:%s}}\n",
		t.Accent, t.Wash, t.DarkAccent, t.DarkWash), nil
}

// Tones are the colours of a voice for what has no stylesheet of ours: a mail. Each is "#rrggbb".
type Tones struct{ Accent, Wash, DarkAccent, DarkWash string }

// AccentTones returns the colours of AccentCSS, and refuses what it refuses.
func AccentTones(hex string) (Tones, error) {
	c, ok := parseHex(hex)
	if !ok {
		return Tones{}, fault.Invalid("accent", "color")
	}
	light, lightWash, dark, darkWash := accentTones(c)
	return Tones{light.hex(), lightWash.hex(), dark.hex(), darkWash.hex()}, nil
}

// accentTones computes the four colours of AccentCSS.
func accentTones(c rgb) (light, lightWash, dark, darkWash rgb) {
	l, ch, h := c.oklch()
	lightWash = fromOKLCH(0.945, math.Min(ch, 0.022), h)
	darkWash = fromOKLCH(0.262, math.Min(ch, 0.034), h)
	light = untilRead(math.Min(l, 0.62), ch, h, -0.005, append(parseAll(lightGrounds[:]), lightWash))
	dark = untilRead(math.Max(l, 0.70), math.Min(ch, 0.16), h, +0.005, append(parseAll(darkGrounds[:]), darkWash))
	return light, lightWash, dark, darkWash
}

// untilRead moves the lightness from l by step until the colour is read on every ground.
func untilRead(l, ch, h, step float64, grounds []rgb) rgb {
	for ; l > 0 && l < 1; l += step {
		c := fromOKLCH(l, ch, h).quantised()
		read := true
		for _, g := range grounds {
			read = read && contrast(c, g.quantised()) >= wanted
		}
		if read {
			return c
		}
	}
	if step < 0 {
		return rgb{}
	}
	return rgb{1, 1, 1}
}

// rgb is a colour in gamma-encoded sRGB, each part from 0 to 1.
type rgb struct{ r, g, b float64 }

func parseHex(s string) (rgb, bool) {
	if len(s) != 7 || s[0] != '#' {
		return rgb{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return rgb{}, false
	}
	return rgb{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, true
}

func parseAll(hexes []string) []rgb {
	out := make([]rgb, 0, len(hexes)+1)
	for _, s := range hexes {
		if c, ok := parseHex(s); ok {
			out = append(out, c)
		}
	}
	return out
}

func byteOf(x float64) int { return int(math.Round(math.Min(1, math.Max(0, x)) * 255)) }

func (c rgb) hex() string { return fmt.Sprintf("#%02x%02x%02x", byteOf(c.r), byteOf(c.g), byteOf(c.b)) }

// quantised is c as the eight bits of a hex colour keep it.
func (c rgb) quantised() rgb {
	return rgb{float64(byteOf(c.r)) / 255, float64(byteOf(c.g)) / 255, float64(byteOf(c.b)) / 255}
}

// linear undoes the gamma of sRGB (IEC 61966-2-1).
func linear(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func gamma(x float64) float64 {
	if x <= 0.0031308 {
		return 12.92 * x
	}
	return 1.055*math.Pow(x, 1/2.4) - 0.055
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

func luminance(c rgb) float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// oklch returns lightness (0 to 1), chroma and hue (radians) as Björn Ottosson defined them, 2020.
func (c rgb) oklch() (l, ch, h float64) {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	lc := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	mc := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	sc := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	l = 0.2104542553*lc + 0.7936177850*mc - 0.0040720468*sc
	a := 1.9779984951*lc - 2.4285922050*mc + 0.4505937099*sc
	bb := 0.0259040371*lc + 0.7827717662*mc - 0.8086757660*sc
	return l, math.Hypot(a, bb), math.Atan2(bb, a)
}

// fromOKLCH gives up chroma, never hue or lightness, for a colour that a screen can show.
func fromOKLCH(l, ch, h float64) rgb {
	lo, hi := 0.0, ch
	if c := unbounded(l, ch, h); c.shown() {
		return c
	}
	for range 24 {
		mid := (lo + hi) / 2
		if unbounded(l, mid, h).shown() {
			lo = mid
		} else {
			hi = mid
		}
	}
	return unbounded(l, lo, h)
}

func unbounded(l, ch, h float64) rgb {
	a, b := ch*math.Cos(h), ch*math.Sin(h)
	lc := cube(l + 0.3963377774*a + 0.2158037573*b)
	mc := cube(l - 0.1055613458*a - 0.0638541728*b)
	sc := cube(l - 0.0894841775*a - 1.2914855480*b)
	return rgb{
		gamma(4.0767416621*lc - 3.3077115913*mc + 0.2309699292*sc),
		gamma(-1.2684380046*lc + 2.6097574011*mc - 0.3413193965*sc),
		gamma(-0.0041960863*lc - 0.7034186147*mc + 1.7076147010*sc),
	}
}

func cube(x float64) float64 { return x * x * x }

func (c rgb) shown() bool {
	const e = 1e-4
	return c.r >= -e && c.g >= -e && c.b >= -e && c.r <= 1+e && c.g <= 1+e && c.b <= 1+e
}
