package web

import (
	"net/http"
	"strings"

	"causerie/internal/platform/fault"
)

// keeper is a writer that keeps what is written for other readers: that of package pagecache.
type keeper interface {
	MarkCacheable()
	MarkOutage()
	DependsOn(topics ...string)
	Keeping() bool // what is written now is kept
	Renews() bool  // a page that is known is made anew, once for all who read it
}

// keeperOf finds the keeper under w, nil when no page cache stands before (a signed-in reader, a test).
func keeperOf(w http.ResponseWriter) keeper {
	for {
		if k, ok := w.(keeper); ok {
			return k
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = u.Unwrap()
	}
}

// Cacheable says that the answer about to be written is the same for everybody, so that the page cache may keep
// it. Call it before writing. Where no cache stands before it does nothing.
func Cacheable(w http.ResponseWriter) {
	if k := keeperOf(w); k != nil {
		k.MarkCacheable()
	}
}

// isOutage reports whether f says that something does not work, and not how things are: readers may have the page there was
// before. A house that is closed is no outage.
func isOutage(f *fault.Error) bool {
	switch f.Kind {
	case fault.KindInternal:
		return true
	case fault.KindUnavailable:
		return strings.HasPrefix(f.Code, "database_") || f.Code == "disk_full" || f.Code == "timeout"
	}
	return false
}

// DependsOn declares topics of the answer: the page cache renders it again once one of them changed, and not before. An
// answer that may be kept and declares none depends on whatever changes.
func (r *Request) DependsOn(topics ...string) {
	if k := keeperOf(r.out); k != nil {
		k.DependsOn(topics...)
	}
}

// kept reports whether the answer written to w goes to the page cache, which compresses better, and once.
func kept(w http.ResponseWriter) bool {
	k := keeperOf(w)
	return k != nil && k.Keeping()
}
