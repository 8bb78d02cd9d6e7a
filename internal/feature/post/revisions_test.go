package post_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

var qRevisionRows = db.Q("posttest.revisions", `SELECT COUNT(*) FROM post_revisions`)

func (w *world) save(id fact.PostID, by actor.Actor, in post.Patch) post.Post {
	w.t.Helper()
	p, err := w.posts.Save(w.t.Context(), by, id, in, 0)
	must(w.t, err)
	return p
}

func (w *world) revisions(id fact.PostID) []post.Revision {
	w.t.Helper()
	all, _, err := w.posts.Revisions(w.t.Context(), owner, id, "", 100)
	must(w.t, err)
	return all
}

func TestEverySaveOfAnotherTextIsARevisionWithItsAuthor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p, err := w.posts.Create(ctx, w.author, post.Input{Voice: w.claire.ID, Title: "Le devis", Body: "Un."})
		must(t, err)
		w.clock.Advance(time.Minute)
		w.save(p.ID, owner, post.Patch{Body: to("Un et deux.")})
		w.save(p.ID, w.author, post.Patch{Body: to("Un et deux.")}) // changes nothing
		_, err = w.posts.Publish(ctx, owner, p.ID)
		must(t, err)
		all := w.revisions(p.ID)
		if len(all) != 2 || all[0].Author != "Hélène" || all[1].Author != "Claire" || !all[0].Published || all[1].Published || all[0].Words != 3 {
			t.Fatalf("%+v", all)
		}
		r, before, err := w.posts.Revision(ctx, owner, p.ID, all[0].ID)
		must(t, err)
		if r.Texts["body"] != "Un et deux." || before == nil || before.Texts["body"] != "Un." || before.ID != all[1].ID {
			t.Errorf("%+v after %+v", r, before)
		}

		// Restoring is a save like another, and is undone in the same way.
		now, err := w.posts.RestoreRevision(ctx, owner, p.ID, all[1].ID)
		must(t, err)
		if now.Body != "Un." || !now.Out() {
			t.Errorf("%q %s", now.Body, now.Status)
		}
		if now, err = w.posts.RestoreRevision(ctx, owner, p.ID, all[0].ID); err != nil || now.Body != "Un et deux." {
			t.Errorf("%q %v", now.Body, err)
		}
		if all := w.revisions(p.ID); len(all) != 4 || !all[1].Published {
			t.Errorf("%+v", all)
		}
	})
}

func TestARevisionIsSeenByWhoMayChangeThePost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p, other := w.create(post.Input{Title: "À moi", Body: "Un."}), w.create(post.Input{Title: "Un autre", Body: "Deux."})
		r := w.revisions(p.ID)[0]
		for _, by := range []actor.Actor{w.author, {}, {Account: 5, Grants: []actor.Grant{{Voice: int64(w.shop.ID), Role: actor.Owner}}}} {
			if _, _, err := w.posts.Revisions(ctx, by, p.ID, "", 0); err == nil {
				t.Errorf("%v lists them", by)
			}
			if _, _, err := w.posts.Revision(ctx, by, p.ID, r.ID); err == nil {
				t.Errorf("%v reads one", by)
			}
			if _, err := w.posts.RestoreRevision(ctx, by, p.ID, r.ID); err == nil {
				t.Errorf("%v restores one", by)
			}
		}
		if _, _, err := w.posts.Revision(ctx, owner, other.ID, r.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the revision of another post: %v", err)
		}
	})
}

func TestWhatCameInAndWasChangedKeepsWhatItSaid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		at := time.Date(2019, 3, 2, 9, 0, 0, 0, time.UTC)
		p, err := w.posts.Import(t.Context(), actor.Importer(), post.Import{
			Input: post.Input{Voice: w.claire.ID, Title: "Ancien", Body: "Comme là-bas."}, Status: post.Published, PublishedAt: at})
		must(t, err)
		if all := w.revisions(p.ID); len(all) != 0 {
			t.Errorf("an import leaves %d revisions", len(all))
		}
		w.save(p.ID, owner, post.Patch{Body: to("Comme ici.")})
		all := w.revisions(p.ID)
		if len(all) != 2 || !all[1].At.Equal(at) || !all[1].Published {
			t.Errorf("%+v", all)
		}
	})
}

