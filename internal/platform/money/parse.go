package money

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Errors of Parse.
var (
	ErrAmount   = errors.New("money: not an amount")
	ErrCurrency = errors.New("money: the sign is another currency's")
)

// maxDigits bounds an amount that is typed, before the cents.
const maxDigits = 13

// Parse reads an amount as people type it in French and English, on both sides of the Atlantic and in Switzerland:
// "12 400,50 €", "$12,400.50", "12'400.50", "1.234.567,89", "800.-". The last of the two marks parts the cents, which are
// one or two digits; spaces, apostrophes and the other mark part thousands, and only thousands. A mark that is alone, with
// three digits behind it, parts thousands too ("12,400"), unless that cannot be ("0,125", "4 800,505"): then nothing is
// guessed. What stands for a currency must stand for the given one, or it is ErrCurrency; "" takes any.
func Parse(s, currency string) (cents int64, err error) {
	number, signs := strip(s)
	whole, frac, ok := split(number)
	if !ok || len(whole) > maxDigits {
		return 0, ErrAmount
	}
	n, err := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
	if err != nil {
		return 0, ErrAmount
	}
	if currency != "" && signs != nil && !slices.Contains(signs, currency) {
		return 0, ErrCurrency
	}
	return n, nil
}

// marks are what people write for a currency, the longer first, and the currencies that it may stand for.
var marks = []struct {
	text string
	of   []string
}{
	{"$CAD", []string{"CAD"}}, {"$CAN", []string{"CAD"}}, {"CAD$", []string{"CAD"}}, {"$USD", []string{"USD"}}, {"USD$", []string{"USD"}}, {"$CA", []string{"CAD"}}, {"CA$", []string{"CAD"}}, {"C$", []string{"CAD"}}, {"$US", []string{"USD"}}, {"US$", []string{"USD"}},
	{"DOLLARSCANADIENS", []string{"CAD"}}, {"DOLLARSUS", []string{"USD"}}, {"DOLLARSAMÉRICAINS", []string{"USD"}}, {"FRANCSSUISSES", francs}, {"EUROS", []string{"EUR"}}, {"EURO", []string{"EUR"}}, {"DOLLARS", dollars}, {"FRANCS", francs}, {"SFR.", francs}, {"FR.", francs}, {"FR", francs},
	{"€", []string{"EUR"}}, {"£", []string{"GBP"}}, {"¥", []string{"JPY", "CNY"}}, {"$", dollars},
}

var (
	dollars = []string{"CAD", "USD", "AUD", "NZD", "HKD", "SGD"}
	francs  = []string{"CHF"}
)

// strip takes what stands for a currency off either end of an amount; signs is nil when nothing does.
func strip(s string) (number string, signs []string) {
	number = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // nobody sees them; spreadsheets put them beside a sign
			return -1
		}
		return r
	}, s))
	tight := strings.ToUpper(strings.Join(strings.Fields(number), ""))
	first, last := strings.IndexFunc(tight, isDigit), strings.LastIndexFunc(tight, isDigit)
	if first < 0 {
		return "", nil
	}
	before, after := tight[:first], strings.TrimLeft(tight[last+1:], ".,-–—")
	sign := before + after
	if before != "" && after != "" && before != "$" { // $12 CAD
		sign = "?" // one of them is too much
	}
	switch i := slices.IndexFunc(marks, func(m struct {
		text string
		of   []string
	}) bool {
		return m.text == sign
	}); {
	case sign == "":
	case i >= 0:
		signs = marks[i].of
	case ValidCurrency(sign):
		signs = []string{sign}
	default:
		return "", nil
	}
	from, to := strings.IndexFunc(number, isDigit), strings.LastIndexFunc(number, isDigit)
	return number[from : to+1], signs
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// split parts a number into the digits before and after the mark of its cents.
func split(s string) (whole, frac string, ok bool) {
	comma, point := strings.Count(s, ","), strings.Count(s, ".")
	whole, groups := s, ""
	switch i := strings.LastIndexAny(s, ",."); {
	case i < 0:
	case comma > 0 && point > 0: // the last one parts the cents, the other thousands
		if strings.Count(s, s[i:i+1]) > 1 {
			return "", "", false
		}
		whole, frac = s[:i], s[i+1:]
		groups = "."
		if s[i] == '.' {
			groups = ","
		}
	case comma+point == 1 && len(s)-i-1 != 3:
		whole, frac = s[:i], s[i+1:]
	default:
		groups = s[i : i+1]
	}
	if len(frac) > 2 || strings.ContainsFunc(frac, func(r rune) bool { return !isDigit(r) }) {
		return "", "", false
	}
	whole, ok = ungroup(whole, groups)
	return whole, frac, ok
}

// ungroup takes the marks of thousands out of a whole number. One kind of them stands in it, with three digits between.
func ungroup(s, mark string) (digits string, ok bool) {
	isMark := func(r rune) bool {
		if mark != "" {
			return string(r) == mark
		}
		return unicode.IsSpace(r) || r == '\u202F' || r == '\'' || r == '’'
	}
	if mark != "" && !strings.Contains(s, mark) {
		mark = "" // 12 400,50 and 12'400.50 have no other one
	}
	groups := strings.FieldsFunc(s, isMark)
	for i, g := range groups {
		if strings.ContainsFunc(g, func(r rune) bool { return !isDigit(r) }) || i > 0 && len(g) != 3 || len(groups) > 1 && i == 0 && (len(g) > 3 || g[0] == '0') {
			return "", false
		}
	}
	return strings.Join(groups, ""), len(groups) > 0
}
