package delivery_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliverytest"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

type world struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
	queue *queue.Queue
	out   *delivery.Service
	paper *deliverytest.Channel
	dir   string // of the journals
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			w := &world{t: t, clock: clk, db: dbtest.Open(t, engine, schema.All(), dbtest.Clock(clk)), dir: t.TempDir()}
			w.start()
			fn(t, w)
		})
	}
}

// start makes the service as a process that begins does.
func (w *world) start() {
	w.queue = queue.New(w.db, queue.Options{})
	w.out = delivery.New(delivery.Options{DB: w.db, Bus: bus.New(w.queue), Queue: w.queue, Journals: w.dir})
	w.paper = deliverytest.Register(w.out)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var owner = actor.Actor{Account: 7, Name: "Claire", Grants: []actor.Grant{{Role: actor.Owner}}}

// enqueue puts something into the outbox and tells how many were new.
func (w *world) put(batch ...delivery.Outgoing) (added int) {
	w.t.Helper()
	must(w.t, w.db.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		added, err = w.out.EnqueueIn(tx, actor.System(), batch...)
		return err
	}))
	return added
}

// enqueue puts a note into the outbox and returns it.
func (w *world) enqueue(key string) fact.DeliveryID {
	w.t.Helper()
	if w.put(deliverytest.Out(key)) != 1 {
		w.t.Fatalf("%s was there", key)
	}
	all, _, err := w.out.List(w.t.Context(), owner, delivery.Filter{Limit: 1})
	must(w.t, err)
	return all[0].ID
}

func (w *world) jobs() {
	w.t.Helper()
	_, err := w.out.RunDue(w.t.Context())
	must(w.t, err)
}

func (w *world) get(id fact.DeliveryID) delivery.Delivery {
	w.t.Helper()
	d, err := w.out.Get(w.t.Context(), owner, id)
	must(w.t, err)
	return d
}

// is checks the state and the number of notes that left.
func (w *world) is(id fact.DeliveryID, state, reason string, left int) {
	w.t.Helper()
	if d := w.get(id); d.State != state || d.Reason != reason {
		w.t.Errorf("the delivery is %s %q, want %s %q", d.State, d.Reason, state, reason)
	}
	if got := len(w.paper.Left()); got != left {
		w.t.Errorf("%d notes left, want %d", got, left)
	}
}

// says has the channel answer in this way.
func says(o delivery.Outcome) delivery.Carry {
	return func(context.Context, delivery.Delivery, any) delivery.Outcome { return o }
}

func TestWhatIsTakenIsSentInTheWordsOfTheServer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("1")
		w.is(id, delivery.Queued, "", 0)
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
		if d := w.get(id); d.ServerReply != "taken" || d.Attempts != 1 || d.Purpose != delivery.PurposeConversation || d.Lane != delivery.LanePerson {
			t.Errorf("%+v", d)
		}
	})
}

func TestTheSameKeyIsSentOnceForEver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.enqueue("1")
		if w.put(deliverytest.Out("1")) != 0 {
			t.Error("a second delivery was made while the first waits")
		}
		w.jobs()
		if n := w.put(deliverytest.Out("2"), deliverytest.Out("1"), deliverytest.Out("2")); n != 1 {
			t.Errorf("%d deliveries were made, want that of the new key", n)
		}
		w.clock.Advance(2 * 365 * 24 * time.Hour)
		_, err := w.out.Forget(t.Context())
		must(t, err)
		if w.put(deliverytest.Out("1")) != 0 {
			t.Error("a second delivery was made after two years")
		}
		w.jobs()
		if got := len(w.paper.Left()); got != 2 {
			t.Errorf("%d notes left, want 2", got)
		}
	})
}

func TestWhatTheChannelSaysDecidesWhatBecomesOfADelivery(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			carry         delivery.Carry
			state, reason string
		}{
			"refused":   {says(delivery.Outcome{State: delivery.Refused, Reason: "rcpt", Reply: "550 no"}), delivery.Refused, "rcpt"},
			"deferred":  {says(delivery.Outcome{State: delivery.Deferred, Reason: "connect"}), delivery.Deferred, "connect"},
			"uncertain": {says(delivery.Outcome{State: delivery.Uncertain, Reason: delivery.NoAnswer}), delivery.Uncertain, delivery.NoAnswer},
			"panic":     {func(context.Context, delivery.Delivery, any) delivery.Outcome { panic("a fault of the channel") }, delivery.Uncertain, delivery.NoAnswer},
			"nonsense":  {says(delivery.Outcome{State: "perhaps"}), delivery.Uncertain, delivery.NoAnswer},
		} {
			w.paper.Carry(c.carry)
			id := w.enqueue(name)
			w.jobs()
			w.is(id, c.state, c.reason, 0)
		}
	})
}

