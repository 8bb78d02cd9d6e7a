// Package consentweb is where one sees why the house may write to somebody, or may not: a sheet that proves it, to read, to print and
// to hand over, and the two forms that add to it. Nothing on it is ever changed or taken away.
package consentweb

import (
	"embed"
	"net/http"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "consentweb", Side: web.Work, Files: files}

// Handler answers for these pages.
type Handler struct {
	consents *consent.Service
	contacts *contact.Service
	houses   *house.Service
	view     *web.View[sheet]
}

// New returns the pages.
func New(k *web.Kit, s *consent.Service, c *contact.Service, h *house.Service) *Handler {
	return &Handler{consents: s, contacts: c, houses: h, view: web.NewView[sheet](k, Bundle, "sheet.tmpl", "work")}
}

// Routes returns the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /app/contacts/{id}/consents", Access: web.Authors, Handle: h.show},
		{Pattern: "POST /app/contacts/{id}/consents", Access: web.Authors, Once: true, Handle: h.record},
		{Pattern: "POST /app/contacts/{id}/consents/function", Access: web.Authors, Once: true, Handle: h.function},
		{Pattern: "POST /app/contacts/{id}/consents/stop", Access: web.Authors, Once: true, Handle: h.stop},
	}
}

// sheet is what proves that one may write to somebody.
type sheet struct {
	web.Page
	C           contact.Contact
	Path        string // of the person
	House       house.House
	Standings   []standing
	Rows        []row
	Purposes    []string
	Bases       []string
	Countries   []string
	Country     string    // whose law the form proposes
	Add, Stop   *web.Form // what could not be taken; nil mostly
	Four        []consent.Condition
	Lacks       bool            // one of Four is missing, and somebody asks for it
	Last        consent.Consent // on the ground of their function, the last
	Function    *web.Form       // what could not be taken of it; nil mostly
	FunctionFor map[string]bool
	Ticked      map[string]bool
	Today       clock.Day
}

// standing is what holds for one purpose.
type standing struct {
	Purpose string
	consent.Standing
}

// row is one piece of evidence.
type row struct {
	consent.Consent
	Address string // for which address it was given, as far as it is still theirs
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	return h.again(w, r, id, forms{})
}

// forms are those of the sheet; one of them, if any, could not be taken.
type forms struct{ add, stop, function *web.Form }

// again shows the sheet, with the form that could not be taken if there is one.
func (h *Handler) again(w http.ResponseWriter, r *web.Request, id fact.ContactID, f forms) error {
	d := sheet{Add: f.add, Stop: f.stop, Function: f.function, Purposes: consent.Purposes(), Bases: others, Countries: house.Countries(),
		Ticked: map[string]bool{}, FunctionFor: map[string]bool{}, Today: clock.DayOf(r.Now(), r.Zone())}
	var err error
	if d.C, err = h.contacts.Get(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	d.Path = "/app/contacts/" + d.C.ID.String()
	if d.C.ID != id && f == (forms{}) {
		return r.Redirect(w, "", d.Path+"/consents")
	}
	if d.House, err = h.houses.Get(r.Context()); err != nil {
		return err
	}
	holds, err := h.consents.Standings(r.Context(), r.Actor(), d.C.ID, contact.Email)
	if err != nil {
		return err
	}
	for _, p := range d.Purposes {
		d.Standings = append(d.Standings, standing{p, holds[p]})
	}
	all, err := h.consents.Of(r.Context(), r.Actor(), d.C.ID)
	if err != nil {
		return err
	}
	for _, c := range all {
		one := row{Consent: c}
		for _, a := range d.C.Handles {
			if h.consents.IsFor(c, a) {
				one.Address = a.Value
			}
		}
		d.Rows = append(d.Rows, one)
	}
	d.fillFunction(r, all)
	status := http.StatusOK
	d.Country = d.House.Country
	if f.add != nil {
		d.Country = f.add.Text("jurisdiction")
		for _, p := range f.add.All("purpose") {
			d.Ticked[p] = true
		}
	}
	if f != (forms{}) {
		status = http.StatusUnprocessableEntity
	}
	d.Title, d.Nav = r.T("consent.title", d.C.Label()), "contacts"
	return h.view.Render(w, r, status, d)
}

// filled is the person whose sheet a form is on, and what was filled in.
func (h *Handler) filled(r *web.Request) (c contact.Contact, f *web.Form, err error) {
	id, err := pathID(r)
	if err != nil {
		return c, nil, err
	}
	if f, err = r.Form(); err != nil {
		return c, nil, err
	}
	c, err = h.contacts.Get(r.Context(), r.Actor(), id)
	return c, f, err
}

// record adds what somebody agreed to, or on what other ground one may write to them: one row for each purpose that is ticked.
func (h *Handler) record(w http.ResponseWriter, r *web.Request) error {
	c, f, err := h.filled(r)
	if err != nil {
		return err
	}
	e := consent.Evidence{Basis: f.Text("basis"), Jurisdiction: f.Text("jurisdiction"), Wording: f.Text("wording"), Lang: c.Lang,
		Source: f.Text("source"), At: instantOf(r, f, "at")}
	if e.Basis == consent.Function {
		e.Theme, e.Informed = f.Text("theme"), toldOn(r, f)
	}
	var all []consent.Evidence
	for _, purpose := range f.All("purpose") {
		e.Purpose = purpose
		all = append(all, e)
	}
	if len(all) == 0 {
		f.Problem("purpose", "required")
	}
	f.Require("basis")
	if !f.Problems.Any() {
		if err := h.consents.RecordEach(r.Context(), r.Actor(), c.ID, all); err == nil {
			return r.Redirect(w, "consent.recorded", "/app/contacts/"+c.ID.String()+"/consents")
		} else if !f.AddProblems(err) {
			return err
		}
	}
	return h.again(w, r, c.ID, forms{add: f})
}

// stop adds that somebody wants no more.
func (h *Handler) stop(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	e := consent.Evidence{Basis: f.Text("stop"), Purpose: f.Text("of"), Source: f.Text("stop_source"), At: instantOf(r, f, "stop_at")}
	if e.Basis != consent.Objection {
		e.Basis = consent.Withdrawal
	}
	if !f.Problems.Any() {
		_, err := h.consents.Record(r.Context(), r.Actor(), id, e)
		if err == nil {
			return r.Redirect(w, "consent.stopped", "/app/contacts/"+id.String()+"/consents")
		}
		problems := fault.ProblemsOf(err)
		if len(problems) == 0 {
			return err
		}
		for _, p := range problems { // its fields have names of their own on a page that has two forms
			f.Problem("stop_"+p.Field, p.Code, p.Args...)
		}
	}
	return h.again(w, r, id, forms{stop: f})
}

// instantOf reads the day of a field as its beginning in the zone of the house; of today, and of none, it is the zero time, which is now.
func instantOf(r *web.Request, f *web.Form, name string) time.Time {
	day := f.Day(name)
	if day.IsZero() || day == clock.DayOf(r.Now(), r.Zone()) {
		return time.Time{}
	}
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, r.Zone())
}

// pathID reads the person of an address.
func pathID(r *web.Request) (fact.ContactID, error) {
	id, err := fact.Parse[fact.ContactID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("contact")
	}
	return id, nil
}
