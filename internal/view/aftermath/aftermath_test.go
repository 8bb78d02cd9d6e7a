package aftermath_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
	"causerie/internal/view/aftermath"
)

// TestWhatFollowsALetterIsOfThoseWhoGotIt sends a letter and has people of both kinds speak, ask, come and leave, before it, after it, and too
// late to count.
func TestWhatFollowsALetterIsOfThoseWhoGotIt(t *testing.T) {
	inboxtest.Each(t, func(*testing.T) mail.Sender { return &mail.Captured{} }, func(t *testing.T, w *inboxtest.World) {
		box, err := seal.Open(make([]byte, seal.KeySize))
		w.Must(err)
		consents := consent.New(consent.Options{DB: w.DB, Bus: w.Bus, House: w.House, Contacts: w.Contacts, Box: box})
		subs := subscription.New(subscription.Options{DB: w.DB, Bus: w.Bus, Queue: w.Queue, House: w.House, Voices: w.Voices, Contacts: w.Contacts, Consents: consents, Box: box})
		letters, err := newsletter.New(newsletter.Options{DB: w.DB, Bus: w.Bus, House: w.House, Voices: w.Voices, Places: w.Places, Contacts: w.Contacts,
			Subscriptions: subs, Deliveries: w.Deliveries, Mailer: w.Mailer, Media: w.Media, Posts: w.Posts, Queue: w.Queue, Host: "aubin.example"})
		w.Must(err)
		mandates := mandate.New(mandate.Options{DB: w.DB, Bus: w.Bus, House: w.House, Contacts: w.Contacts, Inbox: w.Inbox})
		view := aftermath.New(aftermath.Options{DB: w.DB, Letters: letters})
		var asked fact.AskID
		bus.Project(w.Bus, "aftermathtest", func(_ *db.Tx, _ bus.Event, f fact.SubscriptionAsked) error { asked = f.Ask; return nil })
		follow := func(email string) contact.Handle {
			w.Must(subs.Ask(t.Context(), subscription.AskInput{Email: email, Wish: subscription.Wish{Follows: []subscription.Follow{{Voice: w.Claire.ID}},
				Rhythm: subscription.Each, Lang: "fr-FR"}, Wording: "J’accepte.", Version: "1", Page: "https://aubin.example/"}))
			var h contact.Handle
			var ask subscription.Ask
			w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				ask, err = subs.AskIn(tx, asked)
				return err
			}))
			w.Must(subs.Confirm(t.Context(), subs.ConfirmToken(ask)))
			w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				_, h, _, err = w.Contacts.FindIn(tx, contact.Address(email))
				return err
			}))
			return h
		}
		says := func(email, kind string) {
			_, _, err := w.Inbox.Import(t.Context(), w.Owner, inbox.Import{Attention: inbox.Open, Incoming: inbox.Incoming{Voice: w.Claire.ID, Kind: kind,
				Name: email, From: contact.Address(email), Lang: "fr-FR", Body: "Bonjour.", Moderation: inbox.Visible, At: w.Clock.Now()}})
			w.Must(err)
		}
		zoe, bob := follow("zoe@ailleurs.example"), follow("bob@ailleurs.example")
		says("zoe@ailleurs.example", inbox.KindRequest) // before it
		w.Jobs()
		w.Clock.Advance(time.Hour)
		l, err := letters.Create(t.Context(), w.Editor, newsletter.Input{Voice: w.Claire.ID, Subject: "Une lettre", Body: "Voici."})
		w.Must(err)
		counts := func(want string) {
			t.Helper()
			got, _, err := view.Counts(t.Context(), w.Editor, l.ID)
			w.Must(err)
			if fmt.Sprint(got) != want {
				t.Errorf("what followed is %v, want %s", got, want)
			}
		}
		counts("[{words 0} {requests 0} {mandates 0} {came 0} {left 0}]")
		w.Must(letters.Send(t.Context(), w.Editor, l.ID, time.Time{}))
		w.Jobs()
		w.Clock.Advance(time.Hour)
		says("zoe@ailleurs.example", inbox.KindRequest)
		says("bob@ailleurs.example", inbox.KindComment)
		says("autre@ailleurs.example", inbox.KindRequest) // who did not get it
		_, err = mandates.Open(t.Context(), w.Owner, mandate.Input{Title: "La salle", Contact: zoe.Contact, Voice: w.Claire.ID})
		w.Must(err)
		follow("lea@ailleurs.example")
		brought, err := w.Contacts.Create(t.Context(), w.Owner, contact.NewContact{Name: "Max", Email: "max@ailleurs.example"})
		w.Must(err)
		_, err = consents.Record(t.Context(), w.Owner, brought.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Oui."})
		w.Must(err) // who follows because the house says so did not come
		w.Must(subs.Leave(t.Context(), subs.ChoicesToken(bob.ID, l.ID), w.Claire.ID))
		counts("[{words 1} {requests 1} {mandates 1} {came 1} {left 1}]")
		w.Clock.Advance(aftermath.Window)
		says("zoe@ailleurs.example", inbox.KindComment) // too late
		counts("[{words 1} {requests 1} {mandates 1} {came 1} {left 1}]")
		if _, lines, err := view.List(t.Context(), w.Editor, l.ID, aftermath.Left); err != nil || len(lines) != 1 || lines[0].Contact != bob.Contact {
			t.Errorf("who left is %+v: %v", lines, err)
		}
		if _, _, err := view.List(t.Context(), w.Editor, l.ID, "opens"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("opens are counted: %v", err)
		}
		if _, _, err := view.Counts(t.Context(), actor.Actor{Account: 99, Grants: []actor.Grant{{Role: actor.Reader}}}, l.ID); err == nil {
			t.Error("a reader sees what followed")
		}
	})
}
