package delivery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

// relay is a carrier that a test sets, and that may fail on the way.
type relay struct {
	sender mail.Sender // nil: none
	asked  func()      // called before anything is written down
	before func()      // called when the message is about to leave
}

func (r *relay) Ready(*db.Tx) (bool, error) { return r.sender != nil, nil }
func (r *relay) Sender(context.Context) (mail.Sender, error) {
	if r.asked != nil {
		r.asked()
	}
	if r.sender == nil {
		return nil, nil
	}
	return r, nil
}

func (r *relay) Send(ctx context.Context, m mail.Message) (mail.Receipt, error) {
	if r.before != nil {
		r.before()
	}
	return r.sender.Send(ctx, m)
}

type world struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Manual
	queue  *queue.Queue
	server *mailtest.Server
	relay  *relay
	out    *delivery.Service
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			hands := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			w := &world{t: t, clock: hands, db: dbtest.Open(t, engine, schema.All(), dbtest.Clock(hands))}
			w.server = mailtest.Start(t)
			w.relay = &relay{sender: w.server.Relay(t)}
			w.start()
			fn(t, w)
		})
	}
}

// start makes the service as a process that begins does.
func (w *world) start() {
	w.queue = queue.New(w.db, queue.Options{})
	w.out = delivery.New(delivery.Options{DB: w.db, Bus: bus.New(w.queue), Queue: w.queue, Carrier: w.relay, Host: "aubin.example"})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var owner = actor.Actor{Account: 7, Name: "Claire", Grants: []actor.Grant{{Role: actor.Owner}}}

func (w *world) enqueue(key string) (id fact.DeliveryID) {
	w.t.Helper()
	must(w.t, w.db.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		id, err = w.out.EnqueueIn(tx, actor.System(), delivery.Outgoing{Kind: delivery.KindAnswer, Key: key, Mail: mail.Message{
			From: mail.Address{Name: "Claire Aubin", Email: "claire@aubin.example"}, To: mail.Address{Email: "helene@morvan.example"},
			Subject: "Re: Nos délais", Text: "Bonjour Hélène.",
		}})
		return err
	}))
	return id
}

func (w *world) jobs() {
	w.t.Helper()
	_, err := w.queue.RunDue(w.t.Context())
	must(w.t, err)
}

func (w *world) get(id fact.DeliveryID) delivery.Delivery {
	w.t.Helper()
	d, err := w.out.Get(w.t.Context(), owner, id)
	must(w.t, err)
	return d
}

// is checks the state and the number of messages that the server has got whole.
func (w *world) is(id fact.DeliveryID, state, reason string, taken int) {
	w.t.Helper()
	if d := w.get(id); d.State != state || d.Reason != reason {
		w.t.Errorf("the delivery is %s %q, want %s %q", d.State, d.Reason, state, reason)
	}
	if got := len(w.server.Messages()); got != taken {
		w.t.Errorf("the server has got %d messages, want %d", got, taken)
	}
}

func TestAMessageIsSentWhenTheServerTookItAndInItsWords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("answer/1")
		w.is(id, delivery.Queued, "", 0)
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
		d := w.get(id)
		if !strings.HasPrefix(d.ServerReply, "250 ") || d.MailID != id.String()+"@aubin.example" {
			t.Errorf("reply %q, mail id %q", d.ServerReply, d.MailID)
		}
		if got := string(w.server.Messages()[0].Data); !strings.Contains(got, "Message-ID: <"+d.MailID+">") {
			t.Errorf("the message does not carry its id:\n%s", got)
		}
	})
}

func TestTheSameKeyIsSentOnceForEver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.enqueue("answer/1")
		if id := w.enqueue("answer/1"); id != 0 {
			t.Error("a second delivery was made while the first waits")
		}
		w.jobs()
		if id := w.enqueue("answer/1"); id != 0 {
			t.Error("a second delivery was made after the first was sent")
		}
		w.jobs()
		if got := len(w.server.Messages()); got != 1 {
			t.Errorf("%d messages, want 1", got)
		}
	})
}

func TestWhatTheServerSaysDecidesWhatBecomesOfAMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault         mailtest.Fault
		state, reason string
	}{
		{mailtest.RefuseRcpt, delivery.Refused, "rcpt"},
		{mailtest.RefuseMail, delivery.Refused, "mail"},
		{mailtest.RefuseBody, delivery.Refused, "body"},
		{mailtest.DeferRcpt, delivery.Deferred, "rcpt"},
		{mailtest.DeferBody, delivery.Deferred, "body"},
		{mailtest.DropAfterDot, delivery.Uncertain, delivery.NoAnswer},
		{mailtest.Babble, delivery.Uncertain, delivery.NoAnswer},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				w.server.Fail(c.fault)
				id := w.enqueue("answer/1")
				w.jobs()
				d := w.get(id)
				if d.State != c.state || d.Reason != c.reason {
					t.Errorf("%s %q (%q), want %s %q", d.State, d.Reason, d.ServerReply, c.state, c.reason)
				}
			})
		})
	}
}

func TestADeferredMessageIsTriedAgainLaterAndGivenUpAfterFiveDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.server.Fail(mailtest.DeferRcpt)
		id := w.enqueue("answer/1")
		w.jobs()
		w.is(id, delivery.Deferred, "rcpt", 0)
		w.jobs()
		w.is(id, delivery.Deferred, "rcpt", 0) // not before its time
		w.clock.Advance(time.Minute)
		w.jobs()
		w.is(id, delivery.Sent, "", 1)

		w.server.Fail(mailtest.DeferRcpt, mailtest.DeferRcpt)
		id = w.enqueue("answer/2")
		w.jobs()
		w.clock.Advance(5 * 24 * time.Hour)
		w.jobs()
		w.is(id, delivery.Refused, delivery.GaveUp, 1)
	})
}

