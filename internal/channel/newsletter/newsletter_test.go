package newsletter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
)

type world struct {
	*inboxtest.World
	caught   *mail.Captured
	subs     *subscription.Service
	consents *consent.Service
	letters  *newsletter.Service
	asked    []fact.AskID
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	caught := map[*testing.T]*mail.Captured{}
	inboxtest.Each(t, func(t *testing.T) mail.Sender { caught[t] = &mail.Captured{}; return caught[t] }, func(t *testing.T, in *inboxtest.World) {
		w := &world{World: in, caught: caught[t]}
		box, err := seal.Open(make([]byte, seal.KeySize))
		in.Must(err)
		w.consents = consent.New(consent.Options{DB: in.DB, Bus: in.Bus, House: in.House, Contacts: in.Contacts, Box: box})
		w.subs = subscription.New(subscription.Options{DB: in.DB, Bus: in.Bus, Queue: in.Queue, House: in.House, Voices: in.Voices,
			Contacts: in.Contacts, Consents: w.consents, Box: box})
		w.letters, err = newsletter.New(newsletter.Options{DB: in.DB, Bus: in.Bus, House: in.House, Voices: in.Voices, Places: in.Places, Contacts: in.Contacts,
			Subscriptions: w.subs, Deliveries: in.Deliveries, Mailer: in.Mailer, Media: in.Media, Posts: in.Posts, Queue: in.Queue, Host: "aubin.example"})
		in.Must(err)
		bus.Project(in.Bus, "newslettertest", func(_ *db.Tx, _ bus.Event, f fact.SubscriptionAsked) error {
			if !slices.Contains(w.asked, f.Ask) {
				w.asked = append(w.asked, f.Ask)
			}
			return nil
		})
		fn(t, w)
	})
}

// subscribe has an address follow, and empties what was mailed about it.
func (w *world) subscribe(email string, all ...subscription.Follow) {
	w.T.Helper()
	w.Must(w.subs.Ask(w.T.Context(), subscription.AskInput{Email: email, Wish: subscription.Wish{Follows: all, Rhythm: subscription.Each, Lang: "fr-FR"},
		Wording: "J’accepte.", Version: "1", Page: "https://aubin.example/"}))
	w.confirm()
}

// confirm presses the button of the last mail that asked for it.
func (w *world) confirm() {
	w.T.Helper()
	var ask subscription.Ask
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		for _, id := range slices.Backward(w.asked) { // the last may be of a run that was rolled back
			if ask, err = w.subs.AskIn(tx, id); !fault.Is(err, fault.KindNotFound) {
				return err
			}
		}
		return err
	}))
	w.Must(w.subs.Confirm(w.T.Context(), w.subs.ConfirmToken(ask)))
}

// to returns the letters that were mailed to an address.
func (w *world) to(email string) (all []mail.Message) { return w.ofKind(email, newsletter.KindLetter) }

func (w *world) ofKind(email, kind string) (all []mail.Message) {
	for _, m := range w.caught.To(email) {
		if strings.Contains(m.Headers["Feedback-ID"], "::"+kind+":") {
			all = append(all, m)
		}
	}
	return all
}

func (w *world) write(subject, body string) newsletter.Letter {
	w.T.Helper()
	l, err := w.letters.Create(w.T.Context(), w.Editor, newsletter.Input{Voice: w.Claire.ID, Subject: subject, Body: body})
	w.Must(err)
	return l
}

func (w *world) state(id fact.LetterID, want string) {
	w.T.Helper()
	l, err := w.letters.Get(w.T.Context(), w.Editor, id)
	w.Must(err)
	if l.State != want {
		w.T.Errorf("the letter is %s, want %s", l.State, want)
	}
}

