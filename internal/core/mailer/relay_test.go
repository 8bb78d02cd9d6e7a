package mailer_test

import (
	"bufio"
	"bytes"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/mailer/mailertest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
	"causerie/internal/platform/seal"
	"causerie/internal/schema"
)

// kept is a log that a test reads.
type kept struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.Write(p)
}

func (k *kept) count(words string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return strings.Count(k.b.String(), words)
}

// relayed is a house that mails by the relay of its settings, on either engine.
type relayed struct {
	t        *testing.T
	db       *db.DB
	house    *house.Service
	out      *delivery.Service
	mailer   *mailer.Service
	log      kept
	relays   *mailer.Relays
	settings *house.Service // the same house, as a process with another key sees it
	lost     *mailer.Relays // likewise
}

func eachRelayed(t *testing.T, host string, fn func(t *testing.T, w *relayed)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			d := dbtest.Open(t, engine, schema.All())
			core := coretest.New(t, d)
			core.SetUp(coretest.Aubin(), coretest.Claire())
			w := &relayed{t: t, db: d, house: core.House}
			log := slog.New(slog.NewTextHandler(&w.log, nil))
			var err error
			w.relays, err = mailer.NewRelays(mailer.RelayOptions{DB: d, Bus: core.Bus, House: core.House, Box: core.Box, Host: host, Log: log})
			must(t, err)
			w.out = delivery.New(delivery.Options{DB: d, Bus: core.Bus, Queue: core.Queue, Log: log})
			w.mailer, err = mailer.New(mailer.Options{DB: d, House: core.House, Deliveries: w.out, Carrier: w.relays, Log: log, Host: host})
			must(t, err)
			w.mailer.Register(mailer.Kind{Name: "note", Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson,
				Compose: func(_ *db.Tx, d delivery.Delivery) (mail.Message, error) {
					return mail.Message{From: mail.Address{Email: "claire@aubin.example"}, Subject: d.Subject, Text: "Bonjour."}, nil
				}})
			other, err := seal.Open(bytes.Repeat([]byte{7}, seal.KeySize))
			must(t, err)
			w.settings = house.New(d, core.Bus, other)
			w.lost, err = mailer.NewRelays(mailer.RelayOptions{DB: d, Bus: bus.New(core.Queue), House: core.House, Box: other, Host: host, Log: log})
			must(t, err)
			fn(t, w)
		})
	}
}

func (w *relayed) send(key string) delivery.Delivery {
	w.t.Helper()
	must(w.t, w.db.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := w.out.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: mailer.Channel, Kind: "note", Key: key, Recipient: "paul@x.example", Subject: key})
		return err
	}))
	_, err := w.out.RunDue(w.t.Context())
	must(w.t, err)
	return w.get(key)
}

func (w *relayed) get(key string) (d delivery.Delivery) {
	w.t.Helper()
	must(w.t, w.db.Read(w.t.Context(), func(tx *db.Tx) (err error) { d, err = w.out.ByKeyIn(tx, key); return err }))
	return d
}

func (w *relayed) relay(address string) {
	w.t.Helper()
	mailertest.Only(w.t, w.relays, address)
}

// bare is a server that says nothing but what the test says, to every line the same, and notes what it hears.
func bare(t *testing.T, greeting, reply string) (address string, heard func() string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var mu sync.Mutex
	var lines strings.Builder
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				_, _ = conn.Write([]byte(greeting + "\r\n"))
				in := bufio.NewScanner(conn)
				for in.Scan() {
					mu.Lock()
					lines.WriteString(in.Text() + "\n")
					mu.Unlock()
					_, _ = conn.Write([]byte(reply + "\r\n"))
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String(), func() string {
		mu.Lock()
		defer mu.Unlock()
		return lines.String()
	}
}

// A mail that does not leave says why, in words that tell the faults apart, and the log says it once with what to do.
func TestAMailThatDoesNotLeaveSaysWhy(t *testing.T) {
	t.Parallel()
	eachRelayed(t, "claire.example", func(t *testing.T, w *relayed) {
		signed := mailtest.Start(t, mailtest.STARTTLS())
		login := mailtest.Start(t, mailtest.Login("claire", "right"))
		wrong, err := url.Parse(login.URL())
		must(t, err)
		wrong.User = url.UserPassword("claire", "s3cret")
		ssh, _ := bare(t, "SSH-2.0-OpenSSH_9.9", "what?")
		plain, _ := bare(t, "220 hi", "250 ok")
		closed, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		gone := closed.Addr().String()
		must(t, closed.Close())
		for _, c := range []struct {
			relay, reason, words string
		}{
			{"smtp://" + signed.Addr, "self_signed", "unknown authority"},
			{"smtp://" + plain, "no_starttls", "STARTTLS"},
			{"smtps://" + plain, "not_tls", "TLS"},
			{wrong.String(), "auth", "535 "},
			{"smtp://" + gone + "?tls=off", "nobody", "refused"},
			{"smtp://" + ssh + "?tls=off", "not_smtp", "SSH-2.0"},
		} {
			w.relay(c.relay)
			d := w.send(c.reason)
			if d.State != delivery.Deferred || d.Reason != c.reason || !strings.Contains(d.ServerReply, c.words) || d.DueAt.IsZero() {
				t.Errorf("%s: %s %q %q, again at %v", c.reason, d.State, d.Reason, d.ServerReply, d.DueAt)
			}
			w.send(c.reason + " again")
			if n := w.log.count("why=" + c.reason + " "); n != 1 {
				t.Errorf("%s is told %d times", c.reason, n)
			}
		}
		if w.log.count("s3cret") > 0 || w.log.count(" do=\"") < 6 {
			t.Errorf("the log: %s", w.log.b.String())
		}
		good := mailtest.Start(t)
		w.relay(good.URL())
		if d := w.send("good"); d.State != delivery.Sent || w.log.count("mail leaves again") != 1 {
			t.Errorf("%s %q", d.State, d.ServerReply)
		}
	})
}

// A relay is greeted with a name that it can look up: the public one, else that of the house's address; never localhost.
func TestARelayIsGreetedWithTheNameOfTheHouse(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{"claire.example": "EHLO claire.example\n", "été.example": "EHLO xn--t-9fab.example\n", "localhost": "EHLO aubin.example\n",
		"192.0.2.7": "EHLO aubin.example\n", "nas.local": "EHLO aubin.example\n"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			eachRelayed(t, host, func(t *testing.T, w *relayed) {
				address, heard := bare(t, "220 hi", "250 ok")
				w.relay("smtp://" + address + "?tls=off")
				w.send("1")
				if !strings.HasPrefix(heard(), want) {
					t.Errorf("%q", heard())
				}
			})
		})
	}
}

