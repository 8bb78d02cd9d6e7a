// Package segmentweb is where people who have something in common are gathered: the filter is chosen, counted at once, explained and kept under
// a name. A segment shows its first people, is taken along as a table or as cards, and is whom a letter goes to.
//
// To count is a question: the form asks it by GET of its own address, so that a count can be gone back to and changes nothing.
package segmentweb

import (
	"bytes"
	"context"
	"embed"
	"io"
	"net/http"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/feature/roster"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
	"causerie/internal/platform/web"
	"causerie/internal/view/segment"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "segmentweb", Side: web.Work, Files: files}

// Path is where one begins.
const Path = "/app/segments"

// Options are what the pages need, all of them.
type Options struct {
	Kit      *web.Kit
	Segments *segment.View
	Contacts *contact.Service
	Voices   *voice.Service
	Posts    *post.Service
	Roster   *roster.Service
}

// Handler answers for these pages.
type Handler struct {
	o     Options
	lists *web.View[listPage]
	forms *web.View[formPage]
	shows *web.View[showPage]
}

// New returns the pages.
func New(o Options) *Handler {
	return &Handler{o: o, lists: web.NewView[listPage](o.Kit, Bundle, "list.tmpl", "work"), forms: web.NewView[formPage](o.Kit, Bundle, "form.tmpl", "work"),
		shows: web.NewView[showPage](o.Kit, Bundle, "show.tmpl", "work")}
}

// exportTime is how long it may take to write all people of a segment.
const exportTime = 5 * time.Minute

// Routes returns the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + Path, Access: web.Editors, Handle: h.list},
		{Pattern: "POST " + Path, Access: web.Editors, Once: true, Handle: h.create},
		{Pattern: "GET " + Path + "/new", Access: web.Editors, Handle: h.blank},
		{Pattern: "GET " + Path + "/{id}", Access: web.Editors, Handle: h.show},
		{Pattern: "POST " + Path + "/{id}", Access: web.Editors, Handle: h.change},
		{Pattern: "GET " + Path + "/{id}/edit", Access: web.Editors, Handle: h.edit},
		{Pattern: "POST " + Path + "/{id}/delete", Access: web.Editors, Handle: h.delete},
		{Pattern: "GET " + Path + "/{id}/people.csv", Access: web.Editors, Timeout: exportTime, Handle: h.export("text/csv; charset=utf-8", ".csv", h.o.Roster.Table)},
		{Pattern: "GET " + Path + "/{id}/people.vcf", Access: web.Editors, Timeout: exportTime, Handle: h.export("text/vcard; charset=utf-8", ".vcf", h.o.Roster.Cards)},
	}
}

func path(id fact.SegmentID) string { return Path + "/" + id.String() }

// segmentOf reads the segment of an address.
func (h *Handler) segmentOf(r *web.Request) (segment.Segment, error) {
	id, err := fact.Parse[fact.SegmentID](r.PathValue("id"))
	if err != nil {
		return segment.Segment{}, fault.NotFound("segment")
	}
	return h.o.Segments.Get(r.Context(), r.Actor(), id)
}

func (h *Handler) delete(w http.ResponseWriter, r *web.Request) error {
	s, err := h.segmentOf(r)
	if err != nil {
		return err
	}
	if err := h.o.Segments.Delete(r.Context(), r.Actor(), s.ID); err != nil {
		return err
	}
	return r.Redirect(w, "segment.deleted", Path)
}

// export gives the people of a segment as a file, which is whole before any of it is sent.
func (h *Handler) export(kind, ending string, write func(context.Context, actor.Actor, roster.People, io.Writer) error) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		s, err := h.segmentOf(r)
		if err != nil {
			return err
		}
		people := func(ctx context.Context, cursor string) ([]contact.Contact, string, error) {
			return h.o.Segments.People(ctx, r.Actor(), s.Filter, cursor, 100)
		}
		var file bytes.Buffer
		if err := write(r.Context(), r.Actor(), people, &file); err != nil {
			return err
		}
		name := text.Slug(s.Name)
		if name == "" {
			name = "people"
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+ending+`"`)
		_, _ = file.WriteTo(w) // the reader left
		return nil
	}
}
