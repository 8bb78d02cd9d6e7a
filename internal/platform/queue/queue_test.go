package queue_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/id"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a queue on a database whose clock stands still.
type bench struct {
	*queue.Queue
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
}

var noon = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

func each(t *testing.T, fn func(t *testing.T, b *bench)) {
	t.Helper()
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			c := clock.NewManual(noon)
			d := dbtest.Open(t, engine, schema.All(), dbtest.Clock(c))
			fn(t, &bench{queue.New(d, queue.Options{}), t, d, c})
		})
	}
}

func (b *bench) write(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.db.Write(b.t.Context(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) put(kind string, body any, p queue.Put) (added bool) {
	b.t.Helper()
	b.write(func(tx *db.Tx) (err error) {
		added, err = b.Enqueue(tx, kind, body, p)
		return err
	})
	return added
}

func (b *bench) state(key string) queue.State {
	b.t.Helper()
	var s queue.State
	b.write(func(tx *db.Tx) error {
		found, ok, err := b.ByKey(tx, key)
		if err == nil && !ok {
			err = fmt.Errorf("no job has the key %s", key)
		}
		s = found
		return err
	})
	return s
}

// work runs what is due and requires n runs.
func (b *bench) work(n int) error {
	b.t.Helper()
	got, err := b.RunDue(b.t.Context())
	if got != n {
		b.t.Fatalf("%d runs, want %d: %v", got, n, err)
	}
	return err
}

// list is a handler that keeps the bodies it was given.
func list(b *bench, kind string, o queue.KindOptions) *[]string {
	var got []string
	queue.Handle(b.Queue, kind, o, func(_ context.Context, _ queue.Job, body string) error {
		got = append(got, body)
		return nil
	})
	return &got
}

func TestAJobLeavesOnlyIfItsTransactionCommitted(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "say", queue.KindOptions{})
		broken := errors.New("broken")
		err := b.db.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := b.Enqueue(tx, "say", "never", queue.Put{}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		b.put("say", "once", queue.Put{})
		if err := b.work(1); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"once"}, *got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAKeyIsTakenInEveryStateAndAfterTheEnd(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		list(b, "fine", queue.KindOptions{})
		queue.Handle(b.Queue, "again", queue.KindOptions{}, func(_ context.Context, j queue.Job, _ int) error {
			if b.put("fine", "x", queue.Put{Key: j.Key}) {
				t.Error("the key of a running job was free")
			}
			return nil
		})
		queue.Handle(b.Queue, "bad", queue.KindOptions{}, func(context.Context, queue.Job, int) error {
			return queue.Give(errors.New("hopeless"))
		})
		b.put("fine", "x", queue.Put{Key: "due", DueAt: noon.Add(time.Hour)})
		b.put("fine", "x", queue.Put{Key: "held", Held: true})
		b.put("fine", "x", queue.Put{Key: "done"})
		b.put("again", 1, queue.Put{Key: "ran"})
		b.put("bad", 1, queue.Put{Key: "dead"})
		if err := b.work(3); err == nil || !strings.Contains(err.Error(), "hopeless") {
			t.Fatalf("the error of the dead job is %v", err)
		}
		for key, state := range map[string]string{"due": "due", "held": "held", "done": "done", "ran": "done", "dead": "dead"} {
			if s := b.state(key); s.State != state {
				t.Errorf("%s is %s", key, s.State)
			}
			if b.put("fine", "other", queue.Put{Key: key}) {
				t.Errorf("the key %s was free", key)
			}
		}
		b.write(func(tx *db.Tx) error {
			s, _, err := b.ByKey(tx, "due")
			if err != nil {
				return err
			}
			return b.Cancel(tx, s.ID)
		})
		if !b.put("fine", "x", queue.Put{Key: "due"}) {
			t.Error("a cancelled job kept its key")
		}
	})
}

