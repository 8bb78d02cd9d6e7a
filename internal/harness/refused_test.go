package harness_test

import (
	"net/url"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// Whoever is refused goes on from there: the header, the menu and the foot of where they are stay around them.
func TestARefusalKeepsTheHeaderAndAWayBack(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	v, err := h.Voices.Main(h.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.Posts.Create(h.Context(), h.Owner.Actor(), post.Input{Voice: v.ID, Title: "Bois", Body: "Un texte.", Section: "Métier"})
	if err == nil {
		p, err = h.Posts.Publish(h.Context(), h.Owner.Actor(), p.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	visitor := h.Visitor()
	for range 2 { // the second from memory
		visitor.Get("/nulle-part").Is(404).Has("header.top nav", "Métier").Has("header.top", "Contact").Has("footer.foot", "Mentions légales").Has("main", "Revenir à l’accueil")
	}
	if err := h.Posts.Delete(h.Context(), h.Owner.Actor(), p.ID); err != nil {
		t.Fatal(err)
	}
	visitor.Get("/bois").Is(410).Has("header.top", "Contact").HasNot("header.top nav", "Métier")
	visitor.Get("/nulle-part").Is(404).HasNot("header.top nav", "Métier")
	page := visitor.Post("/contact", url.Values{"name": {"Zoé"}, "email": {"zoe@ailleurs.example"}, "body": {"Un devis ?"}})
	for range 6 {
		page = visitor.Post("/contact", url.Values{"name": {"Zoé"}, "email": {"zoe@ailleurs.example"}, "body": {"Un devis ?"}})
	}
	page.Is(429).Has("header.top", "Contact")
	owner := h.SignIn()
	owner.Get("/app/posts/0000000000001").Is(404).Has("nav.rail", "Conversations").Has("main", "Revenir à l’accueil")
}
