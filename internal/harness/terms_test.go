package harness_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/subscription"
	"causerie/internal/harness"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
)

// gated is a house whose clock is set, and what it needs to have a letter leave for somebody.
type gated struct {
	*harness.House
	t      *testing.T
	zone   *time.Location
	letter fact.LetterID
	voice  fact.VoiceID
	n      int
}

// eachZone runs fn in a house of Paris and in one of Montréal, on both engines.
func eachZone(t *testing.T, fn func(t *testing.T, g *gated)) {
	for zone, country := range map[string]string{"Europe/Paris": "FR", "America/Toronto": "CA"} {
		t.Run(country, func(t *testing.T) {
			both(t, harness.Options{Private: true}, func(t *testing.T, h *harness.House) {
				_, err := h.App.House.Change(t.Context(), h.Owner.Actor(), house.Patch{Country: &country, Zone: &zone})
				must(t, err)
				g := &gated{House: h, t: t}
				g.zone, err = time.LoadLocation(zone)
				must(t, err)
				read(t, h, func(tx *db.Tx) error {
					v, err := h.Voices.MainIn(tx)
					g.voice = v.ID
					return err
				})
				l, err := h.Newsletter.Create(t.Context(), h.Owner.Actor(), newsletter.Input{Voice: g.voice, Subject: "Une lettre", Body: "Une phrase."})
				must(t, err)
				g.letter = l.ID
				must(t, h.Newsletter.Send(t.Context(), h.Owner.Actor(), l.ID, time.Time{}))
				h.RunJobs()
				fn(t, g)
			})
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wall sets the clock to what clocks on a wall of the house show.
func (g *gated) wall(s string) time.Time {
	g.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, g.zone)
	must(g.t, err)
	g.Clock.Set(at.UTC())
	return at.UTC()
}

// somebody makes a person with a function.
func (g *gated) somebody() contact.Contact {
	g.t.Helper()
	g.n++
	c, err := g.Contacts.Create(g.t.Context(), g.Owner.Actor(), contact.NewContact{Name: "Ana", Role: "Gérante", Email: fmt.Sprintf("ana%d@legoff.example", g.n)})
	must(g.t, err)
	return c
}

// enqueue hands the letter over for somebody, and returns the key under which it is found.
func (g *gated) enqueue(c contact.Contact) string {
	g.t.Helper()
	g.n++
	key := fmt.Sprintf("test/%d", g.n)
	must(g.t, g.DB.Write(g.t.Context(), func(tx *db.Tx) error {
		_, err := g.Deliveries.EnqueueIn(tx, actor.System(), delivery.Outgoing{Channel: mailer.Channel, Kind: newsletter.KindLetter, Key: key, Voice: g.voice,
			Contact: c.ID, Handle: c.Handles[0].ID, About: delivery.Ref{Kind: delivery.RefLetter, ID: int64(g.letter)}, Recipient: c.Email(), Subject: "Une lettre"})
		return err
	}))
	return key
}

// sends lets what waits leave, and returns what became of a delivery.
func (g *gated) sends(key string) string {
	g.t.Helper()
	_, err := g.Deliveries.RunDue(g.t.Context())
	must(g.t, err)
	var d delivery.Delivery
	read(g.t, g.House, func(tx *db.Tx) (err error) { d, err = g.Deliveries.ByKeyIn(tx, key); return err })
	if d.State == delivery.Sent {
		return delivery.Sent
	}
	return d.State + " " + d.Reason
}

const refusedLapsed = delivery.Refused + " consent_lapsed"

// Each term of the law ends with a day of the house's zone: what was handed over in time leaves on the day before and to the last second of
// that day, and does not leave from the next one on, whatever it was when it was enqueued.
func TestEachTermEndsAtTheGateWithItsDay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, basis, law string
		given, last      string // the last second
		after            string
	}{
		{"a purchase, LCAP 24 months", consent.ImpliedPurchase, "CA", "2024-03-15 23:30:00", "2026-03-15 23:59:59", refusedLapsed},
		{"a purchase of 29 February", consent.ImpliedPurchase, "CA", "2024-02-29 10:00:00", "2026-02-28 23:59:59", refusedLapsed},
		{"a client, LCAP 24 months", consent.Client, "CA", "2026-03-29 10:00:00", "2028-03-29 23:59:59", refusedLapsed},
		{"an inquiry, LCAP 6 months", consent.ImpliedInquiry, "CA", "2026-05-01 23:59:00", "2026-11-01 23:59:59", refusedLapsed}, // a day of 25 hours in Montréal
		{"an inquiry that ends in February", consent.ImpliedInquiry, "CA", "2027-08-31 09:00:00", "2028-02-29 23:59:59", refusedLapsed},
		{"an agreement, CNIL 36 months", consent.Agreement, "FR", "2023-03-29 00:10:00", "2026-03-29 23:59:59", refusedLapsed}, // a day of 23 hours in Paris
		{"an agreement of 29 February", consent.Agreement, "FR", "2024-02-29 09:00:00", "2027-02-28 23:59:59", refusedLapsed},
		{"an agreement three years before one", consent.Agreement, "FR", "2025-02-28 09:00:00", "2028-02-28 23:59:59", refusedLapsed},
		{"a client, CNIL 36 months", consent.Client, "FR", "2023-10-25 02:30:00", "2026-10-25 23:59:59", refusedLapsed}, // a day of 25 hours in Paris
		{"nobody told, 30 days", consent.Function, "FR", "2026-03-01 23:30:00", "2026-03-31 23:59:59", delivery.Refused + " consent_frozen"},
		{"nobody told, to 29 February", consent.Function, "FR", "2028-01-30 08:00:00", "2028-02-29 23:59:59", delivery.Refused + " consent_frozen"},
	}
	eachZone(t, func(t *testing.T, g *gated) {
		for _, c := range cases {
			for offset, want := range map[string]string{"-24h": delivery.Sent, "0s": delivery.Sent, "1s": c.after, "24h": c.after} {
				at := g.wall(c.given)
				who := g.somebody()
				_, err := g.Consents.Record(t.Context(), g.Owner.Actor(), who.ID, consent.Evidence{Purpose: consent.Letter, Basis: c.basis, Jurisdiction: c.law,
					Wording: "Oui.", Source: "Annuaire", Theme: "Nos délais", At: at})
				must(t, err)
				key := g.enqueue(who)
				d, err := time.ParseDuration(offset)
				must(t, err)
				g.Clock.Set(g.wall(c.last).Add(d))
				if got := g.sends(key); got != want {
					t.Errorf("%s, %s from its last second: %s, want %s", c.name, offset, got, want)
				}
			}
		}
	})
}

// A referral is one message in Canada: a second one that was handed over before the first left does not leave, not on that day and not two
// years later. It names who referred them.
func TestAReferralLetsOneMessageThroughTheGate(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		g.wall("2028-02-29 10:00:00")
		who := g.somebody()
		_, err := g.Consents.Record(t.Context(), g.Owner.Actor(), who.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Referral, Jurisdiction: "CA",
			Source: "Marie Le Bihan, qui nous recommande"})
		must(t, err)
		first, second := g.enqueue(who), g.enqueue(who)
		if a, b := g.sends(first), g.sends(second); a != delivery.Sent || b != delivery.Refused+" consent_used" {
			t.Errorf("%s, then %s", a, b)
		}
		for _, m := range g.Mail.To(who.Email()) {
			if !strings.Contains(m.Text, "D’où vient votre adresse\u00a0: Marie Le Bihan, qui nous recommande. Vous pouvez vous opposer") {
				t.Error(m.Text)
			}
		}
		for _, at := range []string{"2028-03-01 09:00:00", "2030-02-28 09:00:00"} {
			g.wall(at)
			if got := g.sends(g.enqueue(who)); got != delivery.Refused+" consent_used" {
				t.Errorf("on %s: %s", at, got)
			}
		}
	})
}

