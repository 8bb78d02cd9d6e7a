package mandate_test

import (
	"slices"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/view/timeline/timelinetest"
)

func TestAMandateIsSeenAndChangedByWhoWritesInItsVoice(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		paul, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Paul"})
		w.Must(err)
		open := func(by actor.Actor, in mandate.Input) mandate.Mandate {
			t.Helper()
			in.Contact, in.NextAct, in.NextOn = paul.ID, "Rappeler", thursday
			m, err := w.Mandates.Open(t.Context(), by, in)
			w.Must(err)
			return m
		}
		theirs := w.Person(actor.Author, other)
		ours := open(w.Claire, mandate.Input{Title: "À Claire", Voice: w.Voice.ID})
		nobodys := open(w.Claire, mandate.Input{Title: "À la maison"})
		own := open(theirs, mandate.Input{Title: "À l’atelier"}) // who writes in one voice need not name it
		if own.Voice != other.ID || !nobodys.Voice.IsZero() {
			t.Errorf("opened in %v and %v", own.Voice, nobodys.Voice)
		}

		see := func(by actor.Actor) (titles []string) {
			t.Helper()
			list := func(f mandate.Filter) {
				found, _, err := w.Mandates.List(t.Context(), by, f)
				w.Must(err)
				titles = append(titles, names(found)...)
			}
			for _, f := range []mandate.Filter{{}, {Stage: mandate.AnyOpen}, {Stage: mandate.Interest}, {Contact: paul.ID}} {
				list(f)
			}
			w.Must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
				due, err := w.Mandates.DueIn(tx, by, thursday, 10)
				titles = append(titles, names(due)...)
				return err
			}))
			sums, err := w.Mandates.Sums(t.Context(), by)
			w.Must(err)
			for _, s := range sums {
				titles = append(titles, slices.Repeat([]string{"sum"}, s.Count)...)
			}
			slices.Sort(titles)
			return slices.Compact(titles)
		}
		for _, c := range []struct {
			by   actor.Actor
			want []string
		}{
			{theirs, []string{"sum", "À l’atelier"}}, {w.Person(actor.Editor, w.Voice), []string{"sum", "À Claire"}},
			{w.Claire, []string{"sum", "À Claire", "À la maison", "À l’atelier"}},
		} {
			if got := see(c.by); !slices.Equal(got, c.want) {
				t.Errorf("%+v sees %v, want %v", c.by.Grants, got, c.want)
			}
		}

		title := "Pris"
		refused := func(what string, err error) {
			t.Helper()
			if !fault.Is(err, fault.KindForbidden) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, m := range []mandate.Mandate{ours, nobodys} {
			_, err = w.Mandates.Get(t.Context(), theirs, m.ID)
			refused("read", err)
			_, err = w.Mandates.Moves(t.Context(), theirs, m.ID)
			refused("its moves", err)
			_, err = w.Mandates.Change(t.Context(), theirs, m.ID, mandate.Patch{Title: &title})
			refused("changed", err)
			_, err = w.Mandates.Change(t.Context(), theirs, m.ID, mandate.Patch{Voice: &other.ID})
			refused("taken over", err)
		}
		_, err = w.Mandates.Change(t.Context(), theirs, own.ID, mandate.Patch{Voice: &w.Voice.ID})
		refused("given away to a voice in which one does not write", err)
		_, err = w.Mandates.Open(t.Context(), theirs, mandate.Input{Title: "x", Voice: w.Voice.ID})
		refused("opened for another voice", err)
	})
}

func TestWhoWritesInSeveralVoicesSaysForWhichAMandateIs(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		both := actor.Actor{Account: 9, Grants: []actor.Grant{{Voice: int64(w.Voice.ID), Role: actor.Author}, {Voice: int64(other.ID), Role: actor.Editor}}}
		_, err := w.Mandates.Open(t.Context(), both, mandate.Input{Title: "Un banc"})
		if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Field != "voice" || p[0].Code != "required" {
			t.Errorf("without a voice: %v", err)
		}
		_, err = w.Mandates.Open(t.Context(), both, mandate.Input{Title: "Un banc", Voice: other.ID})
		w.Must(err)
	})
}

func TestARequestToAnotherVoiceBecomesNobodysMandate(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		theirs := w.Person(actor.Author, w.AddVoice("L’atelier", "atelier"))
		asked, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Voice: w.Voice.ID, Name: "Paul", Email: "paul@kervella.example", Body: "Un secret"})
		w.Must(err)
		for range 2 { // before and after its own people made one of it
			if m, err := w.Mandates.FromMessage(t.Context(), theirs, asked.ID); !fault.Is(err, fault.KindForbidden) || m.Title != "" {
				t.Errorf("got %+v, %v", m, err)
			}
			_, err = w.Mandates.FromMessage(t.Context(), w.Claire, asked.ID)
			w.Must(err)
		}
	})
}

func names(all []mandate.Mandate) (titles []string) {
	for _, m := range all {
		titles = append(titles, m.Title)
	}
	return titles
}
