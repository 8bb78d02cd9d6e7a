package site

import (
	"net/http"

	"causerie/internal/feature/inbox"
	"causerie/internal/platform/web"
)

// unsubscribePage lets a reader say that they want no more mail about a conversation. Opening it changes nothing: programs that
// look through mail open links.
type unsubscribePage struct {
	web.Page
	Token string
	About inbox.Following
}

func (h *Handler) askUnsubscribe(w http.ResponseWriter, r *web.Request) error {
	return h.showUnsubscribe(w, r, r.URL.Query().Get("t"))
}

// unsubscribe is what the button of the page sends, and what a mail program sends by itself (RFC 8058): without a cookie, and
// answered without a redirection.
func (h *Handler) unsubscribe(w http.ResponseWriter, r *web.Request) error {
	token := r.URL.Query().Get("t")
	if err := h.o.Talk.Stop(r.Context(), token); err != nil {
		return err
	}
	return h.showUnsubscribe(w, r, token)
}

func (h *Handler) showUnsubscribe(w http.ResponseWriter, r *web.Request, token string) error {
	about, err := h.o.Talk.FollowingOf(r.Context(), token)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return h.stops.Render(w, r, http.StatusOK, unsubscribePage{
		Page: web.Page{Title: r.T("site.unsubscribe_title"), Robots: "noindex"}, Token: token, About: about,
	})
}
