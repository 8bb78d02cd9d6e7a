package post

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/fact"
)

func TestRevisionsAreThinnedWithAge(t *testing.T) {
	now := time.Date(2026, 11, 27, 18, 30, 0, 0, time.UTC)
	at := func(day, clock string) stamp {
		when, err := time.Parse("2006-01-02 15:04", "2026-11-"+day+" "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return stamp{at: when}
	}
	read := func(s stamp) stamp { s.published = true; return s }
	for _, c := range []struct {
		name  string
		all   []stamp
		tight bool
		stay  string
	}{
		{"all of the last day", []stamp{at("27", "18:29"), at("27", "18:28"), at("27", "09:01"), at("27", "09:00"), at("26", "18:31")}, false, "0 1 2 3 4"},
		{"one an hour for a week", []stamp{at("26", "17:59"), at("26", "17:30"), at("26", "17:00"), at("26", "16:59"), at("21", "09:59"), at("21", "09:01")}, false, "0 3 4"},
		{"one a day before", []stamp{at("19", "23:00"), at("19", "22:00"), at("19", "01:00"), at("18", "12:00"), at("18", "11:00")}, false, "0 3"},
		{"what others read", []stamp{at("19", "23:00"), read(at("19", "22:00")), at("19", "01:00"), read(at("19", "00:30"))}, false, "0 1 3"},
		{"the newest of all, however old", []stamp{at("02", "10:00"), at("02", "09:00")}, false, "0"},
		{"tight", []stamp{at("27", "18:29"), at("27", "18:29"), at("27", "09:01"), at("27", "09:01"), at("27", "09:00")}, true, "0 1 2 4"},
		{"none", nil, false, ""},
	} {
		for i := range c.all {
			c.all[i].id = fact.RevisionID(i + 1)
		}
		gone := map[fact.RevisionID]bool{}
		for _, id := range thin(now, c.all, c.tight) {
			gone[id] = true
		}
		var stay []string
		for i, r := range c.all {
			if !gone[r.id] {
				stay = append(stay, fmt.Sprint(i))
			}
		}
		if got := strings.Join(stay, " "); got != c.stay {
			t.Errorf("%s: %s stay, not %s", c.name, got, c.stay)
		}
		var left []stamp
		for _, r := range c.all {
			if !gone[r.id] {
				left = append(left, r)
			}
		}
		if again := thin(now, left, c.tight); len(again) > 0 {
			t.Errorf("%s: thinned twice, %v go too", c.name, again)
		}
	}
}

func TestARevisionIsLookedAtWhenItIsADayAndAWeekOld(t *testing.T) {
	made := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct{ now, want time.Time }{{made, day(4)}, {day(4), day(10)}, {day(10), time.Time{}}} {
		if got := thinAt(made, c.now); !got.Equal(c.want) {
			t.Errorf("at %v: %v, not %v", c.now, got, c.want)
		}
	}
}

func TestTheTextsOfARevisionComeBackAsTheyWere(t *testing.T) {
	texts := textsOf(Post{Input: Input{Title: "Été", Body: strings.Repeat("Un mot. ", 2000), Tags: []string{"bois", "scie"}}})
	small, err := squeeze(texts)
	if err != nil || len(small) > 2000 {
		t.Fatalf("%d bytes, %v", len(small), err)
	}
	back, err := stretch(small)
	if err != nil || back["title"] != "Été" || back["body"] != texts["body"] || back["tags"] != "bois, scie" {
		t.Errorf("%v %v", err, back["title"])
	}
	if _, err := stretch([]byte("x")); err == nil {
		t.Error("what cannot be read is read")
	}
}
