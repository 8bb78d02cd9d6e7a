package db_test

import (
	"math"
	"testing"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func TestACursorComesBackAsItWasGiven(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 26, 12, 0, 0, 345e6, time.UTC)
	for _, c := range []db.Cursor{
		{}, {At: noon, ID: 7}, {At: noon, ID: math.MaxInt64}, {At: time.Date(1961, 4, 12, 6, 7, 0, 0, time.UTC), ID: 1}, {At: noon}, db.CursorAt(0, 3), {At: noon, ID: 7, Began: noon}, {At: noon, ID: math.MinInt64, Began: noon, Floor: noon.Add(-time.Hour)},
	} {
		got, err := db.ParseCursor(c.Encode())
		if err != nil || got != c {
			t.Errorf("%+v came back as %+v by way of %q: %v", c, got, c.Encode(), err)
		}
	}
	if at, id := (db.Cursor{}).Before(); at != math.MaxInt64 || id != math.MaxInt64 {
		t.Errorf("the beginning of a list stands at %d, %d", at, id)
	}
	if at, id := db.CursorAt(12, 3).Before(); at != 12 || id != 3 {
		t.Errorf("got %d, %d", at, id)
	}
}

func TestAnotherTextThanACursorIsAProblemOfTheField(t *testing.T) {
	t.Parallel()
	for _, s := range []string{".", "a", "a.", ".b", "a.b.c.d.e", "a.b.", "a.b.C", "A.b", "+a.b", "00a.b", "zzzzzzzzzzzzzz.1", "1.zzzzzzzzzzzzzz", "é.1", " a.b"} {
		_, err := db.ParseCursor(s)
		problems := fault.ProblemsOf(err)
		if len(problems) != 1 || problems[0].Field != "cursor" || problems[0].Code != "cursor_invalid" {
			t.Errorf("%q gave %v", s, err)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "mhx3s1q0.7", "-1.-1", "zzzzzzzzzzzzz.1", "1y2p0ij32e8e7.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := db.ParseCursor(s); err == nil && c.Encode() != s {
			t.Errorf("%q was read as %+v, which is written %q", s, c, c.Encode())
		}
	})
}