func TestALetterReachesWhoFollowsOnceAndTheirNameStandsInIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		w.subscribe("zoe@ailleurs.example", claire, subscription.Follow{Voice: w.Shop.ID})
		w.subscribe("bob@ailleurs.example", claire)
		w.subscribe("parti@ailleurs.example", claire)
		w.subscribe("autre@ailleurs.example", subscription.Follow{Voice: w.Shop.ID})
		var zoe contact.Contact
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			zoe, _, _, err = w.Contacts.FindIn(tx, contact.Address("zoe@ailleurs.example"))
			return err
		}))
		name := "Zoé Martin"
		_, err := w.Contacts.Change(t.Context(), w.Owner, zoe.ID, contact.Patch{Name: &name})
		w.Must(err)
		l := w.write("Une lettre", "Bonjour {prénom},\n\nVoici [une page](https://aubin.example/x).")
		w.Must(w.letters.Send(t.Context(), w.Editor, l.ID, time.Time{}))
		w.Jobs()
		w.state(l.ID, newsletter.Sent)
		for email, want := range map[string]int{"zoe@ailleurs.example": 1, "bob@ailleurs.example": 1, "parti@ailleurs.example": 1, "autre@ailleurs.example": 0} {
			if n := len(w.to(email)); n != want {
				t.Errorf("%s got %d", email, n)
			}
		}
		m := w.to("zoe@ailleurs.example")[0]
		if !strings.Contains(m.Text, "Bonjour Zoé,") || !strings.Contains(m.HTML, "Bonjour Zoé,") || !strings.Contains(m.Text, "https://aubin.example/x") {
			t.Errorf("%s\n%s", m.Text, m.HTML)
		}
		if other := w.to("bob@ailleurs.example")[0]; !strings.Contains(other.Text, "Bonjour,") || strings.Contains(other.Text, "Zoé") {
			t.Errorf("%s", other.Text)
		}
		if m.ListUnsubscribePost != "List-Unsubscribe=One-Click" || !strings.HasPrefix(m.ListUnsubscribe, "https://aubin.example/subscribe/leave?t=") ||
			!strings.Contains(m.HTML, strings.ReplaceAll(m.ListUnsubscribe, "&", "&amp;")) || m.From.Email != "claire@aubin.example" || m.ReplyTo.Email != m.From.Email {
			t.Errorf("%+v", m)
		}
		if err := w.letters.Send(t.Context(), w.Editor, l.ID, time.Time{}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestWhoLeavesBetweenHandingOverAndLeavingGetsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		w.subscribe("zoe@ailleurs.example", claire)
		w.subscribe("bob@ailleurs.example", claire)
		w.Jobs()
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		l := w.write("Une lettre", "Voici.")
		w.Must(w.letters.Send(t.Context(), w.Editor, l.ID, time.Time{}))
		w.Jobs()
		w.state(l.ID, newsletter.Sending)
		var token string
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			_, h, _, err := w.Contacts.FindIn(tx, contact.Address("zoe@ailleurs.example"))
			token = w.subs.ChoicesToken(h.ID, l.ID)
			return err
		}))
		w.Must(w.subs.Leave(t.Context(), token, w.Claire.ID))
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.Jobs()
		if len(w.to("zoe@ailleurs.example")) != 0 || len(w.to("bob@ailleurs.example")) != 1 {
			t.Errorf("%d and %d mails", len(w.to("zoe@ailleurs.example")), len(w.to("bob@ailleurs.example")))
		}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			all, err := w.Deliveries.TalliesIn(tx, delivery.Ref{Kind: delivery.RefLetter, ID: int64(l.ID)})
			if fmt.Sprint(all) != "[{refused left_voice 1} {sent  1}]" {
				t.Errorf("%v", all)
			}
			return err
		}))
	})
}

func TestALetterIsPausedGoesOnAndIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		w.subscribe("zoe@ailleurs.example", claire)
		l := w.write("Une lettre", "Voici.")
		w.Must(w.letters.Send(t.Context(), w.Editor, l.ID, w.Clock.Now().Add(time.Hour)))
		w.state(l.ID, newsletter.Scheduled)
		w.Must(w.letters.Pause(t.Context(), w.Editor, l.ID))
		w.Clock.Advance(2 * time.Hour)
		w.Jobs()
		w.state(l.ID, newsletter.Paused)
		if n := len(w.to("zoe@ailleurs.example")); n != 0 {
			t.Fatalf("%d mails", n)
		}
		w.Must(w.letters.Resume(t.Context(), w.Editor, l.ID))
		w.Jobs()
		w.state(l.ID, newsletter.Sent)
		if n := len(w.to("zoe@ailleurs.example")); n != 1 {
			t.Errorf("%d mails", n)
		}
		again := w.write("Une autre", "Voici.")
		w.Must(w.letters.Send(t.Context(), w.Editor, again.ID, w.Clock.Now().Add(time.Hour)))
		w.Must(w.letters.Cancel(t.Context(), w.Editor, again.ID))
		w.Clock.Advance(2 * time.Hour)
		w.Jobs()
		w.state(again.ID, newsletter.Cancelled)
		if n := len(w.to("zoe@ailleurs.example")); n != 1 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestAPostLeavesAsItWasWhenItBegan(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.subscribe("zoe@ailleurs.example", subscription.Follow{Voice: w.Claire.ID})
		l, err := w.letters.Create(t.Context(), w.Editor, newsletter.Input{Post: w.Post.ID})
		w.Must(err)
		if l.Voice != w.Claire.ID {
			t.Errorf("%+v", l)
		}
		w.Must(w.letters.Send(t.Context(), w.Editor, l.ID, time.Time{}))
		w.Jobs()
		got := w.to("zoe@ailleurs.example")
		if len(got) != 1 || got[0].Subject != "Nos délais" {
			t.Fatalf("%+v", got)
		}
		if _, err := w.letters.Create(t.Context(), w.Author, newsletter.Input{Voice: w.Shop.ID, Subject: "x", Body: "y"}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author of another voice: %v", err)
		}
		if err := w.letters.Send(t.Context(), w.Author, l.ID, time.Time{}); err == nil {
			t.Error("an author lets letters leave")
		}
	})
}

func TestAFieldThatIsNoneIsSaidBeforeItLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		l := w.write("Une lettre", "Bonjour {prenmo},")
		if p := fault.ProblemsOf(w.letters.Send(t.Context(), w.Editor, l.ID, time.Time{})); len(p) != 1 || p[0].Field != "body" || p[0].Code != "field_unknown" {
			t.Errorf("%+v", p)
		}
	})
}

func TestWhoFollowsForTheFirstTimeIsWelcomedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		claire := subscription.Follow{Voice: w.Claire.ID}
		w.subscribe("zoe@ailleurs.example", claire)
		w.Jobs()
		w.Clock.Advance(time.Hour)
		w.subscribe("zoe@ailleurs.example", claire, subscription.Follow{Voice: w.Shop.ID})
		w.Jobs()
		got := w.ofKind("zoe@ailleurs.example", newsletter.KindWelcome)
		if len(got) != 1 || !strings.Contains(got[0].Text, "Nos délais") || !strings.HasPrefix(got[0].ListUnsubscribe, "https://aubin.example/subscribe/leave?t=") {
			t.Fatalf("%+v", got)
		}
	})
}

func TestAVoiceWelcomesInItsOwnWordsOrNotAtAll(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		say := func(in newsletter.Welcome) error {
			in.Voice = w.Claire.ID
			return w.letters.SetWelcome(t.Context(), w.Editor, in)
		}
		w.Must(say(newsletter.Welcome{Body: "Bonjour {prénom}, **entrez**, c’est ouvert."}))
		w.subscribe("zoe@ailleurs.example", subscription.Follow{Voice: w.Claire.ID})
		w.Jobs()
		got := w.ofKind("zoe@ailleurs.example", newsletter.KindWelcome)
		if len(got) != 1 || !strings.Contains(got[0].HTML, "<strong>entrez</strong>") || !strings.Contains(got[0].Text, "Bonjour, ") || !strings.Contains(got[0].Text, "Nos délais") {
			t.Fatalf("%+v", got)
		}
		if p := fault.ProblemsOf(say(newsletter.Welcome{Body: "Bonjour {prenmo},"})); len(p) != 1 || p[0].Field != "body" || p[0].Code != "field_unknown" {
			t.Errorf("%+v", p)
		}
		if err := w.letters.SetWelcome(t.Context(), w.Author, newsletter.Welcome{Voice: w.Claire.ID}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author: %v", err)
		}
		w.Must(say(newsletter.Welcome{Silent: true}))
		w.subscribe("bob@ailleurs.example", subscription.Follow{Voice: w.Claire.ID})
		w.Jobs()
		if got := w.ofKind("bob@ailleurs.example", newsletter.KindWelcome); len(got) != 0 {
			t.Errorf("a voice that welcomes nobody wrote %+v", got)
		}
	})
}
