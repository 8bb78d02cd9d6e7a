package site

import (
	"net/http"
	"net/url"

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
	noStore(w)
	return h.confirms.Render(w, r, http.StatusOK, confirmPage{
		Page: web.Page{Title: r.T("site.confirm_title"), Robots: "noindex"}, Token: token, About: about,
	})
}

func (h *Handler) confirm(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token := form.Raw("t")
	if err := h.o.Talk.Confirm(r.Context(), token); err != nil {
		return err
	}
	return r.Redirect(w, "", "/confirm?"+url.Values{"t": {token}}.Encode())
}

// disownPage asks whoever owns an address whether a comment is not theirs.
type disownPage struct {
	web.Page
	Token string
	About inbox.Disowning
}

func (h *Handler) askDisown(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	about, err := h.o.Talk.DisownSubject(r.Context(), token)
	if err != nil {
		return err
	}
	noStore(w)
	return h.disowns.Render(w, r, http.StatusOK, disownPage{
		Page: web.Page{Title: r.T("site.disown_title"), Robots: "noindex"}, Token: token, About: about,
	})
}

// disown takes the comment back, and shows that it is done.
func (h *Handler) disown(w http.ResponseWriter, r *web.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if err := h.o.Talk.Disown(r.Context(), form.Raw("t")); err != nil {
		return err
	}
	http.Redirect(w, r.Request, "/confirm/not-me?t="+url.QueryEscape(form.Raw("t")), http.StatusSeeOther)
	return nil
}

// noStore keeps what one person alone should see out of every cache.
func noStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }
