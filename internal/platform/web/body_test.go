package web_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// patience is how long these tests wait for what must come. Where the server waits for a body instead, they fail.
const patience = time.Minute

// bounded is a server of h within bounds that change makes, over a socket.
func bounded(t *testing.T, h http.Handler, change func(*web.Bounds)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := web.NewServer(h, nil)
	change(&s.Bounds)
	done := make(chan error, 1)
	go func() { done <- s.Serve(listener) }()
	t.Cleanup(func() {
		_ = s.Stop(time.Second)
		<-done
	})
	return listener.Addr().String()
}

// dial opens a connection and sends what is given.
func dial(t *testing.T, address, send string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, send); err != nil {
		t.Fatal(err)
	}
	return c
}

// answered reads one answer, and that the connection ends after it.
func answered(t *testing.T, c net.Conn) *http.Response {
	t.Helper()
	r := bufio.NewReader(c)
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatalf("half an answer: %v", err)
	}
	if _, err := r.ReadByte(); err == nil || isTimeout(err) {
		t.Errorf("after the answer: %v, want the end", err)
	}
	return res
}

func isTimeout(err error) bool {
	n, ok := err.(net.Error)
	return ok && n.Timeout()
}

// never is a server that waits for a body much longer than these tests do.
func never(b *web.Bounds) { b.Stall, b.Grace = time.Hour, time.Hour }

func TestWhoIsRefusedIsNotReadAndTheErrorPageDoesNotReadEither(t *testing.T) {
	t.Parallel()
	read := func(w http.ResponseWriter, r *web.Request) error {
		_, err := r.Form()
		if err == nil {
			_, err = io.Copy(io.Discard, r.Body)
		}
		return err
	}
	h := newHouse(t, nil)
	h.Handle(
		web.Route{Pattern: "POST /app/media", Access: web.Authors, MaxBody: 33 << 20, Handle: read},
		web.Route{Pattern: "POST /app/people", Access: web.Owners, MaxBody: 33 << 20, Handle: read},
		web.Route{Pattern: "POST /api/v1/x", Access: web.Token, MaxBody: 33 << 20, Handle: read},
		web.Route{Pattern: "POST /contact", Access: web.Anyone, Handle: read},
		web.Route{Pattern: "GET /only", Access: web.Anyone, Handle: ok},
		web.Route{Pattern: "POST /nobody", Access: web.Anyone, Handle: func(http.ResponseWriter, *web.Request) error { return fault.NotFound("post") }},
		web.Route{Pattern: "POST /app/sign-in", Access: web.Anyone, Rate: "sign-in", Handle: read},
	)
	address := bounded(t, h.Router, never)
	for range 2 {
		do(h, ask("POST", "/app/sign-in", "", from("127.0.0.1:5"))) // as often as one may
	}
	for _, tt := range []struct {
		path, more string
		want       int
	}{
		{"/app/media", "", 401},
		{"/app/media", "Cookie: causerie_session=stolen", 401},
		{"/app/media", "Cookie: causerie_session=reader", 403},
		{"/app/people", "Cookie: causerie_session=editor", 403},
		{"/app/media", "Cookie: causerie_session=author\r\nSec-Fetch-Site: cross-site", 403},
		{"/api/v1/x", "", 401},
		{"/api/v1/x", "Authorization: Bearer stolen", 401},
		{"/nowhere", "", 404},
		{"/nobody", "", 404},
		{"/only", "", 405},
		{"/contact", "", 413},
		{"/app/sign-in", "", 429},
	} {
		for _, kind := range []string{"multipart/form-data; boundary=x", "application/x-www-form-urlencoded"} {
			length := 30 << 20
			if tt.path == "/nobody" {
				length = 60_000
			}
			head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n", tt.path, kind, length)
			if tt.more != "" {
				head += tt.more + "\r\n"
			}
			if res := answered(t, dial(t, address, head+"\r\n")); res.StatusCode != tt.want {
				t.Errorf("%s %s: %d, want %d", tt.path, tt.more, res.StatusCode, tt.want)
			}
		}
	}
	// One that does not say how long it is goes as far as strangers may.
	c := dial(t, address, "POST /contact HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n")
	go func() {
		piece := strings.Repeat("a", 4<<10)
		for range 30 << 8 {
			if _, err := fmt.Fprintf(c, "%x\r\n%s\r\n", len(piece), piece); err != nil {
				return
			}
		}
	}()
	if res := answered(t, c); res.StatusCode != 413 {
		t.Errorf("without a length: %d", res.StatusCode)
	}
}

func TestWhoseSessionEndedGetsBackWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "POST /app/say", Access: web.Authors, Handle: ok})
	res := do(h, ask("POST", "/app/say", "body=Une+longue+phrase", as("ended")))
	if got := body(t, res); res.StatusCode != 401 || !strings.Contains(got, ">Une longue phrase</textarea>") {
		t.Errorf("%d %s", res.StatusCode, got)
	}
	if got := body(t, do(h, ask("POST", "/app/say", "body=Une+longue+phrase"))); strings.Contains(got, "phrase") {
		t.Errorf("a stranger's form was read: %s", got)
	}
}

func TestABodyThatDoesNotComeIsGivenUpAndLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	h := newHouse(t, nil)
	h.Handle(
		web.Route{Pattern: "POST /app/media", Access: web.Authors, MaxBody: 33 << 20, Handle: func(w http.ResponseWriter, r *web.Request) error {
			_, err := r.Form()
			return err
		}},
		web.Route{Pattern: "POST /api/v1/x", Access: web.Token, MaxBody: 33 << 20, Handle: func(w http.ResponseWriter, r *web.Request) error {
			if _, err := io.ReadAll(r.Body); err != nil {
				return web.BodyError(err)
			}
			return nil
		}},
	)
	address := bounded(t, h.Router, func(b *web.Bounds) { b.Stall = 50 * time.Millisecond })
	var part bytes.Buffer
	form := multipart.NewWriter(&part)
	file, err := form.CreateFormFile("file", "photo.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write(make([]byte, 3<<20)) // beyond what is kept in memory
	for name, head := range map[string]string{
		"form": "POST /app/media HTTP/1.1\r\nHost: x\r\nCookie: causerie_session=author\r\nContent-Type: " + form.FormDataContentType() + "\r\nContent-Length: 31457280\r\n\r\n" + part.String(),
		"API":  "POST /api/v1/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer author\r\nContent-Length: 31457280\r\n\r\n{",
		"none": "POST /api/v1/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer author\r\nContent-Length: 5\r\n\r\n",
	} {
		if res := answered(t, dial(t, address, head)); res.StatusCode != 408 {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestAGetIsAnsweredWithoutTheBodyThatItAnnounces(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(ok)
	address := bounded(t, h.Router, never)
	for _, announce := range []string{"Content-Length: 5", "Content-Length: 31457280", "Transfer-Encoding: chunked"} {
		for _, method := range []string{"GET", "HEAD"} {
			c := dial(t, address, method+" / HTTP/1.1\r\nHost: x\r\n"+announce+"\r\n\r\n")
			res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
			if err != nil || res.StatusCode != 200 || !res.Close {
				t.Errorf("%s, %s: %v %v", method, announce, res, err)
			}
		}
	}
}

func TestOverHTTP2ABodyThatDoesNotComeIsGivenUpToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.Handle(web.Route{Pattern: "POST /app/x", Access: web.Authors, Handle: func(w http.ResponseWriter, r *web.Request) error {
		if _, err := io.ReadAll(r.Body); err != nil {
			return web.BodyError(err)
		}
		return nil
	}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := web.NewServer(h.Router, nil)
	s.Bounds.Stall = 50 * time.Millisecond
	certs := httptest.NewUnstartedServer(nil)
	certs.StartTLS()
	defer certs.Close()
	s.TLSConfig = &tls.Config{Certificates: certs.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
	done := make(chan error, 1)
	go func() { done <- s.ServeTLS(listener, "", "") }()
	defer func() {
		_ = s.Stop(time.Second)
		<-done
	}()
	transport := certs.Client().Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2 = true
	transport.TLSClientConfig.InsecureSkipVerify = true
	defer transport.CloseIdleConnections()
	body, hold := io.Pipe()
	defer hold.Close()
	r, err := http.NewRequestWithContext(t.Context(), "POST", "https://"+listener.Addr().String()+"/app/x", body)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: "author"})
	res, err := (&http.Client{Transport: transport, Timeout: patience}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.ProtoMajor != 2 || res.StatusCode != 408 {
		t.Errorf("%s %d", res.Proto, res.StatusCode)
	}
}

func TestThereIsRoomForOneMoreHoweverManyWait(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil).public(ok)
	h.Handle(web.Route{Pattern: "POST /app/x", Access: web.Anyone, Handle: func(w http.ResponseWriter, r *web.Request) error {
		_, err := io.ReadAll(r.Body)
		return err
	}})
	for name, send := range map[string]string{
		"silence":  "",
		"idle":     "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"headers":  "GET / HTTP/1.1\r\nHost: x\r\n",
		"a body":   "POST /app/x HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n",
		"a second": "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := bounded(t, h.Router, func(b *web.Bounds) { b.Conns = 8; never(b) })
			for range 16 {
				dial(t, address, send)
			}
			for range 3 {
				c := dial(t, address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
				if res := answered(t, c); res.StatusCode != 200 {
					t.Errorf("%d", res.StatusCode)
				}
			}
		})
	}
}
