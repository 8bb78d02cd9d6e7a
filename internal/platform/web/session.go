package web

import (
	"net/http"
	"time"
)

const sessionCookie = "causerie_session"

// SessionCookie is the name of the cookie that makes a reader somebody; the page cache steps aside for it.
const SessionCookie = sessionCookie

// SetSession gives the browser the token of its session, until expires. Scripts cannot read it, other sites'
// forms do not send it, and it travels over TLS alone when the program is served so.
func SetSession(w http.ResponseWriter, r *Request, token string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.secure(),
	})
}

// ClearSession makes the browser forget its session.
func ClearSession(w http.ResponseWriter, r *Request) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.secure(),
	})
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

// SessionToken returns the token of the session that r carries, "" if it carries none.
func SessionToken(r *http.Request) string {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}
