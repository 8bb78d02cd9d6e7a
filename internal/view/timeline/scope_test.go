package timeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/view/timeline"
	"causerie/internal/view/timeline/timelinetest"
)

// Two voices share a client. Who writes in one sees what was said to it, and that somebody was met; nothing of the other.
func TestAThreadShowsWhatWasSaidToTheVoicesOfWhoLooks(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		met, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Paul", Email: "paul@kervella.example"})
		w.Must(err)
		w.Comment(w.Publish("À Claire"), "Paul", "paul@kervella.example", "Mot à Claire")
		w.Comment(w.PublishIn(other, "À l’atelier"), "Paul", "paul@kervella.example", "Mot à l’atelier")
		asked, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Voice: w.Voice.ID, Name: "Paul", Email: "paul@kervella.example",
			Body: "Secret: 120 000 euros pour le rachat.", How: "Par un secret"})
		w.Must(err)
		_, err = w.Inbox.Answer(t.Context(), w.Claire, asked.ID, "Secret encore.")
		w.Must(err)
		_, err = w.Mandates.FromMessage(t.Context(), w.Claire, asked.ID)
		w.Must(err)
		_, err = w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "Secret de la maison", Contact: met.ID})
		w.Must(err)
		_, err = w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "Un banc", Contact: met.ID, Voice: other.ID})
		w.Must(err)

		see := func(by actor.Actor) (kinds []string, all string) {
			s, err := w.Timeline.Story(t.Context(), by, met.ID, "")
			w.Must(err)
			items, _, err := w.Timeline.List(t.Context(), by, met.ID, 100, "")
			w.Must(err)
			for _, it := range items {
				kinds = append(kinds, it.Kind)
			}
			slices.Sort(kinds)
			return kinds, fmt.Sprint(s, items)
		}
		got, all := see(w.Person(actor.Author, other))
		if want := []string{timeline.Commented, timeline.MandateOpened, timeline.Met}; !slices.Equal(got, want) {
			t.Errorf("the author of the other voice sees %v, want %v", got, want)
		}
		if strings.Contains(strings.ToLower(all), "secret") || strings.Contains(all, "Claire") {
			t.Errorf("the author of the other voice reads %s", all)
		}
		got, all = see(w.Person(actor.Author, w.Voice))
		want := []string{timeline.Answered, timeline.Asked, timeline.Commented, timeline.MandateOpened, timeline.Met}
		if !slices.Equal(got, want) || strings.Contains(all, "Secret de la maison") || strings.Contains(all, "Un banc") {
			t.Errorf("the author of the voice sees %v, want %v; %s", got, want, all)
		}
		if got, _ = see(w.Claire); len(got) != 8 {
			t.Errorf("the owner sees %v", got)
		}
		for _, by := range []actor.Actor{actor.Visitor(), w.Person(actor.Reader, w.Voice)} {
			if _, err := w.Timeline.Story(t.Context(), by, met.ID, ""); !fault.Is(err, fault.KindForbidden) && !fault.Is(err, fault.KindUnauthenticated) {
				t.Errorf("%+v sees the story: %v", by, err)
			}
		}
	})
}

// A mandate that is opened won gives two items of one instant: pages of any size show both, once.
func TestPagesDoNotPartWhatHappenedAtOneInstant(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		c, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Paul", Email: "paul@kervella.example"})
		w.Must(err)
		for i := range 4 {
			_, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: fmt.Sprint("Banc ", i), Contact: c.ID, Stage: mandate.Won})
			w.Must(err)
		}
		for _, limit := range []int{1, 2, 3, 100} {
			seen, cursor := map[string]int{}, ""
			for {
				items, next, err := w.Timeline.List(t.Context(), w.Claire, c.ID, limit, cursor)
				w.Must(err)
				for _, it := range items {
					seen[fmt.Sprint(it.Kind, it.Ref)]++
				}
				if cursor = next; next == "" {
					break
				}
			}
			if len(seen) != 9 {
				t.Errorf("by %d, %d different items are seen", limit, len(seen))
			}
			for it, n := range seen {
				if n != 1 {
					t.Errorf("by %d, %s is seen %d times", limit, it, n)
				}
			}
		}
	})
}
