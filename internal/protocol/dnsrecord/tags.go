package dnsrecord

import (
	"strconv"
	"strings"
)

// Tags reads a list of tags, "v=DMARC1; p=none" (RFC 6376, 3.2). Names are in lower case; what is malformed is left out.
func Tags(record string) map[string]string {
	tags := map[string]string{}
	if len(record) > maxRecord {
		return tags
	}
	n := 0
	for part := range strings.SplitSeq(record, ";") {
		name, value, ok := strings.Cut(part, "=")
		if n++; !ok || n > maxTerms {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := tags[name]; name != "" && !twice {
			tags[name] = strings.Join(strings.Fields(value), " ")
		}
	}
	return tags
}

// DMARC is a policy about mail that nobody vouches for (RFC 7489).
type DMARC struct {
	Policy    string // "none", "quarantine", "reject"
	Subdomain string // likewise for names under it; "" is Policy
	Percent   int
	Reports   bool // somebody is told
}

// ParseDMARC reads the policy among the TXT records of _dmarc.<domain>.
func ParseDMARC(records []string) (d DMARC, record string, ok bool) {
	for _, r := range records {
		if !strings.HasPrefix(strings.ToLower(strings.ReplaceAll(r, " ", "")), "v=dmarc1") {
			continue
		}
		tags := Tags(r)
		d = DMARC{Policy: strings.ToLower(tags["p"]), Subdomain: strings.ToLower(tags["sp"]), Percent: 100, Reports: tags["rua"] != ""}
		if n, err := strconv.Atoi(tags["pct"]); err == nil {
			d.Percent = n
		}
		switch d.Policy {
		case "none", "quarantine", "reject":
			return d, r, true
		}
		record = r
	}
	return DMARC{}, record, false
}

// SameKey reports whether a TXT record publishes the key that another text of a record has.
func SameKey(records []string, want string) bool {
	key := strings.ReplaceAll(Tags(want)["p"], " ", "")
	for _, r := range records {
		if key != "" && strings.ReplaceAll(Tags(r)["p"], " ", "") == key {
			return true
		}
	}
	return false
}
