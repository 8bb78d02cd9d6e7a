package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
)

const mayRender = 3

// open is a public site behind its page cache, where strangers may have few pages rendered.
type open struct {
	*pagecache.Cache
	*house
	rendered atomic.Int64
	broken   atomic.Bool
}

func newOpen(t *testing.T) *open {
	t.Helper()
	o := &open{}
	o.house = newHouse(t, func(w *web.Options) {
		w.Rates[web.Visitors] = web.Rate{Burst: mayRender, Every: time.Hour}
	})
	o.house.public(func(w http.ResponseWriter, r *web.Request) error {
		o.rendered.Add(1)
		path := r.Request.URL.Path
		switch {
		case o.broken.Load():
			return fault.Unavailable("database_unavailable", errors.New("down"))
		case strings.HasPrefix(path, "/none"):
			return fault.NotFound("page")
		}
		web.Cacheable(w)
		return o.page.Render(w, r, 200, formPage{Who: path})
	})
	o.house.Handle(
		web.Route{Pattern: "GET /healthz", Access: web.Anyone, Light: true, Handle: ok},
		web.Route{Pattern: "GET /media/{id}", Access: web.Anyone, Shared: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
			if r.PathValue("id") == "none" {
				return fault.NotFound("media")
			}
			return ok(w, r)
		}},
		web.Route{Pattern: "GET /app/inbox", Access: web.SignedIn, Handle: ok},
		web.Route{Pattern: "POST /app/sign-in", Access: web.Anyone, Rate: "sign-in", Handle: ok},
		web.Route{Pattern: "GET /api/v1/posts", Access: web.Token, Handle: ok},
	)
	o.Cache = pagecache.New(pagecache.Options{Next: o.Router, SessionCookie: web.SessionCookie})
	return o
}

func TestWhatAStrangerHasRenderedIsBoundWhateverTheWayPastTheCache(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]func(i int) *http.Request{
		"new pages":          func(i int) *http.Request { return ask("GET", fmt.Sprintf("/a%d", i), "") },
		"nothing there":      func(i int) *http.Request { return ask("GET", fmt.Sprintf("/none%d", i), "") },
		"searches":           func(i int) *http.Request { return ask("GET", fmt.Sprintf("/search?q=%d", i), "") },
		"long searches":      func(i int) *http.Request { return ask("GET", "/search?q="+strings.Repeat("x", 200+i), "") },
		"made-up sessions":   func(i int) *http.Request { return ask("GET", "/a", "", as("made up "+strconv.Itoa(i))) },
		"made-up bearers":    func(int) *http.Request { return ask("GET", "/a", "", with("Authorization", "Bearer x")) },
		"JSON":               func(int) *http.Request { return ask("GET", "/a", "", with("Accept", "application/json")) },
		"files that are not": func(int) *http.Request { return ask("GET", "/media/none", "") },
		"the work side":      func(int) *http.Request { return ask("GET", "/app/inbox", "") },
		"the API":            func(int) *http.Request { return ask("GET", "/api/v1/posts", "", with("Authorization", "Bearer x")) },
		"forms of elsewhere": func(int) *http.Request { return ask("POST", "/a", "", with("Sec-Fetch-Site", "cross-site")) },
		"forms":              func(int) *http.Request { return ask("POST", "/a", "body=x") },
		"methods":            func(int) *http.Request { return ask("DELETE", "/a", "") },
		"no text":            func(int) *http.Request { return ask("GET", "/a%00", "") },
	} {
		o := newOpen(t)
		for i := range 3 * mayRender {
			res := do(o.Cache, way(i))
			got := body(t, res)
			over := i >= mayRender
			if bare := res.StatusCode == 429 && !strings.Contains(got, "<link"); bare != over {
				t.Fatalf("%s: request %d answers %d\n%s", name, i, res.StatusCode, got)
			}
			if wait, err := strconv.Atoi(res.Header.Get("Retry-After")); over && (err != nil || wait < 1 || wait > 3600 || res.Header.Get("Cache-Control") != "no-store") {
				t.Errorf("%s: %v", name, res.Header)
			}
		}
		if n := o.rendered.Load(); n > mayRender {
			t.Errorf("%s: %d renderings", name, n)
		}
		if n := o.Strikes()[web.Visitors]; n != 2*mayRender {
			t.Errorf("%s: %d refusals counted", name, n)
		}
		// Nobody else is held back, nor is somebody who works here.
		if res := do(o.Cache, ask("GET", "/other", "", from("198.51.100.1:5"))); res.StatusCode != 200 {
			t.Errorf("%s: somebody elsewhere gets %d", name, res.StatusCode)
		}
		if res := do(o.Cache, ask("GET", "/app/inbox", "", as("owner"))); res.StatusCode != 200 {
			t.Errorf("%s: somebody signed in gets %d", name, res.StatusCode)
		}
	}
}

func TestPagesInMemoryWordsAndFilesAreForEverybodyAsOftenAsTheyLike(t *testing.T) {
	t.Parallel()
	o := newOpen(t)
	do(o.Cache, ask("GET", "/a", "")) // by now it is in memory
	for range 3 * mayRender {
		for _, path := range []string{"/a", "/healthz", "/media/7"} {
			if res := do(o.Cache, ask("GET", path, "")); res.StatusCode != 200 {
				t.Fatalf("%s: %d", path, res.StatusCode)
			}
		}
	}
}

func TestAPageThatChangedIsMadeAnewWhoeverAsks(t *testing.T) {
	t.Parallel()
	o := newOpen(t)
	for i := range 3 * mayRender { // in memory are /0, /1 and /2
		do(o.Cache, ask("GET", "/"+strconv.Itoa(i), ""))
	}
	before := o.rendered.Load()
	o.Drop(pagecache.Site)
	if res := do(o.Cache, ask("GET", "/1", "")); res.StatusCode != 200 || o.rendered.Load() != before+1 {
		t.Errorf("%d, %d renderings more", res.StatusCode, o.rendered.Load()-before)
	}
	// Nor does somebody held back take from readers the page there was.
	o.broken.Store(true)
	o.Drop(pagecache.Site)
	if res := do(o.Cache, ask("GET", "/1", "")); res.StatusCode != 200 || o.rendered.Load() != before+2 {
		t.Errorf("while nothing can be rendered: %d", res.StatusCode)
	}
}

// A form has its own rate: it is taken from whom nothing more is rendered, and refused as barely as anything once that is reached too.
func TestAFormIsTakenFromANetworkThatIsHeldBack(t *testing.T) {
	t.Parallel()
	o := newOpen(t)
	for i := range 2 * mayRender {
		do(o.Cache, ask("GET", fmt.Sprintf("/none%d", i), ""))
	}
	for i, want := range []int{200, 200, 429} {
		res := do(o.Cache, ask("POST", "/app/sign-in", ""))
		if got := body(t, res); res.StatusCode != want || strings.Contains(got, "<link") {
			t.Errorf("form %d: %d %s", i, res.StatusCode, got)
		}
	}
}

func BenchmarkHeldBack(b *testing.B) {
	ro := web.NewRouter(web.Options{Rates: map[string]web.Rate{web.Visitors: {Burst: 1, Every: 1 << 60}}})
	ro.Handle(web.Route{Pattern: "GET /{path...}", Access: web.Anyone, Handle: ok})
	r := ask("GET", "/none", "", as("made up"))
	b.ReportAllocs()
	for b.Loop() {
		do(ro, r)
	}
}
