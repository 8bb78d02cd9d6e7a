package maildoctor

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"causerie/internal/core/mailer"
	"causerie/internal/protocol/dnsrecord"
)

// checkup looks at one house.
type checkup struct {
	dns    dnsrecord.Resolver
	home   string // whose addresses others see when mail leaves from this machine, "" when nobody knows
	relays []mailer.Relay
	keys   []mailer.SigningKey
	seen   []mailer.SigningKey // whose records are there
	report Report
}

func (c *checkup) add(about, what, verdict, level string, change ...func(*Finding)) {
	f := Finding{About: about, What: what, Verdict: verdict, Level: level}
	for _, do := range change {
		do(&f)
	}
	c.report.Findings = append(c.report.Findings, f)
}

func is(text string) func(*Finding) { return func(f *Finding) { f.Is = text } }

func args(a ...string) func(*Finding) { return func(f *Finding) { f.Args = a } }

func paste(name, kind, value string) func(*Finding) {
	return func(f *Finding) { f.Paste = append(f.Paste, Record{name, kind, value}) }
}

// away reports whether an error says that nobody answered, and not that there is nothing.
func away(err error) bool {
	e, ok := err.(*net.DNSError)
	return err != nil && (!ok || !e.IsNotFound)
}

// domain looks at a domain that the house writes from.
func (c *checkup) domain(ctx context.Context, domain string) {
	txt, err := c.dns.LookupTXT(ctx, domain)
	if away(err) {
		c.add(domain, "dns", "away", Note)
		return
	}
	spf := c.spf(ctx, domain, txt)
	signed := len(c.relays) == 0 || c.dkim(ctx, domain) // while nobody carries mail, nobody needs to vouch for it
	c.dmarc(ctx, domain, spf || signed)
	if mx, err := c.dns.LookupMX(ctx, domain); away(err) {
		c.add(domain, "mx", "away", Note)
	} else if len(mx) == 0 {
		c.add(domain, "mx", "none", Wrong)
	} else {
		c.add(domain, "mx", "ok", Well, is(strings.TrimSuffix(mx[0].Host, ".")))
	}
}

// spf tells whether each relay may send for a domain.
func (c *checkup) spf(ctx context.Context, domain string, txt []string) (ok bool) {
	record, several := dnsrecord.SPF(txt)
	if several {
		c.add(domain, "spf", "several", Wrong, is(record))
		return false
	}
	want, unknown := record, false
	ok = true
	for _, r := range c.relays {
		if c.maySend(ctx, domain, record, r) {
			continue
		}
		ok = false
		mechanism := c.mechanism(r)
		if mechanism == "" {
			unknown = true
		} else if !strings.Contains(" "+want+" ", " "+mechanism+" ") {
			want = dnsrecord.WithInclude(want, mechanism)
		}
	}
	switch {
	case len(c.relays) == 0:
		c.add(domain, "spf", "no_relay", Note, is(record))
	case ok:
		c.add(domain, "spf", "ok", Well, is(record))
	case unknown:
		c.add(domain, "spf", "unknown", Note, is(record))
	case record == "":
		c.add(domain, "spf", "none", Wrong, paste(domain, "TXT", want))
	default:
		c.add(domain, "spf", "missing", Wrong, is(record), paste(domain, "TXT", want))
	}
	return ok && len(c.relays) > 0
}

// sender returns the host whose addresses others see when a relay sends, "" when nobody knows: a relay of this machine, or of its network, is
// taken to come out where the house is.
func (c *checkup) sender(r mailer.Relay) string {
	if isPrivate(r.Host) {
		return c.home
	}
	return r.Host
}

// mechanism returns the term of SPF that lets a relay send (RFC 7208, 5), "" when nobody knows from where it does.
func (c *checkup) mechanism(r mailer.Relay) string {
	if p := mailer.PresetOf("", r.Host); p != nil && p.SPF != "" {
		return "include:" + p.SPF
	}
	host := c.sender(r)
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "":
		return ""
	case err != nil:
		return "a:" + host
	case ip.Unmap().Is4():
		return "ip4:" + ip.Unmap().String()
	}
	return "ip6:" + ip.String()
}

// maySend tells whether a record lets a relay send: by the name that its provider says to include, or by its addresses.
func (c *checkup) maySend(ctx context.Context, domain, record string, r mailer.Relay) bool {
	if record == "" {
		return false
	}
	if p := mailer.PresetOf("", r.Host); p != nil && p.SPF != "" {
		return dnsrecord.Includes(record, p.SPF)
	}
	ips, err := c.dns.LookupNetIP(ctx, "ip", c.sender(r))
	if err != nil {
		return false
	}
	for _, ip := range ips {
		if dnsrecord.Check(ctx, c.dns, domain, ip.Unmap()) != dnsrecord.Pass {
			return false
		}
	}
	return len(ips) > 0
}

