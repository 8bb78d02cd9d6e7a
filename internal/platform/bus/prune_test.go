package bus_test

import (
	"context"
	"testing"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

type founded struct{}

func (founded) Kind() string   { return "bell.founded" }
func (founded) Subject() int64 { return 0 }

func TestFactsGoWhenTheirKindIsNoLongerKept(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		b := bus.New(queue.New(d, queue.Options{}))
		emit := func(n int, f bus.Fact) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				for range n {
					if err := b.Emit(tx, actor.System(), f); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		day := 24 * time.Hour
		prune := func(want int64) {
			t.Helper()
			n, err := bus.Prune(t.Context(), d, func(kind string) time.Duration {
				return map[string]time.Duration{"bell.rung": 10 * day, "bell.founded": 100 * day}[kind]
			})
			if err != nil || n != want {
				t.Errorf("%d pruned, want %d; %v", n, want, err)
			}
		}
		hands := d.Clock().(*clock.Manual)
		emit(501, rung{})
		emit(1, founded{})
		hands.Advance(10 * day)
		prune(0)
		emit(2, rung{})
		hands.Advance(time.Second)
		prune(501)
		hands.Advance(90 * day)
		prune(3)
	}, dbtest.ClockAt(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)))
}

// TestAReactionRunsThoughTheProcessDiedAfterTheCommit ends a process between the commit and the reaction and lets another one on the same
// database go on. What an importer says, nobody is woken for.
func TestAReactionRunsThoughTheProcessDiedAfterTheCommit(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		heard := 0
		process := func() (*queue.Queue, *bus.Bus) {
			q := queue.New(d, queue.Options{})
			b := bus.New(q)
			bus.React(b, "ear", queue.KindOptions{}, func(_ context.Context, _ bus.Event, f rung) error {
				heard += f.Times
				return nil
			})
			return q, b
		}
		_, b := process()
		for _, by := range []actor.Actor{actor.System(), actor.Importer()} {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return b.Emit(tx, by, rung{Times: 3}) }); err != nil {
				t.Fatal(err)
			}
		}
		if heard != 0 {
			t.Fatal("the reaction ran inside the commit")
		}
		// The first process is no more: nothing of it ran the queue.
		q, _ := process()
		for range 2 {
			if _, err := q.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if heard != 3 {
			t.Errorf("heard %d, want 3: once what happened, and nothing of what an import brought", heard)
		}
	})
}
