package clock_test

import (
	"testing"
	"time"

	"causerie/internal/platform/clock"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestACivilTimeBecomesOneInstantOnEveryNight(t *testing.T) {
	paris, montreal := zone(t, "Europe/Paris"), zone(t, "America/Montreal")
	for _, c := range []struct {
		local string
		zone  *time.Location
		want  string
	}{
		{"2026-11-16T08:00", paris, "2026-11-16T07:00:00Z"},
		{"2026-07-14T08:00", paris, "2026-07-14T06:00:00Z"},
		{"2026-03-29T02:30", paris, "2026-03-29T01:30:00Z"}, // the hour that does not exist: 3:30 summer time
		{"2026-10-25T02:30", paris, "2026-10-25T00:30:00Z"}, // the hour that comes twice: the first
		{"2026-03-08T02:15", montreal, "2026-03-08T07:15:00Z"},
		{"2026-11-01T01:30", montreal, "2026-11-01T05:30:00Z"},
		{"2026-11-01T03:00", montreal, "2026-11-01T08:00:00Z"},
	} {
		l, err := clock.ParseLocal(c.local)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.In(c.zone).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %v is %s, want %s", c.local, c.zone, got, c.want)
		}
	}
}

func TestADayBeginsAtItsOwnMidnight(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	day := clock.Day{Year: 2026, Month: 3, Day: 29}
	if got := day.Start(paris).Format(time.RFC3339); got != "2026-03-28T23:00:00Z" {
		t.Errorf("starts at %s", got)
	}
	if d := day.Add(1).Start(paris).Sub(day.Start(paris)); d != 23*time.Hour {
		t.Errorf("the short day lasts %v", d)
	}
	if got := day.Add(-60).Add(60); got != day {
		t.Errorf("sixty days there and back: %v", got)
	}
	if clock.DayOf(time.Date(2026, 11, 16, 23, 30, 0, 0, time.UTC), paris).String() != "2026-11-17" {
		t.Error("half past midnight in Paris is still the day before")
	}
}

func TestWhatIsNoDayOrTimeIsRefused(t *testing.T) {
	for _, s := range []string{"", "2026-02-30", "16/11/2026", "2026-11-16T08:00Z", "2026-13-01"} {
		if d, err := clock.ParseDay(s); err == nil {
			t.Errorf("%q is the day %v", s, d)
		}
	}
	for _, s := range []string{"", "2026-11-16", "2026-11-16T25:00", "demain"} {
		if l, err := clock.ParseLocal(s); err == nil {
			t.Errorf("%q is the time %v", s, l)
		}
	}
}
