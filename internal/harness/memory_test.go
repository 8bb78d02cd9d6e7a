package harness_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/feature/inbox"
	"causerie/internal/harness"
)

// TestOnlyPagesThatAChangeTouchesAreRenderedAgain counts renderings through the whole application: after a comment its
// post's page and the lists that count it, after a publication the lists and the neighbour, after a change of the house all.
func TestOnlyPagesThatAChangeTouchesAreRenderedAgain(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		first := publish(t, h, "Le bois de chêne", "Il sèche longtemps.")
		h.Clock.Advance(time.Hour)
		second := publish(t, h, "Nos délais", "Une date sûre vaut mieux qu’une date proche.")
		h.Clock.Advance(time.Hour)
		third := publish(t, h, "Une semaine à l’atelier", "Lundi, on affûte.")
		reader := h.Visitor()
		lists := []string{"/", "/feed.xml", "/atom.xml"}
		all := append(lists, first, second, third, first+"/feed.xml", "/legal/mentions", "/contact", "/sitemap.xml", "/search?q=date", "/nothing-here")
		rendered := func() string {
			var made []string
			for _, path := range all {
				before := h.Cache.Renderings()
				reader.Get(path)
				if h.Cache.Renderings() > before {
					made = append(made, path)
				}
			}
			return strings.Join(made, " ")
		}
		want := func(what string, paths ...string) {
			t.Helper()
			if got := rendered(); got != strings.Join(paths, " ") {
				t.Errorf("%s: rendered\n%s\nwant\n%s", what, got, strings.Join(paths, " "))
			}
		}
		want("at first", all...)
		want("again")

		reader.Get(first).OK().Form("#repondre").Fill("name", "Hélène Morvan").Fill("email", "helene@morvan.example").Fill("body", "Et le hêtre ?").Submit()
		want("a comment that waits")
		held := only(t, h, inbox.Filter{State: inbox.Held})
		if err := h.Inbox.Approve(t.Context(), h.Owner.Actor(), held.ID); err != nil {
			t.Fatal(err)
		}
		want("a comment that appears", append(lists, first, first+"/feed.xml")...)
		if _, err := h.Inbox.Answer(t.Context(), h.Owner.Actor(), held.ID, "Il travaille davantage."); err != nil {
			t.Fatal(err)
		}
		want("an answer", append(lists, first, first+"/feed.xml")...)

		h.Clock.Advance(time.Hour)
		fourth := publish(t, h, "Le hêtre", "Il travaille davantage.")
		want("a post that goes out", append(lists, third, "/sitemap.xml", "/search?q=date", "/nothing-here")...)
		reader.Get(third).OK().Has("body", "Le hêtre")
		reader.Get(fourth).OK()

		name := "La Maison du bois"
		if _, err := h.House.Change(t.Context(), h.Owner.Actor(), house.Patch{Name: &name}); err != nil {
			t.Fatal(err)
		}
		want("the name of the house", all...)
	})
}

// The words of posts that appear many at once are found when a job has run: what was answered before it is not kept.
func TestASearchIsAskedAgainOnceTheWordsAreThere(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		publish(t, h, "Nos délais", "Une date sûre vaut mieux qu’une date proche.")
		for _, public := range []bool{false, true} {
			h.RunJobs()
			if _, err := h.House.Change(t.Context(), h.Owner.Actor(), house.Patch{Public: &public}); err != nil {
				t.Fatal(err)
			}
		}
		reader := h.Visitor()
		reader.Get("/search?q=date").OK().HasNot("main", "Nos délais") // and is kept
		h.RunJobs()
		reader.Get("/search?q=date").OK().Has("main", "Nos délais")
	})
}
