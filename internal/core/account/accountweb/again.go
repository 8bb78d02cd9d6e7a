package accountweb

import (
	"net/http"

	"causerie/internal/platform/web"
)

// againPage asks for the password again before what is most delicate.
type againPage struct {
	web.Page
	Action string    // where the form goes: the page that asked
	Email  string    // for the program that fills passwords in
	Next   string    // where it leads afterwards, when it goes to againPath
	Kept   []oneWord // what was being sent, which is not lost
}

type oneWord struct{ Name, Value string }

const (
	againPath = "/app/again"
	maxKept   = 200 // words that a form of these pages may have: two for each voice, and a few
)

// lately is web.InPerson for what is most delicate: where the password was not given for a while it is asked for, and what was being
// sent goes on after it.
func (h *Handler) lately(next web.Handler) web.Handler {
	return web.InPerson(func(w http.ResponseWriter, r *web.Request) error {
		ok, err := h.accounts.ProvedLately(r.Context(), r.Actor(), here(r))
		if err != nil {
			return err
		}
		if ok {
			return next(w, r)
		}
		f, err := r.Form()
		if err != nil {
			return err
		}
		p := againPage{Page: web.Page{Form: f}, Action: againPath, Next: r.URL.RequestURI()}
		if r.Method == http.MethodPost {
			p.Action, p.Next = r.URL.RequestURI(), ""
			if f.Has("again") {
				return h.prove(w, r, f, p, func() error { return next(w, r) })
			}
		}
		return h.ask(w, r, http.StatusForbidden, p)
	})
}

// proveAgain answers the form that a page asked with.
func (h *Handler) proveAgain(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	next := within(f.Text("next"))
	return h.prove(w, r, f, againPage{Page: web.Page{Form: f}, Action: againPath, Next: next}, func() error { return r.Redirect(w, "", next) })
}

func (h *Handler) prove(w http.ResponseWriter, r *web.Request, f *web.Form, p againPage, then func() error) error {
	if r.URL.Path != againPath { // whose route has the rate
		if err := r.Limit("sign-in"); err != nil {
			return err
		}
	}
	err := h.accounts.Prove(r.Context(), r.Actor(), here(r), f.Raw("again"))
	if err == nil {
		return then()
	}
	if !f.AddProblems(err) {
		return err
	}
	rename(f, "present", "again")
	return h.ask(w, r, http.StatusUnprocessableEntity, p)
}

func (h *Handler) ask(w http.ResponseWriter, r *web.Request, status int, p againPage) error {
	me, err := h.me(r)
	if err != nil {
		return err
	}
	p.Title, p.Email = r.T("account.again.title"), me.Email
	if p.Action != againPath {
		for name, values := range p.Form.Values() {
			for _, v := range values {
				if name != "again" && name != "username" && len(p.Kept) < maxKept {
					p.Kept = append(p.Kept, oneWord{name, v})
				}
			}
		}
	}
	return h.again.Render(w, r, status, p)
}
