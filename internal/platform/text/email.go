package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"causerie/internal/platform/fault"
)

// Bounds of RFC 5321, in bytes.
const (
	maxEmail     = 254
	maxLocalPart = 64
)

// ParseEmail reads one address as a person types it into a form and returns it trimmed, of signs that nobody sees too,
// its local part as written and its domain in lower case (a domain with accents keeps them; it must have an ASCII form). It is pragmatic where RFC
// 5322 is generous: comments, quoted local parts, IP literals, domains without a dot, top domains of one letter or with figures and
// those that never lead anywhere (localhost, invalid, local) are refused, since on a form they are mistakes or attacks. It is the one rule for
// every address that comes in, whatever the way. Errors are fault.Invalid on the field "email": "required", "too_long"
// with the bound, "accent" for a local part that is not ASCII, or "malformed". Mailboxes with an accent exist (RFC 6531), and next to
// no relay carries mail to one: in French it is a slip of the finger, which its writer can mend here and nobody later.
func ParseEmail(s string) (string, error) {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	switch {
	case s == "":
		return "", fault.Invalid("email", "required")
	case len(s) > maxEmail:
		return "", fault.Invalid("email", "too_long", maxEmail)
	case !utf8.ValidString(s):
		return "", fault.Invalid("email", "malformed")
	}
	s = norm.NFC.String(s)
	at := strings.LastIndexByte(s, '@')
	if at < 0 || !isLocalPart(s[:at]) {
		return "", fault.Invalid("email", "malformed")
	}
	if strings.ContainsFunc(s[:at], func(r rune) bool { return r >= utf8.RuneSelf }) {
		return "", fault.Invalid("email", "accent")
	}
	domain := strings.ToLower(s[at+1:])
	ascii, err := asciiDomain(domain)
	if err != nil || !isMailDomain(ascii) || at+1+len(ascii) > maxEmail {
		return "", fault.Invalid("email", "malformed")
	}
	seen, err := idna.Lookup.ToUnicode(ascii)
	if err != nil {
		return "", fault.Invalid("email", "malformed")
	}
	if domain != ascii {
		domain = seen
	}
	return s[:at+1] + domain, nil
}

// isLocalPart tells dot-atoms: RFC 5322 atext, or letters and digits of any script (RFC 6531).
func isLocalPart(s string) bool {
	if s == "" || len(s) > maxLocalPart || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r)) {
				return false
			}
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			return false
		}
	}
	return true
}

// isMailDomain tells domains, in ASCII form, that a mailbox of a real person can have.
func isMailDomain(d string) bool {
	if len(d) > 253 || !strings.Contains(d, ".") {
		return false
	}
	labels := strings.Split(d, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := range len(l) {
			if c := l[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-') {
				return false
			}
		}
	}
	top := labels[len(labels)-1]
	return isTop(top) && !unreachable[top]
}

// isTop tells top domains: letters, two at least (RFC 3696, 2), or the ASCII form of another script's.
func isTop(s string) bool {
	return strings.HasPrefix(s, "xn--") || len(s) >= 2 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// unreachable are the top domains under which there is no mailbox on the Internet: RFC 6761, 6762, 7686, 9476.
var unreachable = map[string]bool{"localhost": true, "invalid": true, "local": true, "onion": true, "alt": true, "arpa": true}

// asciiDomain returns the domain as it stands in the DNS.
func asciiDomain(d string) (string, error) {
	plain := true
	for i := range len(d) {
		plain = plain && d[i] < utf8.RuneSelf
	}
	if plain {
		return d, nil
	}
	return idna.Lookup.ToASCII(d)
}
