package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// onceField carries the key of a form.
const onceField = "form_key"

const (
	maxOnceKey  = 64 // bytes of a key
	keepReplies = 10 * time.Minute
	maxReplies  = 200 // that are kept; nearly all are redirects
)

// ErrTaken is what a write answers whose form was taken before, by another process or before a restart.
var ErrTaken = errors.New("web: the form was taken before")

// Taken remembers forms that were taken, beyond a restart and for every process.
type Taken interface {
	// Claim returns a context in which the first write that succeeds takes key, or fails with ErrTaken; done reports whether it did.
	Claim(ctx context.Context, key string) (with context.Context, done func() bool)
	// Look reports whether key was taken, and where its answer led: "" as long as that is not known, or for a page.
	Look(ctx context.Context, key string) (path string, taken bool, err error)
	// Settle keeps where the answer led.
	Settle(ctx context.Context, key, path string) error
	// Release gives key back: nothing was made after all.
	Release(ctx context.Context, key string) error
}

// onces has a form that was sent twice do its work once: a double press, a reload, an impatient telephone. The form carries a key
// ({{once}}), and its route says Once. The same words under the same key are one; other words under it, when somebody came back and
// typed, are another form.
type onces struct {
	taken   Taken // nil: only this process remembers
	mu      sync.Mutex
	busy    map[string]chan struct{}
	replies *otter.Cache[string, *reply]
}

// reply is what the first of equal forms was answered.
type reply struct {
	header http.Header
	status int
	body   []byte
	at     time.Time
}

func newOnces(t Taken) *onces {
	return &onces{taken: t, busy: map[string]chan struct{}{}, replies: otter.Must(&otter.Options[string, *reply]{MaximumSize: maxReplies})}
}

// formKey is the hidden field of a form that is to be taken once. Public pages are the same for everybody and have none.
func formKey() template.HTML {
	return template.HTML(`<input type="hidden" name="` + onceField + `" value="` + rand.Text() + `">`) // letters and digits
}

// onceKey names what r asks; "" when its form carries no key.
func (r *Request) onceKey() (string, error) {
	f, err := r.Form()
	if err != nil {
		return "", err
	}
	if key := f.Raw(onceField); key == "" || len(key) > maxOnceKey {
		return "", nil
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%d\n%s %s\n%s\n", r.Actor().Account, r.Method, r.URL.RequestURI(), f.values.Encode())
	for _, field := range slices.Sorted(maps.Keys(f.files)) {
		for _, h := range f.files[field] {
			fmt.Fprintf(sum, "%q %q %d\n", field, h.Filename, h.Size)
		}
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)), nil
}

// hold waits until no other request works under key. The answer of one that succeeded meanwhile, or lately, is returned instead.
func (o *onces) hold(ctx context.Context, key string, now time.Time) (*reply, error) {
	for {
		o.mu.Lock()
		if kept, ok := o.replies.GetIfPresent(key); ok && now.Sub(kept.at) < keepReplies {
			o.mu.Unlock()
			return kept, nil
		}
		wait, busy := o.busy[key]
		if !busy {
			o.busy[key] = make(chan struct{})
			o.mu.Unlock()
			return nil, nil
		}
		o.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (o *onces) release(key string, answered *reply) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if answered != nil {
		o.replies.Set(key, answered)
	}
	close(o.busy[key])
	delete(o.busy, key)
}

// once answers r by handle, or as the form was answered when it came before.
func (ro *Router) once(w http.ResponseWriter, r *Request, handle Handler) error {
	key, err := r.onceKey()
	if err != nil {
		return err
	}
	if key == "" {
		return handle(w, r)
	}
	kept, err := ro.onces.hold(r.Context(), key, r.now)
	if err != nil {
		return err
	}
	if kept != nil {
		return kept.send(w)
	}
	var answered *reply
	defer func() { ro.onces.release(key, answered) }()
	if ro.onces.taken == nil {
		answered, err = ro.record(w, r, handle)
		return err
	}
	if path, taken, err := ro.onces.taken.Look(r.Context(), key); err != nil {
		return err
	} else if taken {
		return ro.again(w, r, key, path)
	}
	asked := r.Request
	ctx, done := ro.onces.taken.Claim(asked.Context(), key)
	r.Request = asked.WithContext(ctx)
	answered, err = ro.record(w, r, handle)
	r.Request = asked
	if errors.Is(err, ErrTaken) {
		return ro.again(w, r, key, "")
	}
	if !done() {
		answered = nil // nothing was made: the same may be asked again
		return err
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(asked.Context()), writeTimeout) // what is done is done, even when the caller left
	defer cancel()
	keep := func() error { return ro.onces.taken.Release(after, key) }
	if answered != nil {
		keep = func() error { return ro.onces.taken.Settle(after, key, cmp.Or(w.Header().Get("Location"), r.URL.Path)) }
	}
	if failed := keep(); failed != nil {
		ro.o.Log.WarnContext(after, "where a form led is not kept", "id", r.ref, "error", failed)
	}
	return err
}

// again leads to where the form led that was taken before: by another process, which may still be at it, or before a restart.
func (ro *Router) again(w http.ResponseWriter, r *Request, key, path string) error {
	for began := time.Now(); path == ""; {
		pause := time.NewTimer(100 * time.Millisecond)
		select {
		case <-pause.C:
		case <-r.Context().Done():
			pause.Stop()
			return r.Context().Err()
		}
		var taken bool
		var err error
		if path, taken, err = ro.onces.taken.Look(r.Context(), key); err != nil {
			return err
		}
		if !taken || time.Since(began) > 3*time.Second {
			path = r.URL.Path // it was refused there, or is taking long
		}
	}
	return r.Redirect(w, "", path)
}

// record has handle answer and passes the answer on; it is returned when it is no refusal.
func (ro *Router) record(w http.ResponseWriter, r *Request, handle Handler) (*reply, error) {
	rec := &recorder{ResponseWriter: w}
	if err := handle(rec, r); err != nil {
		return nil, err
	}
	if rec.status >= http.StatusBadRequest {
		return nil, nil
	}
	return &reply{header: w.Header().Clone(), status: rec.status, body: rec.body.Bytes(), at: r.now}, nil
}

// recorder keeps what passes.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// Unwrap lets http.ResponseController reach what is underneath.
func (o *recorder) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// WriteHeader sends the status.
func (o *recorder) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write sends bytes.
func (o *recorder) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	o.body.Write(b)
	return o.ResponseWriter.Write(b)
}

// send answers as the first form was answered.
func (a *reply) send(w http.ResponseWriter) error {
	id := w.Header().Get("X-Request-Id")
	maps.Copy(w.Header(), a.header.Clone())
	w.Header().Set("X-Request-Id", id)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the reader left
	return nil
}
