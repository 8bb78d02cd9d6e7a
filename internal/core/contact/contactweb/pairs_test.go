package contactweb_test

import (
	"net/http"
	"regexp"
	"testing"

	"causerie/internal/core/contact"
)

func TestWhoMayBeThereTwiceIsComparedOrSaidToBeTwo(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, in := range []contact.NewContact{{Name: "Ana Le Goff", Email: "ana@legoff.example"}, {Name: "LE GOFF Ana", Phone: "02 98 00 00 01"}} {
		in.Lang = "fr-FR"
		_, err := s.W.Contacts.Create(t.Context(), s.W.Claire, in)
		s.W.Must(err)
	}
	res, body := s.Get("/app/contacts/pairs")
	s.Wants(t, res, body, 200, "Le même nom", "Comparer", "Ce n’est pas la même")
	ids := regexp.MustCompile(`name="[ab]" value="([^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(ids) != 2 {
		t.Fatal(ids)
	}
	res, body = s.Get("/app/contacts/" + ids[0][1] + "/merge?other=" + ids[1][1])
	s.Wants(t, res, body, 200, "Ana Le Goff, qui reste")
	res, body = s.Post("/app/contacts/pairs/dismiss", "a", ids[0][1], "b", ids[1][1])
	s.Wants(t, res, body, http.StatusSeeOther)
	res, body = s.Get("/app/contacts/pairs")
	s.Wants(t, res, body, 200, "Personne ne semble être là deux fois.")
}
