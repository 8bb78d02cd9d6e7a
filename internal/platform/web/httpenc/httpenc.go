// Package httpenc is what the router and the page cache both need of the encodings and validators of HTTP.
package httpenc

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
)

// IsText reports whether s is text that every database takes: UTF-8 without NUL.
func IsText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// IsQueryText reports whether the names and values of a query are text, as IsText says. An escape that is none stands for itself.
func IsQueryText(raw string) bool {
	if strings.IndexByte(raw, '%') < 0 {
		return IsText(raw)
	}
	plain := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '%' && i+2 < len(raw) {
			if b, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				plain = append(plain, byte(b))
				i += 2
				continue
			}
		}
		plain = append(plain, raw[i])
	}
	return utf8.Valid(plain) && bytes.IndexByte(plain, 0) < 0
}

// AcceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3) as far as clients write it: gzip is named, and not
// with the quality 0.
func AcceptsGzip(h http.Header) bool {
	for _, v := range h["Accept-Encoding"] {
		_, rest, found := strings.Cut(v, "gzip")
		if !found {
			continue
		}
		if rest == "" || rest[0] == ',' {
			return true
		}
		params, _, _ := strings.Cut(rest, ",")
		_, q, has := strings.Cut(params, "q=")
		if !has || strings.Trim(q, "0. \t") != "" {
			return true
		}
	}
	return false
}

// Matches applies If-None-Match, whose fields are given, to etag (RFC 9110, section 13.1.2, weak comparison).
func Matches(fields []string, etag string) bool {
	for _, f := range fields {
		if f == etag || f == "*" {
			return true
		}
		for one := range strings.SplitSeq(f, ",") {
			if strings.TrimPrefix(strings.TrimSpace(one), "W/") == etag {
				return true
			}
		}
	}
	return false
}

// WithoutFuture returns r without an If-Modified-Since that lies after now, by which a reader asks for nothing that there can be: it is
// not looked at, so that a clock that runs fast never makes a withdrawn page stay (RFC 9110, section 13.1.3).
func WithoutFuture(r *http.Request, now time.Time) *http.Request {
	since := r.Header["If-Modified-Since"]
	if len(since) == 0 {
		return r
	}
	if t, err := http.ParseTime(since[0]); err == nil && len(since) == 1 && !t.After(now) {
		return r
	}
	plain := *r
	plain.Header = r.Header.Clone()
	delete(plain.Header, "If-Modified-Since")
	return &plain
}

// Compressible reports whether compressing a body of this content type is worth the while.
func Compressible(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.Contains(kind, "json") || strings.Contains(kind, "xml")
}

// Gzip compresses b at a level of compress/gzip.
func Gzip(b []byte, level int) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(out.Bytes()), nil
}
