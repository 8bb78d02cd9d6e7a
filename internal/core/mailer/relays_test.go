package mailer_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	msgauth "github.com/emersion/go-msgauth/dkim"

	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/core/mailer/mailertest"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
	"causerie/internal/schema"
)

// paced is a house with two voices, relays of its own, and a clock that the test moves.
type paced struct {
	t              *testing.T
	db             *db.DB
	clock          *clock.Manual
	relays         *mailer.Relays
	keys           *mailer.Keys
	out            *delivery.Service
	claire, office fact.VoiceID
	sent           int
}

func eachPaced(t *testing.T, fn func(t *testing.T, w *paced)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			d := dbtest.Open(t, engine, schema.All(), dbtest.Clock(clk))
			core := coretest.New(t, d)
			voices := core.SetUp(coretest.Aubin(), coretest.Claire(), coretest.Shop())
			w := &paced{t: t, db: d, clock: clk, claire: voices[0].ID, office: voices[1].ID, keys: mailer.NewKeys(d, core.Box)}
			var err error
			w.relays, err = mailer.NewRelays(mailer.RelayOptions{DB: d, Bus: core.Bus, House: core.House, Box: core.Box, Host: "aubin.example"})
			must(t, err)
			w.out = delivery.New(delivery.Options{DB: d, Bus: core.Bus, Queue: core.Queue})
			mails, err := mailer.New(mailer.Options{DB: d, House: core.House, Deliveries: w.out, Carrier: w.relays, Keys: w.keys, Host: "aubin.example"})
			must(t, err)
			for _, lane := range delivery.Lanes() {
				mails.Register(mailer.Kind{Name: lane, Purpose: delivery.PurposeConversation, Lane: lane, Compose: func(_ *db.Tx, d delivery.Delivery) (mail.Message, error) {
					return mail.Message{From: mail.Address{Email: "claire@Aubin.example"}, Subject: d.Subject, Text: "Bonjour."}, nil
				}})
			}
			fn(t, w)
		})
	}
}

