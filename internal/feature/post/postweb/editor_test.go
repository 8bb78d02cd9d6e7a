package postweb

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/fetch"
)

// A text that comes back otherwise is told from one that is only written otherwise, and where it differs is said.
func TestTwoTextsThatAreSetAlikeAreTheSame(t *testing.T) {
	k := newDesk(t)
	p, err := k.posts.Create(t.Context(), k.who, post.Input{Voice: k.voice.ID, Title: "Un billet", Body: "Un mot."})
	must(t, err)
	for _, c := range []struct {
		a, b   string
		same   bool
		around string
	}{
		{"* un\n* deux", "- un\n- deux", true, ""},
		{"Un *mot*, [ici][1].\n\n[1]: https://a.fr", "Un *mot*, [ici](https://a.fr).", true, ""},
		{"Un mot.\n\nUne **chose** dite.", "Un mot.\n\nUne chose dite.", false, "Une chose dite"},
	} {
		res := k.post("/app/posts/"+p.ID.String()+"/same", "a", c.a, "b", c.b)
		var got struct {
			Same   bool
			Around string
		}
		if err := json.Unmarshal([]byte(res.body), &got); err != nil || res.code != http.StatusOK {
			t.Fatalf("%d %s %v", res.code, res.body, err)
		}
		if got.Same != c.same || !strings.HasPrefix(got.Around, c.around) {
			t.Errorf("%q and %q: %+v", c.a, c.b, got)
		}
	}
}

func TestLinesAreSetAsTheyWillBe(t *testing.T) {
	k := newDesk(t)
	res := k.post("/app/posts/typeset", "lang", "fr-FR", "line", `Il dit : "oui" !`, "line", " deux espaces  ", "line", "chef-d'oeuvre")
	var got struct{ Lines []string }
	if err := json.Unmarshal([]byte(res.body), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"Il dit\u00a0: «\u00a0oui\u00a0»\u202f!", " deux espaces  ", "chef-d’œuvre"}
	if strings.Join(got.Lines, "|") != strings.Join(want, "|") {
		t.Errorf("%q", got.Lines)
	}
	if res := k.post("/app/posts/typeset", slices.Repeat([]string{"line", "a"}, maxLines+1)...); res.code != http.StatusUnprocessableEntity {
		t.Errorf("too many lines: %d", res.code)
	}
}

// Who links finds what readers find: what is published, in voices where they write.
func TestOnlyWhatReadersFindIsProposedForALink(t *testing.T) {
	k := newDesk(t)
	out, err := k.posts.Create(t.Context(), k.who, post.Input{Voice: k.voice.ID, Title: "Les délais du chêne", Body: "Un mot."})
	must(t, err)
	_, err = k.posts.Publish(t.Context(), k.who, out.ID)
	must(t, err)
	_, err = k.posts.Create(t.Context(), k.who, post.Input{Voice: k.voice.ID, Title: "Le chêne en brouillon", Body: "Un mot."})
	must(t, err)
	for _, q := range []string{"", "?q=ch%C3%AAne", "?q=rien"} {
		var got struct{ Items []titled }
		must(t, json.Unmarshal([]byte(k.get("/app/posts/titles"+q).body), &got))
		if q == "?q=rien" {
			if len(got.Items) != 0 {
				t.Errorf("%s: %+v", q, got.Items)
			}
			continue
		}
		if len(got.Items) != 1 || got.Items[0].Title != "Les délais du chêne" || got.Items[0].URL != "/les-delais-du-chene" {
			t.Errorf("%q: %+v", q, got.Items)
		}
	}
}

// A picture of a pasted text is brought here from where it stands, if that is on the public internet.
func TestAPictureOfAPastedTextIsBroughtHere(t *testing.T) {
	k := newDesk(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/atelier.png" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(photo(t))
	}))
	defer site.Close()
	for _, c := range []struct {
		address string
		inside  bool // our own network is allowed
		status  int
	}{{site.URL + "/atelier.png", true, http.StatusCreated}, {site.URL + "/atelier.png", false, http.StatusUnprocessableEntity},
		{site.URL + "/rien.png", true, http.StatusUnprocessableEntity}, {"file:///etc/passwd", true, http.StatusUnprocessableEntity}} {
		k.pages.Fetching(fetch.New(fetch.Options{AllowLoopback: c.inside, AnyPort: true}))
		res := k.post("/app/media", "url", c.address)
		if res.code != c.status {
			t.Errorf("%s, %v: %d %s", c.address, c.inside, res.code, res.body)
		}
		if c.status == http.StatusCreated && !strings.Contains(res.body, "![](/media/") {
			t.Errorf("%s", res.body)
		}
	}
}