func TestADeferredDeliveryIsTriedAgainLaterAndGivenUpAfterFiveDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deferred := says(delivery.Outcome{State: delivery.Deferred, Reason: "rcpt", Reply: "451 later"})
		w.paper.Carry(deferred)
		id := w.enqueue("1")
		w.jobs()
		w.is(id, delivery.Deferred, "rcpt", 0)
		w.paper.Carry(nil)
		w.jobs()
		w.is(id, delivery.Deferred, "rcpt", 0) // not before its time
		w.clock.Advance(time.Minute)
		w.jobs()
		w.is(id, delivery.Sent, "", 1)

		w.paper.Carry(deferred)
		id = w.enqueue("2")
		made := w.clock.Now()
		for w.jobs(); w.get(id).State == delivery.Deferred && w.clock.Now().Sub(made) < 8*24*time.Hour; w.jobs() {
			w.clock.Advance(4 * time.Hour)
		}
		w.is(id, delivery.Refused, delivery.GaveUp, 1)
		if tried := w.clock.Now().Sub(made); tried != 5*24*time.Hour {
			t.Errorf("given up after %v", tried)
		}
		if d := w.get(id); d.ServerReply != "451 later" {
			t.Errorf("the last words are %q", d.ServerReply)
		}
	})
}

func TestWhatWaitedForItsTurnForDaysIsNotGivenUpAtItsFirstFailure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("1")
		w.clock.Advance(6 * 24 * time.Hour)
		w.paper.Carry(says(delivery.Outcome{State: delivery.Deferred, Reason: "rcpt", Reply: "451 greylisted"}))
		w.jobs()
		w.is(id, delivery.Deferred, "rcpt", 0)
		w.paper.Carry(nil)
		w.clock.Advance(time.Minute)
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
	})
}

// A process killed between the commit that says sending and the server's answer leaves the row in sending. Nobody can know
// whether it left.
func TestACrashAfterTheCommitLeavesItUncertainAndIsNeverSentAgainByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("1")
		_, err := w.out.BeginAndDie(t.Context(), 10)
		must(t, err)
		w.is(id, delivery.Sending, "", 0)
		w.start()
		w.jobs()
		w.is(id, delivery.Sending, "", 0) // the other process may still live

		w.clock.Advance(time.Hour)
		for range 2 {
			w.start()
			w.jobs()
			w.is(id, delivery.Uncertain, delivery.Interrupted, 0)
			w.clock.Advance(24 * time.Hour)
		}
		must(t, w.out.Retry(t.Context(), owner, id))
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
	})
}

func TestWithoutSomebodyWhoCarriesItWaitsAndLeavesWhenThereIs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.paper.Nobody(true)
		first, second := w.enqueue("1"), w.enqueue("2")
		w.jobs()
		w.is(first, delivery.Held, delivery.NoRelay, 0)
		if err := w.out.Release(t.Context(), owner, first); !fault.Is(err, fault.KindConflict) {
			t.Errorf("released though nobody carries it: %v", err)
		}
		if n, err := w.out.ReleaseNoRelay(t.Context()); n != 0 || err != nil {
			t.Errorf("%d let go though nobody carries them, %v", n, err)
		}
		w.paper.Nobody(false)
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

func TestWhoCarriesTakenAwayHoldsWhatWasOnItsWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("1")
		w.paper.Nobody(true)
		w.jobs()
		w.is(id, delivery.Held, delivery.NoRelay, 0)
		w.paper.Nobody(false)
		must(t, w.out.Release(t.Context(), owner, id))
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
	})
}

func TestOneSwitchHoldsAllAndOneReleaseLetsOneGo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		before := w.enqueue("1")
		must(t, w.out.HoldAll(t.Context(), owner, true))
		during := w.enqueue("2")
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

// The switch is thrown in one commit; a process that dies before the rows have followed leaves none that could leave.
func TestTheSwitchHoldsBeforeTheRowsHaveFollowed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		id := w.enqueue("1")
		must(t, w.db.Write(t.Context(), func(tx *db.Tx) error { return w.queue.HoldLane(tx, queue.Everything) }))
		w.jobs()
		w.is(id, delivery.Held, delivery.AllHeld, 0)
	})
}

func TestWhatIsCancelledDoesNotLeaveNorComeBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		must(t, w.out.HoldAll(t.Context(), owner, true))
		id := w.enqueue("1")
		must(t, w.out.Cancel(t.Context(), owner, id))
		must(t, w.out.HoldAll(t.Context(), owner, false))
		w.jobs()
		w.is(id, delivery.Cancelled, "", 0)
		if w.put(deliverytest.Out("1")) != 0 {
			t.Error("what was cancelled was made again")
		}
		for name, act := range map[string]func(context.Context, actor.Actor, fact.DeliveryID) error{
			"release": w.out.Release, "retry": w.out.Retry, "cancel": w.out.Cancel,
		} {
			if err := act(t.Context(), owner, id); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s of what is cancelled: %v", name, err)
			}
		}
	})
}

