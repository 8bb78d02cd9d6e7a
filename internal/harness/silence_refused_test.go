package harness_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// A question that the server puts off waits, one that was refused for our sake is tried again a week later, and one to an address that is no good
// never is. Only who got it counts as asked, and the thirty days begin when it left.
func TestAQuestionThatDidNotLeaveAskedNobody(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			relay := newServer(t)
			g := &gated{House: harness.Start(t, harness.Options{Private: true, Engine: engine, Relay: relay.URL()}), t: t}
			var err error
			g.zone, err = time.LoadLocation("Europe/Paris")
			must(t, err)
			country := "FR"
			_, err = g.App.House.Change(t.Context(), g.Owner.Actor(), house.Patch{Country: &country})
			must(t, err)
			g.wall("2023-02-01 12:00:00")
			g.turn(true)
			got, later, blamed, nobody := g.agreed("FR"), g.agreed("FR"), g.agreed("FR"), g.agreed("FR")
			relay.says("451 4.7.1 come back later", later.Email())
			relay.says("550 5.7.1 not from you", blamed.Email())
			relay.says("550 5.1.1 no such user", nobody.Email())
			count := func(when string, want int) {
				t.Helper()
				if o := g.outlook(); o.Asked != want || o.Due != 4 {
					t.Errorf("%s: %d of %d were asked, want %d", when, o.Asked, o.Due, want)
				}
			}
			tries := func(when string, c contact.Contact, tried, taken int) {
				t.Helper()
				if n, m := relay.of(c.Email()); n != tried || m != taken {
					t.Errorf("%s: tried %d times and taken %d, want %d and %d", when, n, m, tried, taken)
				}
			}
			g.night("2026-01-05 04:00:00")
			tries("who gets it", got, 1, 1)
			count("before anybody knows", 0)
			g.night("2026-01-06 04:00:00")
			count("when one got it", 1)
			relay.says("", later.Email(), blamed.Email(), nobody.Email())
			g.night("2026-01-07 04:00:00")
			tries("who was put off", later, 3, 1)
			tries("who refused us, within the week", blamed, 1, 0)
			g.night("2026-01-12 04:00:00")
			count("when two got it", 2)
			tries("who refused us, a week later", blamed, 2, 1)
			g.night("2026-01-31 23:00:00")
			count("when three got it", 3)
			tries("an address that is no good", nobody, 1, 0)
			for _, c := range []contact.Contact{got, later} {
				if _, n := relay.of(c.Email()); n != 1 {
					t.Errorf("asked %d times", n)
				}
			}
			for _, c := range []struct {
				who  contact.Contact
				last string // the last night in which they are known
				gone string
			}{{got, "2026-02-03 23:59:59", "2026-02-04 00:00:00"}, {later, "2026-02-05 23:59:59", "2026-02-06 00:00:00"}, {blamed, "2026-02-10 23:59:59", "2026-02-11 00:00:00"}} {
				if g.night(c.last); !g.knows(c.who) {
					t.Errorf("gone on %s", c.last)
				}
				if g.night(c.gone); g.knows(c.who) {
					t.Errorf("still there on %s", c.gone)
				}
			}
			if g.knows(nobody) {
				t.Error("who cannot be asked stays for ever")
			}
		})
	}
}

// A question that is held leaves nobody erased, however long; when it leaves at last it says a day that is still to come.
func TestNobodyIsErasedWhileTheQuestionIsHeld(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		g.wall("2023-02-01 12:00:00")
		g.turn(true)
		who := g.agreed("FR")
		must(t, g.Deliveries.HoldAll(t.Context(), g.Owner.Actor(), true))
		g.night("2026-01-05 04:00:00")
		g.night("2026-01-25 04:00:00")
		if o := g.outlook(); o.Asked != 0 || !o.Next.IsZero() {
			t.Errorf("%+v", o)
		}
		must(t, g.Deliveries.HoldAll(t.Context(), g.Owner.Actor(), false))
		g.night("2026-01-26 04:00:00")
		if text := last(t, g.House, who.Email()).Text; !strings.Contains(text, "25 février 2026") {
			t.Errorf("it says no day in thirty:\n%s", text)
		}
		g.night("2026-02-24 23:59:59")
		if o := g.outlook(); o.Asked != 1 || !g.knows(who) || o.Next.String() != "2026-02-25" {
			t.Errorf("known %v, %+v", g.knows(who), o)
		}
		if g.night("2026-02-25 04:00:00"); g.knows(who) {
			t.Error("who did nothing stays")
		}
	})
}
