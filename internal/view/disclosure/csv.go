package disclosure

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the copy as a table for a spreadsheet: the part ("message"), which one of it, the field and its value, a row each. It is
// UTF-8 with the mark by which Excel knows it, and no value of it is a formula there.
func (c *Copy) WriteCSV(ctx context.Context, w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write([]string{"part", "number", "field", "value"}); err != nil {
		return err
	}
	person := c.Person
	person.Handles, person.Merged, person.Fields = nil, nil, nil
	err := table(out, "person", one(person))
	for _, part := range []struct {
		name  string
		items func(fn func(any) error) error
	}{
		{"handle", all(c.Person.Handles)}, {"field", all(c.Person.Fields)}, {"merged", all(c.Person.Merged)}, {"consent", all(c.Consents)}, {"follow", all(c.Follows)},
		{"message", streamed(ctx, c.Messages)}, {"mandate", streamed(ctx, c.Mandates)}, {"delivery", streamed(ctx, c.Deliveries)},
		{"moment", streamed(ctx, c.Moments)},
	} {
		if err != nil {
			return err
		}
		err = table(out, part.name, part.items)
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

func one(v any) func(func(any) error) error { return func(fn func(any) error) error { return fn(v) } }

func all[T any](items []T) func(func(any) error) error {
	return func(fn func(any) error) error {
		for _, it := range items {
			if err := fn(it); err != nil {
				return err
			}
		}
		return nil
	}
}

func streamed[T any](ctx context.Context, items func(context.Context, func(T) error) error) func(func(any) error) error {
	return func(fn func(any) error) error { return items(ctx, func(it T) error { return fn(it) }) }
}

// table writes the fields of each item of a part that say something, in the order of its JSON.
func table(out *csv.Writer, part string, items func(func(any) error) error) error {
	n := 0
	return items(func(it any) error {
		n++
		b, err := json.Marshal(it)
		if err != nil {
			return err
		}
		d := json.NewDecoder(bytes.NewReader(b))
		if _, err := d.Token(); err != nil { // {
			return err
		}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return err
			}
			var raw json.RawMessage
			if err := d.Decode(&raw); err != nil {
				return err
			}
			value := string(raw)
			if raw[0] == '"' {
				if err := json.Unmarshal(raw, &value); err != nil {
					return err
				}
			}
			if value == "" || value == "null" || value == "[]" {
				continue
			}
			if err := out.Write([]string{part, strconv.Itoa(n), name.(string), plain(value)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// plain keeps a spreadsheet from taking what somebody wrote for a formula (OWASP, CSV injection).
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
