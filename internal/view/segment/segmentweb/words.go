package segmentweb

import (
	"cmp"
	"slices"

	"causerie/internal/core/contact"
	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/view/segment"
)

// world is what a filter may name.
type world struct {
	Voices   []voice.Voice
	Sections []section
	Fields   []contact.Field
}

// section is one of a voice.
type section struct {
	post.Section
	VoiceName string
}

func (h *Handler) world(r *web.Request) (w world, err error) {
	if err := r.Actor().Require(actor.Editor, 0); err != nil {
		return w, err
	}
	if w.Voices, err = h.o.Voices.List(r.Context()); err != nil {
		return w, err
	}
	for _, v := range w.Voices { // a house has few
		all, err := h.o.Posts.Sections(r.Context(), r.Actor(), v.ID)
		if err != nil {
			return w, err
		}
		for _, s := range all {
			w.Sections = append(w.Sections, section{s, v.Name})
		}
	}
	fields, err := h.o.Contacts.Fields(r.Context(), r.Actor())
	w.Fields = contact.Asked(fields)
	return w, err
}

// says writes what people of a filter have in common, a phrase for each criterion; what is gone since is named so.
func (w world) says(r *web.Request, f segment.Filter) (all []string) {
	for _, name := range f.Names() {
		key := "segment.says." + name
		switch name {
		case "voice":
			all = append(all, r.T(key, named(r, w.Voices, func(v voice.Voice) (string, bool) { return v.Name, v.ID == f.Voice })))
		case "section":
			all = append(all, r.T(key, named(r, w.Sections, func(s section) (string, bool) { return s.Name, s.ID == f.Section })))
		case "stage":
			all = append(all, r.T(key, r.T("stage."+f.Stage)))
		case "domain":
			all = append(all, r.T(key, f.Domain))
		case "company":
			all = append(all, r.T(key, f.Company))
		case "place":
			all = append(all, r.T(key, f.Place))
		case "field":
			all = append(all, w.field(r, f))
		case "lang":
			all = append(all, r.T(key, r.T("contact.lang_"+f.Lang)))
		case "origin":
			all = append(all, r.T("segment.origin."+f.Origin))
		case "basis":
			all = append(all, r.T(key, r.T("consent.basis."+f.Basis)))
		case "last_after":
			all = append(all, r.T(key, i18n.ShortDay(r.Lang(), f.LastAfter)))
		case "last_before":
			all = append(all, r.T(key, i18n.ShortDay(r.Lang(), f.LastBefore)))
		}
	}
	return all
}

// field says what people have in a field of the house.
func (w world) field(r *web.Request, f segment.Filter) string {
	var field contact.Field
	if i := slices.IndexFunc(w.Fields, func(o contact.Field) bool { return o.ID == f.Field }); i >= 0 {
		field = w.Fields[i]
	}
	name := cmp.Or(field.Name, r.T("segment.says.gone"))
	from, to := field.Shown(f.FieldFrom, r.Lang()), field.Shown(f.FieldTo, r.Lang())
	switch {
	case from == "" && to == "":
		return r.T("segment.says.field", name)
	case from == to:
		return r.T("segment.says.field_is", name, from)
	case to == "":
		return r.T("segment.says.field_from", name, from)
	case from == "":
		return r.T("segment.says.field_to", name, to)
	}
	return r.T("segment.says.field_between", name, from, to)
}

// named returns the name of the one that is meant.
func named[T any](r *web.Request, all []T, is func(T) (string, bool)) string {
	for _, one := range all {
		if name, ok := is(one); ok {
			return name
		}
	}
	return r.T("segment.says.gone")
}
