package subscriptionweb

import (
	"net/http"

	"causerie/internal/feature/subscription"
	"causerie/internal/platform/web"
)

// formPage is the form by which one asks to receive what is published.
type formPage struct {
	web.Page
	House   string
	Choices []choice
	Rhythms []string
	Rhythm  string
	Lang    string // of what the house itself says
	Several bool   // there is something to choose from
}

func (h *Handler) form(w http.ResponseWriter, r *web.Request) error {
	speak(r, r.URL.Query().Get("lang"))
	wanted := follows(r.URL.Query()["follow"])
	d, err := h.formPage(r, func(f subscription.Follow) bool {
		for _, x := range wanted {
			if x == f {
				return true
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	if len(wanted) == 0 && len(d.Choices) > 0 {
		d.Choices[0].On = true
	}
	return h.forms.Render(w, r, http.StatusOK, d)
}

func (h *Handler) formPage(r *web.Request, on func(subscription.Follow) bool) (d formPage, err error) {
	hs, err := h.o.House.Get(r.Context())
	if err != nil {
		return d, err
	}
	offered, err := h.o.Subscriptions.Offered(r.Context())
	if err != nil {
		return d, err
	}
	d = formPage{House: hs.Name, Choices: offer(offered, on), Rhythms: subscription.Rhythms(), Rhythm: subscription.Each, Lang: string(r.Lang())}
	d.Title, d.Several = r.T("subscribe.title"), len(d.Choices) > 1
	return d, nil
}

// ask takes in a wish, from the page or from the foot of any other.
func (h *Handler) ask(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	speak(r, form.Text("lang"))
	offered, err := h.o.Subscriptions.Offered(r.Context())
	if err != nil {
		return err
	}
	wish := subscription.Wish{Follows: follows(form.All("follow")), Rhythm: form.Text("rhythm"), Lang: string(r.Lang())}
	wording, err := h.wording(r, offered, wish)
	if err != nil {
		return err
	}
	err = h.o.Subscriptions.Ask(r.Context(), subscription.AskInput{Email: form.Text("email"), Wish: wish, Wording: wording, Version: wordingVersion,
		Page: source(r, form), Honeypot: form.Raw("website"), From: r.ClientIP()})
	switch {
	case err == nil:
		http.Redirect(w, r.Request, "/subscribe/sent?lang="+wish.Lang, http.StatusSeeOther)
		return nil
	case form.AddProblems(err):
		d, err := h.formPage(r, func(f subscription.Follow) bool { return wish.Has(f) })
		if err != nil {
			return err
		}
		d.Form = form
		if wish.Rhythm != "" {
			d.Rhythm = wish.Rhythm
		}
		return h.forms.Render(w, r, http.StatusUnprocessableEntity, d)
	}
	return err
}

// source is the page on which the form stood, as the form says it.
func source(r *web.Request, f *web.Form) string {
	path := f.Raw("page")
	if path == "" || len(path) > 200 {
		path = "/subscribe"
	}
	return r.Absolute(web.LocalPath(path))
}

func (h *Handler) sent(w http.ResponseWriter, r *web.Request) error {
	speak(r, r.URL.Query().Get("lang"))
	return h.says.Render(w, r, http.StatusOK, sayPage{Page: web.Page{Title: r.T("subscribe.sent_title"), Robots: "noindex"},
		Head: r.T("subscribe.sent_title"), Text: r.T("subscribe.sent_text")})
}
