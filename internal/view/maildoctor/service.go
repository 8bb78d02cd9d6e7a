package maildoctor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/protocol/dnsrecord"
)

// Options are whom the doctor asks.
type Options struct {
	DB      *db.DB
	Mailer  *mailer.Service
	Relays  *mailer.Relays
	Keys    *mailer.Keys
	Voices  *voice.Service
	DNS     dnsrecord.Resolver // nil is the machine's
	Offline bool               // dial no relay
	Home    func() string      // the host at which strangers reach this machine, "" while there is none; nil is always ""
}

// Doctor looks at the mail of a house.
type Doctor struct{ o Options }

// New returns the doctor.
func New(o Options) *Doctor {
	if o.DNS == nil {
		o.DNS = &dnsrecord.System{}
	}
	return &Doctor{o}
}

// lookTime bounds a look, in whole: somebody waits.
const lookTime = 20 * time.Second

// reportSetting holds the last report. It does not say who writes to whom, and another house looks for itself.
var reportSetting = house.Setting[Report]{Key: "mail.report"}

// Last returns the last report, zero when nobody has looked. Only an owner may.
func (d *Doctor) Last(ctx context.Context, by actor.Actor) (r Report, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return r, err
	}
	err = d.o.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = reportSetting.GetIn(tx)
		return err
	})
	return r, err
}

// Domains returns the domains that the house writes from, in ASCII. Only an owner may.
func (d *Doctor) Domains(ctx context.Context, by actor.Actor) (all []string, err error) {
	if err := by.Require(actor.Owner, 0); err != nil {
		return nil, err
	}
	err = d.o.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		from, err := d.o.Mailer.HouseAddressIn(tx)
		if err != nil {
			return err
		}
		addresses := []string{from.Email}
		voices, err := d.o.Voices.ListIn(tx)
		for _, v := range voices {
			addresses = append(addresses, v.Email)
		}
		for _, a := range addresses {
			ascii, bad := mail.Address{Email: a}.ASCII()
			if bad != nil {
				continue
			}
			domain := ascii[strings.LastIndexByte(ascii, '@')+1:]
			if !slices.Contains(all, domain) && strings.Contains(domain, ".") {
				all = append(all, domain)
			}
		}
		return err
	})
	return all, err
}

// Look asks the DNS and the relays, keeps what it found, and has the keys whose records are there sign. Only an owner may.
func (d *Doctor) Look(ctx context.Context, by actor.Actor) (Report, error) {
	r, seen, err := d.Examine(ctx, by)
	if err != nil {
		return r, err
	}
	if len(seen) > 0 {
		if err := d.o.Keys.Seen(ctx, seen...); err != nil {
			return r, err
		}
	}
	return r, d.o.DB.Write(ctx, func(tx *db.Tx) error { return reportSetting.SetIn(tx, by, r) })
}

// Examine is Look that changes nothing: it returns the keys whose records are there.
func (d *Doctor) Examine(ctx context.Context, by actor.Actor) (r Report, seen []fact.SigningKeyID, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	c := &checkup{dns: d.o.DNS}
	if d.o.Home != nil {
		c.home = d.o.Home()
	}
	domains, err := d.Domains(ctx, by)
	if err != nil {
		return r, nil, err
	}
	if c.relays, err = d.o.Relays.All(ctx, by); err != nil {
		return r, nil, err
	}
	if c.keys, err = d.o.Keys.All(ctx, by); err != nil {
		return r, nil, err
	}
	c.report.At = d.o.DB.Clock().Now()
	for _, domain := range domains {
		c.domain(ctx, domain)
	}
	if len(domains) == 0 {
		c.add("", "dns", "no_domain", Note)
	}
	dial := dialRelay
	if d.o.Offline {
		dial = nil
	}
	for _, relay := range c.relays {
		c.relay(ctx, relay, dial, why)
	}
	if len(c.relays) == 0 {
		c.add("", "relay", "none", Note)
	}
	for _, k := range c.seen {
		seen = append(seen, k.ID)
	}
	return c.report, seen, nil
}

func dialRelay(ctx context.Context, r mailer.Relay) error {
	s, err := r.Dial(ctx)
	if err == nil {
		_ = s.Close() // whether QUIT is answered changes nothing
	}
	return err
}

// why is the reason of a failure, of which the catalog has the words under delivery.reason.
func why(err error) string {
	if failure, ok := errors.AsType[*mail.SendError](err); ok {
		return string(failure.Why())
	}
	return string(mail.WhyCut)
}
