package transfer

import (
	"embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"causerie/internal/platform/i18n"
)

// Texts holds fr.json and en.json: the sentences of reports and of the refusals of importers.
//
//go:embed *.json
var Texts embed.FS

// Report is what an import did or, when DryRun, would do: the counts are the same.
type Report struct {
	Source   string // "wordpress:https://old.example"
	DryRun   bool
	Posts    int // articles
	Pages    int
	Comments int // pingbacks and trackbacks too
	People   int // different addresses of those who commented
	Sections int // different ones that the posts are in
	Tags     int
	Already  int            // posts, pages and comments that an earlier run had brought
	Files    int            // pictures and documents that posts show; brought in when they could be fetched
	Fetched  int            // those that were; 0 in a dry run
	Statuses map[string]int // posts and pages by the state that they get here
	States   map[string]int // comments by moderation: "visible", "held", "spam", "removed"
	Notes    []Note
}

// Note is something that was not understood, left behind or changed.
type Note struct {
	Kind     string   // a key: the catalogs have import.note.<kind>
	Name     string   // of the thing: a shortcode, a type, a host; "" when the kind says it all
	Count    int      // how often
	Examples []string // the first few places, by title or address
}

const (
	maxNotes    = 500 // different ones, so that a hostile export cannot fill the report
	maxExamples = 200
	fewExamples = 5
)

// few are the kinds of what is to be known and asks for nothing: some examples say it. Of all others each place is named, for
// somebody has to look there.
var few = []string{"embed", "enclosure", "type", "left_status", "twice", "twice_comment", "comment_type", "no_category", "taxonomy", "sticky", "subpage", "meta", "unused"}

// examples is how many places are kept for a kind.
func examples(kind string) int {
	if slices.Contains(few, kind) {
		return fewExamples
	}
	return maxExamples
}

// Add notes one more of a thing.
func (r *Report) Add(kind, name, example string) { r.AddN(kind, name, example, 1) }

// AddN notes n more of a thing.
func (r *Report) AddN(kind, name, example string, n int) {
	i := slices.IndexFunc(r.Notes, func(x Note) bool { return x.Kind == kind && x.Name == name })
	if i < 0 {
		if len(r.Notes) == maxNotes-1 {
			kind, name, example = "more", "", ""
			r.Notes = append(r.Notes, Note{Kind: kind})
		}
		if len(r.Notes) >= maxNotes {
			r.Notes[maxNotes-1].Count += n
			return
		}
		i = len(r.Notes)
		r.Notes = append(r.Notes, Note{Kind: kind, Name: name})
	}
	note := &r.Notes[i]
	note.Count += n
	if example != "" && len(note.Examples) < examples(kind) && !slices.Contains(note.Examples, example) {
		note.Examples = append(note.Examples, example)
	}
}

// Count adds n under key to one of the maps of r, which it makes.
func Count(m *map[string]int, key string, n int) {
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[key] += n
}

// Print writes the report for a person, in their language, a line each.
func (r Report) Print(w io.Writer, c *i18n.Catalog, l i18n.Lang) error {
	var b strings.Builder
	line := func(key string, args ...any) { fmt.Fprintln(&b, c.T(l, key, args...)) }
	if r.DryRun {
		line("import.dry_run")
	}
	for _, part := range []struct {
		key string
		n   int
	}{{"import.posts", r.Posts}, {"import.pages", r.Pages}, {"import.comments", r.Comments}, {"import.people", r.People},
		{"import.sections", r.Sections}, {"import.tags", r.Tags}, {"import.files", r.Files}, {"import.fetched", r.Fetched},
		{"import.already", r.Already}} {
		if part.n > 0 || part.key == "import.posts" {
			line(part.key, part.n)
		}
	}
	for _, counts := range []struct {
		prefix string
		m      map[string]int
	}{{"import.status.", r.Statuses}, {"import.state.", r.States}} {
		for _, key := range slices.Sorted(maps.Keys(counts.m)) {
			fmt.Fprint(&b, "  ")
			line(counts.prefix+key, counts.m[key])
		}
	}
	if len(r.Notes) > 0 {
		line("import.notes")
	}
	for _, n := range r.byKind() {
		fmt.Fprint(&b, "  ")
		line("import.note."+n.Kind, n.Count, n.Name)
		for _, e := range n.Examples {
			fmt.Fprintf(&b, "      %s\n", printable(e))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// order is the order of notes in print, the gravest first.
var order = []string{"cut", "not_export", "refused", "too_long", "lost_comments", "private", "password", "members", "house_name", "builder", "parted", "versions", "untitled", "no_date", "date_made", "status", "missed", "not_fetched", "file_status",
	"file_type", "file_large", "cover_unknown", "image", "foreign_picture", "embed", "enclosure", "form", "shortcode", "left_out", "block", "footnote", "empty_link", "element", "type", "left_status",
	"twice", "twice_comment", "comment_type", "tags", "no_category", "taxonomy", "sticky", "subpage", "meta", "unused", "more"}

// byKind puts the notes of one kind together for print: their counts added, their names listed with how often each.
func (r Report) byKind() []Note {
	var grouped []Note
	for _, n := range r.Notes {
		name := printable(n.Name)
		if n.Count > 1 && name != "" {
			name += fmt.Sprintf(" (%d)", n.Count)
		}
		i := slices.IndexFunc(grouped, func(g Note) bool { return g.Kind == n.Kind })
		if i < 0 {
			grouped = append(grouped, Note{Kind: n.Kind, Name: name, Count: n.Count, Examples: slices.Clone(n.Examples)})
			continue
		}
		g := &grouped[i]
		g.Name, g.Count = g.Name+", "+name, g.Count+n.Count
		for _, e := range n.Examples {
			if len(g.Examples) < examples(g.Kind) && !slices.Contains(g.Examples, e) {
				g.Examples = append(g.Examples, e)
			}
		}
	}
	place := func(n Note) int {
		if i := slices.Index(order, n.Kind); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(grouped, func(a, b Note) int { return place(a) - place(b) })
	return grouped
}

// printable returns s as a terminal may have it: it came from outside, and could hold its commands.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	if r := []rune(s); len(r) > 160 {
		return string(r[:159]) + "…"
	}
	return s
}
