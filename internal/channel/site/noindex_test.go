package site_test

import (
	"net/http"
	"testing"

	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// French has many words in app-; each is a good name for a post or a voice.
func TestAPostNamedLikeAPlaceOfTheWorkSideIsFoundBySearchEngines(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		p := w.publish(post.Input{Title: "Appel aux lecteurs", Body: "Que lisez-vous ?"})
		if p.Slug != "appel-aux-lecteurs" {
			t.Fatalf("the post is named %q", p.Slug)
		}
		must(t, w.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.voices.CreateIn(tx, actor.System(), voice.NewVoice{Name: "Apprentis", Slug: "apprentis", Kind: voice.Personal, Lang: "fr-FR"})
			return err
		}))
		for _, path := range []string{"/appel-aux-lecteurs", "/apprentis/"} {
			got := w.get(path)
			if got.Code != http.StatusOK || got.Header().Get("X-Robots-Tag") != "" || got.Header().Get("Cache-Control") == "no-store" {
				t.Errorf("%s: %d %v", path, got.Code, got.Header())
			}
		}
	})
}
