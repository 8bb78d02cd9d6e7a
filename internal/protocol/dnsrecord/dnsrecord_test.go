package dnsrecord_test

import (
	"net/netip"
	"strings"
	"testing"

	"causerie/internal/protocol/dnsrecord"
)

const zone = `
; a house and its provider
aubin.example. 3600 IN TXT "v=spf1 include:spf.provider.example " "ip4:192.0.2.10 mx -all"
aubin.example. IN MX 10 mx.aubin.example.
mx.aubin.example. A 198.51.100.7
spf.provider.example. IN TXT "v=spf1 ip4:203.0.113.0/24 a:out.provider.example/28 ~all"
out.provider.example. A 198.51.100.33
_dmarc.aubin.example. IN TXT "v=DMARC1; p=quarantine; pct=50; rua=mailto:d@aubin.example"
7.100.51.198.in-addr.arpa. PTR mx.aubin.example.
loop.example. TXT "v=spf1 include:loop.example -all"
two.example. TXT "v=spf1 -all"
two.example. TXT "v=spf1 +all"
moved.example. TXT "v=spf1 redirect=aubin.example"
alias.example. CNAME aubin.example.
`

func records(t testing.TB, text string) dnsrecord.Records {
	t.Helper()
	all, err := dnsrecord.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSPFSaysWhoMaySend(t *testing.T) {
	t.Parallel()
	r := records(t, zone)
	for _, c := range []struct {
		domain, ip string
		want       dnsrecord.Result
	}{
		{"aubin.example", "203.0.113.9", dnsrecord.Pass},
		{"aubin.example", "192.0.2.10", dnsrecord.Pass},
		{"aubin.example", "198.51.100.7", dnsrecord.Pass},
		{"aubin.example", "198.51.100.40", dnsrecord.Pass}, // in the network of a host
		{"aubin.example", "192.0.2.11", dnsrecord.Fail},
		{"aubin.example", "2001:db8::1", dnsrecord.Fail},
		{"moved.example", "192.0.2.10", dnsrecord.Pass},
		{"alias.example", "192.0.2.10", dnsrecord.Pass},
		{"loop.example", "192.0.2.10", dnsrecord.PermError},
		{"two.example", "192.0.2.10", dnsrecord.PermError},
		{"nowhere.example", "192.0.2.10", dnsrecord.None},
	} {
		if got := dnsrecord.Check(t.Context(), r, c.domain, netip.MustParseAddr(c.ip)); got != c.want {
			t.Errorf("%s of %s: %s", c.ip, c.domain, got)
		}
	}
	if got := dnsrecord.WithInclude("v=spf1  mx  -all", "include:x.example"); got != "v=spf1 include:x.example mx -all" {
		t.Errorf("%q", got)
	}
	if got := dnsrecord.WithInclude("", "include:x.example"); got != "v=spf1 include:x.example ~all" {
		t.Errorf("%q", got)
	}
}

func TestRecordsOfAFileAnswerLikeTheDNS(t *testing.T) {
	t.Parallel()
	r := records(t, zone)
	txt, err := r.LookupTXT(t.Context(), "_DMARC.aubin.example.")
	if d, _, ok := dnsrecord.ParseDMARC(txt); err != nil || !ok || d.Policy != "quarantine" || d.Percent != 50 || !d.Reports {
		t.Errorf("%+v %v", d, err)
	}
	if names, err := r.LookupAddr(t.Context(), "198.51.100.7"); err != nil || len(names) != 1 || names[0] != "mx.aubin.example." {
		t.Errorf("%v %v", names, err)
	}
	j := records(t, `{"aubin.example": {"TXT": [["v=spf1 ", "-all"]], "MX": [{"exchange": "mx.aubin.example", "priority": 5}], "A": ["192.0.2.1"]}}`)
	if txt, err := j.LookupTXT(t.Context(), "aubin.example"); err != nil || txt[0] != "v=spf1 -all" {
		t.Errorf("%v %v", txt, err)
	}
	if mx, err := j.LookupMX(t.Context(), "aubin.example"); err != nil || mx[0].Pref != 5 {
		t.Errorf("%v %v", mx, err)
	}
	for _, bad := range []string{"one", "a b c d e f", "x TXT", "{"} {
		if _, err := dnsrecord.Read(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzRecords(f *testing.F) {
	f.Add(zone, "aubin.example")
	f.Add(`{"a": {"TXT": [["v=spf1 a/33 mx:// include: ip4:1/99 redirect="]]}}`, "a")
	f.Fuzz(func(t *testing.T, text, domain string) {
		r, err := dnsrecord.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		dnsrecord.Check(t.Context(), r, domain, netip.MustParseAddr("192.0.2.1"))
		for name := range r {
			txt, _ := r.LookupTXT(t.Context(), name)
			dnsrecord.ParseDMARC(txt)
			dnsrecord.SameKey(txt, "p=abc")
			dnsrecord.Check(t.Context(), r, name, netip.MustParseAddr("2001:db8::1"))
		}
	})
}
