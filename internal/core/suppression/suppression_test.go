package suppression_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/suppression"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

// What the words of a server say, and about whom (RFC 3463, domain rule R21).
func TestARefusalIsAboutTheAddressOrAboutUs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state, reason, reply string
		want                 suppression.Verdict
	}{
		{delivery.Refused, "rcpt", "550 5.1.1 No such user", suppression.Hard},
		{delivery.Refused, "rcpt", "550 no such user", suppression.Hard},
		{delivery.Refused, "rcpt", "553 5.1.3 bad address", suppression.Hard},
		{delivery.Refused, "rcpt", "550 5.2.1 mailbox disabled", suppression.Hard},
		{delivery.Refused, "rcpt", "551 not local", suppression.Hard},
		{delivery.Refused, "rcpt", "521 host takes no mail", suppression.Hard},
		{delivery.Refused, "rcpt", "556 5.1.10 null MX", suppression.Soft},
		{delivery.Refused, "body", "550 5.1.1 unknown", suppression.Hard},
		{delivery.Refused, "body", "550 looks like spam", suppression.Soft},
		{delivery.Refused, "rcpt", "552 5.2.2 mailbox full", suppression.Soft},
		{delivery.Refused, "rcpt", "550 5.7.1 not allowed", suppression.Ours},
		{delivery.Refused, "body", "550-5.7.26 unauthenticated", suppression.Ours},
		{delivery.Refused, "body", "550 5.7.515 Access denied", suppression.Ours},
		{delivery.Refused, "mail", "550 sender unknown", suppression.Ours},
		{delivery.Refused, delivery.GaveUp, "451 4.7.1 later", suppression.Ours},
		{delivery.Refused, delivery.GaveUp, "452 4.2.2 full", suppression.Soft},
		{delivery.Refused, "consent_lapsed", "", suppression.Nothing},
		{delivery.Deferred, "rcpt", "450 4.1.1 later", suppression.Nothing},
		{delivery.Sent, "", "250 ok", suppression.Nothing},
	} {
		if got := suppression.Judge(delivery.Outcome{State: c.state, Reason: c.reason, Reply: c.reply}); got != c.want {
			t.Errorf("%s %s %q: %v", c.state, c.reason, c.reply, got)
		}
	}
}

func TestALetterStopsAtTheSharesAndNotForAFew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rate suppression.Rate
		want string
	}{
		{suppression.Rate{Tried: 99, Refused: 50}, ""},
		{suppression.Rate{Tried: 100, Refused: 1}, ""},
		{suppression.Rate{Tried: 100, Refused: 2}, suppression.HeldRefused},
		{suppression.Rate{Tried: 20000, Refused: 399}, ""},
		{suppression.Rate{Tried: 20000, Refused: 400}, suppression.HeldRefused},
		{suppression.Rate{Tried: 999, Complained: 9}, ""},
		{suppression.Rate{Tried: 1000, Complained: 1}, suppression.HeldComplained},
		{suppression.Rate{Tried: 2001, Complained: 2}, ""},
	} {
		if got := c.rate.Brake(); got != c.want {
			t.Errorf("%+v: %q", c.rate, got)
		}
	}
}

// world is an outbox whose other side answers what the test says.
type world struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
	queue *queue.Queue
	out   *delivery.Service
	s     *suppression.Service
	says  func(d delivery.Delivery) delivery.Outcome
	told  []string // of which addresses others are told that they changed
	n     int
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			d := dbtest.Open(t, engine, schema.All(), dbtest.Clock(clk))
			core := coretest.New(t, d)
			core.SetUp(coretest.Aubin(), coretest.Claire())
			w := &world{t: t, db: d, clock: clk, queue: core.Queue}
			w.out = delivery.New(delivery.Options{DB: d, Bus: core.Bus, Queue: core.Queue})
			w.s = suppression.New(suppression.Options{DB: d, Box: core.Box, Queue: core.Queue, Changed: w.changed, Stop: func(ctx context.Context, about delivery.Ref, reason string) error {
				_, err := w.out.HoldAbout(ctx, about, reason)
				return err
			}})
			w.out.Register(delivery.Channel{Name: "mail", Gate: w.s.Gate, Ended: w.s.Ended, Open: delivery.Always(
				func(_ context.Context, d delivery.Delivery, _ any) delivery.Outcome { return w.says(d) }),
				Kinds: []delivery.Kind{{Name: "letter", Purpose: "letter", Lane: delivery.LaneBulk}, {Name: "answer", Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson}}})
			fn(t, w)
		})
	}
}

func (w *world) changed(_ *db.Tx, emails ...string) error {
	w.told = append(w.told, emails...)
	return nil
}

