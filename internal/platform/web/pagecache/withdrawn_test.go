package pagecache_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
)

// An answer that is meant is an answer, whatever its status: only an outage is covered by the page there was.
func TestAMeant503IsNotCovered(t *testing.T) {
	t.Parallel()
	for _, drop := range [][]string{{pagecache.Site}, {pagecache.Withdrawn, pagecache.Site}, {"post:1"}} {
		s := newSite(t, nil)
		res, _ := s.get(t, "/a")
		tag := res.Header.Get("Etag")
		s.text.Store("closed")
		s.status.Store(503)
		s.Drop(drop...)
		for range 2 {
			for _, change := range []func(*http.Request){with("X-Any", ""), with("If-None-Match", tag), with("If-None-Match", "*"),
				with("Accept-Encoding", "gzip"), with("Range", "bytes=0-10"), with("If-Modified-Since", "Mon, 16 Nov 2099 07:31:00 GMT")} {
				if res, got := s.get(t, "/a", change); res.StatusCode != 503 || !strings.HasPrefix(got, "closed") {
					t.Errorf("after %q: %d %.40s", drop, res.StatusCode, got)
				}
			}
			if res := do(s, ask("HEAD", "/a", "")); res.StatusCode != 503 {
				t.Errorf("after %q: HEAD %d", drop, res.StatusCode)
			}
		}
	}
}

// What was withdrawn does not come back when the database goes down afterwards, nor when it was old before.
func TestWhatWasWithdrawnIsNotServedDuringAnOutage(t *testing.T) {
	t.Parallel()
	for _, drops := range [][][]string{
		{{pagecache.Withdrawn, pagecache.Site}},
		{{"post:1", pagecache.Withdrawn}},
		{{"post:1"}, {"post:1", pagecache.Withdrawn}},
		{{pagecache.Site}, {"post:1", pagecache.Withdrawn}},
		{{"post:1"}, {pagecache.Site, pagecache.Withdrawn}, {"post:1"}},
	} {
		s := newSite(t, nil)
		s.get(t, "/a")
		s.get(t, "/gone")
		s.status.Store(503)
		s.outage.Store(true)
		for _, topics := range drops {
			s.Drop(topics...)
		}
		s.Doubt()
		if res, got := s.get(t, "/a", with("If-None-Match", "*")); res.StatusCode != 503 {
			t.Errorf("after %q: %d %.20s", drops, res.StatusCode, got)
		}
	}
	s := newSite(t, nil)
	s.get(t, "/a")
	s.status.Store(503)
	s.outage.Store(true)
	s.Drop("post:1")
	if res, _ := s.get(t, "/a"); res.StatusCode != 200 {
		t.Errorf("what was merely changed is not served during an outage: %d", res.StatusCode)
	}
}

// A page that is being rendered while it is withdrawn is neither kept, nor shown to those who wait for it, nor shared with
// those who come.
func TestARenderingInFlightIsWithdrawnToo(t *testing.T) {
	t.Parallel()
	for _, topics := range [][]string{{pagecache.Site, pagecache.Withdrawn}, {"post:1", pagecache.Withdrawn}} {
		for _, seen := range []bool{false, true} {
			var closed atomic.Bool
			read, goOn := make(chan bool, 100), make(chan bool)
			hold := make(chan bool, 1) // who takes it waits between reading and writing
			c := pagecache.New(pagecache.Options{SessionCookie: web.SessionCookie, Next: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				open := !closed.Load()
				select {
				case <-hold:
					read <- open
					<-goOn
				default:
				}
				if !open {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				web.Cacheable(w)
				_, _ = w.Write([]byte("a page"))
			})})
			get := func() int { return do(c, ask("GET", "/a", "")).StatusCode }
			if seen {
				get()
				c.Drop("post:1")
			}
			hold <- true
			first := make(chan int)
			for range 2 { // the second shares the rendering of the first, or comes too late for it
				go func() { first <- get() }()
			}
			<-read
			closed.Store(true)
			c.Drop(topics...)
			if status := get(); status != http.StatusServiceUnavailable {
				t.Errorf("%q, seen before %v: who came afterwards got %d", topics, seen, status)
			}
			close(goOn)
			for range 2 {
				if status := <-first; status != http.StatusServiceUnavailable {
					t.Errorf("%q, seen before %v: who waited got %d", topics, seen, status)
				}
			}
			if status := get(); status != http.StatusServiceUnavailable {
				t.Errorf("%q, seen before %v: the withdrawn page was kept: %d", topics, seen, status)
			}
		}
	}
}

// Who cannot hear what changed asks again; what cannot be asked is served as it was, and asked once a second only.
func TestInDoubtPagesAreAskedAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.get(t, "/a")
	s.text.Store("second")
	s.Doubt()
	if _, got := s.get(t, "/a"); !strings.HasPrefix(got, "second") {
		t.Errorf("in doubt: %.20s", got)
	}
	s.Doubt()
	s.status.Store(503)
	s.outage.Store(true)
	before := s.renders.Load()
	for range 100 {
		s.Doubt()
		if res, got := s.get(t, "/a"); res.StatusCode != 200 || !strings.HasPrefix(got, "second") {
			t.Fatalf("in doubt, while nothing answers: %d %.20s", res.StatusCode, got)
		}
	}
	if made := s.renders.Load() - before; made > 50 {
		t.Errorf("rendered %d times in vain", made)
	}
}
