package site

import (
	"strings"
	"testing"
)

func TestAnExcerptOfASearchIsTypesetAcrossItsMarks(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, p := range found("fr-FR", "Un chêne coûte-t-il beaucoup ? La table : 4 000 € « net ».", "beaucoup table") {
		all.WriteString(p.Text)
	}
	if want := "Un chêne coûte\u2011t\u2011il beaucoup\u202F? La table\u00A0: 4\u202F000\u00A0€ «\u00A0net\u00A0»."; all.String() != want {
		t.Errorf("%q, want %q", all.String(), want)
	}
}

func TestWhatIsBoundIsMarkedUnderEverySpelling(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"loreal": "L’Oréal", "oreal": "L’Oréal", "email": "e-mail", "obrien": "O’Brien", "brien": "O’Brien", "rendezvous": "rendez-vous", "nodejs": "node.js", "travail": "travaux",
		"1043": "2026-1043", `"des travaux"`: "travaux",
	} {
		marked := ""
		for _, p := range found("fr-FR", "Pour L’Oréal, un e-mail de O’Brien : rendez-vous sur node.js, des travaux, facture 2026-1043.", query) {
			if p.Mark {
				marked = strings.ReplaceAll(p.Text, "\u2011", "-")
			}
		}
		if marked != want {
			t.Errorf("%s marks %q, want %q", query, marked, want)
		}
	}
}