// send mails something to addresses, and returns the state and the reason of the last.
func (w *world) send(kind string, to ...string) (state, reason string) {
	w.t.Helper()
	var key string
	w.must(w.db.Write(w.t.Context(), func(tx *db.Tx) error {
		for _, email := range to {
			w.n++
			key = fmt.Sprintf("%s/%d", kind, w.n)
			if _, err := w.out.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: "mail", Kind: kind, Key: key, Contact: fact.ContactID(w.n),
				About: delivery.Ref{Kind: "letter", ID: 5}, Recipient: email, Subject: "x"}); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err := w.out.RunDue(w.t.Context())
	w.must(err)
	_, err = w.queue.RunDue(w.t.Context())
	w.must(err)
	w.must(w.db.Read(w.t.Context(), func(tx *db.Tx) error {
		d, err := w.out.ByKeyIn(tx, key)
		state, reason = d.State, d.Reason
		return err
	}))
	return state, reason
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func refuses(reply string) func(delivery.Delivery) delivery.Outcome {
	return func(delivery.Delivery) delivery.Outcome {
		return delivery.Outcome{State: delivery.Refused, Reason: "rcpt", Reply: reply}
	}
}

func takes(delivery.Delivery) delivery.Outcome {
	return delivery.Outcome{State: delivery.Sent, Reply: "250 ok"}
}

func TestAnAddressThatIsNoGoodGetsNoMoreLetters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.says = refuses("550 5.1.1 <helene@x.example> unknown")
		w.send("letter", "Helene@X.example")
		w.says = takes
		if state, reason := w.send("letter", "helene@x.example"); state != delivery.Refused || reason != suppression.Reason {
			t.Errorf("the next letter: %s %q", state, reason)
		}
		if state, _ := w.send("answer", "helene@x.example"); state != delivery.Sent {
			t.Errorf("an answer: %s", state)
		}
		by := actor.Actor{Account: 8, Grants: []actor.Grant{{Voice: 1, Role: actor.Author}}}
		found, err := w.s.Of(t.Context(), by, "helene@x.example", "paul@x.example")
		w.must(err)
		if s := found["helene@x.example"]; len(found) != 1 || s.Why != suppression.Refused || s.Code != "550 5.1.1" {
			t.Errorf("%+v", found)
		}
		if got := strings.Join(slices.Compact(w.told), " "); got != "Helene@X.example" {
			t.Errorf("others are told of %q", got)
		}
		w.told = nil
		w.must(w.s.Lift(t.Context(), by, "helene@x.example"))
		if got := strings.Join(slices.Compact(w.told), " "); got != "helene@x.example" {
			t.Errorf("lifted, others are told of %q", got)
		}
		if state, _ := w.send("letter", "helene@x.example"); state != delivery.Sent {
			t.Errorf("after it was lifted: %s", state)
		}
	})
}

func TestThreeFailuresInARowSuppressAndASuccessForgives(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		full := refuses("552 5.2.2 full")
		for _, step := range []struct {
			says func(delivery.Delivery) delivery.Outcome
			want string
		}{{full, "rcpt"}, {full, "rcpt"}, {takes, ""}, {full, "rcpt"}, {full, "rcpt"}, {full, "rcpt"}, {takes, suppression.Reason}} {
			w.says = step.says
			if _, reason := w.send("letter", "paul@x.example"); reason != step.want {
				t.Errorf("%q in place of %q", reason, step.want)
			}
		}
	})
}

func TestWhatIsOurFaultBlamesNobodyAndIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.says = refuses("550 5.7.26 unauthenticated mail of aubin.example is not accepted")
		w.send("letter", "a@x.example", "b@x.example")
		w.says = takes
		if state, _ := w.send("letter", "a@x.example"); state != delivery.Sent {
			t.Errorf("a reader is blamed: %s", state)
		}
		blame := func() (b suppression.Blame) {
			w.must(w.db.Read(t.Context(), func(tx *db.Tx) (err error) { b, err = w.s.BlameIn(tx); return err }))
			return b
		}
		if b := blame(); b.Code != "550 5.7.26" || b.Times != 2 {
			t.Errorf("%+v", b)
		}
		w.clock.Advance(4 * 24 * time.Hour)
		if b := blame(); b.Times != 0 {
			t.Errorf("it is told for ever: %+v", b)
		}
	})
}

func TestALetterToManyWhoAreNotThereStopsByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		tried := 0
		w.says = func(d delivery.Delivery) delivery.Outcome {
			switch tried++; {
			case tried%50 == 0: // at the hundredth, two of a hundred
				return refuses("550 5.1.1 nobody")(d)
			case tried == 101:
				_, err := w.queue.RunDue(t.Context())
				w.must(err)
			}
			return takes(d)
		}
		var all []string
		for i := range 120 {
			all = append(all, fmt.Sprintf("r%d@x.example", i))
		}
		w.send("letter", all...)
		n, err := w.out.ReleaseAbout(t.Context(), delivery.Ref{Kind: "letter", ID: 5}, suppression.HeldRefused)
		if err != nil || n != 19 {
			t.Errorf("%d held, %v", n, err)
		}
		_, err = w.out.RunDue(t.Context())
		w.must(err)
		// It stops once for a reason: a person has looked.
		w.says = func(d delivery.Delivery) delivery.Outcome { return refuses("550 5.1.1 nobody")(d) }
		if state, _ := w.send("letter", "late@x.example"); state != delivery.Refused {
			t.Errorf("%s: it stops twice", state)
		}
	})
}
