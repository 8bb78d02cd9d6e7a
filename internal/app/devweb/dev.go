// Package devweb holds the pages that only `causerie demo` has: a door that opens with one button, and the mail that
// would have left. They answer this machine alone.
package devweb

import (
	"context"
	"embed"
	"net/http"
	"strconv"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.css *.json
var files embed.FS

// Bundle is the templates, styles and texts of these pages.
var Bundle = web.Bundle{Name: "devweb", Side: web.Work, Files: files}

// Sessions opens a session without a password. core/account fills it.
type Sessions interface {
	OpenSession(ctx context.Context, account fact.AccountID, agent string) (token string, err error)
}

// Handler answers for these pages.
type Handler struct {
	sessions Sessions
	captured *mail.Captured
	owner    func(ctx context.Context) (id fact.AccountID, name string, err error)
	door     *web.View[doorPage]
	box      *web.View[boxPage]
	letter   *web.View[letterPage]
}

// New returns the pages. owner says who the button signs in.
func New(k *web.Kit, s Sessions, captured *mail.Captured, owner func(ctx context.Context) (fact.AccountID, string, error)) *Handler {
	return &Handler{
		sessions: s, captured: captured, owner: owner,
		door:   web.NewView[doorPage](k, Bundle, "door.tmpl", "plain"),
		box:    web.NewView[boxPage](k, Bundle, "box.tmpl", "work"),
		letter: web.NewView[letterPage](k, Bundle, "letter.tmpl", "work"),
	}
}

// Routes are the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/dev/{$}", Access: web.Anyone, Handle: h.showDoor},
		{Pattern: "POST /app/dev/enter", Access: web.Anyone, Handle: h.enter},
		{Pattern: "GET /app/dev/mail", Access: web.SignedIn, Handle: h.showBox},
		{Pattern: "GET /app/dev/mail/{n}", Access: web.SignedIn, Handle: h.showLetter},
	}
}

type doorPage struct {
	web.Page
	Name string
}

func (h *Handler) showDoor(w http.ResponseWriter, r *web.Request) error {
	if !r.Local() {
		return fault.NotFound("page")
	}
	_, name, err := h.owner(r.Context())
	if err != nil {
		return err
	}
	return h.door.Render(w, r, http.StatusOK, doorPage{Page: web.Page{Title: r.T("dev.door"), Robots: "noindex"}, Name: name})
}

func (h *Handler) enter(w http.ResponseWriter, r *web.Request) error {
	if !r.Local() {
		return fault.NotFound("page")
	}
	id, _, err := h.owner(r.Context())
	if err != nil {
		return err
	}
	token, err := h.sessions.OpenSession(r.Context(), id, r.UserAgent())
	if err != nil {
		return err
	}
	web.SetSession(w, r, token, r.Now().Add(24*time.Hour))
	return r.Redirect(w, "", "/app/")
}

type letterLine struct {
	N       int
	To      string
	Subject string
	At      time.Time
}

type boxPage struct {
	web.Page
	Letters []letterLine
}

func (h *Handler) showBox(w http.ResponseWriter, r *web.Request) error {
	page := boxPage{Page: web.Page{Title: r.T("dev.box"), Nav: "deliveries", Robots: "noindex"}}
	all := h.captured.All()
	for i := len(all) - 1; i >= 0 && len(page.Letters) < 100; i-- {
		page.Letters = append(page.Letters, letterLine{i, all[i].To.Email, all[i].Subject, all[i].Date})
	}
	return h.box.Render(w, r, http.StatusOK, page)
}

type letterPage struct {
	web.Page
	Letter mail.Message
}

func (h *Handler) showLetter(w http.ResponseWriter, r *web.Request) error {
	all := h.captured.All()
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(all) {
		return fault.NotFound("page")
	}
	return h.letter.Render(w, r, http.StatusOK, letterPage{Page: web.Page{Title: all[n].Subject, Nav: "deliveries", Robots: "noindex"}, Letter: all[n]})
}
