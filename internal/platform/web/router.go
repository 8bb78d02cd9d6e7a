package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

// Handler answers one request. What it returns is rendered by the Router: a fault as a page or as problem+json,
// anything else as a surprise. A handler that returns an error has not written to w.
type Handler func(w http.ResponseWriter, r *Request) error

// Route is one address and who may use it.
type Route struct {
	Pattern string // "GET /app/inbox", in the syntax of http.ServeMux
	Access  Access
	Rate    string        // the name of a limit in Options.Rates, for each network, or for each token where Access is Token; "" for none
	MaxBody int64         // bytes; 0 is 1 MiB, and 64 KiB where Access is Anyone
	Timeout time.Duration // how long the handler's context lives; 0 is 30 s
	Shared  bool          // files that other sites may show, and that are the same for everybody who may have them
	Light   bool          // a word or a file, not a page: strangers may ask for it as often as they like
	Once    bool          // a form with a key ({{once}}) that comes twice is taken once, and answered twice the same
	Stream  bool          // the answer goes on and on (see Request.Stream): no timeout, and its context ends when the server stops
	Handle  Handler

	refuses bool // whatever is asked
}

// Options are what a Router needs. The zero value of every field works.
type Options struct {
	BaseURL      *url.URL       // the public address; nil means plain HTTP on an unknown host
	Trusted      []netip.Prefix // proxies whose X-Forwarded-For is believed
	Catalog      *i18n.Catalog
	Kit          *Kit
	Identify     func(ctx context.Context, r *http.Request) (Identity, error)
	Log          *slog.Logger
	Clock        clock.Clock
	Rates        map[string]Rate  // by name; see Visitors
	PublicLang   func() i18n.Lang // the language of the public site
	Taken        Taken            // remembers the forms of Once routes; nil: in memory
	MetricsToken string           // opens Local routes from elsewhere; "" does not
}

const (
	defaultMaxBody = 1 << 20
	anyonesMaxBody = 64 << 10 // a comment of 5,000 characters, each encoded in twelve, and what goes with it
	defaultTimeout = 30 * time.Second
)

// Router answers every request that the page cache did not.
type Router struct {
	o      Options
	mux    *http.ServeMux
	routes []Route
	cross  *http.CrossOriginProtection
	limits *limits
	onces  *onces
	fixed  []header // security headers, the same for every answer

	streams atomic.Int64 // open now
}

// NewRouter returns a router that knows only the assets of its kit.
func NewRouter(o Options) *Router {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.BaseURL == nil {
		o.BaseURL = &url.URL{}
	}
	if o.Catalog == nil && o.Kit != nil {
		o.Catalog = o.Kit.o.Catalog
	}
	if o.Catalog == nil {
		o.Catalog = i18n.New()
		if err := o.Catalog.Add(own); err != nil {
			panic(err.Error()) // our own embedded texts
		}
	}
	ro := &Router{o: o, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), limits: newLimits(o.Rates, o.Clock), onces: newOnces(o.Taken)}
	if o.BaseURL.Host != "" {
		if err := ro.cross.AddTrustedOrigin(o.BaseURL.Scheme + "://" + o.BaseURL.Host); err != nil {
			panic(fmt.Sprintf("web: base address %v: %v", o.BaseURL, err))
		}
	}
	ro.fixed = securityHeaders(o.BaseURL.Scheme == "https")
	if o.Kit != nil {
		ro.Handle(Route{Pattern: "GET /assets/", Access: Anyone, Shared: true, Handle: o.Kit.serveAsset})
	}
	return ro
}

