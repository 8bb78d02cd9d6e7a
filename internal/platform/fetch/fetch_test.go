package fetch_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/harness/cost"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/fetch"
)

func serve(t *testing.T, o fetch.Options, h http.HandlerFunc) (*fetch.Client, string) {
	t.Helper()
	server := httptest.NewServer(h)
	o.AllowLoopback = true
	client := fetch.New(o)
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server.URL
}

func TestAnswerComesWhole(t *testing.T) {
	t.Parallel()
	client, base := serve(t, fetch.Options{UserAgent: "Causerie/1 (+https://maison.example)"}, func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "Causerie/1 (+https://maison.example)" || r.Header.Get("Accept") != "text/html" {
			t.Errorf("request %v", r.Header)
		}
		w.Header().Set("Content-Type", "Text/HTML; charset=ISO-8859-1")
		fmt.Fprint(w, "<p>ok")
	})
	resp, err := client.Get(t.Context(), base+"/a?b=c#d", fetch.Accept("text/html"))
	if err != nil {
		t.Fatal(err)
	}
	if string(resp.Body) != "<p>ok" || resp.ContentType != "text/html" || resp.Charset != "iso-8859-1" || resp.URL != base+"/a?b=c" || resp.Status != 200 {
		t.Errorf("%+v", resp)
	}
}

func TestBodyIsBoundedAfterDecompression(t *testing.T) {
	t.Parallel()
	client, base := serve(t, fetch.Options{MaxBytes: 1000}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.CopyN(z, zeros{}, 50<<20)
			_ = z.Close()
		case "/declared":
			w.Header().Set("Content-Length", "1001")
			_, _ = io.CopyN(w, zeros{}, 1001)
		case "/endless":
			_, _ = io.Copy(w, zeros{})
		default:
			_, _ = io.CopyN(w, zeros{}, 1000)
		}
	})
	for _, path := range []string{"/bomb", "/declared", "/endless"} {
		if _, err := client.Get(t.Context(), base+path); !errors.Is(err, fetch.ErrTooLarge) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if resp, err := client.Get(t.Context(), base+"/fits"); err != nil || len(resp.Body) != 1000 {
		t.Errorf("what just fits: %v", err)
	}
	if _, err := client.Get(t.Context(), base+"/fits", fetch.MaxBytes(10)); !errors.Is(err, fetch.ErrTooLarge) {
		t.Errorf("a bound of its own: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestServerThatDripsIsLeft(t *testing.T) {
	t.Parallel()
	client, base := serve(t, fetch.Options{Timeout: 80 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil { // as fast as it can, and never enough
			fmt.Fprint(w, "x")
			if err := http.NewResponseController(w).Flush(); err != nil {
				return
			}
			if r.URL.Path == "/mute" {
				<-r.Context().Done()
			}
		}
	})
	for _, path := range []string{"/mute", "/drip"} {
		_, err := client.Get(t.Context(), base+path, fetch.MaxBytes(1<<40))
		if ne, ok := errors.AsType[interface {
			error
			Timeout() bool
		}](err); !ok || !ne.Timeout() {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestStatusSaysWhatToTryAgainAndWhen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
	client, base := serve(t, fetch.Options{Clock: clock.NewManual(now)}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", r.URL.Query().Get("after"))
		var code int
		_, _ = fmt.Sscan(r.URL.Query().Get("code"), &code)
		w.WriteHeader(code)
		fmt.Fprint(w, strings.Repeat("because ", 1000))
	})
	for _, tt := range []struct {
		code      int
		after     string
		wait      time.Duration
		temporary bool
	}{
		{404, "", 0, false}, {410, "x", 0, false}, {429, "120", 2 * time.Minute, true}, {503, "Mon, 09 Mar 2026 09:00:00 GMT", time.Hour, true},
		{503, "Mon, 09 Mar 2020 09:00:00 GMT", 0, true}, {500, "-5", 0, true}, {429, "99999999999", 7 * 24 * time.Hour, true}, {401, "", 0, false},
	} {
		_, err := client.Get(t.Context(), fmt.Sprintf("%s/?code=%d&after=%s", base, tt.code, strings.ReplaceAll(tt.after, " ", "%20")))
		status, ok := errors.AsType[*fetch.ErrStatus](err)
		if !ok || status.Code != tt.code || status.RetryAfter != tt.wait || status.Temporary() != tt.temporary || len(status.Body) != 4096 {
			t.Errorf("%+v: %v, %+v", tt, err, status)
		}
	}
}

func TestRedirectsAreCountedAndRemembered(t *testing.T) {
	t.Parallel()
	client, base := serve(t, fetch.Options{MaxRedirects: 3}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/old":
			http.Redirect(w, r, "/newer", http.StatusMovedPermanently)
		case "/newer":
			http.Redirect(w, r, "/today", http.StatusFound)
		}
	})
	if _, err := client.Get(t.Context(), base+"/loop"); !errors.Is(err, fetch.ErrRedirects) {
		t.Errorf("a loop: %v", err)
	}
	resp, err := client.Get(t.Context(), base+"/old")
	if err != nil || resp.URL != base+"/today" || resp.Moved != base+"/newer" {
		t.Errorf("%+v, %v", resp, err)
	}
	for _, try := range []func() error{
		func() error { _, err := client.Get(t.Context(), base+"/old", fetch.NoRedirect()); return err },
		func() error {
			_, err := client.Post(t.Context(), base+"/old", "text/plain", []byte("x"))
			return err
		},
	} {
		if status, ok := errors.AsType[*fetch.ErrStatus](try()); !ok || status.Code != 301 {
			t.Errorf("a redirect that is not followed: %v", status)
		}
	}
}

func TestTokenDoesNotFollowToAnotherHost(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("X-Key") != "" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("the other host was told %v", r.Header)
		}
		if r.Header.Get("Signature") != r.Host {
			t.Errorf("signature %q", r.Header.Get("Signature"))
		}
	}))
	t.Cleanup(other.Close)
	client, base := serve(t, fetch.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t" || r.Header.Get("X-Key") != "k" {
			t.Errorf("the first host was told %v", r.Header)
		}
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusFound)
			return
		}
		http.Redirect(w, r, other.URL, http.StatusFound)
	})
	_, err := client.Get(t.Context(), base+"/a", fetch.Header("Authorization", "Bearer t"), fetch.Header("X-Key", "k"), fetch.Accept("application/json"),
		fetch.Sign(func(r *http.Request, _ []byte) error { r.Header.Set("Signature", r.URL.Host); return nil }))
	if err != nil {
		t.Error(err)
	}
}

