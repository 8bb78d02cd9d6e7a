package pagecache

import (
	"context"
	"net/http"
	"time"
)

// rendering is one page being made, for which others may wait.
type rendering struct {
	began   time.Time
	site    uint64            // Cache.site then
	dropped map[string]uint32 // topics since, and what became of what depends on them; guarded by Cache.mu
	done    chan struct{}     // closed when the rest is known
	entry   *entry            // nil when the answer may not be kept
	failed  bool              // by an outage, or a panic
	void    bool              // what it shows was withdrawn meanwhile
}

// renderTimeout bounds a rendering whose reader may have left.
const renderTimeout = 30 * time.Second

// render returns the rendering of k that is in flight, or begins one, which is the caller's to finish.
func (c *Cache) render(k key) (r *rendering, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := c.inFlight[k]; ok {
		return r, false
	}
	r = &rendering{began: time.Now(), site: c.site.Load(), dropped: map[string]uint32{}, done: make(chan struct{})}
	c.inFlight[k] = r
	c.making[r] = struct{}{}
	return r, true
}

// forget takes a rendering out of those that have not ended. c.mu is held.
func (c *Cache) forget(k key, r *rendering) {
	delete(c.making, r)
	if c.inFlight[k] == r { // it may not be shared any more, and another be there
		delete(c.inFlight, k)
	}
}

// finish tells those who wait how the rendering ended. The page is stored before, so that no second rendering starts
// between.
func (c *Cache) finish(k key, r *rendering, e *entry, failed bool) {
	c.made.Add(1)
	if failed {
		c.failed.Store(time.Now().UnixNano())
	}
	if e != nil && !c.store(k, r, e) {
		e, r.void = nil, true
	}
	r.entry, r.failed = e, failed
	c.mu.Lock()
	c.forget(k, r)
	c.mu.Unlock()
	close(r.done)
}

// store keeps a page, unless it was withdrawn meanwhile. Its topics are listed first, so that what is dropped meanwhile
// finds it.
func (c *Cache) store(k key, r *rendering, e *entry) bool {
	e.site = r.site
	missing := e.status == http.StatusNotFound
	if missing {
		e.expires = c.o.Clock.Now().Add(c.o.MissingFor)
	}
	c.mu.Lock()
	kept := c.list(e, r)
	c.mu.Unlock()
	switch {
	case !kept:
		return false
	case missing:
		c.absent.Store(e)
		c.pages.Invalidate(k)
		c.missing.Set(k, e)
	default:
		c.pages.Set(k, e)
	}
	return true
}

// serve answers with a page that was waited for, unless it was withdrawn.
func (c *Cache) serve(w http.ResponseWriter, r *http.Request, e *entry) bool {
	if c.withdrawn(e) {
		return false
	}
	e.serve(w, r)
	return true
}

// first renders a page that is not there. The answer goes to its reader as it is made when it may not be kept;
// whoever came meanwhile shares it when it may, and asks Next for himself when not.
func (c *Cache) first(w http.ResponseWriter, r *http.Request, k key) (answered bool) {
	made, mine := c.render(k)
	if !mine {
		select {
		case <-made.done:
		case <-r.Context().Done():
			return true
		}
		switch {
		case made.void:
			return false
		case made.entry != nil:
			return c.serve(w, r, made.entry)
		}
		c.o.Next.ServeHTTP(w, r)
		return true
	}
	rec := &recorder{header: http.Header{}, like: c.absent.Load()}
	finished := false
	rec.release = func() {
		finished = true
		c.finish(k, made, nil, false)
	}
	defer func() {
		if !finished { // Next panicked
			c.finish(k, made, nil, true)
		}
	}()
	// The page is rendered as for any stranger. If it turns out not to be for everybody, a reader who asked for
	// nothing more has it already; one who did (another query, a range, a cookie) is answered from his own request.
	plain := r.Method == http.MethodGet && r.URL.RawQuery == k.query && !particularly(r.Header)
	if plain {
		rec.through = w
	}
	fill, cancel := c.fillRequest(r, k)
	defer cancel()
	c.o.Next.ServeHTTP(rec, fill)
	e := rec.entry()
	switch {
	case e != nil:
		finished = true
		c.finish(k, made, e, false)
		return !made.void && c.serve(w, r, e)
	case plain:
		rec.pass() // unless it went by itself
	default:
		if !finished {
			rec.release()
		}
		c.o.Next.ServeHTTP(w, r)
	}
	return true
}

// particular are the fields by which one reader's answer may differ from another's.
var particular = []string{"If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range", "Range", "Cookie"}

func particularly(h http.Header) bool {
	for _, name := range particular {
		if len(h[name]) > 0 {
			return true
		}
	}
	return false
}

// again renders a page that is old, and serves the one there was when that fails or takes too long.
func (c *Cache) again(w http.ResponseWriter, r *http.Request, k key, was *entry) (answered bool) {
	if c.down() {
		return c.serve(w, r, was)
	}
	made, mine := c.render(k)
	if mine {
		// The page may have been stored between the look and the rendering.
		if e, ok := c.pages.GetIfPresent(k); ok && c.fresh(e) {
			c.mu.Lock()
			c.forget(k, made)
			c.mu.Unlock()
			made.entry = e
			close(made.done)
		} else {
			fill, cancel := c.fillRequest(r, k)
			go func() {
				defer cancel()
				c.refresh(fill, k, made)
			}()
		}
	}
	wait := time.NewTimer(max(0, c.o.Patience-time.Since(made.began)))
	defer wait.Stop()
	select {
	case <-made.done:
	case <-wait.C:
		return c.serve(w, r, was)
	case <-r.Context().Done():
		return true
	}
	switch {
	case made.void:
		return false
	case made.entry != nil:
		return c.serve(w, r, made.entry)
	case made.failed:
		return c.serve(w, r, was)
	}
	c.o.Next.ServeHTTP(w, r) // no longer a page for everybody: moved for a while, hidden
	return true
}

// refresh renders k into memory alone.
func (c *Cache) refresh(fill *http.Request, k key, made *rendering) {
	rec := &recorder{header: http.Header{}, like: c.absent.Load(), renews: true}
	defer func() {
		if p := recover(); p != nil {
			c.o.Log.Error("page not rendered", "path", k.path, "panic", p)
			c.finish(k, made, nil, true)
			return
		}
		e := rec.entry()
		failed := e == nil && (rec.status == 0 || rec.outage)
		if e == nil && !failed {
			c.pages.Invalidate(k)
		}
		c.finish(k, made, e, failed)
	}()
	c.o.Next.ServeHTTP(rec, fill)
}

// fillRequest is r as any stranger would make it: a GET for the whole, plain page at the host that k names, that the
// reader's leaving does not stop, with no query but those of k.
func (c *Cache) fillRequest(r *http.Request, k key) (*http.Request, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), renderTimeout)
	f := r.Clone(ctx)
	f.Method = http.MethodGet
	f.Body = http.NoBody
	f.ContentLength = 0
	f.URL.RawQuery = k.query
	if c.o.Host != nil {
		f.Host = k.host
	}
	for _, name := range particular {
		delete(f.Header, name)
	}
	return f, cancel
}
