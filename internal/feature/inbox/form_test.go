package inbox_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
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

// S12: who asks may say where to call.
func TestANumberLeftWithARequestIsKeptWithoutTellingWhoseItIs(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		owner := actor.System()
		ask := func(email, body, phone, honeypot string) inbox.Message {
			m, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Ana", Email: email, Body: body, Phone: phone, Honeypot: honeypot})
			w.Must(err)
			return m
		}
		numbers := func(id fact.ContactID) (all []string) {
			c, err := w.Contacts.Get(t.Context(), owner, id)
			w.Must(err)
			for _, h := range c.Handles {
				if h.Channel == contact.Phone {
					all = append(all, h.Value)
					if h.Verified() {
						t.Error("a number that a form claims is verified")
					}
				}
			}
			return all
		}
		first := ask("ana@x.example", "Un devis", " 02 98 00 00 00 ", "")
		if got := numbers(first.Contact); first.Phone != "02 98 00 00 00" || !slices.Equal(got, []string{"02 98 00 00 00"}) {
			t.Errorf("%q is kept, and %q of the person", first.Phone, got)
		}
		if again := ask("ana@x.example", "Un devis", "02 98 00 00 00", ""); again.ID != first.ID {
			t.Error("two presses are two requests")
		}
		if right := ask("ana@x.example", "Un devis", "02 98 00 00 01", ""); right.ID == first.ID {
			t.Error("a number that was corrected is lost")
		}
		if ask("ana@x.example", "Encore", "+33 2 98 00 00 00", ""); len(numbers(first.Contact)) != 2 {
			t.Errorf("written another way it is another number: %q", numbers(first.Contact))
		}

		other := ask("bea@x.example", "Bonjour", "0298000000", "")
		if got := numbers(other.Contact); other.Phone == "" || other.Contact == first.Contact || len(got) != 0 {
			t.Errorf("somebody else's number: %q stands in the conversation, %q is theirs", other.Phone, got)
		}

		spam := ask("cleo@x.example", "Achetez", "06 39 98 00 01", "plein")
		if !spam.Contact.IsZero() {
			t.Error("what looks like spam makes somebody known")
		}
		w.Must(w.Inbox.Approve(t.Context(), owner, spam.ID))
		if got := numbers(w.Get(spam.ID).Contact); !slices.Equal(got, []string{"06 39 98 00 01"}) {
			t.Errorf("once it is approved: %q", got)
		}
		liar := ask("ana@x.example", "Appelez vite", "06 39 98 00 02", "")
		w.Must(w.Inbox.Spam(t.Context(), owner, liar.ID))
		if got := numbers(first.Contact); slices.Contains(got, "06 39 98 00 02") || len(got) != 2 {
			t.Errorf("what was spam leaves %q to somebody known", got)
		}

		_, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "", Email: "ana@x.example", Body: "Oui", Phone: "demain matin"})
		var fields []string
		for _, p := range fault.ProblemsOf(err) {
			fields = append(fields, p.Field+" "+p.Code)
		}
		if !slices.Equal(fields, []string{"name required", "phone phone"}) {
			t.Errorf("no number and no name: %q", fields)
		}
	})
}
