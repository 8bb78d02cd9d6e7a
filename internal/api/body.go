package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
)

// opt is one property of a body: absent, null, or a value.
type opt[T any] struct {
	Set  bool // it was there, be it null
	Null bool
	V    T
}

// UnmarshalJSON is called only for a property that is there.
func (o *opt[T]) UnmarshalJSON(b []byte) error {
	o.Set = true
	if string(b) == "null" {
		o.Null = true
		return nil
	}
	if err := json.Unmarshal(b, &o.V); err != nil {
		return err
	}
	if t, ok := any(o.V).(time.Time); ok && !clock.Within(t) {
		return clock.ErrBeyond
	}
	dropNUL(&o.V)
	return nil
}

// Schema describes o as T or null.
func (o *opt[T]) Schema(r huma.Registry) *huma.Schema {
	if _, day := any(o.V).(clock.Day); day {
		return &huma.Schema{Type: "string", Format: "date", Nullable: true}
	}
	s := *huma.SchemaFromType(r, reflect.TypeFor[T]())
	s.Nullable = true
	return &s
}

// ptr is what a Patch wants: nil when absent, the zero value for null.
func (o opt[T]) ptr() *T {
	if !o.Set {
		return nil
	}
	return &o.V
}

// given reports whether there is a value.
func (o opt[T]) given() bool { return o.Set && !o.Null }

// kindOf names what is wrong with a value that o could not read.
func (o *opt[T]) kindOf(raw []byte, err error) string {
	if errors.Is(err, clock.ErrBeyond) {
		return "date_beyond"
	}
	text := len(raw) > 0 && raw[0] == '"'
	switch any(o.V).(type) {
	case time.Time, clock.Day:
		if text {
			return "date"
		}
	}
	return "type"
}

// property is what decode knows of a field.
type property interface {
	json.Unmarshaler
	kindOf(raw []byte, err error) string
}

// readProperty reads a property into a field: an opt, or a pointer, where null is the zero value. It returns what is wrong
// with the property, "" for nothing.
func readProperty(field reflect.Value, raw []byte) string {
	if p, ok := field.Addr().Interface().(property); ok {
		if err := p.UnmarshalJSON(raw); err != nil {
			return p.kindOf(raw, err)
		}
		return ""
	}
	to := reflect.New(field.Type().Elem())
	if string(raw) != "null" {
		if err := json.Unmarshal(raw, to.Interface()); err != nil {
			return "type"
		}
		dropNUL(to.Interface())
	}
	field.Set(to)
	return ""
}

// dropNUL takes NUL out of texts: it is no character of any, and PostgreSQL takes none.
func dropNUL(v any) {
	switch v := v.(type) {
	case *string:
		*v = strings.ReplaceAll(*v, "\x00", "")
	case *[]string:
		for i := range *v {
			(*v)[i] = strings.ReplaceAll((*v)[i], "\x00", "")
		}
	}
}

// decode reads a JSON object into a struct of opt fields and pointers. All that is wrong is told at once: properties that nobody
// knows, and values of the wrong type. No body is an empty object.
func decode(body []byte, into any) error {
	var all map[string]json.RawMessage
	if len(bytes.TrimSpace(body)) > 0 {
		dec := json.NewDecoder(bytes.NewReader(body))
		if err := dec.Decode(&all); err != nil || all == nil {
			return &fault.Error{Kind: fault.KindInvalid, Code: "malformed", Problems: []fault.Problem{{Code: "malformed"}}}
		}
		if _, err := dec.Token(); err != io.EOF {
			return &fault.Error{Kind: fault.KindInvalid, Code: "malformed", Problems: []fault.Problem{{Code: "malformed"}}}
		}
	}
	var bad fault.Problems
	v := reflect.ValueOf(into).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		raw, there := all[name]
		if f.Anonymous || name == "" || name == "-" || !there {
			continue
		}
		delete(all, name)
		if code := readProperty(v.FieldByIndex(f.Index), raw); code != "" {
			bad.Add(name, code)
		}
	}
	unknown := make([]string, 0, len(all))
	for name := range all {
		unknown = append(unknown, name)
	}
	slices.Sort(unknown)
	for _, name := range unknown[:min(len(unknown), 20)] {
		bad.Add(name[:min(len(name), 80)], "unknown")
	}
	return bad.Err()
}
