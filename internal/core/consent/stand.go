package consent

import (
	"slices"

	"causerie/internal/platform/clock"
)

// Stand is where somebody stands for one purpose of mail, as one number, by which a hundred thousand are counted in one pass: the last day on
// which one may as yyyymmdd, 0 for never, then two digits of why not, then two of the ground. Zero: the ledger says nothing.
type Stand int64

// What the digits say, by place; they are stored, so that what comes is put at the end.
var (
	standWhys  = []string{"", Withdrawn, Objected, Lapsed, NoBasis, Conditions, Frozen, Used, NoAddress, Suppressed}
	standBases = []string{"", Agreement, Client, Function, ImpliedPurchase, ImpliedInquiry, Referral, Withdrawal, Objection, Use, Told}
)

// Why there is no mail although one might write.
const (
	NoAddress  = "no_address" // there is none to write to
	Suppressed = "suppressed" // it takes no mail any more
)

// noEnd is the last day of what has none.
var noEnd = clock.Day{Year: 9999, Month: 12, Day: 31}

func dayNumber(d clock.Day) int64 { return int64(d.Year*10000 + int(d.Month)*100 + d.Day) }

func standOf(until clock.Day, why, basis string) Stand {
	day := int64(0)
	if !until.IsZero() {
		day = dayNumber(until)
	}
	return Stand(day*10000 + int64(max(slices.Index(standWhys, why), 0)*100+max(slices.Index(standBases, basis), 0)))
}

// Why returns why they get nothing on a day, "" when they get it.
func (s Stand) Why(day clock.Day) string {
	why := int(s / 100 % 100)
	switch {
	case s == 0:
		return None
	case s >= MayOn(day):
		return ""
	case s >= 10000 && why == 0:
		return Lapsed
	case why < len(standWhys):
		return standWhys[why]
	}
	return None
}

// MayOn is the least Stand of those to whom one may write on a day.
func MayOn(day clock.Day) Stand { return Stand(dayNumber(day) * 10000) }

// DigitsOfWhy is what s / 100 % 100 is of those who get nothing for a reason; DigitsOfBasis what s % 100 is of those who stand on a ground.
func DigitsOfWhy(why string) int { return slices.Index(standWhys, why) }

// DigitsOfBasis: see DigitsOfWhy.
func DigitsOfBasis(basis string) int { return slices.Index(standBases, basis) }
