package harness_test

import (
	"net/http"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/clock"
)

// TestToPublishAndToSendAreAskedApart writes a post, looks to how many it would go, lets it leave with its letter, and finds the letter on the
// page of the post. All of it without a script.
func TestToPublishAndToSendAreAskedApart(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	p, err := h.Posts.Create(t.Context(), me, post.Input{Voice: mainVoice(t, h), Title: "Le chêne", Body: "Il est arrivé."})
	if err != nil {
		t.Fatal(err)
	}
	at := "/app/posts/" + p.ID.String()
	desk := h.SignIn()
	page := desk.Get(at+"/ready").OK().Has("#letter summary", "le billet seul").Has("#letter small", "Personne ne suit encore cette voix")
	page.Form("form.ready").With("letter", "send").With("letter_excerpt", "1").With("letter_when", "later").With("letter_at", "demain").Submit().
		Is(http.StatusUnprocessableEntity).Has("#letter .problem", "").Has("#letter input[name=letter][value=send][checked]", "").
		Has("#letter input[name=letter_excerpt][value='1'][checked]", "")
	settled := desk.Get(at+"/ready").OK().Form("form.ready").With("letter", "send").With("letter_excerpt", "1")
	settled.Action = at + "/settle"
	settled.Submit().Is(http.StatusSeeOther)
	page = desk.Get(at+"/ready").OK().Has("#letter summary", "partira avec le billet").Has("#letter input[name=letter_excerpt][value='1'][checked]", "")
	l, found, err := h.Newsletter.OfPost(t.Context(), me, p.ID)
	if err != nil || !found || l.State != newsletter.WithPost || !l.Excerpt {
		t.Fatalf("the letter is %+v: %v", l, err)
	}
	desk.Get("/app/letters/"+l.ID.String()).OK().Has(".say", "Elle partira quand le billet paraîtra.").Has("h1", "Le chêne")
	page.Form("form.ready").Submit().Is(http.StatusSeeOther)
	desk.Get(at+"?out=1").OK().Has(".post-leaving", "Sa lettre part avec lui.")
	h.Clock.Advance(post.UndoFor)
	h.RunJobs()
	desk.Get(at+"?out=1").OK().Has(".post-mailed a[href='/app/letters/"+l.ID.String()+"']", "Voir la lettre")
	h.RunJobs()
	if l, err = h.Newsletter.Get(t.Context(), me, l.ID); err != nil || l.State != newsletter.Sent {
		t.Errorf("the letter is %+v: %v", l, err)
	}
	desk.Get(at).OK().Has(".post-mailed", "La lettre est partie").HasNot("#letter", "")
}

// TestWhatIsToLeaveSaysThatALetterGoesWithAPost looks at what is to leave, before and after a scheduled post takes a letter along.
func TestWhatIsToLeaveSaysThatALetterGoesWithAPost(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me := h.Owner.Actor()
	p, err := h.Posts.Create(t.Context(), me, post.Input{Voice: mainVoice(t, h), Title: "Le chêne", Body: "Il est arrivé."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Posts.Schedule(t.Context(), me, p.ID, clock.LocalFrom(h.Clock.Now().Add(24*time.Hour), time.UTC)); err != nil {
		t.Fatal(err)
	}
	desk := h.SignIn()
	desk.Get("/app/deliveries").OK().Has("[data-item]", "sur le site et dans les flux")
	if _, err := h.Newsletter.Accompany(t.Context(), me, p.ID, newsletter.Along{}); err != nil {
		t.Fatal(err)
	}
	desk.Get("/app/deliveries").OK().Has("[data-item]", "sur le site, dans les flux et en lettre")
}
