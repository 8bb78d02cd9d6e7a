package hostile

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/harness"
)

// rig is a house under attack.
type rig struct {
	*harness.House
	t      *testing.T
	log    *logbook
	n      int               // requests so far; each comes from a network of its own
	cookie string            // of the owner
	token  string            // of the owner's programs
	pages  map[string][]byte // by path: the last of what was shown, for the browser
	failed int

	emails, edges int // how many of these were thrown, so that the next form gets the next ones
}

// logbook is the test as the house sees it: it keeps the lines of the house's log, which a house writes from warnings on.
type logbook struct {
	testing.TB
	mu    sync.Mutex
	lines []string
}

// Logf keeps a line.
func (l *logbook) Logf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *logbook) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	return lines
}

func start(t *testing.T, o harness.Options) *rig {
	t.Helper()
	book := &logbook{TB: t}
	g := &rig{t: t, log: book, pages: map[string][]byte{}}
	g.House = harness.Start(book, o)
	t.Cleanup(func() { g.quiet("the end") })
	return g
}

// quiet fails the test when the house logged something unexpected since the last call.
func (g *rig) quiet(what string) {
	g.t.Helper()
	for _, line := range g.log.take() {
		g.errorf("after %s the log says: %.1500s", what, line)
	}
}

// errorf reports a failure; beyond thirty there is nothing more to learn.
func (g *rig) errorf(format string, args ...any) {
	g.t.Helper()
	if g.failed++; g.failed > 30 {
		g.t.Fatal("and so on")
	}
	g.t.Errorf(format, args...)
}

// ask is a request.
type ask struct {
	method, target string
	form           url.Values
	kind           string // Content-Type of body
	body           []byte
	as             string // "", "owner" or "program"
	header         http.Header
}

// answer is what came back.
type answer struct {
	ask    ask
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string {
	sent := string(a.ask.body)
	if a.ask.form != nil {
		sent = fmt.Sprintf("%q", a.ask.form)
	}
	return fmt.Sprintf("%s %.300q (%.800s) answers %d", a.ask.method, a.ask.target, sent, a.status)
}

// send gives one request to the house, the way its server would, from an address that asked for nothing before. What no HTTP
// server lets through is not sent: ok is false.
func (g *rig) send(a ask) (got answer, ok bool) {
	g.t.Helper()
	u, err := url.ParseRequestURI(a.target)
	if err != nil {
		return answer{ask: a}, false
	}
	if a.form != nil {
		a.kind, a.body = "application/x-www-form-urlencoded", []byte(a.form.Encode())
	}
	r := &http.Request{
		Method: a.method, URL: u, RequestURI: a.target, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: strings.TrimPrefix(g.URL, "http://"),
		Header: http.Header{"Accept": {"text/html,*/*"}, "Accept-Language": {"fr-FR"}}, Body: io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)),
	}
	g.n++
	r.RemoteAddr = fmt.Sprintf("127.%d.%d.%d:4242", g.n>>16&255, g.n>>8&255, g.n&255)
	if a.kind != "" {
		r.Header.Set("Content-Type", a.kind)
	}
	switch a.as {
	case "owner":
		r.Header.Set("Cookie", g.session())
	case "program":
		g.Clock.Advance(5 * time.Millisecond) // it keeps to what a token may ask
		r.Header.Set("Authorization", "Bearer "+g.bearer())
	}
	for name, values := range a.header {
		r.Header[name] = values
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	w := httptest.NewRecorder()
	g.Handler.ServeHTTP(w, r.WithContext(g.t.Context()))
	got = answer{ask: a, status: w.Code, header: w.Header(), body: w.Body.Bytes()}
	g.judge(got)
	return got, true
}

func (g *rig) get(as, target string) answer {
	got, _ := g.send(ask{method: http.MethodGet, target: target, as: as})
	return got
}

// judge holds every answer to the promise.
func (g *rig) judge(a answer) {
	g.t.Helper()
	if a.status >= 500 || a.status == 0 {
		g.errorf("%v: %.80q", a, a.body)
		g.quiet("that")
	}
	for _, why := range harmful(a.header, a.body, g.URL) {
		g.errorf("%v: %s", a, why)
	}
	if a.status == http.StatusOK && strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && a.ask.method == http.MethodGet {
		path, _, _ := strings.Cut(a.ask.target, "?")
		g.pages[a.ask.as+path] = a.body
	}
}

// session returns the cookie of the owner, signing in by the button of the demo, which no attack on an account breaks.
func (g *rig) session() string {
	if g.cookie == "" {
		g.cookie = "none=0" // asked for by the request below
		got, _ := g.send(ask{method: http.MethodPost, target: "/app/dev/enter", form: url.Values{}})
		r := http.Response{Header: got.header}
		for _, c := range r.Cookies() {
			g.cookie = c.Name + "=" + c.Value
		}
		if got.status != http.StatusSeeOther || g.cookie == "none=0" {
			g.t.Fatalf("the door: %v", got)
		}
	}
	return g.cookie
}

func (g *rig) bearer() string {
	if g.token == "" {
		bearer, _, err := g.Accounts.CreateToken(g.t.Context(), g.Owner.Actor(), g.Owner.ID, "essai", "write")
		if err != nil {
			g.t.Fatal(err)
		}
		g.token = bearer
	}
	return g.token
}
