package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

// byHost is the group of a job whose body is "host/what".
func byHost(body []byte) string {
	var s string
	if json.Unmarshal(body, &s) != nil {
		return ""
	}
	host, _, found := strings.Cut(s, "/")
	if !found {
		return ""
	}
	return host
}

// putAll puts one job for each body.
func (b *bench) putAll(kind string, bodies ...string) {
	b.t.Helper()
	all := make([]any, len(bodies))
	for i, body := range bodies {
		all[i] = body
	}
	b.write(func(tx *db.Tx) error { return b.EnqueueMany(tx, kind, all) })
}

func numbered(n int, format string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i)
	}
	return all
}

// gauge counts what runs at once, by name.
type gauge struct {
	mu        sync.Mutex
	now, most map[string]int
}

func newGauge() *gauge { return &gauge{now: map[string]int{}, most: map[string]int{}} }

func (g *gauge) add(name string, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now[name] += n
	g.most[name] = max(g.most[name], g.now[name])
}

func (g *gauge) highest(name string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.most[name]
}

func TestAGroupThatHangsWithTenThousandJobsStarvesNoOther(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b = b.peer(queue.Options{Poll: time.Hour}) // so that nothing is found by chance
		const others = 300
		goOn, g := make(chan struct{}), newGauge()
		passed := make(chan string, others)
		queue.Handle(b.Queue, "fetch", queue.KindOptions{Group: byHost, PerGroup: 99}, func(ctx context.Context, _ queue.Job, s string) error {
			host := byHost([]byte(`"` + s + `"`))
			g.add(host, 1)
			defer g.add(host, -1)
			if host == "big" {
				select {
				case <-goOn:
					return queue.Later(time.Hour, nil)
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			passed <- s
			return nil
		})
		queue.Handle(b.Queue, "plain", queue.KindOptions{}, func(_ context.Context, _ queue.Job, s string) error {
			passed <- s
			return nil
		})
		b.SetGrace(time.Millisecond)
		b.putAll("fetch", numbered(10_000, "big/%d")...)
		b.putAll("fetch", numbered(others/3, "small%d/x")...)
		b.putAll("fetch", numbered(others/3, "other/%d")...)
		b.putAll("plain", numbered(others/3, "%d")...)
		stop := serve(t, b.Queue)
		defer stop()
		for range others {
			<-passed
		}
		if n := g.highest("big"); n > 3 {
			t.Errorf("%d jobs of one group ran at once on a lane of four workers", n)
		}
	})
}

func TestGroupsTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "fetch", queue.KindOptions{Group: byHost, PerGroup: 2})
		b.putAll("fetch", "a/1", "a/2", "a/3", "a/4", "b/1", "b/2", "c/1", "alone")
		_ = b.work(8)
		// What has no group stands in the one line that is ordered by time: it leaves when the head of the groups is younger.
		want := []string{"a/1", "b/1", "c/1", "a/2", "b/2", "a/3", "a/4"}
		var grouped []string
		for _, s := range *got {
			if s != "alone" {
				grouped = append(grouped, s)
			}
		}
		if diff := cmp.Diff(want, grouped); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAGroupIsBoundedOverAllProcesses(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			const jobs, hosts, bound = 400, 5, 2
			o := dbtest.Options(t, engine, schema.All())
			g, done := newGauge(), make(chan struct{}, jobs)
			var last *bench
			for range 3 {
				d, err := db.Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				defer d.Close()
				q := queue.New(d, queue.Options{Poll: 5 * time.Millisecond})
				queue.Handle(q, "fetch", queue.KindOptions{Group: byHost, PerGroup: bound}, func(_ context.Context, _ queue.Job, s string) error {
					host := byHost([]byte(`"` + s + `"`))
					g.add(host, 1)
					g.add(host, -1)
					done <- struct{}{}
					return nil
				})
				defer serve(t, q)()
				last = &bench{Queue: q, t: t, db: d}
			}
			bodies := make([]string, jobs)
			for i := range bodies {
				bodies[i] = fmt.Sprintf("host%d/%d", i%hosts, i)
			}
			last.putAll("fetch", bodies...)
			for range jobs {
				<-done
			}
			for host, n := range g.most {
				if n > bound {
					t.Errorf("%d jobs of %s ran at once", n, host)
				}
			}
		})
	}
}

