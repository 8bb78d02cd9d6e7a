// Package rosterweb is where a list of people is brought in: the file is given, its columns and the first ten people are shown, a job brings them in, and
// the report says what came and what did not, which can be taken along, mended and given again.
package rosterweb

import (
	"bytes"
	"context"
	"embed"
	"io"
	"net/http"
	"strconv"
	"time"

	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/fact"
	"causerie/internal/feature/roster"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

//go:embed *.tmpl *.json
var files embed.FS

// Bundle is the folder of these pages.
var Bundle = web.Bundle{Name: "rosterweb", Side: web.Work, Files: files}

// Path is where one begins.
const Path = "/app/imports"

// Handler answers for these pages.
type Handler struct {
	lists    *roster.Service
	houses   *house.Service
	contacts *contact.Service
	catalog  *i18n.Catalog

	giveView   *web.View[givePage]
	lookView   *web.View[lookPage]
	reportView *web.View[reportPage]
}

// New returns the pages.
func New(k *web.Kit, lists *roster.Service, houses *house.Service, contacts *contact.Service) *Handler {
	return &Handler{lists: lists, houses: houses, contacts: contacts, catalog: k.Catalog(), giveView: web.NewView[givePage](k, Bundle, "give.tmpl", "work"),
		lookView: web.NewView[lookPage](k, Bundle, "look.tmpl", "work"), reportView: web.NewView[reportPage](k, Bundle, "report.tmpl", "work")}
}

// Routes returns the addresses of these pages.
func (h *Handler) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET " + Path, Access: web.Editors, Handle: h.give},
		{Pattern: "POST " + Path, Access: web.Editors, MaxBody: roster.MaxUpload + 1<<20, Timeout: 2 * time.Minute, Handle: h.take},
		{Pattern: "GET " + Path + "/{id}", Access: web.Editors, Handle: h.show},
		{Pattern: "POST " + Path + "/{id}", Access: web.Editors, Handle: h.start},
		{Pattern: "GET " + Path + "/{id}/refused", Access: web.Editors, Handle: h.refused},
		{Pattern: "GET /app/exports/people.csv", Access: web.Editors, Timeout: exportTime, Handle: h.export("text/csv; charset=utf-8", "people.csv", h.lists.Table)},
		{Pattern: "GET /app/exports/people.vcf", Access: web.Editors, Timeout: exportTime, Handle: h.export("text/vcard; charset=utf-8", "people.vcf", h.lists.Cards)},
	}
}

// givePage is where a file is given.
type givePage struct {
	web.Page
	Recent []recent
}

type recent struct {
	roster.Upload
	Path string
}

func (h *Handler) give(w http.ResponseWriter, r *web.Request) error { return h.giveAgain(w, r, nil) }

