package bus_test

import (
	"context"
	"errors"
	"testing"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

type rung struct{ Times int }

func (rung) Kind() string     { return "bell.rung" }
func (f rung) Subject() int64 { return 0 }

var qFacts = db.Q("bustest.facts", `SELECT COUNT(*) FROM facts`)

func TestAFactItsProjectionsAndItsReactionsCommitTogether(t *testing.T) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		q := queue.New(d, queue.Options{})
		b := bus.New(q)
		projected, heard := 0, 0
		var refuse error
		bus.Project(b, "count", func(tx *db.Tx, _ bus.Event, f rung) error {
			projected += f.Times
			return refuse
		})
		bus.React(b, "ear", queue.KindOptions{}, func(_ context.Context, e bus.Event, f rung) error {
			if e.ID.IsZero() || e.At.IsZero() {
				t.Errorf("the reaction got %+v", e)
			}
			heard += f.Times
			return nil
		})
		emit := func(by actor.Actor) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return b.Emit(tx, by, rung{Times: 3}) })
		}
		run := func() {
			t.Helper()
			if _, err := q.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}

		refuse = errors.New("no")
		if err := emit(actor.System()); !errors.Is(err, refuse) {
			t.Errorf("a refusing projection gave %v", err)
		}
		run()
		if heard != 0 {
			t.Error("a reaction ran for a fact that was rolled back")
		}
		refuse, projected = nil, 0
		if err := emit(actor.System()); err != nil {
			t.Fatal(err)
		}
		run()
		run()
		if projected != 6 || heard != 3 { // the write ran twice, once rolled back
			t.Errorf("projected %d, heard %d", projected, heard)
		}
		if err := emit(actor.Importer()); err != nil {
			t.Fatal(err)
		}
		run()
		if heard != 3 {
			t.Error("a reaction heard a fact of the past")
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.One(tx, qFacts, db.Scalar[int])
			if n != 2 {
				t.Errorf("%d facts, want 2", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if l := b.Listeners(); len(l) != 2 || l[0].Name != "count" || !l[1].Reaction {
			t.Errorf("listeners %+v", l)
		}
	})
}
