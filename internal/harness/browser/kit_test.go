package browser

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"causerie/internal/harness"
	"causerie/internal/platform/web"
)

// tab is one tab of a browser that looks at a house.
type tab struct {
	t     *testing.T
	h     *harness.House
	ctx   context.Context
	mu    sync.Mutex
	said  []string // what the page complained of since the last look
	asked []string // what was requested from elsewhere
}

// open starts a browser for a house, with a new profile.
func open(t *testing.T, h *harness.House) *tab {
	t.Helper()
	return openWithLetters(t, h, 16)
}

// openWithLetters starts a browser whose reader chose letters of so many pixels; browsers come with 16.
func openWithLetters(t *testing.T, h *harness.House, px int) *tab {
	t.Helper()
	profile := t.TempDir()
	if err := os.Mkdir(filepath.Join(profile, "Default"), 0o700); err != nil {
		t.Fatal(err)
	}
	choice := fmt.Sprintf(`{"webkit":{"webprefs":{"default_font_size":%d}}}`, px)
	if err := os.WriteFile(filepath.Join(profile, "Default", "Preferences"), []byte(choice), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium()), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("force-prefers-reduced-motion", true), chromedp.Flag("lang", "fr-FR"),
	)...)
	t.Cleanup(cancel)
	ctx, cancelTab := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // closes the browser and waits for it, so that its profile can be removed
		cancelTab()
	})
	b := &tab{t: t, h: h, ctx: ctx}
	b.do()
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatalf("browser: %v", err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatalf("browser: %v", err)
	}
	return b
}

// wanted skips the test unless browsers are asked for and there is one.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("CAUSERIE_BROWSER") == "" {
		t.Skip("CAUSERIE_BROWSER is not set: `make test` sets it")
	}
	if _, err := os.Stat(chromium()); err != nil {
		t.Skipf("no Chromium at %s: `make tools` installs it", chromium())
	}
}

func chromium() string {
	if path := os.Getenv("CAUSERIE_CHROMIUM"); path != "" {
		return path
	}
	return "/usr/bin/chromium"
}

// axe returns the source of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(os.Getenv("CAUSERIE_NODE_MODULES"), "axe-core", "axe.min.js"))
	if err != nil {
		t.Skipf("axe-core is not in CAUSERIE_NODE_MODULES: %v", err)
	}
	return string(b)
}

// do runs steps; each gets three minutes, for a machine that is busy.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if len(steps) == 0 {
		if err := chromedp.Do(b.ctx); err != nil {
			b.t.Fatalf("browser: %v", err)
		}
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, 3*time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

// eval returns the value of an expression, awaiting it if it is a promise.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("browser: %v", err)
	}
	return v
}

// visit shows a path of the house.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.h.URL + path))
}

// hear keeps what the console complains of and what is asked of other hosts.
func (b *tab) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, b.h.URL+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") && !strings.HasPrefix(u, "chrome") && u != "about:blank" {
			b.asked = append(b.asked, u)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			b.said = append(b.said, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, "exception: "+e.ExceptionDetails.Text)
	}
}

// quiet fails the test for what was heard since the last call. A page that answers 404 on purpose says so in the console;
// that is no complaint.
func (b *tab) quiet(path string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		if !strings.Contains(s, "the server responded with a status of 4") {
			b.t.Errorf("%s: the console says: %s", path, s)
		}
	}
	for _, u := range b.asked {
		b.t.Errorf("%s asks another host: %s", path, u)
	}
	b.said, b.asked = nil, nil
}

// width makes the window so wide, and as high as such a screen is.
func (b *tab) width(px int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(px, 800))
}

// signIn makes the tab the owner's.
func (b *tab) signIn() {
	b.t.Helper()
	token, err := b.h.Accounts.OpenSession(b.ctx, b.h.Owner.ID, "essai")
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: web.SessionCookie, Value: token, URL: b.h.URL}); err != nil {
		b.t.Fatal(err)
	}
}

// speak makes the browser ask for pages in a language.
func (b *tab) speak(lang string) {
	b.t.Helper()
	headers := network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}}
	if _, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, headers); err != nil {
		b.t.Fatal(err)
	}
}

// withoutScript lets pages run no script.
func (b *tab) withoutScript() {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		b.t.Fatal(err)
	}
}

// workPaths returns one path for each page of the work side that there are links to, and those of the door.
func workPaths(t *testing.T, h *harness.House) []string {
	t.Helper()
	mux, isPage := http.NewServeMux(), map[string]bool{}
	for _, r := range h.Router.Routes() {
		if strings.HasPrefix(r.Pattern, "GET /app/") && !r.Stream {
			mux.HandleFunc(r.Pattern, func(http.ResponseWriter, *http.Request) {})
			isPage[r.Pattern] = true
		}
	}
	owner, seen, have := h.SignIn(), map[string]bool{}, map[string]string{}
	left, others := letterPages(t, h)
	queue := []string{"/app/", left}
	for pattern := range isPage { // pages that nothing links to yet are pages too
		if path := strings.TrimPrefix(pattern, "GET "); !strings.Contains(path, "{") {
			queue = append(queue, path)
		}
	}
	for len(queue) > 0 && len(seen) < 400 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		request, err := http.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			continue
		}
		_, pattern := mux.Handler(request)
		if !isPage[pattern] || have[pattern] != "" {
			continue
		}
		page := owner.Get(path)
		if page.Status/100 == 3 {
			queue = append(queue, strings.TrimPrefix(page.Header.Get("Location"), h.URL))
			continue
		}
		if page.Status != http.StatusOK || !page.IsHTML() {
			continue
		}
		have[pattern] = path
		for _, a := range page.All("a[href]") {
			if to := strings.TrimPrefix(harness.Attr(a, "href"), h.URL); strings.HasPrefix(to, "/app") {
				queue = append(queue, strings.SplitN(to, "#", 2)[0])
			} else if strings.HasPrefix(to, "?") {
				queue = append(queue, strings.SplitN(path, "?", 2)[0]+to)
			}
		}
	}
	var paths []string
	for pattern := range isPage {
		if have[pattern] == "" {
			t.Logf("no link leads to a page of %s", pattern)
			continue
		}
		paths = append(paths, have[pattern])
	}
	return append(paths, others...)
}
