package newsletterweb

import (
	"net/http"
	"net/url"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/delivery"
	"causerie/internal/platform/web"
)

// showPage is what became of a letter.
type showPage struct {
	web.Page
	L       newsletter.Letter
	Path    string
	Voice   string
	MaySend bool
	All     int
	Left    int
	Waits   int
	Why     []delivery.Tally // of those who will not get it, or not yet
	After   newsletter.After
	Rows    []delivery.Delivery
	Older   string
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	l, tallies, err := h.o.Letters.Outcome(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if l.State == newsletter.Draft {
		return h.showForm(w, r, http.StatusOK, formPage{L: l}, valuesOf(l))
	}
	l.Title = titleOf(r, l)
	d := showPage{L: l, Path: path(l.ID), MaySend: l.MaySend(r.Actor())}
	for _, t := range tallies {
		d.All += t.N
		switch t.State {
		case delivery.Sent:
			d.Left += t.N
		case delivery.Queued, delivery.Sending, delivery.Held, delivery.Deferred:
			d.Waits += t.N
		}
		if t.Reason != "" {
			d.Why = append(d.Why, t)
		}
	}
	if d.After, err = h.o.Letters.After(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	var next string
	if d.Rows, next, err = h.o.Letters.Recipients(r.Context(), r.Actor(), id, "", r.URL.Query().Get("after"), 40); err != nil {
		return err
	}
	if next != "" {
		d.Older = d.Path + "?after=" + url.QueryEscape(next) + "#recipients"
	}
	_, names, err := h.mine(r)
	if err != nil {
		return err
	}
	d.Voice, d.Title, d.Nav = names[l.Voice], l.Title, "letters"
	return h.shows.Render(w, r, http.StatusOK, d)
}