func TestJobsLeaveInTheOrderOfTheirTime(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "say", queue.KindOptions{})
		queue.Handle(b.Queue, "shout", queue.KindOptions{Lane: "loud"}, func(_ context.Context, _ queue.Job, body string) error {
			*got = append(*got, strings.ToUpper(body))
			b.put("say", "answer to "+body, queue.Put{})
			return nil
		})
		b.put("say", "third", queue.Put{DueAt: noon.Add(-time.Minute)})
		b.put("say", "first", queue.Put{DueAt: noon.Add(-time.Hour)})
		b.put("shout", "second", queue.Put{DueAt: noon.Add(-30 * time.Minute)})
		b.put("say", "tomorrow", queue.Put{DueAt: noon.Add(24 * time.Hour)})
		b.write(func(tx *db.Tx) error { return b.EnqueueMany(tx, "say", []any{"fourth", "fifth"}) })
		if err := b.work(6); err != nil {
			t.Fatal(err)
		}
		want := []string{"first", "SECOND", "third", "fourth", "fifth", "answer to second"}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Fatal(diff)
		}
		b.clock.Advance(24 * time.Hour)
		if err := b.work(1); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAFailingJobComesBackLaterEachTimeAndDies(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		queue.Handle(b.Queue, "fail", queue.KindOptions{MaxAttempts: 3}, func(_ context.Context, j queue.Job, _ int) error {
			if j.Attempt == 2 {
				panic("at the second attempt")
			}
			return fmt.Errorf("%s\x00\xff", strings.Repeat("é", 2000))
		})
		b.put("fail", 1, queue.Put{Key: "k"})
		for attempt := 1; attempt <= 2; attempt++ {
			if err := b.work(1); err != nil {
				t.Fatalf("a job that comes back gave %v", err)
			}
			s := b.state("k")
			wait, base := s.At.Sub(b.clock.Now()), 5*time.Second<<attempt
			if s.State != "due" || s.Attempts != attempt || wait < base*8/10 || wait > base*12/10 || len(s.Failure) > 2000 || s.Failure == "" {
				t.Fatalf("after attempt %d: %+v, wait %v", attempt, s, wait)
			}
			_ = b.work(0)
			b.clock.Set(s.At)
		}
		if err := b.work(1); err == nil {
			t.Fatal("the death of a job gave no error")
		}
		if s := b.state("k"); s.State != "dead" || s.Attempts != 3 || !s.At.Equal(b.clock.Now()) {
			t.Fatalf("%+v", s)
		}
		b.write(func(tx *db.Tx) error {
			stopped, err := b.Stopped(tx, 10)
			if err != nil || len(stopped) != 1 || stopped[0].State != "dead" || stopped[0].Key != "k" || !stopped[0].At.Equal(b.clock.Now()) {
				t.Fatalf("%+v, %v", stopped, err)
			}
			return b.Retry(tx, stopped[0].ID)
		})
		if err := b.work(1); err != nil {
			t.Fatalf("a retried job has its attempts before it, but %v", err)
		}
	})
}

func TestBackoffGrowsAndIsCapped(t *testing.T) {
	t.Parallel()
	for attempt := 1; attempt < 100; attempt++ {
		d := queue.Backoff(attempt)
		if d > 6*time.Hour || d < 8*time.Second || attempt > 12 && d < 4*time.Hour {
			t.Errorf("attempt %d waits %v", attempt, d)
		}
	}
}

func TestLaterDoesNotCountAndGiveEndsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		queue.Handle(b.Queue, "wait", queue.KindOptions{MaxAttempts: 1}, func(_ context.Context, j queue.Job, _ int) error {
			if j.Attempt != 1 {
				t.Errorf("attempt %d", j.Attempt)
			}
			return queue.Later(time.Hour, errors.New("no relay yet"))
		})
		queue.Handle(b.Queue, "word", queue.KindOptions{}, func(context.Context, queue.Job, int) error { return nil })
		b.put("wait", 1, queue.Put{Key: "w"})
		b.put("word", "not a number", queue.Put{Key: "unreadable"})
		if err := b.work(2); err == nil {
			t.Fatal("a body that does not fit was accepted")
		}
		for range 3 {
			s := b.state("w")
			if s.State != "due" || s.Attempts != 0 || s.Failure != "no relay yet" || !s.At.Equal(b.clock.Now().Add(time.Hour)) {
				t.Fatalf("%+v", s)
			}
			b.clock.Set(s.At)
			if err := b.work(1); err != nil {
				t.Fatal(err)
			}
		}
		if s := b.state("unreadable"); s.State != "dead" {
			t.Fatalf("%+v", s)
		}
	})
}

