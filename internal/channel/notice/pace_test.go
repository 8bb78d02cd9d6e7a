package notice

import (
	"testing"
	"time"

	"causerie/internal/fact"
)

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// at reads an instant on the wall of Paris.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04:05", s, paris(t))
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestQuietHoursFollowTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	night := Default()
	noon := Default()
	noon.QuietFrom, noon.QuietTo = 12*60, 14*60
	none, empty := Default(), Default()
	none.Quiet = false
	empty.QuietTo = empty.QuietFrom
	for _, c := range []struct {
		choice  Choice
		at, end string // "" is not quiet
	}{
		{night, "2026-03-02 20:59:59", ""},
		{night, "2026-03-02 21:00:00", "2026-03-03 07:00:00"},
		{night, "2026-03-03 00:00:00", "2026-03-03 07:00:00"},
		{night, "2026-03-03 06:59:59", "2026-03-03 07:00:00"},
		{night, "2026-03-03 07:00:00", ""},
		{night, "2026-03-28 23:30:00", "2026-03-29 07:00:00"}, // summer time begins
		{night, "2026-03-29 03:15:00", "2026-03-29 07:00:00"},
		{night, "2026-10-24 23:30:00", "2026-10-25 07:00:00"}, // and ends
		{night, "2026-10-25 07:00:00", ""},
		{noon, "2026-03-02 11:59:59", ""},
		{noon, "2026-03-02 13:00:00", "2026-03-02 14:00:00"},
		{noon, "2026-03-02 23:00:00", ""},
		{none, "2026-03-02 23:00:00", ""},
		{empty, "2026-03-02 21:00:00", ""},
	} {
		end, quiet := c.choice.quietAt(at(t, c.at).UTC(), paris(t))
		if quiet != (c.end != "") || quiet && !end.Equal(at(t, c.end)) {
			t.Errorf("at %s: quiet %v until %v, want %q", c.at, quiet, end.In(paris(t)), c.end)
		}
	}
}

func TestTheDailyHourFollowsTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hour    Hour
		at, due string
	}{
		{8 * 60, "2026-03-02 07:59:59", "2026-03-02 08:00:00"},
		{8 * 60, "2026-03-02 08:00:00", "2026-03-02 08:00:00"},
		{8 * 60, "2026-03-02 08:00:01", "2026-03-03 08:00:00"},
		{8 * 60, "2026-03-28 12:00:00", "2026-03-29 08:00:00"}, // 23 hours in that day
		{8 * 60, "2026-10-24 12:00:00", "2026-10-25 08:00:00"}, // 25
		{150, "2026-03-28 12:00:00", "2026-03-29 03:30:00"},    // half past two is not there
		{0, "2026-03-02 00:00:01", "2026-03-03 00:00:00"},
	} {
		if due := c.hour.after(at(t, c.at).UTC(), paris(t)); !due.Equal(at(t, c.due)) {
			t.Errorf("%v after %s is %v, want %s", c.hour, c.at, due.In(paris(t)), c.due)
		}
	}
}

func TestHoursAreReadAsFormsSendThem(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Hour{"00:00": 0, "07:30": 450, "23:59": 1439, "24:00": NoHour, "": NoHour, "7h": NoHour, "-1:00": NoHour} {
		if got := ParseHour(s); got != want || want != NoHour && got.String() != s {
			t.Errorf("%q is %v, want %v", s, got, want)
		}
	}
}