// The first letter to somebody on the ground of their function says where their address comes from and that they may object, in the text and in
// the HTML; the second does not, and both leave after the month: they were told.
func TestTheFirstLetterSaysWhereTheAddressComesFrom(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		g.wall("2026-03-01 23:30:00")
		who := g.somebody()
		_, err := g.Consents.Record(t.Context(), g.Owner.Actor(), who.ID, consent.Evidence{Purpose: consent.Letter, Basis: consent.Function, Jurisdiction: "FR",
			Source: "Annuaire des architectes & <amis>", Theme: "Nos délais"})
		must(t, err)
		g.wall("2026-03-31 23:00:00")
		for _, at := range []string{"2026-03-31 23:30:00", "2026-04-01 09:00:00", "2029-03-01 09:00:00"} {
			g.wall(at)
			if got := g.sends(g.enqueue(who)); got != delivery.Sent {
				t.Errorf("on %s: %s", at, got)
			}
		}
		for i, m := range g.Mail.To(who.Email()) {
			inText := strings.Contains(m.Text, "D’où vient votre adresse\u00a0: Annuaire des architectes & <amis>. Vous pouvez vous opposer")
			inHTML := strings.Contains(m.HTML, "D’où vient votre adresse\u00a0: Annuaire des architectes &amp; &lt;amis&gt;. Vous pouvez vous opposer")
			if first := i == 0; inText != first || inHTML != first || strings.Contains(m.Text, "parce que vous l’avez demandée") {
				t.Errorf("the letter %d: %v %v\n%s", i+1, inText, inHTML, m.Text)
			}
		}
		g.wall("2029-03-02 00:00:00")
		if got := g.sends(g.enqueue(who)); got != refusedLapsed {
			t.Error(got)
		}
	})
}

