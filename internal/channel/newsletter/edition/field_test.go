package edition_test

import (
	"slices"
	"strings"
	"testing"

	"causerie/internal/channel/newsletter/edition"
)

func TestAGreetingReadsWellWithAndWithoutAName(t *testing.T) {
	paul, nobody := edition.Person{Name: "Paul Kervella", Company: "Kervella & fils"}, edition.Person{}
	for _, c := range []struct{ line, known, unknown string }{
		{"Bonjour {prénom},", "Bonjour Paul,", "Bonjour,"},
		{"Bonjour {prenom}", "Bonjour Paul", "Bonjour"},
		{"Bonjour {Prénom}\u202f!", "Bonjour Paul\u202f!", "Bonjour\u202f!"},
		{"Hello { first name },", "Hello Paul,", "Hello,"},
		{"{prénom}, voici l’été", "Paul, voici l’été", "Voici l’été"},
		{"{prénom}, écrivez-nous", "Paul, écrivez-nous", "Écrivez-nous"},
		{"Cher {nom}, merci", "Cher Paul Kervella, merci", "Cher, merci"},
		{"Cher {prénom|ami}, merci", "Cher Paul, merci", "Cher ami, merci"},
		{"Chez {société|vous}, il pleut", "Chez Kervella & fils, il pleut", "Chez vous, il pleut"},
		{"Rien {à remplir} ici", "Rien {à remplir} ici", "Rien {à remplir} ici"},
		{"{first_name}", "Paul", ""},
	} {
		f := frame()
		f.Lang, f.Subject, f.Greeting = "fr-FR", "x", c.line
		if strings.Contains(c.line, "first") {
			f.Lang = "en"
		}
		e := edition.Of(edition.Letter{Frame: f, Title: "Titre", Body: render("Texte.", "fr-FR")})
		for p, want := range map[edition.Person]string{paul: c.known, nobody: c.unknown} {
			if _, _, plain := e.For(p); want != "" && !strings.Contains(plain, "\n\n"+want+"\n\nTexte.") {
				t.Errorf("%q for %q: want %q in\n%s", c.line, p.Name, want, plain)
			}
		}
	}
}

func TestANameMayBeMarked(t *testing.T) {
	e := edition.Of(edition.Letter{Frame: frame(), Merge: true, Body: render("Bonjour **{prénom}**, voici `{prénom}`.", "fr-FR")})
	_, _, known := e.For(edition.Person{Name: "Paul"})
	_, html, unknown := e.For(edition.Person{})
	if !strings.Contains(known, "Bonjour Paul, voici {prénom}.") || !strings.Contains(unknown, "Bonjour, voici {prénom}.") || !strings.Contains(html, "Bonjour<strong></strong>, voici") {
		t.Errorf("%s\n%s\n%s", known, unknown, html)
	}
}

func TestWhatIsNoNameIsNotSaid(t *testing.T) {
	f := frame()
	f.Greeting = "Bonjour {prénom},"
	e := edition.Of(edition.Letter{Frame: f, Body: render("Texte.", "fr-FR")})
	for name, want := range map[string]string{
		"Gagnez 1000 € sur www.exemple.com": "Bonjour,", "paul@exemple.fr": "Bonjour,", "KERVELLA Jean-Luc": "Bonjour Jean-Luc,", "M. Paul Kervella": "Bonjour Paul,",
		"Mme Bihan": "Bonjour,", "J. Dupont": "Bonjour Dupont,", "Élodie": "Bonjour Élodie,", "https://x.example": "Bonjour,", "12": "Bonjour,",
		"Paul\r\nBcc: moi@exemple.fr": "Bonjour,", "{prénom}": "Bonjour,",
	} {
		if _, _, plain := e.For(edition.Person{Name: name}); !strings.Contains(plain, "\n"+want+"\n") {
			t.Errorf("%q is not greeted with %q:\n%s", name, want, plain)
		}
	}
}

func TestAFieldThatIsMisspeltIsTold(t *testing.T) {
	for _, c := range []struct {
		lang, line string
		want       []edition.Problem
	}{
		{"fr-FR", "Bonjour {prénom}, {Nom} et {societe|vous}", nil},
		{"fr-FR", "Bonjour {prénon},", []edition.Problem{{Code: "field_unknown", Field: "{prénon}", Suggestion: "{prénom}"}}},
		{"en", "Hello {first nam},", []edition.Problem{{Code: "field_unknown", Field: "{first nam}", Suggestion: "{first_name}"}}},
		{"fr-FR", "Chez {société}, {prénom}", []edition.Problem{{Code: "field_alone", Field: "{société}", Suggestion: "{société|…}"}}},
		{"fr-FR", "Un ensemble {1, 2} et {}", nil},
	} {
		if got := edition.Problems(c.lang, c.line); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.line, got, c.want)
		}
	}
	if got := edition.BodyProblems("fr-FR", render("Le code `{x}` et {prenon}.", "fr-FR")); len(got) != 1 || got[0].Field != "{prenon}" {
		t.Errorf("in a text: %+v", got)
	}
}
