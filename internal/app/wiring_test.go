package app_test

import (
	"slices"
	"testing"

	"causerie/internal/app"
	"causerie/internal/core/house"
	"causerie/internal/platform/i18n"
)

func TestCatalogsAreComplete(t *testing.T) {
	catalog, err := app.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range catalog.Check() {
		t.Error(err)
	}
}

// The house offers the words that the catalogs know, and each is a word of both languages.
func TestEveryTradeOfTheHouseIsATermOfTheCatalogs(t *testing.T) {
	catalog, err := app.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	trades := slices.Clone(house.Trades()[1:])
	slices.Sort(trades)
	if got := catalog.Terms(); !slices.Equal(got, trades) {
		t.Errorf("the catalogs know %v, the house offers %v", got, trades)
	}
	now := ""
	catalog.Speak(func() string { return now })
	seen := map[string]bool{}
	for _, now = range house.Trades() {
		for _, l := range i18n.Langs() {
			said := catalog.T(l, "mandate.moved_won")
			if seen[string(l)+said] {
				t.Errorf("%s has no word of its own in %s: %q", now, l, said)
			}
			seen[string(l)+said] = true
		}
	}
}
