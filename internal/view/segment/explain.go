package segment

import (
	"context"

	"causerie/internal/core/consent"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
)

// Audience is to whom of some people a letter would go today.
type Audience struct {
	All     int    // people
	Will    int    // who will get it
	Refused []Wont // and who will not, in the order of whys
}

// Wont is for how many there is a reason: a Why of package consent. The words are letter.wont.<why>.
type Wont struct {
	Why   string
	Count int
}

// whys are in the order in which people read them.
var whys = []string{consent.Lapsed, consent.Withdrawn, consent.Objected, consent.Conditions, consent.Frozen, consent.NoBasis, consent.Used, consent.None,
	consent.Suppressed, consent.NoAddress}

// stood is how many stand alike.
type stood struct {
	consent.Stand
	n int
}

func scanStood(r db.Row) (s stood, err error) { return s, r.Scan(&s.Stand, &s.n) }

// told adds up where some people stand on a day.
func told(all []stood, day clock.Day) (a Audience) {
	refused := map[string]int{}
	for _, s := range all {
		a.All += s.n
		if why := s.Why(day); why == "" {
			a.Will += s.n
		} else {
			refused[why] += s.n
		}
	}
	for _, why := range whys {
		if refused[why] > 0 {
			a.Refused = append(a.Refused, Wont{why, refused[why]})
		}
	}
	return a
}

// Wont is how many of all will not get it.
func (a Audience) Wont() int { return a.All - a.Will }

// Explain says to whom of those whom a filter finds a letter would go today, in one pass over them.
func (v *View) Explain(ctx context.Context, by actor.Actor, f Filter) (a Audience, err error) {
	if err := may(by); err != nil {
		return a, err
	}
	err = v.o.DB.Read(ctx, func(tx *db.Tx) error {
		read, err := v.readIn(tx, f)
		if err != nil {
			return err
		}
		day, zone, err := v.now(tx)
		if err != nil {
			return err
		}
		people := read.found(true, nil, day, zone)
		all, err := db.All(tx, db.Query{Name: "segment.explain", SQL: `SELECT st.letter, COUNT(*)` + people.from + ` GROUP BY st.letter`}, scanStood, people.args...)
		a = told(all, day)
		return err
	})
	return a, err
}
