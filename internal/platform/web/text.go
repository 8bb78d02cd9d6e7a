package web

import (
	"bytes"
	"net/http"
	"unicode/utf8"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web/httpenc"
)

// errNotText is answered with 400: what was sent holds bytes that are no text. Databases do not agree on what they are.
var errNotText = &fault.Error{Kind: fault.KindInvalid, Code: "not_text"}

// heeded are the fields of a request that somebody reads or keeps, beside those that no wrong byte passes through.
var heeded = []string{"Authorization", "User-Agent", "Accept-Language", "Content-Type", "Idempotency-Key"}

// isText reports whether the address of a request, and what is heeded of its head, are text: UTF-8 without NUL. What the public reads
// comes from memory, whatever the browser says of itself; elsewhere that is kept.
func isText(r *http.Request) bool {
	if !httpenc.IsText(r.URL.Path) || !httpenc.IsQueryText(r.URL.RawQuery) {
		return false
	}
	if (r.Method == http.MethodGet || r.Method == http.MethodHead) && !isWork(r.URL.Path) && !isProgram(r.URL.Path) {
		return true
	}
	for _, name := range heeded {
		for _, v := range r.Header[name] {
			if !utf8.ValidString(v) {
				return false
			}
		}
	}
	return true
}

// check returns errNotText when something in the form is no text: a field, its name, or the name of a file.
func (f *Form) check() error {
	for name, values := range f.values {
		if !httpenc.IsText(name) {
			return errNotText
		}
		for _, v := range values {
			if !httpenc.IsText(v) {
				return errNotText
			}
		}
	}
	for name, files := range f.files {
		if !httpenc.IsText(name) {
			return errNotText
		}
		for _, file := range files {
			if !httpenc.IsText(file.Filename) {
				return errNotText
			}
		}
	}
	return nil
}

// CheckJSON returns a fault, answered with 400, when the strings of a JSON document are no text: its bytes, or the NUL that \u0000
// stands for.
func CheckJSON(b []byte) error {
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return errNotText
	}
	for rest := b; ; {
		i := bytes.IndexByte(rest, '\\')
		if i < 0 || i+1 >= len(rest) {
			return nil
		}
		if bytes.HasPrefix(rest[i:], []byte(`\u0000`)) {
			return errNotText
		}
		rest = rest[i+2:] // what is escaped may be another backslash
	}
}
