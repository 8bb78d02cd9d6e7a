package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"causerie/internal/platform/web"
)

// streaming is a server of h on a socket of its own.
func streaming(t *testing.T, h http.Handler) (s *web.Server, url string, served <-chan error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = web.NewServer(h, nil)
	done := make(chan error, 1)
	go func() { done <- s.Serve(listener) }()
	return s, "http://" + listener.Addr().String(), done
}

// event reads the next event of a stream, passing over heartbeats and what is said to the browser.
func event(t *testing.T, r *bufio.Reader) (name, data string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended: %v", err)
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "event":
			name = value
		case "data":
			data = value
		case "":
			if data != "" {
				return name, data
			}
		}
	}
}

func TestAStreamSaysWhatIsNowAndWhatIsNew(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	var n atomic.Int64
	wake := make(chan string)
	var refuse atomic.Bool
	h.Handle(web.Route{Pattern: "GET /app/live", Access: web.SignedIn, Stream: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
		if _, bounded := r.Context().Deadline(); bounded {
			t.Error("a stream has a timeout")
		}
		return r.Stream(w, wake, func(context.Context) (web.Event, error) {
			if refuse.Load() {
				return web.Event{}, errors.New("database away")
			}
			return web.Event{Name: "counts", Data: map[string]int64{"inbox": n.Load()}}, nil
		})
	}})
	s, url, served := streaming(t, h)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/app/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "owner"})
	client := &http.Client{Transport: &http.Transport{}}
	res, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if head := res.Header; head.Get("Content-Type") != "text/event-stream" || head.Get("Cache-Control") != "no-store" || head.Get("Content-Encoding") != "" {
		t.Errorf("%v", head)
	}
	r := bufio.NewReader(res.Body)
	if name, data := event(t, r); name != "counts" || data != `{"inbox":0}` {
		t.Errorf("at first %s %s", name, data)
	}
	wake <- "inbox" // nothing new: nothing said
	n.Store(3)
	wake <- "inbox"
	if _, data := event(t, r); data != `{"inbox":3}` {
		t.Errorf("then %s", data)
	}
	refuse.Store(true)
	wake <- "inbox"
	if _, err := r.ReadString('\n'); err == nil {
		if _, err = r.ReadString('\n'); err == nil {
			t.Error("a stream goes on after what it shows could not be read")
		}
	}
	_ = res.Body.Close()
	if again, err := client.Do(request); err != nil || again.StatusCode != http.StatusInternalServerError {
		t.Errorf("before the first event an error is an answer: %v %v", again, err)
	}
	client.CloseIdleConnections()
	if err := s.Stop(5 * time.Minute); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

func TestTheServerStopsWithStreamsOpen(t *testing.T) {
	before := goleak.IgnoreCurrent()
	h := newHouse(t, nil)
	var open atomic.Int64
	h.Handle(web.Route{Pattern: "GET /app/live", Access: web.Anyone, Stream: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
		open.Add(1)
		defer open.Add(-1)
		return r.Stream(w, nil, func(context.Context) (web.Event, error) { return web.Event{Name: "here"}, nil })
	}})
	slow, finish := make(chan struct{}), make(chan struct{})
	h.Handle(web.Route{Pattern: "POST /app/slow", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
		close(slow)
		<-finish
		if r.Context().Err() != nil {
			t.Error("a request that was being answered was cut off")
		}
		return ok(w, r)
	}})
	s, url, served := streaming(t, h)
	transport := &http.Transport{}
	client := &http.Client{Transport: transport}
	var bodies []*http.Response
	for range 50 {
		res, err := client.Get(url + "/app/live")
		if err != nil {
			t.Fatal(err)
		}
		event(t, bufio.NewReader(res.Body)) // null
		bodies = append(bodies, res)
	}
	silent, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")) // as browsers do, in case
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	answered := make(chan int)
	go func() {
		res, err := client.Post(url+"/app/slow", "", nil)
		if err != nil {
			answered <- 0
			return
		}
		_ = res.Body.Close()
		answered <- res.StatusCode
	}()
	<-slow
	began := time.Now()
	stopped := make(chan error)
	go func() { stopped <- s.Stop(5 * time.Minute) }()
	for _, res := range bodies { // each ends, while the slow request goes on
		if _, err := bufio.NewReader(res.Body).ReadString(0); err == nil {
			t.Error("a stream goes on")
		}
		_ = res.Body.Close()
	}
	close(finish)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the slow request: %d", status)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Stop: %v", err)
	}
	if took := time.Since(began); took > 2*time.Minute { // it waits for nobody: else it would take the grace
		t.Errorf("stopping took %v", took)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	if open.Load() != 0 {
		t.Errorf("%d streams are open", open.Load())
	}
	transport.CloseIdleConnections()
	goleak.VerifyNone(t, before)
}

