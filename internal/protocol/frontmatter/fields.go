package frontmatter

import (
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// read gives every field its meaning. A name of our own wins over the synonyms of other programs, whatever the order.
func read(fields []field) (Meta, error) {
	var m Meta
	byName := make(map[string]*yaml.Node, len(fields))
	for _, f := range fields {
		byName[f.name] = f.value
	}
	used := map[string]bool{}
	var failed error
	// pick takes the first of names that is there and says something.
	pick := func(names ...string) (string, *yaml.Node) {
		for _, name := range names {
			if n := byName[name]; n != nil && !used[name] {
				used[name] = true
				if n.Tag != "!!null" {
					return name, n
				}
			}
		}
		return "", nil
	}
	text := func(into *string, names ...string) {
		name, n := pick(names...)
		if n == nil || failed != nil {
			return
		}
		if n.Kind != yaml.ScalarNode {
			failed = &Error{Line: n.Line, Code: "not_text", Name: name}
			return
		}
		*into = strings.TrimSpace(n.Value)
	}
	text(&m.Title, "title")
	text(&m.Slug, "slug")
	text(&m.Voice, "voice")
	text(&m.Kind, "kind", "type")
	text(&m.Lang, "lang", "language")
	text(&m.CoverAlt, "cover_alt", "image_alt")
	text(&m.Summary, "summary", "description", "excerpt")
	if isText(byName, "cover") || isText(byName, "image") { // Hugo themes put a mapping there: it stays in Extra
		text(&m.Cover, "cover", "image")
	}
	if failed != nil {
		return m, failed
	}
	if name, n := pick("date"); n != nil {
		d, ok := ParseDate(n.Value)
		if n.Kind != yaml.ScalarNode || !ok {
			return m, &Error{Line: n.Line, Code: "not_a_date", Name: name}
		}
		m.Date = d
	}
	if name, n := pick("draft"); n != nil {
		switch strings.ToLower(n.Value) {
		case "true", "yes", "on", "1", "oui":
			m.Draft = true
		case "false", "no", "off", "0", "non", "":
		default:
			return m, &Error{Line: n.Line, Code: "not_a_boolean", Name: name}
		}
	}
	name, n := pick("tags", "tag", "keywords")
	var err error
	if m.Tags, err = list(name, n); err != nil {
		return m, err
	}
	name, n = pick("section", "category", "categories")
	sections, err := list(name, n)
	if err != nil {
		return m, err
	}
	if len(sections) > 0 {
		m.Section = sections[0]
	}
	for _, f := range fields {
		if used[f.name] {
			continue
		}
		var v any
		if err := f.value.Decode(&v); err != nil {
			return m, &Error{Line: f.value.Line, Code: "syntax", Name: f.name, Text: err.Error()}
		}
		if m.Extra == nil {
			m.Extra = map[string]any{}
		}
		m.Extra[f.name] = v
	}
	return m, nil
}

func isText(byName map[string]*yaml.Node, name string) bool {
	n := byName[name]
	return n != nil && n.Kind == yaml.ScalarNode && n.Tag != "!!null"
}

// list reads a YAML list or text with commas.
func list(name string, n *yaml.Node) ([]string, error) {
	if n == nil {
		return nil, nil
	}
	var raw []string
	switch n.Kind {
	case yaml.ScalarNode:
		raw = strings.Split(n.Value, ",")
	case yaml.SequenceNode:
		for _, c := range n.Content {
			if c.Kind != yaml.ScalarNode {
				return nil, &Error{Line: c.Line, Code: "not_text", Name: name}
			}
			if c.Tag != "!!null" {
				raw = append(raw, c.Value)
			}
		}
	default:
		return nil, &Error{Line: n.Line, Code: "not_text", Name: name}
	}
	var out []string
	seen := map[string]bool{}
	for _, s := range raw {
		s = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "#"))
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	if len(out) > maxTags {
		return nil, &Error{Line: n.Line, Code: "too_many", Name: name}
	}
	return out, nil
}

// layouts are the dates that people and other programs write, those with a zone first.
var layouts = []struct {
	layout         string
	time, floating bool
}{
	{time.RFC3339Nano, true, false},
	{"2006-01-02T15:04Z07:00", true, false},
	{"2006-01-02 15:04:05Z07:00", true, false},
	{"2006-01-02 15:04:05 Z07:00", true, false},
	{"2006-01-02 15:04:05 -0700", true, false},
	{"2006-01-02 15:04 -0700", true, false},
	{"2006-01-02T15:04:05-0700", true, false},
	{"2006-01-02T15:04:05", true, true},
	{"2006-01-02T15:04", true, true},
	{"2006-01-02 15:04:05", true, true},
	{"2006-01-02 15:04", true, true},
	{"2006-01-02", false, true},
	{"2006-1-2", false, true},
	{"2006/01/02", false, true},
}

// ParseDate reads an ISO 8601 day or moment, with T or a space, with or without zone. Years outside 1000 to 9999 and
// days written in the order of one country are no dates.
func ParseDate(s string) (Date, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 40 {
		return Date{}, false
	}
	for _, l := range layouts {
		if t, err := time.Parse(l.layout, s); err == nil && t.Year() >= 1000 && t.Year() <= 9999 {
			return Date{Time: t, HasTime: l.time, Floating: l.floating}, true
		}
	}
	return Date{}, false
}
