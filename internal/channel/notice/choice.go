package notice

import (
	"fmt"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

// When somebody is told of a kind of thing.
const (
	Now   = "now"   // as it comes, what comes together in one mail
	Daily = "daily" // once a day, at Choice.DailyAt
	Never = "never"
)

// Choice is how one account wants to be told. Hours are those of the house's zone.
type Choice struct {
	Requests  string // Now, Daily or Never: somebody asks for something
	Held      string // a comment waits for a yes
	Published string // a comment appeared by itself
	DailyAt   Hour
	Quiet     bool // between QuietFrom and QuietTo nothing is told as it comes
	QuietFrom Hour
	QuietTo   Hour // what came since QuietFrom is told then, together
	Through   bool // but for requests
}

// Default is the choice of who made none.
func Default() Choice {
	return Choice{Requests: Now, Held: Now, Published: Never, DailyAt: 8 * 60, Quiet: true, QuietFrom: 21 * 60, QuietTo: 7 * 60}
}

// check returns what is wrong with c, at the names of its fields in forms.
func (c Choice) check() error {
	var p fault.Problems
	for _, f := range []struct{ field, when string }{{"requests", c.Requests}, {"held", c.Held}, {"published", c.Published}} {
		if f.when != Now && f.when != Daily && f.when != Never {
			p.Add(f.field, "unknown")
		}
	}
	for _, f := range []struct {
		field string
		hour  Hour
	}{{"daily_at", c.DailyAt}, {"quiet_from", c.QuietFrom}, {"quiet_to", c.QuietTo}} {
		if f.hour < 0 || f.hour >= 24*60 {
			p.Add(f.field, "hour")
		}
	}
	return p.Err()
}

// of tells when c wants to be told of what.
func (c Choice) of(w what) string {
	switch w {
	case request:
		return c.Requests
	case held:
		return c.Held
	}
	return c.Published
}

// Hour is what a clock on the wall shows, in minutes since midnight.
type Hour int

// NoHour is what ParseHour returns of what is none.
const NoHour Hour = -1

// ParseHour reads HH:MM, NoHour when s is something else.
func ParseHour(s string) Hour {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return NoHour
	}
	return Hour(t.Hour()*60 + t.Minute())
}

// String returns HH:MM.
func (h Hour) String() string { return fmt.Sprintf("%02d:%02d", h/60, h%60) }

// on returns the instant at which clocks in zone show h on a day. An hour that summer time skips comes one later.
func (h Hour) on(d clock.Day, zone *time.Location) time.Time {
	return clock.Local{Day: d, Hour: int(h) / 60, Minute: int(h) % 60}.In(zone)
}

// after returns the first instant from t on at which clocks in zone show h.
func (h Hour) after(t time.Time, zone *time.Location) time.Time {
	for day := clock.DayOf(t, zone); ; day = day.Add(1) {
		if at := h.on(day, zone); !at.Before(t) {
			return at
		}
	}
}

// quietAt tells whether t lies in the quiet hours, and when they end.
func (c Choice) quietAt(t time.Time, zone *time.Location) (end time.Time, quiet bool) {
	if !c.Quiet || c.QuietFrom == c.QuietTo {
		return t, false
	}
	today := clock.DayOf(t, zone)
	for _, day := range []clock.Day{today.Add(-1), today} {
		last := day
		if c.QuietTo < c.QuietFrom {
			last = day.Add(1)
		}
		from, to := c.QuietFrom.on(day, zone), c.QuietTo.on(last, zone)
		if !t.Before(from) && t.Before(to) {
			return to, true
		}
	}
	return t, false
}
