package harness_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/harness"
)

// TestOnlyWhatStrangersReadIsSaidToBeGone asks for what is deleted by every way that leads to a post. What strangers could read
// once answers 410; what they never could, exactly what an address answers at which nothing ever stood.
func TestOnlyWhatStrangersReadIsSaidToBeGone(t *testing.T) {
	both(t, harness.Options{SetUp: true}, func(t *testing.T, h *harness.House) {
		ctx, me, main := t.Context(), h.Owner.Actor(), mainVoice(t, h)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		inside, err := h.Voices.Create(ctx, me, voice.NewVoice{Slug: "entre-nous", Name: "Entre nous", Kind: voice.Internal, Lang: "fr-FR"})
		must(err)
		create := func(v fact.VoiceID, kind, slug string) post.Post {
			p, err := h.Posts.Create(ctx, me, post.Input{Voice: v, Kind: kind, Title: slug, Slug: slug, Body: "Un mot."})
			must(err)
			return p
		}
		publish := func(p post.Post) post.Post {
			p, err := h.Posts.Publish(ctx, me, p.ID)
			must(err)
			return p
		}
		rename := func(p post.Post, slug string) {
			_, err := h.Posts.Save(ctx, me, p.ID, post.Patch{Slug: &slug}, 0)
			must(err)
		}
		unpublish := func(p post.Post) { _, err := h.Posts.Unpublish(ctx, me, p.ID); must(err) }
		remove := func(p post.Post) { must(h.Posts.Delete(ctx, me, p.ID)) }

		seen := publish(create(main, post.Article, "vu-de-tous"))
		rename(seen, "vu-de-tous-sous-un-autre-nom")
		seenNote := publish(create(main, post.Note, ""))
		back := publish(create(main, post.Article, "vu-puis-repris"))
		unpublish(back)
		gone := map[string][]string{}
		gone["seen"] = []string{"/vu-de-tous", "/vu-de-tous-sous-un-autre-nom", "/n/" + seen.ID.String()}
		gone["note"] = []string{"/n/" + seenNote.ID.String()}
		gone["taken back"] = []string{"/vu-puis-repris"}

		draft := create(main, post.Article, "jamais-vu")
		internal := publish(create(inside.ID, post.Article, "interne"))
		rename(internal, "interne-renomme")
		internalNote := publish(create(inside.ID, post.Note, ""))
		never := []string{"/jamais-vu", "/n/" + draft.ID.String(), "/interne", "/interne-renomme", "/entre-nous/interne", "/entre-nous/interne-renomme",
			"/n/" + internal.ID.String(), "/n/" + internalNote.ID.String(), "/entre-nous/n/" + internalNote.ID.String()}
		// Published while strangers read nothing, and deleted before they did.
		closed := false
		open := true
		house := func(public *bool) {
			status, answer := h.API("PATCH", "/house", map[string]any{"public": *public})
			if status != http.StatusOK {
				t.Fatal(status, answer)
			}
		}
		house(&closed)
		early := publish(create(main, post.Article, "trop-tot"))
		never = append(never, "/trop-tot", "/n/"+early.ID.String())
		for _, p := range []post.Post{seen, seenNote, back, draft, internal, internalNote, early} {
			remove(p)
		}
		house(&open)
		h.RunJobs()

		ask := func(path string) (answers []int) {
			stranger := h.Visitor()
			for _, tail := range []string{"", "/", "/feed.xml", "/atom.xml", "/feed.json"} {
				answers = append(answers, stranger.Get(path+tail).Status)
			}
			h.Clock.Advance(10 * time.Minute) // the rate of comments is for people
			said := stranger.Post(path+"/comments", url.Values{"name": {"Paul"}, "email": {"paul@lecteur.example"}, "body": {"Bonjour."}})
			return append(answers, said.Status)
		}
		for _, path := range never {
			nothing := "/rien-de-tel"
			if p := path; len(p) > 3 && p[:3] == "/n/" {
				nothing = "/n/" + fact.New[fact.PostID](h.Clock.Now()).String()
			}
			want, got := ask(nothing), ask(path)
			for i := range want {
				if want[i] != got[i] || got[i] != http.StatusNotFound {
					t.Errorf("%s answers %v, where nothing ever stood %v", path, got, want)
					break
				}
			}
		}
		for what, paths := range gone {
			for _, path := range paths {
				if p := h.Visitor().Get(path); p.Status != http.StatusGone {
					t.Errorf("%s: %s answers %d, want 410", what, path, p.Status)
				}
			}
		}
	})
}
