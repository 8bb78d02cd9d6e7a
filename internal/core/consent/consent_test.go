package consent_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/schema"
)

var morning = time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)

type world struct {
	*coretest.Core
	t       *testing.T
	ledger  *consent.Service
	ana     contact.Contact
	lastAct time.Time
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func each(t *testing.T, run func(t *testing.T, w *world)) {
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) {
		w := &world{Core: coretest.New(t, d), t: t}
		w.ledger = consent.New(consent.Options{DB: d, Bus: w.Bus, House: w.House, Contacts: w.Contacts, Box: w.Box})
		w.ledger.RegisterActs(func(_ *db.Tx, people []fact.ContactID) (map[fact.ContactID]time.Time, error) {
			if w.lastAct.IsZero() {
				return nil, nil
			}
			return map[fact.ContactID]time.Time{people[0]: w.lastAct}, nil
		})
		w.SetUp(coretest.Aubin(), coretest.Claire())
		var err error
		w.ana, err = w.Contacts.Create(t.Context(), actor.System(), contact.NewContact{Name: "Ana Le Goff", Email: "ana@legoff.example"})
		w.must(err)
		run(t, w)
	}, dbtest.ClockAt(morning))
}

func (w *world) record(id fact.ContactID, e consent.Evidence) consent.Consent {
	w.t.Helper()
	c, err := w.ledger.Record(w.t.Context(), actor.System(), id, e)
	w.must(err)
	return c
}

func (w *world) gate(ds ...delivery.Delivery) (refused map[fact.DeliveryID]string) {
	w.t.Helper()
	w.must(w.DB.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		refused, err = w.ledger.Gate(tx, ds)
		return err
	}))
	return refused
}

func (w *world) verify() (n int, err error) {
	err = w.DB.Read(w.t.Context(), func(tx *db.Tx) error {
		n, err = consent.Verify(tx)
		return err
	})
	return n, err
}

func TestTheGateAsksAtTheInstantOfSending(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		letter := delivery.Delivery{ID: 1, Contact: w.ana.ID}
		letter.Purpose = consent.Letter
		plain := delivery.Delivery{ID: 2, Contact: w.ana.ID}
		plain.Purpose = delivery.PurposeConversation
		nobody := delivery.Delivery{ID: 3}
		nobody.Purpose = consent.Letter
		if got := w.gate(letter, plain, nobody); len(got) != 2 || got[1] != "consent_none" || got[3] != "consent_none" {
			t.Errorf("%v", got)
		}
		w.record(w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Wording: "Recevoir la lettre d’Ateliers Aubin", At: morning.AddDate(-3, 0, -1)})
		if got := w.gate(letter); got[1] != "consent_lapsed" {
			t.Errorf("%v", got)
		}
		w.lastAct = morning.AddDate(-1, 0, 0)
		if got := w.gate(letter); len(got) != 0 {
			t.Errorf("%v", got)
		}
		w.record(w.ana.ID, consent.Evidence{Basis: consent.Withdrawal})
		if got := w.gate(letter); got[1] != "consent_withdrawn" {
			t.Errorf("%v", got)
		}
	})
}

