package mandateweb_test

import (
	"net/http"
	"strings"
	"testing"

	"causerie/internal/feature/mandate"
	"causerie/internal/feature/mandate/mandateweb"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/web"
	"causerie/internal/view/attribution"
	"causerie/internal/view/timeline/timelinetest"
)

func site(t *testing.T) *timelinetest.Site {
	t.Helper()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	return timelinetest.Serve(w, mandateweb.Bundle, func(k *web.Kit) []web.Route {
		return mandateweb.New(k, w.Mandates, w.Contacts, attribution.New(w.DB), w.Voices).Routes()
	})
}

func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, err := range s.Kit.Catalog().Check() {
		if strings.Contains(err.Error(), "mandate.") || strings.Contains(err.Error(), "stage.") || strings.Contains(err.Error(), "moment.") {
			t.Error(err)
		}
	}
}

func TestAMandateLivesFromItsFormToItsWin(t *testing.T) {
	t.Parallel()
	s := site(t)
	res, body := s.Get("/app/mandates")
	s.Wants(t, res, body, 200, "Aucun mandat en cours", "Ouvrir un mandat")
	res, body = s.Get("/app/mandates/new")
	s.Wants(t, res, body, 200, "Nouveau mandat")

	res, body = s.Post("/app/mandates", "title", "", "amount", "beaucoup", "next_act", "Rappeler", "currency", "EUR")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Montant non reconnu", `value="beaucoup"`, `value="Rappeler"`)
	res, body = s.Post("/app/mandates", "title", "", "amount", "12", "currency", "EUR")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Ce champ est à remplir")

	res, body = s.Post("/app/mandates", "title", "La salle du conseil", "amount", "12 400,50", "next_act", "Rappeler", "next_on", "2026-11-19", "currency", "EUR")
	s.Wants(t, res, body, http.StatusSeeOther)
	page := res.Header.Get("Location")
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "La salle du conseil", "12 400,50 €", "jeudi 19 novembre 2026", "Aucun message ni abonnement connu", `value="12 400,50"`)
	res, body = s.Get("/app/mandates")
	s.Wants(t, res, body, 200, "<b>Un mandat</b> en cours, pour <b>12 400,50 €</b>.", "L’un demande une action cette semaine.")

	res, body = s.Post(page, "title", "La grande salle", "amount", "", "next_act", "", "next_on", "", "currency", "CHF", "note", "Deux dates")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Post(page, "title", "La grande salle", "amount", "1.000.000", "next_on", "demain")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Date non reconnue", `value="1.000.000"`)

	res, body = s.Post(page+"/move", "stage", "lost")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Dites pourquoi", "La grande salle")
	res, body = s.Post(page+"/move", "stage", "postponed", "postponed_until", "2027-01-04")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "il vous sera rappelé le lundi 4 janvier 2027")
	res, body = s.Get("/app/mandates?stage=postponed")
	s.Wants(t, res, body, 200, "<b>Un mandat</b> reviendra à son heure.", "Reporté au 4 janv. 2027")
	res, body = s.Post(page+"/move", "stage", "won")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get("/app/mandates?stage=won")
	s.Wants(t, res, body, 200, "<b>Un mandat</b> gagné.", "La grande salle", "16 nov. 2026")
	res, body = s.Get("/app/mandates?stage=lost")
	s.Wants(t, res, body, 200, "Aucun mandat perdu.")

	s.Lang = "en"
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Mandate won", "Reopen")
	res, body = s.Get("/app/mandates/0000000000001")
	s.Wants(t, res, body, 404)
	res, body = s.Get("/app/mandates?stage=qualified")
	s.Wants(t, res, body, http.StatusUnprocessableEntity)
}

