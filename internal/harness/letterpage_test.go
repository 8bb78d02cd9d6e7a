package harness_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/harness"
)

// TestALetterHasAPageForThoseWhoHaveItsMail looks for the page of a letter before it leaves and behind, as a stranger: there is one once it
// began to leave, it speaks to nobody in particular, nothing leads to it, and no robot keeps it.
func TestALetterHasAPageForThoseWhoHaveItsMail(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	l, err := h.Newsletter.Create(t.Context(), me, newsletter.Input{Voice: mainVoice(t, h), Subject: "{prénom}, un mot avant le printemps",
		Body: "Bonjour {prénom},\n\nL’atelier **rouvre**, {société|chez vous} aussi.\n\n<script>alert(1)</script>"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/l/" + l.Address
	if len(l.Address) < 16 {
		t.Fatalf("the address %q is guessed", l.Address)
	}
	h.Visitor().Get(at).Is(http.StatusNotFound)
	h.SignIn().Get(at).Is(http.StatusNotFound) // a draft has no page, for nobody
	shown, err := h.Newsletter.Preview(t.Context(), me, l.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(shown.HTML, at) || !strings.Contains(shown.Text, at) {
		t.Error("the mail does not lead to its page")
	}
	if err := h.Newsletter.Send(t.Context(), me, l.ID, time.Time{}); err != nil {
		t.Fatal(err)
	}
	h.RunJobs()
	page := h.Visitor().Get(at).OK().Has("h1", "Un mot avant le printemps").Has(".prose", "Bonjour,").Has(".prose strong", "rouvre").Has(".prose", "chez vous").
		Has("form[action='/subscribe']", "").Has("meta[name=robots][content=noindex]", "")
	if text := page.Text(); strings.Contains(text, "{") || strings.Contains(text, "alert(1)") || strings.Contains(text, "slot") {
		t.Errorf("the page says\n%s", text)
	}
	if got := page.Header.Get("X-Robots-Tag"); got != "noindex" {
		t.Errorf("robots are told %q", got)
	}
	for _, list := range []string{"/", "/sitemap.xml", "/feed.xml", "/search?q=printemps"} {
		if p := h.Visitor().Get(list); strings.Contains(string(p.Body), l.Address) || strings.Contains(string(p.Body), "printemps, ") {
			t.Errorf("%s leads to the letter", list)
		}
	}
	for _, none := range []string{"/l/", "/l/x", at + "x", at + "/feed.xml", at + "/comments"} {
		h.Visitor().Get(none).Is(http.StatusNotFound)
	}
}
