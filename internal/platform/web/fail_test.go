package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

func TestErrorsAreToldOnceInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	var give error
	h.Handle(
		web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: func(http.ResponseWriter, *web.Request) error { return give }},
		web.Route{Pattern: "GET /api/x", Access: web.Anyone, Handle: func(http.ResponseWriter, *web.Request) error { return give }},
		web.Route{Pattern: "GET /app/panic", Access: web.Anyone, Handle: func(http.ResponseWriter, *web.Request) error { panic("oh no") }},
	)
	for _, tt := range []struct {
		err    error
		status int
		text   string
	}{
		{fault.NotFound("post"), 404, "Cette page n’existe pas"},
		{fmt.Errorf("wrapped: %w", fault.Gone("post")), 410, "Cette page a été supprimée"},
		{fault.Forbidden(), 403, "pas ce droit"},
		{fault.Conflict("x.y"), 409, "Rechargez"},
		{fault.TooMany(7), 429, "dans 7 secondes"},
		{fault.TooLarge(9), 413, "plus léger"},
		{fault.Unavailable("db", errors.New("away")), 503, "dans une minute"},
		{fault.Invalid("email", "email"), 422, "adresse de courriel"},
		{fault.Invalid("title", "required"), 422, "Il faut un titre."},
		{&http.MaxBytesError{Limit: 5}, 413, "plus léger"},
		{errors.New("sql: secret detail"), 500, "citez cette référence"},
	} {
		give = tt.err
		res := do(h, ask("GET", "/app/x", ""))
		got := body(t, res)
		if res.StatusCode != tt.status || !strings.Contains(got, tt.text) || strings.Contains(got, "secret") ||
			!strings.HasPrefix(got, "<!doctype html>") || res.Header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%v: got %d %s", tt.err, res.StatusCode, got)
		}
		res = do(h, ask("GET", "/api/x", "", with("Accept-Language", "en")))
		var p struct {
			Status int
			Code   string
			Title  string
			Errors []struct{ Field, Code, Detail string }
		}
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil || p.Status != tt.status || p.Code == "" || p.Title == "" ||
			res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v as JSON: %+v %v", tt.err, p, err)
		}
		if f, is := errors.AsType[*fault.Error](tt.err); is && len(f.Problems) > 0 && (len(p.Errors) != 1 || p.Errors[0].Field == "" || p.Errors[0].Detail == "") {
			t.Errorf("%v as JSON: %+v", tt.err, p)
		}
	}
	if !strings.Contains(h.log.String(), "level=ERROR") || !strings.Contains(h.log.String(), "secret detail") {
		t.Errorf("the log says %s", h.log)
	}
	h.log.Reset()
	res := do(h, ask("GET", "/app/panic", "", with("Accept-Language", "en")))
	got := body(t, res)
	ref := res.Header.Get("X-Request-Id")
	if res.StatusCode != 500 || ref == "" || !strings.Contains(got, ref) || !strings.Contains(h.log.String(), "reference="+ref) || !strings.Contains(h.log.String(), "oh no") {
		t.Errorf("a panic: %d %s %s", res.StatusCode, got, h.log)
	}
	give = fault.TooMany(7)
	if res := do(h, ask("GET", "/app/x", "")); res.Header.Get("Retry-After") != "7" {
		t.Errorf("%v", res.Header)
	}
	if res := do(h, ask("GET", "/nowhere", "", with("Accept", "application/json"))); res.StatusCode != 404 || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

func TestErrorPagesNeedNoLayout(t *testing.T) {
	t.Parallel()
	res := do(web.NewRouter(web.Options{}), ask("GET", "/x", ""))
	if res.StatusCode != 404 || !strings.Contains(body(t, res), "<h1>Cette page n’existe pas</h1>") {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestWhatNoRouteKnowsGoesToTheResolver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(func(w http.ResponseWriter, r *web.Request) error {
		_, err := fmt.Fprint(w, "resolved ", r.Method, " ", r.Request.URL.Path)
		return err
	})
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: ok}, web.Route{Pattern: "GET /app/{$}", Access: web.Anyone, Handle: ok})
	if got := body(t, do(h, ask("GET", "/voice/slug", ""))); got != "resolved GET /voice/slug" {
		t.Errorf("got %s", got)
	}
	if got := body(t, do(h, ask("POST", "/voice/slug/comments", ""))); got != "resolved POST /voice/slug/comments" {
		t.Errorf("got %s", got)
	}
	res := do(h, ask("DELETE", "/app/x", ""))
	if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD, POST" || !strings.Contains(body(t, res), "Cette action n’est pas possible ici") {
		t.Errorf("another method: %d %v", res.StatusCode, res.Header)
	}
	if res := do(h, ask("GET", "//voice/../slug", "")); res.StatusCode/100 != 3 || res.Header.Get("Location") != "/slug" {
		t.Errorf("an address that is not clean: %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	if res := do(h, ask("GET", "/app", "")); res.StatusCode/100 != 3 {
		t.Errorf("/app: %d", res.StatusCode)
	}
}
