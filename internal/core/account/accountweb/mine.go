package accountweb

import (
	"net/http"
	"slices"
	"strconv"
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
	Address  *web.Form
	Password *web.Form
	Token    *web.Form
	Sessions []sessionLine
	Tokens   []tokenLine
	Others   int // how many sessions besides the one that asks
	Live     int // how many of Tokens open something
	Lives    []int
	Bearer   string // of a token just made: shown by this answer alone
}

type sessionLine struct {
	ID              fact.SessionID
	Browser, System string // "" when the browser says nothing that is known here
	Here            bool   // the one that asks
	SeenAt          time.Time
}

type tokenLine struct {
	account.Token
	Ended bool
}

// lives are for how many days a token can be made; 0 is without end.
var lives = []int{30, 90, 365, 0}

func (h *Handler) me(r *web.Request) (account.Account, error) {
	return h.accounts.Get(r.Context(), r.Actor(), fact.AccountID(r.Actor().Account))
}

func (h *Handler) showMine(w http.ResponseWriter, r *web.Request) error {
	return h.showMineWith(w, r, http.StatusOK, minePage{})
}

func (h *Handler) showMineWith(w http.ResponseWriter, r *web.Request, status int, p minePage) error {
	a, err := h.me(r)
	if err != nil {
		return err
	}
	sessions, err := h.accounts.Sessions(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	tokens, err := h.accounts.Tokens(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	for _, t := range tokens {
		line := tokenLine{t, !t.EndsAt.IsZero() && !t.EndsAt.After(r.Now())}
		if !line.Ended {
			p.Live++
		}
		p.Tokens = append(p.Tokens, line)
	}
	p.Lives = lives
	for _, s := range sessions {
		line := sessionLine{ID: s.ID, Here: s.ID.String() == r.Session(), SeenAt: s.SeenAt}
		line.Browser, line.System = describe(s.Agent)
		if !line.Here {
			p.Others++
		}
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
	others := f.Bool("others") || !f.Has("asked") // the box was not there to be left empty
	err = h.accounts.ChangePassword(r.Context(), r.Actor(), here(r), f.Raw("present"), f.Raw("password"), others)
	if err == nil && others {
		return r.Redirect(w, "account.password.changed_closed", minePath)
	}
	if err == nil {
		return r.Redirect(w, "account.password.changed_kept", minePath)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.showMineWith(w, r, http.StatusUnprocessableEntity, minePage{Password: f})
}

func (h *Handler) changeAddress(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err = h.accounts.ChangeEmail(r.Context(), r.Actor(), f.Text("email")); err == nil {
		return r.Redirect(w, "account.address.changed", minePath)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.showMineWith(w, r, http.StatusUnprocessableEntity, minePage{Address: f})
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
	var ends time.Time
	if days := f.Text("days"); days != "" && days != "0" {
		n, err := strconv.Atoi(days)
		if err != nil || !slices.Contains(lives, n) {
			f.Problem("days", "unknown")
			return h.showMineWith(w, r, http.StatusUnprocessableEntity, minePage{Token: f})
		}
		ends = r.Now().AddDate(0, 0, n)
	}
	bearer, _, err := h.accounts.CreateTokenUntil(r.Context(), r.Actor(), fact.AccountID(r.Actor().Account), f.Text("token_name"), f.Text("scope"), ends)
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
