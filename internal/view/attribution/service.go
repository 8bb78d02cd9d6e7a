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

// Page returns the report with one page of cases, the last opened first. The tallies count all mandates.
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
		sums, err := db.All(tx, qTally, scanSum)
		if err != nil {
			return err
		}
		for _, s := range sums {
			r.add(s)
		}
		if r.Cases, err = db.All(tx, qCases, scanCase, after, q.Limit+1); err != nil {
			return err
		}
		if len(r.Cases) > q.Limit {
			r.Cases = r.Cases[:q.Limit]
			r.Next = r.Cases[q.Limit-1].ID.String()
		}
		return fill(tx, r.Cases)
	})
	return r, err
}

// Journey tells what is known of the way that led to one mandate; mandate.not_found when there is none.
func (v *View) Journey(ctx context.Context, by actor.Actor, id fact.MandateID) (j mandate.Journey, err error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return j, err
	}
	err = v.db.Read(ctx, func(tx *db.Tx) error {
		c, err := db.One(tx, qCase, scanCase, id)
		if err != nil {
			return err
		}
		one := []Case{c}
		err = fill(tx, one)
		j = one[0].Journey
		return err
	})
	return j, err
}

// fill finds the acts of all cases in two queries.
func fill(tx *db.Tx, cases []Case) error {
	ids := make([]fact.MandateID, len(cases))
	at := make(map[fact.MandateID]*Case, len(cases))
	for i := range cases {
		ids[i], at[cases[i].ID] = cases[i].ID, &cases[i]
	}
	own, err := db.AllIn(tx, qActs, scanAct, ids)
	if err != nil {
		return err
	}
	for _, a := range own {
		c := at[a.mandate]
		if a.Observed {
			c.Observed = append(c.Observed, a.Moment)
		} else {
			c.Presumed = append(c.Presumed, Act{Moment: a.Moment, Why: Unverified, Contact: c.Contact, ContactName: c.ContactName})
		}
	}
	others, err := db.AllIn(tx, qColleagues, scanColleague, ids)
	for _, a := range others {
		c := at[a.mandate]
		c.Presumed = append(c.Presumed, Act{Moment: a.Moment, Why: Colleague, Contact: a.who, ContactName: a.name})
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
		t.Presumed += s.tally.Presumed
		t.Amounts = t.Amounts.Add(money.Amount{Currency: s.currency, Cents: s.cents})
	}
}
