package accountweb

import (
	"net/http"
	"net/url"

	"causerie/internal/core/account"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

type signInPage struct {
	web.Page
	Next   string // where to go once inside
	Secure string // the address of this page over TLS, when the one that was asked cannot let anybody in
}

const home = "/app/"

// within returns next when it is a path of this site, else the home of those who work here.
func within(next string) string {
	if next == "" || web.LocalPath(next) != next {
		return home
	}
	return next
}

func (h *Handler) showSignIn(w http.ResponseWriter, r *web.Request) error {
	next := within(r.URL.Query().Get("next"))
	if r.Actor().SignedIn() {
		return r.Redirect(w, "", next)
	}
	return h.signInForm(w, r, http.StatusOK, next, nil)
}

func (h *Handler) signInForm(w http.ResponseWriter, r *web.Request, status int, next string, f *web.Form) error {
	p := signInPage{Page: web.Page{Title: r.T("account.sign_in.title"), Form: f}, Next: next}
	if r.Insecure() {
		p.Secure = r.Absolute("/app/sign-in?next=" + url.QueryEscape(next))
	}
	return h.signIn.Render(w, r, status, p)
}

func (h *Handler) enter(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	next := within(f.Text("next"))
	if r.Insecure() {
		return h.signInForm(w, r, http.StatusUnprocessableEntity, next, f)
	}
	if f.Require("email"); f.Raw("password") == "" {
		f.Problem("password", "required")
	}
	if f.Err() == nil {
		in, err := h.accounts.SignIn(r.Context(), f.Text("email"), f.Raw("password"), account.Browser{Agent: r.UserAgent(), Device: web.DeviceToken(r.Request)})
		if err == nil {
			r.Note("signed in", "account", in.Account.ID)
			if before := web.SessionToken(r.Request); before != "" {
				if err := h.accounts.SignOut(r.Context(), before); err != nil {
					return err
				}
			}
			keep(w, r, in)
			return r.Redirect(w, "", next)
		}
		if len(fault.ProblemsOf(err)) > 0 {
			r.Note("sign-in refused")
		}
		if !f.AddProblems(err) {
			return err
		}
	}
	return h.signInForm(w, r, http.StatusUnprocessableEntity, next, f)
}

// keep gives the browser its session, and has it known the next time. The cookie outlives the session: the row in the
// database says when it ends, and moves that moment each time the session is seen.
func keep(w http.ResponseWriter, r *web.Request, in account.Entry) {
	web.SetSession(w, r, in.Session, r.Now().Add(account.SessionEnd))
	web.SetDevice(w, r, "/app/sign-in", in.Device, r.Now().Add(account.DeviceLife))
}

func (h *Handler) leave(w http.ResponseWriter, r *web.Request) error {
	if token := web.SessionToken(r.Request); token != "" {
		if err := h.accounts.SignOut(r.Context(), token); err != nil {
			return err
		}
		r.Note("signed out", "account", r.Actor().Account)
	}
	web.ClearSession(w, r)
	return r.Redirect(w, "account.signed_out", "/app/sign-in")
}
