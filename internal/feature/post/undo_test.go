package post_test

import (
	"testing"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

func TestWhatIsPublishedOnItsPageWaitsTenSecondsAndIsTakenBackWithinThem(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.open(true)
		out := func() int { return len(w.titles(false)) }
		p := w.create(post.Input{Title: "T", Body: "Un."})
		p, err := w.posts.PublishSoon(ctx, owner, p.ID)
		must(t, err)
		w.jobs()
		if !p.Leaving(w.clock.Now()) || out() != 0 {
			t.Fatalf("%+v is out already", p)
		}
		w.clock.Advance(9 * time.Second)
		w.jobs()
		p, err = w.posts.UndoPublish(ctx, owner, p.ID, post.Writing, clock.Local{})
		must(t, err)
		w.clock.Advance(time.Minute)
		w.jobs()
		if p.Status != post.Writing || out() != 0 {
			t.Errorf("taken back it is %s", p.Status)
		}

		p, err = w.posts.PublishSoon(ctx, owner, p.ID)
		must(t, err)
		w.clock.Advance(post.UndoFor)
		w.jobs()
		now, err := w.posts.Get(ctx, owner, p.ID)
		must(t, err)
		if !now.Out() || out() != 1 || now.Slug != "t" {
			t.Errorf("%+v", now)
		}
		if _, err := w.posts.UndoPublish(ctx, owner, p.ID, post.Writing, clock.Local{}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("what is out is taken back: %v", err)
		}
		if again, err := w.posts.PublishSoon(ctx, owner, p.ID); err != nil || !again.Out() {
			t.Errorf("%s %v", again.Status, err)
		}

		// What was scheduled is scheduled again, and what was out before is not there again.
		at := clock.LocalFrom(w.clock.Now().Add(48*time.Hour), time.UTC)
		q := w.create(post.Input{Title: "Q", Body: "Un."})
		_, err = w.posts.Schedule(ctx, owner, q.ID, at)
		must(t, err)
		_, err = w.posts.PublishSoon(ctx, owner, q.ID)
		must(t, err)
		if q, err = w.posts.UndoPublish(ctx, owner, q.ID, post.Scheduled, at); err != nil || q.Schedule != at.String() || q.Leaving(w.clock.Now()) {
			t.Errorf("%+v %v", q, err)
		}
		_, err = w.posts.Unpublish(ctx, owner, p.ID)
		must(t, err)
		_, err = w.posts.PublishSoon(ctx, owner, p.ID)
		must(t, err)
		if p, err = w.posts.UndoPublish(ctx, owner, p.ID, post.Unpublished, clock.Local{}); err != nil || p.Status != post.Unpublished {
			t.Errorf("%s %v", p.Status, err)
		}
		w.clock.Advance(time.Hour)
		w.jobs()
		if out() != 0 {
			t.Errorf("%v", w.titles(false))
		}
		bare := w.create(post.Input{Body: "Sans titre."})
		if _, err := w.posts.PublishSoon(ctx, owner, bare.ID); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("what is not fit: %v", err)
		}
	})
}
