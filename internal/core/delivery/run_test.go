package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliverytest"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// run serves the outbox until the returned function, which the test need not call.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	out := w.out
	go func() { done <- out.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				w.t.Error(err)
			}
		})
	}
	w.t.Cleanup(stop)
	return stop
}

// notes yields n of them.
func notes(n int) func(yield func(delivery.Outgoing) bool) {
	return func(yield func(delivery.Outgoing) bool) {
		for i := range n {
			if !yield(deliverytest.Out(fmt.Sprint(i))) {
				return
			}
		}
	}
}

func TestManyLeaveOnceEachAndAreWrittenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const many = 700
		var carried atomic.Int64
		all := make(chan struct{})
		w.paper.Carry(func(_ context.Context, d delivery.Delivery, _ any) delivery.Outcome {
			if carried.Add(1) == many {
				close(all)
			}
			return delivery.Outcome{State: delivery.Sent, Reply: "taken"}
		})
		stop := w.run()
		for range 2 { // the second time adds nothing
			if _, err := w.out.Enqueue(t.Context(), actor.System(), notes(many)); err != nil {
				t.Fatal(err)
			}
		}
		<-all
		stop()
		seen := map[string]int{}
		for _, d := range w.paper.Left() {
			seen[d.Recipient]++
		}
		if len(seen) != many || carried.Load() != many {
			t.Errorf("%d of %d left, %d times", len(seen), many, carried.Load())
		}
		sent := 0
		for cursor := ""; ; {
			page, next, err := w.out.List(t.Context(), owner, delivery.Filter{State: delivery.Sent, Cursor: cursor, Limit: 100})
			must(t, err)
			sent += len(page)
			if cursor = next; next == "" {
				break
			}
		}
		if sent != many {
			t.Errorf("%d are sent", sent)
		}
	})
}

// Whatever was begun and not carried when the program stops, or all is held, waits as if it had not been begun.
func TestWhatWasBegunAndNotCarriedIsGivenBack(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"stopped", "held"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				const many = 40
				busy, free := make(chan struct{}, many), make(chan struct{})
				w.paper.Carry(func(context.Context, delivery.Delivery, any) delivery.Outcome {
					busy <- struct{}{}
					<-free
					return delivery.Outcome{State: delivery.Sent}
				})
				stop := w.run()
				if n, err := w.out.Enqueue(t.Context(), actor.System(), notes(many)); n != many || err != nil {
					t.Fatal(n, err)
				}
				for range 4 { // each worker has one
					<-busy
				}
				if how == "held" {
					must(t, w.out.HoldAll(t.Context(), owner, true))
				}
				go func() { close(free) }()
				stop()
				states := map[string]int{}
				for _, state := range delivery.States() {
					all, _, err := w.out.List(t.Context(), owner, delivery.Filter{State: state, Limit: 100})
					must(t, err)
					if states[state] = len(all); state == delivery.Queued && len(all) > 0 && all[0].Attempts != 0 {
						t.Errorf("what was given back counts %d attempts", all[0].Attempts)
					}
				}
				left := len(w.paper.Left())
				if states[delivery.Sent] != left || states[delivery.Sent]+states[delivery.Queued]+states[delivery.Held] != many {
					t.Errorf("%d left, and they are %v", left, states)
				}
				if how == "held" && left > 8 {
					t.Errorf("%d left though all is held", left)
				}
			})
		})
	}
}

// Who holds everything, and the line that holds what is due, wait for no row that another has locked, so that they cannot wait for each other;
// and yet no row is left out.
func TestHoldingWaitsForNoRowAndLeavesNoneOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		if w.db.Engine() == db.SQLite {
			t.Skip("it has one writer, and no locks of rows")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		first, second, third := w.enqueue("1"), w.enqueue("2"), w.enqueue("3")
		locked, free := make(chan struct{}), make(chan struct{})
		ended := make(chan error, 2)
		go func() {
			var once sync.Once
			lock := db.Query{Name: "test.lock", SQL: `SELECT id FROM deliveries WHERE id = $1 FOR UPDATE`}
			ended <- w.db.Claim(ctx, func(tx *db.Tx) error {
				_, err := db.One(tx, lock, db.Scalar[fact.DeliveryID], second)
				once.Do(func() { close(locked) })
				select {
				case <-free:
				case <-ctx.Done():
				}
				return err
			})
		}()
		<-locked
		go func() { ended <- w.out.HoldAll(ctx, owner, true) }()
		for w.get(first).State != delivery.Held || w.get(third).State != delivery.Held {
			must(t, ctx.Err())
		}
		_, err := w.out.RunDue(ctx)
		must(t, err)
		w.is(second, delivery.Queued, "", 0)
		close(free)
		for range 2 {
			must(t, <-ended)
		}
		w.is(second, delivery.Held, delivery.AllHeld, 0)
	})
}

