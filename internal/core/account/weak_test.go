package account

import (
	"slices"
	"testing"

	"causerie/internal/platform/fault"
)

var claire = []string{"Ateliers Aubin", "Claire Aubin", "c.aubin@ateliers.example"}

func TestWhatIsGuessedFirstIsNoPassword(t *testing.T) {
	t.Parallel()
	for want, all := range map[string][]string{
		"too_short": {"", "azerty", "doudou", "ééééééééé"},
		"common": {"azertyuiop", "AZERTYUIOP", "qwertyuiop", "motdepasse", "Motdepasse", "motdepasse1", "MotDePasse123!", "mot de passe", "doudou1234", "doudou!!!!!",
			"marseille13", "Marseille13!", "1marseille13", "p@ssw0rd123", "M0tDeP@sse2026", "1234567890", "iloveyou123", "qwerty123456", "soleil2026!", "chouchou75", "azerty12345", "123-soleil-456", "jetaime12345"},
		"personal": {"claireaubin", "Claire Aubin", "aubinclaire", "Aubin-2026!", "ateliers-aubin", "Ateliers Aubin depuis 1987", "c-l-aubin.75194", "c.aubin2026",
			"caubin-caubin", "les c.aubin dansent encore"},
		"too_simple": {"aaaaaaaaaa", "abababababab", "doudoudoudoudou", "abcdefghijkl", "qsdfghjklm1", "1aqw2zsx3edc", "0987654321", "1qaz2wsx3edc", "!!!!!!!!!!", "azqsazqsazqs"},
		"":           {"une phrase assez longue", "copeaux de chêne", "cheval agrafe batterie", "Kx7#mQ2vLp9!", "où vont les hirondelles", "la scie de claire chante faux"},
	} {
		for _, p := range all {
			err := checkPassword(p, claire...)
			got := ""
			if problems := fault.ProblemsOf(err); len(problems) == 1 {
				got = problems[0].Code
			}
			if got != want && !(want == "too_simple" && got == "common") {
				t.Errorf("%q: %q, want %q", p, got, want)
			}
		}
	}
}

// The list is searched by halves.
func TestTheListIsSortedAndLong(t *testing.T) {
	t.Parallel()
	if all := commonWords(); !slices.IsSorted(all) || len(all) < 15_000 {
		t.Errorf("%d words, sorted %v", len(all), slices.IsSorted(all))
	}
}
