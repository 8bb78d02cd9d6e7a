// Package sheet reads tables that people save as text: CSV of any separator (comma, semicolon, tab, bar) and any encoding (package
// charset), quoted or not, as spreadsheets, address books and mailing programs write them (RFC 4180, and what they make of it).
//
// It is lenient where programs differ, and bounded: a field, a row and a table have a size. A row that is larger than one may be, as when a quote is
// never closed, is Row.Bad and reading goes on behind it.
package sheet

import (
	"bufio"
	"io"
	"strings"

	"causerie/internal/protocol/charset"
)

// What a table may hold.
const (
	MaxColumns = 500
	MaxRow     = 128 << 10 // bytes
)

// Row is a line of a table.
type Row struct {
	Line  int // of the file, from 1: where it begins
	Cells []string
	Bad   bool // larger than a row may be: Cells are the beginning of it
}

// Blank reports whether nothing is in it.
func (r Row) Blank() bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// Reader reads the rows of a table.
type Reader struct {
	in    *bufio.Reader
	comma byte
	line  int
}

// NewReader returns a reader of what r holds. The separator is told by the first lines.
func NewReader(r io.Reader) *Reader {
	in := bufio.NewReaderSize(charset.UTF8(r), 64<<10)
	head, _ := in.Peek(32 << 10)
	t := &Reader{in: in, comma: separator(string(head)), line: 1}
	if said, rest, ok := strings.Cut(string(head), "\n"); ok { // Excel's own word for it: sep=;
		if said = strings.Trim(strings.TrimSpace(said), `"`); len(said) == 5 && strings.EqualFold(said[:4], "sep=") && rest != "" {
			t.comma, t.line = said[4], 2
			_, _ = in.ReadString('\n')
		}
	}
	return t
}

// Separator returns what stands between the cells.
func (t *Reader) Separator() rune { return rune(t.comma) }

// separator is the one of which the first lines have the same number, and the most.
func separator(head string) byte {
	best, most := byte(','), 0
	for _, c := range []byte(",;\t|") {
		counts := map[int]int{}
		for i, line := range strings.SplitN(head, "\n", 12) {
			if i == 11 || line == "" {
				break
			}
			if n := outside(line, c); n > 0 {
				counts[n]++
			}
		}
		for n, lines := range counts {
			if score := lines*100 + min(n, 99); score > most {
				best, most = c, score
			}
		}
	}
	return best
}

// outside counts c outside quotes.
func outside(line string, c byte) (n int) {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == c && !quoted:
			n++
		}
	}
	return n
}

// Next returns the next row that is not blank, io.EOF behind the last.
func (t *Reader) Next() (Row, error) {
	for {
		row, err := t.read()
		if err != nil || row.Bad || !row.Blank() {
			return row, err
		}
	}
}

// read reads one row, as large as a row may be; of a larger one it leaves out the rest of the line that it came to.
func (t *Reader) read() (row Row, err error) {
	row.Line = t.line
	var cell strings.Builder
	size, quoted, begun, any := 0, false, false, false
	end := func() {
		if len(row.Cells) < MaxColumns {
			row.Cells = append(row.Cells, cell.String())
		} else {
			row.Bad = true
		}
		cell.Reset()
		quoted, begun = false, false
	}
	for {
		b, err := t.in.ReadByte()
		if err == io.EOF && any {
			end()
			return row, nil
		}
		if err != nil {
			return row, err
		}
		any = true
		if size++; size > MaxRow {
			row.Bad = true
			end()
			return row, t.skipLine(b)
		}
		switch {
		case b == '\n':
			t.line++
			if !quoted {
				end()
				return row, nil
			}
			cell.WriteByte(b)
		case b == '"' && quoted:
			if next, _ := t.in.Peek(1); len(next) == 1 && next[0] == '"' {
				_, _ = t.in.ReadByte()
				cell.WriteByte('"')
			} else {
				quoted = false
			}
		case b == '"' && !begun:
			quoted, begun = true, true
		case b == t.comma && !quoted:
			end()
		case b == '\r':
			if next, _ := t.in.Peek(1); len(next) == 1 && next[0] == '\n' {
				continue
			}
			if !quoted { // as an old Mac ends its lines
				t.line++
				end()
				return row, nil
			}
			cell.WriteByte('\n')
		default:
			begun = begun || b != ' '
			cell.WriteByte(b)
		}
	}
}

func (t *Reader) skipLine(b byte) (err error) {
	for ; err == nil && b != '\n'; b, err = t.in.ReadByte() {
	}
	t.line++
	if err == io.EOF {
		return nil
	}
	return err
}
