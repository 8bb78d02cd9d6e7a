package queue_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

func TestAPeriodicJobRunsOnceForAllProcesses(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var slots []time.Time
		hourly := func(after time.Time) time.Time { return after.Truncate(time.Hour).Add(time.Hour) }
		both := []*bench{b, {queue.New(b.db, queue.Options{}), t, b.db, b.clock}}
		for _, one := range both {
			queue.Handle(one.Queue, "ring", queue.KindOptions{}, func(_ context.Context, j queue.Job, s queue.Slot) error {
				if j.Key != "every/bell" {
					t.Errorf("key %s", j.Key)
				}
				slots = append(slots, s.At)
				return nil
			})
			one.Every("bell", hourly, "ring")
		}
		all := func() {
			t.Helper()
			for _, one := range both {
				if _, err := one.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		all()
		for _, pass := range []time.Duration{time.Hour, 30 * time.Minute, 30 * time.Minute, 5 * time.Hour} {
			b.clock.Advance(pass)
			all()
			all()
		}
		want := []time.Time{noon.Add(time.Hour), noon.Add(2 * time.Hour), noon.Add(3 * time.Hour)} // one for all that were missed
		if diff := cmp.Diff(want, slots); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAScheduleLeavesNoTrailOfRows(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ran, fail := 0, false
		queue.Handle(b.Queue, "tick", queue.KindOptions{MaxAttempts: 1}, func(context.Context, queue.Job, queue.Slot) error {
			ran++
			if fail {
				return errors.New("broken")
			}
			return nil
		})
		b.Every("minute", func(after time.Time) time.Time { return after.Truncate(time.Minute).Add(time.Minute) }, "tick")
		minute := func(n int) {
			t.Helper()
			b.clock.Advance(time.Minute)
			if got, _ := b.RunDue(t.Context()); got != n {
				t.Fatalf("%d runs", got)
			}
		}
		_ = b.work(0)
		for range 60 {
			minute(1)
		}
		if n := b.rows(); n != 0 {
			t.Errorf("an hour of minutes left %d rows", n)
		}
		fail = true
		minute(1)
		fail = false
		minute(1) // one that died makes way for the next
		if n := b.rows(); n != 0 || ran != 62 {
			t.Errorf("%d rows after %d runs", n, ran)
		}
		b.write(func(tx *db.Tx) error { return b.HoldLane(tx, "") })
		for range 3 {
			minute(0)
		}
		if n := b.rows(); n != 1 {
			t.Errorf("%d jobs of one schedule wait for a held lane", n)
		}
		b.write(func(tx *db.Tx) error { return b.ReleaseLane(tx, "") })
		_ = b.work(1)
	})
}

func TestAJobThatRepeatsItselfWithLaterStaysOneRow(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		queue.Handle(b.Queue, "watch", queue.KindOptions{MaxAttempts: 1}, func(context.Context, queue.Job, int) error {
			return queue.Later(time.Minute, nil)
		})
		b.put("watch", 1, queue.Put{Key: "watch/1"})
		for range 30 {
			_ = b.work(1)
			b.clock.Advance(time.Minute)
		}
		if n := b.rows(); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestAKeyIsKeptAsLongAsItsKindAsks(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		list(b, "for ever", queue.KindOptions{})
		list(b, "an hour", queue.KindOptions{KeepKey: time.Hour})
		list(b, "not at all", queue.KindOptions{KeepKey: -1})
		put := func(want map[string]bool) {
			t.Helper()
			for kind, added := range want {
				if b.put(kind, "x", queue.Put{Key: kind}) != added {
					t.Errorf("%s: the key was taken or free against its kind's word", kind)
				}
			}
			if _, err := b.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		put(map[string]bool{"for ever": true, "an hour": true, "not at all": true})
		put(map[string]bool{"for ever": false, "an hour": false, "not at all": true})
		b.clock.Advance(time.Hour)
		if n, err := b.Prune(t.Context()); n != 1 || err != nil {
			t.Fatalf("pruned %d: %v", n, err)
		}
		put(map[string]bool{"for ever": false, "an hour": true, "not at all": true})
	})
}

func TestPruningAMultitudeHoldsTheWriterForASliceAtATime(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		list(b, "n", queue.KindOptions{KeepKey: time.Hour})
		const jobs = 3*queue.MaxKeyed + 7
		for i := 0; i < jobs; i += queue.MaxKeyed {
			batch := make([]queue.Keyed, min(queue.MaxKeyed, jobs-i))
			for j := range batch {
				batch[j] = queue.Keyed{Body: "x", Put: queue.Put{Key: fmt.Sprintf("n/%d", i+j)}}
			}
			b.write(func(tx *db.Tx) error {
				_, err := b.EnqueueKeyed(tx, "n", batch)
				return err
			})
		}
		stop := serve(t, b.Queue)
		until(t, func() bool { return b.rows() == jobs && b.due() == 0 })
		stop()
		b.clock.Advance(time.Hour)
		if n, err := b.Prune(t.Context()); n != jobs || err != nil {
			t.Fatalf("pruned %d: %v", n, err)
		}
		if n := b.rows(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

var (
	qRows = db.Q("queuetest.rows", `SELECT (SELECT COUNT(*) FROM jobs) + (SELECT COUNT(*) FROM jobs_done)`)
	qDue  = db.Q("queuetest.due", `SELECT COUNT(*) FROM jobs`)
)

// rows counts what the queue keeps: jobs, and the keys of those that are done.
func (b *bench) rows() int { return b.count(qRows) }

// due counts the jobs that are not done.
func (b *bench) due() int { return b.count(qDue) }

func (b *bench) count(q db.Query) (n int) {
	b.t.Helper()
	err := b.db.Read(b.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(tx, q, db.Scalar[int])
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestCountsAndPruneTellWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		list(b, "say", queue.KindOptions{})
		b.put("say", "later", queue.Put{DueAt: noon.Add(1000 * 24 * time.Hour)})
		b.put("say", "held", queue.Put{Held: true})
		b.put("say", "x", queue.Put{Key: "kept"})
		b.write(func(tx *db.Tx) error { return b.EnqueueMany(tx, "say", []any{"a", "b", "c"}) })
		_ = b.work(4)
		got, err := b.Counts(t.Context())
		if diff := cmp.Diff(map[string]int{"due": 1, "overdue": 0, "held": 1, "running": 0, "dead": 0}, got); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
		for _, step := range []struct {
			days int
			gone int64
		}{{399, 0}, {2, 1}} {
			b.clock.Advance(time.Duration(step.days) * 24 * time.Hour)
			if n, err := b.Prune(t.Context()); n != step.gone || err != nil {
				t.Fatalf("pruned %d, want %d: %v", n, step.gone, err)
			}
		}
	})
}
