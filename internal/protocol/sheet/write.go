package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// Writer writes a table as spreadsheets open it: UTF-8 with its mark, commas, quoted where it must be.
type Writer struct {
	csv   *csv.Writer
	to    io.Writer
	begun bool
}

// NewWriter returns a writer of a table to w.
func NewWriter(w io.Writer) *Writer { return &Writer{csv: csv.NewWriter(w), to: w} }

// Write writes a row. What a spreadsheet would take for a formula gets an apostrophe before it, which Plain takes away.
func (t *Writer) Write(cells ...string) error {
	if !t.begun {
		t.begun, t.csv.UseCRLF = true, true
		if _, err := io.WriteString(t.to, "\uFEFF"); err != nil {
			return err
		}
	}
	safe := make([]string, len(cells))
	for i, c := range cells {
		if safe[i] = c; formula(c) {
			safe[i] = "'" + c
		}
	}
	return t.csv.Write(safe)
}

// Flush writes what is left.
func (t *Writer) Flush() error {
	t.csv.Flush()
	return t.csv.Error()
}

// Plain returns a cell without the apostrophe that keeps it from being a formula.
func Plain(cell string) string {
	if rest, quoted := strings.CutPrefix(cell, "'"); quoted && formula(rest) {
		return rest
	}
	return cell
}

// formula reports whether a spreadsheet would compute s. A telephone number is none: a plus and digits.
func formula(s string) bool {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return false
	}
	return s[0] != '+' && s[0] != '-' || strings.Trim(s[1:], "0123456789 .()/-") != ""
}
