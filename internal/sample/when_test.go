package sample

import (
	"testing"
	"time"
)

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestWhenIsToldFromThePresent(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	now := time.Date(2026, 11, 22, 7, 0, 0, 0, zone) // a Sunday
	for _, c := range []struct{ text, want string }{
		{"-12 08:05", "2026-11-10 08:05"},
		{"+3 14:00", "2026-11-25 14:00"},
		{"-4", "2026-11-18 12:00"},
		{"0 06:30", "2026-11-22 06:30"},
		{"0 07:10", "2026-11-21 07:10"}, // this morning has not come to that yet
		{"mon +0 08:00", "2026-11-16 08:00"},
		{"mon -14 08:00", "2026-11-02 08:00"},
		{"mon +7 08:00", "2026-11-23 08:00"},
		{"-30 09:00", "2026-10-23 09:00"}, // summer time was still on
	} {
		var w When
		if err := w.UnmarshalText([]byte(c.text)); err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := w.At(now, zone).In(zone).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestWhenRefusesWhatIsNoMoment(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "mon", "soon", "-3 25:00", "mon -3 08:00", "1 2 3"} {
		var w When
		if err := w.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken for %+v", text, w)
		}
	}
}

func TestADayIsTheSameAtAnyHour(t *testing.T) {
	t.Parallel()
	zone := paris(t)
	w := When{Days: 0, present: true}
	for _, hour := range []int{0, 11, 12, 23} {
		now := time.Date(2026, 3, 29, hour, 30, 0, 0, zone)
		if got := w.Day(now, zone).String(); got != "2026-03-29" {
			t.Errorf("at %d h the day is %s", hour, got)
		}
	}
}

func FuzzWhen(f *testing.F) {
	for _, seed := range []string{"-12 08:05", "mon +7 08:00", "0", "mon", "9999999999999999999 00:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var w When
		if err := w.UnmarshalText([]byte(text)); err == nil && w.IsZero() {
			t.Errorf("%q was read as nothing", text)
		}
	})
}
