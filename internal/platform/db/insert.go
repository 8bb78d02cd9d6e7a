package db

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// Rows above manyRows come in powers of two to SQLite, so that a dozen texts are kept of an insert.
const manyRows = 8

// Insert runs q with many rows: the text holds VALUES {rows}, each of width values. SQLite takes some 900 values at a time.
func Insert(tx *Tx, q Query, width int, values []any) error {
	_, err := InsertNew(tx, q, width, values)
	return err
}

// InsertNew is Insert for a text with ON CONFLICT DO NOTHING: it returns how many of the rows were new.
func InsertNew(tx *Tx, q Query, width int, values []any) (added int64, err error) {
	if tx.db.engine == Postgres && len(values) > width {
		if text, columns, ok := unnested(q.SQL, width, values); ok {
			return tx.exec(q, text, true, columns)
		}
	}
	for most := max(1, 900/width); len(values) > 0; {
		rows := rowsAtOnce(len(values)/width, most)
		chunk := values[:min(rows*width, len(values))]
		values = values[len(chunk):]
		var b strings.Builder
		for i := range chunk {
			switch {
			case i == 0:
				b.WriteByte('(')
			case i%width == 0:
				b.WriteString("),(")
			default:
				b.WriteByte(',')
			}
			if tx.db.engine == SQLite {
				b.WriteByte('?') // to SQLite $1 is a name, and names are looked up one by one
				continue
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(i + 1))
		}
		b.WriteByte(')')
		n, err := tx.exec(q, strings.Replace(q.SQL, "{rows}", b.String(), 1), true, chunk)
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

// rowsAtOnce returns how many of the rows that are left go into one text: as many as fit, else a power of two, else the few that remain.
func rowsAtOnce(left, most int) int {
	switch {
	case left >= most:
		return most
	case left <= manyRows:
		return max(left, 1)
	}
	n := manyRows
	for 2*n <= left {
		n *= 2
	}
	return n
}

// unnested is a text of many rows as PostgreSQL reads it soonest: one array for each column, of one text whatever their number, instead of
// hundreds of parameters that are planned one by one. ok is false when a column holds values of two kinds, or of one that it does not know.
func unnested(text string, width int, values []any) (_ string, columns []any, ok bool) {
	var names, arrays, of []string
	for at := range width {
		array, kind, ok := column(values, at, width)
		if !ok {
			return "", nil, false
		}
		if kind == "" { // no value at all: NULL takes the type of what it is put into, an array would not
			names = append(names, "NULL")
			continue
		}
		columns = append(columns, array)
		n := strconv.Itoa(len(columns))
		names, arrays, of = append(names, "c"+n), append(arrays, "CAST($"+n+" AS "+kind+"[])"), append(of, "c"+n)
	}
	if len(columns) == 0 {
		return "", nil, false
	}
	rows := fmt.Sprintf("SELECT %s FROM unnest(%s) AS r (%s)", strings.Join(names, ", "), strings.Join(arrays, ", "), strings.Join(of, ", "))
	return strings.Replace(text, "VALUES {rows}", rows, 1), columns, true
}

// column returns one column of rows as an array, and the name of its type, "" when it holds nothing.
func column(values []any, at, width int) (array any, kind string, ok bool) {
	plain := make([]any, 0, len(values)/width)
	var first any
	for i := at; i < len(values); i += width {
		v, err := driver.DefaultParameterConverter.ConvertValue(values[i])
		if err != nil {
			return nil, "", false
		}
		if plain = append(plain, v); first == nil {
			first = v
		}
	}
	switch first.(type) {
	case nil:
		return nil, "", true
	case int64:
		array, ok = arrayOf[int64](plain)
		return array, "BIGINT", ok
	case string:
		array, ok = arrayOf[string](plain)
		return array, "TEXT", ok
	case bool:
		array, ok = arrayOf[bool](plain)
		return array, "BOOLEAN", ok
	}
	return nil, "", false
}

// arrayOf is values of one type: of pointers when some of them are missing, which costs more.
func arrayOf[T any](plain []any) (any, bool) {
	all := make([]T, len(plain))
	missing := false
	for i, v := range plain {
		t, same := v.(T)
		if missing = missing || v == nil; !same && v != nil {
			return nil, false
		}
		all[i] = t
	}
	if !missing {
		return all, true
	}
	some := make([]*T, len(plain))
	for i, v := range plain {
		if v != nil {
			some[i] = &all[i]
		}
	}
	return some, true
}