// Two processes serve one database; none sends what the other does.
func TestTwoProcessesSendNothingTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const many = 300
		var mu sync.Mutex
		times := map[fact.DeliveryID]int{}
		all := make(chan struct{})
		count := func(_ context.Context, d delivery.Delivery, _ any) delivery.Outcome {
			mu.Lock()
			defer mu.Unlock()
			times[d.ID]++
			if len(times) == many {
				select {
				case <-all:
				default:
					close(all)
				}
			}
			return delivery.Outcome{State: delivery.Sent}
		}
		w.paper.Carry(count)
		one := w.run()
		w.start()
		w.paper.Carry(count)
		two := w.run()
		if _, err := w.out.Enqueue(t.Context(), actor.System(), notes(many)); err != nil {
			t.Fatal(err)
		}
		<-all
		one()
		two()
		for id, n := range times {
			if n != 1 {
				t.Errorf("%v left %d times", id, n)
			}
		}
	})
}

// A gate that cannot answer stops what would leave, and not the writing down of what left.
func TestAGateThatFailsDoesNotKeepWhatLeftFromBeingWrittenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		busy, free := make(chan struct{}, 1), make(chan struct{})
		w.paper.Carry(func(context.Context, delivery.Delivery, any) delivery.Outcome {
			busy <- struct{}{}
			<-free
			return delivery.Outcome{State: delivery.Sent}
		})
		stop := w.run()
		first := w.enqueue("1")
		<-busy
		asked := make(chan struct{}, 100)
		w.paper.Gate(func(*db.Tx, []delivery.Delivery) (map[fact.DeliveryID]string, error) {
			select {
			case asked <- struct{}{}:
			default:
			}
			return nil, errors.New("cannot tell")
		})
		second := w.enqueue("2")
		<-asked
		close(free)
		<-asked // it was asked again, so what had ended was written down between
		<-asked
		stop()
		w.is(first, delivery.Sent, "", 1)
		w.is(second, delivery.Queued, "", 1)
	})
}

// What cannot be opened is asked again later each time, by all lines, and the log hears of it once.
func TestAChannelThatCannotBeOpenedIsToldOnceAndOpensAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		var mu sync.Mutex
		var log strings.Builder
		says := func() string {
			mu.Lock()
			defer mu.Unlock()
			return log.String()
		}
		w.queue = queue.New(w.db, queue.Options{})
		w.out = delivery.New(delivery.Options{DB: w.db, Bus: bus.New(w.queue), Queue: w.queue, Log: slog.New(slog.NewTextHandler(writer(func(b []byte) {
			mu.Lock()
			defer mu.Unlock()
			log.Write(b)
		}), nil))})
		var asked atomic.Int64
		left := make(chan fact.DeliveryID)
		w.out.Register(delivery.Channel{Name: "paper", Kinds: []delivery.Kind{
			{Name: "note", Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson}, {Name: "letter", Purpose: delivery.PurposeConversation, Lane: delivery.LaneBulk},
		}, Open: func(context.Context) (delivery.Carry, error) {
			if asked.Add(1) <= 4 {
				return nil, errors.New("the door is shut")
			}
			return func(_ context.Context, d delivery.Delivery, _ any) delivery.Outcome {
				left <- d.ID
				return delivery.Outcome{State: delivery.Sent}
			}, nil
		}})
		stop := w.run()
		note, letter := deliverytest.Out("1"), deliverytest.Out("2")
		letter.Kind = "letter"
		w.put(note, letter)
		<-left
		<-left
		stop()
		if got := says(); strings.Count(got, "a channel cannot be opened") != 1 || strings.Count(got, "a channel can be opened again") != 1 || !strings.Contains(got, "the door is shut") {
			t.Errorf("the log says\n%s", got)
		}
	})
}

// writer is a function to write to.
type writer func([]byte)

func (w writer) Write(b []byte) (int, error) {
	w(b)
	return len(b), nil
}

func TestRunIsCalledOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		stop := w.run()
		w.put(deliverytest.Out("1"))
		stop()
		if err := w.out.Run(t.Context()); err == nil || fault.Is(err, fault.KindUnavailable) {
			t.Errorf("a second Run: %v", err)
		}
	})
}
