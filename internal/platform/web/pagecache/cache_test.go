package pagecache_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
)

// ask makes a request; each change may alter it.
func ask(method, target, body string, changes ...func(*http.Request)) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, c := range changes {
		c(r)
	}
	return r
}

func as(who string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: who}) }
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func do(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// site is a public site whose text and health a test changes.
type site struct {
	*pagecache.Cache
	text    atomic.Value // string
	status  atomic.Int64 // 0 means 200
	outage  atomic.Bool  // the status is not meant
	renders atomic.Int64
	hold    chan struct{} // when not nil, rendering waits for it
}

func newSite(t *testing.T, change func(*pagecache.Options)) *site {
	t.Helper()
	s := &site{}
	s.text.Store("first")
	o := pagecache.Options{Next: s.handler(), SessionCookie: web.SessionCookie}
	if change != nil {
		change(&o)
	}
	s.Cache = pagecache.New(o)
	return s
}

func (s *site) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.renders.Add(1)
		if s.hold != nil {
			<-s.hold
		}
		status := int(s.status.Load())
		if status == 0 {
			status = 200
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("X-Request-Id", "secret")
		switch r.URL.Path {
		case "/nothing":
			status = 404
		case "/private":
		case "/cookie":
			h.Set("Set-Cookie", "a=b")
			web.Cacheable(w)
		case "/modified":
			h.Set("Last-Modified", "Mon, 16 Nov 2026 07:31:00 GMT")
			web.Cacheable(w)
		case "/moved":
			h.Set("Location", "/elsewhere")
			status = 301
			web.Cacheable(w)
		case "/gone":
			status = 410
			web.Cacheable(w)
		default:
			web.Cacheable(w)
		}
		if k, ok := w.(interface{ MarkOutage() }); ok && s.outage.Load() {
			k.MarkOutage()
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, "%s %s?%s ", s.text.Load(), r.URL.Path, r.URL.RawQuery)
		_, _ = w.Write([]byte(strings.Repeat("a newspaper column ", 50)))
	})
}

// publish changes the text and drops what depends on a topic, as a write does.
func (s *site) publish(text, topic string) {
	s.text.Store(text)
	s.Drop(topic)
}

func (s *site) get(t *testing.T, target string, changes ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	res := do(s, ask("GET", target, "", changes...))
	return res, body(t, res)
}

func (s *site) rendered(t *testing.T, want int64) {
	t.Helper()
	if got := s.renders.Load(); got != want {
		t.Errorf("rendered %d times, want %d", got, want)
	}
}

func TestStrangersReadFromMemoryUntilSomethingIsPublished(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for range 3 {
		if _, got := s.get(t, "/a"); !strings.HasPrefix(got, "first /a?") {
			t.Fatalf("got %.40s", got)
		}
	}
	s.rendered(t, 1)
	s.publish("second", pagecache.Site)
	for range 2 {
		if _, got := s.get(t, "/a"); !strings.HasPrefix(got, "second") {
			t.Fatalf("got %.40s", got)
		}
	}
	s.rendered(t, 2)
}

func TestTheSiteStaysUpWhileItCannotBeRendered(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.get(t, "/a")
	s.publish("second", pagecache.Site)
	s.status.Store(503)
	s.outage.Store(true)
	if res, got := s.get(t, "/a"); res.StatusCode != 200 || !strings.HasPrefix(got, "first") {
		t.Errorf("a known page: %d %.40s", res.StatusCode, got)
	}
	if res, _ := s.get(t, "/never"); res.StatusCode != 503 {
		t.Errorf("a page never rendered: %d", res.StatusCode)
	}
	s.status.Store(0)
	s.outage.Store(false)
	if _, got := s.get(t, "/a"); !strings.HasPrefix(got, "second") {
		t.Errorf("after: %.40s", got)
	}
	if res, _ := s.get(t, "/never"); res.StatusCode != 200 {
		t.Errorf("after: %d", res.StatusCode)
	}
}

func TestAHangingRenderingServesTheOldPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *pagecache.Options) { o.Patience = 1 })
	s.get(t, "/a")
	s.hold = make(chan struct{})
	s.publish("second", pagecache.Site)
	if _, got := s.get(t, "/a"); !strings.HasPrefix(got, "first") {
		t.Errorf("got %.40s", got)
	}
	close(s.hold)
}

