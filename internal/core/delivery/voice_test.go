package delivery_test

import (
	"context"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliverytest"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

const (
	voiceA fact.VoiceID = 11
	voiceB fact.VoiceID = 12
)

var (
	authorB = actor.Actor{Account: 8, Grants: []actor.Grant{{Voice: int64(voiceB), Role: actor.Author}}}
	editorB = actor.Actor{Account: 9, Grants: []actor.Grant{{Voice: int64(voiceB), Role: actor.Editor}}}
	editor  = actor.Actor{Account: 10, Grants: []actor.Grant{{Role: actor.Editor}}}
	readerA = actor.Actor{Account: 6, Grants: []actor.Grant{{Voice: int64(voiceA), Role: actor.Reader}}}
)

// enqueueFor puts a note of a voice, 0 for the house, about a message into the outbox.
func (w *world) enqueueFor(v fact.VoiceID, key string, about fact.MessageID) fact.DeliveryID {
	w.t.Helper()
	o := deliverytest.Out(key)
	o.Voice, o.About = v, delivery.Ref{Kind: delivery.RefMessage, ID: int64(about)}
	w.put(o)
	all, _, err := w.out.List(w.t.Context(), owner, delivery.Filter{Limit: 1})
	must(w.t, err)
	return all[0].ID
}

func TestDeliveriesAreSeenAndTouchedByVoice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.paper.Nobody(true) // all are held, so that each could be let go or taken back
		ofA, ofB, ofNobody := w.enqueueFor(voiceA, "a", 1), w.enqueueFor(voiceB, "b", 1), w.enqueueFor(0, "account", 1)
		w.paper.Nobody(false)
		for name, c := range map[string]struct {
			by   actor.Actor
			sees []fact.DeliveryID
		}{
			"owner":             {owner, []fact.DeliveryID{ofA, ofB, ofNobody}},
			"editor of all":     {editor, []fact.DeliveryID{ofA, ofB}},
			"editor of voice B": {editorB, []fact.DeliveryID{ofB}},
			"author of voice B": {authorB, []fact.DeliveryID{ofB}},
		} {
			for _, f := range []delivery.Filter{{}, {State: delivery.Held}} {
				all, _, err := w.out.List(t.Context(), c.by, f)
				if err != nil || len(all) != len(c.sees) {
					t.Errorf("%s lists %d of %q, %v; want %d", name, len(all), f.State, err, len(c.sees))
				}
			}
			found, err := w.out.OfMessages(t.Context(), c.by, []fact.MessageID{1})
			if err != nil || len(found[1]) != len(c.sees) {
				t.Errorf("%s sees %d about the message, %v", name, len(found[1]), err)
			}
			must(t, w.db.Read(t.Context(), func(tx *db.Tx) error {
				counts, err := w.out.CountsIn(tx, c.by)
				if counts.Held != len(c.sees) {
					t.Errorf("%s counts %+v", name, counts)
				}
				return err
			}))
			for _, id := range []fact.DeliveryID{ofA, ofB, ofNobody} {
				allowed := false
				for _, seen := range c.sees {
					allowed = allowed || seen == id
				}
				if _, err := w.out.Get(t.Context(), c.by, id); (err == nil) != allowed {
					t.Errorf("%s gets %v: %v", name, id, err)
				}
			}
		}
		for name, act := range map[string]func(context.Context, actor.Actor, fact.DeliveryID) error{
			"release": w.out.Release, "retry": w.out.Retry, "cancel": w.out.Cancel,
		} {
			for _, id := range []fact.DeliveryID{ofA, ofNobody} {
				if err := act(t.Context(), authorB, id); !fault.Is(err, fault.KindForbidden) {
					t.Errorf("an author of voice B may %s what is not hers: %v", name, err)
				}
			}
			if err := act(t.Context(), editor, ofNobody); !fault.Is(err, fault.KindForbidden) {
				t.Errorf("an editor may %s an account's mail: %v", name, err)
			}
		}
		must(t, w.out.Release(t.Context(), authorB, ofB))
		must(t, w.db.Write(t.Context(), func(tx *db.Tx) error {
			for v, want := range map[fact.VoiceID]bool{voiceA: false, voiceB: true, 0: false} {
				o := deliverytest.Out(v.String())
				o.Voice = v
				if _, err := w.out.EnqueueIn(tx, authorB, o); (err == nil) != want {
					t.Errorf("an author of voice B has something leave in voice %v: %v", v, err)
				}
			}
			return nil
		}))
		if err := w.out.HoldAll(t.Context(), editorB, true); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an editor of one voice holds all: %v", err)
		}
		for _, by := range []actor.Actor{readerA, actor.Visitor()} {
			if _, _, err := w.out.List(t.Context(), by, delivery.Filter{}); err == nil {
				t.Errorf("%+v lists", by)
			}
		}
	})
}

