package harness_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
)

// TestSpeakBeAnsweredAnswerDoBusiness is the promise of the whole program, kept once on each engine: what the house
// publishes is read, a stranger's first remark waits for the house, once let through and confirmed the next one appears
// by itself, a request is answered by mail, and what came of it can be told.
func TestSpeakBeAnsweredAnswerDoBusiness(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		me := h.Owner.Actor()
		path := publish(t, h, "Nos délais, dits franchement", "Une date sûre vaut mieux qu’une date **proche**.")

		reader := h.Visitor()
		page := reader.Get(path).OK().Has("h1", "Nos délais, dits franchement").Has("article strong", "proche")
		if feed := reader.Get("/feed.xml").OK(); !strings.Contains(string(feed.Body), "Nos délais, dits franchement") {
			t.Error("the feed does not tell of the post")
		}

		// The first remark is held, and nobody else sees it.
		said := page.Form("#repondre").Fill("name", "Hélène Morvan").Fill("email", "helene@morvan.example").
			Fill("body", "Une date sûre, sans hésiter.").With("notify", "on").Submit().Is(http.StatusSeeOther)
		reader.Follow(said).OK()
		h.Visitor().Get(path).OK().HasNot("#conversation", "sans hésiter")
		held := only(t, h, inbox.Filter{State: inbox.Held})

		// Let through, it appears, and a mail asks its writer to confirm the address.
		if err := h.Inbox.Approve(t.Context(), me, held.ID); err != nil {
			t.Fatal(err)
		}
		h.Visitor().Get(path).OK().Has("#conversation", "sans hésiter")
		h.RunJobs()
		asked := last(t, h, "helene@morvan.example")
		confirm := h.Visitor().Get(linkIn(t, h, asked.Text, "/confirm")).OK()
		done := confirm.Form("form").Submit()
		if done.Status == http.StatusSeeOther {
			done = h.Visitor().Follow(done)
		}
		done.OK()

		// Confirmed, the next one needs nobody.
		h.Clock.Advance(time.Hour)
		h.Visitor().Get(path).OK().Form("#repondre").Fill("name", "Hélène Morvan").Fill("email", "helene@morvan.example").
			Fill("body", "Et la deuxième date, vous la tenez ?").Submit().Is(http.StatusSeeOther)
		h.Visitor().Get(path).OK().Has("#conversation", "vous la tenez")

		// She asks for work; the answer leaves by mail, in the thread of what she wrote.
		h.Clock.Advance(time.Hour)
		h.Visitor().Get("/contact").OK().Form("form[method=post]").Fill("name", "Hélène Morvan").Fill("email", "helene@morvan.example").
			Fill("body", "Nous refaisons nos bureaux. On peut en parler ?").Fill("how", "Par le billet sur les délais.").Submit()
		request := only(t, h, inbox.Filter{Kind: inbox.KindRequest})
		if request.State != inbox.Open || request.Contact != held.Contact {
			t.Errorf("the request is %s, of contact %v; the remark was of %v", request.State, request.Contact, held.Contact)
		}
		if _, err := h.Inbox.Answer(t.Context(), me, request.ID, "Avec plaisir : mardi, à l’atelier ?"); err != nil {
			t.Fatal(err)
		}
		h.RunJobs()
		answer := last(t, h, "helene@morvan.example")
		if !strings.Contains(answer.Text, "mardi, à l’atelier") || answer.InReplyTo == "" {
			t.Errorf("the answer says %q, in reply to %q", answer.Text, answer.InReplyTo)
		}

		// It becomes business: the thread of the relation tells it in order, and what was said before is observed.
		h.Clock.Advance(time.Hour)
		m, err := h.Mandates.FromMessage(t.Context(), me, request.ID)
		if err != nil {
			t.Fatal(err)
		}
		won, cents := mandate.Won, int64(1_240_000)
		if _, err := h.Mandates.Change(t.Context(), me, m.ID, mandate.Patch{Stage: &won, AmountCents: &cents}); err != nil {
			t.Fatal(err)
		}
		thread, _, err := h.Timeline.List(t.Context(), me, request.Contact, 50, "")
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(thread); i++ {
			if thread[i].At.After(thread[i-1].At) {
				t.Errorf("the thread is out of order: %v after %v", thread[i], thread[i-1])
			}
		}
		if len(thread) < 6 {
			t.Errorf("the thread holds %d moments: %+v", len(thread), thread)
		}
		report, err := h.Attribution.Of(t.Context(), me)
		if err != nil {
			t.Fatal(err)
		}
		if report.Won.Count != 1 || report.Won.Observed != 1 || len(report.Won.Amounts) != 1 || report.Won.Amounts[0].Cents != cents {
			t.Errorf("what speaking brought: %+v", report.Won)
		}
		if len(report.Cases) != 1 || report.Cases[0].Declared != "Par le billet sur les délais." {
			t.Errorf("the case: %+v", report.Cases)
		}
	})
}

