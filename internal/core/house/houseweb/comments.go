package houseweb

import (
	"net/http"
	"strconv"

	"causerie/internal/platform/web"
)

type commentsPage struct {
	web.Page
	Open bool
	Days string // "" for never
}

func (h *Handler) showComments(w http.ResponseWriter, r *web.Request) error {
	open, days, err := h.houses.Comments(r.Context())
	if err != nil {
		return err
	}
	p := commentsPage{Open: open}
	if days > 0 {
		p.Days = strconv.Itoa(days)
	}
	return h.commentsForm(w, r, http.StatusOK, p)
}

func (h *Handler) commentsForm(w http.ResponseWriter, r *web.Request, status int, p commentsPage) error {
	p.Title, p.Nav = r.T("house.places.comments"), "settings"
	return h.comments.Render(w, r, status, p)
}

func (h *Handler) changeComments(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	days := f.Int("close_after_days")
	if f.Err() == nil {
		err = h.houses.SetComments(r.Context(), r.Actor(), f.Bool("open"), days)
		if err == nil {
			return r.Redirect(w, "house.comments.saved", commentsPath)
		}
		if !f.Take(err) {
			return err
		}
	}
	return h.commentsForm(w, r, http.StatusUnprocessableEntity, commentsPage{Page: web.Page{Form: f}, Open: f.Bool("open")})
}
