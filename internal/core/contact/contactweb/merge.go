package contactweb

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/timeline"
)

// mergePage shows what two contacts would be as one person, before it is done.
type mergePage struct {
	web.Page
	Keep, Gone row
	Rows       []choiceRow
	Both       []contact.Handle
	Adds       []tally
	Swap       string // the same page with the other one kept
}

// choiceRow is a property in which the two differ, or which one of them has.
type choiceRow struct {
	Name, Label, Keep, Gone string
	Clash                   bool // both say something, and not the same: one has to be chosen
	Both                    bool // of the note: one behind the other
}

// tally is how many of something each has.
type tally struct {
	Key        string
	Keep, Gone int
}

// mergeAsk shows the preview.
func (h *Handler) mergeAsk(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("other") == "" { // nobody was chosen yet
		return r.Redirect(w, "", path(id))
	}
	other, err := otherID(r.URL.Query().Get("other"))
	if err != nil {
		return err
	}
	keep, err := h.contacts.Get(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	gone, err := h.contacts.Get(r.Context(), r.Actor(), other)
	if err != nil {
		return err
	}
	if keep.ID == gone.ID {
		return r.Redirect(w, "", path(keep.ID))
	}
	fields, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	d := mergePage{Keep: rowOf(keep), Gone: rowOf(gone), Both: slices.Concat(keep.Handles, gone.Handles),
		Swap: path(gone.ID) + "/merge?" + url.Values{"other": {keep.ID.String()}}.Encode()}
	add := func(name, label, a, b string) {
		if a != "" || b != "" {
			d.Rows = append(d.Rows, choiceRow{Name: name, Label: label, Keep: a, Gone: b, Clash: a != "" && b != "" && a != b, Both: name == "note"})
		}
	}
	add("name", r.T("contact.name"), keep.Name, gone.Name)
	add("company", r.T("contact.company"), keep.Company, gone.Company)
	add("role", r.T("contact.role"), keep.Role, gone.Role)
	add("place", r.T("contact.place"), keep.Place, gone.Place)
	add("lang", r.T("contact.lang"), r.T("contact.lang_"+keep.Lang), r.T("contact.lang_"+gone.Lang))
	for _, f := range contact.Asked(fields) {
		add(f.Input(), f.Name, f.Shown(keep.In(f.ID), r.Lang()), f.Shown(gone.In(f.ID), r.Lang()))
	}
	add("note", r.T("contact.note"), keep.Note, gone.Note)
	mine, err := h.timeline.Holds(r.Context(), r.Actor(), keep.ID)
	if err != nil {
		return err
	}
	theirs, err := h.timeline.Holds(r.Context(), r.Actor(), gone.ID)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		key string
		of  func(timeline.Held) int
	}{{"messages", func(x timeline.Held) int { return x.Messages }}, {"mandates", func(x timeline.Held) int { return x.Mandates }},
		{"calls", func(x timeline.Held) int { return x.Calls }}, {"consents", func(x timeline.Held) int { return x.Consents }},
		{"subscribers", func(x timeline.Held) int { return x.Subscribers }}} {
		if n, m := one.of(mine), one.of(theirs); n+m > 0 {
			d.Adds = append(d.Adds, tally{"contact.adds_" + one.key, n, m})
		}
	}
	d.Title, d.Nav = r.T("contact.merge_title"), "contacts"
	return h.mergeView.Render(w, r, http.StatusOK, d)
}

func rowOf(c contact.Contact) row {
	return row{c, assets.FaceOf(c.ID.String(), c.Label()), path(c.ID)}
}

func otherID(s string) (fact.ContactID, error) {
	id, err := fact.Parse[fact.ContactID](s)
	if err != nil || id.IsZero() {
		return 0, fault.NotFound("contact")
	}
	return id, nil
}

// merge makes the person who was chosen an alias of the one of the address, with what comes from whom.
func (h *Handler) merge(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	gone, err := otherID(f.Text("other"))
	if err != nil {
		return err
	}
	from := contact.Choices{}
	for name := range f.Values() {
		if v := f.Text(name); v == contact.OfKept || v == contact.OfGone || v == contact.OfBoth {
			from[name] = v
		}
	}
	if err := h.contacts.MergeAs(r.Context(), r.Actor(), id, gone, from); err != nil {
		return err
	}
	return r.Redirect(w, "contact.merged", path(id))
}

// partPage says what goes back and what stays, before two are parted.
type partPage struct {
	web.Page
	C    contact.Contact // who is kept
	Was  contact.Contact // who would be there again
	At   time.Time
	Path string
	Goes []tally
}

func (h *Handler) partAsk(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	gone, err := otherID(r.URL.Query().Get("other"))
	if err != nil {
		return err
	}
	d := partPage{}
	if d.C, err = h.contacts.Get(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	p, err := h.contacts.PartingOf(r.Context(), r.Actor(), gone)
	if err != nil {
		return err
	}
	d.Was, d.At, d.Path = p.Was, p.At, path(d.C.ID)
	for _, kind := range []string{"handle", "message", "mandate", "subscriber", "delivery"} {
		if n := p.Rows[kind]; n > 0 {
			d.Goes = append(d.Goes, tally{Key: "contact.goes_" + kind, Keep: n})
		}
	}
	d.Title, d.Nav = r.T("contact.part_title"), "contacts"
	return h.partView.Render(w, r, http.StatusOK, d)
}

func (h *Handler) part(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	gone, err := otherID(f.Text("other"))
	if err != nil {
		return err
	}
	if _, err := h.contacts.Part(r.Context(), r.Actor(), gone); err != nil {
		return err
	}
	return r.Redirect(w, "contact.parted", path(gone))
}

// pairsPage lists contacts that look like one person.
type pairsPage struct {
	web.Page
	Pairs []pairRow
	Older string
}

type pairRow struct {
	A, B row
	Why  string
}

func (h *Handler) pairs(w http.ResponseWriter, r *web.Request) error {
	found, next, err := h.contacts.Pairs(r.Context(), r.Actor(), r.URL.Query().Get("cursor"), 20)
	if err != nil {
		return err
	}
	d := pairsPage{}
	for _, p := range found {
		d.Pairs = append(d.Pairs, pairRow{rowOf(p.A), rowOf(p.B), p.Why})
	}
	if next != "" {
		d.Older = "/app/contacts/pairs?" + url.Values{"cursor": {next}}.Encode()
	}
	d.Title, d.Nav = r.T("contact.pairs"), "contacts"
	return h.pairsView.Render(w, r, http.StatusOK, d)
}

func (h *Handler) dismiss(w http.ResponseWriter, r *web.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	a, err := otherID(f.Text("a"))
	if err != nil {
		return err
	}
	b, err := otherID(f.Text("b"))
	if err != nil {
		return err
	}
	if err := h.contacts.Dismiss(r.Context(), r.Actor(), a, b); err != nil {
		return err
	}
	return r.Redirect(w, "contact.pair_dismissed", "/app/contacts/pairs")
}
