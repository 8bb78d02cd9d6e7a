package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
	"causerie/internal/platform/web/webtest"
)

func TestPageSpeaksTheReadersLanguageWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "POST /app/x", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
		f, err := r.Form()
		if err != nil {
			return err
		}
		f.Require("title")
		p := formPage{Who: "<Léa>", At: r.Now().Add(-12 * time.Minute), On: clock.Day{Year: 2026, Month: 11, Day: 16}}
		p.Title, p.Form = "X", f
		return h.page.Render(w, r, http.StatusUnprocessableEntity, p)
	}})
	res := do(h, ask("POST", "/app/x", "title=+", as("reader")))
	got := body(t, res)
	if res.StatusCode != 422 || res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("status %d, %v", res.StatusCode, res.Header)
	}
	for _, want := range []string{`<html lang="en">`, "<h1>Hello &lt;Léa&gt;</h1>", "<i>&lt;Léa&gt;</i>", "<u>mine</u>", "12\u00A0min ago|08:19|Monday 16 November 2026|€12,400",
		`href="/app/x/a%20b%2Fc"`, "<em>A title is needed.</em>", `<meta name="x">`, `<svg aria-hidden="true" focusable="false" class="icon" viewBox=`, "<nav>Inbox</nav>", `value=" "`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
	if res.Header.Get("X-Robots-Tag") != "noindex" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the work side may be kept or indexed: %v", res.Header)
	}
}

func TestAPageThatFailsHalfwayIsAWholeErrorPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	b := web.Bundle{Name: "badweb", Files: files("bad.tmpl", `{{define "main"}}beginning {{index .Who 99}}{{end}}`)}
	bad := web.NewView[formPage](h.kit, b, "bad.tmpl", "work")
	h.Handle(web.Route{Pattern: "GET /app/bad", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
		return bad.Render(w, r, 200, formPage{})
	}})
	res := do(h, ask("GET", "/app/bad", "", as("owner")))
	if got := body(t, res); res.StatusCode != 500 || strings.Contains(got, "beginning") || !strings.Contains(got, "Something went wrong") {
		t.Errorf("got %d %s", res.StatusCode, got)
	}
}

func TestABadPageStopsTheStart(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for name, try := range map[string]func(){
		"a template that does not parse": func() {
			web.NewView[formPage](h.kit, web.Bundle{Files: files("a.tmpl", `{{define "main"}}{{nofunc}}{{end}}`)}, "a.tmpl", "work")
		},
		"no main":           func() { web.NewView[formPage](h.kit, web.Bundle{Files: files("a.tmpl", `x`)}, "a.tmpl", "work") },
		"no layout":         func() { web.NewView[formPage](h.kit, bundle(), "page.tmpl", "nowhere") },
		"no file":           func() { web.NewView[formPage](h.kit, bundle(), "nothing.tmpl", "work") },
		"data without Page": func() { web.NewView[struct{ A int }](h.kit, bundle(), "page.tmpl", "work") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: the program starts", name)
				}
			}()
			try()
		}()
	}
}

func TestCheckFindsWhatATestOfPagesShouldFind(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	if err := webtest.Check(h.kit, h.page, formPage{Who: "x", At: time.Now()}, formPage{}); err != nil {
		t.Error(err)
	}
	keyless := web.NewView[formPage](h.kit, web.Bundle{Files: files("a.tmpl", `{{define "main"}}{{T "nobody.wrote.me"}}{{end}}`)}, "a.tmpl", "public")
	if err := webtest.Check(h.kit, keyless, formPage{}); err == nil || !strings.Contains(err.Error(), "nobody.wrote.me") {
		t.Errorf("got %v", err)
	}
	broken := web.NewView[formPage](h.kit, web.Bundle{Files: files("a.tmpl", `{{define "main"}}{{icon "none"}}{{end}}`)}, "a.tmpl", "public")
	if webtest.Check(h.kit, broken, formPage{}) == nil {
		t.Error("a missing icon was not found")
	}
}

func TestOwnTextsAreComplete(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, err := range h.kit.Catalog().Check() {
		t.Error(err)
	}
	for _, code := range []string{"400", "401", "403", "404", "405", "409", "410", "413", "422", "429", "500", "503"} {
		for _, part := range []string{".title", ".text"} {
			if !h.kit.Catalog().Has(i18n.En, "error."+code+part) {
				t.Errorf("error.%s%s is missing", code, part)
			}
		}
	}
}

func TestLongPagesAreCompressedForThoseWhoAsk(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "GET /app/long", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
		return h.page.Render(w, r, 200, formPage{Who: strings.Repeat("long ", 1000)})
	}})
	res := do(h, ask("GET", "/app/long", "", as("owner"), with("Accept-Encoding", "gzip, br")))
	if n := len(body(t, res)); res.Header.Get("Content-Encoding") != "gzip" || n > 2000 || strings.Join(res.Header.Values("Vary"), ", ") != "Cookie, Accept-Encoding" {
		t.Errorf("%d bytes, %v", n, res.Header)
	}
	res = do(h, ask("GET", "/app/long", "", as("owner")))
	if n := len(body(t, res)); res.Header.Get("Content-Encoding") != "" || n < 5000 {
		t.Errorf("%d bytes, %v", n, res.Header)
	}
	res = do(h, ask("HEAD", "/app/long", "", as("owner")))
	if n := len(body(t, res)); n != 0 || res.Header.Get("Content-Length") == "" {
		t.Errorf("%d bytes, %v", n, res.Header)
	}
}
