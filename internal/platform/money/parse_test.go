package money_test

import (
	"errors"
	"testing"

	"causerie/internal/platform/money"
)

func TestAmountsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]int64{
		"12 400,50": 1_240_050, "12 400": 1_240_000, "12\u202f400,5\u00a0€": 1_240_050, "12,400.50": 1_240_050, "$12,400": 1_240_000, "0,99": 99,
		"1.234.567,89": 123_456_789, "12,400": 1_240_000, "12.400": 1_240_000, "1,234,567": 123_456_700, "12'400.50": 1_240_050, "12’400.50": 1_240_050,
		"CHF 12'400.-": 1_240_000, "800.–": 80_000, "12400": 1_240_000, "4 800 € ": 480_000, "1 200 $ CA": 120_000, "US$ 99.9": 9_990, "0": 0, "0,5": 50,
		"12 400 EUR": 1_240_000, "3 500 euros": 350_000, "1 000 000": 100_000_000, "5": 500, "100,": 10_000,
		"$12 CAD": 1_200, "12 $ can": 1_200, "1 200 dollars canadiens": 120_000, "\u200e1 200 \u200e€": 120_000, "12\u200b,5": 1_250, "500 francs suisses": 50_000,
	} {
		if got, err := money.Parse(typed, ""); got != want || err != nil {
			t.Errorf("%q reads %d, %v; want %d", typed, got, err, want)
		}
	}
}

func TestAThousandIsNeverMadeByMistake(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"4 800,505", "0,125", "12 400,500", "1 234,567", "0.125", "1234,567", "12'400,500", "1,23,456", "12 40", "1 2345", "1.234,567.89", "12,345.678,90",
		"beaucoup", "-5", "1e9", "12 €€ 4", "€ 5 €", "99999999999999999999", "", "€", "12 pommes", "1,2345", "０,5", "0 125", "١٢٣٤", "12k", "12 K€", "1,2 M€", "12€50", "12 euros 50", "1200-1500", "1 200 € HT", "€12 EUR", "EU 5 R", "$ 12 €", "−12", "(12)",
	} {
		if got, err := money.Parse(typed, ""); !errors.Is(err, money.ErrAmount) {
			t.Errorf("%q reads %d, %v", typed, got, err)
		}
	}
}

func TestASignDoesNotContradictTheCurrency(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, currency string
		want            error
	}{
		{"12 400 $", "EUR", money.ErrCurrency}, {"12 400 $", "CAD", nil}, {"12 400 $", "USD", nil}, {"12 400 $ US", "CAD", money.ErrCurrency},
		{"€500", "CHF", money.ErrCurrency}, {"500 €", "EUR", nil}, {"500 chf", "CHF", nil}, {"Fr. 500.-", "EUR", money.ErrCurrency}, {"£5", "GBP", nil}, {"5", "EUR", nil},
		{"CA$5", "USD", money.ErrCurrency}, {"12 $ CAD", "CAD", nil}, {"$ USD 12", "CAD", money.ErrCurrency}, {"¥1200", "EUR", money.ErrCurrency}, {"1200 ¥", "JPY", nil}, {"5 GBP", "EUR", money.ErrCurrency}, {"$12 CAD", "CAD", nil}, {"$12 CAD", "USD", money.ErrCurrency}, {"12 dollars US", "CAD", money.ErrCurrency},
		{"12 €", "CAD", money.ErrCurrency}, {"\u200e12 €", "CAD", money.ErrCurrency},
	} {
		if _, err := money.Parse(c.typed, c.currency); !errors.Is(err, c.want) {
			t.Errorf("%q in %s: %v, want %v", c.typed, c.currency, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"12 400,50 €", "$12,400.50", "12'400.-", "0,125", ",", "'", "€", "1.2.3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if cents, err := money.Parse(s, "EUR"); cents < 0 || err != nil && cents != 0 {
			t.Errorf("%q reads %d, %v", s, cents, err)
		}
	})
}
