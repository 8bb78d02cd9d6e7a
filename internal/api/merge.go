package api

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// mergeBody says that two contacts are one person, and what comes from whom.
type mergeBody struct {
	With    opt[string]            `json:"with,omitempty" doc:"id of the other contact, which becomes an alias of this one"`
	Name    opt[string]            `json:"name,omitempty" enum:"kept,gone" doc:"from whom it comes: kept is this contact, gone the other; absent, this one's where it says something"`
	Company opt[string]            `json:"company,omitempty" enum:"kept,gone"`
	Role    opt[string]            `json:"role,omitempty" enum:"kept,gone"`
	Place   opt[string]            `json:"place,omitempty" enum:"kept,gone"`
	Lang    opt[string]            `json:"lang,omitempty" enum:"kept,gone"`
	Note    opt[string]            `json:"note,omitempty" enum:"kept,gone,both" doc:"both when absent"`
	Fields  opt[map[string]string] `json:"fields,omitempty" doc:"kept or gone, by the names of the fields of the house (GET /fields)"`
}

type partBody struct {
	With opt[string] `json:"with,omitempty" doc:"id of the contact that was merged into this one"`
}

type withInput struct {
	ID   string `path:"id"`
	With string `query:"with" doc:"id of the other contact"`
}

// mergePreviewJSON is what two contacts would be as one.
type mergePreviewJSON struct {
	Contact contactJSON  `json:"contact" doc:"the one that is kept, when nothing is chosen"`
	Differ  []differJSON `json:"differ" nullable:"false" doc:"in what both say something, and not the same"`
}

type differJSON struct {
	Property string `json:"property" doc:"name, company, role, place, lang, note, or fields.<name>"`
	Kept     any    `json:"kept"`
	Gone     any    `json:"gone"`
}

// mergedJSON is a contact that was merged into another, and can be parted from it.
type mergedJSON struct {
	Contact string     `json:"contact" doc:"id of the one that went"`
	At      *time.Time `json:"at"`
}

// partPreviewJSON is what goes back when two are parted.
type partPreviewJSON struct {
	Contact contactJSON    `json:"contact" doc:"who is there again, as they were; their addresses come back too"`
	At      *time.Time     `json:"at" doc:"when they were merged"`
	Rows    map[string]int `json:"rows" nullable:"false" doc:"how many handles, messages, mandates, subscribers and deliveries go back, by kind"`
}

func (a *API) mergeRoutes(r *register) {
	read(r, "/contacts/{id}/merge", "previewMerge", a.previewMerge)
	write(r, http.MethodPost, "/contacts/{id}/merge", "mergeContacts", http.StatusOK, a.mergeContacts)
	read(r, "/contacts/{id}/merges", "listMerges", func(c *call, in *callsInput) (page[mergedJSON], error) {
		id, err := parse[fact.ContactID]("contact", in.ID)
		if err != nil {
			return page[mergedJSON]{}, err
		}
		p, err := a.Contacts.Get(c.ctx, c.by, id)
		if err != nil {
			return page[mergedJSON]{}, err
		}
		all, err := a.Contacts.Merges(c.ctx, c.by, p.ID)
		if err != nil {
			return page[mergedJSON]{}, err
		}
		found, next, err := cut(all, in.ListInput, func(m contact.Merged) string { return m.Gone.String() })
		return newPage(found, next, func(m contact.Merged) mergedJSON { return mergedJSON{m.Gone.String(), instant(m.At)} }), err
	})
	read(r, "/contacts/{id}/part", "previewPart", a.previewPart)
	write(r, http.MethodPost, "/contacts/{id}/part", "partContacts", http.StatusOK, a.partContacts)
}

// two reads the contact of the address and the one that is named beside it, for who may look at people.
func two(c *call, id, with string) (keep, gone fact.ContactID, err error) {
	if err := c.by.RequireAnywhere(actor.Author); err != nil {
		return 0, 0, err
	}
	if keep, err = parse[fact.ContactID]("contact", id); err != nil {
		return 0, 0, err
	}
	if with == "" {
		return 0, 0, fault.Invalid("with", "required")
	}
	gone, err = parseParam[fact.ContactID]("with", with)
	return keep, gone, err
}

