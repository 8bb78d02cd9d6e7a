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

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
	"causerie/internal/schema"
)

// BenchmarkTwentyThousandLettersLeave enqueues and sends letters of some 10 kB, which were encoded once and are signed for each, to
// people whose consents and addresses are looked up as they leave, to a sink on this machine, while somebody else writes every few milliseconds and, in the middle, asks for a new password. It prints deliveries a second from the
// first enqueued to the last written down as sent, the peak of memory, the slowest write of the other, and after how long
// the password mail was with the sink. One run is one iteration: -benchtime 1x.
func BenchmarkTwentyThousandLettersLeave(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, signed := range []string{"ed25519", "rsa+ed25519"} {
			b.Run(engine.String()+"/"+signed, func(b *testing.B) {
				for b.Loop() {
					letters(b, engine, 20_000, strings.Contains(signed, "rsa"))
				}
			})
		}
	}
}

var qOtherWrite = db.Query{Name: "bench.other_write", SQL: `INSERT INTO house_settings (key, value) VALUES ('bench', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`}

func letters(b *testing.B, engine db.Engine, count int, rsa bool) {
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
	keys := mailer.NewKeys(d, core.Box)
	must(b, keys.Make(b.Context(), actor.System(), "aubin.example"))
	made, err := keys.All(b.Context(), actor.System())
	must(b, err)
	for _, k := range made {
		if rsa || strings.Contains(k.Record, "k=ed25519") {
			must(b, keys.Seen(b.Context(), k.ID))
		}
	}
	consents := consent.New(consent.Options{DB: d, Bus: core.Bus, House: core.House, Contacts: core.Contacts, Box: core.Box})
	suppressed := suppression.New(suppression.Options{DB: d, Box: core.Box, Queue: core.Queue})
	mails, err := mailer.New(mailer.Options{DB: d, House: core.House, Deliveries: out, Carrier: mailer.Fixed(pool), Keys: keys,
		Gate: delivery.Gates(consents.Gate, suppressed.Gate), Ended: suppressed.Ended, Host: "aubin.example"})
	must(b, err)
	people := readers(b, d, core.Contacts, consents, count)
	text := strings.Repeat("Deux dates sur le devis : celle où nous commençons, celle où nous finissons.\n", 40)
	html := "<p>" + strings.Repeat("Deux dates sur le devis : celle où nous commençons, celle où nous finissons.</p>\n<p>", 80)
	slot := mail.NewSlot()
	body, err := mail.Prepare(text+string(slot), html+`<a href="`+string(slot)+`">x</a>`, slot)
	must(b, err)
	mails.Register(
		mailer.Kind{Name: "letter", Purpose: consent.Letter, Lane: delivery.LaneBulk, Compose: func(_ *db.Tx, d delivery.Delivery) (mail.Message, error) {
			stop := "https://aubin.example/subscribe/" + d.ID.String() // in each letter another
			return mail.Message{From: mail.Address{Name: "Claire Aubin", Email: "claire@aubin.example"}, Subject: d.Subject, ListUnsubscribe: stop,
				ListUnsubscribePost: "List-Unsubscribe=One-Click", Headers: map[string]string{"List-Id": "<lettre.aubin.example>", "Feedback-ID": "1:letter:aubin"},
				Body: body, Values: []string{stop}}, nil
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
				if !yield(delivery.Outgoing{Channel: mailer.Channel, Kind: "letter", Key: fmt.Sprintf("letter/1/%d", i), Voice: voice, Contact: people[i],
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

// readers are people who agreed to the letter.
func readers(b *testing.B, d *db.DB, contacts *contact.Service, consents *consent.Service, count int) (people []fact.ContactID) {
	for from := 0; from < count; from += 500 {
		var made []fact.ContactID
		must(b, d.Write(b.Context(), func(tx *db.Tx) error {
			cards := make([]contact.Card, 500)
			for i := range cards {
				cards[i] = contact.Card{Name: fmt.Sprintf("Reader %d", from+i), Handles: []contact.Handle{{Channel: contact.Email, Value: fmt.Sprintf("reader%d@example.com", from+i), Key: fmt.Sprintf("reader%d@example.com", from+i)}}}
			}
			var err error
			if made, _, err = contacts.PutManyIn(tx, actor.System(), cards); err != nil {
				return err
			}
			entries := make([]consent.Entry, len(made))
			for i, id := range made {
				entries[i] = consent.Entry{Contact: id, Evidence: consent.Evidence{
					Channel: contact.Email, Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Oui.", At: tx.Now().Add(-time.Hour)}}
			}
			return consents.RecordManyIn(tx, actor.System(), entries)
		}))
		people = append(people, made...)
	}
	return people
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
