package mailer_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
	"causerie/internal/schema"
)

// BenchmarkTwentyThousandLettersLeave enqueues and sends letters of some 10 kB to a sink on this machine, while somebody
// else writes every few milliseconds and, in the middle, asks for a new password. It prints deliveries a second from the
// first enqueued to the last written down as sent, the peak of memory, the slowest write of the other, and after how long
// the password mail was with the sink. One run is one iteration: -benchtime 1x.
func BenchmarkTwentyThousandLettersLeave(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(engine.String(), func(b *testing.B) {
			for b.Loop() {
				letters(b, engine, 20_000)
			}
		})
	}
}

var qOtherWrite = db.Query{Name: "bench.other_write", SQL: `INSERT INTO house_settings (key, value) VALUES ('bench', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`}

func letters(b *testing.B, engine db.Engine, count int) {
	d := dbtest.Open(b, engine, schema.All(), dbtest.Once())
	core := coretest.New(b, d)
	voice := core.SetUp(coretest.Aubin(), coretest.Claire())[0].ID
	out := delivery.New(delivery.Options{DB: d, Bus: core.Bus, Queue: core.Queue})
	sink := mailtest.StartSink(b)
	passwordLeft := make(chan time.Time, 1)
	sink.Taken = func(to string) {
		if to == "claire@aubin.example" {
			passwordLeft <- time.Now()
		}
	}
	pool := mail.NewPool(sink.Relay(b))
	defer pool.Close()
	mails, err := mailer.New(mailer.Options{DB: d, House: core.House, Deliveries: out, Carrier: mailer.Fixed(pool), Host: "aubin.example"})
	must(b, err)
	text := strings.Repeat("Deux dates sur le devis : celle où nous commençons, celle où nous finissons.\n", 40)
	html := "<p>" + strings.Repeat("Deux dates sur le devis : celle où nous commençons, celle où nous finissons.</p>\n<p>", 80)
	mails.Register(
		mailer.Kind{Name: "letter", Purpose: "newsletter", Lane: delivery.LaneBulk, Compose: func(_ *db.Tx, d delivery.Delivery) (mail.Message, error) {
			stop := "https://aubin.example/subscribe/" + d.ID.String() // in each letter another
			return mail.Message{From: mail.Address{Name: "Claire Aubin", Email: "claire@aubin.example"}, Subject: d.Subject, ListUnsubscribe: stop,
				Text: text + stop, HTML: html + stop}, nil
		}},
		mailer.Kind{Name: "reset", Purpose: delivery.PurposeAccount, Lane: delivery.LaneAccount, Compose: func(*db.Tx, delivery.Delivery) (mail.Message, error) {
			return mail.Message{From: mail.Address{Email: "bonjour@aubin.example"}, Subject: "Mot de passe", Text: "https://aubin.example/app/reset"}, nil
		}},
	)

	debug.FreeOSMemory()
	forgetPeak()
	ctx, stop := context.WithCancel(b.Context())
	running := make(chan error, 1)
	go func() { running <- out.Run(ctx) }()
	slowest, others := otherWrites(ctx, b, d)
	began, spentBefore := time.Now(), processor()
	enqueued := make(chan error, 1)
	go func() {
		_, err := out.Enqueue(ctx, actor.System(), func(yield func(delivery.Outgoing) bool) {
			for i := range count {
				if !yield(delivery.Outgoing{Channel: mailer.Channel, Kind: "letter", Key: fmt.Sprintf("letter/1/%d", i), Voice: voice, Contact: fact.ContactID(i + 1),
					About: delivery.Ref{Kind: "letter", ID: 1}, Recipient: fmt.Sprintf("reader%d@example.com", i), Subject: "La lettre de mars"}) {
					return
				}
			}
		})
		enqueued <- err
	}()
	var asked time.Time
	var password time.Duration
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for sink.Messages() < count+1 {
		<-tick.C
		if asked.IsZero() && sink.Messages() > count/2 {
			asked = time.Now()
			must(b, d.Write(ctx, func(tx *db.Tx) error {
				_, err := out.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: mailer.Channel, Kind: "reset", Key: "reset/1", Recipient: "claire@aubin.example", Subject: "Mot de passe"})
				return err
			}))
			password = (<-passwordLeft).Sub(asked)
		}
	}
	must(b, <-enqueued)
	for waiting := 1; waiting > 0; <-tick.C {
		waiting = 0
		for _, state := range []string{delivery.Queued, delivery.Sending, delivery.Deferred} {
			all, _, err := out.List(ctx, actor.System(), delivery.Filter{State: state, Limit: 1})
			must(b, err)
			waiting += len(all)
		}
	}
	took, spent, peak := time.Since(began), processor()-spentBefore, peakMB()
	stop()
	must(b, <-running)
	<-others
	b.ReportMetric(float64(count)/took.Seconds(), "deliveries/s")
	b.ReportMetric(float64(spent.Microseconds())/float64(count), "µs-processor/delivery")
	b.ReportMetric(peak, "MB-peak")
	b.ReportMetric(float64(slowest.Load())/1e6, "ms-slowest-other-write")
	b.ReportMetric(float64(password.Microseconds())/1e3, "ms-password")
	b.ReportMetric(float64(sink.Connections()), "connections")
	b.ReportMetric(0, "ns/op")
}

// otherWrites writes something small again and again until ctx ends, and keeps how long the slowest took.
func otherWrites(ctx context.Context, b *testing.B, d *db.DB) (*atomic.Int64, chan struct{}) {
	var slowest atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ctx.Err() == nil; i++ {
			began := time.Now()
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(tx, qOtherWrite, strconv.Itoa(i))
				return err
			})
			if err != nil && ctx.Err() == nil {
				b.Error(err)
			}
			slowest.Store(max(slowest.Load(), int64(time.Since(began))))
			<-tick.C
		}
	}()
	return &slowest, done
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// forgetPeak has Linux measure the peak of memory anew.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

var peakLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMB returns the peak of the memory of this process in MB, 0 where the system does not tell.
func peakMB() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := peakLine.FindSubmatch(status)
	if m == nil {
		return 0
	}
	kb, _ := strconv.Atoi(string(m[1]))
	return float64(kb) / 1024
}

// processor returns the time of processors that this process has used, the sink's included, 0 where the system does not tell.
func processor() time.Duration {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // the tick of Linux as programs see it
}