// dkim looks for the records of the domain's keys.
func (c *checkup) dkim(ctx context.Context, domain string) (ok bool) {
	needed, theirs := false, false
	for _, r := range c.relays {
		needed, theirs = needed || !r.Signs, theirs || r.Signs
	}
	var own, missing []mailer.SigningKey
	for _, k := range c.keys {
		if k.Domain != domain {
			continue
		}
		own = append(own, k)
		if txt, err := c.dns.LookupTXT(ctx, k.Name()); err == nil && dnsrecord.SameKey(txt, k.Record) {
			c.seen = append(c.seen, k)
		} else {
			missing = append(missing, k)
		}
	}
	records := func(f *Finding) {
		for _, k := range missing {
			f.Paste = append(f.Paste, Record{k.Name(), "TXT", k.Record})
		}
	}
	switch {
	case len(own) == 0 && !needed && theirs:
		c.add(domain, "dkim", "relay", Well)
		return true
	case len(own) == 0:
		c.add(domain, "dkim", "no_keys", Wrong)
		return false
	case len(missing) > 0:
		c.add(domain, "dkim", "missing", Wrong, records)
		return len(missing) < len(own)
	}
	c.add(domain, "dkim", "ok", Well, is(own[0].Selector+", "+own[len(own)-1].Selector))
	return true
}

// dmarc looks for the policy of a domain, or of the one that it belongs to.
func (c *checkup) dmarc(ctx context.Context, domain string, vouched bool) {
	names := []string{domain}
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil && org != domain {
		names = append(names, org)
	}
	for _, name := range names {
		txt, err := c.dns.LookupTXT(ctx, "_dmarc."+name)
		if away(err) {
			c.add(domain, "dmarc", "away", Note)
			return
		}
		d, record, ok := dnsrecord.ParseDMARC(txt)
		switch {
		case record == "":
			continue
		case !ok:
			c.add(domain, "dmarc", "malformed", Wrong, is(record), paste("_dmarc."+name, "TXT", "v=DMARC1; p=none"))
		case d.Policy != "none" && !vouched:
			c.add(domain, "align", "refused", Wrong, is(record), args(domain))
		case !vouched:
			c.add(domain, "align", "nobody", Wrong, is(record), args(domain))
		default:
			c.add(domain, "dmarc", "ok", Well, is(record))
			c.add(domain, "align", "ok", Well)
		}
		return
	}
	c.add(domain, "dmarc", "none", Wrong, paste("_dmarc."+domain, "TXT", "v=DMARC1; p=none"))
}

// relay looks at one relay, and dials it unless dial is nil.
func (c *checkup) relay(ctx context.Context, r mailer.Relay, dial func(context.Context, mailer.Relay) error, why func(error) string) {
	name := r.Title()
	switch {
	case r.Lost:
		c.add(name, "relay", "lost", Wrong)
		return
	case r.TLS == "off" && !isPrivate(r.Host):
		c.add(name, "tls", "off", Wrong)
	}
	if dial != nil {
		short, cancel := context.WithTimeout(ctx, 8*time.Second)
		err := dial(short, r)
		cancel()
		if err != nil {
			c.add(name, "relay", "away", Wrong, args(why(err)))
		} else if r.TLS != "off" {
			c.add(name, "tls", "ok", Well)
		}
	}
	switch p := mailer.PresetOf("", r.Host); {
	case r.PerDay == 0 && r.PerMinute == 0 && p != nil && p.PerDay > 0:
		c.add(name, "limits", "none", Note)
	case r.PerDay > 0 || r.PerMinute > 0:
		c.add(name, "limits", "ok", Well)
	}
	if isPrivate(r.Host) {
		return // its address on the network is not the one that others see
	}
	if mailer.PresetOf("", r.Host) == nil {
		c.ptr(ctx, name, r.Host)
	}
}

// ptr tells whether the address of a relay that nobody known provides has a name that leads back to it.
func (c *checkup) ptr(ctx context.Context, name, host string) {
	ips, err := c.dns.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return
	}
	named := ""
	for _, ip := range ips { // mail may leave from each
		ip = ip.Unmap()
		names, err := c.dns.LookupAddr(ctx, ip.String())
		if away(err) {
			return
		}
		if named = c.leadsBack(ctx, ip, names); named == "" {
			c.add(name, "ptr", "none", Wrong, args(ip.String(), host))
			return
		}
	}
	if named != "" {
		c.add(name, "ptr", "ok", Well, is(named))
	}
}

// leadsBack returns the first of some names that has an address, "" when none has.
func (c *checkup) leadsBack(ctx context.Context, ip netip.Addr, names []string) string {
	for _, n := range names {
		back, _ := c.dns.LookupNetIP(ctx, "ip", strings.TrimSuffix(n, "."))
		for _, b := range back {
			if b.Unmap() == ip {
				return n
			}
		}
	}
	return ""
}

// isPrivate reports whether a host is this machine, or an address that strangers cannot reach.
func isPrivate(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast())
}
