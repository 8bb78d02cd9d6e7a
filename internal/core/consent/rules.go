package consent

import (
	"time"

	"causerie/internal/platform/clock"
)

// Why somebody may not be written to. The words are consent.why.<why>, and delivery.reason.consent_<why>.
const (
	None       = "none"       // nothing allows it
	Withdrawn  = "withdrawn"  // they took their agreement back
	Objected   = "objected"   // they object
	Lapsed     = "lapsed"     // the term is over
	NoBasis    = "no_basis"   // it is no ground under this law
	Conditions = "conditions" // of Function, something is missing (Standing.Missing)
	Frozen     = "frozen"     // they were not told within a month (GDPR art. 14(3)(a))
	Used       = "used"       // the one message of a referral has left
)

// What Function can lack.
const (
	NeedsFunction = "function"
	NeedsTheme    = "theme"
	NeedsInformed = "informed"
)

// Terms, in calendar months.
const (
	afterPurchase = 24 // LCAP art. 10(10)(a)
	afterInquiry  = 6  // LCAP art. 10(10)(e)
	afterAct      = 36 // CNIL, référentiel « gestion commerciale »
)

// tellWithin is how long one may wait before one tells somebody where one has their address from (GDPR art. 14(3)(a)).
const tellWithin = 30 * 24 * time.Hour

// Person is what the rule asks of somebody besides the rows.
type Person struct {
	Function string    // their role in a firm
	LastAct  time.Time // the last act of their own: a message, never an opened mail

	reachable bool // there is an address
}

// Standing is whether somebody may be written to for a purpose, by which row, and until when.
type Standing struct {
	May     bool
	Why     string    // why not
	Missing []string  // of Conditions: NeedsFunction...
	By      Consent   // what allows or forbids it, zero for None
	Until   clock.Day // the last day on which one may; of Lapsed, the last on which one could; zero: no end
}

// Weigh says what holds at an instant for one channel and one purpose. rows are those of one person, oldest first.
func Weigh(rows []Consent, channel, purpose string, who Person, now time.Time, zone *time.Location) Standing {
	var stop, best *Consent
	verdict := Standing{Why: None}
	for i, r := range rows {
		if r.Channel == channel && stops(r.Basis) && (r.Purpose == purpose || r.Purpose == "") && (stop == nil || !r.At.Before(stop.At)) {
			stop = &rows[i]
		}
	}
	for i, r := range rows {
		if r.Channel != channel || r.Purpose != purpose || stops(r.Basis) || r.Basis == Use {
			continue
		}
		if stop != nil && (r.Basis != Agreement || !r.At.After(stop.At)) {
			continue
		}
		s := weigh(r, rows, who, now, zone)
		if best == nil || better(s, verdict) {
			best, verdict = &rows[i], s
		}
	}
	if best == nil && stop != nil {
		verdict = Standing{Why: Withdrawn, By: *stop}
		if stop.Basis == Objection {
			verdict.Why = Objected
		}
	}
	return verdict
}

// better tells whether a says more than b: what allows before what does not, then what holds longest, then what came last.
func better(a, b Standing) bool {
	if a.May != b.May {
		return a.May
	}
	if !a.May || a.Until == b.Until {
		return true // the later row
	}
	return a.Until.IsZero() || !b.Until.IsZero() && b.Until.Before(a.Until)
}

// weigh says what one row allows by itself.
func weigh(r Consent, rows []Consent, who Person, now time.Time, zone *time.Location) Standing {
	s := Standing{By: r}
	canada := r.Jurisdiction == "CA"
	ends := func(from time.Time, months int) Standing {
		s.Until = addMonths(clock.DayOf(from, zone), months)
		if s.May = !s.Until.Before(clock.DayOf(now, zone)); !s.May {
			s.Why = Lapsed
		}
		return s
	}
	refuse := func(why string) Standing {
		s.Why = why
		return s
	}
	act := r.At
	if who.LastAct.After(act) {
		act = who.LastAct
	}
	switch r.Basis {
	case Agreement:
		if canada { // it has no term (LCAP art. 10(1))
			s.May = true
			return s
		}
		return ends(act, afterAct)
	case Client, ImpliedPurchase:
		if canada {
			return ends(r.At, afterPurchase)
		}
		return ends(act, afterAct)
	case ImpliedInquiry:
		if canada {
			return ends(r.At, afterInquiry)
		}
		return refuse(NoBasis)
	case Referral:
		if !canada {
			return refuse(NoBasis)
		}
		for _, other := range rows {
			if other.Basis == Use && other.Channel == r.Channel && !other.At.Before(r.At) {
				return refuse(Used)
			}
		}
		s.May = true
		return s
	case Function:
		if who.Function == "" {
			s.Missing = append(s.Missing, NeedsFunction)
		}
		if r.Theme == "" {
			s.Missing = append(s.Missing, NeedsTheme)
		}
		if !canada && r.Informed.IsZero() {
			if now.Sub(r.EnteredAt) > tellWithin {
				return refuse(Frozen)
			}
			s.Missing = append(s.Missing, NeedsInformed)
		}
		if len(s.Missing) > 0 {
			return refuse(Conditions)
		}
		if canada { // an address that was given or published, on what concerns the function (LCAP art. 10(9)(b) and (c))
			s.May = true
			return s
		}
		return ends(act, afterAct)
	}
	return refuse(NoBasis)
}

// addMonths returns the same day so many months later, or the last of that month where it has fewer days.
func addMonths(d clock.Day, months int) clock.Day {
	first := time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).AddDate(0, months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return clock.Day{Year: first.Year(), Month: first.Month(), Day: min(d.Day, last)}
}