func (h *Handler) giveAgain(w http.ResponseWriter, r *web.Request, f *web.Form) error {
	all, err := h.lists.Uploads(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	d := givePage{}
	for _, u := range all {
		d.Recent = append(d.Recent, recent{u, Path + "/" + u.ID.String()})
	}
	status := http.StatusOK
	if f != nil {
		status = http.StatusUnprocessableEntity
	}
	d.Title, d.Nav, d.Form = r.T("roster.title"), "contacts", f
	return h.giveView.Render(w, r, status, d)
}

func (h *Handler) take(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	file, head, err := f.File("file")
	var id fact.ImportID
	if err == nil {
		defer file.Close()
		id, err = h.lists.Keep(r.Context(), r.Actor(), head.Filename, file)
	}
	if err == nil {
		return r.Redirect(w, "", Path+"/"+id.String())
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.giveAgain(w, r, f)
}

// lookPage shows what a file is, and asks on what one may write to its people.
type lookPage struct {
	web.Page
	U         roster.Upload
	L         roster.Layout
	Path      string
	Columns   []column
	Fields    []roster.Field
	Own       []ownColumn // the fields of the house
	NewOwn    bool        // a column may become one
	Bases     []string
	Countries []string
	Country   string
	Left      int // how many of the first ten had left
}

// column is one of the table, with what it says.
type column struct {
	Name    string
	Input   string // the name of its field in the form
	Field   roster.Field
	Example string
}

// ownColumn is a field of the house, which a column may hold.
type ownColumn struct {
	Value roster.Field
	Name  string
}

// reportPage says how far it is, or what came of it.
type reportPage struct {
	web.Page
	U     roster.Upload
	Path  string
	Lines []string
}

func pathID(r *web.Request) (fact.ImportID, error) {
	id, err := fact.Parse[fact.ImportID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("import")
	}
	return id, nil
}

func (h *Handler) show(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	return h.again(w, r, id, nil)
}

// again shows where a list stands, with a choice that could not be taken if there is one.
func (h *Handler) again(w http.ResponseWriter, r *web.Request, id fact.ImportID, f *web.Form) error {
	u, l, err := h.lists.Upload(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	path := Path + "/" + id.String()
	if u.State != roster.Waiting {
		d := reportPage{U: u, Path: path}
		if u.State != roster.Running {
			d.Lines = u.Report.Lines(h.catalog, r.Lang())
		}
		d.Title, d.Nav = r.T("roster.title"), "contacts"
		return h.reportView.Render(w, r, http.StatusOK, d)
	}
	hs, err := h.houses.Get(r.Context())
	if err != nil {
		return err
	}
	d := lookPage{U: u, L: l, Path: path, Fields: roster.Fields(), Bases: consent.Bases(), Countries: house.Countries(), Country: hs.Country}
	fields, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	for _, own := range contact.Asked(fields) {
		d.Own = append(d.Own, ownColumn{roster.Own(own.ID), own.Name})
	}
	d.NewOwn = l.Headed && r.Actor().On(0) >= actor.Owner
	status := http.StatusOK
	if f == nil {
		f = web.NewForm(map[string]string{})
	} else {
		status = http.StatusUnprocessableEntity
		d.Country = f.Text("jurisdiction")
	}
	for i, field := range l.Fields {
		c := column{Input: "column" + strconv.Itoa(i), Field: field}
		if l.Headed && i < len(l.Columns) {
			c.Name = l.Columns[i]
		}
		if f.Has(c.Input) {
			c.Field = roster.Field(f.Text(c.Input))
		}
		for _, p := range l.First {
			if i < len(p.Row) && c.Example == "" {
				c.Example = p.Row[i]
			}
		}
		d.Columns = append(d.Columns, c)
	}
	for _, p := range l.First {
		if p.State == roster.Left || p.State == roster.Unreached {
			d.Left++
		}
	}
	d.Title, d.Nav, d.Form = r.T("roster.title"), "contacts", f
	return h.lookView.Render(w, r, status, d)
}

func (h *Handler) start(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	c := roster.Choice{Basis: f.Text("basis"), Jurisdiction: f.Text("jurisdiction"), Wording: f.Text("wording"), Source: f.Text("source"), Theme: f.Text("theme")}
	for i := 0; f.Has("column" + strconv.Itoa(i)); i++ {
		c.Fields = append(c.Fields, roster.Field(f.Text("column"+strconv.Itoa(i))))
	}
	if err = h.lists.Start(r.Context(), r.Actor(), id, c); err == nil {
		return r.Redirect(w, "", Path+"/"+id.String())
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.again(w, r, id, f)
}

// refused gives the rows that did not come as a table.
func (h *Handler) refused(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	u, _, err := h.lists.Upload(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if len(u.Refused) == 0 {
		return fault.NotFound("import")
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="refus.csv"`)
	write, flush := roster.Refusals(w, h.catalog, r.Lang())
	for _, one := range u.Refused {
		if write(one) != nil {
			return nil // the reader left
		}
	}
	_ = flush() // so did they
	return nil
}

// exportTime is how long it may take to write everybody.
const exportTime = 5 * time.Minute

// export gives everybody as a file, which is whole before any of it is sent.
func (h *Handler) export(kind, name string, write func(context.Context, actor.Actor, roster.People, io.Writer) error) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		var file bytes.Buffer
		if err := write(r.Context(), r.Actor(), h.lists.Everybody(r.Actor()), &file); err != nil {
			return err
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		_, _ = file.WriteTo(w) // the reader left
		return nil
	}
}