func TestWhatLedToAMandateIsLabelledForWhatItIs(t *testing.T) {
	t.Parallel()
	s := site(t)
	p := s.W.Publish("Nos délais")
	s.W.Comment(p, "Ana", "ana@kervella.example", "Très juste.")
	r := s.W.Request("Paul", "paul@kervella.example", "Une salle, <script>alert(1)</script> vraiment", "Je lis le billet du lundi.")
	form := "/app/mandates/from-message/" + r.ID.String()
	res, body := s.Get(form)
	s.Wants(t, res, body, 200, "Nouveau mandat", "Pour Paul", "Je lis le billet du lundi.")
	if list, _, err := s.W.Mandates.List(t.Context(), s.W.Claire, mandate.Filter{}); err != nil || len(list) != 0 {
		t.Errorf("looking at the form made %d mandates, %v", len(list), err)
	}
	res, body = s.Post("/app/mandates", "message", r.ID.String(), "title", "Une salle", "contact", r.Contact.String(), "currency", "EUR", "declared", "Je lis le billet du lundi.")
	s.Wants(t, res, body, http.StatusSeeOther)
	page := res.Header.Get("Location")
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Je lis le billet du lundi.", "déclaré", "présumé", "adresse jamais confirmée", "de Ana, même entreprise", "sous « Nos délais »")
	if strings.Contains(body, "<script>alert") {
		t.Error("a visitor's script is in the page")
	}
	s.W.Verify(r.Contact)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "observé", "Vous vous parliez déjà", "/app/inbox/"+r.ID.String())
	if again, _ := s.Get(form); again.Header.Get("Location") != page {
		t.Errorf("pressing twice led to %s", again.Header.Get("Location"))
	}
	res, body = s.Get("/app/mandates/from-message/x")
	s.Wants(t, res, body, 404)
	list, _, err := s.W.Mandates.List(t.Context(), s.W.Claire, mandate.Filter{})
	if err != nil || len(list) != 1 {
		t.Errorf("%d mandates, %v", len(list), err)
	}
}

func TestAMandateIsDeletedAndComesBackWhole(t *testing.T) {
	t.Parallel()
	s := site(t)
	m, err := s.W.Mandates.Open(t.Context(), s.W.Claire, mandate.Input{Title: "Une erreur"})
	s.W.Must(err)
	page := "/app/mandates/" + m.ID.String()
	res, body := s.Post(page + "/delete")
	s.Wants(t, res, body, http.StatusSeeOther)
	list := res.Header.Get("Location")
	res, body = s.Get(list)
	s.Wants(t, res, body, 200, "« Une erreur » est supprimé.", "Aucun mandat en cours", page+"/restore")
	if res, _ = s.Get(page); res.Header.Get("Location") != list {
		t.Errorf("its page leads to %q", res.Header.Get("Location"))
	}
	res, body = s.Post(page+"/move", "stage", "won")
	s.Wants(t, res, body, http.StatusGone)
	res, body = s.Post(page + "/restore")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Une erreur", "Intérêt noté")
	res, body = s.Post(page + "/restore")
	s.Wants(t, res, body, http.StatusConflict)
	if _, body = s.Get("/app/mandates?gone=" + m.ID.String()); strings.Contains(body, "/restore") {
		t.Error("what is there can be brought back")
	}
}

func TestWhoIsLookedForInTheFormOfAMandateLosesNothing(t *testing.T) {
	t.Parallel()
	s := site(t)
	p := s.W.Publish("Nos délais")
	who := s.W.Comment(p, "Zoé Rare", "zoe@rare.example", "Bonjour").Contact
	res, body := s.Post("/app/mandates", "title", "Un banc", "amount", "12 400", "note", "x", "who", "rare", "do", "find", "currency", "EUR")
	s.Wants(t, res, body, 200, `value="Un banc"`, `value="12 400"`, "Zoé Rare", `value="`+who.String()+`"`)
	res, body = s.Post("/app/mandates", "title", "Un banc", "who", "personne", "do", "find", "currency", "EUR")
	s.Wants(t, res, body, 200, "Aucun résultat pour « personne »", `value="Un banc"`)
	if list, _, err := s.W.Mandates.List(t.Context(), s.W.Claire, mandate.Filter{}); err != nil || len(list) != 0 {
		t.Errorf("looking made %d mandates, %v", len(list), err)
	}
}

func TestAMandateSaysThatItsClientHadSubscribed(t *testing.T) {
	t.Parallel()
	s := site(t)
	c, _ := s.W.Subscribe("paul@kervella.example", subscription.Follow{Voice: s.W.Voice.ID})
	m := s.W.Win("La salle", c.ID, 1_000_00)
	res, body := s.Get("/app/mandates/" + m.ID.String())
	s.Wants(t, res, body, 200, "Cette personne s’était abonnée à la lettre, le <b>16 nov. 2026</b>.", "Un abonnement à la lettre « "+s.W.Voice.Name+" »", "observé")
	s.Lang = "en"
	res, body = s.Get("/app/mandates/" + m.ID.String())
	s.Wants(t, res, body, 200, "This person subscribed to the letter", "A subscription to the letter “"+s.W.Voice.Name+"”")
}
