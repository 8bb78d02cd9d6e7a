package harness_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"causerie/internal/app"
	"causerie/internal/harness"
	"causerie/internal/platform/db"
)

// TestWhatWaitsIsCountedInEveryProcess: a remark taken in by one server shows beside the word Conversations in the browsers
// that another one serves, and a server with fifty of them open stops at once, in order.
func TestWhatWaitsIsCountedInEveryProcess(t *testing.T) {
	h := harness.Start(t, harness.Options{Engine: db.Postgres, SetUp: true})
	path := publish(t, h, "Nos délais", "Une date sûre.")

	config := h.Config
	config.Data = t.TempDir()
	other, err := app.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(t.Context())
	defer stop()
	served := make(chan error, 1)
	go func() { served <- other.Serve(serving, listener, nil) }()

	base := "http://" + listener.Addr().String()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	in, err := browser.PostForm(base+"/app/sign-in", url.Values{"email": {h.Owner.Email}, "password": {harness.Password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = in.Body.Close()
	var streams []*bufio.Reader
	for range 50 {
		res, err := browser.Get(base + "/app/live")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		r := bufio.NewReader(res.Body)
		if got := counts(t, r); got != `{"inbox":0}` {
			t.Fatalf("at first %s", got)
		}
		streams = append(streams, r)
	}

	h.Visitor().Get(path).OK().Form("#repondre").Fill("name", "Hélène Morvan").Fill("email", "helene@morvan.example").
		Fill("body", "Une date sûre, sans hésiter.").Submit().Is(http.StatusSeeOther)
	for _, r := range streams {
		if got := counts(t, r); got != `{"inbox":1}` {
			t.Errorf("after a remark in another process %s", got)
		}
	}

	began := time.Now()
	stop()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if took := time.Since(began); took > time.Minute { // that it waits for no stream is proved in package web, where the grace is longer
		t.Errorf("stopping took %v", took)
	}
}

// counts reads the next event of a stream.
func counts(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended: %v", err)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			return strings.TrimSpace(data)
		}
	}
}
