package newsletter_test

import (
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/delivery"
	"causerie/internal/core/suppression"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// leaving returns the letters of which something has not left.
func (w *world) leaving(state string) (all []newsletter.Leaving) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		all, err = w.letters.LeavingIn(tx, w.Editor, state)
		return err
	}))
	return all
}

func TestALetterThatIsHeldIsOneLineAndIsLetGoAsOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		for _, email := range []string{"zoe@ailleurs.example", "bob@ailleurs.example", "lea@ailleurs.example"} {
			w.subscribe(email, claire)
		}
		w.Jobs()
		later := w.write("Plus tard", "Voici.")
		w.Must(w.letters.Send(t.Context(), w.Editor, later.ID, w.Clock.Now().Add(time.Hour)))
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		l, other := w.write("Une lettre", "Voici."), w.write("Une autre", "Voici.")
		w.Must(w.letters.Send(t.Context(), w.Editor, l.ID, time.Time{}))
		w.Must(w.letters.Send(t.Context(), w.Editor, other.ID, time.Time{}))
		w.Jobs()
		held := w.leaving(delivery.Held)
		if len(held) != 2 || held[0].Title != "Une lettre" || held[0].N != 3 || held[0].Waiting.Held != 3 || !held[0].MayRelease(w.Editor) || held[0].MayRelease(w.Author) {
			t.Fatalf("%+v", held)
		}
		if all := w.leaving(""); len(all) != 3 || all[2].Title != "Plus tard" || all[2].N != 0 {
			t.Errorf("%+v", all)
		}
		if err := w.letters.LetGo(t.Context(), w.Author, l.ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author lets go: %v", err)
		}
		w.Must(w.letters.LetGo(t.Context(), w.Editor, l.ID))
		w.Jobs()
		if n := len(w.to("zoe@ailleurs.example")); n != 1 {
			t.Errorf("%d letters, want the one that was let go", n)
		}
		w.state(l.ID, newsletter.Sent)
		w.state(other.ID, newsletter.Sending)
	})
}

// A letter that stopped by itself is paused, and goes on when a person says so.
func TestALetterThatStoppedByItselfIsPausedAndGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.subscribe("zoe@ailleurs.example", subscription.Follow{Voice: w.Claire.ID})
		w.Jobs()
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		l := w.write("Une lettre", "Voici.")
		w.Must(w.letters.Send(t.Context(), w.Editor, l.ID, time.Time{}))
		w.Jobs()
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.Must(w.letters.Stop(t.Context(), l.ID, suppression.HeldRefused))
		w.Jobs()
		w.state(l.ID, newsletter.Paused)
		if held := w.leaving(delivery.Held); len(held) != 1 || held[0].N != 1 || held[0].Waiting.Held != 0 || held[0].MayRelease(w.Editor) {
			t.Errorf("%+v", held)
		}
		if n := len(w.to("zoe@ailleurs.example")); n != 0 {
			t.Errorf("%d letters", n)
		}
		w.Must(w.letters.Resume(t.Context(), w.Editor, l.ID))
		w.Jobs()
		w.state(l.ID, newsletter.Sent)
		if n := len(w.to("zoe@ailleurs.example")); n != 1 {
			t.Errorf("%d letters", n)
		}
	})
}
