package consent_test

import (
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

var qStand = db.Q("test.standings", `SELECT contact_id, purpose, until, why, basis FROM consent_standings ORDER BY contact_id, purpose`)

// standings are the rows of the projection, in words.
func (w *world) standings() string {
	w.t.Helper()
	var all []string
	w.must(w.DB.Read(w.t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All(tx, qStand, func(r db.Row) (string, error) {
			var id fact.ContactID
			var purpose, why, until, basis string
			err := r.Scan(&id, &purpose, &until, &why, &basis)
			name := "other"
			if id == w.ana.ID {
				name = "ana"
			}
			return strings.Join(strings.Fields(strings.Join([]string{name, purpose, until, why, basis}, " ")), " ") + "\n", err
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
		want("agreed", "ana letter 2027-02-28 consent\n")
		w.lastAct = morning
		role := "Gérante"
		if _, err := w.Contacts.Change(t.Context(), actor.System(), w.ana.ID, contact.Patch{Role: &role}); err != nil {
			t.Fatal(err)
		}
		want("wrote", "ana letter 2029-11-26 consent\n")
		w.record(w.ana.ID, consent.Evidence{Basis: consent.Objection})
		want("objects", "ana letter objected objection\nana nudge objected objection\nana question objected objection\n")

		twin, err := w.Contacts.Create(t.Context(), actor.System(), contact.NewContact{Name: "Ana", Role: "Gérante"})
		w.must(err)
		w.record(twin.ID, consent.Evidence{Purpose: consent.Question, Basis: consent.Function, Jurisdiction: "FR", Source: "Annuaire"})
		want("without a theme", "ana letter objected objection\nana nudge objected objection\nana question objected objection\nother question conditions professional_function\n")
		w.must(w.Contacts.Merge(t.Context(), actor.System(), twin.ID, w.ana.ID))
		want("merged", "other letter objected objection\nother nudge objected objection\nother question objected objection\n")
		w.must(w.Contacts.Erase(t.Context(), actor.System(), twin.ID))
		want("erased", "")
	})
}
