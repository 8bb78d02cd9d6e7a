package accountweb

import (
	"net/http"

	"causerie/internal/platform/web"
)

type signInPage struct {
	web.Page
	Next string // where to go once inside
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
	return h.signIn.Render(w, r, status, signInPage{Page: web.Page{Title: r.T("account.sign_in.title"), Form: f}, Next: next})
}

func (h *Handler) enter(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	next := within(f.Text("next"))
	if f.Require("email"); f.Raw("password") == "" {
		f.Problem("password", "required")
	}
	if f.Err() == nil {
		token, _, err := h.accounts.SignIn(r.Context(), f.Text("email"), f.Raw("password"), r.UserAgent())
		if err == nil {
			keepSession(w, r, token)
			return r.Redirect(w, "", next)
		}
		if !f.AddProblems(err) {
			return err
		}
	}
	return h.signInForm(w, r, http.StatusUnprocessableEntity, next, f)
}

// keepSession gives the browser its session. The cookie outlives it: the row in the database says when it ends, and
// moves that moment each time the session is seen.
func keepSession(w http.ResponseWriter, r *web.Request, token string) {
	web.SetSession(w, r, token, r.Now().AddDate(1, 0, 0))
}

func (h *Handler) leave(w http.ResponseWriter, r *web.Request) error {
	if token := web.SessionToken(r.Request); token != "" {
		if err := h.accounts.SignOut(r.Context(), token); err != nil {
			return err
		}
	}
	web.ClearSession(w, r)
	return r.Redirect(w, "account.signed_out", "/app/sign-in")
}
