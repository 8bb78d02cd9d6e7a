package timeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/voice"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/view/timeline"
	"causerie/internal/view/timeline/timelinetest"
)

func TestASubscriptionIsAnActOfWhoConfirmedIt(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		claire := subscription.Follow{Voice: w.Voice.ID}
		w.Comment(w.Publish("Nos délais"), "Paul", "paul@kervella.example", "Bonjour")
		wish := w.Wish("paul@kervella.example", claire)
		paul, _, err := w.Contacts.List(t.Context(), w.Claire, contact.Filter{Query: "Paul", Limit: 1})
		w.Must(err)
		if got := w.Kinds(paul[0].ID); !slices.Equal(got, []string{timeline.Commented}) {
			t.Errorf("before the confirmation: %v", got)
		}
		w.Clock.Advance(time.Hour)
		w.Must(w.Subscriptions.Confirm(t.Context(), wish))
		w.Must(w.Subscriptions.Confirm(t.Context(), wish))
		if got := w.Kinds(paul[0].ID); !slices.Equal(got, []string{timeline.Subscribed + "!", timeline.Commented + "!"}) {
			t.Errorf("confirmed: %v", got)
		}
		items, _, err := w.Timeline.List(t.Context(), w.Claire, paul[0].ID, 1, "")
		w.Must(err)
		if it := items[0]; it.Label != w.Voice.Name || it.Words != "" || it.RefKind != "voice" || it.Ref != int64(w.Voice.ID) || !it.Own() || it.Path() != "" {
			t.Errorf("it reads %+v", it)
		}

		other := w.AddVoice("L’atelier", "atelier")
		sec := w.Section(other, "Métier", "metier")
		_, token := w.Subscribe("paul@kervella.example", subscription.Follow{Voice: other.ID, Section: sec.ID})
		w.Clock.Advance(time.Hour)
		w.Must(w.Subscriptions.Leave(t.Context(), token, w.Voice.ID))
		want := []string{timeline.Unsubscribed + "!", timeline.Subscribed + "!", timeline.Subscribed + "!", timeline.Commented + "!"}
		if got := w.Kinds(paul[0].ID); !slices.Equal(got, want) {
			t.Errorf("left: %v", got)
		}
		items, _, err = w.Timeline.List(t.Context(), w.Claire, paul[0].ID, 2, "")
		w.Must(err)
		if items[0].Label != w.Voice.Name || items[1].Label != "L’atelier, Métier" || items[1].RefKind != "section" {
			t.Errorf("they read %+v", items)
		}
		// Who takes the whole voice instead of a section has not left it, and who comes back subscribed twice.
		w.Subscribe("paul@kervella.example", claire, subscription.Follow{Voice: other.ID})
		want = append([]string{timeline.Subscribed + "!", timeline.Subscribed + "!"}, want[1:]...)
		if got := w.Kinds(paul[0].ID); !slices.Equal(got, want) {
			t.Errorf("came back: %v", got)
		}
	})
}

// Whom somebody of the house or a list subscribed did nothing: what they do themselves afterwards is told.
func TestWhoWasBroughtByAListDidNotSubscribe(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		claire := subscription.Follow{Voice: w.Voice.ID}
		for _, by := range []actor.Actor{w.Claire, actor.Importer()} {
			email := fmt.Sprint("zoe", by.Account, "@ailleurs.example")
			c, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Zoé", Email: email})
			w.Must(err)
			_, err = w.Consents.Record(t.Context(), by, c.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Oui."})
			if err != nil {
				continue // only the owner may
			}
			all, err := w.Subscriptions.OfContact(t.Context(), w.Claire, c.ID)
			w.Must(err)
			if len(all) != 1 || len(all[0].Follows) != 1 {
				t.Fatalf("%+v", all)
			}
			if got := w.Kinds(c.ID); !slices.Equal(got, []string{timeline.Met}) {
				t.Errorf("brought: %v", got)
			}
			w.Verify(c.ID)
			w.Clock.Advance(time.Hour)
			_, token := w.Subscribe(email, claire) // they followed already; now they ask for it
			if got := w.Kinds(c.ID); !slices.Equal(got, []string{timeline.Subscribed + "!", timeline.Met}) {
				t.Errorf("asked: %v", got)
			}
			w.Clock.Advance(time.Hour)
			w.Must(w.Subscriptions.Leave(t.Context(), token, 0))
			if got := w.Kinds(c.ID); !slices.Equal(got, []string{timeline.Unsubscribed + "!", timeline.Subscribed + "!", timeline.Met}) {
				t.Errorf("left: %v", got)
			}
		}
	})
}

