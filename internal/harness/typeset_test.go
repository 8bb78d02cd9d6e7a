package harness_test

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// What people typed is set by one typesetter wherever it is shown: its spaces do not break and a verb keeps its pronoun. What is
// edited again stays as it was typed, and is found so.
func TestWhatIsTypedIsSetWhereverItIsShown(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		const (
			typed = `Cette table est-elle "trop" chère ? 4 000 €, réf. 2026-1043`
			set   = "Cette table est\u2011elle «\u00A0trop\u00A0» chère\u202F? 4\u202F000\u00A0€, réf. 2026-1043"
		)
		me := h.Owner.Actor()
		v, err := h.Voices.Main(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		who, err := h.Contacts.Create(t.Context(), me, contact.NewContact{Name: "Anne Le Goff", Note: typed})
		if err != nil {
			t.Fatal(err)
		}
		m, err := h.Mandates.Open(t.Context(), me, mandate.Input{Title: typed, Contact: who.ID, NextAct: typed})
		if err != nil {
			t.Fatal(err)
		}
		said, err := h.Inbox.Request(t.Context(), inbox.RequestInput{Voice: v.ID, Name: "Anne", Email: "anne@legoff.example", Body: typed, Lang: "fr-FR", How: typed})
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.Posts.Create(t.Context(), me, post.Input{Voice: v.ID, Kind: "article", Title: typed, Body: typed, Lang: "fr-FR"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = h.Posts.Publish(t.Context(), me, p.ID); err != nil {
			t.Fatal(err)
		}
		h.RunJobs()

		holds := func(where string, p *harness.Page) {
			if !strings.Contains(html.UnescapeString(string(p.Body)), set) {
				t.Errorf("%s does not hold %q: %s", where, set, p.Text())
			}
		}
		owner := h.SignIn()
		for _, path := range []string{"/app/", "/app/inbox/" + said.ID.String(), "/app/contacts/" + who.ID.String(), "/app/mandates", "/app/mandates/" + m.ID.String(),
			"/app/attribution", "/app/posts"} {
			holds(path, owner.Get(path).OK())
		}
		holds("search of the inbox", owner.Get("/app/inbox?q=est-elle").OK())
		owner.Get("/app/posts/"+p.ID.String()).OK().Has("textarea[name=body]", typed)
		holds("public search", h.Visitor().Get("/search?q=ch%C3%A8re").OK())
		for _, as := range []string{"est-elle", "est\u2011elle"} {
			h.Visitor().Get("/search?q="+url.QueryEscape(as)).OK().Has("main", "Cette table est\u2011elle")
		}
	})
}
