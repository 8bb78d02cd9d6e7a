package newsletter_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
)

// publish has a voice publish an article now.
func (w *world) publish(in post.Input) {
	w.T.Helper()
	w.Must(func() error {
		in.Body = "Un texte."
		p, err := w.Posts.Create(w.T.Context(), w.Owner, in)
		if err == nil {
			_, err = w.Posts.Publish(w.T.Context(), w.Owner, p.ID)
		}
		return err
	}())
}

func TestADigestMakesItselfOnMondayAndIsSkippedWhenNothingIsNew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) { // it is Monday 2 March 2026, ten in the morning in Paris
		w.Jobs()
		rhythm := func(email, rhythm string, all ...subscription.Follow) {
			w.Must(w.subs.Ask(t.Context(), subscription.AskInput{Email: email, Wish: subscription.Wish{Follows: all, Rhythm: rhythm, Lang: "fr-FR"},
				Wording: "J’accepte.", Version: "1", Page: "https://aubin.example/"}))
			w.confirm()
		}
		rhythm("hebdo@ailleurs.example", subscription.Weekly, subscription.Follow{Voice: w.Claire.ID})
		rhythm("autre@ailleurs.example", subscription.Weekly, subscription.Follow{Voice: w.Shop.ID})
		rhythm("mois@ailleurs.example", subscription.Monthly, subscription.Follow{Voice: w.Claire.ID})
		w.Clock.Set(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC))
		w.publish(post.Input{Voice: w.Claire.ID, Title: "Un mercredi"})
		w.Clock.Set(time.Date(2026, 3, 9, 5, 59, 0, 0, time.UTC)) // 6:59 on Monday in Paris
		w.Jobs()
		if n := len(w.to("hebdo@ailleurs.example")); n != 0 {
			t.Fatalf("%d digests before their hour", n)
		}
		w.Clock.Set(time.Date(2026, 3, 9, 7, 1, 0, 0, time.UTC))
		for range 3 { // whatever runs again
			w.Jobs()
			w.Clock.Advance(time.Hour)
		}
		got := w.to("hebdo@ailleurs.example")
		if len(got) != 1 || !strings.Contains(got[0].Subject, "La semaine") || !strings.Contains(got[0].Text, "Un mercredi") || !strings.Contains(got[0].Text, "Nos délais") {
			t.Fatalf("%+v", got)
		}
		if n := len(w.to("autre@ailleurs.example")); n != 0 {
			t.Errorf("%d digests of nothing", n)
		}
		w.Clock.Set(time.Date(2026, 3, 16, 7, 1, 0, 0, time.UTC))
		w.Jobs()
		if n := len(w.to("hebdo@ailleurs.example")); n != 1 {
			t.Errorf("%d digests after a week without a word", n)
		}
		w.Clock.Set(time.Date(2026, 4, 1, 5, 1, 0, 0, time.UTC)) // 7:01 in Paris, in summer time
		w.Jobs()
		if got := w.to("mois@ailleurs.example"); len(got) != 1 || !strings.Contains(got[0].Subject, "Le mois") {
			t.Errorf("of the month: %+v", got)
		}
	})
}
