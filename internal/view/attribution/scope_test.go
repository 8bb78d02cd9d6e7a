package attribution_test

import (
	"fmt"
	"strings"
	"testing"

	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/view/attribution"
	"causerie/internal/view/timeline/timelinetest"
)

// A client of two voices, and a colleague of theirs: who writes in one voice is told of its mandates and of what was said to
// it before, and no sum counts the rest.
func TestAReportIsOfTheVoicesOfWhoLooks(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		ours, theirs := w.Publish("À Claire"), w.PublishIn(other, "À l’atelier")
		w.Comment(ours, "Paul", "paul@kervella.example", "secret un")
		w.Comment(ours, "Ana", "ana@kervella.example", "secret deux")
		client := w.Comment(theirs, "Paul", "paul@kervella.example", "public").Contact
		asked, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Voice: w.Voice.ID, Name: "Paul", Email: "paul@kervella.example", Body: "secret trois", How: "secret quatre"})
		w.Must(err)
		hidden, err := w.Mandates.FromMessage(t.Context(), w.Claire, asked.ID)
		w.Must(err)
		cents := int64(120_000_00)
		_, err = w.Mandates.Change(t.Context(), w.Claire, hidden.ID, mandate.Patch{AmountCents: &cents})
		w.Must(err)
		m, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "Un banc", Contact: client, Voice: other.ID})
		w.Must(err)

		v := attribution.New(w.DB)
		malo := w.Person(actor.Author, other)
		r, err := v.Of(t.Context(), malo)
		w.Must(err)
		if r.All.Count != 1 || r.All.Declared != 0 || len(r.All.Amounts) != 0 || len(r.Cases) != 1 || r.Cases[0].ID != m.ID {
			t.Errorf("the report is %+v", r)
		}
		if said := fmt.Sprint(r); strings.Contains(said, "secret") || !strings.Contains(said, "public") {
			t.Errorf("the report says %s", said)
		}
		if j, err := v.Journey(t.Context(), malo, m.ID); err != nil || told(j) != `"" unverified:Paul/public` {
			t.Errorf("the journey is %s, %v", told(j), err)
		}
		if j, err := v.Journey(t.Context(), malo, hidden.ID); !fault.Is(err, fault.KindForbidden) || told(j) != `""` {
			t.Errorf("of the other voice: %s, %v", told(j), err)
		}
		if r, err = v.Of(t.Context(), w.Claire); err != nil || r.All.Count != 2 || len(r.Cases[0].Presumed) < 3 {
			t.Errorf("the owner is told %+v, %v", r, err)
		}
	})
}