func TestClaimsOfSeveralProcessesTogetherTakeNoMoreOfAGroupThanMayRun(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		others := []*bench{b.peer(queue.Options{}), b.peer(queue.Options{}), b.peer(queue.Options{}), b.peer(queue.Options{})}
		for _, one := range others {
			list(one, "fetch", queue.KindOptions{Group: byHost, PerGroup: 3})
		}
		others[0].putAll("fetch", numbered(50, "host/%d")...)
		var mu sync.Mutex
		var all sync.WaitGroup
		claimed := 0
		for _, one := range others {
			all.Go(func() {
				n, err := one.Abandon(context.Background())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				claimed += n
			})
		}
		all.Wait()
		if claimed != 3 {
			t.Errorf("%d jobs of one group are claimed, 3 may run", claimed)
		}
	})
}

func TestGroupsThatAreNotDueHideNoneThatIs(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "fetch", queue.KindOptions{Group: byHost})
		b.write(func(tx *db.Tx) error {
			for i := range 5 {
				batch := make([]queue.Keyed, queue.MaxKeyed)
				for j := range batch {
					batch[j] = queue.Keyed{Body: fmt.Sprintf("dead%d-%d/x", i, j), Put: queue.Put{DueAt: noon.Add(time.Hour)}}
				}
				if _, err := b.EnqueueKeyed(tx, "fetch", batch); err != nil {
					return err
				}
			}
			return nil
		})
		b.putAll("fetch", "zebra/1", "zebra/2", "aardvark/1")
		_ = b.work(3)
		if diff := cmp.Diff([]string{"aardvark/1", "zebra/1", "zebra/2"}, *got); diff != "" {
			t.Fatal(diff)
		}
		served := b.peer(queue.Options{Poll: time.Hour})
		ran := make(chan string)
		queue.Handle(served.Queue, "fetch", queue.KindOptions{Group: byHost}, func(_ context.Context, _ queue.Job, s string) error {
			ran <- s
			return nil
		})
		b.putAll("fetch", "zebra/3")
		defer serve(t, served.Queue)()
		if s := <-ran; s != "zebra/3" { // although it stands behind more groups than one claim looks at
			t.Errorf("ran %s", s)
		}
	})
}

func TestAHeldKindLetsAReleasedJobOfAGroupGo(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		got := list(b, "send", queue.KindOptions{Outward: true, Group: byHost})
		b.write(func(tx *db.Tx) error { return b.HoldLane(tx, queue.Everything) })
		for _, s := range []string{"a/1", "a/2", "b/1"} {
			b.put("send", s, queue.Put{Key: s})
		}
		_ = b.work(0)
		b.write(func(tx *db.Tx) error {
			s, _, err := b.ByKey(tx, "a/2")
			return errors.Join(err, b.Release(tx, s.ID))
		})
		_ = b.work(1)
		b.write(func(tx *db.Tx) error { return b.ReleaseLane(tx, queue.Everything) })
		_ = b.work(2)
		if diff := cmp.Diff([]string{"a/2", "b/1", "a/1"}, *got); diff != "" { // b is after a, which was served last
			t.Fatal(diff)
		}
	})
}

func TestAKindThatLosesItsGroupsStillRunsWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		list(b, "fetch", queue.KindOptions{Group: byHost})
		b.putAll("fetch", "a/1", "b/1")
		newer := b.peer(queue.Options{})
		got := list(newer, "fetch", queue.KindOptions{})
		_ = newer.work(2)
		if len(*got) != 2 {
			t.Errorf("ran %v", *got)
		}
	})
}
