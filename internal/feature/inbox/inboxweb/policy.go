package inboxweb

import (
	"net/http"
	"strconv"

	"causerie/internal/feature/inbox"
	"causerie/internal/platform/web"
)

// PolicyPath is the page of the settings where an owner says who may comment.
const PolicyPath = "/app/settings/comments"

// policyPage is that page.
type policyPage struct {
	web.Page
	Open bool
	Days string // "" for never
}

func (h *Handler) showPolicy(w http.ResponseWriter, r *web.Request) error {
	p, err := h.o.Inbox.Policy(r.Context())
	if err != nil {
		return err
	}
	page := policyPage{Open: p.Open}
	if p.CloseAfterDays > 0 {
		page.Days = strconv.Itoa(p.CloseAfterDays)
	}
	return h.policyForm(w, r, http.StatusOK, page)
}

func (h *Handler) policyForm(w http.ResponseWriter, r *web.Request, status int, p policyPage) error {
	p.Title, p.Nav = r.T("inbox.policy"), "settings"
	return h.policy.Render(w, r, status, p)
}

func (h *Handler) changePolicy(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	p := inbox.Policy{Open: f.Bool("open"), CloseAfterDays: f.Int("close_after_days")}
	if f.Err() == nil {
		if err = h.o.Inbox.SetPolicy(r.Context(), r.Actor(), p); err == nil {
			return r.Redirect(w, "inbox.policy.saved", PolicyPath)
		}
		if !f.AddProblems(err) {
			return err
		}
	}
	return h.policyForm(w, r, http.StatusUnprocessableEntity, policyPage{Page: web.Page{Form: f}, Open: p.Open})
}