func (a *API) previewMerge(c *call, in *withInput) (mergePreviewJSON, error) {
	keep, gone, err := two(c, in.ID, in.With)
	if err != nil {
		return mergePreviewJSON{}, err
	}
	merged, err := a.Contacts.MergedAs(c.ctx, c.by, keep, gone, nil)
	if err != nil {
		return mergePreviewJSON{}, err
	}
	k, err := a.Contacts.Get(c.ctx, c.by, keep)
	if err != nil {
		return mergePreviewJSON{}, err
	}
	g, err := a.Contacts.Get(c.ctx, c.by, gone)
	if err != nil {
		return mergePreviewJSON{}, err
	}
	fields, err := a.Contacts.Fields(c.ctx, c.by)
	if err != nil {
		return mergePreviewJSON{}, err
	}
	out := mergePreviewJSON{Contact: showContact(merged, fields), Differ: []differJSON{}}
	differ := func(property, kept, gone string, shown func(string) any) {
		if kept != "" && gone != "" && kept != gone {
			out.Differ = append(out.Differ, differJSON{property, shown(kept), shown(gone)})
		}
	}
	plain := func(s string) any { return s }
	differ("name", k.Name, g.Name, plain)
	differ("company", k.Company, g.Company, plain)
	differ("role", k.Role, g.Role, plain)
	differ("place", k.Place, g.Place, plain)
	differ("lang", k.Lang, g.Lang, plain)
	differ("note", k.Note, g.Note, plain)
	for _, f := range contact.Asked(fields) {
		differ("fields."+f.Name, k.In(f.ID), g.In(f.ID), func(s string) any { return shownValue(f.Kind, s) })
	}
	return out, nil
}

func (a *API) mergeContacts(c *call, in *oneInput, b *mergeBody) (contactJSON, error) {
	keep, gone, err := two(c, in.ID, b.With.V)
	if err != nil {
		return contactJSON{}, err
	}
	from, err := a.choicesOf(c, b)
	if err != nil {
		return contactJSON{}, err
	}
	if err := a.Contacts.MergeAs(c.ctx, c.by, keep, gone, from); err != nil {
		return contactJSON{}, err
	}
	return a.contact(c, keep)
}

// choicesOf reads what comes from whom. Problems are at the properties, and at fields.<name>.
func (a *API) choicesOf(c *call, b *mergeBody) (contact.Choices, error) {
	from, p := contact.Choices{}, fault.Problems(nil)
	choose := func(at, name, given string, more ...string) {
		if given != "" && !slices.Contains(append(more, contact.OfKept, contact.OfGone), given) {
			p.Add(at, "unknown")
		}
		from[name] = given
	}
	choose("name", "name", b.Name.V)
	choose("company", "company", b.Company.V)
	choose("role", "role", b.Role.V)
	choose("place", "place", b.Place.V)
	choose("lang", "lang", b.Lang.V)
	choose("note", "note", b.Note.V, contact.OfBoth)
	if len(b.Fields.V) > maxOwn {
		return nil, fault.Invalid("fields", "too_many", maxOwn)
	}
	fields, err := a.Contacts.Fields(c.ctx, c.by)
	if err != nil {
		return nil, err
	}
	for name, given := range b.Fields.V {
		at := "fields." + text.Clip(name, 80)
		i := slices.IndexFunc(fields, func(f contact.Field) bool { return text.Fold(f.Name) == text.Fold(name) })
		if i < 0 {
			p.Add(at, "unknown")
			continue
		}
		choose(at, fields[i].Input(), given)
	}
	slices.SortStableFunc(p, func(x, y fault.Problem) int { return cmp.Compare(x.Field, y.Field) })
	return from, p.Err()
}

// partingOf returns what would go back; merge.not_found unless the one was merged into the other.
func (a *API) partingOf(c *call, id, with string) (contact.Parting, error) {
	keep, gone, err := two(c, id, with)
	if err != nil {
		return contact.Parting{}, err
	}
	p, err := a.Contacts.PartingOf(c.ctx, c.by, gone)
	if err != nil {
		return p, err
	}
	k, err := a.Contacts.Get(c.ctx, c.by, keep)
	if err != nil {
		return p, err
	}
	now, err := a.Contacts.Get(c.ctx, c.by, gone)
	if err == nil && now.ID != k.ID {
		err = fault.NotFound("merge")
	}
	return p, err
}

func (a *API) previewPart(c *call, in *withInput) (partPreviewJSON, error) {
	p, err := a.partingOf(c, in.ID, in.With)
	if err != nil {
		return partPreviewJSON{}, err
	}
	was, err := a.showOne(c, p.Was)
	return partPreviewJSON{Contact: was, At: instant(p.At), Rows: p.Rows}, err
}

// partContacts answers with the one who is there again.
func (a *API) partContacts(c *call, in *oneInput, b *partBody) (contactJSON, error) {
	p, err := a.partingOf(c, in.ID, b.With.V)
	if err != nil {
		return contactJSON{}, err
	}
	if _, err := a.Contacts.Part(c.ctx, c.by, p.Gone); err != nil {
		return contactJSON{}, err
	}
	return a.contact(c, p.Gone)
}
