package today_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/view/timeline/timelinetest"
	"causerie/internal/view/today"
)

// What waits, what comes, what leaves and what the month brought are those of the voices of who looks.
func TestTodayIsOfTheVoicesOfWhoLooks(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		asked, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Voice: w.Voice.ID, Name: "Paul", Email: "paul@kervella.example", Body: "secret"})
		w.Must(err)
		w.Comment(w.Publish("Secret"), "Zoé", "zoe@kervella.example", "secret")
		m, err := w.Mandates.FromMessage(t.Context(), w.Claire, asked.ID)
		w.Must(err)
		cents, act, on, won := int64(9_00), "secret", clock.DayOf(w.Clock.Now(), time.UTC), mandate.Won
		_, err = w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "secret", Voice: w.Voice.ID, NextAct: act, NextOn: on})
		w.Must(err)
		_, err = w.Mandates.Change(t.Context(), w.Claire, m.ID, mandate.Patch{Stage: &won, AmountCents: &cents})
		w.Must(err)
		draft, err := w.Posts.Create(t.Context(), w.Claire, post.Input{Voice: w.Voice.ID, Title: "secret", Body: "x"})
		w.Must(err)
		_, err = w.Posts.Schedule(t.Context(), w.Claire, draft.ID, clock.LocalOf(w.Clock.Now().Add(24*time.Hour), time.UTC))
		w.Must(err)
		_, err = w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Yves"})
		w.Must(err)

		see := func(by actor.Actor) today.Today {
			got, err := view(w).Get(t.Context(), by)
			w.Must(err)
			return got
		}
		for _, role := range []actor.Role{actor.Author, actor.Editor} {
			got := see(w.Person(role, other))
			if got.Load() != 0 || len(got.Scheduled) != 0 || got.Month.Requests != 0 || got.Month.Won != 0 || got.Leaving.Any() || strings.Contains(fmt.Sprint(got), "secret") {
				t.Errorf("the %v of the other voice sees %+v", role, got)
			}
		}
		for _, by := range []actor.Actor{w.Claire, w.Person(actor.Author, w.Voice)} {
			got := see(by)
			if got.Answers == 0 || len(got.Acts) != 1 || len(got.Scheduled) != 1 || got.Month.Requests != 1 || got.Month.Won != 1 {
				t.Errorf("%+v sees %+v", by.Grants, got)
			}
		}
	})
}
