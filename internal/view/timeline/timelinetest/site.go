package timelinetest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"causerie/internal/assets"
	"causerie/internal/platform/web"
)

// Site is a folder of pages over a world, seen by its owner.
type Site struct {
	W      *World
	Kit    *web.Kit
	router *web.Router
	Lang   string // Accept-Language; "fr-FR" at first
}

// Serve mounts the pages of one bundle.
func Serve(w *World, b web.Bundle, routes func(k *web.Kit) []web.Route) *Site {
	w.T.Helper()
	k, err := web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{b}, Clock: w.Clock})
	w.Must(err)
	s := &Site{W: w, Kit: k, Lang: "fr-FR"}
	s.router = web.NewRouter(web.Options{BaseURL: &url.URL{Scheme: "https", Host: "parole.example"}, Kit: k, Clock: w.Clock,
		Identify: func(context.Context, *http.Request) (web.Identity, error) {
			return web.Identity{Actor: w.Claire, Session: "claire"}, nil
		}})
	s.router.Handle(routes(k)...)
	return s
}

// Get asks for a page.
func (s *Site) Get(target string) (*http.Response, string) { return s.send("GET", target, nil) }

// Post sends a form of names and values.
func (s *Site) Post(target string, pairs ...string) (*http.Response, string) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return s.send("POST", target, form)
}

func (s *Site) send(method, target string, form url.Values) (*http.Response, string) {
	s.W.T.Helper()
	r := httptest.NewRequest(method, "https://parole.example"+target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", s.Lang)
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "claire"})
	rec := httptest.NewRecorder()
	s.router.ServeHTTP(rec, r)
	res := rec.Result()
	body, err := io.ReadAll(res.Body)
	s.W.Must(err)
	return res, string(body)
}

var inline = regexp.MustCompile(`<style|\sstyle=|<script>|\son[a-z]+=`)

// plain makes the spaces of typography ordinary ones, so that tests can be typed.
var plain = strings.NewReplacer("\u202f", " ", "\u00a0", " ", "&#39;", "’", "&#34;", "\"")

// Wants checks a status and what a page says, with ordinary spaces; a page has one h1, nothing inline, and every text.
func (s *Site) Wants(t *testing.T, res *http.Response, body string, status int, says ...string) {
	t.Helper()
	body = plain.Replace(body)
	if res.StatusCode != status {
		t.Errorf("%s %d, want %d\n%.3000s", res.Header.Get("Location"), res.StatusCode, status, body)
		return
	}
	for _, say := range says {
		if !strings.Contains(body, say) {
			t.Errorf("the page does not say %q:\n%s", say, main(body))
		}
	}
	if status != http.StatusSeeOther {
		if n := strings.Count(body, "<h1"); n != 1 {
			t.Errorf("%d h1", n)
		}
		if m := inline.FindString(body); m != "" {
			t.Errorf("inline %q", m)
		}
	}
	if missing := s.Kit.Catalog().Missing(); len(missing) > 0 {
		t.Errorf("no text for %v", missing)
	}
}

// main cuts what a page is about out of its frame.
func main(body string) string {
	if _, rest, ok := strings.Cut(body, "<main"); ok {
		body, _, _ = strings.Cut(rest, "</main>")
	}
	return body
}
