package inboxtest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"causerie/internal/assets"
	"causerie/internal/platform/web"
)

// Pages are folders of pages over a World, seen by its owner.
type Pages struct {
	W      *World
	Kit    *web.Kit
	router *web.Router
}

// Serve mounts the pages of a bundle.
func Serve(w *World, b web.Bundle, routes func(k *web.Kit) []web.Route) *Pages {
	w.T.Helper()
	k, err := web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: []web.Bundle{b}, Clock: w.Clock, Chrome: map[string]func(*web.Request) (any, error){
		"work": func(*web.Request) (any, error) {
			return assets.WorkChrome{HouseName: "Ateliers Aubin", PersonName: "Claire", Items: assets.WorkItems(nil)}, nil
		},
	}})
	w.Must(err)
	p := &Pages{W: w, Kit: k}
	p.router = web.NewRouter(web.Options{BaseURL: &url.URL{Scheme: "https", Host: "aubin.example"}, Kit: k, Clock: w.Clock,
		Identify: func(context.Context, *http.Request) (web.Identity, error) {
			return web.Identity{Actor: w.Owner, Session: "claire"}, nil
		}})
	p.router.Handle(routes(k)...)
	return p
}

// Get asks for a page; Post sends a form of names and values. Both check the status and give the page with ordinary spaces
// and the address that it leads to.
func (p *Pages) Get(target string, status int) (body string) {
	body, _ = p.send(http.MethodGet, target, nil, status)
	return body
}

// Post is described with Get.
func (p *Pages) Post(target string, status int, pairs ...string) (body, location string) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return p.send(http.MethodPost, target, form, status)
}

var plain = strings.NewReplacer("\u202f", " ", "\u00a0", " ", "&#39;", "’", "&#34;", "\"")

func (p *Pages) send(method, target string, form url.Values, status int) (body, location string) {
	p.W.T.Helper()
	r := httptest.NewRequest(method, "https://aubin.example"+target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", "fr-FR")
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "claire"})
	rec := httptest.NewRecorder()
	p.router.ServeHTTP(rec, r)
	b, err := io.ReadAll(rec.Result().Body)
	p.W.Must(err)
	body = plain.Replace(string(b))
	if rec.Code != status {
		p.W.T.Fatalf("%s %s answers %d, want %d\n%.2000s", method, target, rec.Code, status, body)
	}
	for _, bad := range []string{" style=", "<style", " onclick="} {
		if strings.Contains(body, bad) {
			p.W.T.Errorf("%s holds %q", target, bad)
		}
	}
	if n := strings.Count(body, "<h1"); status == http.StatusOK && strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") && n != 1 {
		p.W.T.Errorf("%s has %d h1", target, n)
	}
	for _, key := range p.Kit.Catalog().Missing() {
		p.W.T.Errorf("%s: no text for %s", target, key)
	}
	return body, rec.Header().Get("Location")
}

// Says checks what a page says.
func Says(t *testing.T, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%.6000s", want, page)
		}
	}
}

// Handler answers for the pages, for a test that looks at them in a browser.
func (p *Pages) Handler() http.Handler { return p.router }
