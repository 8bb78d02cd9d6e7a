package harness_test

import (
	"strings"
	"testing"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/harness"
)

// A segment is chosen, counted before anything is kept, explained, shown, taken along, and is whom a letter goes to.
func TestASegmentIsCountedKeptTakenAlongAndWrittenTo(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		me := h.Owner.Actor()
		budget, err := h.Contacts.SaveField(h.Context(), me, contact.Field{Name: "Budget", Kind: contact.Number})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range []contact.NewContact{
			{Name: "Ana Le Goff", Email: "ana@legoff.example", Place: "Quimper", Fields: map[fact.FieldID]string{budget.ID: "12 000"}},
			{Name: "Paul Kervella", Email: "paul@kervella.example", Place: "quimper", Fields: map[fact.FieldID]string{budget.ID: "500"}},
			{Name: "Zoé", Email: "zoe@ailleurs.example", Place: "Brest"},
		} {
			one.Lang = "fr-FR"
			c, err := h.Contacts.Create(h.Context(), me, one)
			if err == nil && one.Name != "Paul Kervella" {
				_, err = h.Consents.Record(h.Context(), me, c.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Wording: "Oui.", Jurisdiction: "FR"})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		owner := h.SignIn()
		owner.Get("/app/contacts").OK().Click("Groupes").OK().Has("main", "Aucun groupe pour l’instant").Click("Former un groupe").OK().Has("aside", "3 personnes")
		page := owner.Get("/app/segments/new?place=QUIMPER").OK().Has("aside", "2 personnes").Has("aside", "Une lettre partirait aujourd’hui à 1 d’entre elles").
			Has("aside", "rien ne permet d’écrire à 1 personne").Has("aside", "Paul Kervella").HasNot("aside", "Zoé")
		page.Form("main form[method=post]").Fill("name", "").Submit().Is(422).Has("main", "Ce champ est à remplir").Has("aside", "2 personnes")
		owner.Get("/app/segments/new?field="+budget.ID.String()+"&field_from=beaucoup").Is(200).Has("aside", "Corrigez d’abord")
		page = owner.Get("/app/segments/new?place=quimper").Form("main form[method=post]").Fill("name", "Quimper, gros budgets").Fill("field", budget.ID.String()).
			Fill("field_from", "1 000").Submit()
		page = owner.Follow(page).OK()
		page.Has("h1", "Quimper, gros budgets").Has("main", "Ana Le Goff").HasNot("main", "Paul Kervella").Has("aside", "à quimper · Budget à partir de 1\u202f000").Has("aside", "1 personne")
		table := owner.Get(page.Link("CSV")).OK()
		if s := string(table.Body); !strings.Contains(s, "ana@legoff.example") || strings.Contains(s, "paul@") || !strings.Contains(s, "Budget") {
			t.Errorf("the table is %s", s)
		}
		if s := string(owner.Get(page.Link("vCard")).OK().Body); !strings.Contains(s, "FN:Ana Le Goff") || strings.Count(s, "BEGIN:VCARD") != 1 {
			t.Errorf("the cards are %s", s)
		}
		owner.Get("/app/segments").OK().Has("main", "Quimper, gros budgets").Has("main", "1 personne")
		letter := page.Click("Leur écrire une lettre").OK().Form("main form[method=post]").Fill("subject", "Bonjour").Fill("body", "Bonjour à vous.").Submit()
		owner.Follow(letter).OK().Has("main", "Quimper, gros budgets")
		edited := owner.Follow(page.Click("Modifier").OK().Form("main form[method=post]").Fill("field", "").Fill("field_from", "").Submit()).OK()
		edited.Has("main", "Paul Kervella")
		owner.Follow(edited.Form("aside form[method=post]").Submit()).OK().Has("main", "Aucun groupe")
	})
}

// A list is given, looked at, brought in, and told, on the page; while it comes in the page looks again by itself.
func TestAListComesInOnThePageAndTheReportIsSeen(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	id, err := h.Roster.Keep(h.Context(), me, "clients.csv", strings.NewReader("Nom;Courriel;Atelier\nAna;ana@legoff.example;Nord\nBob;pas une adresse;\n"))
	if err != nil {
		t.Fatal(err)
	}
	owner := h.SignIn()
	owner.Get("/app/imports").OK().Has("main", "CSV")
	page := owner.Get("/app/imports/"+id.String()).OK().Has("main", "Atelier").Has("main", "Un nouveau champ, à ce nom")
	page.Form("main form[method=post]").Fill("basis", "consent").Submit().Is(422)
	running := owner.Follow(page.Form("main form[method=post]").Fill("column2", "own:new").Submit()).OK().Has("main", "L’import se fait pendant que vous travaillez")
	if len(running.All("[data-again][data-part=import]")) != 1 {
		t.Error("the page of an import that runs does not look again")
	}
	h.RunJobs()
	done := owner.Get("/app/imports/"+id.String()).OK().Has("main", "Personnes ajoutées : 1").Has("main", "Lignes refusées : 1")
	if len(done.All("[data-part=import]")) != 1 || len(done.All("[data-again]")) != 0 {
		t.Error("the page of an import that is over looks again")
	}
	if s := string(owner.Get(done.Link("Les lignes refusées, avec la raison")).OK().Body); !strings.Contains(s, "pas une adresse") {
		t.Errorf("what was refused is %s", s)
	}
	fields, err := h.Contacts.Fields(h.Context(), me)
	if err != nil || len(fields) != 1 || fields[0].Name != "Atelier" {
		t.Errorf("%+v, %v", fields, err)
	}
}
