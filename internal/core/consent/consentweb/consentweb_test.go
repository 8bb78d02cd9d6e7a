package consentweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/consent/consentweb"
	"causerie/internal/core/contact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/web"
	"causerie/internal/view/timeline/timelinetest"
)

func site(t *testing.T) (s *timelinetest.Site, page string) {
	t.Helper()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	s = timelinetest.Serve(w, consentweb.Bundle, func(k *web.Kit) []web.Route {
		return consentweb.New(k, w.Consents, w.Contacts, w.House).Routes()
	})
	ana, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Ana Le Goff", Email: "ana@legoff.example"})
	w.Must(err)
	return s, "/app/contacts/" + ana.ID.String() + "/consents"
}

func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	s, _ := site(t)
	for _, err := range s.Kit.Catalog().Check() {
		if strings.Contains(err.Error(), "consent.") {
			t.Error(err)
		}
	}
}

func TestWhatSomebodyAgreedToIsAddedAndProved(t *testing.T) {
	t.Parallel()
	s, page := site(t)
	res, body := s.Get(page)
	s.Wants(t, res, body, 200, "Peut\u2011on écrire à Ana Le Goff ?", "Non : rien ne le permet encore.", "Aucune pour l’instant.")
	res, body = s.Post(page, "basis", "consent", "jurisdiction", "FR", "source", "Salon de Rennes")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, `value="Salon de Rennes"`, "Ce champ est à remplir.")
	res, body = s.Post(page, "purpose", "letter", "basis", "consent", "jurisdiction", "FR", "source", "Salon de Rennes")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, `value="Salon de Rennes"`, `aria-describedby="p-wording h-wording"`)
	res, body = s.Post(page, "purpose", "letter", "basis", "consent", "jurisdiction", "FR", "source", "Salon de Rennes", "wording", "Oui, envoyez-moi la lettre.",
		"at", "2026-12-24")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, `value="2026-12-24"`, `aria-describedby="p-at h-at"`)
	res, body = s.Post(page, "purpose", "letter", "basis", "consent", "jurisdiction", "FR", "source", "Salon de Rennes", "wording", "Oui, envoyez-moi la lettre.",
		"at", "2026-03-03")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Oui : accord du 3 mars 2026.", "Jusqu’au 3 mars 2029.", "Accord, pour la lettre", "Oui, envoyez-moi la lettre.", "Salon de Rennes",
		"ana@legoff.example", "Empreinte")
	res, body = s.Post(page+"/stop", "stop", "objection", "of", "", "stop_at", "2030-01-01", "stop_source", "Au téléphone")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, `value="Au téléphone"`)
	res, body = s.Post(page+"/stop", "stop", "objection", "of", "", "stop_source", "Au téléphone")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Non : opposition du 16 nov. 2026.", "Opposition", "Accord, pour la lettre")
}

// On the ground of somebody's function: what lacks is said and filled in on one form, and who is not told yet will be by the first message.
func TestTheFourConditionsAreSeenAndFilledIn(t *testing.T) {
	t.Parallel()
	s, page := site(t)
	res, body := s.Post(page, "purpose", "nudge", "basis", consent.Function, "jurisdiction", "FR", "source", "Annuaire des architectes")
	s.Wants(t, res, body, http.StatusSeeOther)
	s.Lang = "en"
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "May you write to Ana Le Goff?", "Not yet. Missing: their role, on their page, what the messages are about.",
		"Their role is missing.", "What the messages are about is missing.", "Where you got the address: Annuaire des architectes",
		"Not informed yet: the first message will do it, by 16 Dec 2026.")
	res, body = s.Post(page+"/function", "function_purpose", "nudge", "function_source", "Annuaire des architectes", "role", "Architecte")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, `value="Architecte"`, `id="p-theme"`)
	res, body = s.Post(page+"/function", "role", "Architecte", "theme", "Meeting rooms", "function_source", "Annuaire des architectes")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "A field needs correcting.")
	res, body = s.Post(page+"/function", "function_purpose", "nudge", "role", "Architecte", "theme", "Meeting rooms", "function_source", "Annuaire des architectes",
		"function_jurisdiction", "FR")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Yes, because of their role: 16 Nov 2026.", "The first message will say where you got their address. It must go out by",
		"Their role: Architecte", "What the messages are about: Meeting rooms")
	s.W.Clock.Advance(31 * 24 * time.Hour)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "No: they were not informed within a month", "Not informed in time: the time allowed ended on")
	res, body = s.Post(page+"/function", "function_purpose", "nudge", "role", "Architecte", "theme", "Meeting rooms", "function_source", "Annuaire des architectes",
		"informed_at", "2026-12-17")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Yes, because of their role", "Informed on 17 Dec 2026")
}
