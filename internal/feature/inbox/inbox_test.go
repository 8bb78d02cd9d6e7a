package inbox_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func thread(w *inboxtest.World) (all []inbox.Comment) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		all, err = w.Inbox.ThreadIn(tx, w.Post.ID)
		return err
	}))
	return all
}

func TestAFirstCommentWaitsForAYesAndTheNextAppearAtOnce(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		first := w.Comment("Hélène Morvan", "helene@morvan.example", "Une date **sûre**, sans hésiter.")
		if first.State != inbox.Held || first.Reason != inbox.ReasonFirst || len(thread(w)) != 0 {
			t.Fatalf("the first comment is %s for %q", first.State, first.Reason)
		}
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, first.ID))
		if m := w.Get(first.ID); m.State != inbox.Open || len(thread(w)) != 1 {
			t.Errorf("approved, it is %s", m.State)
		}
		second := w.Comment("Hélène Morvan", "Helene@Morvan.example", "Et le prix ?")
		if second.Reason != inbox.ReasonUnconfirmed || second.Contact != first.Contact || second.Conversation != first.Conversation {
			t.Errorf("not confirmed: %+v", second)
		}
		w.Verify(first.Handle)
		third := w.Comment("Hélène Morvan", "helene@morvan.example", "Merci.")
		if third.State != inbox.Open || len(thread(w)) != 2 {
			t.Errorf("approved and confirmed: %s %q", third.State, third.Reason)
		}
		for i := range 4 {
			m, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: "Hélène Morvan", Email: "helene@morvan.example", Body: strings.Repeat("x", i+1)})
			w.Must(err)
			if want := map[bool]string{true: inbox.Held, false: inbox.Open}[i == 3]; m.State != want {
				t.Errorf("comment %d in a minute is %s", i+1, m.State)
			}
		}
	})
}

func TestWhatReadersSeeHoldsNoAddress(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		m := w.Comment("Hélène", "canary@secret.example", "Bonjour <script>alert(1)</script>")
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, m.ID))
		for _, c := range thread(w) {
			all := c.Name + c.URL + c.Body + string(c.HTML) + c.How
			if strings.Contains(all, "canary") || strings.Contains(string(c.HTML), "<script") {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestAnAnswerAppearsUnderTheCommentAndApprovesIt(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		m := w.Comment("Hélène", "helene@morvan.example", "Une date sûre ?")
		if _, err := w.Inbox.Answer(t.Context(), w.Author, m.ID, "Oui."); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author approves by an answer: %v", err)
		}
		answer, err := w.Inbox.Answer(t.Context(), w.Editor, m.ID, "Oui, **deux**.")
		w.Must(err)
		again, err := w.Inbox.Answer(t.Context(), w.Editor, m.ID, "Oui, **deux**.")
		w.Must(err)
		if again.ID != answer.ID {
			t.Error("two presses made two answers")
		}
		if got := w.Get(m.ID); got.State != inbox.Answered || got.Moderation != inbox.Visible {
			t.Errorf("the comment is %s, %s", got.State, got.Moderation)
		}
		all := thread(w)
		if len(all) != 1 || len(all[0].Children) != 1 || !all[0].Children[0].ByAuthor || all[0].Children[0].VoiceName != "Claire Aubin" ||
			!strings.Contains(string(all[0].Children[0].HTML), "<strong>deux</strong>") {
			t.Errorf("%+v", all)
		}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			n, err := w.Inbox.CountsByPostIn(tx, []fact.PostID{w.Post.ID})
			if n[w.Post.ID] != 2 {
				t.Errorf("%d under the post, want 2", n[w.Post.ID])
			}
			return err
		}))
		reply, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Parent: answer.ID, Name: "Jean", Email: "jean@x.example", Body: "Moi aussi."})
		w.Must(err)
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, reply.ID))
		if all := thread(w); len(all[0].Children[0].Children) != 1 {
			t.Errorf("what answers the answer: %+v", all)
		}
		w.Must(w.Inbox.Remove(t.Context(), w.Owner, m.ID))
		if all := thread(w); len(all) != 1 { // the answer, and under it its reply
			t.Errorf("without the comment: %+v", all)
		}
	})
}

func TestProblemsAreAtTheirFields(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		good := inbox.CommentInput{Post: w.Post.ID, Name: "H", Email: "h@x.example", Body: "Oui"}
		for field, change := range map[string]func(*inbox.CommentInput){
			"name":   func(in *inbox.CommentInput) { in.Name = strings.Repeat("x", 81) },
			"email":  func(in *inbox.CommentInput) { in.Email = "h@" },
			"body":   func(in *inbox.CommentInput) { in.Body = strings.Repeat("x", 5001) },
			"parent": func(in *inbox.CommentInput) { in.Parent = 12 },
		} {
			in := good
			change(&in)
			_, err := w.Inbox.Comment(t.Context(), in)
			if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: 99, Name: "H", Email: "h@x.example", Body: "Oui"}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("on no post: %v", err)
		}
		w.Must(w.Inbox.SetPolicy(t.Context(), w.Owner, inbox.Policy{}))
		if _, err := w.Inbox.Comment(t.Context(), good); !fault.Is(err, fault.KindConflict) {
			t.Errorf("where comments are closed: %v", err)
		}
	})
}

