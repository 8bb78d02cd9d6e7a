package web

import (
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/money"
)

// Request is an HTTP request with what the Router found out about it. It lives as long as its handler.
type Request struct {
	*http.Request
	router *Router
	out    http.ResponseWriter
	id     Identity
	lang   i18n.Lang
	now    time.Time
	ref    string
	access Access
	body   int64 // bytes that may be read
	form   *Form

	admitted bool // the handler of a route was called
	charged  bool // it was counted as one of Visitors, or need not be
	overdrew bool // it was one too many
}

// Actor returns who asks: an account, or a visitor.
func (r *Request) Actor() actor.Actor { return r.id.Actor }

// Session names the session that asks, "" when there is none.
func (r *Request) Session() string { return r.id.Session }

// Lang returns the language of the answer: the account's on the work side, the reader's browser's where nobody
// is signed in there, the site's on the public side until a handler calls SetLang.
func (r *Request) Lang() i18n.Lang { return r.lang }

// SetLang makes the answer speak l, as a post in English does on a French site.
func (r *Request) SetLang(l i18n.Lang) { r.lang = l }

// T returns the text of key in the language of the answer; see i18n.Catalog.T.
func (r *Request) T(key string, args ...any) string {
	return r.router.o.Catalog.T(r.lang, key, args...)
}

// TH returns the text of key with its tags; see i18n.Catalog.THTML.
func (r *Request) TH(key string, args ...any) template.HTML {
	return r.router.o.Catalog.THTML(r.lang, key, args...)
}

// Now returns the instant at which the request came in. It does not move while the request is answered.
func (r *Request) Now() time.Time { return r.now }

// Zone returns the zone of the house.
func (r *Request) Zone() *time.Location {
	if r.router.o.Kit == nil {
		return time.UTC
	}
	return r.router.o.Kit.zone()
}

// Amounts writes a sum in the language of the answer, the currency of the house first; see i18n.Amounts.
func (r *Request) Amounts(all money.Sum) string {
	home := ""
	if k := r.router.o.Kit; k != nil && k.o.Money != nil {
		home = k.o.Money()
	}
	return i18n.Amounts(r.lang, home, all)
}

// Ref returns the short random name of this request, as the log writes it.
func (r *Request) Ref() string { return r.ref }

// Absolute returns the public address of path, never on the Host that the client claims.
func (r *Request) Absolute(path string) string { return r.router.Absolute(path) }

// Absolute returns the public address of path, which begins with a slash.
func (ro *Router) Absolute(path string) string {
	return strings.TrimSuffix(ro.o.BaseURL.String(), "/") + path
}

// Limit takes one token from the bucket that rate keeps for the client's network, or says how long to wait.
func (r *Request) Limit(rate string) error {
	return r.router.struck(rate, r.router.limits.take(rate, r.ClientIP()))
}

// Note writes a line into the log about what happened at a door of the house: who came from where, with the reference of the
// request. It holds no secret and no address of a reader.
func (r *Request) Note(event string, args ...any) {
	r.router.o.Log.InfoContext(r.Context(), event, append([]any{"reference", r.ref, "from", r.ClientIP()}, args...)...)
}

// Redirect answers 303 See Other to path, which is on this site. said is what the next page tells the reader, once ("" for nothing): on
// the work side it is the key of a text and travels in a short-lived cookie. The public side sets no cookie, and its pages are the same
// for everybody: there it is the fragment, the id of a hidden element of the page that shows when it is aimed at.
func (r *Request) Redirect(w http.ResponseWriter, said, path string) error {
	path = LocalPath(path)
	if said != "" {
		if r.workSide() {
			http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: said, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.secure()})
		} else {
			path, _, _ = strings.Cut(path, "#")
			path += "#" + url.PathEscape(said)
		}
	}
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

const flashCookie = "causerie_flash"

// flash takes the key of what the page before said is to be told, once. It comes back from the browser: what is no key of a text
// without arguments is for Page.Tell alone.
func (r *Request) flash(w http.ResponseWriter) string {
	if !r.workSide() {
		return ""
	}
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.secure()})
	return c.Value
}

// workSide reports whether the request is for where one works, not for the public.
func (r *Request) workSide() bool { return isWork(r.Request.URL.Path) }

func isWork(path string) bool {
	return path == "/app" || strings.HasPrefix(path, "/app/") || path == "/setup" || strings.HasPrefix(path, "/setup/")
}

// isProgram reports whether path is for programs: nobody looks at what it answers.
func isProgram(path string) bool { return strings.HasPrefix(path, "/api/") }

func (r *Request) secure() bool { return r.router.o.BaseURL.Scheme == "https" }

// chooseLang finds the language of the answer. A public page never depends on who reads it, since it is cached.
func (r *Request) chooseLang() {
	public := r.router.o.PublicLang
	accept := r.Header.Get("Accept-Language")
	switch {
	case !r.workSide() && r.access != Token && public != nil:
		r.lang = public()
	case r.id.Lang != "":
		r.lang = r.id.Lang
	case accept == "" && public != nil:
		r.lang = public()
	default:
		r.lang = i18n.Match(accept)
	}
}

// ClientIP returns the address of the client: the peer's, or, when the peer is a trusted proxy, the last address
// of X-Forwarded-For that is not itself one. What a client writes into that header is thus never believed.
func (r *Request) ClientIP() netip.Addr {
	peer := peerOf(r.Request)
	if !r.router.trusts(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		a, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer
		}
		peer = a.Unmap().WithZone("")
		if !r.router.trusts(peer) {
			break
		}
	}
	return peer
}

// Local reports whether the request was made on this machine, by something other than a proxy, for this machine: a page of another
// site whose name is made to lead here (DNS rebinding) asks under that name. Where proxies are named nobody is local, since what
// comes through one may look as if it came from beside it.
func (r *Request) Local() bool {
	if len(r.router.o.Trusted) > 0 || !peerOf(r.Request).IsLoopback() || !isLoopback(r.Host) {
		return false
	}
	if !r.ProtoAtLeast(1, 1) { // as proxies ask that are told nothing, under the name by which they know us
		return false
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Forwarded-") || slices.Contains(forwarding, name) {
			return false
		}
	}
	return true
}

// forwarding are the fields, beside X-Forwarded-..., that proxies add.
var forwarding = []string{"Forwarded", "X-Real-Ip", "Via", "X-Client-Ip", "X-Cluster-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip"}

// isLoopback reports whether a Host names this machine and no other, whoever answers for names.
func isLoopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && ip.Unmap().IsLoopback()
}

func peerOf(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

func (ro *Router) trusts(a netip.Addr) bool {
	for _, p := range ro.o.Trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// LocalPath returns s when it is a path of this site, with its query, else "/". It is what stands between a next=
// parameter and another site.
func LocalPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") ||
		strings.ContainsAny(s, "\\\r\n\t\x00") {
		return "/"
	}
	return s
}
