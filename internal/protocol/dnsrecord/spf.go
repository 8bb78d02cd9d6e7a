package dnsrecord

import (
	"context"
	"net/netip"
	"slices"
	"strings"
)

const (
	maxRecord  = 4 << 10 // bytes of a record that is read
	maxTerms   = 50
	maxLookups = 10 // questions that one check may ask (RFC 7208, 4.6.4)
)

// Resolver answers about names. *net.Resolver is one. What is not there is an error.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupMX(ctx context.Context, name string) ([]MX, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// MX is a server that takes the mail of a domain.
type MX struct {
	Host string
	Pref uint16
}

// Result is what an SPF check comes to.
type Result string

// The results (RFC 7208, 2.6).
const (
	None      Result = "none"
	Pass      Result = "pass"
	Fail      Result = "fail"
	SoftFail  Result = "softfail"
	Neutral   Result = "neutral"
	PermError Result = "permerror"
)

// SPF returns the SPF record among the TXT records of a name, "" for none, and whether there are several, which is an error by itself
// (RFC 7208, 4.5).
func SPF(records []string) (record string, several bool) {
	for _, r := range records {
		if len(r) > maxRecord || !strings.EqualFold(r, "v=spf1") && !strings.HasPrefix(strings.ToLower(r), "v=spf1 ") {
			continue
		}
		several = record != ""
		record = r
	}
	return record, several
}

// Includes reports whether a record lets those of another domain send: it includes or redirects to it.
func Includes(record, domain string) bool {
	for _, term := range strings.Fields(strings.ToLower(record)) {
		term = strings.TrimLeft(term, "+")
		if term == "include:"+domain || term == "redirect="+domain {
			return true
		}
	}
	return false
}

// WithInclude returns a record that also lets those of another domain send, a new one when record is "".
func WithInclude(record, mechanism string) string {
	if record == "" {
		return "v=spf1 " + mechanism + " ~all"
	}
	terms := strings.Fields(record)
	return strings.Join(slices.Insert(terms, 1, mechanism), " ")
}

// Check tells whether the record of a domain lets an address send. Macros are not expanded: a term that has one matches nothing.
func Check(ctx context.Context, r Resolver, domain string, ip netip.Addr) Result {
	left := maxLookups
	return check(ctx, r, domain, ip, &left)
}

func check(ctx context.Context, r Resolver, domain string, ip netip.Addr, left *int) Result {
	txt, err := r.LookupTXT(ctx, domain)
	if err != nil {
		return None
	}
	record, several := SPF(txt)
	switch {
	case several:
		return PermError
	case record == "":
		return None
	}
	terms := strings.Fields(strings.ToLower(record))[1:]
	if len(terms) > maxTerms {
		return PermError
	}
	redirect := ""
	for _, term := range terms {
		if name, is := strings.CutPrefix(term, "redirect="); is {
			redirect = name
			continue
		}
		result := Pass
		switch term[0] {
		case '-':
			result = Fail
		case '~':
			result = SoftFail
		case '?':
			result = Neutral
		}
		matched, bad := match(ctx, r, domain, strings.TrimLeft(term, "+-~?"), ip, left)
		if bad {
			return PermError
		}
		if matched {
			return result
		}
	}
	if redirect == "" || strings.Contains(redirect, "%") {
		return Neutral
	}
	if *left--; *left < 0 {
		return PermError
	}
	return check(ctx, r, redirect, ip, left)
}

// match tells whether one term names ip; bad is a record that cannot be followed.
func match(ctx context.Context, r Resolver, domain, term string, ip netip.Addr, left *int) (matched, bad bool) {
	name, rest, _ := strings.Cut(term, ":")
	name, bits, _ := strings.Cut(name, "/")
	if rest == "" {
		rest = domain
		if bits != "" {
			rest += "/" + bits
		}
	}
	host, length, _ := strings.Cut(rest, "/")
	switch name {
	case "all":
		return true, false
	case "ip4", "ip6":
		if prefix, err := netip.ParsePrefix(rest); err == nil {
			return prefix.Contains(ip), false
		}
		one, err := netip.ParseAddr(rest)
		return err == nil && one == ip, false
	case "a", "mx", "include":
		if *left--; *left < 0 {
			return false, true
		}
	default:
		return false, false
	}
	if strings.Contains(host, "%") {
		return false, false
	}
	switch name {
	case "include":
		result := check(ctx, r, host, ip, left)
		return result == Pass, result == PermError || result == None
	case "mx":
		all, err := r.LookupMX(ctx, host)
		if err != nil || len(all) > maxLookups {
			return false, err == nil
		}
		for _, mx := range all {
			if hostHas(ctx, r, mx.Host, length, ip) {
				return true, false
			}
		}
		return false, false
	}
	return hostHas(ctx, r, host, length, ip), false
}

// hostHas reports whether ip is one of a host's, or in its network of so many bits.
func hostHas(ctx context.Context, r Resolver, host, bits string, ip netip.Addr) bool {
	all, err := r.LookupNetIP(ctx, "ip", strings.TrimSuffix(host, "."))
	if err != nil {
		return false
	}
	for _, a := range all {
		a = a.Unmap()
		if a == ip {
			return true
		}
		four, _, _ := strings.Cut(bits, "/")
		if prefix, err := netip.ParsePrefix(a.String() + "/" + four); err == nil && four != "" && prefix.Contains(ip) {
			return true
		}
	}
	return false
}