func TestASubscriptionIsSeenByWhoMaySeeItsVoice(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		other := w.AddVoice("L’atelier", "atelier")
		paul, token := w.Subscribe("paul@kervella.example", subscription.Follow{Voice: w.Voice.ID}, subscription.Follow{Voice: other.ID})
		w.Clock.Advance(time.Hour)
		w.Must(w.Subscriptions.Leave(t.Context(), token, w.Voice.ID))
		see := func(by actor.Actor) (all []string) {
			items, _, err := w.Timeline.List(t.Context(), by, paul.ID, 100, "")
			w.Must(err)
			for _, it := range items {
				all = append(all, it.Kind+" "+it.Label)
			}
			slices.Sort(all)
			return all
		}
		if d := cmp.Diff([]string{"subscribed L’atelier"}, see(w.Person(actor.Author, other))); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"subscribed " + w.Voice.Name, "unsubscribed " + w.Voice.Name}, see(w.Person(actor.Author, w.Voice))); d != "" {
			t.Error(d)
		}
		if n := len(see(w.Claire)); n != 3 {
			t.Errorf("the owner sees %d", n)
		}
	})
}

// Each gesture that changes whose subscriptions are, or that they are, leaves the rows that Rebuild makes.
func TestRebuildGivesTheRowsOfSubscriptions(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		atelier, jeanne := w.AddVoice("L’atelier", "atelier"), w.AddVoice("Jeanne", "jeanne")
		metier := w.Section(jeanne, "Métier", "metier")
		claire, whole, section := subscription.Follow{Voice: w.Voice.ID}, subscription.Follow{Voice: jeanne.ID}, subscription.Follow{Voice: jeanne.ID, Section: metier.ID}
		gone := subscription.Follow{Voice: atelier.ID}
		same := func(after string, n int) {
			t.Helper()
			want := rows(w)
			w.Must(w.Timeline.Rebuild(t.Context()))
			if d := cmp.Diff(want, rows(w)); d != "" {
				t.Errorf("%s, projected, then rebuilt:\n%s", after, d)
			}
			if len(want) != n {
				t.Errorf("%s, %d rows, want %d: %v", after, len(want), n, want)
			}
		}
		ana, anas := w.Subscribe("ana@kervella.example", claire, gone, section)
		bea, beas := w.Subscribe("bea@kervella.example", gone, whole)
		cid, cids := w.Subscribe("cid@kervella.example", gone)
		same("subscribed", 6)
		w.Clock.Advance(time.Hour)
		w.Must(w.Subscriptions.Leave(t.Context(), cids, 0))
		w.Must(w.Subscriptions.Leave(t.Context(), anas, jeanne.ID))
		w.Must(w.Subscriptions.Choose(t.Context(), beas, subscription.Chosen{Wish: subscription.Wish{Follows: []subscription.Follow{gone, section}, Lang: "fr-FR"}, Wording: "Oui."}))
		same("left and chose", 9)
		w.Clock.Advance(time.Hour)
		w.Subscribe("ana@kervella.example", whole)
		same("came back", 9)
		w.Must(w.Contacts.Merge(t.Context(), w.Claire, ana.ID, cid.ID))
		same("merged", 9)
		_, err := w.Contacts.Part(t.Context(), w.Claire, cid.ID)
		w.Must(err)
		same("parted", 9)
		w.Must(w.Posts.RemoveSection(t.Context(), w.Claire, metier.ID, 0))
		same("without the section", 7)
		w.Must(w.Voices.Remove(t.Context(), w.Claire, atelier.ID, voice.Removal{Heir: jeanne.ID}))
		same("without the voice", 4)
		c, err := w.Contacts.Get(t.Context(), w.Claire, bea.ID)
		w.Must(err)
		w.Must(w.Contacts.RemoveHandle(t.Context(), w.Claire, bea.ID, c.Handles[0].ID))
		same("without the address", 3)
		w.Must(w.Contacts.Erase(t.Context(), w.Claire, ana.ID))
		same("erased", 0)
	})
}
