package fetch

import (
	"net/http"
	"slices"
)

// Option changes one request.
type Option func(*request)

type request struct {
	header   http.Header
	body     []byte
	max      int64
	redirect bool
	kinds    []string
	sign     func(*http.Request, []byte) error
}

// Header sets a field of the request. It is not sent to another host after a redirect, Accept excepted.
func Header(name, value string) Option {
	return func(r *request) { r.header.Set(name, value) }
}

// Accept says which content types are wanted. It is a wish: Expect makes it a condition.
func Accept(types string) Option { return Header("Accept", types) }

// Unless asks for an answer only if it changed since the one with these ETag and Last-Modified, either of which may be
// empty. One that did not is a Response with NotModified.
func Unless(etag, lastModified string) Option {
	return func(r *request) {
		if etag != "" {
			r.header.Set("If-None-Match", etag)
		}
		if lastModified != "" {
			r.header.Set("If-Modified-Since", lastModified)
		}
	}
}

// MaxBytes bounds the decompressed body of this answer.
func MaxBytes(n int64) Option { return func(r *request) { r.max = n } }

// NoRedirect makes a redirect an *ErrStatus.
func NoRedirect() Option { return func(r *request) { r.redirect = false } }

// Body sends body with the request.
func Body(contentType string, body []byte) Option {
	return func(r *request) {
		r.body = slices.Clone(body)
		r.header.Set("Content-Type", contentType)
	}
}

// Sign calls sign on every request just before it leaves, those of redirects included, with the body it carries: for
// HTTP signatures, which cover host and path.
func Sign(sign func(r *http.Request, body []byte) error) Option {
	return func(r *request) { r.sign = sign }
}

// Expect refuses, by ErrContentType, an answer that is not of one of these kinds: "image", "text", "html", "xml",
// "json". Both what the server declares and what the first bytes look like count: a picture must look like one, and
// what should be text must not look like a picture, an archive or a program.
func Expect(kinds ...string) Option { return func(r *request) { r.kinds = kinds } }
