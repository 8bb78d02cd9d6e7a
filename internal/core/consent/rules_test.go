package consent

import (
	"slices"
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

// wall is an instant as clocks on a wall show it.
func wall(t *testing.T, z *time.Location, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, z)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

// A term runs in calendar months of the house's zone, and the last day is one on which one may still write: to its last second, in
// years with a 29 February, from the end of a long month, and over both changes of the hour.
func TestATermEndsWithItsLastDay(t *testing.T) {
	t.Parallel()
	paris, montreal := zone(t, "Europe/Paris"), zone(t, "America/Toronto")
	for _, c := range []struct {
		name, basis, country string
		zone                 *time.Location
		given, act           string
		last                 string // the last second
	}{
		{"a purchase in Canada", ImpliedPurchase, "CA", montreal, "2024-03-15 10:00:00", "", "2026-03-15 23:59:59"},
		{"bought on 29 February", ImpliedPurchase, "CA", montreal, "2024-02-29 10:00:00", "", "2026-02-28 23:59:59"},
		{"two years before a 29 February", ImpliedPurchase, "CA", montreal, "2026-02-28 10:00:00", "", "2028-02-28 23:59:59"},
		{"a contract with a client in Canada", Client, "CA", montreal, "2024-03-15 10:00:00", "2026-01-01 08:00:00", "2026-03-15 23:59:59"},
		{"an inquiry in Canada", ImpliedInquiry, "CA", montreal, "2026-01-10 09:00:00", "", "2026-07-10 23:59:59"},
		{"an inquiry at the end of August", ImpliedInquiry, "CA", montreal, "2025-08-31 09:00:00", "", "2026-02-28 23:59:59"},
		{"the same before a leap year", ImpliedInquiry, "CA", montreal, "2027-08-31 09:00:00", "", "2028-02-29 23:59:59"},
		{"late in the evening there, tomorrow in UTC", ImpliedInquiry, "CA", montreal, "2026-01-10 23:30:00", "", "2026-07-10 23:59:59"},
		{"it ends on the day that has 23 hours", ImpliedInquiry, "CA", montreal, "2025-09-08 09:00:00", "", "2026-03-08 23:59:59"},
		{"it ends on the day that has 25 hours", ImpliedInquiry, "CA", montreal, "2026-05-01 09:00:00", "", "2026-11-01 23:59:59"},
		{"an agreement in France", Agreement, "FR", paris, "2023-11-26 09:00:00", "", "2026-11-26 23:59:59"},
		{"who wrote since", Agreement, "FR", paris, "2023-11-26 09:00:00", "2025-02-28 09:00:00", "2028-02-28 23:59:59"},
		{"who wrote before", Agreement, "FR", paris, "2023-11-26 09:00:00", "2020-01-01 09:00:00", "2026-11-26 23:59:59"},
		{"on 29 February", Agreement, "FR", paris, "2024-02-29 09:00:00", "", "2027-02-28 23:59:59"},
		{"a client in France", Client, "FR", paris, "2023-10-29 02:30:00", "", "2026-10-29 23:59:59"},
		{"a purchase in France", ImpliedPurchase, "FR", paris, "2023-03-29 00:10:00", "", "2026-03-29 23:59:59"},
		{"in another country of Europe", Agreement, "BE", paris, "2023-11-26 09:00:00", "", "2026-11-26 23:59:59"},
	} {
		row := Consent{Evidence: Evidence{Channel: "email", Purpose: Letter, Basis: c.basis, Jurisdiction: c.country, At: wall(t, c.zone, c.given)}}
		var who Person
		if c.act != "" {
			who.LastAct = wall(t, c.zone, c.act)
		}
		end := wall(t, c.zone, c.last)
		for at, may := range map[time.Time]bool{end.AddDate(0, 0, -1): true, end: true, end.Add(time.Second): false, end.AddDate(0, 0, 1): false} {
			s := Weigh([]Consent{row}, "email", Letter, who, at, c.zone)
			if s.May != may || !may && s.Why != Lapsed || s.Until != clock.DayOf(end, c.zone) {
				t.Errorf("%s, at %v: %v %s until %v", c.name, at.In(c.zone), s.May, s.Why, s.Until)
			}
		}
	}
}

func TestWhatHoldsIsWeighed(t *testing.T) {
	t.Parallel()
	paris := zone(t, "Europe/Paris")
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	row := func(basis, country string, days int, change ...func(c *Consent)) Consent {
		c := Consent{Evidence: Evidence{Channel: "email", Purpose: Letter, Basis: basis, Jurisdiction: country, Source: "Annuaire", At: ago(days)}, EnteredAt: ago(days)}
		for _, f := range change {
			f(&c)
		}
		return c
	}
	theme := func(c *Consent) { c.Theme = "L’aménagement des restaurants" }
	told := func(c *Consent) { c.Informed = c.At }
	all := func(c *Consent) { c.Purpose = "" }
	phone := func(c *Consent) { c.Channel = "phone" }
	buyer := Person{Function: "Directrice des achats"}
	for _, c := range []struct {
		name    string
		rows    []Consent
		who     Person
		may     bool
		why     string
		missing []string
	}{
		{"nothing", nil, Person{}, false, None, nil},
		{"an agreement", []Consent{row(Agreement, "FR", 9)}, Person{}, true, "", nil},
		{"by another channel", []Consent{row(Agreement, "FR", 9, phone)}, Person{}, false, None, nil},
		{"an agreement in Canada has no term", []Consent{row(Agreement, "CA", 4000)}, Person{}, true, "", nil},
		{"taken back", []Consent{row(Agreement, "FR", 9), row(Withdrawal, "FR", 5)}, Person{}, false, Withdrawn, nil},
		{"all of it taken back", []Consent{row(Agreement, "FR", 9), row(Withdrawal, "FR", 5, all)}, Person{}, false, Withdrawn, nil},
		{"taken back by phone only", []Consent{row(Agreement, "FR", 9), row(Withdrawal, "FR", 5, phone)}, Person{}, true, "", nil},
		{"and agreed again", []Consent{row(Agreement, "FR", 9), row(Withdrawal, "FR", 5), row(Agreement, "FR", 2)}, Person{}, true, "", nil},
		{"an agreement of before, entered since", []Consent{row(Withdrawal, "FR", 5), row(Agreement, "FR", 9)}, Person{}, false, Withdrawn, nil},
		{"at the same instant, the stop holds", []Consent{row(Agreement, "FR", 5), row(Withdrawal, "FR", 5)}, Person{}, false, Withdrawn, nil},
		{"a purchase after an objection is no agreement", []Consent{row(Objection, "CA", 9), row(ImpliedPurchase, "CA", 2)}, Person{}, false, Objected, nil},
		{"the longest holds", []Consent{row(ImpliedPurchase, "CA", 100), row(ImpliedInquiry, "CA", 400)}, Person{}, true, "", nil},
		{"an inquiry in France is no ground", []Consent{row(ImpliedInquiry, "FR", 2)}, Person{}, false, NoBasis, nil},
		{"nor is a referral", []Consent{row(Referral, "FR", 2)}, Person{}, false, NoBasis, nil},
		{"a referral in Canada", []Consent{row(Referral, "CA", 2)}, Person{}, true, "", nil},
		{"once", []Consent{row(Referral, "CA", 2), row(Use, "CA", 1)}, Person{}, false, Used, nil},
		{"and once more by another", []Consent{row(Referral, "CA", 9), row(Use, "CA", 5), row(Referral, "CA", 2)}, Person{}, true, "", nil},
		{"a function, all four", []Consent{row(Function, "FR", 9, theme, told)}, buyer, true, "", nil},
		{"without the function", []Consent{row(Function, "FR", 9, theme, told)}, Person{}, false, Conditions, []string{NeedsFunction}},
		{"without a theme", []Consent{row(Function, "FR", 9, told)}, buyer, false, Conditions, []string{NeedsTheme}},
		{"without a source", []Consent{row(Function, "FR", 9, theme, told, func(c *Consent) { c.Source = "" })}, buyer, false, Conditions, []string{NeedsSource}},
		{"nobody told them: the message does", []Consent{row(Function, "FR", 30, theme)}, buyer, true, "", nil},
		{"nor within a month", []Consent{row(Function, "FR", 31, theme)}, buyer, false, Frozen, nil},
		{"entered once more", []Consent{row(Function, "FR", 31, theme), row(Function, "FR", 1, theme)}, buyer, false, Frozen, nil},
		{"a message told them in time", []Consent{row(Function, "FR", 90, theme), row(Told, "FR", 61)}, buyer, true, "", nil},
		{"a message before they were entered told them nothing", []Consent{row(Told, "FR", 61), row(Function, "FR", 31, theme)}, buyer, false, Frozen, nil},
		{"told at last", []Consent{row(Function, "FR", 31, theme), row(Function, "FR", 1, theme, told)}, buyer, true, "", nil},
		{"a card handed over in Canada", []Consent{row(Function, "CA", 900, theme)}, buyer, true, "", nil},
	} {
		s := Weigh(c.rows, "email", Letter, c.who, now, paris)
		if s.May != c.may || s.Why != c.why || !slices.Equal(s.Missing, c.missing) {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	if s := Weigh([]Consent{row(Agreement, "FR", 9)}, "email", Question, Person{}, now, paris); s.May {
		t.Error("an agreement to letters is one to questions")
	}
}

// Whoever was not told by anybody may be told by the message itself, up to the end of the thirtieth day, and never afterwards; once it left
// the term is that of the last own act.
func TestTheFirstMessageTellsWithinThirtyDays(t *testing.T) {
	t.Parallel()
	buyer := Person{Function: "Directrice des achats"}
	for _, c := range []struct{ zone, country, entered, last string }{
		{"Europe/Paris", "FR", "2026-03-10 10:00:00", "2026-04-09 23:59:59"}, // over the change of the hour
		{"Europe/Paris", "FR", "2026-10-01 23:30:00", "2026-10-31 23:59:59"},
		{"Europe/Paris", "BE", "2028-01-30 09:00:00", "2028-02-29 23:59:59"},
		{"America/Toronto", "FR", "2026-11-01 22:00:00", "2026-12-01 23:59:59"}, // tomorrow in UTC
	} {
		z := zone(t, c.zone)
		at, last := wall(t, z, c.entered), wall(t, z, c.last)
		row := Consent{EnteredAt: at, Evidence: Evidence{Channel: "email", Purpose: Letter, Basis: Function, Jurisdiction: c.country, Source: "Annuaire",
			Theme: "Les délais", At: at}}
		for now, may := range map[time.Time]bool{at: true, last.AddDate(0, 0, -1): true, last: true, last.Add(time.Second): false, last.AddDate(0, 0, 1): false} {
			s := Weigh([]Consent{row}, "email", Letter, buyer, now, z)
			if s.May != may || s.May != (s.Why == "") || !may && s.Why != Frozen || !s.Tells || s.Until != clock.DayOf(last, z) {
				t.Errorf("%s, at %v: %+v", c.entered, now.In(z), s)
			}
			told := Consent{EnteredAt: last, Evidence: Evidence{Channel: "email", Purpose: Nudge, Basis: Told, At: last}}
			if s := Weigh([]Consent{row, told}, "email", Letter, buyer, now, z); !s.May || s.Tells || s.Until != clock.DayOf(at, z).AddMonths(36) {
				t.Errorf("%s, told, at %v: %+v", c.entered, now.In(z), s)
			}
		}
	}
	card := Consent{Evidence: Evidence{Channel: "email", Purpose: Letter, Basis: Function, Jurisdiction: "CA", Source: "Une carte de visite", Theme: "Les délais"}}
	if s := Weigh([]Consent{card}, "email", Letter, buyer, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC); !s.May || !s.Tells || !s.Until.IsZero() {
		t.Errorf("a card in Canada: %+v", s)
	}
}
