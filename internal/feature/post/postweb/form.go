package postweb

import (
	"maps"
	"strconv"
	"strings"

	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/platform/web"
)

// keptFields are the fields of the writing page that a kept draft holds: all that is written, not where.
func keptFields() []string {
	names := []string{"section", "tags", "cover", "schedule"}
	for _, one := range post.Properties() {
		if one.Name != "kind" {
			names = append(names, one.Name)
		}
	}
	return names
}

// valuesOf is what the writing page shows of p.
func valuesOf(p post.Post) map[string]string {
	values := map[string]string{
		"voice": p.Voice.String(), "section": p.Section, "tags": p.TagNames(), "cover": p.Cover.String(), "schedule": p.Schedule,
		"version": strconv.Itoa(p.Version),
	}
	for _, one := range post.Properties() {
		values[one.Name] = *one.Of(&p.Input)
	}
	return values
}

// typed is what the form holds of the fields that a kept draft keeps.
func typed(f *web.Form) map[string]string {
	kept := map[string]string{}
	for _, name := range keptFields() {
		if f.Has(name) {
			kept[name] = f.Text(name)
		}
	}
	return kept
}

// with returns base with some values replaced.
func with(base, over map[string]string) map[string]string {
	m := maps.Clone(base)
	maps.Copy(m, over)
	return m
}

// patchOf reads the form. A field that was not sent stays as it is.
func patchOf(f *web.Form) post.Patch {
	text := func(name string) *string {
		if !f.Has(name) {
			return nil
		}
		s := f.Text(name)
		return &s
	}
	in := post.Patch{Section: text("section")}
	for _, one := range post.Properties() {
		*one.In(&in) = text(one.Name)
	}
	if f.Has("voice") {
		v := web.FormID[struct{}](f, "voice")
		id := fact.VoiceID(v)
		in.Voice = &id
	}
	if f.Has("tags") {
		tags := post.TagsOf(f.Text("tags"))
		in.Tags = &tags
	}
	if f.Has("cover") {
		c := fact.MediaID(web.FormID[struct{}](f, "cover"))
		if f.Bool("cover_remove") {
			c = 0
		}
		in.Cover = &c
	}
	return in
}

// words is the part of a patch that is saved while one types: a section, a tag, an address are made only on purpose.
func words(in post.Patch) post.Patch {
	in.Section, in.Tags, in.Slug, in.Voice, in.Kind = nil, nil, nil, nil, nil
	return in
}

// same reports whether p already says what the form does: then a save that came twice is no conflict.
func same(p post.Post, f *web.Form) bool {
	for name, now := range valuesOf(p) {
		if name == "version" || name == "schedule" || !f.Has(name) {
			continue
		}
		if strings.TrimSpace(now) != f.Text(name) {
			return false
		}
	}
	return true
}
