package notice_test

import (
	"fmt"
	"net/url"
	"regexp"
	"testing"
	"time"

	"causerie/internal/channel/notice"
	"causerie/internal/core/delivery"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail/mailtest"
)

// visible has somebody say something that appears, and leaves no trace of the mails about it.
func (w *world) visible(name, body string, under fact.MessageID, notify bool) inbox.Message {
	w.T.Helper()
	m := w.comment(name, body, under, notify)
	if m.State == inbox.Held {
		w.Must(w.Inbox.Approve(w.T.Context(), w.Owner, m.ID))
	}
	w.Clock.Advance(time.Minute)
	return w.Get(m.ID)
}

// follow checks how many mails of answers somebody has got.
func (w *world) follow(name string, n int) (last mailtest.Letter) {
	w.T.Helper()
	var got []mailtest.Letter
	for _, l := range w.mails(name + "@lecteur.example") {
		if answers.MatchString(l.Subject) {
			got = append(got, l)
		}
	}
	if len(got) != n {
		w.T.Fatalf("%s was told of answers %d times, want %d", name, len(got), n)
	}
	if n > 0 {
		last = got[n-1]
	}
	return last
}

var (
	answers  = regexp.MustCompile(`réponses? à votre commentaire`)
	stopLink = regexp.MustCompile(`https://aubin\.example/unsubscribe\?t=(\S+)`)
)

func TestWhoAskedIsToldWhenAnotherReaderAnswers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ana := w.visible("Ana", "Premier.", 0, true)
		cloe := w.visible("Cloe", "Sans case.", 0, false)
		bea := w.comment("Bea", "Réponse à Ana : « oui ».", ana.ID, true)
		w.follow("ana", 0) // it is held
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, bea.ID))
		l := w.follow("ana", 1)
		if l.Subject != "Une réponse à votre commentaire : Nos délais" {
			t.Errorf("the subject is %q", l.Subject)
		}
		has(t, "the text", l.Text, "Bonjour Ana,", "Bea a répondu sous votre commentaire sur « Nos délais » :", "> Réponse à Ana : « oui ».",
			"https://aubin.example/nos-delais#c-"+bea.ID.String(), "Ne plus être prévenu de cette conversation")
		hasNot(t, "the mail", l.Text+l.HTML, "bea@lecteur.example")
		has(t, "From", l.Get("From"), "Claire Aubin", "<claire@aubin.example>")
		link := stopLink.FindString(l.Text)
		if l.Get("List-Unsubscribe") != "<"+link+">" || l.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || l.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%v", l.Header)
		}
		if l.Get("In-Reply-To") != "<"+ana.MailID+">" {
			t.Errorf("in reply to %s", l.Get("In-Reply-To"))
		}
		w.visible("Dan", "Réponse à Cloé.", cloe.ID, false)
		w.visible("Ana", "Je me réponds.", ana.ID, true)
		w.visible("Eva", "Au billet.", 0, false)
		w.follow("ana", 1)
		w.follow("cloe", 0)
		w.visible("Eva", "Sous Béa.", bea.ID, false)
		w.follow("bea", 1)
		w.follow("ana", 2) // further down, but under hers
	})
}

// The answer of the house to a comment leaves by the way of the comment; the others above it are told here.
func TestTheAnswerOfTheHouseIsToldToThoseAbove(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ana := w.visible("Ana", "Premier.", 0, true)
		bea := w.visible("Bea", "Réponse à Ana.", ana.ID, true)
		w.follow("ana", 1)
		back, err := w.Inbox.Answer(t.Context(), w.Owner, bea.ID, "Trop vite.")
		w.Must(err)
		w.Clock.Advance(9 * time.Second)
		w.follow("ana", 1)
		w.Must(w.Inbox.Remove(t.Context(), w.Owner, back.ID)) // taken back
		w.Clock.Advance(time.Minute)
		w.follow("ana", 1)
		was := len(w.mails("bea@lecteur.example"))
		_, err = w.Inbox.Answer(t.Context(), w.Owner, bea.ID, "La maison répond.")
		w.Must(err)
		w.Clock.Advance(time.Minute)
		has(t, "the text", w.follow("ana", 2).Text, "Claire Aubin a répondu sous votre commentaire", "La maison répond.")
		mine := w.mails("bea@lecteur.example")
		if len(mine) != was+1 {
			t.Fatalf("%d mails, want %d", len(mine), was+1)
		}
		last := mine[was]
		has(t, "the answer", last.Text, "La maison répond.", stopLink.FindString(last.Text))
		if last.Get("List-Unsubscribe-Post") == "" {
			t.Errorf("%v", last.Header)
		}
	})
}

