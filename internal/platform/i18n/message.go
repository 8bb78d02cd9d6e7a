package i18n

import (
	"fmt"
	"html/template"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

// message is one text of a catalog: one form, or one for each plural category.
type message struct {
	forms  map[plural.Form]form
	plural bool
}

// form is a text cut at its placeholders.
type form struct {
	raw   string
	parts []part
}

// part is a literal, followed by a word of the term when there is one, or by an argument when arg >= 0.
type part struct {
	literal string
	word    string
	arg     int
	href    bool // the argument is the whole, or the beginning, of an address in an attribute
}

var categories = map[string]plural.Form{"one": plural.One, "many": plural.Many, "other": plural.Other}

// needed lists the categories that CLDR asks of each language.
func needed(l Lang) []plural.Form {
	if l.French() {
		return []plural.Form{plural.One, plural.Many, plural.Other}
	}
	return []plural.Form{plural.One, plural.Other}
}

func categoryName(f plural.Form) string {
	for name, c := range categories {
		if c == f {
			return name
		}
	}
	return "?"
}

// hole finds the placeholders {0} to {9} and the words in braces (see terms). Any other brace is a brace.
var hole = regexp.MustCompile(`\{[0-9]\}|` + braced.String())

// compile cuts s at its placeholders and words.
func compile(s string) form {
	f := form{raw: s}
	at := 0
	for _, m := range hole.FindAllStringSubmatchIndex(s, -1) {
		p := part{literal: s[at:m[0]], arg: -1}
		if m[2] >= 0 {
			p.word = s[m[2]:m[3]]
		} else {
			p.arg, p.href = int(s[m[0]+1]-'0'), strings.HasSuffix(p.literal, `href="`)
		}
		f.parts = append(f.parts, p)
		at = m[1]
	}
	if at < len(s) || len(f.parts) == 0 {
		f.parts = append(f.parts, part{literal: s[at:], arg: -1})
	}
	return f
}

// arguments returns the sorted numbers of the placeholders of all forms.
func (m message) arguments() []int {
	var all []int
	for _, f := range m.forms {
		for _, p := range f.parts {
			if p.arg >= 0 {
				all = append(all, p.arg)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// choose returns the form for the arguments.
func (m message) choose(l Lang, args []any) form {
	if m.plural && len(args) > 0 {
		if f, ok := m.forms[category(l, args[0])]; ok {
			return f
		}
	}
	return m.forms[plural.Other]
}

// category is the plural category of n in l; what is not a number counts as many things. The tables of x/text are
// older than CLDR 38, which gave French the form many ("un million de personnes"): that rule is added here.
func category(l Lang, n any) plural.Form {
	v := reflect.ValueOf(n)
	var digits string
	switch {
	case v.CanInt():
		digits = strings.TrimPrefix(strconv.FormatInt(v.Int(), 10), "-")
	case v.CanUint():
		digits = strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		digits = strconv.FormatFloat(math.Abs(v.Float()), 'f', -1, 64)
	default:
		return plural.Other
	}
	whole, frac, _ := strings.Cut(digits, ".")
	if l.French() && frac == "" && len(whole) > 6 && strings.HasSuffix(whole, "000000") {
		return plural.Many
	}
	i, err := strconv.Atoi(whole[max(0, len(whole)-9):])
	if err != nil {
		return plural.Other
	}
	if len(whole) > 9 {
		i += 1_000_000_000 // the rules look at 0, 1 and the last digits
	}
	frac = frac[:min(len(frac), 6)]
	f, _ := strconv.Atoi(frac) // "" counts as 0
	return plural.Cardinal.MatchPlural(l.tag(), i, len(frac), len(frac), f, f)
}

// argument writes one argument as plain text. ok is false for what must be formatted by the caller, who alone
// knows the zone or the shape that is wanted.
func argument(l Lang, a any) (s string, ok bool) {
	switch v := a.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case template.HTML:
		return string(v), true
	}
	v := reflect.ValueOf(a)
	if s, is := a.(fmt.Stringer); is {
		// Dates and durations have no plain text of their own; ids, addresses, domain words have.
		if strings.HasPrefix(v.Type().String(), "time.") || strings.HasPrefix(v.Type().String(), "clock.") {
			return "", false
		}
		return s.String(), true
	}
	switch {
	case v.CanInt():
		return Number(l, v.Int()), true
	case v.CanUint():
		return group(l, strconv.FormatUint(v.Uint(), 10)), true
	case v.CanFloat():
		return Decimal(l, v.Float()), true
	case v.Kind() == reflect.String:
		return v.String(), true
	}
	return "", false
}