// Handle adds routes. It panics on what only a programmer can get wrong: a pattern that is already there, a
// missing access or handler, an unknown rate.
func (ro *Router) Handle(routes ...Route) {
	for _, rt := range routes {
		switch {
		case rt.Access < Anyone || rt.Access > Token:
			panic(fmt.Sprintf("web: route %q does not say who may use it", rt.Pattern))
		case rt.Handle == nil:
			panic(fmt.Sprintf("web: route %q has no handler", rt.Pattern))
		case rt.Rate != "" && !ro.limits.has(rt.Rate):
			panic(fmt.Sprintf("web: route %q has the unknown rate %q", rt.Pattern, rt.Rate))
		}
		rt.Light = rt.Light || rt.Shared
		ro.routes = append(ro.routes, rt)
		ro.mux.HandleFunc(rt.Pattern, func(w http.ResponseWriter, r *http.Request) {
			ro.serve(w.(*muxWriter).ResponseWriter, r, rt) // ServeHTTP gave it to the mux
		})
	}
}

// Routes returns the routes in the order in which they were added, for tests that visit all of them.
func (ro *Router) Routes() []Route { return slices.Clone(ro.routes) }

// ServeHTTP answers one request.
func (ro *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, h := range ro.fixed {
		w.Header()[h.name] = h.values
	}
	if isWork(r.URL.Path) {
		w.Header()["X-Robots-Tag"] = noindex
		w.Header()["Cache-Control"] = noStore
		w.Header()["Vary"] = byCookie
	}
	if !isText(r) {
		ro.serve(w, r, refuse(errNotText))
		return
	}
	m := &muxWriter{ResponseWriter: w, stays: isProgram(r.URL.Path)}
	ro.mux.ServeHTTP(m, r)
	switch m.refused {
	case 0:
	case http.StatusMethodNotAllowed: // the mux said in Allow what would do
		ro.serve(w, r, refuse(&fault.Error{Kind: fault.KindInvalid, Code: "method_not_allowed"}))
	default:
		ro.serve(w, r, refuse(fault.NotFound("page")))
	}
}

// refuse is the route of what no route takes.
func refuse(err error) Route {
	return Route{Access: Anyone, refuses: true, Handle: func(http.ResponseWriter, *Request) error { return err }}
}

// muxWriter is what the mux writes to. Routes take the writer underneath; what the mux says by itself is a redirect to
// the cleaned path, which passes, or a refusal in plain text, of which only the status is kept: the Router words it.
type muxWriter struct {
	http.ResponseWriter
	stays   bool // nobody is redirected: programs do not expect it
	refused int  // 404 or 405; 0 when a route or a redirect answered
}

// WriteHeader keeps a refusal and passes on a redirect.
func (m *muxWriter) WriteHeader(status int) {
	switch {
	case status >= http.StatusBadRequest:
		m.refused = status
		return
	case m.stays:
		m.Header().Del("Location")
		m.refused = http.StatusNotFound
		return
	}
	m.ResponseWriter.WriteHeader(status)
}

// Write drops the text of a refusal.
func (m *muxWriter) Write(b []byte) (int, error) {
	if m.refused != 0 {
		return len(b), nil
	}
	return m.ResponseWriter.Write(b)
}

