package pagecache

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/web/httpenc"
)

// The topics that mean something here.
const (
	Site      = "site"      // every page depends on it
	Withdrawn = "withdrawn" // what depends on the topics dropped with it may not be read any more, not even while the database is down
)

// Options are what a Cache needs. Next and SessionCookie are required.
type Options struct {
	Next          http.Handler
	SessionCookie string // readers who carry it are not strangers

	// Host names the host of the house that a Host header asks for: one of few answers, whatever the header says. It is
	// asked at each request. nil: there is one host.
	Host    func(header string) string
	Queries []string // parameters that change a page; nil is page, q
	// Heeds reports whether the page at a path looks at one of Queries; nil: all do. What it does not look at makes no entry.
	Heeds      func(path, query string) bool
	Skip       func(path string) bool // paths that are never public pages; nil is /app, /api, /assets...
	MaxBytes   int64                  // of pages kept; 0 is 64 MiB
	MaxMissing int                    // pages that are not there, kept; 0 is 4,096
	MissingFor time.Duration          // how long each is kept; 0 is 30 s
	Patience   time.Duration          // how long a reader waits for a new page when there is an old one; 0 is 1 s
	Clock      clock.Clock
	Log        *slog.Logger
}

// Cache is the memory of one process. Its methods may be called from several goroutines.
type Cache struct {
	o       Options
	site    atomic.Uint64 // how often Site was dropped
	floor   atomic.Uint64 // its value when Site was withdrawn last
	doubted atomic.Int64  // when Doubt was called last, in nanoseconds
	failed  atomic.Int64  // when a rendering failed last
	made    atomic.Int64
	pages   *otter.Cache[key, *entry]
	missing *otter.Cache[key, *entry]
	absent  atomic.Pointer[entry] // the last page that was not there: all look alike, so they share their bytes

	mu       sync.Mutex
	inFlight map[key]*rendering             // those that who comes now may share
	making   map[*rendering]struct{}        // all that have not ended
	byTopic  map[string]map[*entry]struct{} // pages that are kept, old ones too
}

// key names a page. The three are kept apart, so that the plain case needs no new string.
type key struct{ host, path, query string }

const (
	maxPage  = 4 << 20 // bytes of a page; whatever is larger is passed on
	maxQuery = 100     // bytes of the value of a parameter that may name a page
)

// New returns an empty cache.
func New(o Options) *Cache {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 64 << 20
	}
	if o.MaxMissing <= 0 {
		o.MaxMissing = 4096
	}
	if o.MissingFor <= 0 {
		o.MissingFor = 30 * time.Second
	}
	if o.Queries == nil {
		o.Queries = []string{"page", "q"}
	}
	if o.Heeds == nil {
		o.Heeds = func(string, string) bool { return true }
	}
	if o.Skip == nil {
		o.Skip = notPublic
	}
	if o.Patience <= 0 {
		o.Patience = time.Second
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &Cache{o: o, inFlight: map[key]*rendering{}, making: map[*rendering]struct{}{}, byTopic: map[string]map[*entry]struct{}{}}
	gone := func(e otter.DeletionEvent[key, *entry]) { c.unlist(e.Value) }
	c.pages = otter.Must(&otter.Options[key, *entry]{
		MaximumWeight: uint64(o.MaxBytes), Weigher: func(k key, e *entry) uint32 { return e.weight(k) }, OnAtomicDeletion: gone,
	})
	c.missing = otter.Must(&otter.Options[key, *entry]{MaximumSize: o.MaxMissing, OnAtomicDeletion: gone})
	return c
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

// ServeHTTP answers from memory, or fills it.
func (c *Cache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = httpenc.WithoutFuture(r, c.o.Clock.Now())
	if !c.public(r) {
		c.o.Next.ServeHTTP(w, r)
		return
	}
	k := key{path: r.URL.Path}
	if c.o.Host != nil {
		k.host = c.o.Host(r.Host)
	}
	if r.URL.RawQuery != "" {
		query, ok := c.query(r.URL.Path, r.URL.RawQuery)
		if !ok {
			c.o.Next.ServeHTTP(w, r)
			return
		}
		k.query = query
	}
	for range maxTries {
		if c.answer(w, r, k) {
			return
		}
	}
	c.o.Next.ServeHTTP(w, r)
}

// maxTries is how often a reader waits for a page that is withdrawn while it is rendered.
const maxTries = 3

// answer serves k from memory, or fills it. It reports whether the reader has an answer: not when what they waited for was
// withdrawn meanwhile.
func (c *Cache) answer(w http.ResponseWriter, r *http.Request, k key) bool {
	e, ok := c.pages.GetIfPresent(k)
	if ok && c.fresh(e) {
		e.serve(w, r)
		return true
	}
	if ok && !c.withdrawn(e) {
		return c.again(w, r, k, e)
	}
	if e, ok := c.missing.GetIfPresent(k); ok && c.fresh(e) && c.o.Clock.Now().Before(e.expires) {
		e.serve(w, r)
		return true
	}
	return c.first(w, r, k)
}

// Renderings returns how many pages were rendered for memory so far.
func (c *Cache) Renderings() int64 { return c.made.Load() }

// fresh reports whether nothing that e depends on was dropped.
func (c *Cache) fresh(e *entry) bool { return e.site == c.site.Load() && e.state.Load() == fresh }

// withdrawn reports whether e may not be read any more.
func (c *Cache) withdrawn(e *entry) bool {
	return e.site < c.floor.Load() || e.state.Load() == withdrawn
}

// public reports whether everybody gets the same answer to r.
func (c *Cache) public(r *http.Request) bool {
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
func (c *Cache) query(path, raw string) (kept string, ok bool) {
	q, err := url.ParseQuery(raw)
	if err != nil || !httpenc.IsQueryText(raw) {
		return "", false
	}
	var b strings.Builder
	for _, name := range c.o.Queries {
		v := q.Get(name)
		if v == "" || !c.o.Heeds(path, name) {
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
