package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/attribution"
	"causerie/internal/view/timeline"
)

//go:embed *.json
var files embed.FS

// Bundle holds the texts of the API; app adds it to its bundles, so that the catalog given to New has them.
var Bundle = web.Bundle{Name: "api", Side: web.Work, Files: files}

const (
	maxBody = 2 << 20          // bytes of a request
	timeout = 30 * time.Second // of a request
)

// Places makes the addresses of what is shown: *place.Service.
type Places interface {
	GetIn(tx *db.Tx) (*place.Places, error)
	Last() *place.Places
}

// Deps are what the API stands on, all of them.
type Deps struct {
	DB          *db.DB
	Log         *slog.Logger
	Catalog     *i18n.Catalog
	Places      Places
	House       *house.Service
	Accounts    *account.Service
	Voices      *voice.Service
	Posts       *post.Service
	Contacts    *contact.Service
	Inbox       *inbox.Service
	Mandates    *mandate.Service
	Deliveries  *delivery.Service
	Timeline    *timeline.View
	Attribution *attribution.View
}

type api struct {
	Deps
	mux     *http.ServeMux
	spec    []byte
	answers *answers
}

// New returns the handler of everything under /api/. It panics on what only a programmer can get wrong.
func New(d Deps) http.Handler {
	a := &api{Deps: d, mux: http.NewServeMux(), answers: newAnswers(d.DB)}
	if a.Log == nil {
		a.Log = slog.New(slog.DiscardHandler)
	}
	r := newRegister(a)
	a.houseRoutes(r)
	a.voiceRoutes(r)
	a.postRoutes(r)
	a.messageRoutes(r)
	a.contactRoutes(r)
	a.mandateRoutes(r)
	a.attributionRoutes(r)
	a.deliveryRoutes(r)
	a.spec = r.document()
	return a
}

// ServeHTTP answers one request. Nothing is sent before the whole answer is there.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	c := &call{api: a, ctx: ctx, ref: rand.Text()[:10], accept: r.Header.Get("Accept-Language")}
	out := &recorder{header: http.Header{}}
	a.guard(c, out, r)
	out.send(w)
}

// guard answers into out, and turns a panic into the answer that something went wrong.
func (a *api) guard(c *call, out *recorder, r *http.Request) {
	defer func() {
		if v := recover(); v != nil {
			*out = recorder{header: http.Header{}}
			a.fail(c, out, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	if r.URL.Path == "/api/openapi.json" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		out.Header().Set("Content-Type", "application/json")
		out.Header().Set("Cache-Control", "no-cache")
		out.Write(a.spec)
		return
	}
	if err := a.answer(c, out, r); err != nil {
		a.fail(c, out, r, err)
	}
}

// answer lets a request in, reads it, and has it done.
func (a *api) answer(c *call, out *recorder, r *http.Request) error {
	if err := a.identify(c, r); err != nil {
		return err
	}
	if path.Clean(r.URL.Path) != r.URL.Path {
		return fault.NotFound("operation") // ServeMux would answer with a redirect, which programs do not expect
	}
	if err := a.known(out, r); err != nil {
		return err
	}
	if c.scope != account.Write && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return &fault.Error{Kind: fault.KindForbidden, Code: "token.read_only"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return fault.TooLarge(maxBody)
	}
	if err != nil {
		return &fault.Error{Kind: fault.KindInvalid, Code: "malformed"}
	}
	c.body = body
	serve := func() {
		a.mux.ServeHTTP(out, r.WithContext(context.WithValue(c.ctx, callKey{}, c)))
	}
	if key := r.Header.Get("Idempotency-Key"); key != "" && r.Method == http.MethodPost {
		return a.answers.serve(c, out, r, key, serve)
	}
	serve()
	return nil
}

// identify reads the bearer token (RFC 6750, section 2.1).
func (a *api) identify(c *call, r *http.Request) (err error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return fault.Unauthenticated()
	}
	c.by, c.scope, err = a.Accounts.ByToken(c.ctx, token)
	return err
}

// known refuses what no operation answers, which the mux would do in plain text.
func (a *api) known(out *recorder, r *http.Request) error {
	h, pattern := a.mux.Handler(r)
	if pattern != "" {
		return nil
	}
	var said recorder
	said.header = http.Header{}
	h.ServeHTTP(&said, r)
	if said.status == http.StatusMethodNotAllowed {
		out.Header().Set("Allow", said.header.Get("Allow"))
		return &fault.Error{Kind: fault.KindNotFound, Code: "method_not_allowed"}
	}
	return fault.NotFound("operation")
}

// recorder holds an answer until it is whole.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (o *recorder) Header() http.Header { return o.header }

func (o *recorder) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
}

func (o *recorder) Write(b []byte) (int, error) {
	o.WriteHeader(http.StatusOK)
	return o.body.Write(b)
}

func (o *recorder) send(w http.ResponseWriter) {
	o.WriteHeader(http.StatusOK)
	head := w.Header()
	for name, values := range o.header {
		head[name] = values
	}
	if head.Get("Cache-Control") == "" {
		head.Set("Cache-Control", "no-store")
	}
	head.Set("X-Robots-Tag", "noindex")
	head.Set("X-Content-Type-Options", "nosniff")
	if o.status != http.StatusNoContent {
		head.Set("Content-Length", strconv.Itoa(o.body.Len()))
	}
	w.WriteHeader(o.status)
	_, _ = w.Write(o.body.Bytes()) // nobody is left to tell
}