// what is told, and when the next look is, of things that came at some hours of one day.
func TestWhatComesTogetherLeavesTogether(t *testing.T) {
	t.Parallel()
	through := Default()
	through.Through = true
	daily := Default()
	daily.Held = Daily
	for _, c := range []struct {
		name   string
		choice Choice
		came   map[what][]string
		lately []string
		now    string
		tell   int
		next   string
	}{
		{"a request, unless it is answered at once", Default(), map[what][]string{request: {"10:00:00"}}, nil, "10:00:00", 0, "10:00:05"},
		{"the same, five seconds later", Default(), map[what][]string{request: {"10:00:00"}}, nil, "10:00:05", 1, ""},
		{"a comment, when no other followed", Default(), map[what][]string{held: {"10:00:00"}}, nil, "10:00:00", 0, "10:00:20"},
		{"the same, a little later", Default(), map[what][]string{held: {"10:00:00"}}, nil, "10:00:20", 1, ""},
		{"comments that go on coming", Default(), map[what][]string{held: {"10:00:00", "10:00:15"}}, nil, "10:00:20", 0, "10:00:35"},
		{"for two minutes at most", Default(), map[what][]string{held: {"10:00:00", "10:01:55"}}, nil, "10:02:00", 2, ""},
		{"a request takes the comments along", Default(), map[what][]string{held: {"10:00:00"}, request: {"10:00:01"}}, nil, "10:00:06", 2, ""},
		{"the second mail of comments keeps its distance", Default(), map[what][]string{held: {"10:02:00"}}, []string{"10:00:20"}, "10:02:20", 0, "10:05:20"},
		{"the third more", Default(), map[what][]string{held: {"10:06:00"}}, []string{"10:00:20", "10:05:20"}, "10:10:00", 0, "10:20:20"},
		{"the third request keeps no distance yet", Default(), map[what][]string{request: {"10:06:00"}}, []string{"10:00:00", "10:05:00"}, "10:06:05", 1, ""},
		{"the fourth waits", Default(), map[what][]string{request: {"10:06:00"}}, []string{"10:00:00", "10:05:00", "10:05:30"}, "10:06:00", 0, "10:10:30"},
		{"at night", Default(), map[what][]string{request: {"22:00:00"}, held: {"22:10:00"}}, nil, "22:11:00", 0, "31:00:00"},
		{"due at night", Default(), map[what][]string{held: {"20:59:50"}}, nil, "20:59:50", 0, "31:00:00"},
		{"in the morning", Default(), map[what][]string{request: {"-2:00:00"}, held: {"-1:10:00"}}, nil, "07:00:00", 2, ""},
		{"a request at night, let through", through, map[what][]string{request: {"22:00:00"}, held: {"21:30:00"}}, nil, "22:00:05", 1, "31:00:00"},
		{"once a day", daily, map[what][]string{held: {"10:00:00"}, request: {"10:00:00"}}, nil, "10:00:05", 1, "32:00:00"},
		{"at its hour", daily, map[what][]string{held: {"07:00:00", "07:59:00"}}, nil, "08:00:00", 2, ""},
	} {
		zero := at(t, "2026-03-02 00:00:00")
		on := func(s string) time.Time {
			d, err := time.ParseDuration(s[:len(s)-6] + "h" + s[len(s)-5:len(s)-3] + "m" + s[len(s)-2:] + "s")
			if err != nil {
				t.Fatal(err)
			}
			return zero.Add(d)
		}
		var waiting []item
		for _, w := range []what{held, request, published} {
			for _, s := range c.came[w] {
				waiting = append(waiting, item{message: fact.MessageID(len(waiting) + 1), what: w, at: on(s)})
			}
		}
		var lately []time.Time
		for _, s := range c.lately {
			lately = append(lately, on(s))
		}
		p := c.choice.plan(waiting, lately, on(c.now), paris(t))
		if len(p.tell) != c.tell || p.next.IsZero() != (c.next == "") || c.next != "" && !p.next.Equal(on(c.next)) {
			t.Errorf("%s: tells %d, then at %v; want %d, then %s", c.name, len(p.tell), p.next.In(paris(t)), c.tell, c.next)
		}
	}
}

func TestAReaderIsToldOfTheFirstAnswersAsTheyCome(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-03-02 10:00:00")
	var lately []time.Time
	for n := range 6 {
		p := planReader([]item{{message: 1, what: answer, at: now}}, lately, now)
		if (len(p.tell) == 1) != (n < 4) {
			t.Errorf("the mail after %d others: tells %d, then at %v", n, len(p.tell), p.next)
		}
		lately = append(lately, now)
	}
}

func TestAChoiceThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	if err := Default().check(); err != nil {
		t.Error(err)
	}
	for _, c := range []Choice{{}, {Requests: Now, Held: Now, Published: "often"}, {Requests: Now, Held: Now, Published: Never, DailyAt: NoHour}} {
		if c.check() == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
