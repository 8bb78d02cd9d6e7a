package delivery_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"causerie/internal/core/delivery"
)

// journals returns the files of journals that there are.
func (w *world) journals() []string {
	names, err := filepath.Glob(filepath.Join(w.dir, "*.journal"))
	must(w.t, err)
	return names
}

// runUntilOneLeaves serves the outbox until something was carried.
func (w *world) runUntilOneLeaves() {
	left := make(chan struct{}, 10)
	w.paper.Carry(func(context.Context, delivery.Delivery, any) delivery.Outcome {
		left <- struct{}{}
		return delivery.Outcome{State: delivery.Sent}
	})
	stop := w.run()
	<-left
	stop()
}

func TestTheJournalOfAKilledProcessTellsWhatLeftWhatDidNotAndWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		taken, underWay, never := w.enqueue("1"), w.enqueue("2"), w.enqueue("3")
		must(t, w.out.CarryAndDie(t.Context(), 3, delivery.Outcome{State: delivery.Sent, Reply: "250 taken"}))
		w.is(never, delivery.Sending, "", 0)

		w.start()
		w.runUntilOneLeaves()
		w.is(taken, delivery.Sent, "", 1)
		if d := w.get(taken); d.ServerReply != "250 taken" {
			t.Errorf("the words are %q", d.ServerReply)
		}
		w.is(underWay, delivery.Uncertain, delivery.Interrupted, 1)
		w.is(never, delivery.Sent, "", 1)
		if names := w.journals(); len(names) != 0 {
			t.Errorf("journals stay behind: %v", names)
		}
	})
}

func TestTheJournalOfAnotherBootIsNotBelieved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		taken, underWay, never := w.enqueue("1"), w.enqueue("2"), w.enqueue("3")
		must(t, w.out.CarryAndDie(t.Context(), 3, delivery.Outcome{State: delivery.Sent}))
		for _, name := range w.journals() {
			text, err := os.ReadFile(name)
			must(t, err)
			head, rest, _ := bytes.Cut(text, []byte("\n"))
			head = append(head[:bytes.LastIndexByte(head, ' ')], " another-boot\n"...)
			must(t, os.WriteFile(name, append(head, rest...), 0o600))
		}
		w.clock.Advance(time.Hour) // longer than a lease
		w.start()
		later := w.enqueue("4")
		w.runUntilOneLeaves()
		w.is(later, delivery.Sent, "", 1)
		w.is(taken, delivery.Uncertain, delivery.Interrupted, 1)
		w.is(underWay, delivery.Uncertain, delivery.Interrupted, 1)
		w.is(never, delivery.Uncertain, delivery.Interrupted, 1)
	})
}

func FuzzReadJournal(f *testing.F) {
	f.Add([]byte("causerie outbox 1 7 boot\nb 12 1 \ne 12 1 {\"state\":\"sent\",\"reply\":\"250 ok\"}\n"))
	f.Add([]byte("causerie outbox 1 7 boot\nb 12 1 \ne 12"))
	f.Add([]byte("causerie outbox 1 7 another\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ok, ended := delivery.ReadJournal(text, "boot")
		if whole := bytes.Count(text, []byte("\n")); ok && ended >= max(whole, 1) {
			t.Errorf("%d outcomes in %d lines", ended, whole)
		}
		if ok && !bytes.HasPrefix(text, []byte("causerie outbox 1 ")) {
			t.Error("it is no journal")
		}
	})
}
