package sample

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"causerie/internal/platform/clock"
)

// When is a moment told from another one, usually the present: so many days away, at an hour on the wall. Written
// "-12 08:05", "+3 14:00", "-4" (a day without an hour, taken at noon) or "mon -14 08:00".
type When struct {
	Days    int    // before the present when negative
	Clock   string // HH:MM in the house's zone; "" is noon
	Monday  bool   // counts from the last Monday at Clock that is not in the future; Days is then a multiple of seven
	present bool   // something was written
}

// IsZero reports whether nothing was written.
func (w When) IsZero() bool { return !w.present }

// At returns the instant, with now as the present. A moment of today or before is never after now: what would be is
// moved a day earlier (a week earlier for a Monday), so that a demo started at dawn tells nothing of its own morning.
func (w When) At(now time.Time, zone *time.Location) time.Time {
	today := clock.DayOf(now, zone)
	if w.Monday {
		back := (int(today.Weekday()) + 6) % 7
		monday := today.Add(-back)
		if w.on(monday, zone).After(now) {
			monday = monday.Add(-7)
		}
		return w.on(monday.Add(w.Days), zone)
	}
	t := w.on(today.Add(w.Days), zone)
	if w.Days <= 0 && t.After(now) {
		t = w.on(today.Add(w.Days-1), zone)
	}
	return t
}

// Day returns the civil day, for moments whose hour does not matter: today is today, whatever the hour.
func (w When) Day(now time.Time, zone *time.Location) clock.Day {
	if w.Monday {
		return clock.DayOf(w.At(now, zone), zone)
	}
	return clock.DayOf(now, zone).Add(w.Days)
}

// After returns the instant told from an earlier event: Days civil days after the day of base, at Clock.
func (w When) After(base time.Time, zone *time.Location) time.Time {
	return w.on(clock.DayOf(base, zone).Add(w.Days), zone)
}

func (w When) on(day clock.Day, zone *time.Location) time.Time {
	hour, minute := 12, 0
	if t, err := time.Parse("15:04", w.Clock); err == nil {
		hour, minute = t.Hour(), t.Minute()
	}
	return clock.Local{Day: day, Hour: hour, Minute: minute}.In(zone)
}

// UnmarshalText reads the written forms.
func (w *When) UnmarshalText(b []byte) error {
	*w = When{present: true}
	words := strings.Fields(string(b))
	if len(words) > 0 && words[0] == "mon" {
		w.Monday, words = true, words[1:]
	}
	if len(words) == 0 || len(words) > 2 {
		return fmt.Errorf("sample: %q is no moment", b)
	}
	days, err := strconv.Atoi(words[0])
	if err != nil {
		return fmt.Errorf("sample: moment %q: %w", b, err)
	}
	w.Days = days
	if len(words) == 2 {
		if _, err := time.Parse("15:04", words[1]); err != nil {
			return fmt.Errorf("sample: moment %q: %w", b, err)
		}
		w.Clock = words[1]
	}
	if w.Monday && w.Days%7 != 0 {
		return fmt.Errorf("sample: moment %q: a Monday is whole weeks away", b)
	}
	return nil
}
