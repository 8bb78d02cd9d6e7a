package timeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/view/timeline"
	"causerie/internal/view/timeline/timelinetest"
)

var qRows = db.Q("timeline_test.rows", `
	SELECT contact_id, voice_id, at, kind, ref_kind, ref, label, observed FROM timeline ORDER BY contact_id, at, kind, ref`)

func rows(w *timelinetest.World) (all []string) {
	w.T.Helper()
	w.Must(w.DB.Read(w.T.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All(tx, qRows, func(r db.Row) (string, error) {
			var c, at, ref int64
			var v fact.VoiceID
			var kind, refKind, label string
			var observed bool
			err := r.Scan(&c, &v, &at, &kind, &refKind, &ref, &label, &observed)
			return fmt.Sprint(c, v, at, kind, refKind, ref, label, observed), err
		})
		return err
	}))
	return all
}

func TestTheThreadTellsWhatHappenedInOrder(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		p := w.Publish("Nos délais")
		c := w.Comment(p, "Paul Kervella", "paul@kervella.example", "Une date sûre, **sans hésiter**.")
		paul := c.Contact
		w.Must(w.Inbox.Approve(t.Context(), w.Claire, c.ID))
		w.Clock.Advance(time.Minute)
		_, err := w.Inbox.Answer(t.Context(), w.Claire, c.ID, "Merci Paul.")
		w.Must(err)
		r := w.Request("Paul Kervella", "paul@kervella.example", "Nous refaisons la salle du conseil.", "Je lis le billet du lundi.")
		w.Clock.Advance(time.Minute)
		m, err := w.Mandates.FromMessage(t.Context(), w.Claire, r.ID)
		w.Must(err)
		w.Clock.Advance(time.Minute)
		won := mandate.Won
		_, err = w.Mandates.Change(t.Context(), w.Claire, m.ID, mandate.Patch{Stage: &won})
		w.Must(err)

		want := []string{timeline.MandateWon, timeline.MandateOpened, timeline.Asked, timeline.Answered, timeline.Commented}
		if got := w.Kinds(paul); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		items, _, err := w.Timeline.List(t.Context(), w.Claire, paul, 100, "")
		w.Must(err)
		if last := items[len(items)-1]; last.Label != "Nos délais" || last.Words != "Une date sûre, sans hésiter." {
			t.Errorf("the comment reads %+v", last)
		}
		if items[0].Label != m.Title || items[0].Path() != "/app/mandates/"+m.ID.String() {
			t.Errorf("the mandate reads %+v", items[0])
		}

		w.Verify(paul)
		want[2], want[4] = timeline.Asked+"!", timeline.Commented+"!"
		if got := w.Kinds(paul); !slices.Equal(got, want) {
			t.Errorf("once verified: %v, want %v", got, want)
		}

		again := mandate.Talk
		_, err = w.Mandates.Change(t.Context(), w.Claire, m.ID, mandate.Patch{Stage: &again})
		w.Must(err)
		if got := w.Kinds(paul); !slices.Equal(got, want[1:]) {
			t.Errorf("once reopened: %v, want %v", got, want[1:])
		}
		s, err := w.Timeline.Story(t.Context(), w.Claire, paul, "")
		w.Must(err)
		if len(s.Mandates) != 1 || s.Mandates[0].Stage != mandate.Talk || len(s.Told) != 1 || s.Told[0].Words != "Je lis le billet du lundi." {
			t.Errorf("the story is %+v", s)
		}
	})
}

func TestSpamLeavesTheThread(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		p := w.Publish("Nos délais")
		w.Comment(p, "Jean", "jean@x.example", "Une vraie question")
		c := w.Comment(p, "Jean", "jean@x.example", "Cheap watches")
		if got := w.Kinds(c.Contact); len(got) != 2 {
			t.Fatalf("got %v", got)
		}
		w.Must(w.Inbox.Spam(t.Context(), w.Claire, c.ID))
		if got := w.Kinds(c.Contact); len(got) != 1 {
			t.Errorf("after the judgement: %v", got)
		}
		w.Must(w.Inbox.Approve(t.Context(), w.Claire, c.ID))
		if got := w.Kinds(c.Contact); len(got) != 2 {
			t.Errorf("after the pardon: %v", got)
		}
	})
}