func TestAReferralIsOneMessageHoweverOftenItIsTried(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.record(w.ana.ID, consent.Evidence{Purpose: consent.Nudge, Basis: consent.Referral, Jurisdiction: "ca", Source: "Recommandée par Marie Le Bihan"})
		first, second := delivery.Delivery{ID: 1, Contact: w.ana.ID}, delivery.Delivery{ID: 2, Contact: w.ana.ID}
		first.Purpose, second.Purpose = consent.Nudge, consent.Nudge
		if got := w.gate(first, second); len(got) != 1 || got[2] != "consent_used" {
			t.Errorf("%v", got)
		}
		if got := w.gate(first); len(got) != 0 { // deferred by the server, tried again
			t.Errorf("%v", got)
		}
		if n, err := w.verify(); n != 2 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

// The first mail to somebody whom nobody told where their address comes from says so; they were told when it left, not when it was tried, and
// no mail says it again.
func TestTheFirstMailTellsWhereTheAddressComesFromAndIsNotedWhenItLeft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		role := "Directrice des achats"
		_, err := w.Contacts.Change(t.Context(), actor.System(), w.ana.ID, contact.Patch{Role: &role})
		w.must(err)
		w.record(w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Function, Source: "Annuaire des architectes", Theme: "Nos délais"})
		first := delivery.Delivery{ID: 1, Contact: w.ana.ID, Purpose: consent.Letter}
		let := func(d delivery.Delivery) delivery.Delivery {
			t.Helper()
			batch := []delivery.Delivery{{ID: 9, Purpose: delivery.PurposeAccount}, d}
			if got := w.gate(batch...); len(got) != 0 {
				t.Errorf("%v", got)
			}
			return batch[1]
		}
		end := func(d delivery.Delivery, state string) {
			t.Helper()
			w.must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
				return w.ledger.Ended(tx, []delivery.Ended{{Delivery: d, Outcome: delivery.Outcome{State: state}}})
			}))
		}
		for _, state := range []string{delivery.Deferred, delivery.Refused, delivery.Uncertain} {
			d := let(first)
			if d.Origin != "Annuaire des architectes" || d.Ground != consent.Function {
				t.Errorf("%+v", d)
			}
			end(d, state)
		}
		w.DB.Clock().(*clock.Manual).Advance(30 * 24 * time.Hour)
		end(let(first), delivery.Sent)
		all, err := w.ledger.Of(t.Context(), actor.System(), w.ana.ID)
		w.must(err)
		if len(all) != 2 || all[0].Basis != consent.Told || all[0].Delivery != 1 || !all[0].Informed.Equal(w.DB.Clock().(*clock.Manual).Now()) {
			t.Errorf("%+v", all)
		}
		w.DB.Clock().(*clock.Manual).Advance(24 * time.Hour)
		second := let(delivery.Delivery{ID: 2, Contact: w.ana.ID, Purpose: consent.Letter})
		if second.Origin != "" {
			t.Errorf("%+v", second)
		}
		end(second, delivery.Sent)
		if n, err := w.verify(); n != 2 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

func TestWhoIsToldByNothingIsFrozenOnTheThirtyFirstDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		role := "Directrice des achats"
		_, err := w.Contacts.Change(t.Context(), actor.System(), w.ana.ID, contact.Patch{Role: &role})
		w.must(err)
		e := consent.Evidence{Purpose: consent.Letter, Basis: consent.Function, Source: "Annuaire des architectes", Theme: "Nos délais"}
		w.record(w.ana.ID, e)
		w.DB.Clock().(*clock.Manual).Advance(31 * 24 * time.Hour)
		w.record(w.ana.ID, e) // to enter them once more changes nothing
		letter := delivery.Delivery{ID: 1, Contact: w.ana.ID, Purpose: consent.Letter}
		if got := w.gate(letter); got[1] != "consent_frozen" {
			t.Errorf("%v", got)
		}
		e.Informed = w.DB.Clock().(*clock.Manual).Now()
		w.record(w.ana.ID, e)
		if got := w.gate(letter); len(got) != 0 {
			t.Errorf("%v", got)
		}
	})
}

var (
	qChange = db.Query{Name: "test.change", SQL: `UPDATE consents SET basis = 'client'`}
	qDelete = db.Query{Name: "test.delete", SQL: `DELETE FROM consents`}
)

func TestARowIsNeverChangedOrDeleted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.record(w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Wording: "Oui."})
		for _, q := range []db.Query{qChange, qDelete} {
			err := w.DB.Write(t.Context(), func(tx *db.Tx) error { _, err := db.Exec(tx, q); return err })
			if err == nil || !strings.Contains(err.Error(), "rows are only added") {
				t.Errorf("%s: %v", q.Name, err)
			}
		}
		if n, err := w.verify(); n != 1 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