func TestABrokenHandlerServesTheOldPage(t *testing.T) {
	t.Parallel()
	broken := false
	c := pagecache.New(pagecache.Options{SessionCookie: web.SessionCookie, Next: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if broken {
			panic("broken")
		}
		web.Cacheable(w)
		_, _ = w.Write([]byte("good"))
	})})
	do(c, ask("GET", "/a", ""))
	broken = true
	c.Drop(pagecache.Site)
	if got := body(t, do(c, ask("GET", "/a", ""))); got != "good" {
		t.Errorf("got %q", got)
	}
}

func TestOneRenderingForAllWhoWait(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.hold = make(chan struct{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, got := s.get(t, "/a"); !strings.HasPrefix(got, "first") {
				t.Errorf("got %.40s", got)
			}
		})
	}
	close(s.hold)
	wg.Wait()
	s.rendered(t, 1)
}

func TestOnlyAnswersForEverybodyAreKept(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, target string
		change       func(*http.Request)
		kept         bool
		status       int
	}{
		{"a page", "/a", nil, true, 200},
		{"a move", "/moved", nil, true, 301},
		{"a deleted post", "/gone", nil, true, 410},
		{"nothing", "/nothing", nil, false, 404},
		{"not marked", "/private", nil, false, 200},
		{"with a cookie set", "/cookie", nil, false, 200},
		{"signed in", "/a", as("owner"), false, 200},
		{"with authorization", "/a", with("Authorization", "Bearer x"), false, 200},
		{"for the fediverse", "/a", with("Accept", "application/activity+json"), false, 200},
		{"the work side", "/app/inbox", nil, false, 200},
		{"the API", "/api/v1/posts", nil, false, 200},
		{"health", "/healthz", nil, false, 200},
		{"a very long search", "/search?q=" + strings.Repeat("x", 200), nil, false, 200},
	} {
		s := newSite(t, nil)
		var changes []func(*http.Request)
		if tt.change != nil {
			changes = append(changes, tt.change)
		}
		for range 2 {
			res, got := s.get(t, tt.target, changes...)
			if res.StatusCode != tt.status || !strings.HasPrefix(got, "first") {
				t.Errorf("%s: %d %.40s", tt.name, res.StatusCode, got)
			}
		}
		if got := s.renders.Load() == 1; got != tt.kept {
			t.Errorf("%s: kept %v, want %v", tt.name, got, tt.kept)
		}
	}
	s := newSite(t, nil)
	do(s, ask("POST", "/a", ""))
	do(s, ask("POST", "/a", ""))
	s.rendered(t, 2)
}

func TestOnlyListedQueriesMakeAnotherPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.get(t, "/a?utm_source=letter&page=2")
	if _, got := s.get(t, "/a?page=2&fbclid=x"); !strings.HasPrefix(got, "first /a?page=2 ") {
		t.Errorf("got %.60s", got)
	}
	s.rendered(t, 1)
	s.get(t, "/a?page=3")
	s.get(t, "/a")
	s.rendered(t, 3)
	if _, got := s.get(t, "/private?token=secret"); !strings.HasPrefix(got, "first /private?token=secret ") {
		t.Errorf("a page that is not kept lost its query: %.60s", got)
	}
}

func TestAPageHasNoMoreEntriesThanParametersThatItHeeds(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *pagecache.Options) {
		o.Heeds = func(path, query string) bool { return path == "/search" && query == "q" }
	})
	for i := range 20 {
		s.get(t, fmt.Sprintf("/a?q=%d&page=%d&said=%d&x%d=1", i, i, i, i))
	}
	s.rendered(t, 1)
	s.get(t, "/search?q=bois&page=2")
	s.get(t, "/search?q=bois&said=account.signed_out")
	s.rendered(t, 2)
}

func TestWhatIsGoneFromThePublicIsGoneFromMemory(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.get(t, "/a")
	s.publish("second", pagecache.Site)
	s.status.Store(404)
	if res, _ := s.get(t, "/a"); res.StatusCode != 404 {
		t.Errorf("a hidden page is still served: %d", res.StatusCode)
	}
	s.status.Store(503)
	s.Drop(pagecache.Site)
	if res, _ := s.get(t, "/a"); res.StatusCode != 503 {
		t.Errorf("a hidden page came back: %d", res.StatusCode)
	}
}