func TestAMergeKeepsWhatWasProvedApartFromWhatWasNot(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		p := w.Publish("Nos délais")
		known := w.Comment(p, "Paul", "paul@kervella.example", "Sous mon nom").Contact
		w.Verify(known)
		other := w.Comment(p, "P. K.", "pk@gmail.com", "D’ailleurs").Contact
		w.Must(w.Contacts.Merge(t.Context(), w.Claire, known, other))
		want := []string{timeline.Commented, timeline.Commented + "!"}
		if got := w.Kinds(known); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if got := w.Kinds(other); !slices.Equal(got, want) { // the alias leads there
			t.Errorf("by the alias: %v, want %v", got, want)
		}
	})
}

func TestRebuildGivesTheRowsOfTheProjection(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		p, q := w.Publish("Nos délais"), w.Publish("Le prix du chêne")
		yves, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Yves", Email: "yves@legoff.example"})
		w.Must(err)
		a := w.Comment(p, "Ana", "ana@kervella.example", "Premier")
		w.Must(w.Inbox.Approve(t.Context(), w.Claire, a.ID))
		b := w.Comment(q, "Bea", "bea@kervella.example", "Deuxième")
		w.Comment(q, "Ana", "ana@kervella.example", "Troisième")
		w.Verify(b.Contact)
		r := w.Request("Yves", "yves@legoff.example", "Un devis ?", "Par Sophie")
		_, err = w.Inbox.Answer(t.Context(), w.Claire, r.ID, "Oui.")
		w.Must(err)
		m, err := w.Mandates.FromMessage(t.Context(), w.Claire, r.ID)
		w.Must(err)
		title, stage, why := "Autrement", mandate.Lost, "Le prix"
		_, err = w.Mandates.Change(t.Context(), w.Claire, m.ID, mandate.Patch{Title: &title, Stage: &stage, LostReason: &why})
		w.Must(err)
		spam := w.Comment(q, "Bot", "bot@spam.example", "Cheap")
		w.Must(w.Inbox.Spam(t.Context(), w.Claire, spam.ID))
		w.Must(w.Contacts.Merge(t.Context(), w.Claire, yves.ID, b.Contact))
		_, _, err = w.Inbox.Import(t.Context(), actor.Importer(), inbox.Import{Incoming: inbox.Incoming{Post: p.ID, Voice: w.Voice.ID, Kind: inbox.KindComment, Name: "Léa",
			From: contact.Address("lea@old.example"), Body: "Jadis", Moderation: inbox.Visible, At: timelinetest.Start.AddDate(-3, 0, 0)}})
		w.Must(err)
		want := rows(w)
		if len(want) < 8 {
			t.Fatalf("only %d rows", len(want))
		}
		w.Must(w.Timeline.Rebuild(t.Context()))
		if d := cmp.Diff(want, rows(w)); d != "" {
			t.Errorf("projected, then rebuilt:\n%s", d)
		}
	})
}

func TestPagesOfAThreadMissNothingAndRepeatNothing(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		p := w.Publish("Nos délais")
		c := w.Comment(p, "Paul", "paul@kervella.example", "0").Contact
		for i := range 12 {
			w.Comment(p, "Paul", "paul@kervella.example", fmt.Sprint(i+1))
		}
		seen, cursor := []string{}, ""
		for {
			items, next, err := w.Timeline.List(t.Context(), w.Claire, c, 5, cursor)
			w.Must(err)
			for _, it := range items {
				seen = append(seen, it.Words)
			}
			if cursor = next; next == "" {
				break
			}
		}
		if len(seen) != 13 || seen[0] != "12" || seen[12] != "0" {
			t.Errorf("saw %v", seen)
		}
		if _, _, err := w.Timeline.List(t.Context(), w.Claire, c, 5, "x"); err == nil {
			t.Error("a broken cursor is taken")
		}
	})
}
