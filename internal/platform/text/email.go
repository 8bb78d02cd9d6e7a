package text

import (
	"net/url"
	"regexp"
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

// ParseEmail reads one address as a person types it into a form, or pastes it from a mail (see pasted), and returns
// its local part as written and its domain in lower case (a domain with accents keeps them; it must have an ASCII form). It is pragmatic where RFC
// 5322 is generous: comments, quoted local parts, IP literals, domains without a dot, top domains of one letter or with figures and
// those that never lead anywhere (localhost, invalid, local) are refused, since on a form they are mistakes or attacks. It is the one rule for
// every address that comes in, whatever the way. Errors are fault.Invalid on the field "email": "required", "too_long"
// with the bound, "several" for more than one, "accent" for a local part that is not ASCII, or "malformed". Mailboxes with an accent exist
// (RFC 6531), and next to no relay carries mail to one: in French it is a slip of the finger, which its writer can mend here and nobody later.
func ParseEmail(s string) (string, error) {
	s = pasted(s)
	switch {
	case s == "":
		return "", fault.Invalid("email", "required")
	case len(s) > maxEmail:
		return "", fault.Invalid("email", "too_long", maxEmail)
	case !utf8.ValidString(s):
		return "", fault.Invalid("email", "malformed")
	case reSeveral.MatchString(s):
		return "", fault.Invalid("email", "several")
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

// Email returns s as ParseEmail keeps it, s itself when it is no address: what is checked later, beside the other fields.
func Email(s string) string {
	if address, err := ParseEmail(s); err == nil {
		return address
	}
	return strings.TrimSpace(s)
}

var (
	reMailto  = regexp.MustCompile(`^(?i)mailto:\s*`)                           // RFC 6068
	reLabel   = regexp.MustCompile(`^(?i)(?:e-?mail|courriel|mail|mél)\s*:\s*`) // as a signature says it
	reAngle   = regexp.MustCompile(`^([^<>]*)<([^<>]*)>$`)                      // RFC 5322, 3.4: name-addr
	reComment = regexp.MustCompile(`^(\S+@\S+)\s+\([^()@]*\)$`)                 // RFC 5322, A.5: the name behind it
	reSeveral = regexp.MustCompile(`^\S+@\S+[\s,;/]+\S+@\S+$`)
)

// quotes are the pairs in which an address comes when it is copied out of a sentence.
var quotes = []string{`""`, `''`, `<>`, `()`, `[]`, `«»`, `“”`, `‘’`}

// pasted takes off s what is around the address that is plainly meant: spaces and signs that nobody sees, a name before <…>, mailto: with
// its headers, a pair of quotes, the comma or the full stop of the sentence it stood in. What an input method or a typesetter puts for an
// ASCII sign is that sign again: ＠, ’, the hyphens. What else is there stays, and is judged by ParseEmail.
func pasted(s string) string {
	if !utf8.ValidString(s) || len(s) > 4*maxEmail {
		return strings.TrimSpace(s)
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u202A' || r == '\u202B' || r == '\u202D' || r == '\u202E': // they turn what follows: never by a slip
			return r
		case r != '\u200C' && r != '\u200D' && unicode.Is(unicode.Cf, r): // the joiners are letters' in some domains (RFC 5892, A.1)
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '’' || r == '‘':
			return '\''
		case r >= '\u2010' && r <= '\u2012':
			return '-'
		}
		return r
	}, s)
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	s = strings.TrimRight(s, ".,; ")
	if m := reAngle.FindStringSubmatch(s); m != nil && (!strings.Contains(m[1], "@") || strings.EqualFold(strings.Trim(m[1], `"\' `), m[2])) {
		s = strings.TrimSpace(m[2])
	} else if m := reComment.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	s = reLabel.ReplaceAllString(s, "")
	for _, q := range quotes {
		open, shut := q[:len(q)/2], q[len(q)/2:]
		if inner, ok := strings.CutPrefix(s, open); ok && strings.HasSuffix(inner, shut) {
			s = strings.TrimRight(strings.TrimSpace(strings.TrimSuffix(inner, shut)), ".,;")
			break
		}
	}
	if scheme := reMailto.FindString(s); scheme != "" {
		s, _, _ = strings.Cut(s[len(scheme):], "?")
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
	}
	return s
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
