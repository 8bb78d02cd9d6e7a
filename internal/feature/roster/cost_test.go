package roster_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/feature/roster"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
)

// BenchmarkImport brings in 50,000 people with their agreements, as a house does once: under 20 s and 150 MB. It tells the largest heap
// that was seen and the longest that another write waited. On two shared cores of a Turin, with what works beside held still: 11.3 s on SQLite, 16.2
// and 17.7 on PostgreSQL, 30 MB; before rows went to PostgreSQL as arrays, in the same minutes, 13.0, 18.3 and 22.3.
func BenchmarkImport(b *testing.B) {
	var list strings.Builder
	list.WriteString("Prénom;Nom;Société;Fonction;Email;Téléphone;Date d'inscription\r\n")
	for i := range 50_000 {
		fmt.Fprintf(&list, "Prénom%d;Nom%d;Société %d;Gérante;personne%d@entreprise%d.example;+33 6 %02d %02d %02d %02d;2025-03-%02d\r\n", i, i, i%900, i, i%5000, i/1000000%100, i/10000%100, i/100%100, i%100, 1+i%28)
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(engine.String(), func(b *testing.B) {
			for range b.N {
				w := newWorld(b, dbtest.Open(b, engine, schema.All(), dbtest.ClockAt(morning), dbtest.Once()))
				var peak, longest atomic.Int64
				stop, done := make(chan struct{}), make(chan struct{})
				go func() {
					defer close(done)
					for {
						select {
						case <-stop:
							return
						case <-time.After(20 * time.Millisecond):
						}
						var m runtime.MemStats
						runtime.ReadMemStats(&m)
						peak.Store(max(peak.Load(), int64(m.HeapInuse)))
						began := time.Now()
						if err := w.DB.Write(b.Context(), func(*db.Tx) error { return nil }); err != nil {
							b.Error(err)
						}
						longest.Store(max(longest.Load(), int64(time.Since(began))))
					}
				}()
				r, err := w.Import(b.Context(), actor.System(), file("clients.csv", list.String()), roster.Options{Consent: consent.Evidence{Basis: consent.Client}})
				close(stop)
				<-done
				if err != nil || r.Created != 50_000 || r.Consents != 50_000 {
					b.Fatalf("%s, %v", says(r), err)
				}
				b.ReportMetric(float64(peak.Load())/(1<<20), "MB-heap")
				b.ReportMetric(float64(longest.Load())/1e6, "ms-waited")
			}
		})
	}
}
