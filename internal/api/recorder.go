package api

import (
	"bytes"
	"net/http"
)

// recorder holds an answer until it is whole: it is sent, or kept under an Idempotency-Key, or given up for a problem.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (o *recorder) Header() http.Header { return o.header }

func (o *recorder) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
}

func (o *recorder) Write(b []byte) (int, error) {
	o.WriteHeader(http.StatusOK)
	return o.body.Write(b)
}

func (o *recorder) send(w http.ResponseWriter) {
	head := w.Header()
	for name, values := range o.header {
		head[name] = values
	}
	if head.Get("Cache-Control") == "" {
		head.Set("Cache-Control", "no-store")
	}
	head.Set("X-Robots-Tag", "noindex")
	o.WriteHeader(http.StatusOK)
	w.WriteHeader(o.status)
	_, _ = w.Write(o.body.Bytes()) // nobody is left to tell
}
