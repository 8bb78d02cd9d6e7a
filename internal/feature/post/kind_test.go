package post_test

import (
	"strings"
	"testing"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// gathering is a kind as another package would bring it: titled, at an address, in lists but in no feed, open to comments
// whatever the house says, of forty words, and with a need of its own.
var gathering = post.RegisterKind(post.Kind{Name: "gathering", Titled: true, Addressed: true, Listed: true, Comments: "open", MaxWords: 40,
	Needs: func(p post.Post) (lacks fault.Problems) {
		if !strings.Contains(p.Body, "Brest") {
			lacks.Add("place", "required")
		}
		return lacks
	}})

// aphorism is short and stands by itself: without title, and outside lists and feeds.
var aphorism = post.RegisterKind(post.Kind{Name: "aphorism"})

func TestAKindIsItsTraits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		p := w.create(post.Input{Kind: gathering.Name, Title: "Portes ouvertes", Body: strings.Repeat("mot ", 41)})
		_, err := w.posts.Publish(t.Context(), actor.System(), p.ID)
		if got := problem(err); got != "body too_many_words, place required" {
			t.Fatalf("it lacks %q", got)
		}
		_, err = w.posts.Save(t.Context(), actor.System(), p.ID, post.Patch{Body: to("À Brest, samedi.")}, 0)
		must(t, err)
		p, err = w.posts.Publish(t.Context(), actor.System(), p.ID)
		must(t, err)
		if got := post.Path(p); got != "/portes-ouvertes" {
			t.Errorf("it stands at %q", got)
		}
		short := w.publish(post.Input{Kind: aphorism.Name, Title: "Un titre", Body: "Mesurer deux fois."})
		if got := post.Path(short); got != "/n/"+short.ID.String() || short.Title != "" || short.Slug != "" {
			t.Errorf("the untitled one is %q %q at %q", short.Title, short.Slug, got)
		}
		w.read(func(tx *db.Tx) {
			listed, _, err := post.PublicReader().List(tx, post.Query{Voice: w.claire.ID})
			must(t, err)
			if len(listed) != 1 || listed[0].ID != p.ID {
				t.Errorf("the lists hold %d posts", len(listed))
			}
			fed, _, err := post.PublicReader().List(tx, post.Query{Voice: w.claire.ID, Kinds: post.KindNames(post.InFeeds)})
			must(t, err)
			if len(fed) != 0 {
				t.Errorf("feeds carry %d posts", len(fed))
			}
		})
	})
}

func TestKindsHaveOneNameEachAndAnUnknownOneIsListedNowhere(t *testing.T) {
	t.Parallel()
	for _, k := range []post.Kind{{}, {Name: post.Note}, gathering} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("the kind %q was taken", k.Name)
				}
			}()
			post.RegisterKind(k)
		}()
	}
	if k, known := post.KindNamed("forgotten"); known || !k.Titled || !k.Addressed || k.Listed || k.InFeeds || k.Comments != "closed" {
		t.Errorf("a kind that nobody registered is %+v", k)
	}
	each(t, func(t *testing.T, w *world) {
		_, err := w.posts.Create(t.Context(), actor.System(), post.Input{Voice: w.claire.ID, Kind: "forgotten", Title: "T"})
		if problem(err) != "kind unknown" {
			t.Errorf("a post of it: %v", err)
		}
	})
}
