package web

import "crypto/subtle"

// header is one field with its values ready for the header map.
type header struct {
	name   string
	values []string
}

// csp allows what the program itself serves and nothing else: no inline script or style, no other site. Pictures
// may be data: or blob: addresses, for previews of files not yet sent.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; media-src 'self'"

var (
	noindex = []string{"noindex"}
	noStore = []string{"no-store"}
	noCache = []string{"no-cache"} // keep it, but ask whether it is still good

	private     = []string{"private, no-store"} // of what somebody who is signed in sees
	byCookie    = []string{"Cookie"}            // whose session it carries decides about the answer
	crossOrigin = []string{"cross-origin"}      // other sites may show it: readers of feeds, mail in a browser
)

// securityHeaders are sent with every answer. Referrer-Policy is not no-referrer, because on plain HTTP a browser
// would then send Origin: null with our own forms, and CrossOriginProtection would refuse them.
func securityHeaders(https bool) []header {
	hs := []header{
		{"Content-Security-Policy", []string{csp}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Referrer-Policy", []string{"strict-origin-when-cross-origin"}},
		{"X-Frame-Options", []string{"DENY"}}, // for those who do not know frame-ancestors
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"}},
	}
	if https {
		hs = append(hs, header{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return hs
}

// sameText compares secrets in constant time.
func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
