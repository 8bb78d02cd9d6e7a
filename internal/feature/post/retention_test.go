package post_test

import (
	"testing"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

var qDrafts = db.Q("posttest.drafts", `SELECT COUNT(*) FROM post_drafts`)

func TestWhatIsDeletedLosesItsWordsItsDraftsAndItsFilesInTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		typed, shown := w.picture("typed and not saved"), w.picture("shown")
		var last post.Post
		for range 101 {
			last = w.create(post.Input{Voice: w.claire.ID, Title: "Un titre", Body: "![x](" + media.Path(shown, media.Medium) + ")"})
			must(t, w.posts.Delete(ctx, actor.System(), last.ID))
		}
		_, err := w.posts.Restore(ctx, actor.System(), last.ID)
		must(t, err)
		must(t, w.posts.KeepDraft(ctx, owner, last.ID, 1, map[string]string{"body": "![x](" + media.Path(typed, media.Medium) + ")"}))
		if err := w.media.Delete(ctx, owner, typed); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a file that somebody typed into a draft is deleted: %v", err)
		}
		must(t, w.posts.Delete(ctx, actor.System(), last.ID))
		if err := w.media.Delete(ctx, owner, shown); !fault.Is(err, fault.KindConflict) {
			t.Errorf("what can be brought back loses its file: %v", err)
		}
		w.clock.Advance(post.RestoreFor + time.Hour)
		must(t, w.posts.Purge(ctx))
		w.read(func(tx *db.Tx) {
			n, err := db.One(tx, qDrafts, db.Scalar[int])
			must(t, err)
			if n != 0 {
				t.Errorf("%d drafts stay", n)
			}
		})
		must(t, w.media.Delete(ctx, owner, typed))
		must(t, w.media.Delete(ctx, owner, shown))
	})
}
