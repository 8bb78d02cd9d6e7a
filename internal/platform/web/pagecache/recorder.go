package pagecache

import (
	"bytes"
	"net/http"
	"slices"
)

// recorder takes an answer for the cache. What may not be kept goes through to its reader, if there is one, as
// soon as that is known.
type recorder struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	marked  bool
	outage  bool
	topics  []string
	like    *entry              // one that looks the same, perhaps
	through http.ResponseWriter // nil when only the cache wants it
	passing bool
	renews  bool
	release func() // called once, before passing begins
}

// MarkCacheable, MarkOutage, DependsOn, Keeping and Renews are what package web asks of a writer that keeps pages.
func (rec *recorder) MarkCacheable() { rec.marked = true }

// MarkOutage says that the answer is not meant: the page there was may be served in its stead.
func (rec *recorder) MarkOutage() { rec.outage = true }

// DependsOn declares topics of the page. Site is every page's, but a page that names it alone depends on nothing else.
func (rec *recorder) DependsOn(topics ...string) {
	for _, topic := range topics {
		if !slices.Contains(rec.topics, topic) {
			rec.topics = append(rec.topics, topic)
		}
	}
}

// Keeping reports whether what is written now is kept.
func (rec *recorder) Keeping() bool { return rec.marked && !rec.passing }

// Renews reports whether nobody in particular asks: the page is known, and something on it changed.
func (rec *recorder) Renews() bool { return rec.renews }

// Header returns the header of the answer.
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

// WriteHeader notes the status. It is the moment at which what may not be kept begins to pass.
func (rec *recorder) WriteHeader(status int) {
	if rec.status != 0 || status < 200 {
		return
	}
	rec.status = status
	if !rec.mayKeep() {
		rec.pass()
	}
}

// Write keeps b, or passes it on.
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
	case http.StatusOK, http.StatusMovedPermanently, http.StatusNotFound, http.StatusGone:
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