// Whoever has the disk can take the triggers away; the chain tells.
func TestTheChainTellsWhatWasDoneBehindItsBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, basis := range []string{consent.Client, consent.ImpliedPurchase, consent.Client} {
			w.record(w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: basis, Source: "Salon de Quimper"})
		}
		broken := errorString("back again")
		for name, sql := range map[string]string{
			"changed": `UPDATE consents SET basis = 'consent' WHERE seq = 2`, "missing": `DELETE FROM consents WHERE seq = 2`,
			"was changed": `UPDATE consent_sources SET source = 'Un ami' WHERE consent_id IN (SELECT id FROM consents WHERE seq = 3)`,
		} {
			err := w.DB.ChangeSchema(t.Context(), func(tx *db.Tx) error {
				drop := []string{`DROP TRIGGER consents_kept`, `DROP TRIGGER consents_stay`, `DELETE FROM consent_sources WHERE consent_id IN (SELECT id FROM consents WHERE seq = 2)`}
				if w.DB.Engine() == db.Postgres {
					drop[0], drop[1] = `DROP TRIGGER consents_kept ON consents`, `DROP TRIGGER consents_stay ON consents`
				}
				for _, sql := range append(drop, sql) {
					if _, err := db.Exec(tx, db.Once(db.Query{Name: "test.tamper", SQL: sql})); err != nil {
						return err
					}
				}
				if _, err := consent.Verify(tx); err == nil || !strings.Contains(err.Error(), name) {
					t.Errorf("%s: %v", name, err)
				}
				return broken
			})
			if err != broken {
				t.Fatal(err)
			}
		}
	})
}

type errorString string

func (e errorString) Error() string { return string(e) }

func TestWhoIsErasedLeavesEvidenceAboutNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		twin, err := w.Contacts.Create(t.Context(), actor.System(), contact.NewContact{Name: "Ana", Email: "ana@ailleurs.example"})
		w.must(err)
		w.record(twin.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Client, Source: "Achat de Madame Le Goff"})
		w.must(w.Contacts.Merge(t.Context(), actor.System(), w.ana.ID, twin.ID))
		all, err := w.ledger.Of(t.Context(), actor.System(), w.ana.ID)
		w.must(err)
		if len(all) != 1 || all[0].Source == "" {
			t.Fatalf("of whom they were merged with: %+v", all)
		}
		w.must(w.Contacts.Erase(t.Context(), actor.System(), w.ana.ID))
		if n, err := w.verify(); n != 1 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
		w.must(w.DB.Read(t.Context(), func(tx *db.Tx) error {
			for address, want := range map[string]bool{"Ana@LeGoff.example": true, "ana@ailleurs.example": true, "paul@legoff.example": false} {
				h, err := w.Contacts.ReadIn(tx, contact.Address(address))
				w.must(err)
				if at, erased, err := w.ledger.IsErasedIn(tx, h); err != nil || erased != want || want && !at.Equal(morning) {
					t.Errorf("%s: %v %v %v", address, erased, at, err)
				}
			}
			return nil
		}))
		if _, err := w.ledger.Of(t.Context(), actor.System(), w.ana.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatIsNoEvidenceIsRefusedAtItsField(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for field, e := range map[string]consent.Evidence{
			"basis":        {Purpose: consent.Letter, Basis: "hope"},
			"purpose":      {Purpose: "everything", Basis: consent.Client},
			"channel":      {Channel: "pigeon", Purpose: consent.Letter, Basis: consent.Client},
			"jurisdiction": {Purpose: consent.Letter, Basis: consent.Client, Jurisdiction: "Québec"},
			"wording":      {Purpose: consent.Letter, Basis: consent.Agreement},
			"source":       {Purpose: consent.Letter, Basis: consent.Function},
			"at":           {Purpose: consent.Letter, Basis: consent.Client, At: morning.AddDate(0, 0, 1)},
			"informed_at":  {Purpose: consent.Letter, Basis: consent.Client, Informed: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)},
		} {
			_, err := w.ledger.Record(t.Context(), actor.System(), w.ana.ID, e)
			if p := fault.ProblemsOf(err); len(p) != 1 || p[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		reader := actor.Actor{Account: 1, Grants: []actor.Grant{{Role: actor.Reader}}}
		if _, err := w.ledger.Record(t.Context(), reader, w.ana.ID, consent.Evidence{}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a reader: %v", err)
		}
	})
}

// Two processes add at once: nothing is lost, and the chain holds.
func TestTheChainHoldsWhenManyAdd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		done := make(chan error)
		for range 8 {
			go func() {
				_, err := w.ledger.Record(context.WithoutCancel(t.Context()), actor.System(), w.ana.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Client})
				done <- err
			}()
		}
		for range 8 {
			w.must(<-done)
		}
		w.DB.Clock().(*clock.Manual).Advance(time.Second)
		if n, err := w.verify(); n != 8 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}
