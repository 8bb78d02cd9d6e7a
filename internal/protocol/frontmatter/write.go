package frontmatter

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Write returns the file that says m and body: our fields in a fixed order, then Extra by name, so that the same post is
// the same file. Without anything to say there is no head. A value of Extra that YAML cannot write is an error; a key of
// Extra that is one of our fields is left out.
func Write(m Meta, body string) ([]byte, error) {
	top := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	put := func(name string, v *yaml.Node) {
		top.Content = append(top.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, v)
	}
	text := func(name, value string) {
		if value != "" {
			put(name, quoted(value))
		}
	}
	text("title", m.Title)
	text("slug", m.Slug)
	if !m.Date.IsZero() {
		put("date", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: m.Date.String()})
	}
	text("voice", m.Voice)
	text("kind", m.Kind)
	text("lang", m.Lang)
	text("section", m.Section)
	if len(m.Tags) > 0 {
		tags := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
		for _, t := range m.Tags {
			tags.Content = append(tags.Content, quoted(t))
		}
		put("tags", tags)
	}
	text("summary", m.Summary)
	text("cover", m.Cover)
	text("cover_alt", m.CoverAlt)
	if m.Draft {
		put("draft", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
	}
	for _, name := range slices.Sorted(maps.Keys(m.Extra)) {
		if slices.Contains(ours, name) {
			continue
		}
		var v yaml.Node
		if err := v.Encode(m.Extra[name]); err != nil {
			return nil, fmt.Errorf("frontmatter: field %s: %w", name, err)
		}
		top.Content = append(top.Content, quoted(name), &v)
	}

	var b bytes.Buffer
	if len(top.Content) == 0 {
		if first, _, _ := strings.Cut(body, "\n"); strings.TrimRight(first, " \t\r") != "---" {
			return []byte(body), nil
		}
	}
	b.WriteString("---\n")
	if len(top.Content) > 0 {
		enc := yaml.NewEncoder(&b)
		enc.SetIndent(2)
		if err := enc.Encode(top); err != nil {
			return nil, fmt.Errorf("frontmatter: %w", err)
		}
		if err := enc.Close(); err != nil {
			return nil, fmt.Errorf("frontmatter: %w", err)
		}
	}
	b.WriteString("---\n\n")
	b.WriteString(body)
	return b.Bytes(), nil
}

var ours = []string{"title", "slug", "date", "voice", "kind", "lang", "section", "tags", "summary", "cover", "cover_alt", "draft"}

// quoted is a text that YAML will read as text again: "yes", "1.10" and "2026-03-09" get quotes.
func quoted(s string) *yaml.Node {
	var n yaml.Node
	n.SetString(s)
	return &n
}
