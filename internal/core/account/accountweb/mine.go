package accountweb

import (
	"net/http"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// minePage is one's own account. Its three forms are apart, so that what is wrong with one says nothing of the others.
type minePage struct {
	web.Page
	Account  account.Account
	Profile  *web.Form
	Password *web.Form
	Token    *web.Form
	Sessions []sessionLine
	Tokens   []account.Token
	Bearer   string // of a token just made: shown by this answer alone
}

type sessionLine struct {
	ID              fact.SessionID
	Browser, System string // "" when the browser says nothing that is known here
	Here            bool   // the one that asks
	SeenAt          time.Time
}

func (h *Handler) showMine(w http.ResponseWriter, r *web.Request) error {
	return h.showMineWith(w, r, http.StatusOK, minePage{})
}

func (h *Handler) showMineWith(w http.ResponseWriter, r *web.Request, status int, p minePage) error {
	a, err := h.accounts.Get(r.Context(), r.Actor(), fact.AccountID(r.Actor().Account))
	if err != nil {
		return err
	}
	sessions, err := h.accounts.Sessions(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	if p.Tokens, err = h.accounts.Tokens(r.Context(), r.Actor()); err != nil {
		return err
	}
	for _, s := range sessions {
		line := sessionLine{ID: s.ID, Here: s.ID.String() == r.Session(), SeenAt: s.SeenAt}
		line.Browser, line.System = describe(s.Agent)
		p.Sessions = append(p.Sessions, line)
	}
	p.Account = a
	p.Page = web.Page{Title: r.T("account.mine.title"), Nav: "settings"}
	return h.mine.Render(w, r, status, p)
}

func (h *Handler) changeProfile(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	err = h.accounts.ChangeProfile(r.Context(), r.Actor(), f.Text("name"), f.Text("lang"))
	if err == nil {
		return r.Redirect(w, "account.mine.saved", minePath)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.showMineWith(w, r, http.StatusUnprocessableEntity, minePage{Profile: f})
}

func (h *Handler) changePassword(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	err = h.accounts.ChangePassword(r.Context(), r.Actor(), here(r), f.Raw("present"), f.Raw("password"))
	if err == nil {
		return r.Redirect(w, "account.password.changed", minePath)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.showMineWith(w, r, http.StatusUnprocessableEntity, minePage{Password: f})
}

// here returns the session that asks, none for a bearer.
func here(r *web.Request) fact.SessionID {
	id, err := fact.Parse[fact.SessionID](r.Session())
	if err != nil {
		return 0
	}
	return id
}

func (h *Handler) endOthers(w http.ResponseWriter, r *web.Request) error {
	if err := h.accounts.RevokeOthers(r.Context(), r.Actor(), here(r)); err != nil {
		return err
	}
	return r.Redirect(w, "account.sessions.others_ended", minePath)
}

func (h *Handler) endSession(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.SessionID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("session")
	}
	if err := h.accounts.Revoke(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.Redirect(w, "account.sessions.ended", minePath)
}

func (h *Handler) createToken(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	bearer, _, err := h.accounts.CreateToken(r.Context(), r.Actor(), fact.AccountID(r.Actor().Account), f.Text("token_name"), f.Text("scope"))
	if err == nil {
		return h.showMineWith(w, r, http.StatusCreated, minePage{Bearer: bearer})
	}
	if !f.AddProblems(err) {
		return err
	}
	rename(f, "name", "token_name")
	return h.showMineWith(w, r, http.StatusUnprocessableEntity, minePage{Token: f})
}

func (h *Handler) endToken(w http.ResponseWriter, r *web.Request) error {
	id, err := fact.Parse[fact.TokenID](r.PathValue("id"))
	if err != nil {
		return fault.NotFound("token")
	}
	if err := h.accounts.RevokeToken(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.Redirect(w, "account.tokens.ended", minePath)
}

// rename gives the problems of a service's field the name of the form's.
func rename(f *web.Form, from, to string) {
	for i := range f.Problems {
		if f.Problems[i].Field == from {
			f.Problems[i].Field = to
		}
	}
}
