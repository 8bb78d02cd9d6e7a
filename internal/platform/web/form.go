package web

import (
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/id"
	"causerie/internal/platform/money"
)

// Form is what a person typed: cleaned texts, files, and the problems found with them. A page shows a form again
// with what was typed and a sentence beside each field that has a problem. A nil *Form is an empty one to read.
type Form struct {
	Problems fault.Problems

	values url.Values
	files  map[string][]*multipart.FileHeader
}

const (
	maxFields    = 200
	maxFiles     = 50
	formInMemory = 1 << 20 // files beyond wait in temporary files
	maxInt       = 1 << 53
)

// NewForm returns a form already filled with values, for a page that edits something.
func NewForm(values map[string]string) *Form {
	f := &Form{values: url.Values{}}
	for k, v := range values {
		f.values.Set(k, v)
	}
	return f
}

var errMalformed = &fault.Error{Kind: fault.KindInvalid, Code: "malformed"}

// Form reads the form that r carries: the query of a GET, the urlencoded or multipart body of anything else. It
// is fault.TooLarge beyond the route's MaxBody, 200 fields or 50 files, and refused with 400 where a field, its name or the name of a
// file is no text: not UTF-8, or with a NUL. Reading it again gives the same Form.
func (r *Request) Form() (*Form, error) {
	if r.form != nil {
		return r.form, nil
	}
	f, err := r.readForm()
	if err == nil {
		err = f.check()
	}
	if err != nil {
		if errors.Is(err, multipart.ErrMessageTooLarge) {
			return nil, fault.TooLarge(r.body)
		}
		if _, is := errors.AsType[*fault.Error](err); is {
			return nil, err
		}
		if _, is := errors.AsType[textproto.ProtocolError](err); is { // a name of a file with a NUL, for one
			return nil, errNotText
		}
		return nil, BodyError(err)
	}
	r.form = f
	return f, nil
}

func (r *Request) readForm() (*Form, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return formOf(r.Request.URL.RawQuery)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		b, err := io.ReadAll(io.LimitReader(r.Request.Body, r.body+1))
		if err != nil {
			return nil, err
		}
		return formOf(string(b))
	case "multipart/form-data":
		if err := r.ParseMultipartForm(formInMemory); err != nil {
			return nil, err
		}
		n, files := 0, 0
		for _, vs := range r.MultipartForm.Value {
			n += len(vs)
		}
		for _, fs := range r.MultipartForm.File {
			files += len(fs)
		}
		if n > maxFields || files > maxFiles {
			return nil, fault.TooLarge(r.body)
		}
		return &Form{values: r.MultipartForm.Value, files: r.MultipartForm.File}, nil
	case "":
		return &Form{values: url.Values{}}, nil
	}
	return nil, errMalformed
}

func formOf(encoded string) (*Form, error) {
	if strings.Count(encoded, "&") >= maxFields {
		return nil, fault.TooLarge(int64(len(encoded)))
	}
	v, err := url.ParseQuery(encoded)
	if err != nil {
		return nil, errMalformed.Because(err)
	}
	return &Form{values: v}, nil
}

// Raw returns the field as it came; "" when absent. For passwords and tokens.
func (f *Form) Raw(name string) string {
	if f == nil {
		return ""
	}
	return f.values.Get(name)
}

// Text returns the field as a person meant it: valid UTF-8 in NFC, lines ended by LF, without control and
// direction-overriding characters, trimmed.
func (f *Form) Text(name string) string { return clean(f.Raw(name)) }

// All returns every value of a repeated field (checkboxes, a multiple select), each cleaned as Text does.
func (f *Form) All(name string) []string {
	if f == nil {
		return nil
	}
	var all []string
	for _, v := range f.values[name] {
		all = append(all, clean(v))
	}
	return all
}

func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r == '\uFEFF':
			return -1 // bidirectional overrides make a text read otherwise than it is stored
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

// Has reports whether the field was sent at all, even empty.
func (f *Form) Has(name string) bool {
	if f == nil {
		return false
	}
	_, ok := f.values[name]
	return ok
}

// Bool reports whether a checkbox is ticked: the field is there and is not "", "0", "false", "off" or "no".
func (f *Form) Bool(name string) bool {
	switch strings.ToLower(f.Text(name)) {
	case "", "0", "false", "off", "no":
		return false
	}
	return true
}

