package today_test

import (
	"fmt"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery/deliverytest"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/view/timeline/timelinetest"
	"causerie/internal/view/today"
)

func view(w *timelinetest.World) *today.View {
	return today.New(today.Options{DB: w.DB, House: w.House, Contacts: w.Contacts, Deliveries: w.Deliveries, Inbox: w.Inbox, Mandates: w.Mandates})
}

func get(w *timelinetest.World) today.Today {
	w.T.Helper()
	t, err := view(w).Get(w.T.Context(), w.Claire)
	w.Must(err)
	return t
}

func TestANewHouseIsToldWhereToBegin(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		got := get(w)
		if got.Load() != 0 || got.Begin.Published || !got.Begin.Identified || got.Begin.Done() || got.Begin.Accounts != 0 {
			t.Errorf("at first: %+v", got)
		}
		w.Publish("Nos délais")
		if got = get(w); !got.Begin.Done() {
			t.Errorf("once published: %+v", got.Begin)
		}
	})
}

func TestTodayShowsWhatWaitsWhatComesAndWhatLeaves(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		p := w.Publish("Nos délais")
		held := w.Comment(p, "Hélène", "helene@morvan.example", "Une date sûre")
		for i := range 6 {
			w.Request(fmt.Sprint("Demandeur ", i), fmt.Sprintf("d%d@ailleurs%d.example", i, i), "Un devis ?", "")
		}
		w.Request("Hélène", "helene@morvan.example", "Et pour moi ?", "")
		day := clock.DayOf(w.Clock.Now(), time.UTC)
		for i, title := range []string{"en retard", "aujourd’hui", "après-demain", "la semaine prochaine"} {
			_, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: title, Contact: held.Contact, NextAct: "Rappeler", NextOn: day.Add([]int{-1, 0, 2, 7}[i])})
			w.Must(err)
		}
		w.Win("gagné", held.Contact, 12_400_00)
		for i, title := range []string{"demain", "dans un mois"} {
			next, err := w.Posts.Create(t.Context(), w.Claire, post.Input{Voice: w.Voice.ID, Title: title, Body: "x"})
			w.Must(err)
			_, err = w.Posts.Schedule(t.Context(), w.Claire, next.ID, clock.Local{Day: day.Add([]int{1, 30}[i]), Hour: 8})
			w.Must(err)
		}
		w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.Deliveries.EnqueueIn(tx, w.Claire, deliverytest.Out("x"))
			return err
		}))
		w.Must(w.Deliveries.HoldAll(t.Context(), w.Claire, true))

		got := get(w)
		if got.Answers != 7 || len(got.Waiting) != 5 || got.Waiting[0].Name != "Demandeur 0" || got.Held != 1 {
			t.Errorf("waiting: %d, held %d, %+v", got.Answers, got.Held, got.Waiting)
		}
		if len(got.Acts) != 3 || !got.Acts[0].Late || got.Acts[1].Late || got.Acts[2].Title != "après-demain" || got.Acts[0].Name != "Hélène" {
			t.Errorf("acts: %+v", got.Acts)
		}
		if len(got.Scheduled) != 1 || got.Scheduled[0].Title != "demain" || got.Scheduled[0].Voice != "Claire Aubin" {
			t.Errorf("scheduled: %+v", got.Scheduled)
		}
		if got.Leaving != (today.Leaving{Held: 1, All: true}) {
			t.Errorf("leaving: %+v", got.Leaving)
		}
		if m := got.Month; m.Requests != 7 || m.Readers != 1 || m.Won != 1 || len(m.Amounts) != 1 || m.Amounts[0].Cents != 12_400_00 || !m.Since.Equal(held.At) {
			t.Errorf("the month: %+v", m)
		}
	})
}

func TestTodayIsForThoseWhoAreOfTheHouse(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		w.Request("Paul", "paul@kervella.example", "Bonjour", "")
		reader := actor.Actor{Account: 5, Grants: []actor.Grant{{Voice: int64(w.Voice.ID), Role: actor.Reader}}}
		if got, err := view(w).Get(t.Context(), reader); err != nil || got.Load() != 0 || got.Now.IsZero() {
			t.Errorf("a reader sees %+v, %v", got, err)
		}
		elsewhere := actor.Actor{Account: 6, Grants: []actor.Grant{{Voice: 99, Role: actor.Author}}}
		if got, err := view(w).Get(t.Context(), elsewhere); err != nil || got.Answers != 0 || len(got.Waiting) != 0 {
			t.Errorf("an author of another voice sees %+v, %v", got.Waiting, err)
		}
		if _, err := view(w).Get(t.Context(), actor.Visitor()); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a visitor gets %v", err)
		}
	})
}

// Who had subscribed before they asked was known already; who was brought by a list, or left a letter that they never asked for, was not.
func TestTheMonthKnowsWhoHadSubscribed(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		first, _ := w.Subscribe("paul@kervella.example", subscription.Follow{Voice: w.Voice.ID})
		brought, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Zoé", Email: "zoe@ailleurs.example"})
		w.Must(err)
		_, err = w.Consents.Record(t.Context(), w.Claire, brought.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Oui."})
		w.Must(err)
		w.Must(w.Subscriptions.Leave(t.Context(), w.Subscriptions.ChoicesToken(brought.Handles[0].ID, 0), 0))
		since := w.Clock.Now()
		for _, email := range []string{"paul@kervella.example", "zoe@ailleurs.example", "autre@ailleurs.example"} {
			m := w.Request("Quelqu’un", email, "Une salle", "")
			w.Must(w.Inbox.Approve(t.Context(), w.Claire, m.ID))
		}
		if m := get(w).Month; m.Requests != 3 || m.Readers != 1 || !m.Since.Equal(since) {
			t.Errorf("%+v, since %v of %v", m, since, first.ID)
		}
	})
}
