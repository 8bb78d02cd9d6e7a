package mandate_test

import (
	"slices"
	"testing"
	"time"

	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/view/attribution"
	"causerie/internal/view/timeline/timelinetest"
)

func TestADeletedMandateComesBackWholeForAMonth(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		paul := w.Request("Paul", "paul@kervella.example", "Bonjour, une salle", "")
		m := w.Win("La salle", paul.Contact, 4_200_00)
		other, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "Un banc", Contact: paul.Contact, NextAct: "Rappeler", NextOn: thursday})
		w.Must(err)
		before := seen(t, w, m)
		if before.listed != 2 || before.moves < 1 || before.cases != 2 || !slices.Contains(before.thread, "mandate_won") {
			t.Fatalf("at first: %+v", before)
		}

		foreign := w.Person(actor.Author, w.AddVoice("L’atelier", "atelier"))
		if err := w.Mandates.Delete(t.Context(), foreign, m.ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("who writes in another voice: %v", err)
		}
		w.Must(w.Mandates.Delete(t.Context(), w.Claire, m.ID))
		if err := w.Mandates.Delete(t.Context(), w.Claire, m.ID); !fault.Is(err, fault.KindGone) {
			t.Errorf("twice: %v", err)
		}
		gone := seen(t, w, m)
		if gone.listed != 1 || gone.sums != before.sums-1 || gone.cases != 1 || slices.Contains(gone.thread, "mandate_won") {
			t.Errorf("deleted: %+v", gone)
		}
		if _, err := w.Mandates.Get(t.Context(), w.Claire, m.ID); !fault.Is(err, fault.KindGone) {
			t.Errorf("it is read: %v", err)
		}
		if _, err := attribution.New(w.DB).Journey(t.Context(), w.Claire, m.ID); err == nil {
			t.Error("its journey is told")
		}
		w.Must(w.Timeline.Rebuild(t.Context()))
		if again := seen(t, w, m); slices.Contains(again.thread, "mandate_won") {
			t.Errorf("a rebuilt thread tells of it: %v", again.thread)
		}
		if _, err := w.Mandates.Restore(t.Context(), foreign, m.ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("brought back by who writes in another voice: %v", err)
		}
		w.Clock.Advance(mandate.RestoreFor - time.Hour)
		if n, err := w.Mandates.Prune(t.Context()); n != 0 || err != nil {
			t.Errorf("pruned too soon: %d, %v", n, err)
		}
		back, err := w.Mandates.Restore(t.Context(), w.Claire, m.ID)
		w.Must(err)
		if got := seen(t, w, m); got.moves != before.moves || got.listed != 2 || got.sums != before.sums || !slices.Equal(got.thread, before.thread) || back.Title != "La salle" {
			t.Errorf("back: %+v, before: %+v", got, before)
		}

		w.Must(w.Mandates.Delete(t.Context(), w.Claire, other.ID))
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			due, err := w.Mandates.DueIn(tx, w.Claire, thursday, 10)
			if len(due) != 0 {
				t.Errorf("still due: %v", names(due))
			}
			return err
		}))
		w.Clock.Advance(mandate.RestoreFor + time.Hour)
		if _, err := w.Mandates.Restore(t.Context(), w.Claire, other.ID); !fault.Is(err, fault.KindGone) {
			t.Errorf("a month later: %v", err)
		}
		if n, err := w.Mandates.Prune(t.Context()); n != 1 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
		if _, err := w.Mandates.Get(t.Context(), w.Claire, other.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("after that: %v", err)
		}
	})
}

// sight is what the house shows of its mandates.
type sight struct {
	listed, sums, moves, cases int
	thread                     []string
}

func seen(t *testing.T, w *timelinetest.World, m mandate.Mandate) (s sight) {
	t.Helper()
	list, _, err := w.Mandates.List(t.Context(), w.Claire, mandate.Filter{})
	w.Must(err)
	s.listed = len(list)
	sums, err := w.Mandates.Sums(t.Context(), w.Claire)
	w.Must(err)
	for _, one := range sums {
		s.sums += one.Count
	}
	if moves, err := w.Mandates.Moves(t.Context(), w.Claire, m.ID); err == nil {
		s.moves = len(moves)
	}
	report, err := attribution.New(w.DB).Of(t.Context(), w.Claire)
	w.Must(err)
	s.cases = len(report.Cases)
	s.thread = w.Kinds(m.Contact)
	return s
}
