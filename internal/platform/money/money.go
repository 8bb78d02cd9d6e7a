// Package money adds and checks amounts. An amount is whole cents of one currency: amounts in two currencies are never
// added, they stand beside each other. How an amount is written is i18n.Money.
package money

import "slices"

// Amount is an amount in one currency.
type Amount struct {
	Currency string // ISO 4217, "EUR"
	Cents    int64  // hundredths of it
}

// Sum is a total: one amount for each currency, in the order in which they were first added. The zero Sum is nothing.
type Sum []Amount

// Add returns s with a added to it. An amount of nothing leaves no trace.
func (s Sum) Add(a Amount) Sum {
	if a.Cents == 0 {
		return s
	}
	if i := slices.IndexFunc(s, func(b Amount) bool { return b.Currency == a.Currency }); i >= 0 {
		s[i].Cents += a.Cents
		return s
	}
	return append(s, a)
}

// ValidCurrency reports whether code has the shape of an ISO 4217 code: three capital letters. Which of them exist is
// not asked: the list changes, and i18n writes a currency without a symbol by its code.
func ValidCurrency(code string) bool {
	if len(code) != 3 {
		return false
	}
	for i := range len(code) {
		if code[i] < 'A' || code[i] > 'Z' {
			return false
		}
	}
	return true
}