func TestPostCarriesItsBodyAndSignature(t *testing.T) {
	t.Parallel()
	client, base := serve(t, fetch.Options{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprintf(w, "%s %s %s %s", r.Method, r.Header.Get("Content-Type"), r.Header.Get("X-Sum"), body)
	})
	resp, err := client.Post(t.Context(), base, "application/activity+json", []byte("{}"),
		fetch.Sign(func(r *http.Request, body []byte) error { r.Header.Set("X-Sum", string(body)); return nil }))
	if err != nil || string(resp.Body) != "POST application/activity+json {} {}" || resp.Status != 202 {
		t.Errorf("%+v, %v", resp, err)
	}
	refusal := errors.New("no key")
	if _, err := client.Get(t.Context(), base, fetch.Sign(func(*http.Request, []byte) error { return refusal })); !errors.Is(err, refusal) {
		t.Errorf("a signature that fails: %v", err)
	}
}

func TestUnchangedAnswerIsNotAFailure(t *testing.T) {
	t.Parallel()
	client, base := serve(t, fetch.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "Mon, 09 Mar 2026 09:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
		}
	})
	resp, err := client.Get(t.Context(), base, fetch.Unless(`"v1"`, "Mon, 09 Mar 2026 09:00:00 GMT"))
	if err != nil || !resp.NotModified {
		t.Errorf("%+v, %v", resp, err)
	}
	if resp, err = client.Get(t.Context(), base, fetch.Unless("", "")); err != nil || resp.NotModified {
		t.Errorf("%+v, %v", resp, err)
	}
	if resp, err = client.Head(t.Context(), base); err != nil || resp.Status != 200 {
		t.Errorf("HEAD: %+v, %v", resp, err)
	}
}

func TestAnswerOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	client, base := serve(t, fetch.Options{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		fmt.Fprint(w, r.URL.Query().Get("body"))
	})
	const png, zip = "\x89PNG\r\n\x1a\n", "PK\x03\x04"
	for _, tt := range []struct {
		kind, declared, body string
		ok                   bool
	}{
		{"image", "image/png", png, true}, {"image", "image/jpeg", png, true}, {"image", "text/html", png, false},
		{"image", "image/png", "<script>", false}, {"image", "image/svg+xml", "<svg/>", false},
		{"html", "text/html", "<p>", true}, {"html", "application/xhtml+xml", "<p>", true}, {"html", "text/html", png, false}, {"html", "text/plain", "<p>", false},
		{"xml", "application/rss+xml", "<rss/>", true}, {"xml", "text/xml", "<rss/>", true}, {"xml", "application/xml", zip, false}, {"xml", "application/pdf", "<rss/>", false},
		{"json", "application/activity+json", "{}", true}, {"json", "application/json", "%PDF-", false}, {"json", "text/html", "{}", false},
		{"text", "text/plain", "caf\xe9", true}, {"text", "text/plain", zip, false},
	} {
		_, err := client.Get(t.Context(), base+"/?"+url.Values{"type": {tt.declared}, "body": {tt.body}}.Encode(), fetch.Expect(tt.kind))
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, fetch.ErrContentType) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

// What is asked of elsewhere may answer what it likes: reading the head of an answer costs in proportion. It is not parallel: it measures.
func TestTheHeadOfAnAnswerCostsInProportion(t *testing.T) {
	const n = 12_000
	rep := func(s string, n int) string { return strings.Repeat(s, n/len(s)) }
	for name, value := range map[string]func(n int) (field, value string){
		"parameters":      func(n int) (string, string) { return "Content-Type", "text/html" + rep("; a=b", n) },
		"named ones":      func(n int) (string, string) { return "Content-Type", "text/html; charset*0=" + rep("a;b*1=", n) },
		"a quoted one":    func(n int) (string, string) { return "Content-Type", `text/html; charset="` + rep(`\"`, n) + `"` },
		"escapes":         func(n int) (string, string) { return "Content-Type", "text/html; charset*=utf-8''" + rep("%41", n) },
		"a moment":        func(n int) (string, string) { return "Retry-After", rep("9", n) },
		"another address": func(n int) (string, string) { return "Location", rep("/..", n) },
	} {
		get := func(n int) func() {
			client, base := serve(t, fetch.Options{MaxRedirects: -1}, func(w http.ResponseWriter, r *http.Request) {
				field, value := value(n)
				w.Header().Set(field, value)
				switch field {
				case "Retry-After":
					w.WriteHeader(http.StatusTooManyRequests)
				case "Location":
					w.WriteHeader(http.StatusFound)
				}
			})
			return func() {
				resp, err := client.Get(t.Context(), base)
				if err == nil && resp.Status != http.StatusOK {
					t.Errorf("%s: %+v", name, resp)
				}
			}
		}
		cost.InProportion(t, name, get(n), get(cost.Times*n))
	}
}
