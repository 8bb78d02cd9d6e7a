package beginweb

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"causerie/internal/core/house"
	"causerie/internal/feature/begin"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

type setupPage struct {
	web.Page
	Key       string // what opened the page, kept through the form
	AskKey    bool   // the key is still to be typed
	OnlyKey   bool   // and nothing else is shown before
	Langs     []i18n.Lang
	Countries []string
	Secure    string // where to begin instead: the page was asked for in clear, and the house is served over TLS
	InLang    string // what the two selects show
	Country   string
}

const home = "/app/"

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	done, err := h.begin.Done(r.Context())
	if err != nil {
		return err
	}
	if done {
		return r.Redirect(w, "", home)
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	key := f.Text("key")
	if key != "" && !r.Local() { // who tries keys
		if err := r.Limit("setup"); err != nil {
			return err
		}
	}
	if !h.mayBegin(r, key) {
		if key != "" {
			f.Problem("key", "setup")
		}
		return h.render(w, r, http.StatusForbidden, setupPage{Page: web.Page{Form: f}, AskKey: true, OnlyKey: true})
	}
	return h.render(w, r, http.StatusOK, setupPage{Key: key})
}

// mayBegin reports whether r comes from the machine itself or brings the one-time key.
func (h *Handler) mayBegin(r *web.Request, key string) bool { return r.Local() || h.begin.Opens(key) }

func (h *Handler) make(w http.ResponseWriter, r *web.Request) error {
	done, err := h.begin.Done(r.Context())
	if err != nil {
		return err
	}
	if done {
		return fault.NotFound("page")
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	key := f.Text("key")
	if !h.mayBegin(r, key) {
		f.Problem("key", "setup")
		return h.render(w, r, http.StatusForbidden, setupPage{Page: web.Page{Form: f}, AskKey: true})
	}
	if r.Insecure() && !r.Local() { // on the machine itself nobody listens
		return h.render(w, r, http.StatusUnprocessableEntity, setupPage{Page: web.Page{Form: f}, Key: key, Secure: r.Absolute("/setup?key=" + url.QueryEscape(key))})
	}
	made, err := h.begin.Begin(r.Context(), begin.Input{
		House: f.Text("house"), OwnerName: f.Text("owner_name"), OwnerEmail: f.Text("owner_email"), Password: f.Raw("password"),
		Lang: f.Text("lang"), Country: f.Text("country"),
	})
	if err != nil {
		if !f.AddProblems(err) {
			return err
		}
		return h.render(w, r, http.StatusUnprocessableEntity, setupPage{Page: web.Page{Form: f}, Key: key})
	}
	token, err := h.sessions.OpenSession(r.Context(), made.Owner.ID, r.UserAgent())
	if err != nil {
		return err
	}
	web.SetSession(w, r, token, r.Now().AddDate(1, 0, 0)) // the row in the database says when it ends
	return r.Redirect(w, "begin.done", home)
}

func (h *Handler) render(w http.ResponseWriter, r *web.Request, status int, p setupPage) error {
	p.Title = r.T("begin.title")
	p.Langs, p.Countries = i18n.Langs(), house.Countries()
	p.InLang = cmp.Or(p.Form.Text("lang"), string(r.Lang()))
	p.Country = cmp.Or(p.Form.Text("country"), countryOf(r.Header.Get("Accept-Language")))
	return h.setup.Render(w, r, status, p)
}

// countryOf guesses the country from the languages of a browser: the first region that is one of ours, else France.
func countryOf(accept string) string {
	for tag := range strings.SplitSeq(accept, ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		_, region, _ := strings.Cut(tag, "-")
		for _, c := range house.Countries() {
			if strings.EqualFold(region, c) {
				return c
			}
		}
	}
	return "FR"
}
