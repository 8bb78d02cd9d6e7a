package clock

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Day is a civil day, without zone. The zero Day is no day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf returns the civil day of t in zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Day{y, m, d}
}

// ParseDay reads YYYY-MM-DD as people and programs write it; a day that is not Within is ErrBeyond.
func ParseDay(s string) (Day, error) {
	d, err := readDay(s)
	if err == nil && !d.Within() {
		return Day{}, ErrBeyond
	}
	return d, err
}

// readDay reads YYYY-MM-DD of any year that has four digits.
func readDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Day{}, ErrMalformed
	}
	return DayOf(t, time.UTC), nil
}

// String returns YYYY-MM-DD, or "" for no day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// Start returns the first instant of d in zone. Where midnight does not exist, it is the first instant after it.
func (d Day) Start(zone *time.Location) time.Time { return Local{Day: d}.In(zone) }

// Add returns the day n days after d.
func (d Day) Add(n int) Day {
	return DayOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, time.UTC), time.UTC)
}

// AddMonths returns the same day n months after d, or the last of that month where it has fewer days.
func (d Day) AddMonths(n int) Day {
	first := time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return Day{Year: first.Year(), Month: first.Month(), Day: min(d.Day, last)}
}

// Before reports whether d comes before e.
func (d Day) Before(e Day) bool { return d.String() < e.String() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Weekday()
}

// MarshalText writes d as String does.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; the empty text is no day.
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d = Day{}
	if len(b) > 0 {
		*d, err = ParseDay(string(b))
	}
	return err
}

// Value stores no day as NULL.
func (d Day) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads YYYY-MM-DD; NULL is no day. What is stored and cannot be read is no day either, so that one row never costs the
// list that it stands in.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Day{}
		return nil
	case string:
		*d, _ = readDay(v)
		return nil
	case []byte:
		*d, _ = readDay(string(v))
		return nil
	}
	return fmt.Errorf("clock: cannot scan %T into a day", src)
}

// Local is a civil time: a day and the minutes of the clock on the wall.
type Local struct {
	Day    Day
	Hour   int
	Minute int
}

const localLayout = "2006-01-02T15:04"

// ParseLocal reads YYYY-MM-DDTHH:MM, what an HTML datetime-local field sends; a day that is not Within is ErrBeyond.
func ParseLocal(s string) (Local, error) {
	if len(s) > len(localLayout) {
		s = s[:len(localLayout)]
	}
	t, err := time.Parse(localLayout, s)
	if err != nil {
		return Local{}, ErrMalformed
	}
	l := LocalOf(t, time.UTC)
	if !l.Day.Within() {
		return Local{}, ErrBeyond
	}
	return l, nil
}

// LocalOf returns what a clock on the wall shows in zone at t.
func LocalOf(t time.Time, zone *time.Location) Local {
	l := t.In(zone)
	return Local{DayOf(t, zone), l.Hour(), l.Minute()}
}

// LocalFrom returns what the clocks of zone show at the first minute that is not before t. In the hour that winter time
// repeats they show the same twice and mean the first: then it is the hour after, so that nothing happens too early.
func LocalFrom(t time.Time, zone *time.Location) Local {
	if whole := t.Truncate(time.Minute); !whole.Equal(t) {
		t = whole.Add(time.Minute)
	}
	local := LocalOf(t, zone)
	if local.In(zone).Before(t) {
		local = LocalOf(t.Add(time.Hour), zone)
	}
	return local
}

// String returns YYYY-MM-DDTHH:MM.
func (l Local) String() string { return fmt.Sprintf("%vT%02d:%02d", l.Day, l.Hour, l.Minute) }

// In returns the instant at which clocks in zone show l. An hour that summer time skips is taken one hour later,
// an hour that winter time repeats is taken the first time (RFC 5545, section 3.3.5, says the same).
func (l Local) In(zone *time.Location) time.Time {
	t := time.Date(l.Day.Year, l.Day.Month, l.Day.Day, l.Hour, l.Minute, 0, 0, zone)
	if LocalOf(t, zone) != l {
		_, before := t.Add(-12 * time.Hour).Zone()
		wall := time.Date(l.Day.Year, l.Day.Month, l.Day.Day, l.Hour, l.Minute, 0, 0, time.UTC)
		return wall.Add(-time.Duration(before) * time.Second).UTC()
	}
	if earlier := t.Add(-time.Hour); LocalOf(earlier, zone) == l {
		t = earlier
	}
	return t.UTC()
}