func TestARequestIsPrivateAndAnsweredOnce(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		m := w.Request("Paul Kervella", "paul@kervella.example", "Nous refaisons la salle du conseil.")
		if m.State != inbox.Open || m.Voice != w.Claire.ID || m.How == "" || len(thread(w)) != 0 {
			t.Fatalf("%+v", m)
		}
		if _, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "x", Email: "bot@x.example", Body: "http://a.example http://b.example http://c.example", Honeypot: "me"}); err != nil {
			t.Errorf("what looks like spam is held, never refused: %v", err)
		}
		next, err := w.Inbox.Next(t.Context(), w.Owner, 0)
		w.Must(err)
		if next != m.ID {
			t.Error("the request does not wait")
		}
		w.Must(w.Inbox.Close(t.Context(), w.Owner, m.ID))
		c, err := w.Inbox.Counts(t.Context(), w.Owner)
		w.Must(err)
		if c.Open != 0 || c.Held != 1 {
			t.Errorf("%+v", c)
		}
		w.Must(w.Inbox.Reopen(t.Context(), w.Owner, m.ID))
		w.Must(w.Inbox.Spam(t.Context(), w.Owner, m.ID))
		if _, err := w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Bonjour"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("answering spam: %v", err)
		}
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, m.ID))
		if got := w.Get(m.ID); got.State != inbox.Open {
			t.Errorf("approved again, it is %s", got.State)
		}
	})
}

func TestWhoWritesInOneVoiceSeesWhatIsSaidToIt(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		mine := w.Request("Paul", "paul@x.example", "Pour Claire")
		other, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Voice: w.Shop.ID, Name: "Ann", Email: "ann@x.example", Body: "For the shop"})
		w.Must(err)
		for _, f := range []inbox.Filter{{}, {State: inbox.Open}, {Kind: inbox.KindRequest}, {Kind: inbox.KindRequest, State: inbox.Open}, {Contact: mine.Contact}, {Query: "claire"}} {
			found, _, err := w.Inbox.List(t.Context(), w.Author, f)
			w.Must(err)
			if len(found) != 1 || found[0].ID != mine.ID {
				t.Errorf("%+v lists %d", f, len(found))
			}
		}
		c, err := w.Inbox.Counts(t.Context(), w.Author)
		w.Must(err)
		if c.Open != 1 {
			t.Errorf("%+v", c)
		}
		if _, err := w.Inbox.Get(t.Context(), w.Author, other.ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("another voice's: %v", err)
		}
		if _, _, err := w.Inbox.List(t.Context(), actor.Visitor(), inbox.Filter{}); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a stranger: %v", err)
		}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			waiting, err := w.Inbox.WaitingIn(tx, w.Owner, 10)
			if len(waiting) != 2 || waiting[0].ID != mine.ID {
				t.Errorf("%d wait", len(waiting))
			}
			return err
		}))
	})
}

func TestMergingPeopleBringsWhatTheySaid(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		a := w.Request("Paul", "paul@x.example", "Un")
		b := w.Request("Paul K.", "pk@y.example", "Deux")
		w.Must(w.Contacts.Merge(t.Context(), w.Owner, a.Contact, b.Contact))
		found, _, err := w.Inbox.List(t.Context(), w.Owner, inbox.Filter{Contact: a.Contact})
		w.Must(err)
		if len(found) != 2 {
			t.Errorf("%d messages, want 2", len(found))
		}
	})
}

func TestALinkConfirmsItsAddressForThirtyDays(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		m := w.Comment("Hélène", "helene@morvan.example", "Bonjour")
		token := w.ConfirmToken(m)
		s, err := w.Inbox.ConfirmSubject(t.Context(), token)
		w.Must(err)
		if s.Done || s.Email != "helene@morvan.example" {
			t.Errorf("%+v", s)
		}
		w.Must(w.Inbox.Confirm(t.Context(), token))
		w.Must(w.Inbox.Confirm(t.Context(), token))
		if s, _ := w.Inbox.ConfirmSubject(t.Context(), token); !s.Done {
			t.Error("it is not confirmed")
		}
		if err := w.Inbox.Confirm(t.Context(), token+"x"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a forged link: %v", err)
		}
		w.Clock.Advance(30 * 24 * time.Hour)
		if err := w.Inbox.Confirm(t.Context(), token); !fault.Is(err, fault.KindGone) {
			t.Errorf("an old link: %v", err)
		}
	})
}

func TestAnImportKeepsThreadsAndStates(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		in := inbox.Import{Incoming: inbox.Incoming{Post: w.Post.ID, Voice: w.Claire.ID, Subject: w.Post.Title, Kind: inbox.KindComment, Name: "Jean",
			From: contact.Address("jean@x.example"), Body: "2019 !", Moderation: inbox.Visible, At: time.Date(2019, 5, 1, 8, 0, 0, 0, time.UTC)}}
		m, _, err := w.Inbox.Import(t.Context(), actor.Importer(), in)
		w.Must(err)
		in.Kind, in.Parent, in.From, in.Body = inbox.KindAnswer, m.ID, contact.NewHandle{}, "Merci."
		_, _, err = w.Inbox.Import(t.Context(), actor.Importer(), in)
		w.Must(err)
		in.Kind, in.Parent, in.URL, in.Moderation = inbox.KindPingback, 0, "javascript:alert(1)", inbox.Spam
		_, _, err = w.Inbox.Import(t.Context(), actor.Importer(), in)
		w.Must(err)
		all := thread(w)
		if len(all) != 1 || len(all[0].Children) != 1 || all[0].At.Year() != 2019 || all[0].State != inbox.Closed {
			t.Errorf("%+v", all)
		}
		spam, _, err := w.Inbox.List(t.Context(), w.Owner, inbox.Filter{State: inbox.Spam})
		w.Must(err)
		if len(spam) != 1 || spam[0].URL != "" || !spam[0].Contact.IsZero() {
			t.Errorf("%+v", spam)
		}
	})
}
