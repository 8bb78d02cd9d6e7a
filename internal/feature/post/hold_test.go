package post_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// hold throws the switch that holds all that leaves.
func (w *world) hold(on bool) {
	w.t.Helper()
	must(w.t, w.db.Write(w.t.Context(), func(tx *db.Tx) error {
		if on {
			return w.queue.HoldLane(tx, queue.Everything)
		}
		return w.queue.ReleaseLane(tx, queue.Everything)
	}))
}

func (w *world) get(p post.Post) post.Post {
	w.t.Helper()
	p, err := w.posts.Get(w.t.Context(), owner, p.ID)
	must(w.t, err)
	return p
}

var at8 = clock.Local{Day: clock.Day{Year: 2026, Month: 3, Day: 3}, Hour: 8}

func TestWhileAllIsHeldNoPostGoesOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		due := w.create(post.Input{Title: "Mardi"})
		_, err := w.posts.Schedule(t.Context(), owner, due.ID, at8)
		must(t, err)
		w.hold(true)
		w.clock.Advance(48 * time.Hour)
		w.jobs()
		now := w.publish(post.Input{Title: "Tout de suite"}) // by hand, by the API, by whom it may be
		later := w.create(post.Input{Title: "Plus tard"})
		must(t, w.db.Write(t.Context(), func(tx *db.Tx) error {
			later, err = w.posts.SetStatusIn(tx, owner, later.ID, post.Published, time.Time{})
			return err
		}))
		w.jobs()
		if got := w.titles(false); len(got) != 0 {
			t.Fatalf("out while all is held: %v", got)
		}
		for _, p := range []post.Post{w.get(due), now, later} {
			if p.Status != post.Scheduled || !p.Waits(true) || p.PublishAt.After(w.clock.Now()) || !p.PublishedAt.IsZero() {
				t.Errorf("%s is %s for %v", p.Title, p.Status, p.PublishAt)
			}
		}
		again, err := w.posts.Publish(t.Context(), owner, due.ID)
		must(t, err)
		if !again.PublishAt.Equal(w.get(due).PublishAt) || again.PublishAt.After(now.PublishAt) {
			t.Error("pressing again changes the place in the line")
		}
		w.clock.Advance(time.Hour)
		w.hold(false)
		w.jobs()
		if got := w.titles(false); len(got) != 3 {
			t.Fatalf("out after all was let go: %v", got)
		}
		if p := w.get(due); !p.PublishedAt.Equal(w.clock.Now()) {
			t.Errorf("read since %v, dated %v", w.clock.Now(), p.PublishedAt)
		}
	})
}

func TestOnePostIsLetGoWhileTheOthersAreHeld(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		w.hold(true)
		one, other, next := w.publish(post.Input{Title: "Un"}), w.publish(post.Input{Title: "Deux"}), w.create(post.Input{Title: "Demain"})
		_, err := w.posts.Schedule(t.Context(), owner, next.ID, at8)
		must(t, err)
		if _, err := w.posts.Release(t.Context(), w.author, one.ID); err == nil {
			t.Error("an author lets a post go past the switch")
		}
		if _, err := w.posts.Release(t.Context(), owner, w.create(post.Input{Title: "Brouillon"}).ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a draft is let go: %v", err)
		}
		p, err := w.posts.Release(t.Context(), owner, one.ID)
		must(t, err)
		if p.Status != post.Published || !slices.Equal(w.titles(false), []string{"Un"}) {
			t.Errorf("%s, out: %v", p.Status, w.titles(false))
		}
		p, err = w.posts.Release(t.Context(), owner, next.ID)
		must(t, err)
		if p.Status != post.Scheduled || p.Waits(true) {
			t.Errorf("what is let go before its hour is %s", p.Status)
		}
		w.clock.Advance(48 * time.Hour)
		w.jobs()
		if got := w.titles(false); !slices.Equal(got, []string{"Demain", "Un"}) {
			t.Errorf("out: %v", got)
		}
		back, err := w.posts.Unpublish(t.Context(), owner, other.ID)
		must(t, err)
		if back.Status != post.Ready || !back.PublishAt.IsZero() {
			t.Errorf("taken back as %s", back.Status)
		}
	})
}

// A release is for one hour: another hour waits again, another zone does not.
func TestWhatWasLetGoAndScheduledAgainWaitsAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		w.hold(true)
		p, q := w.create(post.Input{Title: "Un"}), w.create(post.Input{Title: "Deux"})
		for _, one := range []post.Post{p, q} {
			_, err := w.posts.Schedule(t.Context(), owner, one.ID, at8)
			must(t, err)
			_, err = w.posts.Release(t.Context(), owner, one.ID)
			must(t, err)
		}
		_, err := w.posts.Schedule(t.Context(), owner, p.ID, clock.Local{Day: at8.Day, Hour: 9})
		must(t, err)
		_, err = w.house.Change(t.Context(), actor.System(), housePatchZone("America/Toronto"))
		must(t, err)
		w.clock.Advance(48 * time.Hour)
		w.jobs()
		if got := w.titles(false); !slices.Equal(got, []string{"Deux"}) {
			t.Errorf("out: %v", got)
		}
	})
}

// Once the switch is thrown nothing goes out any more, whatever was under way.
func TestNothingGoesOutAfterTheSwitchWasThrown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		const n = 16
		var posts []post.Post
		for i := range n {
			posts = append(posts, w.create(post.Input{Title: "Billet " + strconv.Itoa(i)}))
		}
		begun := make(chan struct{}, n)
		var all sync.WaitGroup
		for worker := range 4 {
			all.Go(func() {
				for i := worker; i < n; i += 4 {
					begun <- struct{}{}
					if _, err := w.posts.Publish(t.Context(), actor.System(), posts[i].ID); err != nil && !fault.Is(err, fault.KindUnavailable) {
						t.Error(err)
					}
				}
			})
		}
		for range 6 {
			<-begun
		}
		w.hold(true)
		out := len(w.titles(false))
		all.Wait()
		if now := len(w.titles(false)); now != out {
			t.Errorf("%d were out when the switch was thrown, %d are", out, now)
		}
	})
}

// A job that was claimed before the switch was thrown finds it thrown, and waits like the others.
func TestAJobUnderWayHeedsTheSwitch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.open(true)
		p := w.create(post.Input{Title: "Mardi"})
		_, err := w.posts.Schedule(t.Context(), owner, p.ID, at8)
		must(t, err)
		w.clock.Advance(48 * time.Hour)
		w.hold(true)
		must(t, w.posts.PublishDue(t.Context(), w.get(p)))
		if got := w.get(p); got.Status != post.Scheduled || got.Version != p.Version+1 {
			t.Errorf("%s, version %d", got.Status, got.Version)
		}
		w.hold(false)
		must(t, w.posts.PublishDue(t.Context(), w.get(p)))
		if got := w.get(p); got.Status != post.Published {
			t.Errorf("%s", got.Status)
		}
	})
}
