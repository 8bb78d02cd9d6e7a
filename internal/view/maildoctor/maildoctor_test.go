package maildoctor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/coretest"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/core/mailer/mailertest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/protocol/dnsrecord"
	"causerie/internal/schema"
	"causerie/internal/view/maildoctor"
)

var owner = actor.System()

// patient is a house that writes from aubin.example.
type patient struct {
	t      *testing.T
	clock  *clock.Manual
	relays *mailer.Relays
	keys   *mailer.Keys
	o      maildoctor.Options
}

func each(t *testing.T, fn func(t *testing.T, p *patient)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(engine.String(), func(t *testing.T) {
			t.Parallel()
			clk := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
			d := dbtest.Open(t, engine, schema.All(), dbtest.Clock(clk))
			core := coretest.New(t, d)
			claire := coretest.Claire()
			claire.Email = "claire@aubin.example"
			core.SetUp(coretest.Aubin(), claire)
			p := &patient{t: t, clock: clk, keys: mailer.NewKeys(d, core.Box)}
			var err error
			p.relays, err = mailer.NewRelays(mailer.RelayOptions{DB: d, Bus: core.Bus, House: core.House, Box: core.Box, Host: "aubin.example"})
			must(t, err)
			out := delivery.New(delivery.Options{DB: d, Bus: core.Bus, Queue: core.Queue})
			mails, err := mailer.New(mailer.Options{DB: d, House: core.House, Deliveries: out, Carrier: p.relays, Host: "aubin.example"})
			must(t, err)
			p.o = maildoctor.Options{DB: d, Mailer: mails, Relays: p.relays, Keys: p.keys, Voices: core.Voices, Offline: true}
			fn(t, p)
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// look returns what and verdict of each finding about the domain and the relays, and the report.
func (p *patient) look(zone string) (map[string]string, maildoctor.Report) {
	p.t.Helper()
	records, err := dnsrecord.Read(strings.NewReader(zone))
	must(p.t, err)
	p.o.DNS = records
	r, err := maildoctor.New(p.o).Look(p.t.Context(), owner)
	must(p.t, err)
	said := map[string]string{}
	for _, f := range r.Findings {
		said[f.What] = f.Verdict
	}
	return said, r
}

func pasted(r maildoctor.Report, what string) (values []string) {
	for _, f := range r.Findings {
		if f.What == what {
			for _, p := range f.Paste {
				values = append(values, p.Name+" "+p.Type+" "+p.Value)
			}
		}
	}
	return values
}

func TestADomainThatPublishesNothingIsToldWhatToPublish(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *patient) {
		mailertest.Add(t, p.relays, "smtps://claire:x@ssl0.ovh.net")
		no := false
		all, err := p.relays.All(t.Context(), owner)
		must(t, err)
		must(t, p.relays.Change(t.Context(), owner, all[0].ID, mailer.RelayInput{Signs: &no}))
		said, r := p.look("")
		for what, want := range map[string]string{"spf": "none", "dkim": "no_keys", "dmarc": "none", "mx": "none", "limits": "ok"} {
			if said[what] != want {
				t.Errorf("%s: %q", what, said[what])
			}
		}
		if got := pasted(r, "spf"); len(got) != 1 || got[0] != "aubin.example TXT v=spf1 include:mx.ovh.com ~all" {
			t.Errorf("%q", got)
		}
		if got := pasted(r, "dmarc"); len(got) != 1 || got[0] != "_dmarc.aubin.example TXT v=DMARC1; p=none" {
			t.Errorf("%q", got)
		}
		said, r = p.look("aubin.example TXT \"v=spf1 mx -all\"\n_dmarc.aubin.example TXT \"v=DMARC1; p=reject\"\naubin.example MX 10 mx.aubin.example")
		if said["spf"] != "missing" || said["align"] != "refused" || said["mx"] != "ok" || pasted(r, "spf")[0] != "aubin.example TXT v=spf1 include:mx.ovh.com mx -all" {
			t.Errorf("%v %q", said, pasted(r, "spf"))
		}
	})
}

// A relay is let send by what others see of it: never by a name or an address of this machine's own network.
func TestWhoMaySendIsSaidAsOthersSeeIt(t *testing.T) {
	t.Parallel()
	for relay, c := range map[string]struct{ home, verdict, paste string }{
		"smtp://127.0.0.1:25?tls=off":      {"claire.example", "none", "a:claire.example"},
		"smtp://localhost:25?tls=off":      {"198.51.100.7", "none", "ip4:198.51.100.7"},
		"smtp://10.0.0.4:25?tls=off":       {"", "unknown", ""},
		"smtps://c:x@203.0.113.9":          {"claire.example", "none", "ip4:203.0.113.9"},
		"smtps://c:x@[2001:db8::9]":        {"claire.example", "none", "ip6:2001:db8::9"},
		"smtps://c:x@mail.atelier.example": {"claire.example", "none", "a:mail.atelier.example"},
	} {
		t.Run(relay, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, p *patient) {
				p.o.Home = func() string { return c.home }
				mailertest.Add(t, p.relays, relay)
				said, r := p.look("")
				var want []string
				if c.paste != "" {
					want = []string{"aubin.example TXT v=spf1 " + c.paste + " ~all"}
				}
				if got := pasted(r, "spf"); said["spf"] != c.verdict || !slices.Equal(got, want) {
					t.Errorf("%q, to paste: %q", said["spf"], got)
				}
			})
		})
	}
	each(t, func(t *testing.T, p *patient) {
		p.o.Home = func() string { return "claire.example" }
		mailertest.Add(t, p.relays, "smtp://127.0.0.1:25?tls=off")
		zone := "claire.example A 198.51.100.7\naubin.example TXT \"v=spf1 a:claire.example ~all\""
		if said, _ := p.look(zone); said["spf"] != "ok" {
			t.Errorf("the record that was pasted is %q", said["spf"])
		}
	})
}

