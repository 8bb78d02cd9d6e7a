// Package beginweb is the one page that stands before there is a house: /setup, a single form that makes it.
//
// It is open to whoever sits at the machine (web.Request.Local). From elsewhere, and behind a proxy, it asks for the one-time key that the log shows, so that a
// program freshly put on the Internet does not belong to the first stranger who finds it. Once there is a house, the
// page only leads to where one works.
//
// The package also holds the text of the draft that waits in a new house, Welcome: a short guide to a first article.
package beginweb

import (
	"context"
	"embed"

	"causerie/internal/fact"
	"causerie/internal/feature/begin"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of this page.
var Bundle = web.Bundle{Name: "beginweb", Side: web.Work, Files: files}

// Sessions signs the new owner in. core/account fills it.
type Sessions interface {
	OpenSession(ctx context.Context, account fact.AccountID, agent string) (token string, err error)
}

// Handler answers /setup.
type Handler struct {
	begin    *begin.Service
	sessions Sessions
	setup    *web.View[setupPage]
}

// New returns the handler; its template is parsed here.
func New(k *web.Kit, b *begin.Service, s Sessions) *Handler {
	return &Handler{begin: b, sessions: s, setup: web.NewView[setupPage](k, Bundle, "setup.tmpl", "plain")}
}

// Routes returns GET and POST /setup. The rate setup must be known to the router.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /setup", Access: web.Anyone, Handle: h.show},
		{Pattern: "POST /setup", Access: web.Anyone, Rate: "setup", Handle: h.make},
	}
}
