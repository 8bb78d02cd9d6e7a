package attribution_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/money"
	"causerie/internal/view/attribution"
	"causerie/internal/view/timeline/timelinetest"
)

// told writes what a journey says, for comparison.
func told(j attribution.Journey) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", j.Declared)
	for _, m := range j.Observed {
		fmt.Fprintf(&b, " observed:%s/%s", m.Kind, m.Words)
	}
	for _, p := range j.Presumed {
		fmt.Fprintf(&b, " %s:%s/%s", p.Why, p.ContactName, p.Words)
	}
	return b.String()
}

func TestWhatWasProvedIsObservedAndTheRestIsPresumed(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		v := attribution.New(w.DB)
		p := w.Publish("Nos délais")
		w.Comment(p, "Paul", "paul@kervella.example", "avant")
		w.Comment(p, "Ana", "ana@kervella.example", "collègue")
		w.Comment(p, "Zoé", "zoe@gmail.com", "personne")
		r := w.Request("Paul", "paul@kervella.example", "une salle", "le lundi")
		m, err := w.Mandates.FromMessage(t.Context(), w.Claire, r.ID)
		w.Must(err)
		w.Comment(p, "Paul", "paul@kervella.example", "après")

		j, err := v.Journey(t.Context(), w.Claire, m.ID)
		if want := `"le lundi" unverified:Paul/avant unverified:Paul/une salle colleague:Ana/collègue`; err != nil || told(j) != want {
			t.Errorf("before a proof: %s, %v", told(j), err)
		}
		w.Verify(r.Contact)
		if j, err = v.Journey(t.Context(), w.Claire, m.ID); err != nil || told(j) != `"le lundi" observed:commented/avant observed:asked/une salle colleague:Ana/collègue` {
			t.Errorf("after it: %s, %v", told(j), err)
		}
		if j.Observed[0].Label != "Nos délais" {
			t.Errorf("the comment was on %q", j.Observed[0].Label)
		}
		other := w.Comment(p, "P. K.", "pk@gmail.com", "ailleurs").Contact
		w.Must(w.Contacts.Merge(t.Context(), w.Claire, r.Contact, other)) // later than the mandate: it changes nothing
		if again, err := v.Journey(t.Context(), w.Claire, m.ID); err != nil || told(again) != told(j) {
			t.Errorf("after a merge: %s, %v", told(again), err)
		}
		if _, err := v.Journey(t.Context(), w.Claire, 42); !fault.Is(err, fault.KindNotFound) || err.Error() != "mandate.not_found" {
			t.Errorf("of no mandate: %v", err)
		}
		if _, err := v.Of(t.Context(), actor.Visitor()); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("for a visitor: %v", err)
		}
	})
}

func TestTheReportCountsAndItsPagesHoldEveryCaseOnce(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		v := attribution.New(w.DB)
		p := w.Publish("Nos délais")
		reader := w.Comment(p, "Paul", "paul@kervella.example", "bonjour").Contact
		w.Verify(reader)
		doubtful := w.Comment(p, "Zoé", "zoe@gmail.com", "bonjour").Contact
		stranger, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Yves"})
		w.Must(err)
		for i := range 4 {
			w.Win(fmt.Sprint("gagné ", i), reader, 1_000_00)
		}
		w.Win("peut-être", doubtful, 50_00)
		w.Win("d’ailleurs", stranger.ID, 7_00)
		_, err = w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: "en cours", Contact: reader, Declared: "par Sophie", Currency: "CAD"})
		w.Must(err)

		seen, cursor := 0, ""
		var r attribution.Report
		for {
			if r, err = v.Page(t.Context(), w.Claire, attribution.Query{Cursor: cursor, Limit: 3}); err != nil {
				t.Fatal(err)
			}
			seen += len(r.Cases)
			if cursor = r.Next; cursor == "" {
				break
			}
		}
		if seen != 7 || r.All.Count != 7 || r.Won.Count != 6 || r.Open.Count != 1 || r.Won.Observed != 4 || r.Won.Presumed != 1 || r.All.Declared != 1 {
			t.Errorf("%d cases, %+v", seen, r)
		}
		if len(r.Won.Amounts) != 1 || r.Won.Amounts[0] != (money.Amount{Currency: "EUR", Cents: 4_057_00}) {
			t.Errorf("won %v", r.Won.Amounts)
		}
	})
}

// Who only subscribed is among the observed and counted apart; a leaving is evidence of nothing, a subscription after the mandate of nothing
// either, and who was brought by a list did nothing.
func TestASubscriptionIsEvidenceOfItsOwnKind(t *testing.T) {
	timelinetest.Each(t, func(t *testing.T, w *timelinetest.World) {
		v := attribution.New(w.DB)
		claire := subscription.Follow{Voice: w.Voice.ID}
		paul, token := w.Subscribe("paul@kervella.example", claire)
		w.Clock.Advance(time.Minute)
		w.Must(w.Subscriptions.Leave(t.Context(), token, 0))
		first := w.Win("La salle", paul.ID, 100_00)
		w.Comment(w.Publish("Nos délais"), "Paul", "paul@kervella.example", "après")
		second := w.Win("Le banc", paul.ID, 100_00)
		zoe, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Zoé", Email: "zoe@gmail.com"})
		w.Must(err)
		_, err = w.Consents.Record(t.Context(), w.Claire, zoe.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Oui."})
		w.Must(err)
		third := w.Win("La table", zoe.ID, 100_00)
		w.Subscribe("zoe@gmail.com", claire)
		ana, err := w.Contacts.Create(t.Context(), w.Claire, contact.NewContact{Name: "Ana", Email: "ana@kervella.example"})
		w.Must(err)
		fourth := w.Win("Le lit", ana.ID, 100_00)

		for _, c := range []struct {
			of   mandate.Mandate
			want string
		}{
			{first, `"" observed:subscribed/`}, {second, `"" observed:subscribed/ observed:commented/après`}, {third, `""`},
			{fourth, `"" colleague:/ colleague:/après`},
		} {
			j, err := v.Journey(t.Context(), w.Claire, c.of.ID)
			if got := strings.ReplaceAll(told(j), "Paul", ""); err != nil || got != c.want {
				t.Errorf("%s: %s, %v; want %s", c.of.Title, got, err, c.want)
			}
			if len(j.Observed) > 0 && j.Observed[0].Label != w.Voice.Name {
				t.Errorf("it was of %q", j.Observed[0].Label)
			}
		}
		r, err := v.Of(t.Context(), w.Claire)
		w.Must(err)
		if r.Won.Count != 4 || r.Won.Observed != 2 || r.Won.Subscribed != 1 || r.Won.Presumed != 1 {
			t.Errorf("%+v", r.Won)
		}
		other := w.AddVoice("L’atelier", "atelier")
		if r, err = v.Of(t.Context(), w.Person(actor.Author, other)); err != nil || r.All.Count != 0 || r.All.Subscribed != 0 {
			t.Errorf("who writes in another voice: %+v, %v", r.All, err)
		}
	})
}

func TestNoShareBelowTwentyWins(t *testing.T) {
	t.Parallel()
	for wins, want := range map[int]bool{0: false, 19: false, 20: true} {
		r := attribution.Report{Won: attribution.Tally{Count: wins, Observed: wins / 2}}
		if percent, ok := r.Share(); ok != want || ok && percent != 50 {
			t.Errorf("%d wins: %d, %v", wins, percent, ok)
		}
	}
}