// signing returns how many keys sign.
func (p *patient) signing() (n int) {
	all, err := p.keys.All(p.t.Context(), owner)
	must(p.t, err)
	for _, k := range all {
		if !k.SeenAt.IsZero() {
			n++
		}
	}
	return n
}

func TestAKeySignsFromWhenItsRecordIsSeen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *patient) {
		mailertest.Add(t, p.relays, "smtp://claire:x@mail.aubin.example")
		must(t, p.keys.Make(t.Context(), owner, "aubin.example"))
		said, r := p.look("")
		records := pasted(r, "dkim")
		if said["dkim"] != "missing" || len(records) != 2 {
			t.Fatalf("%v %q", said, records)
		}
		zone := "aubin.example MX 10 mail.aubin.example\nmail.aubin.example A 192.0.2.7\n192.0.2.7 PTR mail.aubin.example.\naubin.example TXT \"v=spf1 mx -all\"\n" +
			"_dmarc.aubin.example TXT \"v=DMARC1; p=none\"\n"
		for _, line := range records {
			name, value, _ := strings.Cut(line, " TXT ")
			half := len(value) / 2 // long ones come in two strings
			zone += name + ". 3600 IN TXT \"" + value[:half] + "\" \"" + value[half:] + "\"\n"
		}
		said, r = p.look(zone)
		for what, want := range map[string]string{"spf": "ok", "dkim": "ok", "dmarc": "ok", "align": "ok", "mx": "ok", "ptr": "ok"} {
			if said[what] != want {
				t.Errorf("%s: %q", what, said[what])
			}
		}
		if r.Wrongs() != 0 {
			t.Errorf("%+v", r.Findings)
		}
		all, err := p.keys.All(t.Context(), owner)
		must(t, err)
		for _, k := range all {
			if k.SeenAt.IsZero() {
				t.Errorf("%s does not sign", k.Name())
			}
		}
		// New ones are made: the old ones sign until the record of a new one is there.
		p.clock.Advance(time.Hour)
		must(t, p.keys.Make(t.Context(), owner, "aubin.example"))
		if said, r = p.look(zone); said["dkim"] != "missing" || len(pasted(r, "dkim")) != 2 {
			t.Errorf("%v %q", said, pasted(r, "dkim"))
		}
		if n := p.signing(); n != 2 {
			t.Errorf("%d keys sign while the new ones are not published", n)
		}
		name, value, _ := strings.Cut(pasted(r, "dkim")[0], " TXT ")
		p.look(zone + name + ". 3600 IN TXT \"" + value[:len(value)/2] + "\" \"" + value[len(value)/2:] + "\"\n")
		if n := p.signing(); n != 1 {
			t.Errorf("%d keys sign, want the new one alone", n)
		}
		last, err := maildoctor.New(p.o).Last(t.Context(), owner)
		if err != nil || len(last.Findings) == 0 {
			t.Errorf("%d findings are kept, %v", len(last.Findings), err)
		}
		editor := actor.Actor{Account: 8, Grants: []actor.Grant{{Voice: 1, Role: actor.Editor}}}
		if _, err := maildoctor.New(p.o).Look(t.Context(), editor); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an editor: %v", err)
		}
	})
}
