package i18n

import (
	"causerie/internal/platform/money"
	"math"
	"strconv"
	"strings"
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

// symbols of the currencies, by Lang.index; a currency that is not here is written by its code. In English a
// bare dollar is Canadian, since that is where the houses that count in dollars are.
var symbols = map[string][3]string{
	"EUR": {"€", "€", "€"},
	"CAD": {"$\u00A0CA", "$", "$"},
	"USD": {"$\u00A0US", "$\u00A0US", "US$"},
	"GBP": {"£", "£", "£"},
}

// Amounts writes a sum, one currency after the other: "38 600 €, 1 200 CHF"; "" for nothing.
func Amounts(l Lang, all money.Sum) string {
	parts := make([]string, len(all))
	for i, a := range all {
		parts[i] = Money(l, a.Cents, a.Currency)
	}
	return strings.Join(parts, ", ")
}

// maxCents is more money than there is: what is beyond is a row that somebody spoilt.
const maxCents = 100_000_000_000_000_00

// Money writes an amount of cents of an ISO 4217 currency, without decimals when it is whole: "12 400 €",
// "12 400 $", "€12,400", "1 250,50 CHF".
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
