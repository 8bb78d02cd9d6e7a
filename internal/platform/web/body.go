package web

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"causerie/internal/platform/fault"
)

// errSlow is what reading a body returns that does not come.
var errSlow = errors.New("the body of the request does not come")

// incoming is the body of a request as it comes in. Each read waits for Bounds.Stall at most, and all of them together for Bounds.Grace
// and one second more for each Bounds.Rate bytes that came: who sends steadily may send for long, who dribbles may not. Only waiting for
// the client counts, not what the program does meanwhile.
type incoming struct {
	io.ReadCloser
	bounds  *Bounds
	conn    *conn
	control *http.ResponseController

	came   int64
	waited time.Duration
	whole  bool // all of it came
	failed error
}

// Read waits for the next bytes, as long as it may.
func (b *incoming) Read(p []byte) (int, error) {
	if b.failed != nil {
		return 0, b.failed
	}
	began := time.Now()
	left := b.bounds.Grace + time.Duration(float64(b.came)/float64(b.bounds.Rate)*float64(time.Second)) - b.waited
	_ = b.control.SetReadDeadline(began.Add(min(left, b.bounds.Stall))) // where there is none, as in a test, nothing waits
	noLonger := b.conn.waits()
	n, err := b.ReadCloser.Read(p)
	noLonger()
	b.came += int64(n)
	b.waited += time.Since(began)
	switch {
	case err == io.EOF:
		b.whole = true
		_ = b.control.SetReadDeadline(time.Time{}) // the server now listens for the client leaving, as long as the answer takes
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = errSlow
	}
	if err != nil {
		b.failed = err
	}
	return n, err
}

// answer is the writer of a request that has a body. An answer that is given before the body was there ends the connection: nobody
// waits for what nobody wants.
type answer struct {
	http.ResponseWriter
	body  *incoming
	begun bool
}

// Unwrap lets http.ResponseController reach what is underneath.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) begin() {
	if a.begun = true; !a.body.whole {
		a.Header().Set("Connection", "close")
	}
}

// WriteHeader sends the status.
func (a *answer) WriteHeader(status int) {
	if !a.begun && status >= http.StatusOK {
		a.begin()
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write sends bytes, after status 200 when none was sent.
func (a *answer) Write(b []byte) (int, error) {
	if !a.begun {
		a.begin()
	}
	return a.ResponseWriter.Write(b)
}

// withBody serves a request that has a body.
func (s *Server) withBody(w http.ResponseWriter, r *http.Request, c *conn) {
	control := http.NewResponseController(w)
	b := &incoming{ReadCloser: r.Body, bounds: &s.Bounds, conn: c, control: control}
	in := new(http.Request)
	*in = *r // the server looks at its own request afterwards
	defer func() {
		if !b.whole { // the server drains a little of it, so that the answer is not lost
			_ = control.SetReadDeadline(time.Now().Add(s.Bounds.Drain))
		}
	}()
	if r.Method == http.MethodGet || r.Method == http.MethodHead { // it means nothing, and is not waited for
		w.Header().Set("Connection", "close")
		in.Body, in.ContentLength, in.TransferEncoding = http.NoBody, 0, nil
		s.next.ServeHTTP(w, in)
		return
	}
	in.Body = b
	s.next.ServeHTTP(&answer{ResponseWriter: w, body: b}, in)
}

// BodyError returns what to tell of an error from reading a body: it is too large, did not come, or broke off.
func BodyError(err error) error {
	if limit, long := isTooLong(err); long {
		return fault.TooLarge(limit)
	}
	if errors.Is(err, errSlow) {
		return tooSlow().Because(err)
	}
	return errMalformed.Because(err)
}

// tooSlow is answered with 408.
func tooSlow() *fault.Error { return &fault.Error{Kind: fault.KindInvalid, Code: "too_slow"} }
