package subscriptionweb

import (
	"net/http"
	"net/url"
	"strings"

	"causerie/internal/feature/subscription"
	"causerie/internal/platform/web"
)

// confirmPage asks whether a wish is its reader's: only people press buttons.
type confirmPage struct {
	web.Page
	Token string
	Ask   subscription.Ask
	Names string
	Done  bool
}

func (h *Handler) askConfirm(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	a, err := h.o.Subscriptions.Wished(r.Context(), token)
	if err != nil {
		return err
	}
	speak(r, a.Lang)
	offered, err := h.o.Subscriptions.Offered(r.Context())
	if err != nil {
		return err
	}
	var names []string
	for _, f := range a.Follows {
		if name := subscription.NameOf(offered, f); name != "" {
			names = append(names, name)
		}
	}
	private(w)
	d := confirmPage{Page: web.Page{Title: r.T("subscribe.confirm_title"), Robots: "noindex"}, Token: token, Ask: a, Names: strings.Join(names, " · "),
		Done: !a.ConfirmedAt.IsZero()}
	return h.confirms.Render(w, r, http.StatusOK, d)
}

func (h *Handler) confirm(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token := form.Raw("t")
	if err := h.o.Subscriptions.Confirm(r.Context(), token); err != nil {
		return err
	}
	return see(w, r, "/subscribe/confirm", token)
}

// see leads to a page with a token.
func see(w http.ResponseWriter, r *web.Request, path, token string) error {
	http.Redirect(w, r.Request, path+"?"+url.Values{"t": {token}}.Encode(), http.StatusSeeOther)
	return nil
}
