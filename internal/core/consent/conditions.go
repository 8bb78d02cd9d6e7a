package consent

import (
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/platform/clock"
)

// NeedsInformed is that they were told where their address comes from, and that they may object.
const NeedsInformed = "informed"

// Condition is one of the four under which somebody may be written to on the ground of their function (CNIL, 17 February 2005; GDPR art. 14).
type Condition struct {
	Name  string // NeedsFunction...
	Met   bool
	Words string    // what fulfils it
	On    time.Time // of NeedsInformed: when they were told
	Until clock.Day // of NeedsInformed, not met: the last day on which the first message may tell them; zero without one, as in Canada
	Late  bool      // that day is over
}

// OfFunction returns the four conditions as they stand for the row of Function that was added last for mail, and that row; false when there is none. rows
// are those of one person, oldest first.
func OfFunction(rows []Consent, function string, now time.Time, zone *time.Location) (all []Condition, last Consent, found bool) {
	for _, r := range rows {
		if r.Basis == Function && r.Channel == contact.Email {
			last, found = r, true
		}
	}
	informed := Condition{Name: NeedsInformed, On: last.Informed, Met: found && !untold(last, rows)}
	for _, r := range rows {
		if informed.Met && informed.On.IsZero() && r.Basis == Told && r.Channel == last.Channel && !r.At.Before(last.EnteredAt) {
			informed.On = r.At
		}
	}
	if found && !informed.Met && last.Jurisdiction != "CA" {
		informed.Until = clock.DayOf(heldSince(last, rows), zone).Add(tellWithin)
		informed.Late = informed.Until.Before(clock.DayOf(now, zone))
	}
	return []Condition{
		{Name: NeedsFunction, Met: function != "", Words: function},
		{Name: NeedsTheme, Met: last.Theme != "", Words: last.Theme},
		{Name: NeedsSource, Met: last.Source != "", Words: last.Source},
		informed,
	}, last, found
}
