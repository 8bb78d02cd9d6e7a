package mandate

import "testing"

func TestAMandateIsNotCalledBonjour(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]string{
		"Bonjour, nous cherchons une grande table pour notre salle.": "Nous cherchons une grande table pour notre salle",
		"Bonjour Madame Aubin,\nUn devis pour douze chaises ?":       "Un devis pour douze chaises ?",
		"Bonjour. Madame, je voudrais refaire mes bureaux. Merci.":   "Je voudrais refaire mes bureaux",
		"Dear Claire, could you make a table? Thanks":                "Could you make a table? Thanks",
		"Un banc de chêne":      "Un banc de chêne",
		"Bonjour":               "Bonjour",
		"Bonjour à tous, merci": "Merci",
		"Cherchons menuisier":   "Cherchons menuisier",
		"":                      "",
	} {
		if got := titleOf(letter); got != want {
			t.Errorf("%q is called %q, want %q", letter, got, want)
		}
	}
}

func TestTheNextStageLeadsOn(t *testing.T) {
	t.Parallel()
	for stage, want := range map[string]string{Interest: Request, Request: Talk, Talk: Proposal, Proposal: "", Won: "", Lost: "", Postponed: ""} {
		if got := Next(stage); got != want {
			t.Errorf("after %s comes %q, want %q", stage, got, want)
		}
	}
}