// Who asked by the form and did not confirm gets nothing, and their link works to the end of the seventh day.
func TestTheLinkThatConfirmsWorksForSevenDays(t *testing.T) {
	t.Parallel()
	eachZone(t, func(t *testing.T, g *gated) {
		open := true
		_, err := g.App.House.Change(t.Context(), g.Owner.Actor(), house.Patch{Public: &open, Identity: map[string]string{"privacy_officer": "Jeanne Le Du"}})
		must(t, err)
		for offset, confirmed := range map[time.Duration]bool{-24 * time.Hour: true, -time.Second: true, time.Second: false, 24 * time.Hour: false} {
			at := g.wall("2028-02-24 23:30:00") // over 29 February
			g.n++
			email := fmt.Sprintf("zoe%d@ailleurs.example", g.n)
			must(t, g.Subscriptions.Ask(t.Context(), subscription.AskInput{Email: email, Wording: "J’accepte.", Version: "1", Page: g.URL,
				Wish: subscription.Wish{Follows: []subscription.Follow{{Voice: g.voice}}, Rhythm: subscription.Each, Lang: "fr-FR"}}))
			_, err := g.Deliveries.RunDue(t.Context())
			must(t, err)
			link := linkIn(t, g.House, last(t, g.House, email).Text, "/subscribe/confirm")
			g.Clock.Set(at.Add(subscription.KeepAsks + offset))
			page := g.Visitor().Get(link)
			if ok := page.Status == 200; ok != confirmed {
				t.Errorf("%v from its end the page answers %d", offset, page.Status)
			} else if ok {
				page.Form("form").Submit()
			}
			_, err = g.Subscriptions.Prune(t.Context())
			must(t, err)
			read(t, g.House, func(tx *db.Tx) error {
				c, _, found, err := g.Contacts.FindIn(tx, contact.Address(email))
				if err != nil || found != confirmed {
					t.Errorf("%v from its end: known %v, %v", offset, found, err)
				}
				if found {
					s, err := g.Consents.StandingIn(tx, c.ID, contact.Email, consent.Letter)
					if err != nil || !s.May {
						t.Errorf("%v from its end: %+v", offset, s)
					}
				}
				return err
			})
		}
	})
}
