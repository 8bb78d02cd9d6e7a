package db

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// At is how an instant is bound: milliseconds UTC, NULL for the zero time.
func At(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// Time scans a BIGINT of milliseconds into dst; NULL is the zero time.
func Time(dst *time.Time) any { return (*instant)(dst) }

type instant time.Time

func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = instant{}
	case int64:
		*i = instant(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("db: cannot scan %T into an instant", src)
	}
	return nil
}

// JSON binds v as its JSON text. A value that cannot be marshalled is a programmer's mistake.
func JSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("db: %T does not marshal: %v", v, err))
	}
	return string(b)
}

// FromJSON scans a JSON text into dst, a pointer; what is stored and cannot be read leaves it empty.
func FromJSON(dst any) any { return &jsonText{dst} }

type jsonText struct{ dst any }

func (j *jsonText) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return j.read([]byte(v))
	case []byte:
		return j.read(v)
	}
	return fmt.Errorf("db: cannot scan %T as JSON", src)
}

// read leaves dst empty where the text is no JSON of it: one spoilt cell must not keep a house from starting.
func (j *jsonText) read(text []byte) error {
	if json.Unmarshal(text, j.dst) != nil {
		v := reflect.ValueOf(j.dst).Elem()
		v.Set(reflect.Zero(v.Type()))
	}
	return nil
}

// Scalar is a scan function for one column of a plain type.
func Scalar[T any](r Row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

// Storable makes what another program said fit for a column: valid UTF-8 without NUL, which PostgreSQL refuses, and at most
// limit bytes.
func Storable(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	return s
}
