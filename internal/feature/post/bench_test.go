package post_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"causerie/internal/core/coretest"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/harness/bulk"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// many is a public house of n articles of 700 words, on SQLite.
func many(b *testing.B, n int) (w *world, slugs []string) {
	b.Helper()
	clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	d := dbtest.Open(b, db.SQLite, schema.All(), dbtest.Clock(clk), dbtest.Once())
	core := coretest.New(b, d)
	w = &world{db: d, clock: clk, queue: core.Queue, house: core.House, voices: core.Voices}
	w.posts = post.New(post.Options{DB: d, Bus: core.Bus, Queue: core.Queue, House: core.House, Voices: core.Voices, Media: core.Media})
	w.claire = core.SetUp(coretest.Aubin(), coretest.Claire())[0]
	w.openFor(b, true)
	slugs, err := bulk.Fill(b.Context(), d, bulk.Size{Posts: n, Words: 700}, clk.Now())
	must(b, err)
	return w, slugs
}

func (w *world) openFor(b *testing.B, public bool) {
	b.Helper()
	_, err := w.house.Change(b.Context(), actor.System(), house.Patch{Public: &public})
	must(b, err)
}

// processor is the time that the processor worked for this process, which the neighbours of a shared machine do not change
// as they change the time that passes.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRead asks for what an article, a front, a feed and a part of the sitemap are made of, uncached.
func BenchmarkRead(b *testing.B) {
	w, slugs := many(b, 10_000)
	r := post.PublicReader()
	for _, c := range []struct {
		name string
		read func(tx *db.Tx, i int) error
	}{
		{"Article", func(tx *db.Tx, i int) error {
			p, err := r.Resolve(tx, w.claire.ID, slugs[i*7919%len(slugs)])
			if err == nil {
				_, _, err = r.Neighbours(tx, p.Post)
			}
			return err
		}},
		{"Front", func(tx *db.Tx, _ int) error {
			_, _, err := r.List(tx, post.Query{Voice: w.claire.ID, Kinds: []string{post.Article}})
			return err
		}},
		{"Feed", func(tx *db.Tx, _ int) error { _, _, err := r.List(tx, post.Query{}); return err }},
		{"Sitemap", func(tx *db.Tx, _ int) error { _, err := r.All(tx, fact.PostID(0), 1000); return err }},
	} {
		b.Run(c.name, func(b *testing.B) {
			began := processor(b)
			for i := 0; b.Loop(); i++ {
				must(b, w.db.Read(b.Context(), func(tx *db.Tx) error { return c.read(tx, i) }))
			}
			b.ReportMetric(float64(processor(b)-began)/float64(b.N)/1e6, "cpu-ms/op")
		})
	}
}

// BenchmarkOpenAndClose tells how long another write waits, at most, while a house closes and opens again and its jobs run.
func BenchmarkOpenAndClose(b *testing.B) {
	w, _ := many(b, 2_000)
	ctx, stop := context.WithCancel(b.Context())
	longest := make(chan time.Duration)
	go func() {
		var most time.Duration
		for ctx.Err() == nil {
			began := time.Now()
			_ = w.db.Write(ctx, func(tx *db.Tx) error { _, err := db.Exec(tx, qTouch); return err })
			most = max(most, time.Since(began))
		}
		longest <- most
	}()
	for b.Loop() {
		for _, public := range []bool{false, true} {
			w.openFor(b, public)
			_, err := w.queue.RunDue(b.Context())
			must(b, err)
		}
	}
	stop()
	b.ReportMetric(float64((<-longest).Microseconds())/1000, "longest-wait-ms")
}

var qTouch = db.Q("posttest.touch", `UPDATE house SET name = name`)
