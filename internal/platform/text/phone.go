package text

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// FoldPhone returns the key of a phone number, the same for every way to write it, and whether it can be one. country is where a number
// without a country's prefix belongs (ISO 3166, "FR"); "" leaves such a number as its digits. The key is the number in the world
// (ITU-T E.164), with its extension after a semicolon as in RFC 3966: "+33298000000", "+15145550100;ext=12"; and the bare digits of
// what is only dialled within a country or a company: "3949". It has 4 to 15 digits.
func FoldPhone(value, country string) (key string, ok bool) {
	number, extension := value, ""
	const whole = 9 // figures before a comma that is no mark between groups
	if m := reExtension.FindStringSubmatch(value); m != nil && (m[2] != "" || len(digits(m[1])) >= whole) {
		number, extension = m[1], m[3]+m[4]
	}
	number = rePrefix.ReplaceAllString(strings.TrimSpace(number), "")
	key = digits(strings.ReplaceAll(number, "(0)", ""))
	if plus := strings.TrimLeftFunc(number, func(r rune) bool { return r != '+' && r != '＋' && digit(r) < 0 }); strings.HasPrefix(plus, "+") || strings.HasPrefix(plus, "＋") {
		key = "+" + key
	} else if rest, abroad := strings.CutPrefix(key, "00"); abroad {
		key = "+" + rest
	}
	if plus := strings.Count(number, "+") + strings.Count(number, "＋"); plus > 1 || plus == 1 && !strings.HasPrefix(key, "+") {
		return "", false
	}
	if n := len(strings.TrimPrefix(key, "+")); n < 4 || n > 15 || len(extension) > 10 {
		return "", false
	}
	if parsed, err := phonenumbers.Parse(key, country); err == nil && phonenumbers.IsPossibleNumber(parsed) {
		key = phonenumbers.Format(parsed, phonenumbers.E164)
	}
	if extension != "" {
		key += ";ext=" + extension
	}
	return key, true
}

// reExtension parts a number from its extension: a word for it, # or the comma of a dialler.
var reExtension = regexp.MustCompile(`(?is)^(.*\d[\s.)]*)(?:([,;(\s/-]+(?:postes?|extension|ext|p|int|x)[\s.:=]*|ext|x|[\s,]*#\s*)(\d{1,11})|,\s*(\d{1,6}))\s*\)?\s*$`)

// rePrefix is what is said of a number before it begins.
var rePrefix = regexp.MustCompile(`^(?i:tel|phone):`)

// digits returns the figures of s, of any script, in ASCII.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if d := digit(r); d >= 0 {
			return rune('0' + d)
		}
		return -1
	}, s)
}

// digit returns the value of a figure of any script, -1 for anything else.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case !unicode.Is(unicode.Nd, r):
		return -1
	}
	d := 0
	for unicode.Is(unicode.Nd, r-1) && d < 9 {
		r, d = r-1, d+1
	}
	return d
}
