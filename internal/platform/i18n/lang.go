package i18n

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language that the program speaks, as the BCP 47 tag written in HTML's lang attribute.
type Lang string

// The languages.
const (
	FrFR Lang = "fr-FR"
	FrCA Lang = "fr-CA"
	En   Lang = "en"
)

// Langs returns every language, French first.
func Langs() []Lang { return []Lang{FrFR, FrCA, En} }

// Known reports whether s is exactly the tag of a language of ours, as it is stored: no case or region is forgiven.
func Known(s string) bool { return slices.Contains(Langs(), Lang(s)) }

// French reports whether l is one of the two French.
func (l Lang) French() bool { return l == FrFR || l == FrCA }

// index is the place of l in the tables of this package. What is not a language is taken for French of France.
func (l Lang) index() int {
	switch l {
	case FrCA:
		return 1
	case En:
		return 2
	}
	return 0
}

func (l Lang) tag() language.Tag {
	switch l {
	case FrCA:
		return language.CanadianFrench
	case En:
		return language.English
	}
	return language.French
}

// Parse reads a BCP 47 tag in any case, with - or _, and returns the language of ours that serves it best:
// "fr", "fr-BE" are FrFR, "en-GB" is En. ok is false for any other language.
func Parse(s string) (l Lang, ok bool) {
	s = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"))
	base, rest, _ := strings.Cut(s, "-")
	switch base {
	case "fr":
		if rest == "ca" || strings.HasPrefix(rest, "ca-") {
			return FrCA, true
		}
		return FrFR, true
	case "en":
		return En, true
	}
	return "", false
}

// maxRanges bounds how many language ranges of a header are looked at.
const maxRanges = 16

// Match chooses the language for an Accept-Language header (RFC 9110, section 12.5.4): the highest quality that
// we speak, the first among equals, FrFR when there is none.
func Match(acceptLanguage string) Lang {
	best, quality := FrFR, 0.0
	for range maxRanges {
		part, rest, more := strings.Cut(acceptLanguage, ",")
		tag, params, _ := strings.Cut(part, ";")
		q := 1.0
		if v, found := strings.CutPrefix(strings.TrimSpace(params), "q="); found {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil || f < 0 || f > 1 {
				f = 0
			}
			q = f
		}
		if l, ok := Parse(tag); ok && q > quality {
			best, quality = l, q
		}
		if !more {
			break
		}
		acceptLanguage = rest
	}
	return best
}
