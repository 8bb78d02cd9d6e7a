// Package noticeweb is the page on which each account says of what it wants to be told, and when.
package noticeweb

import (
	"context"
	"embed"
	"net/http"

	"causerie/internal/channel/notice"
	"causerie/internal/core/account"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of this page.
var Bundle = web.Bundle{Name: "noticeweb", Side: web.Work, Files: files}

// Path is the address of the page.
const Path = "/app/settings/notices"

// Accounts tells where the notices of an account go. core/account fills it.
type Accounts interface {
	Get(ctx context.Context, by actor.Actor, id fact.AccountID) (account.Account, error)
}

// Handler answers for the page.
type Handler struct {
	notices  *notice.Service
	accounts Accounts
	choice   *web.View[choicePage]
}

// New returns the handler; its template is parsed here.
func New(k *web.Kit, n *notice.Service, a Accounts) *Handler {
	return &Handler{notices: n, accounts: a, choice: web.NewView[choicePage](k, Bundle, "choice.tmpl", "work")}
}

// Routes are the addresses of the page.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + Path, Access: web.SignedIn, Handle: h.show},
		{Pattern: "POST " + Path, Access: web.SignedIn, Handle: web.InPerson(h.choose)},
	}
}

// choicePage is the form.
type choicePage struct {
	web.Page
	Email, Zone string
	Kinds       []kind
	Choice      notice.Choice
}

// kind is one thing that one may be told of, with its three answers.
type kind struct{ Name, When string }

// kinds are those that somebody may act on: who moderates nothing is not asked about what is held.
func kinds(by actor.Actor, c notice.Choice) []kind {
	all := []kind{{"requests", c.Requests}}
	if by.Anywhere() >= actor.Editor {
		all = append(all, kind{"held", c.Held})
	}
	return append(all, kind{"published", c.Published})
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	if err := r.Actor().RequireAnywhere(actor.Author); err != nil {
		return err
	}
	c, err := h.notices.Choice(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	return h.form(w, r, http.StatusOK, choicePage{Choice: c})
}

func (h *Handler) form(w http.ResponseWriter, r *web.Request, status int, p choicePage) error {
	a, err := h.accounts.Get(r.Context(), r.Actor(), fact.AccountID(r.Actor().Account))
	if err != nil {
		return err
	}
	p.Title, p.Nav = r.T("notice.title"), "settings"
	p.Email, p.Zone, p.Kinds = a.Email, r.Zone().String(), kinds(r.Actor(), p.Choice)
	return h.choice.Render(w, r, status, p)
}

func (h *Handler) choose(w http.ResponseWriter, r *web.Request) error {
	if err := r.Actor().RequireAnywhere(actor.Author); err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	c, err := h.notices.Choice(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	for name, to := range map[string]*string{"requests": &c.Requests, "held": &c.Held, "published": &c.Published} {
		if f.Has(name) {
			*to = f.Text(name)
		}
	}
	c.DailyAt, c.QuietFrom, c.QuietTo = notice.ParseHour(f.Text("daily_at")), notice.ParseHour(f.Text("quiet_from")), notice.ParseHour(f.Text("quiet_to"))
	c.Quiet, c.Through = f.Bool("quiet"), f.Bool("through")
	err = h.notices.Choose(r.Context(), r.Actor(), c)
	if err == nil {
		return r.Redirect(w, "notice.saved", Path)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.form(w, r, http.StatusUnprocessableEntity, choicePage{Page: web.Page{Form: f}, Choice: c})
}
