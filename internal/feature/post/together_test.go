package post_test

import (
	"sync"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
)

func TestPostsOfOneTitleGoOutTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		const n = 6
		var posts []post.Post
		for range n {
			posts = append(posts, w.create(post.Input{Title: "Bonjour"}))
		}
		var wg sync.WaitGroup
		for _, p := range posts {
			wg.Go(func() {
				_, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Tags: &[]string{"Bois"}, Section: to("Métier")}, 0)
				if err == nil {
					_, err = w.posts.Publish(t.Context(), actor.System(), p.ID)
				}
				if err != nil && !fault.Is(err, fault.KindUnavailable) { // the database may say that it is too busy
					t.Error(err)
				}
			})
		}
		wg.Wait()
		slugs := map[string]bool{}
		for _, p := range posts {
			now, err := w.posts.Get(t.Context(), actor.System(), p.ID)
			must(t, err)
			if now.Status == post.Published && slugs[now.Slug] {
				t.Errorf("two posts at %s", now.Slug)
			}
			slugs[now.Slug] = true
		}
	})
}

func TestAnArticleThatBecomesANoteKeepsItsTitleInItsText(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.create(post.Input{Title: "Un titre", Body: "Le texte."})
		p, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Kind: to(post.Note), Title: to("Un titre"), Body: to("Le texte.")}, 0)
		must(t, err)
		if p.Body != "**Un titre**\n\nLe texte." || p.Title != "" {
			t.Errorf("%q %q", p.Title, p.Body)
		}
		p, err = w.posts.Publish(t.Context(), actor.System(), p.ID)
		must(t, err)
		if _, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Kind: to(post.Article)}, 0); !fault.Is(err, fault.KindConflict) {
			t.Errorf("what was read as a note became an article: %v", err)
		}
		if _, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Voice: to(w.shop.ID)}, 0); !fault.Is(err, fault.KindConflict) {
			t.Errorf("what was read in a voice changed it: %v", err)
		}
	})
}

func TestADraftMovesBetweenVoicesAndStates(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.create(post.Input{Title: "T", Section: "Métier"})
		p, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Voice: to(w.shop.ID), Status: to(post.Review)}, 0)
		must(t, err)
		sections, err := w.posts.Sections(t.Context(), actor.System(), w.shop.ID)
		must(t, err)
		if p.Voice != w.shop.ID || p.Status != post.Review || len(sections) != 1 || p.SectionID != sections[0].ID {
			t.Errorf("%+v, sections %v", p, sections)
		}
		for _, status := range []string{post.Published, post.Scheduled, "nonsense"} {
			if _, err := w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Status: &status}, 0); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("saving as %s: %v", status, err)
			}
		}
		if _, err := w.posts.CreateSection(t.Context(), actor.System(), w.shop.ID, "Métier", ""); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("the same section twice: %v", err)
		}
		a, err := w.posts.Blank(t.Context(), w.author, w.claire.ID, post.Article)
		must(t, err)
		b, err := w.posts.Blank(t.Context(), w.author, w.claire.ID, post.Article)
		must(t, err)
		if a.ID != b.ID {
			t.Error("beginning twice left two empty drafts")
		}
	})
}

// A note that is sent from two tabs, or again from a page that was gone back to, is one; other words, or the same later, are another.
func TestTheSameNoteFromTwoTabsIsOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		note := func(body string) post.Post {
			t.Helper()
			p, err := w.posts.CreateOnce(t.Context(), w.author, post.Input{Voice: w.claire.ID, Kind: post.Note, Body: body})
			must(t, err)
			return p
		}
		first := note("Le chêne est arrivé.")
		_, err := w.posts.Publish(t.Context(), w.author, first.ID)
		must(t, err)
		if again := note("Le chêne est arrivé."); again.ID != first.ID || again.Status != post.Published {
			t.Errorf("it is %v, %s", again.ID, again.Status)
		}
		if note("Le hêtre est arrivé.").ID == first.ID {
			t.Error("other words are lost")
		}
		must(t, w.posts.Delete(t.Context(), w.author, first.ID))
		if note("Le chêne est arrivé.").ID == first.ID {
			t.Error("what was deleted is taken for what is written anew")
		}
	})
}
