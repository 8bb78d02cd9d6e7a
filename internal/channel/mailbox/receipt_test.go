package mailbox

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
)

// ask has somebody ask by the form of the site, which says whether a receipt may leave; a minute passes, and what is due then is done.
func (w *world) ask(in inbox.RequestInput) inbox.Message {
	w.T.Helper()
	m, err := w.Inbox.Request(w.T.Context(), in)
	w.Must(err)
	w.Clock.Advance(time.Minute)
	w.Jobs()
	return m
}

func TestWhoAsksIsToldThatItCameWithNothingOfWhatTheyTyped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		in := inbox.RequestInput{Name: "Gagnez 1000 euros", Email: "victime@ailleurs.example", Body: "Cliquez ici.", How: "Par hasard.", Receipt: true}
		m := w.ask(in)
		all := w.mails()
		if len(all) != 1 {
			t.Fatalf("%d mails", len(all))
		}
		l := all[0]
		has(t, "the subject", l.subject, "Claire Aubin a bien reçu votre message")
		has(t, "the text", l.text, "Merci, votre message est bien arrivé.", "Claire Aubin\nAteliers Aubin", "Ateliers Aubin avec cette adresse")
		for _, typed := range []string{"Gagnez", "Cliquez", "hasard"} {
			if strings.Contains(l.text+l.html+l.subject+l.Get("To"), typed) {
				t.Errorf("it says %q:\n%s", typed, l.text)
			}
		}
		if l.Get("Auto-Submitted") != "auto-replied" || l.Get("In-Reply-To") != "<"+m.MailID+">" {
			t.Errorf("%v", l.Header)
		}
		has(t, "From", l.Get("From"), "<claire@aubin.example>")
		for range 3 { // the same address, however it is written, and whatever the name
			w.Clock.Advance(2 * time.Hour)
			in.Name, in.Email = "Paul", "Victime@Ailleurs.example"
			w.ask(in)
		}
		if n := len(w.mails()); n != 1 {
			t.Errorf("%d mails in a day to one address", n)
		}
		w.Clock.Advance(24 * time.Hour)
		w.ask(in)
		if n := len(w.mails()); n != 2 {
			t.Errorf("%d mails in two days", n)
		}
	})
}

func TestAReceiptLeavesOnlyWhereItMay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		off, words := false, "Bonjour, on vous lit vite !\n\nÀ bientôt."
		in := inbox.RequestInput{Name: "Paul", Email: "paul@kervella.example", Body: "Une salle ?", Receipt: true}
		for name, change := range map[string]func(in *inbox.RequestInput){
			"spam":                            func(in *inbox.RequestInput) { in.Honeypot = "x" },
			"enough left for this network":    func(in *inbox.RequestInput) { in.Receipt = false },
			"the address of the voice itself": func(in *inbox.RequestInput) { in.Email = "claire@aubin.example" },
		} {
			one := in
			one.Body = name
			change(&one)
			w.ask(one)
			if n := len(w.mails()); n != 0 {
				t.Errorf("%s: %d mails", name, n)
			}
		}
		_, err := w.Voices.Change(t.Context(), w.Owner, w.Claire.ID, voice.Patch{Receipts: &off})
		w.Must(err)
		w.ask(in)
		if n := len(w.mails()); n != 0 {
			t.Errorf("a voice that sends none: %d mails", n)
		}
		on := true
		_, err = w.Voices.Change(t.Context(), w.Owner, w.Claire.ID, voice.Patch{Receipts: &on, Receipt: &words})
		w.Must(err)
		in.Body = "Une autre salle ?"
		w.ask(in)
		all := w.mails()
		if len(all) != 1 {
			t.Fatalf("%d mails", len(all))
		}
		has(t, "the page", all[0].html, "on vous lit vite !</p>", ">À bientôt.</p>")
		if strings.Contains(all[0].text, "bien arrivé") {
			t.Errorf("its own words and the program's:\n%s", all[0].text)
		}
	})
}

func TestAReceiptThatTellsNothingAnyMoreDoesNotLeave(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		answered := w.ask(inbox.RequestInput{Name: "Paul", Email: "paul@kervella.example", Body: "Une salle ?", Receipt: true})
		_, err := w.Inbox.Answer(t.Context(), w.Owner, answered.ID, "Avec plaisir.")
		w.Must(err)
		w.Clock.Advance(time.Hour)
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		if all := w.mails(); len(all) != 1 || !strings.HasPrefix(all[0].subject, "Re:") {
			t.Fatalf("%d mails, want the answer alone", len(all))
		}
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, true))
		w.ask(inbox.RequestInput{Name: "Anne", Email: "anne@kervella.example", Body: "Une table ?", Receipt: true})
		w.Clock.Advance(72 * time.Hour)
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Owner, false))
		if n := len(w.mails()); n != 1 {
			t.Errorf("%d mails", n)
		}
		all, _, err := w.Deliveries.List(t.Context(), w.Owner, delivery.Filter{State: delivery.Refused})
		w.Must(err)
		if len(all) != 2 {
			t.Errorf("%+v", all)
		}
	})
}

// What is answered while its receipt waits to be made gets one mail, and no line of a receipt among what leaves.
func TestARequestAnsweredAtOnceGetsNoReceipt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		m, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Paul", Email: "paul@kervella.example", Body: "Une salle ?", Receipt: true})
		w.Must(err)
		_, err = w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Avec plaisir.")
		w.Must(err)
		w.Clock.Advance(time.Minute)
		if all := w.mails(); len(all) != 1 || !strings.HasPrefix(all[0].subject, "Re:") {
			t.Errorf("%d mails, want the answer alone", len(all))
		}
		all, _, err := w.Deliveries.List(t.Context(), w.Owner, delivery.Filter{})
		w.Must(err)
		if len(all) != 1 || all[0].Kind != KindAnswer {
			t.Errorf("%+v", all)
		}
	})
}
