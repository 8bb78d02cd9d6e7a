package consent_test

import (
	"testing"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

func TestTheRowsOfAListAreOneChainInTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		paul, err := w.Contacts.Create(t.Context(), actor.System(), contact.NewContact{Name: "Paul", Email: "paul@kervella.example"})
		w.must(err)
		w.record(w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Wording: "Oui", At: morning.AddDate(-1, 0, 0)})
		var entries []consent.Entry
		for range 60 { // more than one statement holds
			yes, err := consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Wording: "Oui", Source: "Mailchimp", At: morning.AddDate(0, -2, 0)}.Checked("FR", morning)
			w.must(err)
			no, err := consent.Evidence{Basis: consent.Withdrawal, At: yes.At}.Checked("FR", morning)
			w.must(err)
			entries = append(entries, consent.Entry{Contact: paul.ID, Evidence: yes}, consent.Entry{Contact: paul.ID, Evidence: no})
		}
		w.must(w.DB.Write(t.Context(), func(tx *db.Tx) error { return w.ledger.RecordManyIn(tx, actor.Importer(), entries) }))
		if n, err := w.verify(); n != 121 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
		rows, err := w.ledger.Of(t.Context(), actor.System(), paul.ID)
		w.must(err)
		if rows[0].Basis != consent.Withdrawal || rows[1].Source != "Mailchimp" || !w.ledger.IsFor(rows[0], paul.Handles[0]) {
			t.Errorf("%+v", rows[:2])
		}
		all, err := w.ledger.Standings(t.Context(), actor.System(), paul.ID, contact.Email)
		w.must(err)
		if all[consent.Letter].Why != consent.Withdrawn { // of the same instant, what came last
			t.Errorf("%+v", all[consent.Letter])
		}
		gone := []consent.Entry{{Contact: fact.ContactID(7), Evidence: entries[0].Evidence}}
		if err := w.DB.Write(t.Context(), func(tx *db.Tx) error { return w.ledger.RecordManyIn(tx, actor.Importer(), gone) }); err == nil {
			t.Error("a row about nobody was added")
		}
	})
}