func TestAHeldJobWaitsForItsRelease(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "say", queue.KindOptions{})
		b.put("say", "held", queue.Put{Key: "h", Held: true})
		_ = b.work(0)
		h := b.state("h").ID
		b.write(func(tx *db.Tx) error { return b.Release(tx, h) })
		_ = b.work(1)
		for name, do := range map[string]func(*db.Tx, id.ID[queue.JobMark]) error{"release": b.Release, "retry": b.Retry, "cancel": b.Cancel} {
			err := b.db.Write(t.Context(), func(tx *db.Tx) error { return do(tx, h) })
			if !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s of a done job: %v", name, err)
			}
		}
		if diff := cmp.Diff([]string{"held"}, *got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAHeldLaneLetsOnlyReleasedJobsGo(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		mail := list(b, "mail", queue.KindOptions{Lane: "post", Outward: true})
		other := list(b, "other", queue.KindOptions{Lane: "post"})
		for _, lane := range []string{"post", queue.Everything} {
			*mail, *other = nil, nil
			b.write(func(tx *db.Tx) error { return b.HoldLane(tx, lane) })
			b.put("mail", "a", queue.Put{Key: lane + "a"})
			b.put("mail", "b", queue.Put{Key: lane + "b"})
			b.put("other", "c", queue.Put{})
			inward := 0
			if lane == queue.Everything {
				inward = 1 // what does not leave the house goes on
			}
			_ = b.work(inward)
			b.write(func(tx *db.Tx) error {
				held, err := b.LaneHeld(tx, lane)
				if err != nil || !held {
					t.Errorf("held %v, %v", held, err)
				}
				s, _, err := b.ByKey(tx, lane+"b")
				if err != nil {
					return err
				}
				return b.Release(tx, s.ID)
			})
			_ = b.work(1)
			b.write(func(tx *db.Tx) error { return b.ReleaseLane(tx, lane) })
			_ = b.work(2 - inward)
			if diff := cmp.Diff([]string{"b", "a"}, *mail); diff != "" {
				t.Fatal(lane, diff)
			}
		}
	})
}

func TestAnUnknownKindIsLeftForWhoKnowsIt(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.put("newer", "x", queue.Put{Key: "n"})
		_ = b.work(0)
		if s := b.state("n"); s.State != "due" || s.Attempts != 0 {
			t.Fatalf("%+v", s)
		}
		other := &bench{queue.New(b.db, queue.Options{}), t, b.db, b.clock}
		got := list(other, "newer", queue.KindOptions{Lane: "new"})
		_ = other.work(1)
		if diff := cmp.Diff([]string{"x"}, *got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestManyWhoPutTheSameKeyAtOnceAddOneJob(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var ran, added atomic.Int64
		queue.Handle(b.Queue, "n", queue.KindOptions{}, func(context.Context, queue.Job, int) error {
			ran.Add(1)
			return nil
		})
		stop := serve(t, b.Queue) // completes the jobs while others still put them
		defer stop()
		const keys, rivals = 10, 4
		var all sync.WaitGroup
		for range rivals {
			all.Go(func() {
				for n := range keys {
					var mine bool
					err := b.db.Write(context.Background(), func(tx *db.Tx) (err error) {
						mine, err = b.Enqueue(tx, "n", n, queue.Put{Key: fmt.Sprintf("n/%d", n)})
						return err
					})
					if err != nil {
						t.Error(err)
					}
					if mine {
						added.Add(1)
					}
				}
			})
		}
		all.Wait()
		stop()
		if _, err := b.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if added.Load() != keys || ran.Load() != keys {
			t.Fatalf("%d added, %d ran, want %d", added.Load(), ran.Load(), keys)
		}
	})
}

func TestABatchAddsEachKeyOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "say", queue.KindOptions{})
		b.put("say", "done", queue.Put{Key: "done"})
		_ = b.work(1)
		b.put("say", "waits", queue.Put{Key: "waits", DueAt: noon.Add(time.Hour)})
		var batch []queue.Keyed
		for n := range queue.MaxKeyed - 5 {
			batch = append(batch, queue.Keyed{Body: fmt.Sprint(n), Put: queue.Put{Key: fmt.Sprintf("n/%d", n)}})
		}
		batch = append(batch,
			queue.Keyed{Body: "again", Put: queue.Put{Key: "done"}},
			queue.Keyed{Body: "again", Put: queue.Put{Key: "waits"}},
			queue.Keyed{Body: "again", Put: queue.Put{Key: "n/7"}},
			queue.Keyed{Body: "plain"},
			queue.Keyed{Body: "held", Put: queue.Put{Key: "held", Held: true}})
		want := make([]bool, len(batch))
		for i := range want {
			want[i] = i < len(batch)-5 || i >= len(batch)-2
		}
		for range 2 {
			var added []bool
			b.write(func(tx *db.Tx) (err error) {
				added, err = b.EnqueueKeyed(tx, "say", batch)
				return err
			})
			if diff := cmp.Diff(want, added); diff != "" {
				t.Fatal(diff)
			}
			clear(want)
			want[len(want)-2] = true // what has no key is put each time
		}
		*got = nil
		_ = b.work(queue.MaxKeyed - 5 + 2)
		if s := b.state("held"); s.State != "held" || (*got)[0] != "0" {
			t.Errorf("%+v, first %s", s, (*got)[0])
		}
		err := b.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.EnqueueKeyed(tx, "say", make([]queue.Keyed, queue.MaxKeyed+1))
			return err
		})
		if err == nil {
			t.Error("a batch beyond the bound was taken")
		}
	})
}
