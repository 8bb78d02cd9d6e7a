package queue_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

// serve runs q until stop is called, which waits for its end.
func serve(t *testing.T, q *queue.Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	select {
	case <-q.Ready():
	case err := <-ended:
		t.Fatalf("Run ended at once: %v", err)
	}
	return sync.OnceFunc(func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// until looks again and again whether ok, until the test's own deadline.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	for !ok() {
		if t.Context().Err() != nil {
			t.Fatal("it never came true")
		}
	}
}

// peer is another process on the same database.
func (b *bench) peer(o queue.Options) *bench {
	return &bench{queue.New(b.db, o), b.t, b.db, b.clock}
}

func TestACommitWakesTheWorkersWithoutPolling(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b = b.peer(queue.Options{Poll: time.Hour})
		ran := make(chan string)
		queue.Handle(b.Queue, "say", queue.KindOptions{}, func(_ context.Context, _ queue.Job, s string) error {
			ran <- s
			return nil
		})
		stop := serve(t, b.Queue)
		defer stop()
		for _, word := range []string{"one", "two", "three"} {
			b.put("say", word, queue.Put{Key: word})
			if got := <-ran; got != word {
				t.Errorf("got %s", got)
			}
		}
		stop()
		if s := b.state("three"); s.State != "done" || s.Attempts != 1 {
			t.Errorf("%+v", s)
		}
		if err := b.Run(t.Context()); err == nil {
			t.Error("Run ran twice")
		}
	})
}

func TestWhatIsDoneIsWrittenDownWhileOthersStillRun(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b = b.peer(queue.Options{Lanes: map[string]int{"": 2}})
		goOn := make(chan struct{})
		queue.Handle(b.Queue, "slow", queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ int) error {
			<-goOn
			return nil
		})
		list(b, "quick", queue.KindOptions{})
		b.put("slow", 1, queue.Put{Key: "slow"})
		b.put("quick", "x", queue.Put{Key: "first"})
		stop := serve(t, b.Queue)
		defer stop()
		until(t, func() bool { return b.state("first").State == "done" })
		b.put("quick", "x", queue.Put{Key: "second"})
		until(t, func() bool { return b.state("second").State == "done" })
		if s := b.state("slow"); s.State != "running" {
			t.Errorf("%+v", s)
		}
		close(goOn)
		stop()
		if s := b.state("slow"); s.State != "done" {
			t.Errorf("%+v", s)
		}
	})
}

func TestTwoProcessesShareTheWorkAndDoEachJobOnce(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			const jobs = 2000
			o := dbtest.Options(t, engine, schema.All())
			var mu sync.Mutex
			ran, all := map[int]int{}, make(chan struct{})
			var first *queue.Queue
			var house *db.DB
			var stops []func()
			for range 2 {
				d, err := db.Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				defer d.Close()
				q := queue.New(d, queue.Options{Poll: time.Millisecond})
				queue.Handle(q, "n", queue.KindOptions{}, func(_ context.Context, _ queue.Job, n int) error {
					mu.Lock()
					defer mu.Unlock()
					ran[n]++
					if len(ran) == jobs {
						close(all)
					}
					return nil
				})
				stops = append(stops, serve(t, q))
				first, house = q, d
			}
			bodies := make([]any, jobs)
			for i := range bodies {
				bodies[i] = i
			}
			err := house.Write(t.Context(), func(tx *db.Tx) error { return first.EnqueueMany(tx, "n", bodies) })
			if err != nil {
				t.Fatal(err)
			}
			select {
			case <-all:
			case <-t.Context().Done():
			}
			for _, stop := range stops {
				stop()
			}
			for n, times := range ran {
				if times != 1 {
					t.Errorf("job %d ran %d times", n, times)
				}
			}
			counts, err := first.Counts(t.Context())
			if err != nil || counts["due"]+counts["running"]+counts["dead"] != 0 {
				t.Errorf("left: %v, %v", counts, err)
			}
		})
	}
}

func TestClaimingGoesOnAfterItWaitedForTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b = b.peer(queue.Options{Poll: time.Hour})
		b.SetPending(1) // so that the fetcher waits for the flusher nearly always
		const jobs = 60
		ran := make(chan int, jobs)
		queue.Handle(b.Queue, "n", queue.KindOptions{}, func(_ context.Context, _ queue.Job, n int) error {
			ran <- n
			return nil
		})
		bodies := make([]any, jobs)
		for i := range bodies {
			bodies[i] = i
		}
		b.write(func(tx *db.Tx) error { return b.EnqueueMany(tx, "n", bodies) })
		stop := serve(t, b.Queue)
		defer stop()
		for range jobs {
			<-ran
		}
	})
}

func TestTheProgramStopsAfterWhatRunsHasEnded(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		begun, goOn := make(chan struct{}), make(chan struct{})
		queue.Handle(b.Queue, "slow", queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ int) error {
			close(begun)
			<-goOn
			return ctx.Err() // the context still holds, although Run's has ended
		})
		b.put("slow", 1, queue.Put{Key: "k"})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- b.Run(ctx) }()
		<-begun
		cancel()
		close(goOn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if s := b.state("k"); s.State != "done" {
			t.Fatalf("%+v", s)
		}
	})
}

