package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"causerie/internal/platform/fault"
)

func TestAnErrorPageGivesBackWhatWasWrittenAndTellsTheOperatorWhatToDo(t *testing.T) {
	kit, err := NewKit(KitOptions{Layouts: fstest.MapFS{"layout/plain.tmpl": {Data: []byte(`<!doctype html><html lang="{{.Lang}}"><title>{{.Title}}</title><main>{{template "main" .}}</main></html>`)}}})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	ro := NewRouter(Options{Kit: kit, Catalog: kit.Catalog(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	ro.Handle(Route{Pattern: "POST /say", Access: Anyone, Handle: func(http.ResponseWriter, *Request) error {
		return fault.Unavailable("disk_full", errors.New("database or disk is full"))
	}})
	form := url.Values{"body": {"Une date sûre, <b>sans</b> hésiter."}, "password": {"une phrase assez longue"}, "name": {"Hélène"}}
	r := httptest.NewRequest("POST", "/say", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	ro.ServeHTTP(w, r)
	page := w.Body.String()
	if w.Code != 503 || !strings.Contains(page, "Une date sûre, &lt;b&gt;sans&lt;/b&gt; hésiter.</textarea>") {
		t.Errorf("%d %s", w.Code, page)
	}
	if strings.Contains(page, "phrase assez longue") || strings.Contains(log.String(), "phrase") || strings.Contains(log.String(), "date sûre") {
		t.Error("a secret, or somebody's words, came out where they should not")
	}
	if !strings.Contains(log.String(), "disk_full") || !strings.Contains(log.String(), "do=") {
		t.Errorf("the log says %s", log.String())
	}
}
