package inbox_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
)

func TestSpamIsDeletedWholeAMonthAfterItWasJudged(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		w.Publish(w.Claire.ID, "Le bois")
		prune := func(want int) {
			t.Helper()
			n, err := w.Inbox.Prune(t.Context())
			w.Must(err)
			if n != want {
				t.Errorf("%d pruned, want %d", n, want)
			}
		}
		for i := range 120 {
			receive(w, inbox.Incoming{Channel: inbox.ChannelSite, Voice: w.Claire.ID, Name: "Cialis", Body: "Achetez", Moderation: inbox.Spam, External: fmt.Sprint(i),
				From: contact.NewHandle{Channel: contact.Email, Value: fmt.Sprintf("s%d@spam.example", i)}})
		}
		kept, late, saved := w.Comment("Jean", "jean@ailleurs.example", "Très juste."), w.Comment("Loup", "loup@ailleurs.example", "Achetez"),
			w.Comment("Ana", "ana@ailleurs.example", "Oui.")
		w.Must(w.Inbox.Spam(t.Context(), w.Owner, saved.ID))
		w.Clock.Advance(20 * 24 * time.Hour)
		w.Must(w.Inbox.Spam(t.Context(), w.Owner, late.ID))
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, saved.ID))
		prune(0)
		w.Clock.Advance(inbox.KeepSpam - 20*24*time.Hour)
		prune(120)
		if n := rows(w, "messages"); n != 3 {
			t.Errorf("%d messages stay, want 3", n)
		}
		if n := rows(w, "conversations"); n != 3 {
			t.Errorf("%d conversations stay, want 3", n)
		}
		if n := rows(w, "search_documents WHERE space = 'message'"); n > 2 {
			t.Errorf("%d are found by words", n)
		}
		w.Clock.Advance(20 * 24 * time.Hour)
		prune(1)
		w.Get(kept.ID)
		w.Get(saved.ID)
	})
}