// put enqueues n mails in a lane, for a voice.
func (w *paced) put(lane string, voice fact.VoiceID, n int) {
	w.t.Helper()
	must(w.t, w.db.Write(w.t.Context(), func(tx *db.Tx) error {
		for i := range n {
			_, err := w.out.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: mailer.Channel, Kind: lane, Voice: voice,
				Key: fmt.Sprintf("%s/%v/%d", lane, voice, w.sent+i), Recipient: fmt.Sprintf("r%d@x.example", w.sent+i), Subject: lane})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	w.sent += n
}

// run sends what may leave, and says how many are in each state.
func (w *paced) run() map[string]int {
	w.t.Helper()
	_, err := w.out.RunDue(w.t.Context())
	must(w.t, err)
	states := map[string]int{}
	cursor := ""
	for {
		all, next, err := w.out.List(w.t.Context(), actor.System(), delivery.Filter{Limit: 100, Cursor: cursor})
		must(w.t, err)
		for _, d := range all {
			states[d.State]++
			if d.State == delivery.Queued && d.Attempts != 0 {
				w.t.Errorf("%s was begun in vain %d times", d.Recipient, d.Attempts)
			}
		}
		if cursor = next; next == "" {
			return states
		}
	}
}

func bounded(day, minute int) func(*mailer.RelayInput) {
	return func(in *mailer.RelayInput) { in.PerDay, in.PerMinute = &day, &minute }
}

func forVoice(v fact.VoiceID) func(*mailer.RelayInput) {
	return func(in *mailer.RelayInput) { in.Voice = &v }
}

func TestWhatARelayDoesNotTakeTodayLeavesTomorrow(t *testing.T) {
	t.Parallel()
	eachPaced(t, func(t *testing.T, w *paced) {
		server := mailtest.Start(t)
		id := mailertest.Add(t, w.relays, server.URL(), bounded(20, 0))
		w.put(delivery.LaneBulk, w.claire, 40)
		if s := w.run(); s[delivery.Sent] != 18 || s[delivery.Queued] != 22 {
			t.Errorf("on the first day: %v", s)
		}
		w.put(delivery.LanePerson, w.claire, 1)
		w.put(delivery.LaneAccount, 0, 1)
		if s := w.run(); s[delivery.Sent] != 20 || s[delivery.Queued] != 22 {
			t.Errorf("an answer and a password wait behind letters: %v", s)
		}
		r, err := w.relays.Get(t.Context(), actor.System(), id)
		must(t, err)
		if r.Day != 20 || !r.FreeAt.Equal(w.clock.Now().Add(24*time.Hour)) {
			t.Errorf("%d counted, takes more at %v", r.Day, r.FreeAt)
		}
		w.put(delivery.LanePerson, w.claire, 1)
		w.put(delivery.LaneAccount, 0, 1)
		if s := w.run(); s[delivery.Sent] != 21 {
			t.Errorf("a password waits for our own count: %v", s)
		}
		w.clock.Advance(24*time.Hour - time.Second)
		if s := w.run(); s[delivery.Sent] != 21 {
			t.Errorf("a second too early: %v", s)
		}
		w.clock.Advance(time.Second)
		if s := w.run(); s[delivery.Sent] != 39 || s[delivery.Queued] != 5 {
			t.Errorf("on the second day: %v", s)
		}
		w.clock.Advance(24 * time.Hour)
		if s := w.run(); s[delivery.Sent] != 44 || len(server.Messages()) != 44 {
			t.Errorf("on the third day: %v, %d arrived", s, len(server.Messages()))
		}
	})
}

func TestTheBoundOfAMinuteIsKept(t *testing.T) {
	t.Parallel()
	eachPaced(t, func(t *testing.T, w *paced) {
		server := mailtest.Start(t)
		mailertest.Add(t, w.relays, server.URL(), bounded(0, 10))
		w.put(delivery.LaneBulk, w.claire, 20)
		for i, want := range []int{9, 18, 20} {
			if s := w.run(); s[delivery.Sent] != want {
				t.Errorf("in the minute %d: %v", i, s)
			}
			w.clock.Advance(time.Minute)
		}
	})
}

func TestAVoiceWhoseRelayIsFullKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	eachPaced(t, func(t *testing.T, w *paced) {
		all, own := mailtest.Start(t), mailtest.Start(t)
		mailertest.Add(t, w.relays, all.URL())
		mailertest.Add(t, w.relays, own.URL(), bounded(10, 0), forVoice(w.claire))
		w.put(delivery.LaneBulk, w.claire, 12)
		w.put(delivery.LaneBulk, w.office, 5)
		w.put(delivery.LaneBulk, 0, 2)
		if s := w.run(); s[delivery.Sent] != 16 || len(own.Messages()) != 9 || len(all.Messages()) != 7 {
			t.Errorf("%v: %d by its own, %d by that of all", s, len(own.Messages()), len(all.Messages()))
		}
		// And the other way round: what all share is full, and a voice with its own goes on.
		w.put(delivery.LaneBulk, w.office, 20)
		full, err := w.relays.All(t.Context(), actor.System())
		must(t, err)
		ten, none := 10, 0
		must(t, w.relays.Change(t.Context(), actor.System(), full[0].ID, mailer.RelayInput{PerDay: &ten}))
		must(t, w.relays.Change(t.Context(), actor.System(), full[1].ID, mailer.RelayInput{PerDay: &none}))
		if s := w.run(); s[delivery.Sent] != 16+3+9 || len(own.Messages()) != 12 {
			t.Errorf("%v, %d by its own", s, len(own.Messages()))
		}
	})
}

func TestWhenARelayIsOutOfReachTheNextTakesOver(t *testing.T) {
	t.Parallel()
	eachPaced(t, func(t *testing.T, w *paced) {
		server := mailtest.Start(t)
		mailertest.Add(t, w.relays, "smtp://127.0.0.1:1?tls=off")
		second := mailertest.Add(t, w.relays, server.URL(), bounded(10, 0))
		w.put(delivery.LaneBulk, w.claire, 4)
		if s := w.run(); s[delivery.Sent] != 4 || len(server.Messages()) != 4 {
			t.Errorf("%v", s)
		}
		all, err := w.relays.All(t.Context(), actor.System())
		must(t, err)
		if !all[0].Away || all[1].Away || all[1].Day != 4 {
			t.Errorf("%+v", all)
		}
		must(t, w.relays.Remove(t.Context(), actor.System(), second))
		w.put(delivery.LanePerson, w.claire, 1)
		if s := w.run(); s[delivery.Deferred] != 1 {
			t.Errorf("with nobody else: %v", s)
		}
	})
}

func TestOneRelayCarriesEverybodysMail(t *testing.T) {
	t.Parallel()
	eachPaced(t, func(t *testing.T, w *paced) {
		in := mailertest.Input(t, "smtp://claire:x@smtp.example.com")
		in.Voice = &w.claire
		if _, err := w.relays.Add(t.Context(), actor.System(), in); fault.ProblemsOf(err)[0].Code != "relay_for_all" {
			t.Errorf("%v", err)
		}
		first := mailertest.Add(t, w.relays, "smtp://claire:x@smtp.example.com")
		second := mailertest.Add(t, w.relays, "smtp://paul:y@smtp.example.org", forVoice(w.claire))
		for name, err := range map[string]error{
			"removed": w.relays.Remove(t.Context(), actor.System(), first),
			"changed": w.relays.Change(t.Context(), actor.System(), first, mailer.RelayInput{Voice: &w.claire}),
		} {
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, w.relays.Raise(t.Context(), actor.System(), second))
		all, err := w.relays.All(t.Context(), actor.System())
		must(t, err)
		if all[0].ID != second || all[0].Host != "smtp.example.org" || all[0].Password != "y" {
			t.Errorf("%v", all)
		}
		elsewhere := "smtp.evil.example"
		err = w.relays.Change(t.Context(), actor.System(), second, mailer.RelayInput{Host: &elsewhere})
		if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Field != "password" {
			t.Errorf("a password goes to another server: %v", err)
		}
		author := actor.Actor{Account: 8, Grants: []actor.Grant{{Voice: int64(w.claire), Role: actor.Editor}}}
		if _, err := w.relays.All(t.Context(), author); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an editor: %v", err)
		}
	})
}

