package text

import "testing"

func TestTheFirstWordsAreThoseOfAParagraph(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ source, want string }{
		"no heading is glued to them": {"## Le bon morceau\n\nPrenez du rumsteck : il supporte la poêle comme le four, et reste tendre.\n\n## La suite\n\nFin.",
			"Prenez du rumsteck\u00a0: il supporte la poêle comme le four, et reste tendre."},
		"a short one takes the next":     {"Bonjour.\n\nVoici la suite.\n", "Bonjour. Voici la suite."},
		"lists and notes are left out":   {"- un\n- deux\n\nTrois.[^1]\n\n[^1]: Une note.\n", "Trois."},
		"what is escaped is written out": {"A & B, 3 < 4.", "A & B, 3 < 4."},
		"a quotation is read":            {"> Un délai tenu vaut mieux qu’un délai court, comme on le répète à l’atelier.", "Un délai tenu vaut mieux qu’un délai court, comme on le répète à l’atelier."},
		"a text without paragraphs":      {"## Rien\n\n- un", ""},
		"a break is a blank":             {"Un  \ndeux", "Un deux"},
	} {
		if got := FirstWords(Render(c.source, Options{Lang: "fr-FR", TopHeading: 2}).HTML, 180); got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}

func TestTheFirstPictureOfATextIsFound(t *testing.T) {
	t.Parallel()
	r := Render("Un mot.\n\n![Un étal & son boucher](/media/0sbm2btzmkmj5/960)\n\n![Autre](/media/0sbm2bvvdkvfa/960)", Options{Lang: "fr-FR"})
	if src, alt := FirstImage(r.HTML); src != "/media/0sbm2btzmkmj5/960" || alt != "Un étal & son boucher" {
		t.Errorf("%q, %q", src, alt)
	}
	if src, _ := FirstImage(Render("Aucune.", Options{}).HTML); src != "" {
		t.Errorf("found %q", src)
	}
}
