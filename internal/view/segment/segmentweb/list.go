package segmentweb

import (
	"net/http"
	"net/url"

	"causerie/internal/assets"
	"causerie/internal/core/contact"
	"causerie/internal/platform/web"
	"causerie/internal/view/segment"
)

// listPage is the segments of a house, the last made first.
type listPage struct {
	web.Page
	Lines []line
	Older string
}

// line is one segment, counted.
type line struct {
	segment.Segment
	Path  string
	Says  []string
	Count int
}

// perPage is how many segments a page counts.
const perPage = 20

func (h *Handler) list(w http.ResponseWriter, r *web.Request) error {
	in, err := h.world(r)
	if err != nil {
		return err
	}
	all, err := h.o.Segments.List(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	after := r.URL.Query().Get("after")
	d, begun := listPage{}, after == ""
	var shown []segment.Segment
	for _, s := range all {
		if !begun {
			begun = s.ID.String() == after
			continue
		}
		if len(d.Lines) == perPage {
			d.Older = Path + "?after=" + url.QueryEscape(d.Lines[perPage-1].ID.String())
			break
		}
		d.Lines = append(d.Lines, line{Segment: s, Path: path(s.ID), Says: in.says(r, s.Filter)})
		shown = append(shown, s)
	}
	counts, err := h.o.Segments.Counts(r.Context(), r.Actor(), shown)
	if err != nil {
		return err
	}
	for i, n := range counts {
		d.Lines[i].Count = n
	}
	d.Title, d.Nav = r.T("segment.list"), "contacts"
	return h.lists.Render(w, r, http.StatusOK, d)
}

// showPage is one segment: whom it finds, and to whom a letter would go.
type showPage struct {
	web.Page
	S        segment.Segment
	Path     string
	Says     []string
	Audience segment.Audience
	People   []person
	Older    string
}

// person is one of those whom a filter finds.
type person struct {
	contact.Contact
	Face assets.Face
	Path string
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	s, err := h.segmentOf(r)
	if err != nil {
		return err
	}
	in, err := h.world(r)
	if err != nil {
		return err
	}
	d := showPage{S: s, Path: path(s.ID), Says: in.says(r, s.Filter)}
	if d.Audience, err = h.o.Segments.Explain(r.Context(), r.Actor(), s.Filter); err != nil {
		return err
	}
	var next string
	if d.People, next, err = h.people(r, s.Filter, r.URL.Query().Get("cursor"), 40); err != nil {
		return err
	}
	if next != "" {
		d.Older = d.Path + "?cursor=" + url.QueryEscape(next)
	}
	d.Title, d.Nav = s.Name, "contacts"
	return h.shows.Render(w, r, http.StatusOK, d)
}

func (h *Handler) people(r *web.Request, f segment.Filter, cursor string, n int) (all []person, next string, err error) {
	found, next, err := h.o.Segments.People(r.Context(), r.Actor(), f, cursor, n)
	for _, c := range found {
		all = append(all, person{c, assets.FaceOf(c.ID.String(), c.Label()), "/app/contacts/" + c.ID.String()})
	}
	return all, next, err
}
