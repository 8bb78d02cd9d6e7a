package clock

import (
	"errors"
	"time"
)

// The years in which people and programs may set a day or an instant. What lies beyond is a slip of the finger, or the "never" of
// another program.
const (
	FirstYear = 1900
	LastYear  = 2199
)

// ErrBeyond is returned for a day or a civil time that is not Within.
var ErrBeyond = errors.New("clock: beyond the years that can be set")

// Within reports whether d may be set: it lies from FirstYear to LastYear. No day does not.
func (d Day) Within() bool { return d.Year >= FirstYear && d.Year <= LastYear }

// Within reports whether t may be set, whatever the zone that it is read in: it lies from FirstYear to LastYear in UTC.
func Within(t time.Time) bool { return DayOf(t, time.UTC).Within() }

// Sayable reports whether d can be written with a year of four digits, as RFC 3339, JSON and people do. What was stored by
// whatever way may not be; it is then shown as a dash, or left out.
func (d Day) Sayable() bool { return d.Year >= 1 && d.Year <= 9999 }

// Sayable is Day.Sayable for an instant, in UTC.
func Sayable(t time.Time) bool { return DayOf(t, time.UTC).Sayable() }