var qRelayAddress = db.Query{Name: "mailertest.relay", SQL: `SELECT address FROM relays`}

func TestTheAddressOfARelayIsSealed(t *testing.T) {
	t.Parallel()
	eachPaced(t, func(t *testing.T, w *paced) {
		mailertest.Add(t, w.relays, "smtp://claire:tres-secret@mail.example:587")
		must(t, w.db.Read(t.Context(), func(tx *db.Tx) error {
			v, err := db.One(tx, qRelayAddress, db.Scalar[string])
			if strings.Contains(v, "secret") || strings.Contains(v, "claire") || v == "" {
				t.Errorf("the database holds %q", v)
			}
			return err
		}))
	})
}

func TestTheHouseSignsWhatItsRelayDoesNotSign(t *testing.T) {
	t.Parallel()
	eachPaced(t, func(t *testing.T, w *paced) {
		server := mailtest.Start(t)
		id := mailertest.Add(t, w.relays, server.URL())
		must(t, w.keys.Make(t.Context(), actor.System(), "Aubin.example"))
		keys, err := w.keys.All(t.Context(), actor.System())
		must(t, err)
		last := func() []*msgauth.Verification {
			w.put(delivery.LanePerson, w.claire, 1)
			w.run()
			all := server.Messages()
			found, err := msgauth.VerifyWithOptions(bytes.NewReader(all[len(all)-1].Data), &msgauth.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
				for _, k := range keys {
					if k.Name() == name {
						return []string{k.Record}, nil
					}
				}
				return nil, fmt.Errorf("no %s", name)
			}})
			must(t, err)
			return found
		}
		if found := last(); len(found) != 0 {
			t.Errorf("signed with a key whose record nobody has seen: %v", found)
		}
		must(t, w.keys.Seen(t.Context(), keys[0].ID, keys[1].ID))
		found := last()
		if len(found) != 2 {
			t.Fatalf("%d signatures", len(found))
		}
		for _, v := range found {
			if v.Err != nil || v.Domain != "aubin.example" {
				t.Errorf("%+v", v)
			}
		}
		yes := true
		must(t, w.relays.Change(t.Context(), actor.System(), id, mailer.RelayInput{Signs: &yes}))
		if found := last(); len(found) != 0 {
			t.Errorf("signed twice: %v", found)
		}
	})
}
