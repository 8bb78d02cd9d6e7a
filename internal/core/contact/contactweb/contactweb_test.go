package contactweb_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"causerie/internal/core/contact/contactweb"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/web"
	"causerie/internal/view/disclosure"
	"causerie/internal/view/timeline/timelinetest"
)

func site(t *testing.T) *timelinetest.Site {
	t.Helper()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	return timelinetest.Serve(w, contactweb.Bundle, func(k *web.Kit) []web.Route {
		return contactweb.New(k, w.Contacts, w.Timeline, disclosure.New(w.DB, w.House, w.Contacts, w.Timeline), w.Consents).Routes()
	})
}

func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, err := range site(t).Kit.Catalog().Check() {
		if strings.Contains(err.Error(), "contact.") || strings.Contains(err.Error(), "moment.") {
			t.Error(err)
		}
	}
}

func TestAPersonIsWrittenDownFoundAndChanged(t *testing.T) {
	t.Parallel()
	s := site(t)
	res, body := s.Get("/app/contacts")
	s.Wants(t, res, body, 200, "Personne pour l’instant.", "Ajouter une personne")
	res, body = s.Get("/app/contacts/new")
	s.Wants(t, res, body, 200)
	res, body = s.Post("/app/contacts", "name", "", "company", "Conserverie Kervella", "lang", "fr-FR")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Ce champ est à remplir", `value="Conserverie Kervella"`)
	res, body = s.Post("/app/contacts", "name", "Paul Kervella", "email", "pas une adresse", "lang", "fr-FR")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "ne ressemble pas à une adresse de courriel", `value="pas une adresse"`)
	res, body = s.Post("/app/contacts", "name", "Paul Kervella", "email", "paul@kervella.example", "phone", "02 98 00 00 00", "company", "Conserverie Kervella",
		"role", "Directeur", "note", "Rencontré au salon", "lang", "fr-FR")
	s.Wants(t, res, body, http.StatusSeeOther)
	page := res.Header.Get("Location")
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Directeur, Conserverie Kervella · dans vos contacts depuis le 16 nov. 2026", "pas encore confirmé", "02 98 00 00 00", "Rencontré au salon", "Ajout à vos contacts",
		"/app/mandates/new?contact=", "mailto:paul@kervella.example")
	res, body = s.Get("/app/contacts?q=kervella&order=name")
	s.Wants(t, res, body, 200, "Paul Kervella")
	res, body = s.Get("/app/contacts?q=personne")
	s.Wants(t, res, body, 200, "Aucun résultat pour « personne ».")
	res, body = s.Post("/app/contacts", "name", "Un autre", "email", "Paul@Kervella.example", "lang", "fr-FR")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Cette adresse est déjà celle")
	res, body = s.Post(page, "name", "Paul", "email", "x@", "note", "Nouvelle note", "lang", "fr-FR")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Nouvelle note")
	res, body = s.Post(page, "name", "Paul K.", "lang", "en")
	s.Wants(t, res, body, http.StatusSeeOther)
	s.Lang = "en"
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Paul K.", "in your contacts since")
	res, body = s.Get("/app/contacts/zzz")
	s.Wants(t, res, body, 404)
}

func TestARelationIsToldAndItsAliasLeadsToIt(t *testing.T) {
	t.Parallel()
	s := site(t)
	w := s.W
	p := w.Publish("Nos délais")
	c := w.Comment(p, "Paul", "paul@kervella.example", "Une date sûre, <b>sans</b> hésiter")
	r := w.Request("Paul", "paul@kervella.example", "La salle du conseil", "Je lis le billet du lundi.")
	m, err := w.Mandates.FromMessage(t.Context(), w.Claire, r.ID)
	w.Must(err)
	won, cents := mandate.Won, int64(4_200_00)
	_, err = w.Mandates.Change(t.Context(), w.Claire, m.ID, mandate.Patch{Stage: &won, AmountCents: &cents})
	w.Must(err)
	w.Verify(c.Contact)
	page := "/app/contacts/" + c.Contact.String()
	res, body := s.Get(page)
	s.Wants(t, res, body, 200, "Un commentaire sous « Nos délais »", "Une demande par le formulaire", "Mandat gagné : La salle du conseil</a>, 4 200 €",
		"Je lis le billet du lundi.", "confirmé", `class="key"`, "/app/inbox/"+r.ID.String())

	other := w.Comment(p, "Paul K.", "pk@gmail.com", "Encore moi")
	alias := "/app/contacts/" + other.Contact.String()
	res, body = s.Get(page + "?same=gmail")
	s.Wants(t, res, body, 200, "pk@gmail.com", "Comparer")
	res, body = s.Get(page + "/merge?other=" + other.Contact.String())
	s.Wants(t, res, body, 200, "Paul K.", `name="name" value="gone"`, "pk@gmail.com", "Messages", "Garder plutôt l’autre fiche")
	res, body = s.Post(page+"/merge", "other", other.Contact.String())
	s.Wants(t, res, body, http.StatusSeeOther)
	if res, _ = s.Get(alias); res.Header.Get("Location") != page {
		t.Errorf("the alias leads to %q", res.Header.Get("Location"))
	}
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "Encore moi", "pk@gmail.com")
	res, body = s.Get(page + "/part?other=" + other.Contact.String())
	s.Wants(t, res, body, 200, "Ce qui revient à Paul K.", "1 adresse", "1 message", "Ce qui reste à Paul")
	res, body = s.Post(page+"/part", "other", other.Contact.String())
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(alias)
	s.Wants(t, res, body, 200, "Encore moi", "pk@gmail.com")
	if _, body = s.Get(page); strings.Contains(body, "Encore moi") || !strings.Contains(body, "La salle du conseil") {
		t.Error("who was parted left their words behind, or took those of the other")
	}
	res, body = s.Post(page+"/merge", "other", other.Contact.String(), "name", "gone")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "<h1>Paul K.</h1>", "Séparer")
	res, body = s.Post(page+"/merge", "other", c.Contact.String())
	s.Wants(t, res, body, http.StatusConflict)
	res, body = s.Post(page+"/merge", "other", "")
	s.Wants(t, res, body, 404)
}