func TestWhoWantsNoMoreGetsNoMore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ana := w.visible("Ana", "Premier.", 0, true)
		w.visible("Bea", "Un.", ana.ID, false)
		token, err := url.QueryUnescape(stopLink.FindStringSubmatch(w.follow("ana", 1).Text)[1])
		w.Must(err)
		for range 2 { // opening the page changes nothing
			f, err := w.Inbox.FollowingOf(t.Context(), token)
			if err != nil || f.Done || f.Title != "Nos délais" {
				t.Fatalf("%+v, %v", f, err)
			}
		}
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		w.visible("Bea", "Deux.", ana.ID, false)
		w.Jobs()
		for range 2 {
			w.Must(w.Inbox.Stop(t.Context(), token))
		}
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.visible("Bea", "Trois.", ana.ID, false)
		w.follow("ana", 1)
		was := len(w.mails("ana@lecteur.example"))
		_, err = w.Inbox.Answer(t.Context(), w.Owner, ana.ID, "La maison répond.")
		w.Must(err)
		w.Clock.Advance(time.Minute)
		if now := len(w.mails("ana@lecteur.example")); now != was {
			t.Errorf("%d mails more, and they wanted none", now-was)
		}
		if f, err := w.Inbox.FollowingOf(t.Context(), token); err != nil || !f.Done {
			t.Errorf("%+v, %v", f, err)
		}
		again := w.visible("Ana", "De nouveau.", 0, true) // asking again is asking
		w.visible("Bea", "Quatre.", again.ID, false)
		w.follow("ana", 2)
		for _, bad := range []string{"", "x", token + "x", w.ConfirmToken(ana)} {
			if err := w.Inbox.Stop(t.Context(), bad); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestALivelyThreadIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ana := w.visible("Ana", "Premier.", 0, true)
		bea := w.visible("Bea", "Un.", ana.ID, false)
		w.Verify(bea.Handle)
		for i := range 8 {
			w.visible("Bea", fmt.Sprintf("Encore %d.", i), ana.ID, false)
			w.Jobs()
		}
		w.follow("ana", 4) // as they came
		w.Clock.Advance(5 * time.Minute)
		if l := w.follow("ana", 5); l.Subject != "4 réponses à votre commentaire : Nos délais" {
			t.Errorf("the subject is %q", l.Subject)
		}
	})
}

func TestWhatIsTakenAwayIsNotToldNorToldAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ana := w.visible("Ana", "Premier.", 0, true)
		bea := w.visible("Bea", "Un.", ana.ID, false)
		w.follow("ana", 1)
		w.Must(w.Inbox.Remove(t.Context(), w.Owner, bea.ID))
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, bea.ID))
		w.follow("ana", 1)
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		two := w.visible("Bea", "Deux.", ana.ID, false)
		w.Jobs()
		w.Must(w.Inbox.Spam(t.Context(), w.Owner, two.ID))
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.follow("ana", 1)
		w.Must(w.Inbox.Remove(t.Context(), w.Owner, ana.ID))
		w.visible("Bea", "Trois.", 0, false)
		w.follow("ana", 1)
	})
}

func TestAPostThatStrangersDoNotSeeTellsNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ana := w.visible("Ana", "Premier.", 0, true)
		bea := w.comment("Bea", "Un.", ana.ID, false)
		inside := voice.Internal
		w.Must(w.Voices.SetMain(t.Context(), w.Owner, w.Shop.ID))
		_, err := w.Voices.Change(t.Context(), w.Owner, w.Claire.ID, voice.Patch{Kind: &inside})
		w.Must(err)
		w.Must(w.Inbox.Approve(t.Context(), w.Owner, bea.ID))
		w.follow("ana", 0)
	})
}

func TestWhoIsErasedIsToldNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ana := w.visible("Ana", "Premier.", 0, true)
		w.visible("Eva", "Deuxième.", ana.ID, true)
		w.follow("ana", 1)
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		w.visible("Bea", "Un.", ana.ID, false)
		w.Jobs()
		w.Must(w.Contacts.Erase(t.Context(), w.Owner, ana.Contact))
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		w.follow("ana", 1)
		all, _, err := w.Deliveries.List(t.Context(), w.Owner, delivery.Filter{})
		w.Must(err)
		for _, d := range all {
			if d.Kind == notice.KindFollow && d.Recipient != "" {
				t.Errorf("a mail still says where it went: %+v", d)
			}
		}
		token := w.Inbox.StopToken(ana.Handle, w.Post.ID)
		if f, err := w.Inbox.FollowingOf(t.Context(), token); err != nil || !f.Done {
			t.Errorf("%+v, %v", f, err)
		}
		w.Must(w.Inbox.Stop(t.Context(), token))
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			waiting, err := db.One(tx, db.Query{Name: "test.waiting", SQL: `SELECT COUNT(*) FROM notices WHERE told_at IS NULL`}, db.Scalar[int])
			if waiting != 0 {
				t.Errorf("%d notices wait", waiting)
			}
			return err
		}))
	})
}