// serve runs one route inside everything that all routes share, and renders its error once.
func (ro *Router) serve(hw http.ResponseWriter, hr *http.Request, rt Route) {
	w := &response{ResponseWriter: hw, log: ro.o.Log}
	r := &Request{router: ro, out: w, now: ro.o.Clock.Now(), ref: reference(), access: rt.Access}
	r.Request = hr
	w.Header().Set("X-Request-Id", r.ref)
	defer func() {
		if r.Request.MultipartForm != nil {
			_ = r.Request.MultipartForm.RemoveAll() // temporary files; the system cleans up what stays
		}
		ro.o.Log.DebugContext(hr.Context(), "request", "id", r.ref, "method", hr.Method, "path", hr.URL.Path, "status", w.status, "bytes", w.bytes)
	}()
	defer func() {
		p := recover()
		switch {
		case p == nil:
		case p == http.ErrAbortHandler:
			panic(p)
		default:
			ro.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if rt.Stream {
		ctx, end, err := ro.openStream(hr)
		if err != nil {
			ro.fail(w, r, err)
			return
		}
		defer end()
		r.Request = hr.WithContext(ctx)
	} else {
		timeout := cmp.Or(rt.Timeout, defaultTimeout)
		ctx, cancel := context.WithTimeout(hr.Context(), timeout)
		defer cancel()
		r.Request = hr.WithContext(ctx)
		w.writeUntil(time.Now().Add(timeout + writeTimeout))
	}
	if err := ro.run(w, r, rt); err != nil {
		ro.fail(w, r, err)
	}
}

// run admits the request and calls the handler. Nothing of its body is read before.
func (ro *Router) run(w *response, r *Request, rt Route) error {
	if rt.Access != Token {
		if err := ro.cross.Check(r.Request); err != nil {
			return (&fault.Error{Kind: fault.KindForbidden, Code: "cross_origin"}).Because(err)
		}
	}
	if rt.Rate != "" && rt.Access != Token {
		if err := r.Limit(rt.Rate); err != nil {
			return err
		}
	}
	if err := ro.identify(r, rt.Access); err != nil {
		return err
	}
	if rt.Access == Anyone && !rt.Light && rt.Rate == "" {
		if err := ro.charge(r); err != nil {
			return err
		}
	}
	if rt.Rate != "" && rt.Access == Token {
		if err := ro.struck(rt.Rate, ro.limits.takeToken(rt.Rate, Bearer(r.Request))); err != nil {
			return err
		}
	}
	r.chooseLang()
	switch {
	case rt.Shared:
		w.Header()["Cross-Origin-Resource-Policy"] = crossOrigin
	case rt.Access != Token && rt.Access != Local:
		w.Header()["Vary"] = byCookie
		w.private = r.id.Actor.SignedIn()
	}
	r.body = cmp.Or(rt.MaxBody, maxBodyOf(rt.Access))
	if r.ContentLength > r.body && !rt.refuses {
		return fault.TooLarge(r.body)
	}
	if r.Request.Body != nil && r.Request.Body != http.NoBody {
		r.Request.Body = http.MaxBytesReader(w.ResponseWriter, r.Request.Body, r.body)
	}
	r.admitted = !rt.refuses
	if rt.Once {
		return ro.once(w, r, rt.Handle)
	}
	return rt.Handle(w, r)
}

// maxBodyOf returns how many bytes those with an access may send to a route that does not say.
func maxBodyOf(a Access) int64 {
	if a == Anyone {
		return anyonesMaxBody
	}
	return defaultMaxBody
}

// response remembers whether anything was written.
type response struct {
	http.ResponseWriter
	log    *slog.Logger
	status int
	bytes  int64
	until  time.Time // the deadline of writes

	private bool // nobody but who is signed in may keep it, whatever the handler says
}

// writeUntil moves the deadline of writes. Where the writer has none (a test, a page that goes to memory) it does nothing.
func (w *response) writeUntil(t time.Time) {
	w.until = t
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(t)
}

// Unwrap lets http.ResponseController and the page cache reach what is underneath.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) begin(status int) {
	if w.status = status; w.private && w.Header().Get("Cache-Control") != "no-store" {
		w.Header()["Cache-Control"] = private
	}
}

// WriteHeader sends the status.
func (w *response) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends bytes, after status 200 when none was sent.
func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	if now := time.Now(); w.until.Sub(now) < writeTimeout*3/4 { // not at each of many small writes
		w.writeUntil(now.Add(writeTimeout))
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// reference makes the eight characters that a reader can quote and the log carries.
func reference() string { return strings.ToLower(rand.Text()[:8]) }

// isTooLong reports whether err comes from a body that passed its limit.
func isTooLong(err error) (limit int64, ok bool) {
	if e, found := errors.AsType[*http.MaxBytesError](err); found {
		return e.Limit, true
	}
	return 0, false
}
