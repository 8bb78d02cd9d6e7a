package pagecache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"causerie/internal/platform/web/httpenc"
)

// What became of a page, or of a rendering, the worst last.
const (
	fresh     uint32 = iota
	aged             // one of its topics was dropped: it is rendered again, and served while that cannot be done
	withdrawn        // it is not served again
)

// entry is a kept page, shared by all who read it. Nothing in it changes but state.
type entry struct {
	site     uint64 // Cache.site when its rendering began
	state    atomic.Uint32
	topics   []string  // each once
	expires  time.Time // of a page that is not there
	status   int
	modified time.Time // zero when the page does not say
	plain    variant
	gzip     variant // body nil when it would not be smaller
}

// header is one field with its values ready for the header map.
type header struct {
	name   string
	values []string
}

// variant is a page in one encoding. Its headers are ready for the header map of an answer; nobody changes them.
type variant struct {
	etag    string
	headers []header // with Content-Length
	brief   []header // for 304
	body    []byte
}

// worsen makes e what became of it, unless it is worse already. Cache.mu is held.
func (e *entry) worsen(state uint32) { e.state.Store(max(e.state.Load(), state)) }

const (
	entryOverhead = 1500 // bytes that an entry costs beside its bodies, roughly
	topicOverhead = 100  // and for each topic
)

func (e *entry) weight(k key) uint32 {
	return uint32(len(e.plain.body) + len(e.gzip.body) + len(k.host) + len(k.path) + len(k.query) + entryOverhead + topicOverhead*len(e.topics))
}

// serve writes the page to one reader.
func (e *entry) serve(w http.ResponseWriter, r *http.Request) {
	v := &e.plain
	if e.gzip.body != nil && httpenc.AcceptsGzip(r.Header) {
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
		return httpenc.Matches(tags, v.etag)
	}
	if since := h["If-Modified-Since"]; len(since) > 0 && !e.modified.IsZero() {
		t, err := http.ParseTime(since[0])
		return err == nil && !e.modified.Truncate(time.Second).After(t)
	}
	return false
}

// entry makes what is kept of a finished answer; nil when it may not be.
func (rec *recorder) entry() *entry {
	if rec.status == 0 || rec.passing || !rec.mayKeep() {
		return nil
	}
	e := &entry{status: rec.status, topics: rec.topics}
	if len(e.topics) == 0 {
		e.topics = []string{anything}
	}
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
	if like := rec.like; like != nil && e.status == like.status && e.plain.same(&like.plain) {
		e.plain, e.gzip = like.plain, like.gzip
		return e
	}
	if len(body) > 300 && httpenc.Compressible(h.Get("Content-Type")) {
		if gz, err := httpenc.Gzip(body, 6); err == nil && len(gz) < len(body) {
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

// same reports whether two variants are one: their bodies, which the tags name, and their headers.
func (v *variant) same(o *variant) bool {
	return v.etag == o.etag && slices.EqualFunc(v.headers, o.headers, func(a, b header) bool {
		return a.name == b.name && slices.Equal(a.values, b.values)
	})
}
