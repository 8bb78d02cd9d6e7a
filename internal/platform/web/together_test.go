package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/pagecache"
)

// The router behind the page cache, over a socket, as the program runs them.
func TestRouterAndCacheTogether(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	renders := 0
	h.public(func(w http.ResponseWriter, r *web.Request) error {
		renders++
		switch r.Request.URL.Path {
		case "/page":
			web.Cacheable(w)
			return h.page.Render(w, r, 200, formPage{Who: strings.Repeat("x", 3000)})
		case "/deleted":
			web.Cacheable(w)
			return fault.Gone("post")
		case "/broken":
			web.Cacheable(w)
			return fmt.Errorf("surprise")
		case "/large":
			web.Cacheable(w)
			for range 6 << 10 {
				if _, err := w.Write(make([]byte, 1024)); err != nil {
					return err
				}
			}
			return nil
		case "/stream":
			_, _ = io.WriteString(w, "one")
			if err := http.NewResponseController(w).Flush(); err != nil {
				return err
			}
			_, err := io.WriteString(w, "two")
			return err
		}
		return fault.NotFound("page")
	})
	cache := pagecache.New(pagecache.Options{Next: h.Router, SessionCookie: web.SessionCookie})
	srv := httptest.NewServer(cache)
	defer srv.Close()
	for _, tt := range []struct {
		path    string
		status  int
		renders int // after two requests
		text    string
		length  int // of the body; 0 to not look
	}{
		{"/page", 200, 1, "<h1>Bonjour xxx", 0},
		{"/deleted", 410, 1, "Cette page a été supprimée", 0},
		{"/broken", 500, 2, "mal passé", 0},
		{"/large", 200, 2, "", 6 << 20},
		{"/stream", 200, 2, "onetwo", 6},
		{"/none", 404, 2, "existe pas", 0},
	} {
		renders = 0
		for range 2 {
			res, err := srv.Client().Get(srv.URL + tt.path) // asks for gzip by itself
			if err != nil {
				t.Fatal(err)
			}
			got := body(t, res)
			_ = res.Body.Close()
			if res.StatusCode != tt.status || !strings.Contains(got, tt.text) || tt.length > 0 && len(got) != tt.length {
				t.Errorf("%s: %d, %d bytes, %.200s", tt.path, res.StatusCode, len(got), got)
			}
			if tt.path != "/stream" && tt.path != "/large" && !res.Uncompressed && len(got) > 2000 {
				t.Errorf("%s came plain", tt.path)
			}
			if res.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s lost the security headers", tt.path)
			}
			if tt.status == 410 && res.Header.Get("Cache-Control") != "no-cache" {
				t.Errorf("%s: %v", tt.path, res.Header)
			}
		}
		if renders != tt.renders {
			t.Errorf("%s: rendered %d times, want %d", tt.path, renders, tt.renders)
		}
	}
}

func TestWhatTakesTooLongIsUnavailable(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "GET /app/slow", Access: web.Anyone, Timeout: 1, Handle: func(_ http.ResponseWriter, r *web.Request) error {
		<-r.Context().Done()
		return fmt.Errorf("inbox: list: %w", r.Context().Err())
	}})
	if res := do(h, ask("GET", "/app/slow", "")); res.StatusCode != 503 {
		t.Errorf("got %d", res.StatusCode)
	}
}

func TestInDevelopmentPagesAreReadAgain(t *testing.T) {
	t.Parallel()
	folder := files("a.tmpl", `{{define "main"}}before{{end}}`)
	b := web.Bundle{Name: "b", Files: folder}
	k, err := web.NewKit(web.KitOptions{Layouts: layouts(), Bundles: []web.Bundle{b}, Dev: true})
	if err != nil {
		t.Fatal(err)
	}
	v := web.NewView[formPage](k, b, "a.tmpl", "public")
	h := web.NewRouter(web.Options{Kit: k})
	h.Handle(web.Route{Pattern: "GET /{$}", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
		return v.Render(w, r, 200, formPage{})
	}})
	if got := body(t, do(h, ask("GET", "/", ""))); !strings.Contains(got, "before") {
		t.Errorf("got %s", got)
	}
	folder["a.tmpl"] = files("x", `{{define "main"}}after{{end}}`)["x"]
	if got := body(t, do(h, ask("GET", "/", ""))); !strings.Contains(got, "after") {
		t.Errorf("got %s", got)
	}
}
