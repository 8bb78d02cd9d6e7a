package segmentweb

import (
	"net/http"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/segment"
)

// formPage is the form of a filter, with whom it finds.
type formPage struct {
	web.Page
	world
	S        segment.Segment
	Path     string // "" of a new one
	Here     string // where it is counted
	Stages   []string
	Langs    []string
	Origins  []string
	Bases    []string
	Counted  bool // the filter can be read
	Says     []string
	Audience segment.Audience
	People   []person // a few of them
}

func (h *Handler) blank(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	return h.formAgain(w, r, segment.Segment{}, f)
}

// edit shows the filter of a segment, or the one that somebody tries.
func (h *Handler) edit(w http.ResponseWriter, r *web.Request) error {
	s, err := h.segmentOf(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	if !f.Has("name") {
		f = valuesOf(s)
	}
	return h.formAgain(w, r, s, f)
}

func (h *Handler) create(w http.ResponseWriter, r *web.Request) error {
	return h.save(w, r, segment.Segment{})
}

func (h *Handler) change(w http.ResponseWriter, r *web.Request) error {
	s, err := h.segmentOf(r)
	if err != nil {
		return err
	}
	return h.save(w, r, s)
}

func (h *Handler) save(w http.ResponseWriter, r *web.Request, s segment.Segment) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	in, err := h.world(r)
	if err != nil {
		return err
	}
	now := s
	now.Name, now.Filter = f.Text("name"), in.read(f)
	if err = f.Err(); err == nil {
		if now, err = h.o.Segments.Save(r.Context(), r.Actor(), now); err == nil {
			return r.Redirect(w, "segment.saved", path(now.ID))
		}
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.formAgain(w, r, s, f)
}

// formAgain shows the form with what was chosen, and counts it where it can be read.
func (h *Handler) formAgain(w http.ResponseWriter, r *web.Request, s segment.Segment, f *web.Form) error {
	in, err := h.world(r)
	if err != nil {
		return err
	}
	d := formPage{world: in, S: s, Here: Path + "/new", Stages: mandate.Stages(), Origins: segment.Origins()}
	for _, l := range i18n.Langs() {
		d.Langs = append(d.Langs, string(l))
	}
	for _, b := range consent.Bases() {
		if b != consent.Withdrawal && b != consent.Objection {
			d.Bases = append(d.Bases, b)
		}
	}
	d.Title = r.T("segment.new")
	if !s.ID.IsZero() {
		d.Path, d.Here, d.Title = path(s.ID), path(s.ID)+"/edit", s.Name
	}
	status := http.StatusOK
	if f.Problems.Any() {
		status = http.StatusUnprocessableEntity
	}
	tried := *f // a name that is missing keeps nothing from being counted
	tried.Problems = nil
	if filter := in.read(&tried); !tried.Problems.Any() {
		if err = h.count(r, &d, filter); tried.AddProblems(err) {
			err = nil
		}
		if err != nil {
			return err
		}
	}
	if !f.Problems.Any() {
		f.Problems = tried.Problems
	}
	d.Nav, d.Form = "contacts", f
	return h.forms.Render(w, r, status, d)
}

// few is how many people the form shows.
const few = 5

func (h *Handler) count(r *web.Request, d *formPage, f segment.Filter) (err error) {
	if d.Audience, err = h.o.Segments.Explain(r.Context(), r.Actor(), f); err != nil {
		return err
	}
	d.Counted, d.Says = true, d.says(r, f)
	d.People, _, err = h.people(r, f, "", few)
	return err
}

// read reads a filter. Of a text or a choice there is one value, and no range.
func (w world) read(f *web.Form) segment.Filter {
	out := segment.Filter{Voice: idOf[fact.VoiceID](f, "voice"), Section: idOf[fact.SectionID](f, "section"), Stage: f.Text("stage"), Domain: f.Text("domain"),
		Company: f.Text("company"), Place: f.Text("place"), Field: idOf[fact.FieldID](f, "field"), Lang: f.Text("lang"), Origin: f.Text("origin"), Basis: f.Text("basis"),
		LastAfter: f.Day("last_after"), LastBefore: f.Day("last_before")}
	for _, o := range w.Fields {
		if o.ID != out.Field {
			continue
		}
		out.FieldFrom, out.FieldTo = f.Text("field_from"), f.Text("field_to")
		if out.FieldTo == "" && (o.Kind == contact.Text || o.Kind == contact.Choice) {
			out.FieldTo = out.FieldFrom
		}
	}
	return out
}

func idOf[ID ~int64](f *web.Form, name string) ID {
	if f.Text(name) == "" {
		return 0
	}
	id, err := fact.Parse[ID](f.Text(name))
	if err != nil {
		f.Problem(name, "unknown")
	}
	return id
}

// valuesOf is what the form holds of a segment.
func valuesOf(s segment.Segment) *web.Form {
	f := s.Filter
	values := map[string]string{"name": s.Name, "stage": f.Stage, "domain": f.Domain, "company": f.Company, "place": f.Place, "field_from": f.FieldFrom,
		"field_to": f.FieldTo, "lang": f.Lang, "origin": f.Origin, "basis": f.Basis, "last_after": f.LastAfter.String(), "last_before": f.LastBefore.String()}
	if !f.Voice.IsZero() {
		values["voice"] = f.Voice.String()
	}
	if !f.Section.IsZero() {
		values["section"] = f.Section.String()
	}
	if !f.Field.IsZero() {
		values["field"] = f.Field.String()
	}
	return web.NewForm(values)
}
