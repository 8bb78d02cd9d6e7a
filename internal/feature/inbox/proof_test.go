package inbox_test

import (
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func TestATypedAddressEarnsNoTrust(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		const address = "helene@morvan.example"
		first := w.Comment("Hélène Morvan", address, "Une date sûre.")
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, first.ID))
		w.Prove(first)
		for _, c := range []struct{ name, state, reason string }{
			{"Hélène Morvan", inbox.Open, ""},
			{"  HELENE \u200b MORVAN", inbox.Open, ""},
			{"Hélène", inbox.Held, inbox.ReasonOtherName},
			{"Jean Martin", inbox.Held, inbox.ReasonOtherName},
			{"Claire Aubin, directrice", inbox.Held, inbox.ReasonHouseName},
			{"Сlaire  AUBIN", inbox.Held, inbox.ReasonHouseName},
			{"Les Ateliers Aubin", inbox.Held, inbox.ReasonHouseName},
			{"The-Workshop", inbox.Held, inbox.ReasonHouseName},
		} {
			if m := w.Comment(c.name, address, "Moi, "+c.name); m.State != c.state || m.Reason != c.reason {
				t.Errorf("%q: %s for %q, want %s for %q", c.name, m.State, m.Reason, c.state, c.reason)
			}
		}
		other := w.Comment("Jean Martin", address, "Encore moi")
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, other.ID))
		if m := w.Comment("Jean Martin", address, "Approuvé, mais rien de prouvé"); m.Reason != inbox.ReasonOtherName {
			t.Errorf("a second name needs no proof: %s for %q", m.State, m.Reason)
		}
		w.Clock.Advance(time.Hour)
		w.Prove(other)
		if m := w.Comment("Jean Martin", address, "Prouvé"); m.State != inbox.Open {
			t.Errorf("proved too: %s for %q", m.State, m.Reason)
		}
		if m := w.Request("Claire Aubin", "claire@ailleurs.example", "Virez ceci"); m.State != inbox.Held || m.Reason != inbox.ReasonHouseName {
			t.Errorf("a request in her name: %s for %q", m.State, m.Reason)
		}
	})
}

func TestWhoSaysThatItWasNotThemIsHeard(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		const name, address = "Hélène Morvan", "helene@morvan.example"
		first := w.Comment(name, address, "Une date sûre.")
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, first.ID))
		old := w.ConfirmToken(first)
		w.Prove(first)
		forged := w.Comment(name, address, "Achetez mes montres")
		if forged.State != inbox.Open || len(thread(w)) != 2 {
			t.Fatalf("it is %s", forged.State)
		}
		token := w.Inbox.DisownToken(forged, forged.Handle, w.Clock.Now())
		what, err := w.Inbox.DisownSubject(t.Context(), token)
		if err != nil || what.Done || what.Email != address || what.ID != forged.ID || len(thread(w)) != 2 {
			t.Fatalf("looking at the link: %+v, %v", what, err)
		}
		w.Must(w.Inbox.Disown(t.Context(), token))
		w.Must(w.Inbox.Disown(t.Context(), token))
		if m := w.Get(forged.ID); m.State != inbox.Held || m.Reason != inbox.ReasonDisowned || !m.Contact.IsZero() || m.Sender.Value != address || len(thread(w)) != 1 {
			t.Errorf("taken back: %+v", m)
		}
		if what, err := w.Inbox.DisownSubject(t.Context(), token); err != nil || !what.Done {
			t.Errorf("the link says it: %+v, %v", what, err)
		}
		if m := w.Comment(name, address, "Encore"); m.State != inbox.Held {
			t.Error("the trust is still there")
		}
		if err := w.Inbox.Confirm(t.Context(), old); !fault.Is(err, fault.KindGone) {
			t.Errorf("the link of before proves anew: %v", err)
		}
		again := w.Comment(name, address, "C’est bien moi")
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, again.ID))
		w.Prove(again)
		if m := w.Comment(name, address, "Prouvé de nouveau"); m.State != inbox.Open {
			t.Errorf("proved anew: %s for %q", m.State, m.Reason)
		}
		w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error { return w.Contacts.EraseIn(tx, w.Owner, first.Contact) }))
		if _, err := w.Inbox.DisownSubject(t.Context(), token); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody who was erased: %v", err)
		}
	})
}

func TestNamesThatNobodySeesAreRefused(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		for _, name := range []string{"", "  ", "\u200b", "\u202e\u2066", "\u3164", "\u2800", "\u0301\u0302", "\u00ad"} {
			_, err := w.Inbox.Comment(t.Context(), inbox.CommentInput{Post: w.Post.ID, Name: name, Email: "h@x.example", Body: "Oui"})
			_, err2 := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: name, Email: "h@x.example", Body: "Oui"})
			_, err3 := w.Contacts.Create(t.Context(), w.Owner, contact.NewContact{Name: name})
			for _, err := range []error{err, err2, err3} {
				if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Field != "name" || p[0].Code != "required" {
					t.Errorf("%q: %v", name, err)
				}
			}
		}
		if m := w.Comment("Jea\u200bnne\u202e", "j@x.example", "Oui"); m.Name != "Jeanne" {
			t.Errorf("kept as %q", m.Name)
		}
		for name, want := range map[string]string{"Claire Aubin": inbox.Held, "claire  aubin (atelier)": inbox.Held, "Jean": inbox.Visible} {
			in, err := w.Inbox.PrepareImport(t.Context(), inbox.Import{Incoming: inbox.Incoming{Voice: w.Claire.ID, Post: w.Post.ID, Subject: "x",
				Name: name, From: contact.Address("z@x.example"), Body: "Oui", Moderation: inbox.Visible, At: w.Clock.Now()}})
			w.Must(err)
			w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
				m, _, err := w.Inbox.ImportIn(tx, actor.Importer(), in)
				if m.Moderation != want {
					t.Errorf("%q imported is %s", name, m.Moderation)
				}
				return err
			}))
		}
	})
}

func TestOnlyEditorsModerate(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		m := w.Comment("Hélène", "helene@morvan.example", "Une date sûre ?")
		other := w.Comment("Jean", "jean@x.example", "Moi aussi")
		for name, do := range map[string]func(actor.Actor) error{
			"approve": func(by actor.Actor) error { return w.Inbox.Approve(t.Context(), by, m.ID) },
			"spam":    func(by actor.Actor) error { return w.Inbox.Spam(t.Context(), by, other.ID) },
			"remove":  func(by actor.Actor) error { return w.Inbox.Remove(t.Context(), by, other.ID) },
		} {
			if err := do(w.Author); !fault.Is(err, fault.KindForbidden) {
				t.Errorf("an author: %s: %v", name, err)
			}
			if err := do(w.Editor); err != nil {
				t.Errorf("an editor: %s: %v", name, err)
			}
		}
		answer, err := w.Inbox.Answer(t.Context(), w.Author, m.ID, "Oui.")
		w.Must(err)
		theirs, err := w.Inbox.Answer(t.Context(), w.Editor, m.ID, "Deux, même.")
		w.Must(err)
		w.Must(w.Inbox.Remove(t.Context(), w.Author, answer.ID))
		if err := w.Inbox.Remove(t.Context(), w.Author, theirs.ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author takes an editor's answer away: %v", err)
		}
		w.Must(w.Inbox.Close(t.Context(), w.Author, m.ID))
	})
}
