// Package frontmatter reads and writes the YAML head of a Markdown file.
//
// It is the form in which people keep posts in a folder, and in which other programs (Hugo, Jekyll, Eleventy, Obsidian)
// hand theirs over: three dashes, fields, three dashes, text. `causerie post` and the importer of Markdown folders read
// it, the export writes it. What is read and written again says the same thing: fields that this package does not know are
// kept in Extra.
//
// The file comes from outside. The head is at most MaxHead bytes, YAML anchors and aliases are refused before anything
// is expanded (a few of them can ask for gigabytes), nesting is bounded, and an error names the line of the file.
// Dates stay as written together with what they mean: a civil date has no instant before somebody says the zone.
package frontmatter

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// MaxHead is the longest head in bytes, between the two lines of dashes.
const MaxHead = 32 << 10

const (
	maxDepth = 20
	maxTags  = 100
)

// Meta is what a head says. The zero value is a file without head.
type Meta struct {
	Title    string
	Slug     string
	Date     Date
	Tags     []string // trimmed, without repetitions, in order; "tag" and "keywords" are read too
	Section  string   // "category" and "categories" are read too, the first one counts
	Voice    string
	Kind     string // "article", "note"...; "type" is read too
	Lang     string // BCP 47; "language" is read too
	Draft    bool
	Cover    string // path or address; "image" is read too
	CoverAlt string // what the picture shows, in words
	Summary  string // "description" and "excerpt" are read too
	Extra    map[string]any
}

// Error is what is wrong with a head, and on which line of the file (from 1).
type Error struct {
	Line int
	Code string // "too_long", "unclosed", "syntax", "alias", "too_deep", "duplicate", "not_a_mapping", "not_text", "not_a_date", "not_a_boolean", "too_many", "not_utf8"
	Name string // the field, where there is one
	Text string // what the YAML reader said, for "syntax"
}

// Error returns the line, the code and the field.
func (e *Error) Error() string {
	return strings.TrimSuffix(fmt.Sprintf("frontmatter: line %d: %s %s", e.Line, strings.TrimSpace(e.Code+" "+e.Name), e.Text), " ")
}

// Parse splits src into what its head says and the text after it. A file that does not begin with a line of three
// dashes has no head, and body is all of it. A byte order mark is dropped and other line ends become line feeds. Every
// error is an *Error.
func Parse(src []byte) (Meta, string, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(src) {
		return Meta{}, "", &Error{Line: lineOfBadByte(src), Code: "not_utf8"}
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(src))
	head, body, err := split(text)
	if err != nil || head == "" {
		return Meta{}, body, err
	}
	fields, err := decode(head)
	if err != nil {
		return Meta{}, "", err
	}
	m, err := read(fields)
	if err != nil {
		return Meta{}, "", err
	}
	return m, body, nil
}

// split finds the two lines of dashes. The head comes with its first line of dashes made blank, so that the lines that
// YAML counts are those of the file.
func split(text string) (head, body string, err error) {
	first, rest, more := strings.Cut(text, "\n")
	if strings.TrimRight(first, " \t") != "---" {
		return "", text, nil
	}
	at := 0
	for more && at <= MaxHead {
		line, _, found := strings.Cut(rest[at:], "\n")
		if t := strings.TrimRight(line, " \t"); t == "---" || t == "..." {
			after := min(at+len(line)+1, len(rest))
			body = strings.TrimPrefix(rest[after:], "\n") // the blank line that people leave
			return "\n" + rest[:at], body, nil
		}
		if !found {
			break
		}
		at += len(line) + 1
	}
	if at > MaxHead {
		return "", "", &Error{Line: 1 + strings.Count(rest[:MaxHead], "\n"), Code: "too_long"}
	}
	if !strings.Contains(first+rest, ":") || !more {
		return "", text, nil // a thematic break in a text without head
	}
	return "", "", &Error{Line: 1, Code: "unclosed"}
}

// field is one pair of the head.
type field struct {
	name  string
	value *yaml.Node
}

// decode reads the head to nodes only: nothing is expanded before aliases are refused.
func decode(head string) ([]field, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(head), &doc); err != nil {
		return nil, syntax(err)
	}
	if doc.Kind == 0 || len(doc.Content) == 0 {
		return nil, nil
	}
	top := doc.Content[0]
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return nil, nil
	}
	if top.Kind != yaml.MappingNode {
		return nil, &Error{Line: top.Line, Code: "not_a_mapping"}
	}
	if err := safe(top, 0); err != nil {
		return nil, err
	}
	var fields []field
	seen := map[string]bool{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key := top.Content[i]
		if seen[key.Value] {
			return nil, &Error{Line: key.Line, Code: "duplicate", Name: key.Value}
		}
		seen[key.Value] = true
		fields = append(fields, field{key.Value, top.Content[i+1]})
	}
	return fields, nil
}

// safe refuses aliases, merge keys, keys that are no plain text, and deep nesting.
func safe(n *yaml.Node, depth int) error {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return &Error{Line: n.Line, Code: "alias"}
	}
	if depth > maxDepth {
		return &Error{Line: n.Line, Code: "too_deep"}
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if c.Kind != yaml.ScalarNode || c.Tag == "!!merge" {
				return &Error{Line: c.Line, Code: "not_text", Name: c.Value}
			}
		}
		if err := safe(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// syntax finds the line in what yaml.v3 says: "yaml: line 3: mapping values are not allowed in this context".
func syntax(err error) error {
	e := &Error{Line: 1, Code: "syntax", Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	var typed *yaml.TypeError
	if errors.As(err, &typed) && len(typed.Errors) > 0 {
		e.Text = typed.Errors[0]
	}
	var line int
	if n, _ := fmt.Sscanf(e.Text, "line %d:", &line); n == 1 {
		e.Line = line
		_, e.Text, _ = strings.Cut(e.Text, ": ")
	}
	return e
}

func lineOfBadByte(src []byte) int {
	line := 1
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		src = src[n:]
	}
	return line
}

// Date is when a file says it was written. It is a civil date and time with or without a zone.
type Date struct {
	Time     time.Time // in the zone that was written; in UTC when none was (Floating)
	HasTime  bool      // false for a day alone
	Floating bool      // no zone was written: Time must be read in the house's zone
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.Time.IsZero() }

// In returns the instant of d, taking zone where d has none.
func (d Date) In(zone *time.Location) time.Time {
	if !d.Floating || d.IsZero() {
		return d.Time
	}
	t := d.Time
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// String returns d as Write writes it, "" when there is none.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case !d.HasTime:
		return d.Time.Format(time.DateOnly)
	case d.Floating:
		return d.Time.Format("2006-01-02T15:04:05")
	default:
		return d.Time.Format(time.RFC3339)
	}
}
