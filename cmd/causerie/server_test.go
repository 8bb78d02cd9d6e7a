package main

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a command that goes on until it is stopped.
type server struct {
	t     *testing.T
	said  lines
	stops context.CancelFunc
	done  chan error
}

// lines keeps what is written to it, and tells who waits that there is more.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start runs a command beside the test, which stops it at the latest when it ends.
func (s *shell) start(args ...string) *server {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	r := &server{t: s.t, stops: cancel, done: make(chan error, 1), said: lines{more: make(chan struct{}, 1)}}
	c := s.console(ctx, "", &r.said, &r.said)
	go func() { r.done <- c.run(args) }()
	s.t.Cleanup(func() { cancel() })
	return r
}

// waitFor returns once the command has said text, and fails if it ends before.
func (r *server) waitFor(text string) {
	r.t.Helper()
	late := time.After(2 * time.Minute) // only a command that hangs takes as long
	for !strings.Contains(r.said.String(), text) {
		select {
		case <-r.said.more:
		case err := <-r.done:
			r.t.Fatalf("it ended before it said %q: %v\n%s", text, err, r.said.String())
		case <-late:
			r.t.Fatalf("it never said %q:\n%s", text, r.said.String())
		}
	}
}

// match returns the first group of pattern in what was said.
func (r *server) match(pattern string) string {
	r.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(r.said.String())
	if m == nil {
		r.t.Fatalf("it never said %s:\n%s", pattern, r.said.String())
	}
	return m[1]
}

// stop tells the command to stop and returns what it ended with.
func (r *server) stop() error {
	r.stops()
	http.DefaultClient.CloseIdleConnections()
	return <-r.done
}

func fetchStatus(t *testing.T, url string) int {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}
