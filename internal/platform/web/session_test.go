package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

func TestPublicPagesStandWithoutSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *web.Options) {
		o.Identify = func(_ context.Context, _ *http.Request) (web.Identity, error) {
			return web.Identity{}, errors.New("database away")
		}
	}).public(ok)
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.SignedIn, Handle: ok})
	if res := do(h, ask("GET", "/a-post", "", as("owner"))); res.StatusCode != 200 {
		t.Errorf("public: %d", res.StatusCode)
	}
	if res := do(h, ask("GET", "/app/x", "", as("owner"))); res.StatusCode != 500 {
		t.Errorf("work: %d", res.StatusCode)
	}
}

func TestAPageSaysOnceWhatWasDone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(func(w http.ResponseWriter, r *web.Request) error {
		return r.Redirect(w, "said.done", "/post?page=2#talk")
	})
	h.Handle(
		web.Route{Pattern: "POST /app/do", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
			return r.Redirect(w, "said.done", "/app/see")
		}},
		web.Route{Pattern: "GET /app/see", Access: web.SignedIn, Handle: func(w http.ResponseWriter, r *web.Request) error {
			return h.page.Render(w, r, 200, formPage{})
		}},
	)
	res := do(h, ask("POST", "/app/do", "", as("owner")))
	c := res.Cookies()[0]
	if res.StatusCode != 303 || res.Header.Get("Location") != "/app/see" || !c.HttpOnly || !c.Secure || c.MaxAge > 60 {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	res = do(h, ask("GET", "/app/see", "", as("owner"), func(r *http.Request) { r.AddCookie(c) }))
	if got := body(t, res); !strings.Contains(got, `<p role="status">Done!</p>`) || res.Cookies()[0].MaxAge >= 0 {
		t.Errorf("%s %v", got, res.Cookies())
	}
	forged := &http.Cookie{Name: c.Name, Value: "greeting"}
	if got := body(t, do(h, ask("GET", "/app/see", "", as("owner"), func(r *http.Request) { r.AddCookie(forged) }))); strings.Contains(got, "status") {
		t.Errorf("a text with arguments was told: %s", got)
	}
	res = do(h, ask("POST", "/post/comments", ""))
	if len(res.Cookies()) != 0 || res.Header.Get("Location") != "/post?page=2#said.done" {
		t.Errorf("the public side: %v", res.Header)
	}
}

func TestRedirectsStayHere(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/app/x?a=1#b": "/app/x?a=1#b", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/", "": "/",
		"javascript:alert(1)": "/", "/a\r\nSet-Cookie: x": "/", "app": "/", "/%2f/evil": "/%2f/evil",
	} {
		if got := web.LocalPath(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSessionCookiesAreOutOfReachOfScripts(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(
		web.Route{Pattern: "POST /app/in", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
			web.SetSession(w, r, "secret", r.Now().Add(time.Hour))
			return r.Redirect(w, "", "/app/")
		}},
		web.Route{Pattern: "POST /app/out", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
			web.ClearSession(w, r)
			return r.Redirect(w, "", "/")
		}},
	)
	c := do(h, ask("POST", "/app/in", "")).Cookies()[0]
	if c.Name != "__Host-causerie_session" || c.Value != "secret" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Expires.IsZero() {
		t.Errorf("%v", c)
	}
	out := do(h, ask("POST", "/app/out", ""))
	for i, name := range []string{"causerie_session", "__Host-causerie_session"} {
		if c := out.Cookies()[i]; c.Name != name || c.MaxAge >= 0 || c.Value != "" || !c.Secure {
			t.Errorf("%v", c)
		}
	}
	if got := out.Header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("what the browser keeps: %s", got)
	}
	both := ask("GET", "/", "", as("planted by a neighbour"), with("Cookie", "causerie_session=planted; __Host-causerie_session=ours"))
	if got := web.SessionToken(both); got != "ours" {
		t.Errorf("the session is %q", got)
	}
	r := ask("GET", "/", "", as("token"))
	if web.SessionToken(r) != "token" || web.SessionToken(ask("GET", "/", "")) != "" {
		t.Error("the token is not read back")
	}
}

func TestAVisitorIsNobody(t *testing.T) {
	t.Parallel()
	var got actor.Actor
	h := newHouse(t, nil).public(func(_ http.ResponseWriter, r *web.Request) error { got = r.Actor(); return nil })
	h.ServeHTTP(httptest.NewRecorder(), ask("GET", "/", ""))
	if got.SignedIn() {
		t.Error("somebody is signed in")
	}
}