func TestListsGoOnWhereTheyEnded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, key := range []string{"a", "b", "c", "d", "e"} {
			w.enqueueFor(voiceA, key, 1)
			w.clock.Advance(time.Second)
		}
		w.jobs()
		for _, state := range []string{"", delivery.Sent} {
			seen, cursor := map[fact.DeliveryID]bool{}, ""
			for {
				page, next, err := w.out.List(t.Context(), owner, delivery.Filter{State: state, Cursor: cursor, Limit: 2})
				must(t, err)
				for _, d := range page {
					seen[d.ID] = true
				}
				if cursor = next; next == "" {
					break
				}
			}
			if len(seen) != 5 {
				t.Errorf("%d listed of %q, want 5", len(seen), state)
			}
		}
		if _, _, err := w.out.List(t.Context(), owner, delivery.Filter{Cursor: "x"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a cursor that is none: %v", err)
		}
	})
}

func TestWhoIsForgottenIsInNoDeliveryAndGetsNone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		put := func(key string, c fact.ContactID) fact.DeliveryID {
			o := deliverytest.Out(key)
			o.Contact, o.Handle, o.External, o.Parcel = c, 5, key+"@aubin.example", map[string]string{"name": "Hélène"}
			w.put(o)
			all, _, err := w.out.List(t.Context(), owner, delivery.Filter{Limit: 1})
			must(t, err)
			return all[0].ID
		}
		left := put("left", 3)
		w.jobs()
		waits, others := put("waits", 3), put("others", 4)
		must(t, w.db.Write(t.Context(), func(tx *db.Tx) error { return w.out.EraseIn(tx, 3) }))
		w.jobs()
		w.is(waits, delivery.Cancelled, delivery.Erased, 2) // left, and others
		w.is(left, delivery.Sent, "", 2)
		for _, id := range []fact.DeliveryID{left, waits} {
			if d := w.get(id); d.Recipient+d.Subject+d.ServerReply+d.External != "" || !d.Handle.IsZero() {
				t.Errorf("the row still says %+v", d)
			}
		}
		if d := w.get(others); d.Recipient == "" {
			t.Error("somebody else was forgotten too")
		}
		if w.put(deliverytest.Out("waits")) != 0 {
			t.Error("its key is free again")
		}
	})
}

func TestNamesAreKeptForFourHundredDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		sent := w.enqueue("sent")
		w.jobs()
		w.paper.Nobody(true)
		held := w.enqueue("held")
		w.clock.Advance(delivery.KeepNames - time.Hour)
		for _, want := range []int{0, 1, 0} {
			if n, err := w.out.Forget(t.Context()); n != want || err != nil {
				t.Errorf("%d forgotten, %v; want %d", n, err, want)
			}
			w.clock.Advance(2 * time.Hour)
		}
		if d := w.get(sent); d.Recipient != "" || d.State != delivery.Sent {
			t.Errorf("%+v", d)
		}
		if d := w.get(held); d.Recipient == "" {
			t.Error("what waits was forgotten")
		}
	})
}

// While all is held, an author waits like the others: who edits in the voice lets one of its mails go.
func TestAnAuthorDoesNotPassTheSwitch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		must(t, w.out.HoldAll(t.Context(), owner, true))
		id := w.enqueueFor(voiceB, "b", 1)
		if err := w.out.Release(t.Context(), authorB, id); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author lets a mail go past the switch: %v", err)
		}
		must(t, w.out.Release(t.Context(), editorB, id))
		w.jobs()
		w.is(id, delivery.Sent, "", 1)
	})
}