func TestAFieldOfTheHouseIsMadeFilledAndPutAside(t *testing.T) {
	t.Parallel()
	s := site(t)
	res, body := s.Get("/app/settings/fields")
	s.Wants(t, res, body, 200, "Aucun champ pour l’instant.")
	res, body = s.Post("/app/settings/fields", "name", "Essence", "kind", "choice", "choices", "")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Écrivez au moins un choix", `value="Essence"`)
	for _, f := range [][]string{{"name", "Essence", "kind", "choice", "choices", "Chêne\nHêtre"}, {"name", "Budget", "kind", "number"}, {"name", "Rappel", "kind", "date"}} {
		res, body = s.Post("/app/settings/fields", f...)
		s.Wants(t, res, body, http.StatusSeeOther)
	}
	fields, err := s.W.Contacts.Fields(t.Context(), s.W.Claire)
	s.W.Must(err)
	res, body = s.Get("/app/contacts/new")
	s.Wants(t, res, body, 200, "Essence", "<option>Hêtre</option>", `type="date"`)
	res, body = s.Post("/app/contacts", "name", "Paul", "lang", "fr-FR", "place", "Quimper", fields[0].Input(), "Hêtre", fields[1].Input(), "beaucoup", fields[2].Input(), "2026-12-01")
	s.Wants(t, res, body, http.StatusUnprocessableEntity, "Il faut un nombre", `value="beaucoup"`, "<option selected>Hêtre</option>")
	res, body = s.Post("/app/contacts", "name", "Paul", "lang", "fr-FR", "place", "Quimper", fields[0].Input(), "Hêtre", fields[1].Input(), "12500,5", fields[2].Input(), "2026-12-01")
	s.Wants(t, res, body, http.StatusSeeOther)
	page := res.Header.Get("Location")
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "<dd>Quimper</dd>", "<dd>Hêtre</dd>", "<dd>12 500,5</dd>", "<dd>1er déc. 2026</dd>", `value="12500,5"`)
	at := "/app/settings/fields/" + fields[0].ID.String()
	res, body = s.Post(at, "name", "Bois", "choices", "Chêne")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Post(page, "name", "Paul", fields[0].Input(), "Hêtre")
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "<dt>Bois</dt><dd>Hêtre</dd>")
	res, body = s.Post(at + "/archive")
	s.Wants(t, res, body, http.StatusSeeOther)
	if _, body = s.Get(page); strings.Contains(body, "Bois") {
		t.Error("a field that was put aside is shown")
	}
	res, body = s.Get("/app/settings/fields")
	s.Wants(t, res, body, 200, "Mis de côté", "Reprendre")
}

func TestLongListsAndLongThreadsHavePages(t *testing.T) {
	t.Parallel()
	s := site(t)
	p := s.W.Publish("Nos délais")
	for i := range 45 {
		s.W.Comment(p, fmt.Sprintf("Personne %02d", i), fmt.Sprintf("p%d@exemple.example", i), "Bonjour")
	}
	c := s.W.Comment(p, "Bavarde", "b@exemple.example", "0").Contact
	for i := range 31 {
		s.W.Comment(p, "Bavarde", "b@exemple.example", fmt.Sprintf("parole %d", i+1))
	}
	res, body := s.Get("/app/contacts")
	s.Wants(t, res, body, 200, `rel="next"`)
	res, body = s.Get("/app/contacts/" + c.String())
	s.Wants(t, res, body, 200, "parole 31", `rel="next"`)
	_, rest, _ := strings.Cut(body, `rel="next" href="`)
	next, _, _ := strings.Cut(rest, `"`)
	res, body = s.Get(strings.ReplaceAll(next, "&amp;", "&"))
	s.Wants(t, res, body, 200, "parole 1<", "Revenir au plus récent")
}

func TestTheThreadTellsASubscriptionAndItsEnd(t *testing.T) {
	t.Parallel()
	s := site(t)
	c, token := s.W.Subscribe("paul@kervella.example", subscription.Follow{Voice: s.W.Voice.ID})
	s.W.Must(s.W.Subscriptions.Leave(t.Context(), token, 0))
	page := "/app/contacts/" + c.ID.String()
	res, body := s.Get(page)
	s.Wants(t, res, body, 200, "Un abonnement à la lettre « "+s.W.Voice.Name+" »", "Un désabonnement de la lettre « "+s.W.Voice.Name+" »")
	s.Lang = "en"
	res, body = s.Get(page)
	s.Wants(t, res, body, 200, "A subscription to the letter “"+s.W.Voice.Name+"”", "Unsubscribed from the letter “"+s.W.Voice.Name+"”")
}
