package i18n

import (
	"math"
	"strconv"
	"strings"

	"causerie/internal/platform/money"
)

// separators of thousands and decimals, by Lang.index.
var separators = [3]struct{ group, decimal string }{
	{"\u202F", ","},
	{"\u00A0", ","},
	{",", "."},
}

// Number writes n with the groups of l: "12 400" (a narrow no-break space in France, a no-break space in
// Quebec), "12,400".
func Number(l Lang, n int64) string { return group(l, strconv.FormatInt(n, 10)) }

// Decimal writes f with at most two decimals: "3,5", "3.5".
func Decimal(l Lang, f float64) string {
	f = math.Round(f*100) / 100
	whole, frac, has := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
	if !has {
		return group(l, whole)
	}
	return group(l, whole) + separators[l.index()].decimal + frac
}

// Figures writes a number as programs keep it, "-1234.5", with the groups and the decimal sign of l and all its decimals: "-1 234,5". What is no
// number comes back as it is.
func Figures(l Lang, kept string) string {
	whole, frac, _ := strings.Cut(kept, ".")
	digits := strings.TrimPrefix(whole, "-")
	if digits == "" || strings.Trim(digits+frac, "0123456789") != "" {
		return kept
	}
	if frac == "" {
		return group(l, whole)
	}
	return group(l, whole) + separators[l.index()].decimal + frac
}

func group(l Lang, digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(separators[l.index()].group)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// symbols of the currencies, by Lang.index; a currency that is not here is written by its code. They are CLDR's (French with the
// space of the Office québécois before the country): a dollar says whose it is, in Quebec excepted, where it is the country's own.
var symbols = map[string][3]string{
	"EUR": {"€", "€", "€"},
	"CAD": {"$\u00A0CA", "$", "CA$"},
	"USD": {"$\u00A0US", "$\u00A0US", "US$"},
	"GBP": {"£", "£", "£"},
}

// Amounts writes a sum, one currency after the other, that of the house first: "38 600 €, 1 200 CHF et 300 $ CA"; "" for nothing.
func Amounts(l Lang, home string, all money.Sum) string {
	parts := make([]string, 0, len(all))
	for _, a := range all {
		if a.Currency == home {
			parts = append(parts, Money(l, a.Cents, a.Currency))
		}
	}
	for _, a := range all {
		if a.Currency != home {
			parts = append(parts, Money(l, a.Cents, a.Currency))
		}
	}
	return Join(l, parts)
}

// Join writes a list as one says it: "a, b et c", "a, b and c".
func Join(l Lang, parts []string) string {
	n := len(parts) - 1
	if n < 1 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:n], ", ") + pick(l, " et ", " and ") + parts[n]
}

// maxCents is more money than there is: what is beyond is a row that somebody spoilt.
const maxCents = 100_000_000_000_000_00

// Money writes an amount of cents of an ISO 4217 currency, without decimals when it is whole: "12 400 €",
// "12 400 $ CA", "€12,400", "CA$12,400", "1 250,50 CHF".
func Money(l Lang, cents int64, currency string) string {
	if cents > maxCents || cents < -maxCents {
		return dash
	}
	sign := ""
	whole, rest := cents/100, cents%100
	if cents < 0 {
		sign, whole, rest = "-", -whole, -rest
	}
	amount := Number(l, whole)
	if rest != 0 {
		amount += separators[l.index()].decimal + string([]byte{'0' + byte(rest/10), '0' + byte(rest%10)})
	}
	symbol := currency
	if s, ok := symbols[currency]; ok {
		symbol = s[l.index()]
	}
	switch {
	case symbol == "":
		return sign + amount
	case l != En:
		return sign + amount + "\u00A0" + symbol
	case symbol == currency:
		return sign + symbol + "\u00A0" + amount
	}
	return sign + symbol + amount
}