// Int returns a whole number, 0 when the field is empty. Anything else notes the problem "number".
func (f *Form) Int(name string) int {
	s := bare(f.Text(name))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > maxInt || n < -maxInt {
		f.Problem(name, "number")
		return 0
	}
	return int(n)
}

// Cents returns an amount of money in cents, 0 when the field is empty, read as money.Parse does. What cannot be read
// notes the problem "amount"; a sign that is not of currency, unless that is "", notes "amount_currency".
func (f *Form) Cents(name, currency string) int64 {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	n, err := money.Parse(s, currency)
	switch {
	case errors.Is(err, money.ErrCurrency):
		f.Problem(name, "amount_currency", currency)
	case err != nil:
		f.Problem(name, "amount")
	}
	return n
}

// bare drops the spaces that people put into numbers.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u202F' {
			return -1
		}
		return r
	}, s)
}

// Day returns a civil day, no day when the field is empty. Anything else notes the problem "date", or "date_beyond".
func (f *Form) Day(name string) clock.Day {
	s := f.Text(name)
	if s == "" {
		return clock.Day{}
	}
	d, err := clock.ParseDay(s)
	f.notDate(name, err)
	return d
}

// notDate notes what is wrong with a date, if anything is.
func (f *Form) notDate(name string, err error) {
	switch {
	case errors.Is(err, clock.ErrBeyond):
		f.Problem(name, "date_beyond")
	case err != nil:
		f.Problem(name, "date")
	}
}

// Local returns a civil time from a datetime-local field; ok is false when the field is empty. What cannot be
// read notes the problem "date", or "date_beyond".
func (f *Form) Local(name string) (l clock.Local, ok bool) {
	s := f.Text(name)
	if s == "" {
		return l, false
	}
	l, err := clock.ParseLocal(s)
	f.notDate(name, err)
	return l, err == nil
}

// FormID returns the identifier in a field, 0 when it is empty. What is not one notes the problem "not_found".
func FormID[T any](f *Form, name string) id.ID[T] {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	v, err := id.Parse[T](s)
	if err != nil {
		f.Problem(name, "not_found")
	}
	return v
}

// File opens the file sent in a field. It is fault.Invalid(name, "required") when none was. The caller closes it.
func (f *Form) File(name string) (multipart.File, *multipart.FileHeader, error) {
	if f == nil || len(f.files[name]) == 0 || f.files[name][0].Size == 0 && f.files[name][0].Filename == "" {
		return nil, nil, fault.Invalid(name, "required")
	}
	h := f.files[name][0]
	file, err := h.Open()
	if err != nil {
		return nil, nil, err
	}
	return file, h, nil
}

// Files returns the headers of all files sent in a field.
func (f *Form) Files(name string) []*multipart.FileHeader {
	if f == nil {
		return nil
	}
	return f.files[name]
}

// Require notes the problem "required" for each of the fields that is empty.
func (f *Form) Require(names ...string) {
	for _, n := range names {
		if f.Text(n) == "" && len(f.files[n]) == 0 {
			f.Problem(n, "required")
		}
	}
}

// Max notes the problem "too_long" when the text of a field has more than n characters.
func (f *Form) Max(name string, n int) {
	if len([]rune(f.Text(name))) > n {
		f.Problem(name, "too_long", n)
	}
}

// Problem notes what is wrong with a field.
func (f *Form) Problem(field, code string, args ...any) { f.Problems.Add(field, code, args...) }

// Err returns the problems as one fault, nil when there are none.
func (f *Form) Err() error { return f.Problems.Err() }

// AddProblems keeps the problems of a fault.KindInvalid that a service returned, and reports whether err was one: then
// the handler shows the form again. Any other error is for the Router.
func (f *Form) AddProblems(err error) bool {
	if !fault.Is(err, fault.KindInvalid) {
		return false
	}
	f.Problems = append(f.Problems, fault.ProblemsOf(err)...)
	return true
}

// Values returns a copy of what was typed, for a test or a draft.
func (f *Form) Values() url.Values {
	if f == nil {
		return nil
	}
	return maps.Clone(f.values)
}
