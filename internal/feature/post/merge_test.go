package post_test

import (
	"strconv"
	"testing"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/platform/fault"
)

// typed keeps what somebody typed over a version, as a form does.
func (w *world) typed(p post.Post, version int, fields map[string]string) post.Merge {
	w.t.Helper()
	must(w.t, w.posts.KeepDraft(w.t.Context(), owner, p.ID, version, fields))
	m, found, err := w.posts.Merge(w.t.Context(), owner, p.ID)
	must(w.t, err)
	if !found {
		w.t.Fatal("nothing to merge")
	}
	return m
}

func TestTextsSavedApartAreMergedAndBothStayVersions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.create(post.Input{Title: "Le devis", Summary: "Un chapeau.", Body: "Un.\n\nDeux.\n\nTrois.", Tags: []string{"bois"}})
		theirs, err := w.posts.Save(ctx, w.author, p.ID, post.Patch{Body: to("Un.\n\nDeux.\n\nTrois, dit Claire."), Tags: to([]string{"bois", "scie"})}, 0)
		if !fault.Is(err, fault.KindForbidden) { // it is not hers
			t.Fatal(err)
		}
		theirs = w.save(p.ID, owner, post.Patch{Body: to("Un.\n\nDeux.\n\nTrois, dit Claire."), Tags: to([]string{"bois", "scie"})})
		m := w.typed(p, p.Version, map[string]string{"title": "Le devis signé", "summary": "Un chapeau.", "body": "Un, dis-je.\n\nDeux.\n\nTrois.", "tags": "bois", "schedule": ""})
		if m.Conflicts() != 0 || m.Latest.Version != theirs.Version {
			t.Fatalf("%d conflicts after %+v", m.Conflicts(), m.Latest)
		}
		now, err := w.posts.SaveMerge(ctx, owner, m, nil)
		must(t, err)
		if now.Title != "Le devis signé" || now.Body != "Un, dis-je.\n\nDeux.\n\nTrois, dit Claire." || now.TagNames() != "bois, scie" {
			t.Errorf("%q %q %q", now.Title, now.Body, now.TagNames())
		}
		all := w.revisions(p.ID)
		if len(all) != 4 || !all[1].Aside || all[0].Aside || all[2].Version != theirs.Version {
			t.Fatalf("%+v", all)
		}
		mine, before, err := w.posts.Revision(ctx, owner, p.ID, all[1].ID)
		must(t, err)
		if mine.Texts["body"] != "Un, dis-je.\n\nDeux.\n\nTrois." || before.ID != all[2].ID {
			t.Errorf("%+v after %+v", mine, before)
		}
		// A merge is undone as a save is.
		if now, err = w.posts.RestoreRevision(ctx, owner, p.ID, all[2].ID); err != nil || now.Body != theirs.Body {
			t.Errorf("%q %v", now.Body, err)
		}
		if _, found, err := w.posts.Merge(ctx, owner, p.ID); found || err != nil {
			t.Errorf("the draft outlived the merge: %v", err)
		}
	})
}

func TestWhatBothChangedIsChosen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for i, c := range []struct {
			choices     map[string]string
			title, body string
		}{
			{nil, "Le mien", "Un.\n\nDeux ?\n\nDeux !\n\nTrois."},
			{map[string]string{post.Choice("title", 0): post.ChooseTheirs, post.Choice("body", 0): post.ChooseMine}, "Le leur", "Un.\n\nDeux !\n\nTrois."},
			{map[string]string{post.Choice("body", 0): post.ChooseTheirs}, "Le mien", "Un.\n\nDeux ?\n\nTrois."},
		} {
			p := w.create(post.Input{Title: "T" + strconv.Itoa(i), Body: "Un.\n\nDeux.\n\nTrois."})
			w.save(p.ID, owner, post.Patch{Title: to("Le leur"), Body: to("Un.\n\nDeux ?\n\nTrois.")})
			m := w.typed(p, p.Version, map[string]string{"title": "Le mien", "body": "Un.\n\nDeux !\n\nTrois."})
			if m.Conflicts() != 2 {
				t.Errorf("%d conflicts", m.Conflicts())
			}
			now, err := w.posts.SaveMerge(t.Context(), owner, m, c.choices)
			must(t, err)
			if now.Title != c.title || now.Body != c.body {
				t.Errorf("%v: %q %q", c.choices, now.Title, now.Body)
			}
		}
	})
}

func TestAMergeOfWhatChangedAgainIsMadeAnew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.create(post.Input{Title: "T", Body: "Un."})
		w.save(p.ID, owner, post.Patch{Title: to("Le leur")})
		m := w.typed(p, p.Version, map[string]string{"body": "Deux."})
		w.clock.Advance(time.Second)
		again := w.typed(p, p.Version, map[string]string{"body": "Trois."})
		if _, err := w.posts.SaveMerge(ctx, owner, m, nil); !fault.Is(err, fault.KindConflict) {
			t.Errorf("what is typed no more was saved: %v", err)
		}
		_, err := w.posts.SaveMerge(ctx, owner, again, nil)
		must(t, err)
		if _, err := w.posts.SaveMerge(ctx, owner, again, nil); !fault.Is(err, fault.KindConflict) {
			t.Errorf("saved twice: %v", err)
		}
	})
}
