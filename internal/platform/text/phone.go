package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// FoldPhone returns the key of a phone number, the same for every way to write it, and whether it can be one. country is where a number
// without a country's prefix belongs (ISO 3166, "FR"); "" leaves such a number as its digits. The key is the number in the world
// (ITU-T E.164), with its extension after a semicolon as in RFC 3966: "+33298000000", "+15145550100;ext=12"; and the bare digits of
// what is only dialled within a country or a company: "3949". It has 4 to 15 digits. Letters that are dialled are digits (ITU-T E.161:
// 1 800 FLOWERS), words around a number are none of it, and two numbers are no number.
func FoldPhone(value, country string) (key string, ok bool) {
	number, extension := cutExtension(value)
	if i := strings.LastIndexAny(number, "+＋"); i > 0 && digits(number[:i]) != "" || strings.Count(number, "+")+strings.Count(number, "＋") > 1 {
		return "", false
	}
	if extension == "" {
		if dialled, vanity := spelled(number, country); vanity {
			return dialled, dialled != ""
		}
	}
	key, possible := world(number, country)
	if !possible && extension == "" {
		// A number, and a word with figures in it: (514) 555-0142, option 2; 06 12 34 56 78 après 18 h.
		if m := reNoted.FindStringSubmatch(number); m != nil {
			head, whole := world(m[1], country)
			if !whole {
				head, whole = world(strings.TrimRight(m[1], "0123456789"), country) // 2e étage
			}
			if whole {
				if reAnother.MatchString(m[2]) || len(digits(m[2])) > 6 {
					return "", false
				}
				key = head
			}
		}
	}
	if n := len(strings.TrimPrefix(key, "+")); n < 4 || n > 15 || len(extension) > 10 {
		return "", false
	}
	if extension != "" {
		key += ";ext=" + extension
	}
	return key, true
}

// cutExtension returns a number and its extension, "" when it has none.
func cutExtension(value string) (number, extension string) {
	number = value
	const whole = 9 // figures before a comma that is no mark between groups
	if m := reExtension.FindStringSubmatch(value); m != nil && (m[2] != "" || len(digits(m[1])) >= whole) {
		number, extension = m[1], m[3]+m[4]
	}
	return rePrefix.ReplaceAllString(strings.TrimSpace(number), ""), extension
}

// world returns the digits of a number, as it is dialled from anywhere when it is a possible one.
func world(number, country string) (key string, possible bool) {
	key = digits(strings.ReplaceAll(number, "(0)", ""))
	if plus := strings.TrimLeftFunc(number, func(r rune) bool { return r != '+' && r != '＋' && digit(r) < 0 }); strings.HasPrefix(plus, "+") || strings.HasPrefix(plus, "＋") {
		key = "+" + key
	} else if rest, abroad := strings.CutPrefix(key, "00"); abroad {
		key = "+" + rest
	}
	if parsed, err := phonenumbers.Parse(key, country); err == nil && phonenumbers.IsPossibleNumber(parsed) {
		return phonenumbers.Format(parsed, phonenumbers.E164), true
	}
	return key, false
}

// spelled reads a number that ends in the letters of its keys: "1-800-FLOWERS", "514-555-CAFE". In North America what is
// dialled beyond its ten digits is ignored (1-866-DESJARDINS). vanity tells that it is one, or wants to be; key is "" when it leads nowhere.
func spelled(number, country string) (key string, vanity bool) {
	m := reSpelled.FindStringSubmatch(number)
	if m == nil {
		return "", false
	}
	if _, possible := world(m[1], country); possible {
		return "", false // the letters are said of it
	}
	free := reFree.MatchString(digits(m[1]))
	dialled := strings.TrimPrefix(digits(m[1])+keys(m[2]), "1")
	america := slices.Contains([]string{"US", "CA"}, country) || strings.HasPrefix(digits(m[1]), "1")
	if america && (len(dialled) == 10 || len(dialled) > 10 && free) {
		if key, possible := world("+1"+dialled[:10], country); possible {
			return key, true
		}
	}
	if key, possible := world(m[1]+keys(m[2]), country); possible {
		return key, true
	}
	return "", free
}

// keys returns the digits of the keys that bear the letters of s (ITU-T E.161).
func keys(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToUpper(r); {
		case r >= 'A' && r <= 'Z':
			return rune("22233344455566677778889999"[r-'A'])
		case r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

var (
	// reExtension parts a number from its extension: a word for it, # or the comma, or the semicolon, of a dialler.
	reExtension = regexp.MustCompile(`(?is)^(.*\d[\s.)]*)(?:([,;(\s/-]+(?:postes?|post|extension|ext|options?|opt|dect|p|int|x)(?:\s*(?:n[°ºo]|num[ée]ro))?[\s.:=]*|ext|x|[\s,]*#\s*)(\d{1,11})|[,;][\s,;]*(\d{1,6})#?)\s*\)?(?:\s*\([^()\d]*\))?\s*$`)
	// reNoted parts a number from the word behind it.
	reNoted = regexp.MustCompile(`(?s)^(\P{L}*\d\P{L}*)(\p{L}.*)$`)
	// reAnother is what stands between a number and another one of which only the end is written.
	reAnother = regexp.MustCompile(`(?i)^(?:ou|or|et|and)\s*\d`)
	// reSpelled is a number that ends in three letters or more.
	reSpelled = regexp.MustCompile(`(?s)^([^\p{L}]*\d[\s.-]*)((?:\d?[\s.-]*[A-Za-z]){3}[A-Za-z0-9\s.-]*)$`)
	// reFree are the beginnings of numbers that cost nothing to call, in North America and in France.
	reFree = regexp.MustCompile(`^(?:1?8(?:00|33|44|55|66|77|88)|080\d)$`)
)

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
