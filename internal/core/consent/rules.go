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

// What Function can lack. That they were told is no condition of the message that tells them.
const (
	NeedsFunction = "function"
	NeedsTheme    = "theme"
	NeedsSource   = "source"
)

// Terms, in calendar months.
const (
	afterPurchase = 24 // LCAP art. 10(10)(a)
	afterInquiry  = 6  // LCAP art. 10(10)(e)
	afterAct      = 36 // CNIL, référentiel « gestion commerciale »
)

// tellWithin is how many days one may wait before one tells somebody where one has their address from (GDPR art. 14(3)(a)).
const tellWithin = 30

// Person is what the rule asks of somebody besides the rows.
type Person struct {
	Function string    // their role in a firm
	LastAct  time.Time // the last act of their own: a message, never an opened mail

	email string // where a mail goes; "" for nowhere
}

// Standing is whether somebody may be written to for a purpose, by which row, and until when.
type Standing struct {
	May     bool
	Why     string    // why not
	Missing []string  // of Conditions: NeedsFunction...
	By      Consent   // what allows or forbids it, zero for None
	Until   clock.Day // the last day on which one may; of Lapsed and Frozen, the last on which one could; zero: no end
	// Tells says that nobody told them yet where their address comes from: the next message does, and that they may object (GDPR art. 14(2)(f) and
	// 21(4)). Of Function elsewhere than in Canada, Until is then the last day on which a message may do so.
	Tells bool
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
		if r.Channel != channel || r.Purpose != purpose || stops(r.Basis) || notes(r.Basis) {
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
		s.Until = clock.DayOf(from, zone).AddMonths(months)
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
		s.May, s.Tells = true, true
		return s
	case Function:
		if who.Function == "" {
			s.Missing = append(s.Missing, NeedsFunction)
		}
		if r.Theme == "" {
			s.Missing = append(s.Missing, NeedsTheme)
		}
		if r.Source == "" {
			s.Missing = append(s.Missing, NeedsSource)
		}
		s.Tells = untold(r, rows)
		var last clock.Day
		if s.Tells && !canada { // they must be told, by a message at the latest, within the month
			last = clock.DayOf(heldSince(r, rows), zone).Add(tellWithin)
			if last.Before(clock.DayOf(now, zone)) {
				s.Until = last
				return refuse(Frozen)
			}
		}
		if len(s.Missing) > 0 {
			return refuse(Conditions)
		}
		if canada { // an address that was given or published, on what concerns the function (LCAP art. 10(9)(b) and (c))
			s.May = true
			return s
		}
		if s = ends(act, afterAct); s.May && s.Tells && last.Before(s.Until) {
			s.Until = last
		}
		return s
	}
	return refuse(NoBasis)
}

// untold reports whether nobody told the person of a row where their address comes from: not when it was taken down, and by no message since.
func untold(r Consent, rows []Consent) bool {
	if !r.Informed.IsZero() {
		return false
	}
	for _, other := range rows {
		if other.Basis == Told && other.Channel == r.Channel && !other.At.Before(r.EnteredAt) {
			return false
		}
	}
	return true
}

// heldSince is since when the house has the address of a row of which it told nobody. To enter it once more begins no new month.
func heldSince(r Consent, rows []Consent) time.Time {
	since := r.EnteredAt
	for _, other := range rows {
		if other.Basis == Function && other.Channel == r.Channel && other.EnteredAt.Before(since) && untold(other, rows) {
			since = other.EnteredAt
		}
	}
	return since
}
