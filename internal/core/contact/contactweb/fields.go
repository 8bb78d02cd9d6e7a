package contactweb

import (
	"net/http"
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// FieldsPath is the page of the settings where a house says what it wants to know of people besides.
const FieldsPath = "/app/settings/fields"

// fieldsPage is the fields of a house, in their order.
type fieldsPage struct {
	web.Page
	Asked    []fieldRow
	Archived []fieldRow
}

type fieldRow struct {
	contact.Field
	Path  string
	First bool
}

// fieldPage is one field, or a new one.
type fieldPage struct {
	web.Page
	F     contact.Field
	Path  string // "" of a new one
	Kinds []string
}

// mayShape reports whether who asks may say what is asked of people.
func mayShape(r *web.Request) bool { return r.Actor().On(0) >= actor.Owner }

func (h *Handler) fields(w http.ResponseWriter, r *web.Request) error {
	all, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	d := fieldsPage{}
	for _, f := range all {
		row := fieldRow{Field: f, Path: fieldPath(f.ID)}
		if f.Archived() {
			d.Archived = append(d.Archived, row)
			continue
		}
		row.First = len(d.Asked) == 0
		d.Asked = append(d.Asked, row)
	}
	d.Title, d.Nav = r.T("field.title"), "settings"
	return h.fieldsView.Render(w, r, http.StatusOK, d)
}

func fieldPath(id fact.FieldID) string { return FieldsPath + "/" + id.String() }

func pathField(r *web.Request) (fact.FieldID, error) {
	id, err := fact.Parse[fact.FieldID](r.PathValue("id"))
	if err != nil {
		return 0, fault.NotFound("field")
	}
	return id, nil
}

func (h *Handler) newField(w http.ResponseWriter, r *web.Request) error {
	return h.fieldAgain(w, r, contact.Field{}, web.NewForm(map[string]string{"kind": contact.Text}))
}

func (h *Handler) field(w http.ResponseWriter, r *web.Request) error {
	f, err := h.fieldOf(r)
	if err != nil {
		return err
	}
	return h.fieldAgain(w, r, f, web.NewForm(map[string]string{"name": f.Name, "kind": f.Kind, "choices": strings.Join(f.Choices, "\n")}))
}

// fieldOf reads the field of an address.
func (h *Handler) fieldOf(r *web.Request) (contact.Field, error) {
	id, err := pathField(r)
	if err != nil {
		return contact.Field{}, err
	}
	all, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return contact.Field{}, err
	}
	for _, f := range all {
		if f.ID == id {
			return f, nil
		}
	}
	return contact.Field{}, fault.NotFound("field")
}

func (h *Handler) fieldAgain(w http.ResponseWriter, r *web.Request, of contact.Field, f *web.Form) error {
	status := http.StatusOK
	if f.Problems.Any() {
		status = http.StatusUnprocessableEntity
	}
	d := fieldPage{F: of, Kinds: contact.Kinds()}
	d.Title, d.Nav, d.Form = r.T("field.new"), "settings", f
	if !of.ID.IsZero() {
		d.Path, d.Title = fieldPath(of.ID), of.Name
	}
	return h.fieldView.Render(w, r, status, d)
}

func (h *Handler) addField(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	return h.saveField(w, r, f, contact.Field{Kind: f.Text("kind")})
}

func (h *Handler) changeField(w http.ResponseWriter, r *web.Request) error {
	of, err := h.fieldOf(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	return h.saveField(w, r, f, of)
}

func (h *Handler) saveField(w http.ResponseWriter, r *web.Request, f *web.Form, of contact.Field) error {
	now := of
	now.Name, now.Choices = f.Text("name"), strings.Split(f.Text("choices"), "\n")
	_, err := h.contacts.SaveField(r.Context(), r.Actor(), now)
	if err == nil {
		return r.Redirect(w, "field.saved", FieldsPath)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.fieldAgain(w, r, of, f)
}

// archiveField has a field no longer asked, or again.
func (h *Handler) archiveField(w http.ResponseWriter, r *web.Request) error {
	id, err := pathField(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	said := "field.taken_up"
	if !f.Bool("back") {
		said = "field.archived"
	}
	if err := h.contacts.ArchiveField(r.Context(), r.Actor(), id, !f.Bool("back")); err != nil {
		return err
	}
	return r.Redirect(w, said, FieldsPath)
}

// raiseField puts a field one place further up.
func (h *Handler) raiseField(w http.ResponseWriter, r *web.Request) error {
	id, err := pathField(r)
	if err != nil {
		return err
	}
	if err := h.contacts.RaiseField(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	return r.Redirect(w, "", FieldsPath)
}
