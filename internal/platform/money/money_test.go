package money_test

import (
	"slices"
	"testing"

	"causerie/internal/platform/money"
)

func TestCurrenciesAreNeverAddedToEachOther(t *testing.T) {
	var s money.Sum
	for _, a := range []money.Amount{{"EUR", 1250}, {"CHF", 300}, {"EUR", -50}, {"CAD", 0}} {
		s = s.Add(a)
	}
	if want := (money.Sum{{"EUR", 1200}, {"CHF", 300}}); !slices.Equal(s, want) {
		t.Errorf("%v, want %v", s, want)
	}
}

func TestACurrencyIsThreeCapitals(t *testing.T) {
	for code, want := range map[string]bool{"EUR": true, "CAD": true, "eur": false, "EU": false, "EURO": false, "E R": false, "ÉUR": false, "": false} {
		if money.ValidCurrency(code) != want {
			t.Errorf("%q: %v, want %v", code, !want, want)
		}
	}
}