func TestWhatDoesNotEndInTimeIsCutOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	begun := make(chan struct{})
	h.Handle(web.Route{Pattern: "GET /app/slow", Access: web.Anyone, Handle: func(_ http.ResponseWriter, r *web.Request) error {
		close(begun)
		<-r.Context().Done()
		return r.Context().Err()
	}})
	s, url, served := streaming(t, h)
	go func() {
		if res, err := http.Get(url + "/app/slow"); err == nil {
			_ = res.Body.Close()
		}
	}()
	<-begun
	if err := s.Stop(1); err != nil {
		t.Errorf("an orderly stop says %v", err)
	}
	<-served
}

func TestOnlySoManyStreams(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	open, end := make(chan struct{}), make(chan struct{})
	h.Handle(web.Route{Pattern: "GET /app/live", Access: web.Anyone, Stream: true, Handle: func(http.ResponseWriter, *web.Request) error {
		open <- struct{}{}
		<-end
		return nil
	}})
	for range 1000 {
		go do(h, ask("GET", "/app/live", ""))
		<-open
	}
	if res := do(h, ask("GET", "/app/live", "")); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one more: %d", res.StatusCode)
	}
	close(end)
}

// A reader who takes nothing is let go; one who is slow is not.
func TestEachWriteHasItsTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "GET /app/x", Access: web.Anyone, Handle: func(w http.ResponseWriter, _ *web.Request) error {
		for range 3 {
			if _, err := w.Write([]byte("x")); err != nil {
				return err
			}
		}
		return nil
	}})
	w := &deadlines{ResponseWriter: discard{http.Header{}}}
	began := time.Now()
	h.ServeHTTP(w, ask("GET", "/app/x", ""))
	if len(w.set) == 0 || len(w.set) > 2 {
		t.Fatalf("deadlines: %v", w.set)
	}
	for _, at := range w.set {
		if until := at.Sub(began); until < 30*time.Second || until > 2*time.Minute {
			t.Errorf("a write has until %v after the request", until)
		}
	}
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// deadlines notes the deadlines that are set.
type deadlines struct {
	http.ResponseWriter
	set []time.Time
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.set = append(d.set, t)
	return nil
}

// leaving is a reader who goes away after some writes.
type leaving struct {
	http.ResponseWriter
	writes int
}

func (l *leaving) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func (l *leaving) Write(b []byte) (int, error) {
	if l.writes--; l.writes < 0 {
		return 0, errors.New("broken pipe")
	}
	return l.ResponseWriter.Write(b)
}

// Every page that is closed ends a stream: that is no failure, whenever it happens, and no line of the log.
func TestAReaderWhoLeavesIsNoFailure(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for writes := range 3 {
		path := fmt.Sprintf("/app/live/%d", writes)
		var ended error
		h.Handle(web.Route{Pattern: "GET " + path, Access: web.Anyone, Stream: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
			wake := make(chan string, 1)
			wake <- "inbox"
			said := 0
			ended = r.Stream(&leaving{ResponseWriter: w, writes: writes}, wake, func(context.Context) (web.Event, error) {
				said++
				return web.Event{Name: "counts", Data: said}, nil
			})
			return ended
		}})
		h.Router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
		if ended != nil {
			t.Errorf("after %d writes: %v", writes, ended)
		}
	}
}

// streamOf says n at each waking.
func streamOf(n *atomic.Int64, wake <-chan string) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		return r.Stream(w, wake, func(context.Context) (web.Event, error) {
			return web.Event{Name: "counts", Data: map[string]int64{"inbox": n.Load()}}, nil
		})
	}
}
