package harness_test

import (
	"net/http"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/feature/mandate"
	"causerie/internal/harness"
)

// A house says once what its trade calls a mandate, and every page of work says it so, in the language of who reads.
func TestAHouseSpeaksTheWordOfItsTrade(t *testing.T) {
	h := harness.Start(t, harness.Options{SetUp: true})
	owner := h.SignIn()
	owner.Get("/app/settings/house").OK().Has("label", "Le travail que l’on vous confie s’appelle").
		Form("form[action='/app/settings/house']").With("timezone", "Europe/Paris").With("currency", "EUR").With("trade", "deal").Submit().Is(http.StatusSeeOther)
	owner.Get("/app/mandates").OK().Has("nav", "Affaires").Has("h1", "Affaires").Has("a", "Nouvelle").HasNot("main", "andat")
	who, err := h.Contacts.Create(t.Context(), h.Owner.Actor(), contact.NewContact{Name: "Anne Le Goff"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.Mandates.Open(t.Context(), h.Owner.Actor(), mandate.Input{Title: "Une table", Contact: who.ID})
	if err != nil {
		t.Fatal(err)
	}
	won := mandate.Won
	if _, err := h.Mandates.Change(t.Context(), h.Owner.Actor(), m.ID, mandate.Patch{Stage: &won}); err != nil {
		t.Fatal(err)
	}
	owner.Get("/app/mandates?stage=won").OK().Has("main", "Une affaire gagnée.").HasNot("main", "andat")
	owner.Get("/app/attribution").OK().Has("h1", "D’où viennent vos affaires").HasNot("main", "andat")

	refused := "hobby"
	if _, err := h.House.Change(t.Context(), h.Owner.Actor(), house.Patch{Trade: &refused}); err == nil {
		t.Error("a word that no catalog knows was taken")
	}
}
