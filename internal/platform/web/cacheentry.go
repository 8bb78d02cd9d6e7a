package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// entry is a kept page: immutable, shared by all who read it.
type entry struct {
	version  int64
	status   int
	modified time.Time // zero when the page does not say
	plain    variant
	gzip     variant // body nil when it would not be smaller
}

// variant is a page in one encoding. Its headers are ready for the header map of an answer; nobody changes them.
type variant struct {
	etag    string
	headers []header // with Content-Length
	brief   []header // for 304
	body    []byte
}

// entryOverhead is what an entry costs beside its bodies, roughly.
const entryOverhead = 1500

func (e *entry) weight(k pageKey) uint32 {
	return uint32(len(e.plain.body) + len(e.gzip.body) + len(k.host) + len(k.path) + len(k.query) + entryOverhead)
}

// serve writes the page to one reader.
func (e *entry) serve(w http.ResponseWriter, r *http.Request) {
	v := &e.plain
	if e.gzip.body != nil && acceptsGzip(r.Header) {
		v = &e.gzip
	}
	h := w.Header()
	if e.status == http.StatusOK && e.unchanged(r.Header, v) {
		for i := range v.brief {
			h[v.brief[i].name] = v.brief[i].values
		}
		w.WriteHeader(http.StatusNotModified)
		return
	}
	for i := range v.headers {
		h[v.headers[i].name] = v.headers[i].values
	}
	w.WriteHeader(e.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(v.body) // the reader left
	}
}

// unchanged applies the preconditions of RFC 9110, section 13.2.2: If-None-Match, and If-Modified-Since without it.
func (e *entry) unchanged(h http.Header, v *variant) bool {
	if tags := h["If-None-Match"]; len(tags) > 0 {
		return etagMatches(tags, v.etag)
	}
	if since := h["If-Modified-Since"]; len(since) > 0 && !e.modified.IsZero() {
		t, err := http.ParseTime(since[0])
		return err == nil && !e.modified.Truncate(time.Second).After(t)
	}
	return false
}

// Cacheable says that the answer about to be written is the same for everybody, so that the page cache may keep
// it. Call it before writing. Where no cache stands before (a signed-in reader, a test) it does nothing.
func Cacheable(w http.ResponseWriter) {
	for {
		if m, ok := w.(interface{ markCacheable() }); ok {
			m.markCacheable()
			return
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return
		}
		w = u.Unwrap()
	}
}

// kept reports whether the answer written to w goes to the page cache, which compresses better, and once.
func kept(w http.ResponseWriter) bool {
	for {
		if rec, ok := w.(*recorder); ok {
			return rec.marked && !rec.passing
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = u.Unwrap()
	}
}

// recorder takes an answer for the cache. What may not be kept goes through to its reader, if there is one, as
// soon as that is known.
type recorder struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	marked  bool
	through http.ResponseWriter // nil when only the cache wants it
	passing bool
	release func() // called once, before passing begins
}

func (rec *recorder) markCacheable()      { rec.marked = true }
func (rec *recorder) Header() http.Header { return rec.header }

// FlushError sends what has been written, unless it is still being kept.
func (rec *recorder) FlushError() error {
	if !rec.passing || rec.through == nil {
		return nil
	}
	return http.NewResponseController(rec.through).Flush()
}

// Unwrap gives http.ResponseController the reader's connection when there is one.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.through }

func (rec *recorder) WriteHeader(status int) {
	if rec.status != 0 || status < 200 {
		return
	}
	rec.status = status
	if !rec.mayKeep() {
		rec.pass()
	}
}

func (rec *recorder) Write(b []byte) (int, error) {
	if rec.status == 0 {
		rec.WriteHeader(http.StatusOK)
	}
	if rec.passing {
		if rec.through == nil {
			return len(b), nil
		}
		return rec.through.Write(b)
	}
	n, err := rec.body.Write(b)
	if rec.body.Len() > maxPage {
		rec.marked = false
		rec.pass()
	}
	return n, err
}

func (rec *recorder) mayKeep() bool {
	if !rec.marked || len(rec.header["Set-Cookie"]) > 0 || rec.header.Get("Content-Encoding") != "" {
		return false
	}
	switch rec.status {
	case http.StatusOK, http.StatusMovedPermanently, http.StatusGone:
		return true
	}
	return false
}

// pass sends on what there is; what follows is sent as it comes.
func (rec *recorder) pass() {
	if rec.passing {
		return
	}
	rec.passing = true
	if rec.release != nil {
		rec.release()
	}
	if rec.through == nil {
		rec.body.Reset()
		return
	}
	h := rec.through.Header()
	for k, v := range rec.header {
		h[k] = v
	}
	if rec.status != 0 {
		rec.through.WriteHeader(rec.status)
	}
	if rec.body.Len() > 0 {
		_, _ = rec.through.Write(rec.body.Bytes()) // the reader left
		rec.body.Reset()
	}
}

// entry makes what is kept of a finished answer; nil when it may not be.
func (rec *recorder) entry(version int64) *entry {
	if rec.status == 0 || rec.passing || !rec.mayKeep() {
		return nil
	}
	e := &entry{version: version, status: rec.status}
	h := rec.header.Clone()
	for _, own := range []string{"Content-Length", "Date", "Connection", "X-Request-Id", "Etag"} {
		h.Del(own)
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache") // keep it, but ask whether it is still good
	}
	if !slices.ContainsFunc(h.Values("Vary"), func(v string) bool { return strings.Contains(v, "Accept-Encoding") }) {
		h.Add("Vary", "Accept-Encoding")
	}
	if t, err := http.ParseTime(h.Get("Last-Modified")); err == nil {
		e.modified = t
	}
	body := bytes.Clone(rec.body.Bytes())
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:8])
	e.plain = newVariant(h, `"`+tag+`"`, "", body)
	if len(body) > 300 && compressible(h.Get("Content-Type")) {
		if gz, err := gzipped(body, 6); err == nil && len(gz) < len(body) {
			e.gzip = newVariant(h, `"`+tag+`-gz"`, "gzip", gz)
		}
	}
	return e
}

// newVariant fixes the headers of a page in one encoding. Values have no room to grow, so that whoever adds to
// one copies it.
func newVariant(h http.Header, etag, encoding string, body []byte) variant {
	v := variant{etag: etag, body: body}
	add := func(name string, values []string, brief bool) {
		one := header{name, slices.Clip(slices.Clone(values))}
		v.headers = append(v.headers, one)
		if brief {
			v.brief = append(v.brief, one)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		add(name, h[name], name != "Content-Type")
	}
	add("Etag", []string{etag}, true)
	add("Content-Length", []string{strconv.Itoa(len(body))}, false)
	if encoding != "" {
		add("Content-Encoding", []string{encoding}, false)
	}
	return v
}
