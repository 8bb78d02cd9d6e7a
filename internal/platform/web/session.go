package web

import (
	"net/http"
	"strings"
	"time"
)

// SessionCookie is the name of the cookie that makes a reader somebody, or the end of it; the page cache steps aside for it.
const SessionCookie = "causerie_session"

// hostSessionCookie is its name over TLS: no page of a neighbouring name can set it, nor a page in clear (RFC 6265bis, 4.1.3.2).
const hostSessionCookie = "__Host-" + SessionCookie

// sessionCookie is the name under which the browser that sent r keeps its session.
func (r *Request) sessionCookie() string {
	if r.secure() {
		return hostSessionCookie
	}
	return SessionCookie
}

// Insecure reports whether a page in clear asks, of a house that is served over TLS: the browser keeps no session from there.
func (r *Request) Insecure() bool {
	return r.secure() && r.TLS == nil && strings.HasPrefix(r.Header.Get("Origin"), "http://")
}

// SetSession gives the browser the token of its session, until expires. Scripts cannot read it, other sites'
// forms do not send it, and it travels over TLS alone when the program is served so.
func SetSession(w http.ResponseWriter, r *Request, token string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{
		Name: r.sessionCookie(), Value: token, Path: "/", Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.secure(),
	})
}

// ClearSession makes the browser forget its session, and what it keeps of the pages that were seen in it.
func ClearSession(w http.ResponseWriter, r *Request) {
	for _, name := range []string{SessionCookie, hostSessionCookie} {
		http.SetCookie(w, &http.Cookie{
			Name: name, Path: "/", MaxAge: -1,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.secure() || name == hostSessionCookie,
		})
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
}

const deviceCookie = "causerie_device"

// SetDevice lets the browser be known by path, where somebody signs in, until expires.
func SetDevice(w http.ResponseWriter, r *Request, path, token string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{
		Name: deviceCookie, Value: token, Path: path, Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.secure(),
	})
}

// DeviceToken returns what SetDevice gave the browser, "" when it gave nothing.
func DeviceToken(r *http.Request) string {
	c, err := r.Cookie(deviceCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// SessionToken returns the token of the session that r carries, "" if it carries none. One that was given before the house was
// served over TLS goes on under its old name.
func SessionToken(r *http.Request) string {
	for _, name := range []string{hostSessionCookie, SessionCookie} {
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
	}
	return ""
}
