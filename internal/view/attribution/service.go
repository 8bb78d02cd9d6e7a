package attribution

import (
	"context"
	"math"

	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/money"
)

// View tells what mandates owe to the writing.
type View struct{ db *db.DB }

// New returns the view.
func New(d *db.DB) *View { return &View{db: d} }

// Query says which cases a report holds.
type Query struct {
	Cursor string // from the report before
	Limit  int    // 1 to 100; 0 is 100
}

// Of returns the report with its first page of cases.
func (v *View) Of(ctx context.Context, by actor.Actor) (Report, error) {
	return v.Page(ctx, by, Query{})
}

// Page returns the report with one page of cases, the last opened first, and tallies of all. Mandates and acts of voices
// in which by may not write are neither shown nor counted.
func (v *View) Page(ctx context.Context, by actor.Actor, q Query) (r Report, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return r, err
	}
	if q.Limit < 1 || q.Limit > 100 {
		q.Limit = 100
	}
	after := fact.MandateID(math.MaxInt64)
	if q.Cursor != "" {
		if after, err = fact.Parse[fact.MandateID](q.Cursor); err != nil {
			return r, fault.Invalid("cursor", "unknown")
		}
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		r = Report{}
		scope := by.Scope(actor.Author)
		sums, err := db.AllScoped(tx, qTally, scope, scanSum)
		if err != nil {
			return err
		}
		for _, s := range sums {
			r.add(s)
		}
		if r.Cases, err = db.AllScoped(tx, qCases, scope, scanCase, after, q.Limit+1); err != nil {
			return err
		}
		if len(r.Cases) > q.Limit {
			r.Cases = r.Cases[:q.Limit]
			r.Next = r.Cases[q.Limit-1].ID.String()
		}
		return loadActs(tx, scope, r.Cases)
	})
	return r, err
}

// Journey tells what is known of the way that led to one mandate; mandate.not_found when there is none, forbidden when by
// may not write in its voice. Acts in other voices are left out.
func (v *View) Journey(ctx context.Context, by actor.Actor, id fact.MandateID) (j Journey, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return j, err
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		c, err := db.One(tx, qCase, scanCase, id)
		if err != nil {
			return err
		}
		if err := by.Require(actor.Author, int64(c.Voice)); err != nil {
			return err
		}
		one := []Case{c}
		err = loadActs(tx, by.Scope(actor.Author), one)
		j = one[0].Journey
		return err
	})
	return j, err
}

// loadActs finds the acts in scope of cases in two queries. The cases are all those in scope from the first to the last.
func loadActs(tx *db.Tx, scope actor.Scope, cases []Case) error {
	if len(cases) == 0 {
		return nil
	}
	at := make(map[fact.MandateID]*Case, len(cases))
	for i := range cases {
		at[cases[i].ID] = &cases[i]
	}
	first, last := cases[len(cases)-1].ID, cases[0].ID
	own, err := db.AllScoped(tx, qActs, scope, scanAct, first, last)
	if err != nil {
		return err
	}
	for _, a := range own {
		c := at[a.mandate]
		if a.Observed {
			c.Observed = append(c.Observed, a.Item)
		} else {
			c.Presumed = append(c.Presumed, Presumed{Item: a.Item, Why: Unverified, Contact: c.Contact, ContactName: c.ContactName})
		}
	}
	others, err := db.AllScoped(tx, qColleagues, scope, scanColleague, first, last)
	for _, a := range others {
		c := at[a.mandate]
		c.Presumed = append(c.Presumed, Presumed{Item: a.Item, Why: Colleague, Contact: a.who, ContactName: a.name})
	}
	return err
}

// add counts s into the tallies that it belongs to.
func (r *Report) add(s sum) {
	into := []*Tally{&r.All}
	switch s.stage {
	case mandate.Won:
		into = append(into, &r.Won)
	case mandate.Lost:
		into = append(into, &r.Lost)
	default:
		into = append(into, &r.Open)
	}
	for _, t := range into {
		t.Count += s.tally.Count
		t.Declared += s.tally.Declared
		t.Observed += s.tally.Observed
		t.Subscribed += s.tally.Subscribed
		t.Presumed += s.tally.Presumed
		t.Amounts = t.Amounts.Add(money.Amount{Currency: s.currency, Cents: s.cents})
	}
}
