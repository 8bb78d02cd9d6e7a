package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/schema"
)

// A writer of rows: it scans each into the same cells and appends one line of JSON.
type rowWriter struct {
	columns []db.Column
	names   [][]byte // `"name":`, ready
	cells   []any
	dest    []any
	line    bytes.Buffer
	quote   *json.Encoder
}

func newRowWriter(t schema.Table) *rowWriter {
	w := &rowWriter{columns: t.Columns, cells: make([]any, len(t.Columns))}
	w.quote = json.NewEncoder(&w.line)
	w.quote.SetEscapeHTML(false)
	for i, c := range t.Columns {
		w.names = append(w.names, []byte(strconv.Quote(c.Name)+":"))
		w.dest = append(w.dest, &w.cells[i])
	}
	return w
}

// scan returns the line of one row, which holds until the next call.
func (w *rowWriter) scan(r db.Row) ([]byte, error) {
	if err := r.Scan(w.dest...); err != nil {
		return nil, err
	}
	w.line.Reset()
	for i, cell := range w.cells {
		if i == 0 {
			w.line.WriteByte('{')
		} else {
			w.line.WriteByte(',')
		}
		w.line.Write(w.names[i])
		if err := w.value(cell, w.columns[i].Name, w.columns[i].Type); err != nil {
			return nil, fmt.Errorf("column %s: %w", w.columns[i].Name, err)
		}
	}
	w.line.WriteString("}\n")
	return w.line.Bytes(), nil
}

// The instants that an archive holds, in milliseconds: those of the years 1 to 9999, in which RFC 3339 can tell them. A row that
// came to another by whatever way is written with the nearest, so that every backup can be restored.
var (
	firstInstant = time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC).UnixMilli()
	lastInstant  = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).UnixMilli()
)

// isInstant tells the columns of instants by their names, which the schema gives to nothing else.
func isInstant(column string) bool { return column == "at" || strings.HasSuffix(column, "_at") }

func (w *rowWriter) value(cell any, name, kind string) error {
	switch v := cell.(type) {
	case nil:
		w.line.WriteString("null")
	case bool:
		w.line.WriteString(strconv.FormatBool(v))
	case int64:
		if kind == "bool" { // SQLite has no other flag
			w.line.WriteString(strconv.FormatBool(v != 0))
			return nil
		}
		if isInstant(name) {
			v = min(max(v, firstInstant), lastInstant)
		}
		w.line.WriteString(strconv.FormatInt(v, 10))
	case string:
		return w.text(v)
	case []byte:
		if kind == "bytes" {
			return w.text(base64.StdEncoding.EncodeToString(v))
		}
		return w.text(string(v))
	default:
		return fmt.Errorf("a %T in a column of type %s", cell, kind)
	}
	return nil
}

// text writes s as both engines can hold it: without NUL, and what is not UTF-8 mended.
func (w *rowWriter) text(s string) error {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
	err := w.quote.Encode(s)
	w.line.Truncate(w.line.Len() - 1) // the encoder ends each value with a line
	return err
}

var errRow = errors.New("the row does not have the columns and types of its table")

// values reads a line back into what the columns are bound to, in their order.
func values(line []byte, columns []db.Column, into []any) ([]any, error) {
	var row map[string]json.RawMessage
	if err := json.Unmarshal(line, &row); err != nil || len(row) != len(columns) {
		return nil, errRow
	}
	for _, c := range columns {
		raw, ok := row[c.Name]
		if !ok {
			return nil, errRow
		}
		v, err := value(raw, c.Type)
		if err != nil {
			return nil, err
		}
		if n, ok := v.(int64); ok && isInstant(c.Name) && (n < firstInstant || n > lastInstant) {
			return nil, fmt.Errorf("%s: an instant in no year that can be written", c.Name)
		}
		into = append(into, v)
	}
	return into, nil
}

func value(raw json.RawMessage, kind string) (any, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	var err error
	switch kind {
	case "int":
		var n int64
		err = json.Unmarshal(raw, &n)
		if err == nil {
			return n, nil
		}
	case "bool":
		var b bool
		if err = json.Unmarshal(raw, &b); err == nil {
			return b, nil
		}
	case "bytes":
		var b []byte
		if err = json.Unmarshal(raw, &b); err == nil {
			return b, nil
		}
	default:
		var s string
		if err = json.Unmarshal(raw, &s); err == nil {
			return s, nil
		}
	}
	return nil, errRow
}
