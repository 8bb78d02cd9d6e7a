package site_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
)

// talked is an article of 1,400 words with fifty comments, every third an answer.
func talked(w *world) post.Post {
	p := w.publish(post.Input{Title: "Nos délais, dits franchement", Slug: "nos-delais", Summary: "Pourquoi trois semaines.", Section: "Métier",
		Body: strings.Repeat(body+"\n\n", 1) + strings.Repeat("Il y a les délais qu’on annonce et ceux qu’on tient, et entre les deux un silence. ", 90), Question: "Une date sûre ?"})
	var last fact.MessageID
	for i := range 50 {
		parent := fact.MessageID(0)
		email := fmt.Sprintf("lecteur%d@example.org", i%20)
		if i%3 == 2 {
			parent = last
		}
		if i%9 == 8 {
			email = ""
		}
		last = w.says(p, parent, fmt.Sprintf("Lectrice %d", i%20), email, "Une date **sûre**, sans hésiter. J’organise trois corps de métier autour de vous : un jour de retard m’en coûte cinq.").ID
	}
	return p
}

// BenchmarkUncached asks for pages that no cache holds: the whole way from the router to the bytes.
func BenchmarkUncached(b *testing.B) {
	w := newWorld(b, db.SQLite, dbtest.Once()).furnish()
	for i := range 30 {
		w.publish(post.Input{Title: fmt.Sprintf("Billet %d", i), Body: strings.Repeat("Il y a les délais qu’on annonce et ceux qu’on tient. ", 80), Section: "Métier", Tags: []string{"délais"}})
		if i%3 == 0 {
			w.publish(post.Input{Kind: post.Note, Body: "Une note, *courte*."})
		}
	}
	talked(w)
	for _, page := range []struct{ name, path string }{{"ArticleWith50Comments", "/nos-delais"}, {"Front", "/"}, {"Feed", "/feed.xml"}} {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			began := processor(b)
			for b.Loop() {
				rec := httptest.NewRecorder()
				w.router.ServeHTTP(rec, httptest.NewRequest("GET", page.path, nil))
				if rec.Code != 200 {
					b.Fatal(rec.Code)
				}
			}
			b.ReportMetric(float64(processor(b)-began)/float64(b.N)/1e6, "cpu-ms/op")
		})
	}
}

// processor is the time that the processor worked for this process, which the neighbours of a shared machine do not change
// as they change the time that passes.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
