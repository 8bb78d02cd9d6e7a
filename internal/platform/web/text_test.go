package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"causerie/internal/platform/web"
)

func TestWhatIsNoTextIsRefusedAtTheDoor(t *testing.T) {
	t.Parallel()
	form := func(w http.ResponseWriter, r *web.Request) error {
		if _, err := r.Form(); err != nil {
			return err
		}
		return ok(w, r)
	}
	h := newHouse(t, nil).public(form)
	h.Handle(
		web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: ok},
		web.Route{Pattern: "GET /app/x/{id}", Access: web.Anyone, Handle: ok},
		web.Route{Pattern: "GET /app/only", Access: web.SignedIn, Handle: ok},
		web.Route{Pattern: "GET /api/x", Access: web.Token, Handle: ok},
	)
	for _, bad := range []string{"%00", "%ff", "%C3", "%c0%80", "%ed%a0%80", "a%00b"} {
		for _, path := range []string{"/" + bad, "/voice/" + bad, "/app/x/" + bad, "/app/" + bad, "/x?q=" + bad, "/x?" + bad, "/app/x?a=1&b=" + bad, "/app/only?next=" + bad, "/api/x?cursor=" + bad} {
			if res := do(h, ask("GET", path, "")); res.StatusCode != 400 {
				t.Errorf("GET %s: %d", path, res.StatusCode)
			}
		}
		for _, body := range []string{"body=" + bad, bad + "=body"} {
			if res := do(h, ask("POST", "/x", body)); res.StatusCode != 400 {
				t.Errorf("POST %s: %d", body, res.StatusCode)
			}
		}
	}
	for _, name := range []string{"User-Agent", "Authorization", "Idempotency-Key", "Accept-Language"} {
		for _, path := range []string{"/app/x", "/api/x"} {
			if res := do(h, ask("GET", path, "", with(name, "\xff"))); res.StatusCode != 400 {
				t.Errorf("%s of %s: %d", name, path, res.StatusCode)
			}
		}
		if res := do(h, ask("POST", "/x", "", with(name, "\xff"))); res.StatusCode != 400 {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	for _, file := range []string{"a\xff.jpg", "a\x00.jpg"} {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		part, err := m.CreateFormFile("file", file)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, "x")
		_ = m.Close()
		if res := do(h, ask("POST", "/x", b.String(), with("Content-Type", m.FormDataContentType()))); res.StatusCode != 400 {
			t.Errorf("a file %q: %d", file, res.StatusCode)
		}
	}
	for _, good := range []string{"/x?q=100%", "/x?q=%zz&%", "/x?q=%C3%A9", "/%C3%A9t%C3%A9", "/x?q=é"} {
		r := ask("GET", "/x", "")
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(good, "?")
		if res := do(h, r); res.StatusCode == 400 {
			t.Errorf("%s: %d", good, res.StatusCode)
		}
	}
	if got := body(t, do(h, ask("GET", "/%00", ""))); !strings.Contains(got, "ne sont pas du texte") {
		t.Errorf("it says %s", got)
	}
}

func TestTheStringsOfJSONAreText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		`{"a":"b"}`: true, `{"a":"é"}`: true, `{"a":"\u0000"}`: false, `{"\u0000":1}`: false, `{"a":"\\u0000"}`: true, `{"a":"\\\u0000"}`: false, `{"a":"\u00e9\n\"\\"}`: true,
		"{\"a\":\"\xff\"}": false, "{\"a\":\"\x00\"}": false, `{"a":"\`: true, "": true,
	} {
		if got := web.CheckJSON([]byte(in)) == nil; got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func TestWhatSomebodySeesIsKeptByNobodyElse(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, r *web.Request) error {
		if r.URL.Path == "/feed.xml" {
			w.Header().Set("Cache-Control", "no-cache")
		}
		web.Cacheable(w)
		return ok(w, r)
	}
	h := newHouse(t, nil).public(page)
	h.Handle(
		web.Route{Pattern: "GET /app/x", Access: web.SignedIn, Handle: ok},
		web.Route{Pattern: "GET /media/x", Access: web.Anyone, Shared: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
			w.Header().Set("Cache-Control", "public, max-age=3")
			return ok(w, r)
		}},
	)
	for _, tt := range []struct{ path, who, cache, vary, corp string }{
		{"/", "owner", "private, no-store", "Cookie", "same-origin"},
		{"/feed.xml", "reader", "private, no-store", "Cookie", "same-origin"},
		{"/app/x", "owner", "private, no-store", "Cookie", "same-origin"},
		{"/app/x", "", "no-store", "Cookie", "same-origin"},
		{"/", "", "", "Cookie", "same-origin"},
		{"/", "nobody", "", "Cookie", "same-origin"},
		{"/feed.xml", "", "no-cache", "Cookie", "same-origin"},
		{"/media/x", "", "public, max-age=3", "", "cross-origin"},
		{"/media/x", "owner", "public, max-age=3", "", "cross-origin"},
	} {
		r := ask("GET", tt.path, "")
		if tt.who != "" {
			as(tt.who)(r)
		}
		head := do(h, r).Header
		got := fmt.Sprintf("%q %q %q", head.Get("Cache-Control"), head.Get("Vary"), head.Get("Cross-Origin-Resource-Policy"))
		want := fmt.Sprintf("%q %q %q", tt.cache, tt.vary, tt.corp)
		if got != want && !(tt.path == "/app/x" && strings.Contains(got, "no-store") && strings.Contains(got, "Cookie")) {
			t.Errorf("%s as %q: %s, want %s", tt.path, tt.who, got, want)
		}
	}
}