// TestTheAnswerLeavesByTheRelay sends the answer through a real SMTP conversation: it arrives once, and its delivery says
// what the server said.
func TestTheAnswerLeavesByTheRelay(t *testing.T) {
	t.Parallel()
	relay := mailtest.Start(t)
	h := harness.Start(t, harness.Options{SetUp: true, Relay: relay.URL()})
	h.Visitor().Get("/contact").OK().Form("form[method=post]").Fill("name", "Paul Kervella").Fill("email", "paul@kervella.example").
		Fill("body", "Nous refaisons la salle du conseil au printemps.").Submit()
	request := only(t, h, inbox.Filter{Kind: inbox.KindRequest})
	for range 2 { // pressing twice is pressing once
		if _, err := h.Inbox.Answer(t.Context(), h.Owner.Actor(), request.ID, "Passez jeudi."); err != nil {
			t.Fatal(err)
		}
		h.RunJobs()
	}
	got := relay.Messages()
	if len(got) != 1 || got[0].To != "paul@kervella.example" {
		t.Fatalf("%d messages arrived: %+v", len(got), got)
	}
}

// TestLinksInMailsLeadToWhatTheyTellOf follows the link of a mail about a remark: it leads to the page, and to the remark.
func TestLinksInMailsLeadToWhatTheyTellOf(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	path := publish(t, h, "Un billet", "Trois mots.")
	h.Visitor().Get(path).OK().Form("#repondre").Fill("name", "Anne").Fill("email", "anne@lectrice.example").Fill("body", "Et la suite ?").Submit()
	said := only(t, h, inbox.Filter{State: inbox.Held})
	if err := h.Inbox.Approve(t.Context(), h.Owner.Actor(), said.ID); err != nil {
		t.Fatal(err)
	}
	h.RunJobs()
	text := last(t, h, "anne@lectrice.example").Text
	found := regexp.MustCompile(regexp.QuoteMeta(h.URL+path) + `#(\S+)`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no link to the remark in:\n%s", text)
	}
	if page := h.Visitor().Get(path).OK(); len(page.All("#"+found[1])) == 0 {
		t.Errorf("nothing in %s is called %q, where the mail leads", path, found[1])
	}
}

// publish writes an article and lets it out; it returns its path.
func publish(t *testing.T, h *harness.House, title, body string) string {
	t.Helper()
	me := h.Owner.Actor()
	p, err := h.Posts.Create(t.Context(), me, post.Input{Voice: mainVoice(t, h), Title: title, Body: body})
	if err == nil {
		p, err = h.Posts.Publish(t.Context(), me, p.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "/" + p.Slug
}

// only returns the one message that a filter finds.
func only(t *testing.T, h *harness.House, f inbox.Filter) inbox.Message {
	t.Helper()
	found, _, err := h.Inbox.List(t.Context(), h.Owner.Actor(), f)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 {
		t.Fatalf("%d messages for %+v: %+v", len(found), f, found)
	}
	return found[0]
}

// last returns the last mail that left for an address.
func last(t *testing.T, h *harness.House, email string) mail.Message {
	t.Helper()
	all := h.Mail.To(email)
	if len(all) == 0 {
		t.Fatalf("no mail left for %s", email)
	}
	return all[len(all)-1]
}
