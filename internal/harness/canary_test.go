package harness_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// What is private stands in nothing that a reader gets who subscribes: not in the mail that asks for their yes, in the welcome, in a letter, in a
// letter that carries a post, in a digest, in what is held about them, in the pages of their choices, in the question whether they wish to stay and
// its page, nor in the preview of a letter with their eyes, or of a welcome.
func TestNothingPrivateIsInWhatAReaderGets(t *testing.T) {
	t.Parallel()
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		c := new(canary)
		hide(t, h, c)
		me, main := h.Owner.Actor(), mainVoice(t, h)
		h.RunJobs()
		out := false // what was scheduled appeared
		clean := func(what, text string) {
			t.Helper()
			for _, place := range c.found([]byte(text)) {
				if out && place == "scheduled post" {
					continue
				}
				t.Errorf("%s shows the %s", what, place)
			}
		}
		seen := map[string]int{} // mails to each reader
		reader := func(email, rhythm string) contact.Contact {
			must(t, h.Subscriptions.Ask(t.Context(), subscription.AskInput{Email: email, Wording: "J’accepte.", Version: "1", Page: h.URL,
				Wish: subscription.Wish{Follows: []subscription.Follow{{Voice: main}}, Rhythm: rhythm, Lang: "fr-FR"}}))
			h.RunJobs()
			h.Visitor().Get(linkIn(t, h, last(t, h, email).Text, "/subscribe/confirm")).OK().Form("form.stack").Submit()
			h.RunJobs()
			var found contact.Contact
			read(t, h, func(tx *db.Tx) (err error) {
				found, _, _, err = h.Contacts.FindIn(tx, contact.Address(email))
				return err
			})
			return found
		}
		public, err := h.Posts.Create(t.Context(), me, post.Input{Voice: main, Title: "Ce que la bienvenue montre", Body: "Bonjour."})
		must(t, err)
		_, err = h.Posts.Publish(t.Context(), me, public.ID)
		must(t, err)
		welcomed := func(email, rhythm, words string) contact.Contact { // by the last posts, in the words of the program or of the voice
			must(t, h.Newsletter.SetWelcome(t.Context(), me, newsletter.Welcome{Voice: main, Body: words}))
			shown, err := h.Newsletter.PreviewWelcome(t.Context(), me, main)
			must(t, err)
			clean("the preview of the welcome", shown.Subject+shown.HTML+shown.Text)
			who := reader(email, rhythm)
			if m := last(t, h, email); !strings.Contains(m.Text, public.Title) || !strings.Contains(m.Text, words) {
				t.Errorf("no welcome with the last posts left for %s, but:\n%s", email, m.Text)
			}
			return who
		}
		paul, zoe := welcomed("paul@lecteur.example", subscription.Each, ""), welcomed("zoe@lecteur.example", subscription.Weekly, "Entrez, c’est ouvert.")
		article, err := h.Posts.Create(t.Context(), me, post.Input{Voice: main, Title: "Un autre billet", Body: "Bonjour."})
		must(t, err)
		article, err = h.Posts.Publish(t.Context(), me, article.ID)
		must(t, err)
		for _, in := range []newsletter.Input{{Voice: main, Post: article.ID}, {Voice: main, Subject: "Pour vous", Body: "Bonjour {prénom},\n\nUne phrase."}} {
			l, err := h.Newsletter.Create(t.Context(), me, in)
			must(t, err)
			shown, err := h.Newsletter.Preview(t.Context(), me, l.ID, paul.ID)
			must(t, err)
			clean("the preview", shown.Subject+shown.Preheader+shown.HTML+shown.Text)
			must(t, h.Newsletter.Send(t.Context(), me, l.ID, time.Time{}))
			h.RunJobs()
		}
		token := h.Subscriptions.ChoicesToken(paul.Handles[0].ID, 0)
		must(t, h.Subscriptions.AskOwn(t.Context(), token))
		h.RunJobs()
		own := linkIn(t, h, last(t, h, "paul@lecteur.example").Text, "/subscribe/own")
		_, query, _ := strings.Cut(own, "?")
		for _, path := range []string{own, "/subscribe/own/copy.json?" + query, "/subscribe/own/copy.csv?" + query,
			"/subscribe/choices?t=" + url.QueryEscape(token), "/subscribe/leave?t=" + url.QueryEscape(token), "/subscribe"} {
			clean(path, string(h.Visitor().Get(path).OK().Body))
		}
		now := h.Clock.Now() // who said nothing for three years is asked whether they wish to stay
		h.Clock.Set(now.AddDate(-3, 0, 20))
		silent, err := h.Contacts.Create(t.Context(), me, contact.NewContact{Name: "Yann", Email: "yann@lecteur.example", Lang: "fr-FR"})
		must(t, err)
		_, err = h.Consents.Record(t.Context(), me, silent.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Oui."})
		must(t, err)
		h.Clock.Set(now)
		must(t, h.Silences.Turn(t.Context(), me, true))
		h.RunJobs()
		clean("/stay", string(h.Visitor().Get(linkIn(t, h, last(t, h, "yann@lecteur.example").Text, "/stay")).OK().Body))
		h.Clock.Set(time.Date(2026, 11, 30, 8, 1, 0, 0, time.UTC)) // a Monday morning: what was scheduled is out
		for range 3 {
			h.RunJobs()
			h.Clock.Advance(time.Hour)
		}
		out = true
		for _, who := range []contact.Contact{paul, zoe, silent} {
			for _, m := range h.Mail.To(who.Email()) {
				seen[who.Email()]++
				clean("the mail « "+m.Subject+" »", fmt.Sprint(m.Subject, m.Text, m.HTML, m.Headers, m.ListUnsubscribe, m.From, m.ReplyTo))
			}
		}
		// The yes, the welcome, two letters, one's data; the yes, the welcome, the digest; the question.
		if seen[paul.Email()] != 5 || seen[zoe.Email()] != 3 || seen[silent.Email()] != 1 {
			t.Errorf("mails: %v", seen)
		}
	})
}
