package pagecache_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
)

// paper is a site whose pages depend on topics: /post-1 on post:1, /list on voice and on the talk of each post, /all on
// whatever there is. It counts the renderings of each.
type paper struct {
	*pagecache.Cache
	mu    sync.Mutex
	made  map[string]int
	asked chan struct{} // when not nil, a rendering says that it has begun, then waits
}

func newPaper(change func(*pagecache.Options)) *paper {
	p := &paper{made: map[string]int{}}
	router := web.NewRouter(web.Options{})
	router.Handle(web.Route{Pattern: "GET /{path...}", Access: web.Anyone, Handle: p.page})
	o := pagecache.Options{Next: router, SessionCookie: web.SessionCookie}
	if change != nil {
		change(&o)
	}
	p.Cache = pagecache.New(o)
	return p
}

func (p *paper) page(w http.ResponseWriter, r *web.Request) error {
	p.mu.Lock()
	p.made[r.Host+r.URL.Path]++
	p.mu.Unlock()
	status := http.StatusOK
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/post-"):
		n := strings.TrimPrefix(path, "/post-")
		r.DependsOn("post:"+n, "talk:"+n)
	case path == "/list":
		r.DependsOn("voice:1")
		r.DependsOn("talk:1", "talk:2")
	case path == "/legal":
		r.DependsOn(pagecache.Site)
	case strings.HasPrefix(path, "/none"):
		r.DependsOn("posts")
		status = http.StatusNotFound
	}
	web.Cacheable(w)
	if p.asked != nil {
		p.asked <- struct{}{}
		<-p.asked
	}
	w.WriteHeader(status)
	_, err := fmt.Fprint(w, "a page")
	return err
}

// rendered asks for pages and returns which of them had to be made.
func (p *paper) rendered(paths ...string) string {
	p.mu.Lock()
	clear(p.made)
	p.mu.Unlock()
	for _, path := range paths {
		do(p, ask("GET", "http://house.example"+path, ""))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var made []string
	for _, path := range paths {
		if p.made["house.example"+path] > 0 {
			made = append(made, path)
		}
	}
	return strings.Join(made, " ")
}

func TestOnlyPagesThatDependOnWhatChangedAreRenderedAgain(t *testing.T) {
	t.Parallel()
	p := newPaper(nil)
	all := []string{"/post-1", "/post-2", "/post-3", "/list", "/legal", "/all", "/none"}
	p.rendered(all...)
	for _, tt := range []struct {
		drop []string
		want string
	}{
		{nil, ""},
		{[]string{"talk:1"}, "/post-1 /list /all"}, // a page that declared nothing depends on everything
		{[]string{"talk:3"}, "/post-3 /all"},
		{[]string{"voice:1", "post:2"}, "/post-2 /list /all"},
		{[]string{"posts"}, "/all /none"},
		{[]string{"nobody shows this"}, "/all"},
		{[]string{pagecache.Site}, strings.Join(all, " ")},
		{[]string{"talk:1"}, "/post-1 /list /all"},
	} {
		p.Drop(tt.drop...)
		if got := p.rendered(all...); got != tt.want {
			t.Errorf("after %q: rendered %q, want %q", tt.drop, got, tt.want)
		}
	}
}

// Nobody knows on which side of a change a page read that was being rendered meanwhile.
func TestAPageThatWasRenderedMeanwhileIsOld(t *testing.T) {
	t.Parallel()
	for drop, again := range map[string]bool{"talk:1": true, pagecache.Site: true, "talk:2": false} {
		p := newPaper(nil)
		p.asked = make(chan struct{})
		done := make(chan *http.Response)
		go func() { done <- do(p, ask("GET", "http://house.example/post-1", "")) }()
		<-p.asked
		p.Drop(drop)
		p.asked <- struct{}{}
		if res := <-done; res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", drop, res.StatusCode)
		}
		p.asked = nil
		if got := p.rendered("/post-1") != ""; got != again {
			t.Errorf("%s was dropped meanwhile: rendered again %v, want %v", drop, got, again)
		}
	}
}

func TestHostHeadersMakeNoEntries(t *testing.T) {
	t.Parallel()
	p := newPaper(func(o *pagecache.Options) {
		o.Host = func(header string) string {
			if header == "claire.example" {
				return header
			}
			return "house.example"
		}
	})
	for n := range 1000 {
		if res := do(p, ask("GET", fmt.Sprintf("http://h%d.example/list", n), "")); res.StatusCode != http.StatusOK {
			t.Fatal(res.StatusCode)
		}
	}
	do(p, ask("GET", "http://claire.example/list", ""))
	if len(p.made) != 2 || p.made["house.example/list"] != 1 || p.made["claire.example/list"] != 1 {
		t.Errorf("rendered %v", p.made)
	}
}

func TestPagesThatAreNotThereAreKeptForAMoment(t *testing.T) {
	t.Parallel()
	clk := clock.NewManual(time.Date(2026, 11, 16, 7, 31, 0, 0, time.UTC))
	p := newPaper(func(o *pagecache.Options) { o.Clock, o.MissingFor = clk, time.Minute })
	if p.rendered("/none") == "" || p.rendered("/none") != "" {
		t.Error("a page that is not there is not kept")
	}
	if res := do(p, ask("GET", "http://house.example/none", "")); res.StatusCode != http.StatusNotFound || body(t, res) != "a page" {
		t.Errorf("from memory: %d", res.StatusCode)
	}
	p.Drop("posts")
	if p.rendered("/none") == "" {
		t.Error("after a post went out, an address that was empty is not asked again")
	}
	clk.Advance(time.Minute)
	if p.rendered("/none") == "" {
		t.Error("a page that is not there is kept for long")
	}
}

func TestManyMissingPagesPushOutNoPage(t *testing.T) {
	t.Parallel()
	p := newPaper(func(o *pagecache.Options) { o.MaxMissing = 10 })
	p.rendered("/list")
	for n := range 1000 {
		p.rendered(fmt.Sprintf("/none/%d", n))
	}
	if p.rendered("/list") != "" {
		t.Error("a page was forgotten for pages that are not there")
	}
}
