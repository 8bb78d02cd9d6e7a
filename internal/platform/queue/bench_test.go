package queue_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

// BenchmarkNoOp measures claiming, running and settling jobs that do nothing, from the start of Run to its end. The
// insert is not in it. One iteration is 20,000 jobs: go test -bench NoOp -benchtime 3x
func BenchmarkNoOp(b *testing.B) {
	const jobs = 20_000
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(engine.String(), func(b *testing.B) {
			d := dbtest.Open(b, engine, schema.All(), dbtest.Once())
			bodies := make([]any, jobs)
			for i := range bodies {
				bodies[i] = i
			}
			var took time.Duration
			for b.Loop() {
				b.StopTimer()
				q := queue.New(d, queue.Options{})
				ctx, cancel := context.WithCancel(b.Context())
				var ran atomic.Int64
				queue.Handle(q, "noop", queue.KindOptions{}, func(context.Context, queue.Job, int) error {
					if ran.Add(1) == jobs {
						cancel()
					}
					return nil
				})
				if err := d.Write(b.Context(), func(tx *db.Tx) error { return q.EnqueueMany(tx, "noop", bodies) }); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				start := time.Now()
				if err := q.Run(ctx); err != nil {
					b.Fatal(err)
				}
				took += time.Since(start)
				cancel()
			}
			b.ReportMetric(float64(jobs*b.N)/took.Seconds(), "jobs/s")
		})
	}
}
