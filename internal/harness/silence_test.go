package harness_test

import (
	"net/http"
	"strings"
	"testing"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/silence"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// agreed makes somebody who agreed to the letter, under the law of a country.
func (g *gated) agreed(law string) contact.Contact {
	g.t.Helper()
	c := g.somebody()
	_, err := g.Consents.Record(g.t.Context(), g.Owner.Actor(), c.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: law,
		Wording: "Oui.", At: g.Clock.Now()})
	must(g.t, err)
	return c
}

// night has the house look at everybody, and lets leave what is due.
func (g *gated) night(at string) {
	g.t.Helper()
	g.wall(at)
	must(g.t, g.Silences.Look(g.t.Context()))
	_, err := g.Deliveries.RunDue(g.t.Context())
	must(g.t, err)
}

func (g *gated) knows(c contact.Contact) bool {
	g.t.Helper()
	_, err := g.Contacts.Get(g.t.Context(), g.Owner.Actor(), c.ID)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		g.t.Fatal(err)
	}
	return err == nil
}

// asked counts the questions that somebody got.
func (g *gated) asked(c contact.Contact) (n int) {
	for _, m := range g.Mail.To(c.Email()) {
		if strings.Contains(m.Text, "/stay?t=") {
			n++
		}
	}
	return n
}

func (g *gated) turn(on bool) {
	g.t.Helper()
	must(g.t, g.Silences.Turn(g.t.Context(), g.Owner.Actor(), on))
}

func (g *gated) outlook() (o silence.Outlook) {
	g.t.Helper()
	read(g.t, g.House, func(tx *db.Tx) (err error) { o, err = g.Silences.OutlookIn(tx); return err })
	return o
}

// The day before the thirtieth before the end of the term nothing happens; on it the question leaves, once; on the last day of the term they are
// still known; on the one behind they are forgotten, and a list that brings their address back does not.
func TestWhoSaysNothingIsAskedOnceAndForgottenBehindTheTerm(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		for _, c := range []struct{ given, before, ask, last, behind string }{
			{"2022-01-31 23:30:00", "2024-12-31 23:59:59", "2025-01-01 00:00:00", "2025-01-31 23:59:59", "2025-02-01 00:00:00"},
			{"2023-03-29 00:10:00", "2026-02-26 23:59:59", "2026-02-27 00:00:00", "2026-03-29 23:59:59", "2026-03-30 00:00:00"},
			{"2023-11-01 12:00:00", "2026-10-01 23:59:59", "2026-10-02 00:00:00", "2026-11-01 23:59:59", "2026-11-02 00:00:00"},
			{"2024-02-29 10:00:00", "2027-01-28 23:59:59", "2027-01-29 00:00:00", "2027-02-28 23:59:59", "2027-03-01 00:00:00"},
			{"2025-02-28 10:00:00", "2028-01-28 23:59:59", "2028-01-29 00:00:00", "2028-02-28 23:59:59", "2028-02-29 00:00:00"},
		} {
			g.wall(c.given)
			g.turn(true)
			who := g.agreed("FR")
			for _, step := range []struct {
				at    string
				asked int
				known bool
			}{{c.before, 0, true}, {c.ask, 1, true}, {c.last, 1, true}, {c.behind, 1, false}} {
				g.night(step.at)
				if n, known := g.asked(who), g.knows(who); n != step.asked || known != step.known {
					t.Errorf("since %s, on %s: asked %d times, known %v", c.given, step.at, n, known)
				}
			}
			read(t, g.House, func(tx *db.Tx) error {
				_, erased, err := g.Consents.IsErasedIn(tx, who.Handles[0])
				if !erased {
					t.Errorf("since %s: a list would bring them back unseen", c.given)
				}
				return err
			})
			g.turn(false)
		}
	})
}

// Until an owner turns it on nobody is asked or erased, however long they said nothing; then they have thirty days more, and an owner may keep
// them.
func TestTheHouseProposesUntilAnOwnerTurnsItOn(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		g.wall("2021-06-15 10:00:00")
		who, kept := g.agreed("FR"), g.agreed("FR")
		g.night("2024-06-10 04:00:00")
		g.night("2026-01-15 04:00:00")
		if o := g.outlook(); g.asked(who)+g.asked(kept) != 0 || !g.knows(who) || o.Erases || o.Due != 2 || !o.Next.IsZero() {
			t.Fatalf("%+v", o)
		}
		if err := g.Silences.Keep(t.Context(), g.Owner.Actor(), kept.ID, "hope"); fault.ProblemsOf(err) == nil {
			t.Errorf("for no reason: %v", err)
		}
		must(t, g.Silences.Keep(t.Context(), g.Owner.Actor(), kept.ID, silence.ForDispute))
		g.wall("2026-01-15 12:00:00")
		g.turn(true)
		if o := g.outlook(); !o.Erases || o.Due != 1 || o.Kept != 1 || o.Next.String() != "2026-02-14" || o.Then != 1 {
			t.Errorf("%+v", o)
		}
		g.night("2026-02-13 23:59:59")
		if !g.knows(who) {
			t.Error("erased before thirty days")
		}
		g.night("2026-02-14 00:00:00")
		if g.knows(who) || !g.knows(kept) || g.asked(who) != 0 { // the agreement had lapsed: nobody may ask
			t.Errorf("known %v, kept %v, asked %d", g.knows(who), g.knows(kept), g.asked(who))
		}
		must(t, g.Silences.Keep(t.Context(), g.Owner.Actor(), kept.ID, ""))
		g.night("2026-03-15 04:00:00")
		if !g.knows(kept) {
			t.Error("who is kept no more has thirty days again")
		}
		g.night("2026-03-16 04:00:00")
		if g.knows(kept) {
			t.Error("who is kept no more stays for ever")
		}
	})
}

