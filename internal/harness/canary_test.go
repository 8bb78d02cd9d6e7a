package harness_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/contact"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// What is private stands in nothing that a reader gets who subscribes: not in the mail that asks for their yes, in the welcome, in a letter, in a
// letter that carries a post, in a digest, in what is held about them, in the pages of their choices, nor in the preview of a letter with their
// eyes.
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
		paul, zoe := reader("paul@lecteur.example", subscription.Each), reader("zoe@lecteur.example", subscription.Weekly)
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
		h.Clock.Set(time.Date(2026, 11, 30, 8, 1, 0, 0, time.UTC)) // a Monday morning: what was scheduled is out
		for range 3 {
			h.RunJobs()
			h.Clock.Advance(time.Hour)
		}
		out = true
		for _, who := range []contact.Contact{paul, zoe} {
			for _, m := range h.Mail.To(who.Email()) {
				seen[who.Email()]++
				clean("the mail « "+m.Subject+" »", fmt.Sprint(m.Subject, m.Text, m.HTML, m.Headers, m.ListUnsubscribe, m.From, m.ReplyTo))
			}
		}
		if seen[paul.Email()] != 5 || seen[zoe.Email()] != 3 { // the yes, the welcome, two letters, one's data; the yes, the welcome, the digest
			t.Errorf("mails: %v", seen)
		}
	})
}
