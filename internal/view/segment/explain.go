package segment

import (
	"context"

	"causerie/internal/core/consent"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// Audience is to whom of some people a mail of one purpose would go today.
type Audience struct {
	All     int    // people
	Will    int    // who will get it
	Refused []Wont // and who will not, in the order of whys
}

// Wont is for how many there is a reason: a Why of package consent.
type Wont struct {
	Why   string
	Count int
}

// whys are in the order in which people read them.
var whys = []string{consent.Lapsed, consent.Withdrawn, consent.Objected, consent.Conditions, consent.Frozen, consent.NoBasis, consent.Used, consent.None, consent.NoAddress}

// The standings of a hundred thousand are counted along an index; of a filter only those are looked at one by one who get nothing.
var (
	qStand = db.Q("segment.stand", `SELECT until, why, COUNT(*) FROM consent_standings WHERE purpose = $1 GROUP BY until, why`)
	qReach = db.Q("segment.reach", `
		SELECT COUNT(*), COUNT(st.contact_id), COUNT(CASE WHEN st.until >= $2 THEN 1 END)
		  FROM contacts c LEFT JOIN consent_standings st ON st.contact_id = c.id AND st.purpose = $1
		 WHERE c.merged_into IS NULL AND c.erased_at IS NULL`)
	qWont = db.Q("segment.wont", `
		SELECT st.until, st.why, 1
		  FROM consent_standings st JOIN contacts c ON c.id = st.contact_id
		 WHERE st.purpose = $1 AND st.until < $2 AND c.merged_into IS NULL AND c.erased_at IS NULL`)
)

// stand is where some people stand.
type stand struct {
	until, why string
	n          int
}

func scanStand(r db.Row) (s stand, err error) { return s, r.Scan(&s.until, &s.why, &s.n) }

// verdict is why they get nothing on a day, "" when they get it.
func (s stand) verdict(day string) string {
	switch {
	case s.until >= day:
		return ""
	case s.until != "" && s.why == "":
		return consent.Lapsed
	}
	return s.why
}

// Explain says to whom of those whom a filter finds a mail of a purpose (consent.Letter...) would go today.
func (v *View) Explain(ctx context.Context, by actor.Actor, f Filter, purpose string) (a Audience, err error) {
	if err := may(by); err != nil {
		return a, err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		read, err := v.readIn(tx, f)
		if err == nil {
			a, err = v.explainIn(tx, read, purpose)
		}
		return err
	})
	return a, err
}

// ExplainIn is Explain of a segment inside a transaction. It asks nobody: its callers asked who may.
func (v *View) ExplainIn(tx *db.Tx, id string, purpose string) (Audience, error) {
	s, err := byName(tx, id)
	if err != nil {
		return Audience{}, err
	}
	return v.explainIn(tx, s.Filter, purpose)
}

func (v *View) explainIn(tx *db.Tx, f Filter, purpose string) (a Audience, err error) {
	day, zone, err := v.now(tx)
	if err != nil {
		return a, err
	}
	var stands []stand
	none := 0
	if f == (Filter{}) {
		if a.All, err = v.countIn(tx, f); err != nil {
			return a, err
		}
		stands, err = db.All(tx, qStand, scanStand, purpose)
		none = a.All
		for _, s := range stands {
			if none -= s.n; s.verdict(day) == "" {
				a.Will += s.n
			}
		}
	} else {
		where, args := f.where([]any{purpose, day}, day, zone)
		a, err = db.One(tx, db.Query{Name: qReach.Name, SQL: qReach.SQL + where}, func(r db.Row) (a Audience, err error) {
			standing := 0
			err = r.Scan(&a.All, &standing, &a.Will)
			none = a.All - standing
			return a, err
		}, args...)
		if err == nil && a.Will < a.All-none {
			stands, err = db.All(tx, db.Query{Name: qWont.Name, SQL: qWont.SQL + where}, scanStand, args...)
		}
	}
	refused := map[string]int{consent.None: none}
	for _, s := range stands {
		refused[s.verdict(day)] += s.n
	}
	for _, why := range whys {
		if refused[why] > 0 {
			a.Refused = append(a.Refused, Wont{why, refused[why]})
		}
	}
	return a, err
}