// Whoever gave a sign stays, up to the very night: who spoke, whose mandate goes on, whose words strangers read, and whom another law holds. What
// left for them, and a page that was opened, is no sign.
func TestWhoGaveASignOrIsNoProspectStays(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		open := true
		_, err := g.App.House.Change(t.Context(), g.Owner.Actor(), house.Patch{Public: &open, Identity: map[string]string{"privacy_officer": "Jeanne Le Du"}})
		must(t, err)
		g.wall("2023-02-01 10:00:00")
		g.turn(true)
		path := publish(t, g.House, "Nos délais", "Une phrase.")
		spoke, client, speaks, canadian, silent := g.agreed("FR"), g.agreed("FR"), g.agreed("FR"), g.agreed("CA"), g.agreed("FR")
		_, err = g.Mandates.Open(t.Context(), g.Owner.Actor(), mandate.Input{Title: "Une cuisine", Voice: g.voice, Contact: client.ID})
		must(t, err)
		g.Visitor().Get(path).OK().Form("#repondre").Fill("name", "Ana").Fill("email", speaks.Email()).Fill("body", "Bien dit.").Submit()
		must(t, g.Inbox.Approve(t.Context(), g.Owner.Actor(), only(t, g.House, inbox.Filter{State: inbox.Held}).ID))
		g.wall("2025-12-01 10:00:00")
		if got := g.sends(g.enqueue(silent)); got != "sent" { // a letter that leaves is no sign of theirs
			t.Error(got)
		}
		g.night("2026-01-05 04:00:00")
		link := ""
		for _, m := range g.Mail.To(silent.Email()) {
			if strings.Contains(m.Text, "/stay?t=") {
				link = linkIn(t, g.House, m.Text, "/stay")
			}
		}
		for range 2 {
			g.Visitor().Get(link).OK() // nor is a page that was opened
		}
		g.wall("2026-01-31 10:00:00")
		_, err = g.Inbox.Request(t.Context(), inbox.RequestInput{Voice: g.voice, Name: "Ana", Email: spoke.Email(), Body: "Bonjour, une question."})
		must(t, err)
		g.night("2026-02-03 23:00:00")
		if !g.knows(silent) {
			t.Error("who was asked late has thirty days to answer all the same")
		}
		g.night("2026-02-04 04:00:00")
		for name, c := range map[string]struct {
			who  contact.Contact
			stay bool
		}{"who spoke": {spoke, true}, "a client": {client, true}, "whose words strangers read": {speaks, true}, "under the law of Canada": {canadian, true},
			"who said nothing": {silent, false}} {
			if g.knows(c.who) != c.stay {
				t.Errorf("%s: known %v", name, !c.stay)
			}
		}
		if o := g.outlook(); o.Held != 1 {
			t.Errorf("%+v", o)
		}
	})
}

// The page of the question says yes or no by a button, and by nothing else: yes is an agreement in its very words, no forgets at once.
func TestTheQuestionIsAnsweredByAButton(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		open := true
		_, err := g.App.House.Change(t.Context(), g.Owner.Actor(), house.Patch{Public: &open, Identity: map[string]string{"privacy_officer": "Jeanne Le Du"}})
		must(t, err)
		g.wall("2023-02-01 10:00:00")
		g.turn(true)
		yes, no := g.agreed("FR"), g.agreed("FR")
		g.night("2026-01-05 04:00:00")
		page := func(c contact.Contact) string { return linkIn(t, g.House, last(t, g.House, c.Email()).Text, "/stay") }
		answer := func(link, with string) {
			t.Helper()
			g.Visitor().Get(link).OK().Form("form.stack").With("answer", with).Submit().OK()
		}
		answer(page(yes), "yes")
		answer(page(no), "no")
		if g.knows(no) || !g.knows(yes) {
			t.Errorf("no: known %v; yes: known %v", g.knows(no), g.knows(yes))
		}
		all, err := g.Consents.Of(t.Context(), g.Owner.Actor(), yes.ID)
		must(t, err)
		if len(all) != 2 || all[0].Basis != consent.Agreement || !strings.HasPrefix(all[0].Wording, "En répondant oui, j’accepte que La Maison d’essai garde") || all[0].Account != 0 {
			t.Errorf("%+v", all)
		}
		for _, link := range []string{page(yes), page(no)} { // once more changes nothing, and says what is
			g.Visitor().Get(link).OK()
		}
		if status := g.Visitor().Get("/stay?t=zq").Status; status != http.StatusNotFound {
			t.Errorf("a link that is none answers %d", status)
		}
		g.night("2026-02-02 04:00:00")
		g.night("2028-12-01 04:00:00")
		if !g.knows(yes) || g.asked(yes) != 1 {
			t.Error("who stays is asked or forgotten before another three years")
		}
		g.night("2028-12-20 04:00:00")
		if g.asked(yes) != 2 {
			t.Errorf("three years later they were asked %d times", g.asked(yes))
		}
	})
}
