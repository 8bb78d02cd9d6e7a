package harness_test

import (
	"net/http"
	"strings"
	"testing"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/contact"
	"causerie/internal/harness"
)

// TestALetterIsSeenBeforeItLeaves looks at a letter with the eyes of nobody and of somebody, in both forms, and in one's own mailbox.
// Whatever it holds, its frame does nothing.
func TestALetterIsSeenBeforeItLeaves(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	l, err := h.Newsletter.Create(t.Context(), me, newsletter.Input{Voice: mainVoice(t, h), Subject: "{prénom}, un mot avant le printemps", Body: "Bonjour {prénom},\n\nL’atelier **rouvre**."})
	if err != nil {
		t.Fatal(err)
	}
	paul, err := h.Contacts.Create(t.Context(), me, contact.NewContact{Name: "Paul Kervella", Email: "paul@kervella.example"})
	if err != nil {
		t.Fatal(err)
	}
	path := "/app/letters/" + l.ID.String() + "/preview"
	page := h.SignIn().Get(path).OK().Has("dd", "Un mot avant le printemps").Has("iframe[sandbox]", "")
	if p := page.Header.Get("Content-Security-Policy"); !strings.Contains(p, "frame-src 'self'") || !strings.Contains(p, "frame-ancestors 'none'") {
		t.Errorf("the page of frames has the policy %q", p)
	}
	h.SignIn().Get(path+"?as="+paul.ID.String()).OK().Has("dd", "Paul, un mot avant le printemps")
	h.SignIn().Get(path+"?who=kervella").OK().Has("a.pill", "Paul Kervella")
	h.SignIn().Get(path+"?form=text&as="+paul.ID.String()).OK().Has("pre", "Bonjour Paul,").Has("pre", "L’atelier *rouvre*.")
	mail := h.SignIn().Get(path + "/mail?as=" + paul.ID.String()).OK()
	if !strings.Contains(string(mail.Body), "Bonjour Paul,") {
		t.Errorf("the mail is\n%s", mail.Body)
	}
	if p := mail.Header.Get("Content-Security-Policy"); !strings.Contains(p, "sandbox") || strings.Contains(p, "script-src") || !strings.Contains(p, "form-action 'none'") || mail.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Errorf("the mail alone has the policy %q", p)
	}
	page.Form("form[action='/app/letters/" + l.ID.String() + "/test']").Submit().Is(http.StatusSeeOther)
	h.RunJobs()
	if got := last(t, h, h.Owner.Email); !strings.Contains(got.Subject, "Jeanne, un mot avant le printemps") || len(h.Mail.All()) != 1 {
		t.Errorf("the test is %q, of %d mails", got.Subject, len(h.Mail.All()))
	}
}