func TestReadersAreToldWhenNothingChanged(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)
	s := newSite(t, func(o *pagecache.Options) { o.Clock = clock.NewManual(now) })
	res, _ := s.get(t, "/modified")
	plain := res.Header.Get("Etag")
	res, _ = s.get(t, "/modified", with("Accept-Encoding", "gzip, br"))
	gz := res.Header.Get("Etag")
	if plain == "" || plain == gz || res.Header.Get("Content-Encoding") != "gzip" || res.Header.Get("Vary") != "Accept-Encoding" ||
		res.Header.Get("X-Request-Id") != "" || res.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("plain %s, %v", plain, res.Header)
	}
	for _, tt := range []struct {
		name, value, encoding string
		want                  int
	}{
		{"If-None-Match", plain, "", 304},
		{"If-None-Match", gz, "gzip", 304},
		{"If-None-Match", gz, "", 200},
		{"If-None-Match", `"x", W/` + plain, "", 304},
		{"If-None-Match", "*", "", 304},
		{"If-Modified-Since", "Mon, 16 Nov 2026 07:31:00 GMT", "", 304},
		{"If-Modified-Since", "Mon, 16 Nov 2026 07:30:59 GMT", "", 200},
		{"If-Modified-Since", "Mon, 16 Nov 2026 08:00:00 GMT", "", 304},
		{"If-Modified-Since", "Mon, 16 Nov 2026 08:00:01 GMT", "", 200}, // later than now
		{"If-Modified-Since", "Mon, 16 Nov 2099 07:31:00 GMT", "gzip", 200},
		{"If-Modified-Since", "yesterday", "", 200},
	} {
		res, got := s.get(t, "/modified", with(tt.name, tt.value), with("Accept-Encoding", tt.encoding))
		if res.StatusCode != tt.want || (tt.want == 304) != (got == "") {
			t.Errorf("%s %s: %d, %d bytes", tt.name, tt.value, res.StatusCode, len(got))
		}
	}
	s.rendered(t, 1)
}

func TestHeadSaysHowLongThePageIs(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	head := do(s, ask("HEAD", "/a", ""))
	get, got := s.get(t, "/a")
	if body(t, head) != "" || head.Header.Get("Content-Length") != fmt.Sprint(len(got)) || head.Header.Get("Etag") != get.Header.Get("Etag") {
		t.Errorf("%v", head.Header)
	}
	s.rendered(t, 1)
}

func TestAHitCostsNothing(t *testing.T) {
	s := newSite(t, nil)
	s.get(t, "/a")
	r := ask("GET", "/a", "", with("Accept-Encoding", "gzip, deflate, br"), with("Accept", "text/html"))
	w := &nowhere{h: http.Header{}}
	s.ServeHTTP(w, r)
	if n := testing.AllocsPerRun(200, func() { s.ServeHTTP(w, r) }); n > 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}

// nowhere is a reader that throws away what it gets.
type nowhere struct{ h http.Header }

func (w *nowhere) Header() http.Header         { return w.h }
func (w *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (w *nowhere) WriteHeader(int)             {}

// BenchmarkHit compares a page from the cache with a bare handler that writes the same bytes, over a socket.
func BenchmarkHit(b *testing.B) {
	page := strings.Repeat("a newspaper column ", 1000)
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		web.Cacheable(w)
		_, _ = w.Write([]byte(page))
	})
	cache := pagecache.New(pagecache.Options{Next: next, SessionCookie: web.SessionCookie})
	warm := httptest.NewRecorder()
	cache.ServeHTTP(warm, ask("GET", "/a", "", with("Accept-Encoding", "gzip")))
	bytes := warm.Body.Bytes()
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bytes)
	})
	for name, h := range map[string]http.Handler{"cache": cache, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			srv := httptest.NewServer(h)
			defer srv.Close()
			c := &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8}}
			b.ReportAllocs()
			for b.Loop() {
				req, _ := http.NewRequest("GET", srv.URL+"/a", nil)
				req.Header.Set("Accept-Encoding", "gzip")
				req.Host = "example.com"
				res, err := c.Do(req)
				if err != nil {
					b.Fatal(err)
				}
				var sink [16 << 10]byte
				for {
					if _, err := res.Body.Read(sink[:]); err != nil {
						break
					}
				}
				res.Body.Close()
			}
		})
		b.Run(name+"/handler", func(b *testing.B) {
			r := ask("GET", "/a", "", with("Accept-Encoding", "gzip"))
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&nowhere{h: http.Header{}}, r)
			}
		})
	}
}