// With another key than the one that the relay was sealed with, mails wait and say so; nothing fails, and the log says it once.
func TestMailWaitsWhenTheKeyIsLost(t *testing.T) {
	t.Parallel()
	eachRelayed(t, "claire.example", func(t *testing.T, w *relayed) {
		server := mailtest.Start(t)
		mailertest.Add(t, w.lost, server.URL())
		for _, key := range []string{"1", "2"} {
			if d := w.send(key); d.State != delivery.Held || d.Reason != delivery.LostKey {
				t.Errorf("%s %q", d.State, d.Reason)
			}
		}
		if n := w.log.count("mail is held: the relay's password is sealed with another key"); n != 1 {
			t.Errorf("told %d times", n)
		}
		if all, err := w.relays.All(t.Context(), actor.System()); err != nil || len(all) != 1 || !all[0].Lost {
			t.Errorf("%+v %v", all, err)
		}
		w.relay(server.URL())
		if n, err := w.out.ReleaseNoRelay(t.Context()); err != nil || n != 2 {
			t.Errorf("%d let go, %v", n, err)
		}
		_, err := w.out.RunDue(t.Context())
		must(t, err)
		if d := w.get("1"); d.State != delivery.Sent || len(server.Messages()) != 2 {
			t.Errorf("%s, %d arrived", d.State, len(server.Messages()))
		}
	})
}

// A certificate sealed with a key that is lost is as good as none: the authority gives another, and the site stays up.
func TestACertificateOfALostKeyIsMadeAgain(t *testing.T) {
	t.Parallel()
	eachRelayed(t, "claire.example", func(t *testing.T, w *relayed) {
		must(t, w.settings.KeepCertificate(t.Context(), "claire.example", []byte("pem")))
		if lost, err := w.house.Unreadable(t.Context()); err != nil || len(lost) != 1 || lost[0] != "certificates" {
			t.Errorf("%v %v", lost, err)
		}
		if _, err := w.house.Certificate(t.Context(), "claire.example"); err == nil || err.Error() == seal.ErrSealed.Error() {
			t.Errorf("%v", err)
		}
		must(t, w.house.KeepCertificate(t.Context(), "claire.example", []byte("new")))
		if b, err := w.house.Certificate(t.Context(), "claire.example"); err != nil || string(b) != "new" {
			t.Errorf("%q %v", b, err)
		}
	})
}

// A test of the relay is seen step by step, ends in the relay's words, and is not tried again by itself.
func TestATestOfTheRelayIsSeenStepByStep(t *testing.T) {
	t.Parallel()
	eachRelayed(t, "claire.example", func(t *testing.T, w *relayed) {
		by := actor.Actor{Account: 1, Name: "Claire", Grants: []actor.Grant{{Role: actor.Owner}}}
		try := func(address string) (mailer.Trial, delivery.Delivery) {
			w.relay(address)
			must(t, w.mailer.SendTest(t.Context(), by, 0, "claire@aubin.example", "fr-FR"))
			begun, d, err := w.mailer.Trial(t.Context(), by)
			must(t, err)
			if begun.State != "" || d.State != delivery.Queued {
				t.Errorf("at first: %+v, %s", begun, d.State)
			}
			_, err = w.out.RunDue(t.Context())
			must(t, err)
			for now := time.Now().UnixMilli(); time.Now().UnixMilli() == now; { // the key of a test is its instant: the next has another
			}
			done, d, err := w.mailer.Trial(t.Context(), by)
			must(t, err)
			return done, d
		}
		server := mailtest.Start(t, mailtest.Login("claire", "right"))
		done, d := try(server.URL())
		var stages []string
		for _, s := range done.Steps {
			stages = append(stages, s.Stage)
		}
		if got := strings.Join(stages, " "); got != "connect greet hello auth mail rcpt data body" || done.State != delivery.Sent || !strings.HasPrefix(done.Words, "250 ") {
			t.Errorf("%s: %+v", got, done)
		}
		if d.State != delivery.Sent || len(server.Messages()) != 1 || strings.Contains(done.Relay, "right") {
			t.Errorf("%s by %s", d.State, done.Relay)
		}
		done, d = try(strings.Replace(server.URL(), ":right@", ":wrong@", 1))
		if len(done.Steps) != 3 || done.State != delivery.Refused || done.Stage != "auth" || done.Why != "auth" || !strings.HasPrefix(done.Words, "535 ") {
			t.Errorf("%+v", done)
		}
		if d.State != delivery.Refused || d.Reason != "auth" || !d.DueAt.IsZero() {
			t.Errorf("%s %q, again at %v", d.State, d.Reason, d.DueAt)
		}
	})
}
