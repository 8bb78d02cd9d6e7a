package harness

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"causerie/internal/app"
	"causerie/internal/core/account"
	"causerie/internal/core/house"
	"causerie/internal/demo"
	"causerie/internal/feature/begin"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/web"
	"causerie/internal/protocol/dnsrecord"
	"causerie/internal/schema"
)

// Now is where the clock of a house stands unless a test says otherwise: a Tuesday morning in Paris.
var Now = time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)

// Password is the owner's, in every house of a test.
const Password = demo.Password

// Options say which house. The zero Options are an empty SQLite database: nobody has set a house up.
type Options struct {
	Engine  db.Engine
	Planted bool      // with the sample house, which is public
	SetUp   bool      // with a house of one person and one draft
	Private bool      // SetUp: the house is not public
	Bound   bool      // strangers are held to what they may have rendered; else they are not, since they share an address
	Relay   string    // smtp://... takes the mail; "" captures it
	Now     time.Time // zero is Now
}

// House is a running house. What the application offers is reached through App.
type House struct {
	*app.App
	URL   string // http://127.0.0.1:port
	Clock *clock.Manual
	Mail  *mail.Captured // what left, unless a relay takes it
	Owner account.Account

	t     testing.TB
	token string
	owner *Client
}

// Start runs a house until the test ends.
func Start(t testing.TB, o Options) *House {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = Now
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("harness: %v", err)
	}
	h := &House{t: t, Clock: clock.NewManual(o.Now), Mail: new(mail.Captured), URL: "http://" + listener.Addr().String()}
	base, err := url.Parse(h.URL)
	if err != nil {
		t.Fatalf("harness: %v", err)
	}
	config := app.Config{
		Data: t.TempDir(), URL: base, Listen: listener.Addr().String(), Clock: h.Clock, Log: logTo(t), Rehearse: true, SMTP: o.Relay, Demo: true,
		DNS: dnsrecord.Records{},
	}
	if !o.Bound {
		config.Visitors = web.Rate{Burst: 1 << 30, Every: time.Nanosecond}
	}
	if o.Relay == "" {
		config.Captured = h.Mail
	}
	copied := o.Planted && o.Engine == db.SQLite && o.Now.Equal(Now)
	switch {
	case o.Engine == db.Postgres:
		config.Database = dbtest.Options(t, db.Postgres, schema.All()).URL
	case copied:
		writeTemplate(t, config.Data)
	}
	if h.App, err = app.Open(t.Context(), config); err != nil {
		t.Fatalf("harness: %v", err)
	}
	h.serve(listener)
	switch {
	case o.Planted && !copied:
		made, err := demo.Build(t.Context(), h.App, o.Now)
		if err != nil {
			t.Fatalf("harness: %v", err)
		}
		h.Owner = made.Owner
		h.Mail.Clear()
	case copied:
		if h.Owner, err = h.Accounts.Owner(t.Context()); err != nil {
			t.Fatalf("harness: %v", err)
		}
	case o.SetUp || o.Private:
		h.setUp(!o.Private)
	}
	return h
}

// serve answers on listener until the test ends. Jobs run when the test says so.
func (h *House) serve(listener net.Listener) {
	if err := h.Live.Start(h.t.Context()); err != nil {
		h.t.Fatalf("harness: %v", err)
	}
	server := web.NewServer(h.Handler, h.Config.Log)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends by Stop
	}()
	h.t.Cleanup(func() {
		_ = server.Stop(time.Second)
		<-done
		if err := h.App.Close(); err != nil {
			h.t.Errorf("harness: %v", err)
		}
	})
}

// Identity is complete for France.
var Identity = house.Identity{
	Address: "7 venelle des Copeaux, 29000 Quimper", Phone: "01 99 00 29 10", PublicationDirector: "Jeanne Le Du", HostName: "Hébergement du Steïr",
	HostAddress: "3 quai de la Fiction, 29000 Quimper", HostPhone: "01 99 00 29 44", ContactEmail: "bonjour@maison.example",
}

func (h *House) setUp(public bool) {
	h.t.Helper()
	made, err := h.Begin.Begin(h.t.Context(), begin.Input{
		House: "La Maison d’essai", OwnerName: "Jeanne Le Du", OwnerEmail: "jeanne@maison.example", Password: Password, Identity: Identity, Public: public,
	})
	if err != nil {
		h.t.Fatalf("harness: %v", err)
	}
	h.Owner = made.Owner
}

// RunJobs works off every job that is due, and what those put, and sends what leaves.
func (h *House) RunJobs() {
	h.t.Helper()
	if _, err := h.Queue.RunDue(h.t.Context()); err != nil {
		h.t.Fatalf("jobs: %v", err)
	}
	if _, err := h.Deliveries.RunDue(h.t.Context()); err != nil {
		h.t.Fatalf("deliveries: %v", err)
	}
}

// Context is the test's.
func (h *House) Context() context.Context { return h.t.Context() }

// Visitor returns a browser without cookies: somebody new.
func (h *House) Visitor() *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &Client{house: h, http: &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

// SignIn returns the owner's browser, signed in through the page. It is the same one at each call.
func (h *House) SignIn() *Client {
	h.t.Helper()
	if h.owner != nil {
		return h.owner
	}
	c := h.Visitor()
	page := c.Post("/app/sign-in", url.Values{"email": {h.Owner.Email}, "password": {Password}})
	if page.Status != http.StatusSeeOther {
		h.t.Fatalf("signing in answers %d\n%s", page.Status, page.Text())
	}
	h.owner = c
	return c
}

// logTo shows what goes wrong in the log of a test that fails.
func logTo(t testing.TB) *slog.Logger {
	level := slog.LevelWarn
	if testing.Verbose() && os.Getenv("CAUSERIE_LOG") != "" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: level}))
}

// testWriter is the log of a test.
type testWriter struct{ t testing.TB }

// Write logs a line, unless the test is over.
func (w testWriter) Write(b []byte) (int, error) {
	if w.t.Context().Err() == nil {
		w.t.Logf("%s", b)
	}
	return len(b), nil
}

// ProjectRoot returns the directory of go.mod.
func ProjectRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("harness: no go.mod above")
		}
		dir = parent
	}
}
