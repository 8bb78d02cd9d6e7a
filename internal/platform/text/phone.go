package text

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// FoldPhone returns the key of a phone number, the same for every way to write it, and whether it can be one. country is where a number
// without a country's prefix belongs (ISO 3166, "FR"); "" leaves such a number as its digits. The key is the number in the world
// (ITU-T E.164), with its extension after a semicolon as in RFC 3966: "+33298000000", "+15145550100;ext=12"; and the bare digits of
// what is only dialled within a country or a company: "3949". It has 4 to 15 digits.
func FoldPhone(value, country string) (key string, ok bool) {
	number, extension := value, ""
	for _, word := range []string{"poste", "ext.", "ext", "#", ";ext=", "x"} {
		if before, after, found := strings.Cut(strings.ToLower(value), word); found {
			number, extension = before, digits(after)
			break
		}
	}
	key = digits(strings.ReplaceAll(number, "(0)", ""))
	if strings.HasPrefix(strings.TrimLeft(number, " ("), "+") {
		key = "+" + key
	} else if rest, abroad := strings.CutPrefix(key, "00"); abroad {
		key = "+" + rest
	}
	if plus := strings.Count(number, "+"); plus > 1 || plus == 1 && !strings.HasPrefix(key, "+") {
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

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
