package accountweb

import (
	"net/http"

	"causerie/internal/core/account"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

type forgotPage struct {
	web.Page
	Mails bool // whether a link can be mailed at all
}

type resetPage struct {
	web.Page
	Token   string
	Good    bool // whether the link may still be used
	First   bool // whether there was no password before
	Account account.Account
}

func (h *Handler) showForgot(w http.ResponseWriter, r *web.Request) error {
	return h.forgotForm(w, r, http.StatusOK, nil)
}

func (h *Handler) forgotForm(w http.ResponseWriter, r *web.Request, status int, f *web.Form) error {
	mails, err := h.accounts.Mails(r.Context())
	if err != nil {
		return err
	}
	return h.forgot.Render(w, r, status, forgotPage{Page: web.Page{Title: r.T("account.forgot.title"), Form: f}, Mails: mails})
}

// sendLink answers the same for every address, so that nobody learns who has an account here.
func (h *Handler) sendLink(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if f.Require("email"); f.Err() != nil {
		return h.forgotForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err := h.accounts.Forgot(r.Context(), f.Text("email")); err != nil {
		return err
	}
	return r.Redirect(w, "account.forgot.sent", "/app/forgot")
}

func (h *Handler) showReset(w http.ResponseWriter, r *web.Request) error {
	return h.resetForm(w, r, http.StatusOK, r.URL.Query().Get("t"), nil)
}

func (h *Handler) resetForm(w http.ResponseWriter, r *web.Request, status int, token string, f *web.Form) error {
	a, err := h.accounts.ResetOf(r.Context(), token)
	if fault.Is(err, fault.KindConflict) {
		return h.expired(w, r)
	}
	if err != nil {
		return err
	}
	return h.reset.Render(w, r, status, resetPage{
		Page: web.Page{Title: r.T("account.reset.title"), Form: f}, Token: token, Good: true, First: !a.HasPassword(), Account: a,
	})
}

// expired says that a link was used or waited too long.
func (h *Handler) expired(w http.ResponseWriter, r *web.Request) error {
	return h.reset.Render(w, r, http.StatusGone, resetPage{Page: web.Page{Title: r.T("account.reset.expired")}})
}

func (h *Handler) choosePassword(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	in, err := h.accounts.Reset(r.Context(), f.Text("t"), f.Raw("password"), r.UserAgent())
	switch {
	case fault.Is(err, fault.KindConflict):
		return h.expired(w, r)
	case err != nil && f.AddProblems(err):
		return h.resetForm(w, r, http.StatusUnprocessableEntity, f.Text("t"), f)
	case err != nil:
		return err
	}
	keep(w, r, in)
	if !in.Account.HasPassword() { // before
		return r.Redirect(w, "account.reset.welcome", home)
	}
	return r.Redirect(w, "account.reset.changed", home)
}
