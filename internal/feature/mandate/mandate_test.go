package mandate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/view/timeline/timelinetest"
)

func ptr[T any](v T) *T { return &v }

var thursday = clock.Day{Year: 2026, Month: time.November, Day: 19}

func TestAStageAsksForWhatItMeans(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		m, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: " La salle du conseil "})
		w.Must(err)
		if m.Stage != mandate.Interest || m.Title != "La salle du conseil" || m.Currency != "EUR" || m.AmountCents != nil {
			t.Errorf("opened as %+v", m)
		}
		for _, c := range []struct {
			name  string
			patch mandate.Patch
			wrong string // the field with a problem, "" for none
		}{
			{"lost without a reason", mandate.Patch{Stage: ptr(mandate.Lost)}, "lost_reason"},
			{"postponed for ever", mandate.Patch{Stage: ptr(mandate.Postponed)}, "postponed_until"},
			{"a stage of another program", mandate.Patch{Stage: ptr("qualified")}, "stage"},
			{"less than nothing", mandate.Patch{AmountCents: ptr(int64(-1))}, "amount_cents"},
			{"no title", mandate.Patch{Title: ptr(" ")}, "title"},
			{"a currency in words", mandate.Patch{Currency: ptr("euros")}, "currency"},
			{"an unknown client", mandate.Patch{Contact: ptr(fact.ContactID(42))}, "contact"},
			{"postponed to a day", mandate.Patch{Stage: ptr(mandate.Postponed), PostponedUntil: &thursday}, ""},
			{"lost with a reason", mandate.Patch{Stage: ptr(mandate.Lost), LostReason: ptr("Le prix")}, ""},
			{"reopened", mandate.Patch{Stage: ptr(mandate.Proposal)}, ""},
			{"won", mandate.Patch{Stage: ptr(mandate.Won), AmountCents: ptr(int64(12_400_50))}, ""},
		} {
			got, err := w.Mandates.Change(t.Context(), w.Claire, m.ID, c.patch)
			problems := fault.ProblemsOf(err)
			switch {
			case c.wrong == "" && err != nil:
				t.Errorf("%s: %v", c.name, err)
			case c.wrong != "" && (len(problems) != 1 || problems[0].Field != c.wrong):
				t.Errorf("%s: %v", c.name, err)
			case c.name == "postponed to a day" && got.NextOn != thursday:
				t.Errorf("%s: it comes back on %v", c.name, got.NextOn)
			case c.name == "lost with a reason" && (got.ClosedAt.IsZero() || !got.NextOn.IsZero() || !got.PostponedUntil.IsZero()):
				t.Errorf("%s: %+v", c.name, got)
			case c.name == "reopened" && (!got.ClosedAt.IsZero() || got.LostReason != ""):
				t.Errorf("%s: %+v", c.name, got)
			}
		}
		got, err := w.Mandates.Get(t.Context(), w.Claire, m.ID)
		if cents, known := got.Amount(); err != nil || !known || cents != 12_400_50 || got.ClosedAt.IsZero() {
			t.Errorf("in the end: %+v, %v", got, err)
		}
		moves, err := w.Mandates.Moves(t.Context(), w.Claire, m.ID)
		var stages []string
		for _, mv := range moves {
			stages = append(stages, mv.Stage)
		}
		want := []string{mandate.Interest, mandate.Postponed, mandate.Lost, mandate.Proposal, mandate.Won}
		if err != nil || !slices.Equal(stages, want) {
			t.Errorf("it went through %v, %v", stages, err)
		}
	})
}

func TestARequestBecomesOneMandateThatKnowsItsSource(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		r := w.Request("Paul Kervella", "paul@kervella.example", "Nous refaisons **la salle du conseil** au printemps, et je ne sais pas par où commencer.",
			"Je lis le billet du lundi.")
		m, err := w.Mandates.FromMessage(t.Context(), w.Claire, r.ID)
		w.Must(err)
		if m.Contact != r.Contact || m.Stage != mandate.Request || m.Declared != "Je lis le billet du lundi." || m.Voice != w.Voice.ID ||
			m.Title != "Nous refaisons la salle du conseil au printemps, et je ne…" {
			t.Errorf("it became %+v", m)
		}
		again, err := w.Mandates.FromMessage(t.Context(), w.Claire, r.ID)
		if err != nil || again.ID != m.ID {
			t.Errorf("pressing twice made %v, %v", again.ID, err)
		}
		if _, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "x", Message: 42}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an unknown message: %v", err)
		}
		if _, err := w.Mandates.Open(t.Context(), actor.Visitor(), mandate.Input{Title: "x"}); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a visitor: %v", err)
		}
	})
}