func TestAGateIsAskedWhenItLeavesAndItsRefusalIsReadAndNeverSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		refusedOne, other := w.enqueue("1"), w.enqueue("2")
		w.paper.Gate(func(tx *db.Tx, batch []delivery.Delivery) (map[fact.DeliveryID]string, error) {
			refused := map[fact.DeliveryID]string{}
			for _, d := range batch {
				// Asked in the commit that says sending.
				now, err := w.out.GetIn(tx, owner, d.ID)
				if err != nil || now.State != delivery.Sending {
					t.Errorf("the gate sees %s, %v", now.State, err)
				}
				if d.ID == refusedOne {
					refused[d.ID] = "no_consent"
				}
			}
			return refused, nil
		})
		w.jobs()
		w.is(refusedOne, delivery.Refused, "no_consent", 1)
		w.is(other, delivery.Sent, "", 1)

		w.paper.Gate(func(*db.Tx, []delivery.Delivery) (map[fact.DeliveryID]string, error) {
			return nil, errors.New("cannot tell")
		})
		third := w.enqueue("3")
		if _, err := w.out.RunDue(t.Context()); err == nil {
			t.Error("a gate that cannot tell is no error")
		}
		w.is(third, delivery.Queued, "", 1)
	})
}

func TestItIsComposedWhenItLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		var fail error
		words := "first words"
		var carried []any
		w.out.Register(delivery.Channel{
			Name: "composed",
			Open: delivery.Always(func(_ context.Context, _ delivery.Delivery, parcel any) delivery.Outcome {
				carried = append(carried, parcel)
				return delivery.Outcome{State: delivery.Sent}
			}),
			Kinds: []delivery.Kind{{Name: "k", Lane: delivery.LaneBulk, Compose: func(_ *db.Tx, d delivery.Delivery) (any, error) {
				var small struct {
					N int `json:"n"`
				}
				if err := d.ReadParcel(&small); err != nil || small.N != 3 {
					t.Errorf("the parcel is %s, %v", d.Parcel, err)
				}
				return words, fail
			}}},
		})
		put := func(key string) fact.DeliveryID {
			w.put(delivery.Outgoing{Channel: "composed", Kind: "k", Key: key, Recipient: "x", Parcel: map[string]int{"n": 3}})
			all, _, err := w.out.List(t.Context(), owner, delivery.Filter{Limit: 1})
			must(t, err)
			return all[0].ID
		}
		put("1")
		words = "last words"
		w.jobs()
		if !slices.Equal(carried, []any{"last words"}) {
			t.Errorf("carried %v", carried)
		}
		for _, c := range []struct {
			err           error
			state, reason string
		}{
			{fault.NotFound("message"), delivery.Refused, delivery.Gone},
			{delivery.Refusal{Reason: "no_words"}, delivery.Refused, "no_words"},
			{errors.New("a template of ours"), delivery.Deferred, delivery.NotComposed},
		} {
			fail = c.err
			id := put(c.reason)
			w.jobs()
			w.is(id, c.state, c.reason, 0)
		}
		if len(carried) != 1 {
			t.Errorf("what could not be composed left: %v", carried)
		}
		must(t, w.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.out.EnqueueIn(tx, owner, delivery.Outgoing{Channel: "composed", Kind: "k", Key: "large", Parcel: strings.Repeat("x", delivery.MaxParcel)})
			if err == nil {
				t.Error("a large parcel was kept")
			}
			return nil
		}))
	})
}

func TestAnAccountMailLeavesBeforeTheLettersThatWaitedLonger(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		var order []string
		w.out.Register(delivery.Channel{
			Name: "lanes",
			Open: delivery.Always(func(_ context.Context, d delivery.Delivery, _ any) delivery.Outcome {
				order = append(order, d.Kind)
				return delivery.Outcome{State: delivery.Sent}
			}),
			Kinds: []delivery.Kind{{Name: "letter", Lane: delivery.LaneBulk}, {Name: "answer", Lane: delivery.LanePerson}, {Name: "reset", Lane: delivery.LaneAccount}},
		})
		for _, kind := range []string{"letter", "answer", "reset"} {
			w.put(delivery.Outgoing{Channel: "lanes", Kind: kind, Key: kind, Recipient: "x"})
			w.clock.Advance(time.Second)
		}
		w.jobs()
		if !slices.Equal(order, []string{"reset", "answer", "letter"}) {
			t.Errorf("left in the order %v", order)
		}
	})
}
