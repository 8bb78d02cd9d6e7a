package outgoing_test

import (
	"slices"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliverytest"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/view/outgoing"
	"causerie/internal/view/timeline/timelinetest"
)

// names are the titles and subjects of a list.
func names(l outgoing.List) (all []string) {
	for _, i := range l.Items {
		switch {
		case i.Post != nil:
			all = append(all, i.Post.Title)
		case i.Answer != nil:
			all = append(all, "À "+i.Answer.To)
		default:
			all = append(all, i.Mail.Subject)
		}
	}
	return all
}

func schedule(w *timelinetest.World, v voice.Voice, title string, in time.Duration) post.Post {
	w.T.Helper()
	p, err := w.Posts.Create(w.T.Context(), w.Claire, post.Input{Voice: v.ID, Title: title, Body: "x"})
	w.Must(err)
	p, err = w.Posts.Schedule(w.T.Context(), w.Claire, p.ID, clock.LocalFrom(w.Clock.Now().Add(in), time.UTC))
	w.Must(err)
	return p
}

func put(w *timelinetest.World, v voice.Voice, key string) {
	w.T.Helper()
	o := deliverytest.Out(key)
	o.Voice = v.ID
	w.Must(w.DB.Write(w.T.Context(), func(tx *db.Tx) error {
		_, err := w.Deliveries.EnqueueIn(tx, actor.System(), o)
		return err
	}))
	w.Clock.Advance(time.Second)
}

func view(w *timelinetest.World) *outgoing.View {
	return outgoing.New(outgoing.Options{DB: w.DB, Deliveries: w.Deliveries, Posts: w.Posts})
}

// All that is to leave stands in one list, in the order of leaving, page after page.
func TestAllThatIsToLeaveStandsInOneList(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		schedule(w, w.Voice, "Demain", 24*time.Hour)
		schedule(w, w.Voice, "Après-demain", 48*time.Hour)
		put(w, w.Voice, "un")
		put(w, w.Voice, "deux")
		want := []string{"Note un", "Note deux", "Demain", "Après-demain"}
		for _, size := range []int{1, 2, 3, 10} {
			var seen []string
			for cursor := ""; ; {
				l, err := view(w).List(t.Context(), w.Claire, outgoing.Filter{Cursor: cursor, Limit: size})
				w.Must(err)
				if len(l.Items) > size {
					t.Errorf("%d on a page of %d", len(l.Items), size)
				}
				seen = append(seen, names(l)...)
				if cursor = l.Next; cursor == "" {
					break
				}
			}
			if !slices.Equal(seen, want) {
				t.Errorf("by %d: %q", size, seen)
			}
		}
		if _, err := view(w).List(t.Context(), w.Claire, outgoing.Filter{Cursor: "x"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a cursor that is none: %v", err)
		}
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Claire, true))
		w.Clock.Advance(36 * time.Hour)
		_, err := w.Queue.RunDue(t.Context())
		w.Must(err)
		l, err := view(w).List(t.Context(), w.Claire, outgoing.Filter{State: delivery.Held})
		w.Must(err)
		if got := names(l); !l.Held || len(got) != 4 || !l.Items[2].Post.Held || !l.Items[2].Post.MayRelease(w.Claire) {
			t.Errorf("held: %q %+v", got, l)
		}
		_, err = w.Posts.Release(t.Context(), w.Claire, l.Items[3].Post.ID)
		w.Must(err)
		l, err = view(w).List(t.Context(), w.Claire, outgoing.Filter{State: delivery.Held})
		w.Must(err)
		if got := names(l); len(got) != 3 {
			t.Errorf("held after one was let go: %q", got)
		}
		if l, err = view(w).List(t.Context(), w.Claire, outgoing.Filter{}); err != nil || len(l.Items) != 4 || l.Items[3].Post.Held {
			t.Errorf("to leave: %q %v", names(l), err)
		}
	})
}

// An answer that was sent stands there until it leaves, for who writes in its voice; held, it comes first.
func TestAnAnswerThatWasSentStandsAmongWhatLeaves(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		m := w.Comment(w.Publish("Nos délais"), "Hélène", "helene@morvan.example", "Une date ?")
		schedule(w, w.Voice, "Demain", 24*time.Hour)
		put(w, w.Voice, "un")
		w.Must(w.Inbox.Send(t.Context(), w.Claire, m.ID, "Jeudi."))
		if l, err := view(w).List(t.Context(), w.Claire, outgoing.Filter{}); err != nil || !slices.Equal(names(l), []string{"Note un", "À Hélène", "Demain"}) {
			t.Errorf("%q %v", names(l), err)
		}
		if l, err := view(w).List(t.Context(), w.Person(actor.Editor, other), outgoing.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("of another voice: %q %v", names(l), err)
		}
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Claire, true))
		w.Clock.Advance(time.Hour)
		_, err := w.Queue.RunDue(t.Context())
		w.Must(err)
		l, err := view(w).List(t.Context(), w.Claire, outgoing.Filter{State: delivery.Held})
		w.Must(err)
		if got := names(l); !slices.Contains(got, "À Hélène") || !l.Items[1].Answer.Public {
			t.Errorf("held: %q", got)
		}
	})
}

// One sees what leaves in the voices in which one writes, and may touch what is one's own.
func TestWhatLeavesIsSeenByVoice(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		schedule(w, w.Voice, "Claire", 24*time.Hour)
		schedule(w, other, "Atelier", 25*time.Hour)
		put(w, w.Voice, "claire")
		put(w, other, "atelier")
		put(w, voice.Voice{}, "compte")
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Claire, true))
		for _, c := range []struct {
			by      actor.Actor
			sees    int
			release bool
		}{
			{w.Claire, 5, true}, {actor.Actor{Account: 5, Grants: []actor.Grant{{Role: actor.Editor}}}, 4, true},
			{w.Person(actor.Editor, other), 2, true}, {w.Person(actor.Author, other), 2, false},
		} {
			for _, state := range []string{"", delivery.Held} {
				l, err := view(w).List(t.Context(), c.by, outgoing.Filter{State: state})
				w.Must(err)
				if len(l.Items) != c.sees {
					t.Errorf("%+v sees %q", c.by.Grants, names(l))
				}
				for _, i := range l.Items {
					if i.Post != nil && i.Post.MayRelease(c.by) != c.release {
						t.Errorf("%+v may let %q go: %v", c.by.Grants, i.Post.Title, !c.release)
					}
				}
			}
		}
		if _, err := view(w).List(t.Context(), w.Person(actor.Reader, other), outgoing.Filter{}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a reader lists: %v", err)
		}
	})
}