// A process killed between the note that it sends and the server's answer leaves the row in sending. Nobody can know
// whether the message left.
func TestACrashAfterTheNoteLeavesItUncertainAndIsNeverSentAgainByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("answer/1")
		killed, kill := context.WithCancel(t.Context())
		w.relay.before = func() { kill(); panic("killed") } // the note is committed, and then there is nobody left
		_, _ = w.queue.RunDue(killed)
		w.relay.before = nil
		w.is(id, delivery.Sending, "", 0)

		w.clock.Advance(time.Hour)
		w.start()
		w.jobs()
		w.is(id, delivery.Uncertain, delivery.Interrupted, 0)
		w.clock.Advance(24 * time.Hour)
		w.start()
		w.jobs()
		w.is(id, delivery.Uncertain, delivery.Interrupted, 0)

		must(t, w.out.Retry(t.Context(), owner, id))
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
	})
}

func TestACrashBeforeTheNoteSendsItOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("answer/1")
		// The process dies when it has claimed the job and done nothing: it never comes to the end of its run.
		killed, kill := context.WithCancel(t.Context())
		w.relay.asked = func() { kill(); panic("killed") }
		_, _ = w.queue.RunDue(killed)
		w.relay.asked = nil
		w.is(id, delivery.Queued, "", 0)
		w.clock.Advance(time.Hour)
		w.start()
		w.jobs()
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
	})
}

// The server took the message, and the program could not write that down before it died: the row still says sending.
func TestAnAnswerThatWasNotWrittenDownIsUncertain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.server.Fail(mailtest.DropAfterDot)
		id := w.enqueue("answer/1")
		w.jobs()
		w.is(id, delivery.Uncertain, delivery.NoAnswer, 1)
		w.clock.Advance(48 * time.Hour)
		w.start()
		w.jobs()
		w.is(id, delivery.Uncertain, delivery.NoAnswer, 1)
	})
}

func TestWithoutARelayMailWaitsAndLeavesWhenThereIsOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.relay.sender = nil
		first, second := w.enqueue("answer/1"), w.enqueue("answer/2")
		w.jobs()
		w.is(first, delivery.Held, delivery.NoRelay, 0)
		if err := w.out.Release(t.Context(), owner, first); !fault.Is(err, fault.KindConflict) {
			t.Errorf("released without a relay: %v", err)
		}
		if id := w.enqueue("answer/1"); id != 0 {
			t.Error("a held key was used again")
		}
		w.relay.sender = w.server.Relay(t)
		n, err := w.out.ReleaseNoRelay(t.Context())
		must(t, err)
		if n != 2 {
			t.Errorf("%d let go, want 2", n)
		}
		w.jobs()
		w.is(first, delivery.Sent, "", 2)
		w.is(second, delivery.Sent, "", 2)
	})
}

func TestARelayTakenAwayHoldsWhatWasOnItsWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("answer/1")
		sender := w.relay.sender
		w.relay.sender = nil
		w.jobs()
		w.is(id, delivery.Held, delivery.NoRelay, 0)
		w.relay.sender = sender
		must(t, w.out.Release(t.Context(), owner, id))
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
	})
}

func TestOneSwitchHoldsAllAndOneGestureReleasesOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		before := w.enqueue("answer/1")
		must(t, w.out.HoldAll(t.Context(), owner, true))
		during := w.enqueue("answer/2")
		w.jobs()
		w.is(before, delivery.Held, delivery.AllHeld, 0)
		w.is(during, delivery.Held, delivery.AllHeld, 0)
		must(t, w.out.Release(t.Context(), owner, during))
		w.jobs()
		w.is(during, delivery.Sent, "", 1)
		w.is(before, delivery.Held, delivery.AllHeld, 1)
		must(t, w.out.HoldAll(t.Context(), owner, false))
		w.jobs()
		w.is(before, delivery.Sent, "", 2)
	})
}

func TestWhatIsCancelledDoesNotLeaveNorComeBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		must(t, w.out.HoldAll(t.Context(), owner, true))
		id := w.enqueue("answer/1")
		must(t, w.out.Cancel(t.Context(), owner, id))
		must(t, w.out.HoldAll(t.Context(), owner, false))
		w.jobs()
		w.is(id, delivery.Cancelled, "", 0)
		if id := w.enqueue("answer/1"); id != 0 {
			t.Error("what was cancelled was made again")
		}
		for name, gesture := range map[string]func(context.Context, actor.Actor, fact.DeliveryID) error{
			"release": w.out.Release, "retry": w.out.Retry, "cancel": w.out.Cancel,
		} {
			if err := gesture(t.Context(), owner, id); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s of what is cancelled: %v", name, err)
			}
		}
	})
}

func TestListsGoOnWhereTheyEndedAndCount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.enqueue("answer/" + string(rune('a'+i)))
			w.clock.Advance(time.Second)
		}
		seen, cursor := 0, ""
		for {
			page, next, err := w.out.List(t.Context(), owner, delivery.Filter{State: delivery.Queued, Cursor: cursor, Limit: 2})
			must(t, err)
			seen += len(page)
			if cursor = next; next == "" {
				break
			}
		}
		if seen != 5 {
			t.Errorf("%d listed, want 5", seen)
		}
		must(t, w.db.Read(t.Context(), func(tx *db.Tx) error {
			c, err := w.out.Counts(tx)
			if c.Queued != 5 {
				t.Errorf("%+v", c)
			}
			return err
		}))
		if _, _, err := w.out.List(t.Context(), actor.Visitor(), delivery.Filter{}); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a stranger lists: %v", err)
		}
	})
}
