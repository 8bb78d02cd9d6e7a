package inbox_test

import (
	"testing"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// drafts are the drafts that by sees in the conversation of m.
func drafts(w *inboxtest.World, by actor.Actor, m inbox.Message) (all []inbox.Draft) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		all, err = w.Inbox.DraftsIn(tx, by, m.Conversation)
		return err
	}))
	return all
}

func TestAnAnswerThatWasSentLeavesAfterTenSecondsOnce(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		m := w.Request("Paul", "paul@x.example", "Bonjour")
		for range 3 {
			w.Must(w.Inbox.Send(t.Context(), w.Author, m.ID, " Jeudi. "))
			w.Clock.Advance(time.Second)
			w.Jobs()
		}
		if len(w.Answered) != 0 || w.Get(m.ID).State != inbox.Answered {
			t.Fatalf("before its time: %d answers, %s", len(w.Answered), w.Get(m.ID).State)
		}
		w.Clock.Advance(inbox.UndoFor)
		w.Jobs()
		w.Jobs()
		if len(w.Answered) != 1 || len(drafts(w, w.Author, m)) != 0 {
			t.Fatalf("%d answers, drafts %+v", len(w.Answered), drafts(w, w.Author, m))
		}
		if a := w.Get(w.Answered[0].Answer); a.Body != "Jeudi." || a.Account != fact.AccountID(w.Author.Account) {
			t.Errorf("%+v", a)
		}
		// Another text does not take the place of the one before: that leaves now.
		w.Must(w.Inbox.Send(t.Context(), w.Author, m.ID, "Un."))
		w.Must(w.Inbox.Send(t.Context(), w.Author, m.ID, "Deux."))
		if len(w.Answered) != 2 || w.Get(w.Answered[1].Answer).Body != "Un." {
			t.Errorf("%+v", w.Answered)
		}
		w.Clock.Advance(inbox.UndoFor)
		w.Jobs()
		if len(w.Answered) != 3 {
			t.Errorf("%+v", w.Answered)
		}
	})
}

func TestWhatWasTakenBackDoesNotLeaveAndIsADraftAgain(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		m := w.Request("Paul", "paul@x.example", "Bonjour")
		if err := w.Inbox.UndoSend(t.Context(), w.Author, m.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("nothing was sent: %v", err)
		}
		w.Must(w.Inbox.Send(t.Context(), w.Author, m.ID, "Jeudi."))
		if err := w.Inbox.UndoSend(t.Context(), w.Owner, m.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("of somebody else: %v", err)
		}
		if seen := drafts(w, w.Owner, m); len(seen) != 1 || !seen[0].Leaving() {
			t.Errorf("who answers there too does not see what leaves: %+v", seen)
		}
		w.Must(w.Inbox.UndoSend(t.Context(), w.Author, m.ID))
		w.Clock.Advance(inbox.UndoFor / 2)
		w.Must(w.Inbox.Send(t.Context(), w.Author, m.ID, "Jeudi."))
		w.Clock.Advance(inbox.UndoFor / 2)
		w.Jobs() // the hour of the first, which is another's now
		if len(w.Answered) != 0 {
			t.Fatal("it left at the hour that was taken back")
		}
		w.Must(w.Inbox.UndoSend(t.Context(), w.Author, m.ID))
		w.Clock.Advance(time.Hour)
		w.Jobs()
		if seen := drafts(w, w.Author, m); len(w.Answered) != 0 || len(seen) != 1 || seen[0].Leaving() || seen[0].Body != "Jeudi." || w.Get(m.ID).State != inbox.Open {
			t.Errorf("%d left, %+v, %s", len(w.Answered), seen, w.Get(m.ID).State)
		}
		if seen := drafts(w, w.Owner, m); len(seen) != 0 {
			t.Errorf("somebody else reads what is being typed: %+v", seen)
		}
	})
}

func TestADraftOfAnAnswerIsItsWritersAndFollowsTheConversation(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		first := w.Comment("Hélène", "helene@x.example", "Une date ?")
		w.Must(w.Inbox.KeepDraft(t.Context(), w.Editor, first.ID, "Bon"))
		w.Must(w.Inbox.KeepDraft(t.Context(), w.Owner, first.ID, "Moi aussi"))
		next := w.Comment("Hélène", "helene@x.example", "Et un prix ?")
		w.Must(w.Inbox.KeepDraft(t.Context(), w.Editor, next.ID, "Bonjour"))
		if seen := drafts(w, w.Editor, next); len(seen) != 1 || seen[0].Body != "Bonjour" || seen[0].Message != next.ID {
			t.Errorf("%+v", seen)
		}
		w.Must(w.Inbox.KeepDraft(t.Context(), w.Editor, next.ID, "  "))
		if seen := drafts(w, w.Editor, next); len(seen) != 0 {
			t.Errorf("emptied, it is there: %+v", seen)
		}
		shop := actor.Actor{Account: 11, Grants: []actor.Grant{{Voice: int64(w.Shop.ID), Role: actor.Owner}}}
		if err := w.Inbox.KeepDraft(t.Context(), shop, next.ID, "x"); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("whoever may not answer types: %v", err)
		}
		// What is removed while an answer is on its way is not answered, and the words are not lost.
		w.Must(w.Inbox.Send(t.Context(), w.Owner, next.ID, "Deux dates."))
		w.Must(w.Inbox.Remove(t.Context(), w.Owner, next.ID))
		w.Clock.Advance(inbox.UndoFor)
		w.Jobs()
		if seen := drafts(w, w.Owner, next); len(w.Answered) != 0 || len(seen) != 1 || seen[0].Leaving() {
			t.Errorf("%d answers, %+v", len(w.Answered), seen)
		}
		w.Must(w.Contacts.Erase(t.Context(), w.Owner, next.Contact))
		if n := rows(w, "answer_drafts"); n != 0 {
			t.Errorf("%d drafts to somebody who was erased", n)
		}
	})
}

// What would appear under a post waits while all that leaves is held; what is private is held as the mail that it becomes.
func TestAnAnswerInPublicWaitsWhileAllIsHeld(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		comment := w.Comment("Hélène", "helene@x.example", "Une date ?")
		request := w.Request("Paul", "paul@x.example", "Bonjour")
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		w.Must(w.Inbox.Send(t.Context(), w.Owner, comment.ID, "Jeudi."))
		w.Must(w.Inbox.Send(t.Context(), w.Owner, request.ID, "Jeudi."))
		if _, err := w.Inbox.Answer(t.Context(), w.Owner, comment.ID, "Vendredi."); !fault.Is(err, fault.KindConflict) {
			t.Errorf("at once: %v", err)
		}
		w.Clock.Advance(inbox.UndoFor)
		w.Jobs()
		if len(w.Answered) != 1 || w.Answered[0].To != request.ID || len(drafts(w, w.Owner, comment)) != 1 {
			t.Fatalf("held: %+v", w.Answered)
		}
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.Jobs()
		if len(w.Answered) != 2 || w.Answered[1].To != comment.ID {
			t.Errorf("let go: %+v", w.Answered)
		}
	})
}
