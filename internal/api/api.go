package api

import (
	"context"
	"embed"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/account"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/core/media"
	"causerie/internal/core/place"
	"causerie/internal/core/voice"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/roster"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/attribution"
	"causerie/internal/view/disclosure"
	"causerie/internal/view/library"
	"causerie/internal/view/segment"
	"causerie/internal/view/timeline"
)

//go:embed *.json
var files embed.FS

// Bundle holds the texts of the API; app adds it to its bundles, so that the catalog given to New has them.
var Bundle = web.Bundle{Name: "api", Side: web.Work, Files: files}

// Rate is the limit of what one token may ask; app says how much that is.
const Rate = "api"

const maxBody = 2 << 20 // bytes of a request

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
	Consents    *consent.Service
	Inbox       *inbox.Service
	Mandates    *mandate.Service
	Deliveries  *delivery.Service
	Relays      *mailer.Relays
	Timeline    *timeline.View
	Attribution *attribution.View
	Disclosure  *disclosure.View
	Roster      *roster.Service
	Letters     *newsletter.Service
	Segments    *segment.View
	Media       *media.Service
	Library     *library.View
	Fetch       *fetch.Client
}

// API is the operations, as routes.
type API struct {
	Deps
	routes  []web.Route
	known   *http.ServeMux // the operations by their patterns, to tell what an address takes
	spec    []byte
	answers *answers
}

// New returns the API. It panics on what only a programmer can get wrong.
func New(d Deps) *API {
	a := &API{Deps: d, known: http.NewServeMux(), answers: newAnswers(d.DB)}
	if a.Log == nil {
		a.Log = slog.New(slog.DiscardHandler)
	}
	r := newRegister(a)
	a.houseRoutes(r)
	a.voiceRoutes(r)
	a.postRoutes(r)
	a.revisionRoutes(r)
	a.messageRoutes(r)
	a.contactRoutes(r)
	a.fieldRoutes(r)
	a.segmentRoutes(r)
	a.mandateRoutes(r)
	a.attributionRoutes(r)
	a.deliveryRoutes(r)
	a.relayRoutes(r)
	a.letterRoutes(r)
	a.mediaRoutes(r)
	a.spec = r.document()
	a.routes = append(a.routes, web.Route{Pattern: "GET /api/openapi.json", Access: web.Anyone, Handle: a.openapi})
	for _, method := range methods {
		a.routes = append(a.routes, web.Route{Pattern: method + " /api/", Access: web.Token, Rate: Rate, Handle: a.refuse})
	}
	return a
}

// methods are those that operations have.
var methods = []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost}

// Routes returns a route for each operation, and those of all other addresses under /api/. The rate Rate must be known to
// the router.
func (a *API) Routes() []web.Route { return slices.Clone(a.routes) }

// HandleFunc takes an operation from huma, which believes that a is a mux.
func (a *API) HandleFunc(pattern string, operation func(http.ResponseWriter, *http.Request)) {
	a.known.HandleFunc(pattern, operation)
	size, timeout := int64(maxBody), time.Duration(0)
	switch pattern {
	case importPattern:
		size, timeout = maxImport, importTime
	case mediaPattern, replacePattern:
		size, timeout = maxFile, fileTime
	}
	a.routes = append(a.routes, web.Route{Pattern: pattern, Access: web.Token, Rate: Rate, MaxBody: size, Timeout: timeout,
		Handle: func(w http.ResponseWriter, r *web.Request) error { return a.serve(w, r, operation) }})
}

// ServeHTTP belongs to what huma wants of a mux, and is never called: the routes are the router's.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

func (a *API) openapi(w http.ResponseWriter, _ *web.Request) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(a.spec) // the reader left
	return nil
}

// refuse answers where there is no operation: 405 when the address has others, else 404.
func (a *API) refuse(w http.ResponseWriter, r *web.Request) error {
	var allow []string
	for _, method := range methods {
		ask := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.known.Handler(ask); pattern != "" {
			allow = append(allow, method)
		}
	}
	if len(allow) == 0 {
		return fault.NotFound("operation")
	}
	w.Header().Set("Allow", strings.Join(allow, ", "))
	return &fault.Error{Kind: fault.KindNotFound, Code: "method_not_allowed"}
}

// serve reads a request and has an operation answer it. Nothing is sent before the whole answer is there.
func (a *API) serve(w http.ResponseWriter, r *web.Request, operation func(http.ResponseWriter, *http.Request)) error {
	var body []byte
	file, err := fileWith(r, &body)
	if err != nil {
		return err
	}
	if file != nil {
		defer file.Close()
	} else if body, err = io.ReadAll(r.Body); err != nil {
		return web.BodyError(err)
	}
	var list []byte
	if r.Pattern == importPattern {
		if list, body, err = listOf(r, body); err != nil {
			return err
		}
	}
	if err := web.CheckJSON(body); err != nil {
		return err
	}
	c := &call{list: list, file: file, api: a, ctx: r.Context(), ref: r.Ref(), by: r.Actor(), lang: r.Lang(), body: body}
	out := &recorder{header: http.Header{}}
	do := func() error {
		operation(out, r.Request.WithContext(context.WithValue(c.ctx, callKey{}, c)))
		return c.failure
	}
	if key := r.Header.Get("Idempotency-Key"); key != "" && r.Method == http.MethodPost {
		err = a.answers.serve(c, out, r.Request, key, do)
	} else {
		err = do()
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.KindGone {
		err = &fault.Error{Kind: fault.KindNotFound, Code: f.Code, Args: f.Args} // 410 is for the addresses of posts
	}
	if err != nil {
		return err
	}
	out.send(w)
	return nil
}
