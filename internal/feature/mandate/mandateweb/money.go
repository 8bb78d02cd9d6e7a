package mandateweb

import (
	"slices"

	"causerie/internal/feature/mandate"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/money"
	"causerie/internal/platform/web"
)

// currencies are those that the form offers besides the one a mandate has.
func currencies(now string) []string {
	all := []string{"EUR", "CAD", "CHF", "USD", "GBP"}
	if len(now) == 3 && !slices.Contains(all, now) {
		all = append(all, now)
	}
	return all
}

// typed writes an amount as people type it, so that the form can read it again: "12 400,50", "12,400.50"; "" for none.
func typed(l i18n.Lang, cents *int64) string {
	if cents == nil {
		return ""
	}
	s := i18n.Number(l, *cents/100)
	if rest := *cents % 100; rest != 0 {
		separator := "."
		if l.French() {
			separator = ","
		}
		s += separator + string(rune('0'+rest/10)) + string(rune('0'+rest%10))
	}
	return s
}

// amounts writes the money of some stages, one currency after the other: "38 600 € et 1 200 CHF"; "" when none is known.
func amounts(r *web.Request, sums []mandate.Sum, stages ...string) (count int, written string) {
	var total money.Sum
	for _, s := range sums {
		if slices.Contains(stages, s.Stage) {
			count += s.Count
			total = total.Add(money.Amount{Currency: s.Currency, Cents: s.Cents})
		}
	}
	return count, r.Amounts(total)
}

// readAmount reads the field of an amount: nil when it was left empty.
func readAmount(f *web.Form) *int64 {
	if f.Text("amount") == "" {
		return nil
	}
	cents := f.Cents("amount", f.Text("currency"))
	return &cents
}
