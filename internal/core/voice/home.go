package voice

import (
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"causerie/internal/fact"
)

// Home is a place where a voice lives, or lived: the root of a host, or one segment under it. A voice lives in one home at
// a time; those that it left lead to it, for as long as nobody frees them.
type Home struct {
	Host  string // in ASCII and lower case, without a port; "" is the house's own host
	Root  string // the first segment of the voice's addresses there; "" when it has the host to itself
	Voice fact.VoiceID
	Since time.Time // when the voice first came
	Until time.Time // when it left; zero while it lives there
}

// Lived reports whether the voice lives in h now.
func (h Home) Lived() bool { return h.Until.IsZero() }

// Main reports whether h is the root of the house's own host, where the main voice lives.
func (h Home) Main() bool { return h.Host == "" && h.Root == "" }

// maxHost is the longest name that DNS knows (RFC 1035, section 2.3.4).
const maxHost = 253

// ParseHost reads the name of a host as people give it ("Blog.Exemple.fr", "https://blog.exemple.fr/") and returns it in
// ASCII and lower case. What is no name of the public DNS (an address, one label alone, one with a port) is refused.
func ParseHost(s string) (host string, ok bool) {
	s = strings.TrimSpace(s)
	for _, scheme := range []string{"https://", "http://"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s = s[len(scheme):]
		}
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.TrimSuffix(s, "/"), "."))
	if err != nil || len(host) > maxHost || !strings.Contains(host, ".") || strings.ContainsAny(host, ":/_ ") {
		return "", false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return "", false
		}
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return "", false
	}
	return host, true
}