func TestWhatDoesNotEndInTimeIsGivenBackAsIfNeverBegun(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.SetGrace(10 * time.Millisecond)
		begun, goOn := make(chan string, 2), make(chan struct{})
		queue.Handle(b.Queue, "heeds", queue.KindOptions{}, func(ctx context.Context, j queue.Job, _ int) error {
			begun <- j.Kind
			<-ctx.Done()
			return ctx.Err()
		})
		var deaf sync.WaitGroup
		deaf.Add(1)
		queue.Handle(b.Queue, "deaf", queue.KindOptions{}, func(_ context.Context, j queue.Job, _ int) error {
			defer deaf.Done()
			begun <- j.Kind
			<-goOn
			return errors.New("too late to be heard")
		})
		b.put("heeds", 1, queue.Put{Key: "heeds"})
		b.put("deaf", 1, queue.Put{Key: "deaf"})
		stop := serve(t, b.Queue)
		<-begun
		<-begun
		stop()
		for _, key := range []string{"heeds", "deaf"} {
			if s := b.state(key); s.State != "due" || s.Attempts != 0 || s.Failure != "" {
				t.Errorf("%s: %+v", key, s)
			}
		}
		close(goOn)
		deaf.Wait()
	})
}

func TestAJobOfAProcessThatDiedIsTakenOverWhenItsLeaseLapses(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var attempts []int
		both := []*bench{b, b.peer(queue.Options{})}
		for _, one := range both {
			queue.Handle(one.Queue, "n", queue.KindOptions{MaxAttempts: 3}, func(_ context.Context, j queue.Job, _ int) error {
				attempts = append(attempts, j.Attempt)
				return nil
			})
		}
		b.put("n", 1, queue.Put{Key: "k"})
		b.put("n", 1, queue.Put{Key: "poison"})
		abandon := func() {
			t.Helper()
			if n, err := b.Abandon(t.Context()); n == 0 || err != nil {
				t.Fatal(n, err)
			}
		}
		abandon()
		if err := b.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		_ = both[1].work(0) // the lease still holds
		b.clock.Advance(31 * time.Second)
		p := b.state("poison").ID
		if err := b.Rescue(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.write(func(tx *db.Tx) error { return b.Cancel(tx, p) })
		_ = both[1].work(1)
		if len(attempts) != 1 || attempts[0] != 2 {
			t.Fatalf("attempts %v: the one that crashed counts", attempts)
		}
		b.put("n", 1, queue.Put{Key: "poison"})
		for range 3 {
			abandon()
			b.clock.Advance(31 * time.Second)
			if err := b.Rescue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := both[1].work(1); err == nil || len(attempts) != 1 {
			t.Fatalf("a job that crashed every process ran again: %v, %v", attempts, err)
		}
		if s := b.state("poison"); s.State != "dead" {
			t.Fatalf("%+v", s)
		}
	})
}

func TestAServingProcessFindsAtItsStartWhatACrashLeft(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite, schema.All())
	crashed, q := queue.New(d, queue.Options{}), queue.New(d, queue.Options{Poll: time.Hour})
	ran := make(chan int, 1)
	for _, one := range []*queue.Queue{crashed, q} {
		queue.Handle(one, "n", queue.KindOptions{}, func(_ context.Context, j queue.Job, _ int) error {
			ran <- j.Attempt
			return nil
		})
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error { return crashed.EnqueueMany(tx, "n", []any{1}) })
	if err != nil {
		t.Fatal(err)
	}
	if n, err := crashed.Abandon(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	stop := serve(t, q)
	defer stop()
	if n := <-ran; n != 2 {
		t.Fatalf("attempt %d", n)
	}
}

func TestWhoeverLostItsLeaseCannotSettleTheRunOfAnother(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		other := b.peer(queue.Options{})
		queue.Handle(b.Queue, "n", queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ int) error {
			for range 3 { // signs of life keep it
				b.clock.Advance(20 * time.Second)
				if err := b.Beat(ctx); err != nil {
					t.Error(err)
				}
				_ = other.work(0)
			}
			b.clock.Advance(31 * time.Second) // a long sleep loses it
			_ = other.work(1)
			if err := b.Beat(t.Context()); err != nil || ctx.Err() == nil {
				t.Errorf("the handler was not told that its lease is gone: %v", err)
			}
			return nil
		})
		queue.Handle(other.Queue, "n", queue.KindOptions{}, func(context.Context, queue.Job, int) error {
			return queue.Later(time.Hour, errors.New("the other's word"))
		})
		b.put("n", 1, queue.Put{Key: "k"})
		_ = b.work(1)
		if s := b.state("k"); s.State != "due" || s.Failure != "the other's word" {
			t.Fatalf("%+v", s)
		}
	})
}

func TestAHoldStopsWhatWasClaimedAndNotBegun(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "mail", queue.KindOptions{Outward: true})
		b.put("mail", "x", queue.Put{Key: "k"})
		err := b.ClaimThenServe(t.Context(), func() {
			b.write(func(tx *db.Tx) error { return b.HoldLane(tx, queue.Everything) })
		})
		if s := b.state("k"); err != nil || len(*got) != 0 || s.State != "due" || s.Attempts != 0 {
			t.Fatalf("%v %+v %v", *got, s, err)
		}
	})
}
