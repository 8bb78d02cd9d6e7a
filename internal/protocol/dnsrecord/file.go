package dnsrecord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// maxFile bounds a file of records, in bytes.
const maxFile = 4 << 20

// Records are the records of a file, by name and type. They are a Resolver.
type Records map[string]map[string][]string

// Read reads records from a zone file of one record a line (name, perhaps a time and IN, type, value; TXT in one or more quoted
// strings), or from JSON, {"name": {"TXT": [["part", "part"]], "MX": [{"exchange": "…", "priority": 10}], "A": ["…"]}}.
func Read(r io.Reader) (Records, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, errors.New("dnsrecord: more than 4 MB of records")
	}
	all := Records{}
	if text := strings.TrimSpace(string(b)); strings.HasPrefix(text, "{") {
		return all, all.readJSON([]byte(text))
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == ';' || line[0] == '#' {
			continue
		}
		if err := all.readLine(line); err != nil {
			return nil, fmt.Errorf("dnsrecord: line %d: %w", n, err)
		}
	}
	return all, nil
}

var types = map[string]bool{"TXT": true, "A": true, "AAAA": true, "MX": true, "PTR": true, "CNAME": true}

func (all Records) readLine(line string) error {
	fields := strings.Fields(line)
	for i := 1; i < len(fields) && i < 4; i++ {
		kind := strings.ToUpper(fields[i])
		if !types[kind] {
			continue
		}
		value := line
		for range i + 1 {
			value = strings.TrimLeft(value, " \t")
			if at := strings.IndexAny(value, " \t"); at >= 0 {
				value = value[at:]
			} else {
				value = ""
			}
		}
		value = strings.TrimSpace(value)
		if kind == "TXT" && strings.HasPrefix(value, `"`) {
			value = unquoted(value)
		}
		if value == "" {
			break
		}
		all.add(fields[0], kind, value)
		return nil
	}
	return errors.New("not a record: name TYPE value")
}

// unquoted joins the quoted strings of a TXT record.
func unquoted(value string) string {
	var b strings.Builder
	inside := false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && inside && i+1 < len(value):
			i++
			b.WriteByte(value[i])
		case c == '"':
			inside = !inside
		case inside:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (all Records) readJSON(b []byte) error {
	var names map[string]map[string][]json.RawMessage
	if err := json.Unmarshal(b, &names); err != nil {
		return fmt.Errorf("dnsrecord: %w", err)
	}
	for name, kinds := range names {
		for kind, values := range kinds {
			for _, raw := range values {
				var parts []string
				var text string
				var mx struct {
					Exchange string
					Priority int
				}
				switch {
				case json.Unmarshal(raw, &parts) == nil:
					all.add(name, strings.ToUpper(kind), strings.Join(parts, ""))
				case json.Unmarshal(raw, &text) == nil:
					all.add(name, strings.ToUpper(kind), text)
				case json.Unmarshal(raw, &mx) == nil:
					all.add(name, strings.ToUpper(kind), strconv.Itoa(mx.Priority)+" "+mx.Exchange)
				}
			}
		}
	}
	return nil
}

func key(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

func (all Records) add(name, kind, value string) {
	name = key(name)
	if all[name] == nil {
		all[name] = map[string][]string{}
	}
	all[name][kind] = append(all[name][kind], value)
}

// of returns the values of a name, through at most eight CNAMEs.
func (all Records) of(name, kind string) ([]string, error) {
	name = key(name)
	for range 8 {
		if values := all[name][kind]; len(values) > 0 {
			return values, nil
		}
		alias := all[name]["CNAME"]
		if len(alias) == 0 {
			break
		}
		name = key(alias[0])
	}
	return nil, &net.DNSError{Err: "no such record", Name: name, IsNotFound: true}
}

// LookupTXT is Resolver.LookupTXT.
func (all Records) LookupTXT(_ context.Context, name string) ([]string, error) {
	return all.of(name, "TXT")
}

// LookupNetIP is Resolver.LookupNetIP.
func (all Records) LookupNetIP(_ context.Context, _, host string) (ips []netip.Addr, err error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	for _, kind := range []string{"A", "AAAA"} {
		values, bad := all.of(host, kind)
		if bad != nil {
			err = bad
		}
		for _, v := range values {
			if ip, bad := netip.ParseAddr(v); bad == nil {
				ips = append(ips, ip)
			}
		}
	}
	if len(ips) > 0 {
		return ips, nil
	}
	return nil, err
}

// LookupMX is Resolver.LookupMX.
func (all Records) LookupMX(_ context.Context, name string) (found []MX, err error) {
	values, err := all.of(name, "MX")
	for _, v := range values {
		pref, host, _ := strings.Cut(v, " ")
		if n, bad := strconv.ParseUint(pref, 10, 16); bad == nil {
			found = append(found, MX{Host: strings.TrimSpace(host), Pref: uint16(n)})
		}
	}
	return found, err
}

// LookupAddr is Resolver.LookupAddr: a PTR of the address itself, or of its name under in-addr.arpa and ip6.arpa.
func (all Records) LookupAddr(_ context.Context, addr string) ([]string, error) {
	if values, err := all.of(addr, "PTR"); err == nil {
		return values, nil
	}
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		return nil, err
	}
	return all.of(reverse(ip), "PTR")
}

// reverse is the name under which the name of an address stands.
func reverse(ip netip.Addr) string {
	var b strings.Builder
	if ip = ip.Unmap(); ip.Is4() {
		four := ip.As4()
		return fmt.Sprintf("%d.%d.%d.%d.in-addr.arpa", four[3], four[2], four[1], four[0])
	}
	sixteen := ip.As16()
	for i := 15; i >= 0; i-- {
		fmt.Fprintf(&b, "%x.%x.", sixteen[i]&15, sixteen[i]>>4)
	}
	return b.String() + "ip6.arpa"
}

// System is the resolver of the machine.
type System struct{ net.Resolver }

// LookupMX is Resolver.LookupMX.
func (s *System) LookupMX(ctx context.Context, name string) (found []MX, err error) {
	all, err := s.Resolver.LookupMX(ctx, name)
	for _, mx := range all {
		found = append(found, MX{Host: mx.Host, Pref: mx.Pref})
	}
	return found, err
}