func TestRevisionsAreReadPageByPageAndThinnedAtNight(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.create(post.Input{Title: "Un", Body: "0"})
		for i := range 6 { // from 9:00
			w.clock.Advance(25 * time.Minute)
			w.save(p.ID, owner, post.Patch{Body: to(fmt.Sprint("Mot ", i))})
		}
		first, next, err := w.posts.Revisions(ctx, owner, p.ID, "", 4)
		must(t, err)
		rest, end, err := w.posts.Revisions(ctx, owner, p.ID, next, 4)
		must(t, err)
		if len(first) != 4 || len(rest) != 3 || end != "" || first[3].Version != rest[0].Version+1 {
			t.Errorf("%d and %d, then %q", len(first), len(rest), end)
		}
		must(t, w.posts.ThinAll(ctx))
		if n := len(w.revisions(p.ID)); n != 7 {
			t.Errorf("%d stay of the last day", n)
		}
		w.clock.Advance(48 * time.Hour)
		must(t, w.posts.ThinAll(ctx))
		if n := len(w.revisions(p.ID)); n != 3 {
			t.Errorf("%d stay of one a day ago", n)
		}
		w.clock.Advance(8 * 24 * time.Hour)
		must(t, w.posts.ThinAll(ctx))
		if all := w.revisions(p.ID); len(all) != 1 || all[0].Version != p.Version+6 {
			t.Errorf("%+v stay of a week ago", all)
		}
	})
}

func TestAWholeDayOfWritingLeavesFewRevisions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p := w.create(post.Input{Title: "Un", Body: "0"})
		for i := range 420 {
			w.clock.Advance(12 * time.Second)
			w.save(p.ID, owner, post.Patch{Body: to(fmt.Sprint("Mot ", i))})
		}
		if n := len(w.revisions(p.ID)); n != 100 { // a page of them, there are more
			t.Fatalf("%d", n)
		}
		w.read(func(tx *db.Tx) {
			n, err := db.One(tx, qRevisionRows, db.Scalar[int])
			must(t, err)
			if n > 350 {
				t.Errorf("%d revisions", n)
			}
		})
	})
}

func TestWhatIsPurgedLosesItsRevisions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p, stays := w.create(post.Input{Title: "Un", Body: "0"}), w.create(post.Input{Title: "Deux", Body: "0"})
		w.save(p.ID, owner, post.Patch{Title: to(""), Body: to("")})
		must(t, w.posts.Delete(ctx, owner, p.ID))
		w.clock.Advance(post.RestoreFor + time.Hour)
		must(t, w.posts.Purge(ctx))
		w.read(func(tx *db.Tx) {
			if n, err := db.One(tx, qRevisionRows, db.Scalar[int]); err != nil || n != 1 {
				t.Errorf("%d revisions stay, %v", n, err)
			}
		})
		if n := len(w.revisions(stays.ID)); n != 1 {
			t.Errorf("%d", n)
		}
	})
}

func TestARevisionWhoseCoverIsNoMoreComesBackWithoutIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		cover := w.picture("La scie")
		p := w.create(post.Input{Title: "Un", Body: "0", Cover: cover, CoverAlt: "La scie"})
		w.save(p.ID, owner, post.Patch{Body: to("1"), Cover: to(fact.MediaID(0)), CoverAlt: to("")})
		must(t, w.media.Delete(ctx, owner, cover))
		all := w.revisions(p.ID)
		now, err := w.posts.RestoreRevision(ctx, owner, p.ID, all[len(all)-1].ID)
		must(t, err)
		if now.Body != "0" || !now.Cover.IsZero() {
			t.Errorf("%q %v", now.Body, now.Cover)
		}
	})
}
