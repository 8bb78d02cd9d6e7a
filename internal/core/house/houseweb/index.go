package houseweb

import (
	"net/http"

	"causerie/internal/core/house"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

type indexPage struct {
	web.Page
	House   house.House
	Missing int  // lines that the law still misses
	Owner   bool // whether the state of the house is this person's to change
	Places  []Place
}

func (h *Handler) showIndex(w http.ResponseWriter, r *web.Request) error {
	now, err := h.houses.Get(r.Context())
	if err != nil {
		return err
	}
	p := indexPage{Page: web.Page{Title: r.T("house.settings"), Nav: "settings"}, House: now, Missing: len(now.Missing()),
		Owner: r.Actor().On(0) >= actor.Owner}
	for _, place := range h.places {
		if r.Actor().Anywhere() >= place.Role {
			p.Places = append(p.Places, place)
		}
	}
	return h.index.Render(w, r, http.StatusOK, p)
}
