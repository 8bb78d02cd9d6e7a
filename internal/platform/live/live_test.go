package live_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/live"
	"causerie/internal/schema"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// heard collects what a hub's handlers were told.
type heard struct {
	mu  sync.Mutex
	all []string
}

func (l *heard) to(h *live.Hub) *heard {
	h.Handle(func(topics []string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all = append(l.all, topics...)
	})
	return l
}

// taken returns what was heard so far, and forgets it.
func (l *heard) taken() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	l.all = nil
	return all
}

func wake(t *testing.T, d *db.DB, h *live.Hub, topics ...string) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return h.WakeIn(tx, topics...) }); err != nil {
		t.Fatal(err)
	}
}

// two opens one database twice, as two processes do.
func two(t *testing.T, engine db.Engine, change func(*db.Options)) (a, b *db.DB) {
	t.Helper()
	o := dbtest.Options(t, engine, schema.All())
	if change != nil {
		change(&o)
	}
	open := func() *db.DB {
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	return open(), open()
}

func eachTwo(t *testing.T, fn func(t *testing.T, a, b *db.DB)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			a, b := two(t, engine, nil)
			fn(t, a, b)
		})
	}
}

func start(t *testing.T, h *live.Hub) {
	t.Helper()
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func look(t *testing.T, h *live.Hub) {
	t.Helper()
	if err := live.Look(h, t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestWakingFollowsTheCommitOnce(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) { // every write is rehearsed: its function runs twice
		h := live.New(d, live.Options{})
		start(t, h)
		got := new(heard).to(h)
		watched := h.Watch(t.Context(), "post:1")
		refused := errors.New("refused")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := h.WakeIn(tx, "post:1"); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) || len(got.taken()) > 0 {
			t.Fatalf("a rollback woke somebody: %v", err)
		}
		wake(t, d, h, "post:1", "voice:2")
		if all := got.taken(); !slices.Equal(all, []string{"post:1", "voice:2"}) {
			t.Errorf("when Write returned, %q was heard", all)
		}
		if topic := <-watched; topic != "post:1" {
			t.Errorf("watched %q", topic)
		}
		look(t, h)
		look(t, h)
		if all := got.taken(); len(all) > 0 {
			t.Errorf("a process hears from the table what it said itself: %q", all)
		}
	})
}

func TestAnotherProcessHears(t *testing.T) {
	eachTwo(t, func(t *testing.T, a, b *db.DB) {
		here, there := live.New(a, live.Options{}), live.New(b, live.Options{Every: time.Millisecond})
		wake(t, a, here, "before the start")
		start(t, there)
		running, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- there.Run(running) }()
		watched := there.Watch(running, "before the start", "post:1", "inbox")
		wake(t, a, here, "post:1", "voice:2", "post:1")
		for topic := <-watched; topic != "post:1"; topic = <-watched {
			if topic != "before the start" { // heard once more where another transaction was under way at the start
				t.Errorf("heard %q", topic)
			}
		}
		wake(t, a, here, "inbox")
		for topic := <-watched; topic != "inbox"; topic = <-watched {
			if topic != "post:1" && topic != "before the start" {
				t.Errorf("heard %q", topic)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestEachChangeIsHeardOnce(t *testing.T) {
	eachTwo(t, func(t *testing.T, a, b *db.DB) {
		here, there := live.New(a, live.Options{}), live.New(b, live.Options{})
		start(t, there)
		got := new(heard).to(there)
		for _, topic := range []string{"one", "two", "three"} {
			wake(t, a, here, topic)
			look(t, there)
			look(t, there)
			if all := got.taken(); !slices.Equal(all, []string{topic}) {
				t.Errorf("after %q: %q", topic, all)
			}
		}
	})
}

// Numbers made when a transaction begins are not the order in which transactions end.
func TestASlowTransactionIsHeard(t *testing.T) {
	t.Parallel()
	a, b := two(t, db.Postgres, nil)
	here, there := live.New(a, live.Options{}), live.New(b, live.Options{})
	start(t, there)
	got := new(heard).to(there)
	begun, finish, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		once := sync.OnceFunc(func() { close(begun) })
		done <- a.Write(t.Context(), func(tx *db.Tx) error {
			err := here.WakeIn(tx, "slow")
			once()
			<-finish
			return err
		})
	}()
	<-begun
	for range 3 {
		wake(t, a, here, "quick")
		look(t, there)
	}
	if all := got.taken(); !slices.Equal(all, []string{"quick", "quick", "quick"}) {
		t.Errorf("meanwhile: %q", all)
	}
	close(finish)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	look(t, there)
	look(t, there)
	if all := got.taken(); !slices.Equal(all, []string{"slow"}) {
		t.Errorf("after the slow one: %q", all)
	}
}

func TestAWatcherThatIsBusyHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite, schema.All())
	h := live.New(d, live.Options{})
	ctx, stop := context.WithCancel(t.Context())
	watched := h.Watch(ctx, "a", "b")
	for range 10_000 {
		h.Wake("a", "b", "nobody watches this")
	}
	seen := map[string]int{}
	for len(seen) < 2 {
		seen[<-watched]++
	}
	h.Wake("a") // after what was taken: must come
	for topic := <-watched; topic != "a"; topic = <-watched {
		seen[topic]++
	}
	if seen["a"]+seen["b"] > 5 {
		t.Errorf("20,000 wakings came as %v", seen)
	}
	stop()
	for range watched { // ends, because the channel is closed
	}
	h.Wake("a")
}

func TestAfterALongSilenceEverythingIsWoken(t *testing.T) {
	eachTwo(t, func(t *testing.T, a, b *db.DB) {
		there := live.New(b, live.Options{Keep: 1}) // rows may be gone after a nanosecond
		start(t, there)
		got := new(heard).to(there)
		watched := there.Watch(t.Context(), "anything")
		look(t, there)
		if all := got.taken(); !slices.Equal(all, []string{live.Everything}) {
			t.Errorf("heard %q", all)
		}
		if topic := <-watched; topic != "anything" {
			t.Errorf("watched %q", topic)
		}
	})
}

func TestOldRowsGo(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(time.Date(2026, 11, 16, 7, 31, 0, 0, time.UTC))
			a, b := two(t, engine, func(o *db.Options) { o.Clock = clk })
			here, there := live.New(a, live.Options{}), live.New(b, live.Options{})
			start(t, there)
			got := new(heard).to(there)
			for range 20 {
				wake(t, a, here, "old")
			}
			look(t, there)
			clk.Advance(2 * time.Hour)
			wake(t, a, here, "new")
			if err := live.Prune(there, t.Context()); err != nil {
				t.Fatal(err)
			}
			count := db.Query{Name: "test.count", SQL: `SELECT COUNT(*) FROM topic_changes`}
			err := a.Read(t.Context(), func(tx *db.Tx) error {
				n, err := db.One(tx, count, db.Scalar[int])
				if n != 1 {
					t.Errorf("%d rows are left", n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			got.taken()
			look(t, there)
			if all := got.taken(); !slices.Equal(all, []string{"new"}) {
				t.Errorf("after the old ones went: %q", all)
			}
		})
	}
}

// Who cannot hear is told so for as long as that lasts, and no longer.
func TestALostLineIsTold(t *testing.T) {
	eachTwo(t, func(t *testing.T, a, _ *db.DB) {
		h := live.New(a, live.Options{Every: time.Millisecond})
		lost := make(chan bool, 1)
		h.HandleLoss(func() {
			select {
			case lost <- true:
			default:
			}
		})
		start(t, h)
		running, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- h.Run(running) }()
		a.Close()
		<-lost
		<-lost
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
