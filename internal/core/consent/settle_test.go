package consent_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

var qStand = db.Q("test.standings", `SELECT contact_id, letter, nudge, question FROM consent_standings ORDER BY contact_id`)

// standings are the rows of the projection: the day, why not and the ground, in digits.
func (w *world) standings() string {
	w.t.Helper()
	var all []string
	w.must(w.DB.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All(tx, qStand, func(r db.Row) (string, error) {
			var id fact.ContactID
			var codes [3]int64
			err := r.Scan(&id, &codes[0], &codes[1], &codes[2])
			row := "other"
			if id == w.ana.ID {
				row = "ana"
			}
			for i, purpose := range consent.Purposes() {
				if c := codes[i]; c != 0 {
					row += fmt.Sprintf(" %s %d %02d %02d", purpose, c/10000, c/100%100, c%100)
				}
			}
			return row + "\n", err
		})
		return err
	}))
	slices.Sort(all)
	return strings.Join(all, "")
}

func TestWhereEverybodyStandsFollowsTheLedgerAndItsClocks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ledger.Project()
		want := func(what, rows string) {
			t.Helper()
			got := w.standings()
			if got != rows {
				t.Errorf("%s: %s, want %s", what, got, rows)
			}
			w.must(w.ledger.Rebuild(t.Context()))
			if again := w.standings(); again != got {
				t.Errorf("%s, rebuilt: %s, was %s", what, again, got)
			}
		}
		w.record(w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Wording: "Oui", At: time.Date(2024, 2, 29, 9, 0, 0, 0, time.UTC)})
		want("agreed", "ana letter 20270228 00 01\n")
		w.lastAct = morning
		role := "Gérante"
		if _, err := w.Contacts.Change(t.Context(), actor.System(), w.ana.ID, contact.Patch{Role: &role}); err != nil {
			t.Fatal(err)
		}
		want("wrote", "ana letter 20291126 00 01\n")
		w.record(w.ana.ID, consent.Evidence{Basis: consent.Objection})
		want("objects", "ana letter 0 02 08 nudge 0 02 08 question 0 02 08\n")

		twin, err := w.Contacts.Create(t.Context(), actor.System(), contact.NewContact{Name: "Ana", Role: "Gérante"})
		w.must(err)
		want("known, and nothing said", "ana letter 0 02 08 nudge 0 02 08 question 0 02 08\nother\n")
		w.record(twin.ID, consent.Evidence{Purpose: consent.Question, Basis: consent.Function, Jurisdiction: "FR", Source: "Annuaire"})
		want("without a theme", "ana letter 0 02 08 nudge 0 02 08 question 0 02 08\nother question 0 05 03\n")
		w.must(w.Contacts.Merge(t.Context(), actor.System(), twin.ID, w.ana.ID))
		want("merged", "other letter 0 02 08 nudge 0 02 08 question 0 02 08\n")
		w.must(w.Contacts.Erase(t.Context(), actor.System(), twin.ID))
		want("erased", "")
	})
}

// Whoever's address takes no mail stands as refused, until it takes it again; another address of theirs that is proved is the one to write to.
func TestWhoseAddressTakesNoMailStandsAsSuppressed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ledger.Project()
		refusing := map[string]bool{}
		w.ledger.RegisterRefusing(func(*db.Tx, ...string) (map[string]bool, error) { return refusing, nil })
		w.record(w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Wording: "Oui", At: time.Date(2024, 2, 29, 9, 0, 0, 0, time.UTC)})
		address := w.ana.Email()
		change := func(what, want string) {
			t.Helper()
			w.must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
				return w.ledger.AddressesChangedIn(tx, strings.ToUpper(address), "nobody@x.example")
			}))
			if got := w.standings(); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		refusing[address] = true
		change("refused", "ana letter 0 09 01\n")
		clear(refusing)
		change("lifted", "ana letter 20270228 00 01\n")
	})
}