func TestAMandateFollowsItsClientIntoTheContactThatIsKept(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		a := w.Request("Paul", "paul@kervella.example", "Bonjour", "")
		b := w.Request("P. K.", "pk@gmail.com", "Encore moi", "")
		m, err := w.Mandates.FromMessage(t.Context(), w.Claire, b.ID)
		w.Must(err)
		w.Must(w.Contacts.Merge(t.Context(), w.Claire, a.Contact, b.Contact))
		got, err := w.Mandates.Get(t.Context(), w.Claire, m.ID)
		if err != nil || got.Contact != a.Contact {
			t.Errorf("it belongs to %v, %v", got.Contact, err)
		}
		late, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "Par l’ancien nom", Contact: b.Contact})
		if err != nil || late.Contact != a.Contact {
			t.Errorf("opened for the alias: %v, %v", late.Contact, err)
		}
	})
}

func TestListsSumsAndDueActs(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		stages := []string{mandate.Interest, mandate.Request, mandate.Talk, mandate.Proposal, mandate.Won}
		for i := range 25 {
			w.Clock.Advance(time.Duration(i%2) * time.Minute)
			in := mandate.Input{Title: fmt.Sprint(i), Stage: stages[i%5], AmountCents: ptr(int64(100))}
			if i%5 == 0 {
				in.AmountCents, in.NextOn, in.NextAct = nil, thursday.Add(i-10), "Rappeler"
			}
			_, err := w.Mandates.Open(t.Context(), w.Claire, in)
			w.Must(err)
		}
		for _, c := range []struct {
			stage string
			want  int
		}{{"", 25}, {mandate.AnyOpen, 20}, {mandate.Won, 5}, {mandate.Lost, 0}} {
			seen, cursor := map[string]bool{}, ""
			for {
				page, next, err := w.Mandates.List(t.Context(), w.Claire, mandate.Filter{Stage: c.stage, Cursor: cursor, Limit: 3})
				w.Must(err)
				for _, m := range page {
					seen[m.Title] = true
				}
				if cursor = next; next == "" {
					break
				}
			}
			if len(seen) != c.want {
				t.Errorf("%q: %d mandates, want %d", c.stage, len(seen), c.want)
			}
		}
		sums, err := w.Mandates.Sums(t.Context(), w.Claire)
		w.Must(err)
		if len(sums) != 5 || sums[0] != (mandate.Sum{Stage: mandate.Interest, Currency: "EUR", Count: 5}) || sums[4].Cents != 500 || sums[4].Known != 5 {
			t.Errorf("the sums are %+v", sums)
		}
		w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			due, err := w.Mandates.DueIn(tx, w.Claire, thursday, 10)
			if len(due) != 3 || due[0].Title != "0" || due[2].Title != "10" {
				t.Errorf("due: %+v", due)
			}
			return err
		}))
	})
}

// Another tab, or a page that was gone back to, has a form of its own: what is sent from it again is the same.
func TestTheSameMandateOnceMoreIsOne(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		open := func(in mandate.Input) fact.MandateID {
			t.Helper()
			m, err := w.Mandates.Open(t.Context(), w.Claire, in)
			w.Must(err)
			return m.ID
		}
		table := mandate.Input{Title: "Une table", AmountCents: ptr(int64(480_000)), NextAct: "Appeler", NextOn: thursday}
		first := open(table)
		again := table
		again.AmountCents, again.Title = ptr(int64(480_000)), " Une table "
		if open(again) != first {
			t.Error("the same is another")
		}
		for name, other := range map[string]mandate.Input{
			"no amount": {Title: "Une table", NextAct: "Appeler", NextOn: thursday}, "another step": {Title: "Une table", AmountCents: table.AmountCents, NextAct: "Écrire", NextOn: thursday},
			"another title": {Title: "Une table basse", AmountCents: table.AmountCents, NextAct: "Appeler", NextOn: thursday},
		} {
			if open(other) == first {
				t.Errorf("%s: it is taken for the first", name)
			}
		}
		w.Clock.Advance(11 * time.Minute)
		if open(table) == first {
			t.Error("what is opened later is taken for the first")
		}
	})
}
