package harness_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// TestThePageBeforePublishingSaysWhatWillHappen: where, in whose name, to how many; what readers would stumble over; how it looks.
func TestThePageBeforePublishingSaysWhatWillHappen(t *testing.T) {
	t.Parallel()
	h := harness.Start(t, harness.Options{SetUp: true})
	me, voice := h.Owner.Actor(), mainVoice(t, h)
	first, err := h.Posts.Create(t.Context(), me, post.Input{Voice: voice, Title: "Un premier billet", Body: "Un mot."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Posts.Publish(t.Context(), me, first.ID); err != nil {
		t.Fatal(err)
	}
	p, err := h.Posts.Create(t.Context(), me, post.Input{Voice: voice, Title: "Le chêne, en deux mots", Section: "Métier",
		Body: "Un [billet](/parti), [un autre](/un-premier-billet), [l’atelier](/app/) et [](https://a.example/).\n\n## Un\n\n#### Trop bas"})
	if err != nil {
		t.Fatal(err)
	}
	path := "/app/posts/" + p.ID.String()
	c := h.SignIn()
	page := c.Get(path + "/ready").OK()
	for _, want := range []string{"le-chene-en-deux-mots", "dans la rubrique Métier", "« billet » ne mène nulle part", "« l’atelier » ne mène nulle part", "a.example", "sans intertitre au-dessus"} {
		if !strings.Contains(spaces.Replace(harness.TextOf(page.Doc())), want) {
			t.Errorf("the page does not say %q:\n%s", want, page.Text())
		}
	}
	if text := page.Text(); strings.Contains(text, "« un autre »") {
		t.Errorf("a link that leads is told:\n%s", text)
	}
	draft := c.Get(path+"/as-read").OK().Has("h1", "Le chêne, en deux mots")
	if policy := draft.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'self'") || !strings.Contains(policy, "form-action 'none'") ||
		draft.Header.Get("X-Robots-Tag") != "noindex" || strings.Contains(draft.Header.Get("Cache-Control"), "public") {
		t.Errorf("the draft as read: %v", draft.Header)
	}
	if got := h.Visitor().Get("/le-chene-en-deux-mots").Status; got != http.StatusNotFound {
		t.Errorf("strangers get the draft: %d", got)
	}

	// What is asked there is kept, and heeded once the post is out.
	c.Post(path+"/settle", url.Values{"ready": {"1"}, "canonical": {"pas une adresse"}}).Is(http.StatusUnprocessableEntity)
	c.Post(path+"/publish", url.Values{"ready": {"1"}, "canonical": {"https://ailleurs.example/original"}, "robots": {"noindex"}, "pinned": {"front"}, "share_text": {"En deux mots."}}).
		Is(http.StatusSeeOther)
	h.Clock.Advance(post.UndoFor)
	h.RunJobs()
	out, err := h.Posts.Get(t.Context(), me, p.ID)
	if err != nil || out.Body != p.Body {
		t.Errorf("the text is now %q, %v", out.Body, err)
	}
	read := h.Visitor().Get("/le-chene-en-deux-mots").OK()
	read.Has("link[rel=canonical][href='https://ailleurs.example/original']", "").Has("meta[name=robots][content=noindex]", "")
	if !strings.Contains(string(read.Body), `<meta name="description" content="En deux mots.">`) {
		t.Error("the card does not say what was written for it")
	}
	if index := string(h.Visitor().Get("/sitemap.xml").Body); strings.Contains(index, "le-chene") {
		t.Error("the sitemap has what no search engine shall list")
	}
	later, err := h.Posts.Create(t.Context(), me, post.Input{Voice: voice, Title: "Un billet plus récent", Body: "Un mot."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Posts.Publish(t.Context(), me, later.ID); err != nil {
		t.Fatal(err)
	}
	h.RunJobs()
	front := h.Visitor().Get("/").OK().Has("article.lead h2", "Le chêne, en deux mots")
	if n := strings.Count(string(front.Body), ">Le chêne, en deux mots<"); n != 1 {
		t.Errorf("what is pinned stands %d times", n)
	}
}

// spaces makes the spaces of French typography plain.
var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")
