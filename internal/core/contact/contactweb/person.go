package contactweb

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"causerie/internal/assets"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/suppression"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/timeline"
)

// personPage is somebody, and what happened.
type personPage struct {
	web.Page
	C        contact.Contact
	Path     string
	Email    string
	Handles  []handleRow
	Face     assets.Face
	Story    timeline.Story
	Letter   consent.Standing    // whether the letter may reach them
	Four     []consent.Condition // of who is written to on the ground of their function: how the conditions stand; none of others
	Lacks    bool                // one of them does not hold
	Mandates []mandateRow
	Older    string // of the thread
	First    bool   // the thread is shown from its last moment
	Edit     *web.Form
	Call     *web.Form // of a call that could not be noted; nil mostly
	Langs    []string
	Own      []ownRow         // the fields of the house
	Merges   []contact.Merged // with whom they were merged, and can be parted
	Same     []row            // people who may be the same one
	Search   string           // by which words these were found
	Asked    bool             // somebody typed these words
	Reply    string           // where to answer their last word; "" when there is none on this page
	MayErase bool
	MayCopy  bool
	MayShape bool // the fields of the house
}

// handleRow is a way to reach them, and where a press on it leads.
type handleRow struct {
	contact.Handle
	URL  template.URL             // tel: and mailto: are no addresses that templates trust of themselves
	Dead *suppression.Suppression // it takes no more mail; nil mostly
}

// mandateRow is a mandate with what its line shows.
type mandateRow struct {
	mandate.Mandate
	Path, Amount string
}

// langs are the languages in which one may write to somebody.
func langs() []string {
	var all []string
	for _, l := range i18n.Langs() {
		all = append(all, string(l))
	}
	return all
}

func (h *Handler) person(w http.ResponseWriter, r *web.Request) error { return h.again(w, r, nil, nil) }

// again shows the person of the address, with a form that could not be taken if there is one: of the person, or of a call.
func (h *Handler) again(w http.ResponseWriter, r *web.Request, edit, call *web.Form) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	d := personPage{Edit: edit, Call: call, Langs: langs()}
	if d.C, err = h.contacts.Get(r.Context(), r.Actor(), id); err != nil {
		return err
	}
	if d.C.ID != id && edit == nil && call == nil {
		return r.Redirect(w, "", path(d.C.ID))
	}
	before := r.URL.Query().Get("before")
	if d.Story, err = h.timeline.Story(r.Context(), r.Actor(), d.C.ID, before); err != nil {
		return err
	}
	fields, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	d.Own = ownRows(fields, d.C, r.Lang())
	holds, err := h.consents.Standings(r.Context(), r.Actor(), d.C.ID, contact.Email)
	if err != nil {
		return err
	}
	d.Letter = holds[consent.Letter]
	if err := h.conditions(r, &d, holds); err != nil {
		return err
	}
	if d.Merges, err = h.contacts.Merges(r.Context(), r.Actor(), d.C.ID); err != nil {
		return err
	}
	if err := h.likely(r, &d); err != nil {
		return err
	}
	dead, err := h.suppressed(r, d.C)
	if err != nil {
		return err
	}
	for _, one := range d.C.Handles {
		row := handleRow{Handle: one, URL: template.URL(h.contacts.Link(one))} // made by the channel, from a folded key
		if s, is := dead[one.Value]; is && one.Channel == contact.Email {
			row.Dead = &s
		}
		d.Handles = append(d.Handles, row)
	}
	d.fill(r, before)
	status := http.StatusOK
	if edit != nil || call != nil {
		status = http.StatusUnprocessableEntity
	}
	return h.personView.Render(w, r, status, d)
}

// conditions tells how the conditions of writing to somebody on the ground of their function stand, where something rests on it.
func (h *Handler) conditions(r *web.Request, d *personPage, holds map[string]consent.Standing) error {
	rests := false
	for _, s := range holds {
		rests = rests || s.By.Basis == consent.Function
	}
	if !rests {
		return nil
	}
	rows, err := h.consents.Of(r.Context(), r.Actor(), d.C.ID)
	if err != nil {
		return err
	}
	slices.Reverse(rows)
	d.Four, _, _ = consent.OfFunction(rows, d.C.Role, r.Now(), r.Zone())
	d.Lacks = slices.ContainsFunc(d.Four, func(c consent.Condition) bool { return !c.Met })
	return nil
}

// likely looks for people who may be the same one: those of the same name, or whom somebody searched.
func (h *Handler) likely(r *web.Request, d *personPage) error {
	d.Search = strings.TrimSpace(r.URL.Query().Get("same"))
	if d.Asked = d.Search != ""; !d.Asked {
		d.Search = d.C.Name
	}
	if d.Search == "" {
		return nil
	}
	found, _, err := h.contacts.List(r.Context(), r.Actor(), contact.Filter{Query: d.Search, Limit: 6})
	for _, c := range found {
		if c.ID != d.C.ID {
			d.Same = append(d.Same, row{c, assets.FaceOf(c.ID.String(), c.Label()), path(c.ID)})
		}
	}
	return err
}

// fill makes what the page shows of C and of its story.
func (d *personPage) fill(r *web.Request, before string) {
	d.MayErase, d.MayCopy, d.MayShape = mayErase(r), mayExport(r), mayShape(r)
	for _, it := range d.Story.Items {
		if it.Own() && before == "" {
			d.Reply = it.Path()
			break
		}
	}
	d.Path, d.Email, d.First = path(d.C.ID), d.C.Email(), before == ""
	d.Face = assets.FaceOf(d.C.ID.String(), d.C.Label())
	d.Face.Size = "big"
	for _, m := range d.Story.Mandates {
		row := mandateRow{Mandate: m, Path: "/app/mandates/" + m.ID.String()}
		if m.AmountCents != nil {
			row.Amount = i18n.Money(r.Lang(), *m.AmountCents, m.Currency)
		}
		d.Mandates = append(d.Mandates, row)
	}
	if d.Story.Next != "" {
		d.Older = d.Path + "?" + url.Values{"before": {d.Story.Next}}.Encode()
	}
	if d.Edit == nil {
		known := map[string]string{"name": d.C.Name, "company": d.C.Company, "role": d.C.Role, "place": d.C.Place, "lang": d.C.Lang, "note": d.C.Note}
		for _, f := range d.Own {
			known[f.Input()] = typed(f.Kind, d.C.In(f.ID), r.Lang())
		}
		d.Edit = web.NewForm(known)
	}
	d.Title, d.Nav = d.C.Label(), "contacts"
}

func (h *Handler) change(w http.ResponseWriter, r *web.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	text := func(name string) *string {
		if !f.Has(name) {
			return nil
		}
		s := f.Text(name)
		return &s
	}
	fields, err := h.contacts.Fields(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	c, err := h.contacts.Change(r.Context(), r.Actor(), id, contact.Patch{Name: text("name"), Company: text("company"), Role: text("role"),
		Place: text("place"), Fields: ownOf(f, fields), Lang: text("lang"), Note: text("note"), Email: text("email"), Phone: text("phone")})
	if err == nil {
		return r.Redirect(w, "contact.saved", path(c.ID))
	}
	if !f.AddProblems(err) {
		return err
	}
	return h.again(w, r, f, nil)
}
