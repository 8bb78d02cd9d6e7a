package harness_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/feature/subscription"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/mail"
)

// Owners are told by mail, once a day, that somebody floods mailboxes through the form: how much was refused, and from which networks, but neither
// from which address nor to whom. Others of the house are not told, and at night it waits for the morning.
func TestAFloodIsToldToOwnersOnceADay(t *testing.T) {
	t.Parallel()
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		h.Clock.Set(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)) // nine in Paris
		_, err := h.Accounts.Create(t.Context(), h.Owner.Actor(), account.NewAccount{Email: "autrice@maison.example", Name: "Léa", Lang: "fr-FR", Password: harness.Password,
			Grants: []actor.Grant{{Voice: int64(mainVoice(t, h)), Role: actor.Editor}}})
		must(t, err)
		ask := func(email, from string) {
			t.Helper()
			must(t, h.Subscriptions.Ask(t.Context(), subscription.AskInput{Email: email, Wording: "J’accepte.", Version: "1", Page: h.URL, From: netip.MustParseAddr(from),
				Wish: subscription.Wish{Follows: []subscription.Follow{{Voice: mainVoice(t, h)}}, Rhythm: subscription.Each, Lang: "fr-FR"}}))
		}
		flood := func(n int, from string) {
			t.Helper()
			for range n {
				h.Clock.Advance(11 * time.Minute)
				ask("victime@exemple.example", from)
				h.RunJobs()

			}
		}
		told := func() (all []mail.Message) {
			for _, m := range h.Mail.To(h.Owner.Email) {
				if strings.Contains(m.Subject, "abuse de votre formulaire") {
					all = append(all, m)
				}
			}
			return all
		}
		flood(3+4, "203.0.113.7") // three mails, and four refusals: somebody is impatient
		h.Clock.Advance(time.Hour)
		h.RunJobs()
		if n := len(told()); n != 0 {
			t.Fatalf("somebody's impatience was told %d times", n)
		}
		flood(2, "203.0.113.200")
		flood(3, "2001:db8:1:2::3")
		all := told()
		if len(all) != 1 {
			t.Fatalf("it was told %d times", len(all))
		}
		for _, want := range []string{"inscriptions de trop ont été refusées", "du réseau 203.0.113.0/24 (6 fois)", "il n’y a rien à faire", h.URL + "/app/"} {
			if text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(all[0].Text); !strings.Contains(text, want) {
				t.Errorf("the mail does not say %q:\n%s", want, text)
			}
		}
		for _, never := range []string{"203.0.113.7", "203.0.113.200", "2001:db8:1:2", "victime"} {
			if strings.Contains(fmt.Sprint(all[0].Subject, all[0].Text, all[0].HTML), never) {
				t.Errorf("the mail says %s", never)
			}
		}
		h.SignIn().Get("/app/").OK().Has("main", "9 inscriptions refusées")
		until := func(day, hour, minute, want int) { // it goes on, in the time of Paris
			t.Helper()
			for h.Clock.Now().Before(time.Date(2026, 11, day, hour-1, minute, 0, 0, time.UTC)) {
				flood(1, "198.51.100.9")
			}
			if n := len(told()); n != want {
				t.Errorf("on the %d at %d h %d it was told %d times, want %d", day, hour, minute, n, want)
			}
		}
		until(24, 23, 50, 1)
		until(25, 6, 40, 1)
		until(25, 7, 15, 2)
		until(25, 20, 0, 2)
		if all = told(); len(all) != 2 {
			t.FailNow()
		}
		if !strings.Contains(all[1].Text, "198.51.100.0/24") {
			t.Errorf("the second mail says:\n%s", all[1].Text)
		}
		if n := len(h.Mail.To("autrice@maison.example")); n != 0 {
			t.Errorf("who is no owner got %d mails", n)
		}
	})
}
