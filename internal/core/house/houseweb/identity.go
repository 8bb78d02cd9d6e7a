package houseweb

import (
	"net/http"
	"slices"

	"causerie/internal/core/house"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

type identityPage struct {
	web.Page
	House   house.House
	Parts   []identityPart
	Missing []string // names of the fields that the law still misses
	Refused bool     // opening was just asked for, and refused for these
	Hosts   []house.Host
	Local   string // the address of the house, where no stranger comes; "" when they do
}

// identityPart is a group of lines with one title: "publisher", "host", "privacy".
type identityPart struct {
	Name  string
	Lines []identityLine
}

type identityLine struct {
	Name  string
	Value string
	Why   string // key of the sentence that says why it is asked, with the law
	Free  bool   // the law of the country says nothing of it
	Type  string // of the input; "area" for several lines
	Auto  string
}

// parts is the order in which the lines are filled in.
var parts = []struct {
	name  string
	lines []identityLine
}{
	{"publisher", []identityLine{
		{Name: "address", Type: "area"}, {Name: "phone", Type: "tel", Auto: "tel"}, {Name: "contact_email", Type: "email", Auto: "email"},
		{Name: "opening_hours", Type: "area"},
		{Name: "registration", Type: "text"}, {Name: "publication_director", Type: "text"}}},
	{"host", []identityLine{{Name: "host_name", Type: "text"}, {Name: "host_address", Type: "area"}, {Name: "host_phone", Type: "tel"}}},
	{"privacy", []identityLine{{Name: "privacy_officer", Type: "text"}}},
}

func (h *Handler) showIdentity(w http.ResponseWriter, r *web.Request) error {
	return h.identityForm(w, r, http.StatusOK, nil, false)
}

func (h *Handler) identityForm(w http.ResponseWriter, r *web.Request, status int, f *web.Form, refused bool) error {
	now, err := h.houses.Get(r.Context())
	if err != nil {
		return err
	}
	p := identityPage{
		Page:  web.Page{Title: r.T("house.places.identity"), Nav: "settings", Form: f},
		House: now, Missing: now.Missing(), Refused: refused, Parts: partsOf(now, r.Actor().Name), Hosts: house.Hosts(),
	}
	p.Local = h.local()
	return h.identity.Render(w, r, status, p)
}

// partsOf returns the lines of the identity of h, with why the law of its country asks for them. Who fills them in is the one who
// answers for what is published, until somebody else is named.
func partsOf(h house.House, name string) []identityPart {
	values := map[string]string{}
	for _, f := range h.Identity.Fields() {
		values[f.Name] = *f.Value
	}
	if slices.Contains(h.Missing(), "publication_director") {
		values["publication_director"] = name
	}
	all := make([]identityPart, 0, len(parts))
	for _, p := range parts {
		part := identityPart{Name: p.name}
		for _, l := range p.lines {
			l.Value, l.Why, l.Free = values[l.Name], "identity.why."+l.Name, true
			if slices.Contains(lawful[h.Country], l.Name) {
				l.Why, l.Free = "identity.why."+h.Country+"."+l.Name, false
			}
			part.Lines = append(part.Lines, l)
		}
		all = append(all, part)
	}
	return all
}

// lawful tells for which lines the catalogs have a sentence about the law of a country: those that it asks for, and
// those that it asks of some.
var lawful = map[string][]string{
	"FR": {"address", "phone", "contact_email", "registration", "publication_director", "host_name", "host_address", "host_phone", "privacy_officer"},
	"CA": {"address", "contact_email", "registration", "privacy_officer"},
	"BE": {"address", "contact_email", "registration", "privacy_officer"},
	"CH": {"address", "contact_email", "registration"},
}

// changeIdentity saves the lines and then, when the button said so, opens the house: what was typed is kept even when
// opening is refused.
func (h *Handler) changeIdentity(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	patch := house.Patch{Identity: map[string]string{}}
	for _, field := range (&house.Identity{}).Fields() {
		if f.Has(field.Name) {
			patch.Identity[field.Name] = f.Text(field.Name)
		}
	}
	if known, ok := house.HostNamed(f.Text("host")); ok && (f.Text("fill") != "" || f.Text("host_name") == "") {
		for name, value := range map[string]string{"host_name": known.Name, "host_address": known.Address, "host_phone": known.Phone} {
			patch.Identity[name] = value
		}
	}
	said, opening := "identity.saved", f.Text("public") == "yes"
	_, err = h.houses.Change(r.Context(), r.Actor(), patch)
	if err == nil && opening {
		open := true
		if said = "identity.opened"; h.local() != "" {
			said = "identity.opened_local"
		}
		_, err = h.houses.Change(r.Context(), r.Actor(), house.Patch{Public: &open})
	}
	if err == nil {
		return r.Redirect(w, said, identityPath)
	}
	if isIncomplete(err) {
		f.Problems = append(f.Problems, fault.ProblemsOf(err)...)
		return h.identityForm(w, r, http.StatusUnprocessableEntity, f, opening)
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.identityForm(w, r, http.StatusUnprocessableEntity, f, false)
}

func (h *Handler) close(w http.ResponseWriter, r *web.Request) error {
	open := false
	if _, err := h.houses.Change(r.Context(), r.Actor(), house.Patch{Public: &open}); err != nil {
		return err
	}
	return r.Redirect(w, "identity.closed", identityPath)
}
