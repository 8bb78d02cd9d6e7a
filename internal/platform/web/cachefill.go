package web

import (
	"context"
	"net/http"
	"time"
)

// flight is one rendering that others may wait for.
type flight struct {
	began time.Time
	done  chan struct{} // closed when entry and outcome are known
	entry *entry        // nil when the answer may not be kept
	down  bool          // the rendering failed with 5xx, or broke
}

// renderTimeout bounds a rendering whose reader may have left.
const renderTimeout = 30 * time.Second

// join returns the flight for key and whether the caller flies it.
func (c *PageCache) join(key pageKey) (f *flight, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.flights[key]; ok {
		return f, false
	}
	f = &flight{began: time.Now(), done: make(chan struct{})}
	c.flights[key] = f
	return f, true
}

// land tells those who wait how the flight ended. The page is stored before, so that nobody flies in between.
func (c *PageCache) land(key pageKey, f *flight, e *entry, down bool) {
	f.entry, f.down = e, down
	if e != nil {
		c.entries.Set(key, e)
	}
	c.mu.Lock()
	delete(c.flights, key)
	c.mu.Unlock()
	close(f.done)
}

// first renders a page that is not there. The answer goes to its reader as it is made when it may not be kept;
// whoever came meanwhile shares it when it may, and asks Next for himself when not.
func (c *PageCache) first(w http.ResponseWriter, r *http.Request, key pageKey) {
	f, mine := c.join(key)
	if !mine {
		select {
		case <-f.done:
		case <-r.Context().Done():
			return
		}
		if f.entry != nil {
			f.entry.serve(w, r)
			return
		}
		c.o.Next.ServeHTTP(w, r)
		return
	}
	version := c.version.Load()
	rec := &recorder{header: http.Header{}}
	landed := false
	rec.release = func() {
		landed = true
		c.land(key, f, nil, false)
	}
	defer func() {
		if !landed { // Next panicked
			c.land(key, f, nil, true)
		}
	}()
	// The page is rendered as for any stranger. If it turns out not to be for everybody, a reader who asked for
	// nothing more has it already; one who did (another query, a range, a cookie) is answered from his own request.
	plain := r.Method == http.MethodGet && r.URL.RawQuery == key.query && !conditional(r.Header)
	if plain {
		rec.through = w
	}
	fill, cancel := fillRequest(r, key)
	defer cancel()
	c.o.Next.ServeHTTP(rec, fill)
	e := rec.entry(version)
	switch {
	case e != nil:
		landed = true
		c.land(key, f, e, false)
		e.serve(w, r)
	case plain:
		rec.pass() // unless it went by itself
	default:
		if !landed {
			rec.release()
		}
		c.o.Next.ServeHTTP(w, r)
	}
}

// particular are the fields by which one reader's answer may differ from another's.
var particular = []string{"If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range", "Cookie"}

func conditional(h http.Header) bool {
	for _, name := range particular {
		if len(h[name]) > 0 {
			return true
		}
	}
	return false
}

// again renders a page whose version has passed, and serves the old one when that fails or takes too long.
func (c *PageCache) again(w http.ResponseWriter, r *http.Request, key pageKey, old *entry) {
	f, mine := c.join(key)
	if mine {
		// The page may have been stored between the look and the join.
		if e, ok := c.entries.GetIfPresent(key); ok && e.version == c.version.Load() {
			c.land(key, f, e, false)
		} else {
			fill, cancel := fillRequest(r, key)
			go func() {
				defer cancel()
				c.refresh(fill, key, f)
			}()
		}
	}
	wait := time.NewTimer(max(0, c.o.Patience-time.Since(f.began)))
	defer wait.Stop()
	select {
	case <-f.done:
	case <-wait.C:
		old.serve(w, r)
		return
	case <-r.Context().Done():
		return
	}
	switch {
	case f.entry != nil:
		f.entry.serve(w, r)
	case f.down:
		old.serve(w, r)
	default: // no longer a page for everybody: moved for a while, hidden, deleted
		c.o.Next.ServeHTTP(w, r)
	}
}

// refresh renders key into memory alone.
func (c *PageCache) refresh(fill *http.Request, key pageKey, f *flight) {
	version := c.version.Load()
	rec := &recorder{header: http.Header{}}
	defer func() {
		if p := recover(); p != nil {
			c.o.Log.Error("page not rendered", "path", key.path, "panic", p)
			c.land(key, f, nil, true)
			return
		}
		e := rec.entry(version)
		down := e == nil && (rec.status == 0 || rec.status >= 500)
		if e == nil && !down {
			c.entries.Invalidate(key)
		}
		c.land(key, f, e, down)
	}()
	c.o.Next.ServeHTTP(rec, fill)
}

// fillRequest is r as any stranger would make it: a GET for the whole, plain page, that the reader's leaving does
// not stop, with no query but those of the key.
func fillRequest(r *http.Request, key pageKey) (*http.Request, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), renderTimeout)
	f := r.Clone(ctx)
	f.Method = http.MethodGet
	f.Body = http.NoBody
	f.ContentLength = 0
	f.URL.RawQuery = key.query
	for _, name := range particular {
		delete(f.Header, name)
	}
	return f, cancel
}
