package roster

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/protocol/sheet"
)

// Sentence says why a row was refused.
func (r Refusal) Sentence(c *i18n.Catalog, l i18n.Lang) string {
	return web.ProblemText(c, l, fault.Problem{Field: r.Field, Code: r.Code, Args: r.Args})
}

// Print writes the report for a person, a line each; the texts are roster.*.
func (r Report) Print(w io.Writer, c *i18n.Catalog, l i18n.Lang) error {
	var b strings.Builder
	for _, line := range r.Lines(c, l) {
		fmt.Fprintln(&b, line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Lines says what the report tells, a sentence each.
func (r Report) Lines(c *i18n.Catalog, l i18n.Lang) (all []string) {
	if r.DryRun {
		all = append(all, c.T(l, "roster.dry_run"))
	}
	for _, part := range []struct {
		key    string
		n      int
		always bool
	}{{"rows", r.Rows, true}, {"created", r.Created, true}, {"completed", r.Completed, false}, {"already", r.Already, false}, {"twice", r.Twice, false},
		{"consents", r.Consents, false}, {"withdrawn", r.Withdrawn, false}, {"refused", r.Refused, false}} {
		if part.n > 0 || part.always {
			all = append(all, c.T(l, "roster.report."+part.key, part.n))
		}
	}
	for _, n := range r.Reasons {
		field, code, _ := strings.Cut(n.Code, ".")
		all = append(all, "  "+c.T(l, "roster.reason", Refusal{Field: field, Code: code}.Sentence(c, l), n.Count, n.lines()))
	}
	for _, n := range r.Notes {
		all = append(all, c.T(l, "roster.note."+n.Code, n.Count, n.lines()))
	}
	return all
}

// lines names the lines of a remark: « 3, 8, 12… ».
func (n Remark) lines() string {
	words := make([]string, len(n.Lines))
	for i, line := range n.Lines {
		words[i] = strconv.Itoa(line)
	}
	s := strings.Join(words, ", ")
	if n.Count > len(n.Lines) {
		s += "…"
	}
	return s
}

// Refusals returns what writes rows that were refused as a table: as they were, with their line and the reason behind. flush writes what
// is left.
func Refusals(w io.Writer, c *i18n.Catalog, l i18n.Lang) (write func(Refusal) error, flush func() error) {
	t := sheet.NewWriter(w)
	begun := false
	return func(r Refusal) error {
		if !begun {
			begun = true
			if err := t.Write(append(r.Columns[:len(r.Columns):len(r.Columns)], c.T(l, "roster.line"), c.T(l, "roster.why"))...); err != nil {
				return err
			}
		}
		row := make([]string, len(r.Columns))
		copy(row, r.Row)
		return t.Write(append(row, strconv.Itoa(r.Line), r.Sentence(c, l))...)
	}, t.Flush
}
