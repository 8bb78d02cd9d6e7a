package site

import (
	"net/http"

	"causerie/internal/feature/inbox"
	"causerie/internal/platform/web"
)

// confirmPage asks whether an address is its reader's. The link alone proves nothing: programs that look through mail
// open links, and only people press buttons.
type confirmPage struct {
	web.Page
	Token string
	About inbox.Subject
}

func (h *Handler) askConfirm(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	about, err := h.o.Talk.ConfirmSubject(r.Context(), token)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return h.confirms.Render(w, r, http.StatusOK, confirmPage{
		Page: web.Page{Title: r.T("site.confirm_title"), Robots: "noindex"}, Token: token, About: about,
	})
}

func (h *Handler) confirm(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if err := h.o.Talk.Confirm(r.Context(), form.Raw("t")); err != nil {
		return err
	}
	return r.Redirect(w, "site.confirmed", "/")
}
