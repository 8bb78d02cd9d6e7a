package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// PageCacheOptions are what a PageCache needs.
type PageCacheOptions struct {
	Next          http.Handler
	Version       func(ctx context.Context) (int64, error) // the version of all that the public sees
	Every         time.Duration                            // how often Run asks for it; 0 is 200 ms
	MaxBytes      int64                                    // of pages kept; 0 is 64 MiB
	Queries       []string                                 // parameters that change a page; nil is page, said, q
	SessionCookie string                                   // readers who carry it are not strangers; "" is SessionCookie
	Skip          func(path string) bool                   // paths that are never public pages; nil is /app, /api, /assets...
	Patience      time.Duration                            // how long a reader waits for a new page when there is an old one; 0 is 1 s
	Log           *slog.Logger
}

// PageCache answers strangers from memory, before mux, sessions and log.
//
// A page is kept when its handler said Cacheable, its status is 200, 301 or 410 and it sets no cookie, under its
// host, its path and the few queries that change pages. It is kept as the very bytes and headers that leave,
// plain and gzipped, with a strong ETag. It is good as long as the version that was known before it was rendered
// is the present one; then it is rendered again, once for all who wait. While that fails or takes longer than
// Patience, readers get the page there was: so the site stays up while the database does not. A page that was
// never rendered shows what Next says, an honest 503 most likely.
//
// Requests that are not for everybody go straight to Next: other methods than GET and HEAD, a session cookie, an
// Authorization, an Accept that asks for JSON (a post's address also answers the fediverse).
type PageCache struct {
	o       PageCacheOptions
	version atomic.Int64
	entries *otter.Cache[pageKey, *entry]

	mu      sync.Mutex
	flights map[pageKey]*flight
}

// pageKey names a page. The three are kept apart, so that the plain case needs no new string.
type pageKey struct{ host, path, query string }

// maxPage is the largest page kept; whatever is larger is passed on.
const maxPage = 4 << 20

// maxQuery bounds the value of a parameter that may name a page.
const maxQuery = 100

// versionTimeout bounds one question for the version, so that a database that hangs is noticed and logged.
const versionTimeout = 5 * time.Second

// NewPageCache returns an empty cache that knows no version; call Check or Run.
func NewPageCache(o PageCacheOptions) *PageCache {
	if o.Every <= 0 {
		o.Every = 200 * time.Millisecond
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 64 << 20
	}
	if o.Queries == nil {
		o.Queries = []string{"page", "said", "q"}
	}
	if o.SessionCookie == "" {
		o.SessionCookie = sessionCookie
	}
	if o.Skip == nil {
		o.Skip = notPublic
	}
	if o.Patience <= 0 {
		o.Patience = time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &PageCache{o: o, flights: map[pageKey]*flight{}, entries: otter.Must(&otter.Options[pageKey, *entry]{
		MaximumWeight: uint64(o.MaxBytes),
		Weigher:       func(k pageKey, e *entry) uint32 { return e.weight(k) },
	})}
}

// notPublic reports whether nothing under path is a public page.
func notPublic(path string) bool {
	if len(path) < 4 {
		return false
	}
	first, _, _ := strings.Cut(path[1:], "/")
	switch first {
	case "app", "api", "assets", "media", "setup", "healthz", "readyz", "metrics":
		return true
	}
	return false
}

// Check asks for the version now. An error keeps what is known.
func (c *PageCache) Check(ctx context.Context) error {
	v, err := c.o.Version(ctx)
	if err != nil {
		return err
	}
	c.version.Store(v)
	return nil
}

// Run asks for the version again and again until ctx ends, and returns nil. It logs the first error of a series
// and its end.
func (c *PageCache) Run(ctx context.Context) error {
	tick := time.NewTicker(c.o.Every)
	defer tick.Stop()
	down := false
	for {
		asking, cancel := context.WithTimeout(ctx, versionTimeout)
		err := c.Check(asking)
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !down:
			c.o.Log.WarnContext(ctx, "site version not read; pages are kept as they are", "error", err)
		case err == nil && down:
			c.o.Log.InfoContext(ctx, "site version read again")
		}
		down = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// ServeHTTP answers from memory, or fills it.
func (c *PageCache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !c.public(r) {
		c.o.Next.ServeHTTP(w, r)
		return
	}
	key := pageKey{r.Host, r.URL.Path, ""}
	if r.URL.RawQuery != "" {
		query, ok := c.query(r.URL.RawQuery)
		if !ok {
			c.o.Next.ServeHTTP(w, r)
			return
		}
		key.query = query
	}
	e, ok := c.entries.GetIfPresent(key)
	if ok && e.version == c.version.Load() {
		e.serve(w, r)
		return
	}
	if ok {
		c.again(w, r, key, e)
		return
	}
	c.first(w, r, key)
}

// public reports whether everybody gets the same answer to r.
func (c *PageCache) public(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	for _, cookies := range r.Header["Cookie"] {
		if strings.Contains(cookies, c.o.SessionCookie) {
			return false
		}
	}
	for _, accept := range r.Header["Accept"] {
		if strings.Contains(accept, "json") {
			return false
		}
	}
	return len(r.Header["Authorization"]) == 0 && !c.o.Skip(r.URL.Path)
}

// query keeps the parameters that change pages, in the order of Options.Queries. ok is false when one is too
// long to name a page.
func (c *PageCache) query(raw string) (kept string, ok bool) {
	q, err := url.ParseQuery(raw)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	for _, name := range c.o.Queries {
		v := q.Get(name)
		if v == "" {
			continue
		}
		if len(v) > maxQuery {
			return "", false
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(v))
	}
	return b.String(), true
}
