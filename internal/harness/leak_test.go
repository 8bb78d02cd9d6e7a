package harness_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/mailer/mailertest"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
)

// canary makes words that stand nowhere else, one for each hiding place.
type canary struct{ places []string }

func (c *canary) word(place string) string {
	c.places = append(c.places, place)
	return fmt.Sprintf("zqcanari%02dz", len(c.places))
}

// found returns the hiding places whose words stand in a text.
func (c *canary) found(text []byte) (places []string) {
	lower := bytes.ToLower(text)
	if !bytes.Contains(lower, []byte("zqcanari")) {
		return nil
	}
	for i, place := range c.places {
		if bytes.Contains(lower, fmt.Appendf(nil, "zqcanari%02dz", i+1)) {
			places = append(places, place)
		}
	}
	return places
}

func mainVoice(t *testing.T, h *harness.House) fact.VoiceID {
	t.Helper()
	main, err := h.Voices.Main(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return main.ID
}

// TestPrivateCannotLeak hides words wherever something is private, then reads all that strangers can reach, and what they
// could guess, and finds none.
func TestPrivateCannotLeak(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		c := new(canary)
		guesses := hide(t, h, c)
		h.RunJobs()
		guesses = append(guesses, "/search?q=zqcommun", "/search?q=corps", "/search?q=titre")
		start := []string{"/", "/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/contact", "/legal/mentions", "/legal/privacy",
			"/search", "/.well-known/security.txt", "/favicon.ico", "/setup", "/app/", "/app/today", "/api/v1/posts", "/api/v1/contacts"}
		pages := h.Crawl(append(start, guesses...)...)
		var shown, articles int
		for _, p := range pages {
			body := bytes.ReplaceAll(p.Body, []byte(asked(p)), nil) // a search says what was searched
			for _, place := range c.found(body) {
				t.Errorf("%s (%d) shows the %s", p.Path, p.Status, place)
			}
			for name, values := range p.Header {
				for _, place := range c.found([]byte(strings.Join(values, "\n"))) {
					if name != "Location" {
						t.Errorf("%s (%d): header %s shows the %s", p.Path, p.Status, name, place)
					}
				}
			}
			if p.Status == http.StatusOK {
				shown++
			}
			if p.Status >= 500 {
				t.Errorf("%s answers %d", p.Path, p.Status)
			}
			if strings.Contains(string(p.Body), "sansaucunsecret") {
				articles++
			}
		}
		if shown < 20 || articles < 4 {
			t.Errorf("the robot saw %d pages, %d of them with the public post: it does not crawl", shown, articles)
		}
		for _, guess := range guesses {
			if p := h.Visitor().Get(guess); p.Status == http.StatusOK && !strings.HasPrefix(guess, "/search") {
				t.Errorf("%s answers 200", guess)
			}
		}
	})
}

// asked returns what a page was asked to search.
func asked(p *harness.Page) string {
	_, words, _ := strings.Cut(p.Path, "/search?q=")
	return words
}

