package inbox_test

import (
	"sync"
	"testing"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
)

// L5: two presses are one comment, one request.
func TestTheSameWordsTwiceAreOneMessage(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		comment := func(email, body, honeypot string) fact.MessageID {
			m, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Ana", Email: email, Body: body, Honeypot: honeypot})
			w.Must(err)
			return m.ID
		}
		request := func(body string) fact.MessageID {
			m, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Ana", Email: "ana@x.example", Body: body})
			w.Must(err)
			return m.ID
		}
		first := comment("ana@x.example", "Merci.", "")
		if again := comment("ANA@x.example ", " Merci. ", ""); again != first {
			t.Error("one press after the other makes two comments")
		}
		spam := comment("robot@x.example", "Achetez", "plein")
		if again := comment("robot@x.example", "Achetez", "plein"); again != spam {
			t.Error("what makes nobody known is kept twice")
		}
		ids := make([]fact.MessageID, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				if m, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Ana", Email: "ana@x.example", Body: "Un devis"}); err == nil {
					ids[i] = m.ID
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] || id.IsZero() {
				t.Errorf("presses at once made %v", ids)
				break
			}
		}
		reply, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Zoé", Email: "zoe@x.example", Body: "Merci."})
		w.Must(err)
		if reply.ID == first || comment("autre@x.example", "Merci.", "") == first || comment("ana@x.example", "Merci !", "") == first || request("Merci.") == first {
			t.Error("the words of another, other words or another place are lost")
		}
		w.Clock.Advance(11 * time.Minute)
		if comment("ana@x.example", "Merci.", "") == first {
			t.Error("what is said again much later is lost")
		}
	})
}
