package mail

import (
	"fmt"
	netmail "net/mail"
	"strings"

	"golang.org/x/net/idna"

	"causerie/internal/platform/text"
)

// Address is a mailbox and the name to show for it.
type Address struct {
	Name  string // as people write it, may be empty
	Email string // local@domain; the domain may be international (RFC 5890), the local part is ASCII
}

// InvalidError says what of a message cannot be sent as mail. Trying again does not help.
type InvalidError struct {
	Field string // "to", "subject", "header"...
	Why   string // for the log
}

// Error names the field and the reason.
func (e *InvalidError) Error() string { return fmt.Sprintf("mail: %s: %s", e.Field, e.Why) }

// IsZero reports whether there is no address.
func (a Address) IsZero() bool { return a.Email == "" }

// ASCII returns the address as the wire wants it: the domain in lower case and punycode, the local part quoted where
// it must be. Lengths are those of RFC 5321, 4.5.3.1. The error is an *InvalidError.
func (a Address) ASCII() (string, error) {
	wrong := func(why string) (string, error) { return "", &InvalidError{"address", why} }
	if len(a.Email) > 512 || strings.ContainsFunc(a.Email, isControl) {
		return wrong("too long, or with control characters")
	}
	at := strings.LastIndexByte(a.Email, '@')
	if at < 1 {
		return wrong("no local part")
	}
	if isUsual(a.Email[:at], a.Email[at+1:]) {
		return a.Email, nil
	}
	local, domain := a.Email[:at], a.Email[at+1:]
	domain, err := idna.Lookup.ToASCII(strings.TrimSuffix(domain, "."))
	if err != nil || domain == "" || strings.ContainsAny(domain, "[]:") {
		return wrong("not a domain name")
	}
	for _, r := range local {
		if r > '~' {
			return wrong("the local part is not ASCII")
		}
	}
	parsed, err := netmail.ParseAddress("<" + local + "@" + domain + ">")
	if err != nil {
		return wrong("not an address")
	}
	bare := (&netmail.Address{Address: parsed.Address}).String()
	bare = bare[1 : len(bare)-1]
	if len(local) > 64 || len(bare) > 254 {
		return wrong("too long")
	}
	return bare, nil
}

// isUsual reports whether an address is on the wire what it is on paper: a local part of letters, digits and single ".", "-", "_", "+"
// between them, at a domain of lower-case letters, digits and single "." and "-" between them. Nearly all are.
func isUsual(local, domain string) bool {
	return isRun(local, "._+-", true) && isRun(domain, ".-", false) && len(local) <= 64 && len(local)+len(domain) < 254
}

// isRun reports whether s is letters and digits with single marks between them.
func isRun(s, marks string, upper bool) bool {
	mark := true // nothing begins with one
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', upper && 'A' <= c && c <= 'Z':
			mark = false
		case !mark && strings.IndexByte(marks, c) >= 0:
			mark = true
		default:
			return false
		}
	}
	return !mark
}

// Carries reports whether mail can be written to email and leave in its name: an address by the one rule of addresses
// (text.ParseEmail) that has a form on the wire.
func Carries(email string) bool {
	if _, err := text.ParseEmail(email); err != nil {
		return false
	}
	_, err := Address{Email: email}.ASCII()
	return err == nil
}

// escaped are the characters of a quoted string that are none as they stand (RFC 5322, 3.2.4).
var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// header returns the address as the value of a From or To field, folded, without the final line break.
func (a Address) header(name string) (string, error) {
	bare, err := a.ASCII()
	if err != nil {
		return "", err
	}
	shown := clean(a.Name, maxName)
	switch {
	case shown == "":
		return "<" + bare + ">", nil
	case isPlain(shown) && len(name)+2+len(shown)+2 <= maxLine:
		shown = `"` + escaped.Replace(shown) + `"`
	default:
		shown = encodedWords(shown)
	}
	return shown + "\r\n <" + bare + ">", nil
}