// hide puts a word into every private place and returns addresses that somebody could guess.
func hide(t *testing.T, h *harness.House, c *canary) (guesses []string) {
	t.Helper()
	ctx, me, main := t.Context(), h.Owner.Actor(), mainVoice(t, h)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	guess := func(paths ...string) { guesses = append(guesses, paths...) }

	// One public post, with a picture and a remark: what may be found.
	public, err := h.Posts.Create(ctx, me, post.Input{Voice: main, Title: "Un billet sansaucunsecret", Body: "Bonjour " + c.word("words that were edited away"),
		Section: "Métier", Tags: []string{"bois"}})
	must(err)
	public, err = h.Posts.Publish(ctx, me, public.ID)
	must(err)
	body := "Bonjour à tous."
	_, err = h.Posts.Save(ctx, me, public.ID, post.Patch{Body: &body}, 0)
	must(err)
	_, err = h.Posts.Create(ctx, me, post.Input{Voice: main, Kind: post.Note, Body: "Une note publique."})
	must(err)

	// Posts that are not out.
	full := func(place string, v fact.VoiceID, kind string) post.Input {
		w := c.word(place)
		return post.Input{Voice: v, Kind: kind, Title: w + " titre", Slug: w, Summary: w + " résumé", Question: w + " ?", Body: w + " corps zqcommun",
			Section: w + " rubrique", Tags: []string{w + "mot"}}
	}
	create := func(place string, v fact.VoiceID, kind string) post.Post {
		p, err := h.Posts.Create(ctx, me, full(place, v, kind))
		must(err)
		guess("/"+p.Slug, "/"+p.Slug+"/", "/n/"+p.ID.String(), "/"+p.Slug+"/feed.xml", "/search?q="+p.Slug, "/tag/"+p.Slug+"mot/", "/section/"+p.Slug+"-rubrique/",
			"/tag/"+p.Slug+"mot/feed.xml", "/section/"+p.Slug+"-rubrique/feed.xml")
		return p
	}
	create("draft", main, post.Article)
	note, err := h.Posts.Create(ctx, me, post.Input{Voice: main, Kind: post.Note, Body: c.word("draft of a note")})
	must(err)
	guess("/n/" + note.ID.String())
	scheduled := create("scheduled post", main, post.Article)
	_, err = h.Posts.Schedule(ctx, me, scheduled.ID, clock.LocalOf(h.Clock.Now().Add(48*time.Hour), time.UTC))
	must(err)
	back := create("unpublished post", main, post.Article)
	_, err = h.Posts.Publish(ctx, me, back.ID)
	must(err)
	_, err = h.Posts.Unpublish(ctx, me, back.ID)
	must(err)
	gone := create("deleted post", main, post.Page)
	_, err = h.Posts.Publish(ctx, me, gone.ID)
	must(err)
	must(h.Posts.Delete(ctx, me, gone.ID))
	must(h.Posts.KeepDraft(ctx, me, public.ID, 1, map[string]string{"body": c.word("autosaved draft of a public post")}))

	// The internal voice and all it says.
	w := c.word("internal voice")
	inside, err := h.Voices.Create(ctx, me, voice.NewVoice{Slug: w, Name: w + " nom", Kind: voice.Internal, Lang: "fr-FR", Role: w, Bio: w, Email: w + "@maison.example"})
	must(err)
	internal := create("post of the internal voice", inside.ID, post.Article)
	_, err = h.Posts.Publish(ctx, me, internal.ID)
	must(err)
	for _, tail := range []string{"", "feed.xml", internal.Slug, "n/" + internal.ID.String(), "2026/11/"} {
		guess("/" + w + "/" + tail)
	}

	// A picture that only a draft shows.
	var b bytes.Buffer
	must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 600, 400))))
	m, err := h.Media.Upload(ctx, me, c.word("name of a private picture")+".png", &b, c.word("words of a private picture"))
	must(err)
	_, err = h.Posts.Create(ctx, me, post.Input{Voice: main, Title: "Avec image", Body: "![x](/media/" + m.ID.String() + "/960)"})
	must(err)
	for _, variant := range []string{"480", "960", "square", "original"} {
		guess("/media/" + m.ID.String() + "/" + variant)
	}

	// People, what they write, and what the house thinks of it.
	_, err = h.Contacts.Create(ctx, me, contact.NewContact{Name: c.word("name of a contact"), Email: c.word("address of a contact") + "@client.example",
		Company: c.word("company of a contact"), Note: c.word("note on a contact")})
	must(err)
	remark := func(place, email, moderation string) {
		words := c.word(place)
		if moderation == inbox.Visible {
			words = "Très juste."
		}
		_, _, err := h.Inbox.Import(ctx, actor.Importer(), inbox.Import{Attention: inbox.Open, Incoming: inbox.Incoming{Post: public.ID, Voice: main, Subject: "x", Kind: inbox.KindComment,
			Name: words, From: contact.Address(email), Body: words, Moderation: moderation, Lang: "fr-FR", At: h.Clock.Now(), How: words}})
		must(err)
	}
	remark("held comment", "a@lecteur.example", inbox.Held)
	remark("spam", "b@lecteur.example", inbox.Spam)
	remark("removed comment", "c@lecteur.example", inbox.Removed)
	remark("(visible)", c.word("address of a visible commenter")+"@lecteur.example", inbox.Visible)
	request, err := h.Inbox.Request(ctx, inbox.RequestInput{Voice: main, Name: c.word("name of who asks"), Email: c.word("address of who asks") + "@client.example",
		Body: c.word("request"), How: c.word("how they came"), Lang: "fr-FR"})
	must(err)
	_, err = h.Inbox.Answer(ctx, me, request.ID, c.word("answer by mail"))
	must(err)
	_, err = h.Accounts.Create(ctx, me, account.NewAccount{Email: c.word("address of an account") + "@maison.example", Name: c.word("name of an account"), Lang: "fr-FR",
		Grants: []actor.Grant{{Role: actor.Reader}}})
	must(err)
	mailertest.Add(t, h.Relays, "smtp://"+c.word("user of the relay")+":"+c.word("password of the relay")+"@127.0.0.1:9?tls=off")
	return guesses
}

// TestAClosedHouseSaysNothing asks for everything a stranger may think of while the house is not public.
func TestAClosedHouseSaysNothing(t *testing.T) {
	both(t, harness.Options{Private: true}, func(t *testing.T, h *harness.House) {
		path := publish(t, h, "Un secret de maison", "Personne ne lit ceci.")
		for _, p := range []string{"/", path, path + "/", "/feed.xml", "/atom.xml", "/feed.json", path + "/feed.xml", "/search?q=secret", "/contact", "/legal/mentions",
			"/sitemap.xml", "/jeanne/", "/n/0000000000001", "/tag/x/", "/2026/11/", "/nimporte/quoi"} {
			page := h.Visitor().Get(p)
			if page.Status != http.StatusServiceUnavailable {
				t.Errorf("%s answers %d to a stranger", p, page.Status)
			}
			if !strings.Contains(page.Header.Get("X-Robots-Tag"), "noindex") {
				t.Errorf("%s may be indexed", p)
			}
			for _, secret := range []string{"secret de maison", "Personne ne lit", harness.Identity.Phone, harness.Identity.Address} {
				if strings.Contains(string(page.Body), secret) {
					t.Errorf("%s shows %q", p, secret)
				}
			}
		}
		for p, form := range map[string]map[string][]string{"/contact": {"name": {"A"}, "email": {"a@b.example"}, "body": {"Bonjour"}}, path + "/comments": {"body": {"x"}}} {
			if page := h.Visitor().Post(p, form); page.Status != http.StatusServiceUnavailable {
				t.Errorf("POST %s answers %d to a stranger", p, page.Status)
			}
		}
		owner := h.SignIn()
		for _, p := range []string{"/", path, "/contact", "/legal/mentions"} {
			owner.Get(p).OK()
		}
		owner.Get(path).Has("h1", "Un secret de maison")
	})
}
