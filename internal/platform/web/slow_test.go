package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"causerie/internal/platform/web"
)

// These tests are about how long one may take. They run in a bubble whose clock goes by itself when all wait, over pipes, with the
// bounds that the program has: minutes of it take no time.

// pipes is a listener of connections in memory.
type pipes struct {
	dialled chan net.Conn
	closed  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialled:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

// inBubble serves h in a bubble to fn, which gets connections on which what it names was sent.
func inBubble(t *testing.T, h http.Handler, fn func(t *testing.T, dial func(send string) net.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{dialled: make(chan net.Conn), closed: make(chan struct{})}
		s := web.NewServer(h, nil)
		served := make(chan error, 1)
		go func() { served <- s.Serve(l) }()
		var open []net.Conn
		fn(t, func(send string) net.Conn {
			here, there := net.Pipe()
			open = append(open, here)
			l.dialled <- there
			if _, err := io.WriteString(here, send); err != nil {
				t.Fatal(err)
			}
			return here
		})
		for _, c := range open {
			_ = c.Close()
		}
		_ = s.Stop(time.Second)
		<-served
	})
}

func status(t *testing.T, c net.Conn) int {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	return res.StatusCode
}

func TestABodyThatDribblesIsGivenUpAndOneThatGoesOnIsNot(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "POST /app/x", Access: web.Authors, Handle: func(w http.ResponseWriter, r *web.Request) error {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return web.BodyError(err)
		}
		_, err = fmt.Fprint(w, len(b))
		return err
	}})
	const pieces = 60
	for _, tt := range []struct {
		name  string
		piece int
		want  int
		end   time.Duration // at the latest
	}{
		{"dribbles", 1, 408, 25 * time.Second},
		{"goes on", 10 << 10, 200, 61 * time.Second},
	} {
		inBubble(t, h.Router, func(t *testing.T, dial func(string) net.Conn) {
			began := time.Now()
			c := dial(fmt.Sprintf("POST /app/x HTTP/1.1\r\nHost: x\r\nCookie: causerie_session=author\r\nContent-Length: %d\r\n\r\n", pieces*tt.piece))
			var sending sync.WaitGroup
			sending.Go(func() {
				for range pieces {
					if _, err := io.WriteString(c, strings.Repeat("a", tt.piece)); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			})
			if got := status(t, c); got != tt.want || time.Since(began) > tt.end {
				t.Errorf("one that %s: %d after %v", tt.name, got, time.Since(began))
			}
			_ = c.Close()
			sending.Wait()
		})
	}
}

func TestAReaderThatTakesNothingIsLetGoAndASlowOneIsNot(t *testing.T) {
	t.Parallel()
	const size = 4 << 20
	for _, slow := range []bool{false, true} {
		inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(size))
			_, err := w.Write(make([]byte, size)) // at once, as the page cache does
			if (err == nil) != slow {
				t.Errorf("slow %v: written with %v", slow, err)
			}
		}), func(t *testing.T, dial func(string) net.Conn) {
			began := time.Now()
			c := dial("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			if !slow {
				time.Sleep(time.Minute)
				if b, err := io.ReadAll(c); err != nil || len(b) > 8<<10 {
					t.Errorf("%d bytes wait for who takes nothing: %v", len(b), err)
				}
				return
			}
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			for buf := make([]byte, 32<<10); got < size; time.Sleep(20 * time.Second) {
				n, err := io.ReadFull(res.Body, buf)
				if got += n; err != nil {
					t.Fatalf("after %d bytes and %v: %v", got, time.Since(began), err)
				}
			}
			if took := time.Since(began); took < 40*time.Minute {
				t.Errorf("it was not slow: %v", took)
			}
		})
	}
}

func TestAStreamOutlivesTheTimeForOneAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	var n atomic.Int64
	var wake chan string
	h.Handle(web.Route{Pattern: "GET /app/live", Access: web.SignedIn, Stream: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
		return streamOf(&n, wake)(w, r)
	}})
	inBubble(t, h.Router, func(t *testing.T, dial func(string) net.Conn) {
		wake = make(chan string)
		res, err := http.ReadResponse(bufio.NewReader(dial("GET /app/live HTTP/1.1\r\nHost: x\r\nCookie: causerie_session=owner\r\n\r\n")), nil)
		if err != nil {
			t.Fatal(err)
		}
		events := make(chan string)
		go func() {
			defer close(events)
			for lines := bufio.NewReader(res.Body); ; {
				line, err := lines.ReadString('\n')
				if err != nil {
					return
				}
				if data, ok := strings.CutPrefix(line, "data: "); ok {
					events <- strings.TrimSpace(data)
				}
			}
		}()
		for want := range 3 {
			if want > 0 {
				time.Sleep(4 * time.Minute) // many times what one answer may take
				n.Add(1)
				wake <- "inbox"
			}
			if got := <-events; got != fmt.Sprintf(`{"inbox":%d}`, want) {
				t.Errorf("event %d: %s", want, got)
			}
		}
	})
}
