package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"causerie/internal/platform/fault"
)

const (
	maxStreams = 1000             // open at a time; who comes then is told to come back
	heartbeat  = 15 * time.Second // of silence, so that proxies and both ends see that the line is up
	pace       = time.Second / 2  // between two events of one stream
	streamLife = 10 * time.Minute // then the browser asks again, and whether it still may
	retryAfter = 3 * time.Second  // how long the browser waits before that
)

// Event is one message of a stream: Data, as JSON, under a Name.
type Event struct {
	Name string
	Data any
}

// Stream answers with server-sent events (HTML standard, section 9.2) until the client leaves, the server stops or ten
// minutes are over: the event that next makes now, and one after each waking, at most two a second, none when it says
// what the one before said. The route must be one with Stream set. What next returns as an error ends the stream; before
// the first event it is the answer.
func (r *Request) Stream(w http.ResponseWriter, wake <-chan string, next func(ctx context.Context) (Event, error)) error {
	ctx := r.Context()
	s := &stream{w: w, flush: http.NewResponseController(w).Flush}
	e, err := next(ctx)
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head["Cache-Control"] = noStore
	head.Set("X-Accel-Buffering", "no") // nginx would keep events back
	if err := s.write(fmt.Appendf(nil, "retry: %d\n\n", retryAfter.Milliseconds())); err != nil {
		return nil // the reader left
	}
	life, beat, rest := time.NewTimer(streamLife), time.NewTicker(heartbeat), time.NewTimer(pace)
	defer life.Stop()
	defer beat.Stop()
	defer rest.Stop()
	if err := s.send(e); err != nil {
		if s.gone {
			return nil
		}
		return err
	}
	var awake <-chan string // nil while the stream rests
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-life.C:
			return nil
		case <-rest.C:
			awake = wake
			continue
		case <-beat.C:
			err = s.write([]byte(":\n\n"))
		case _, open := <-awake:
			if !open {
				return nil
			}
			awake = nil
			rest.Reset(pace)
			if e, err = next(ctx); err == nil {
				err = s.send(e)
			}
		}
		if err != nil {
			if ctx.Err() != nil || s.gone {
				return nil // the reader left
			}
			return err
		}
	}
}

// stream is what was sent so far.
type stream struct {
	w     http.ResponseWriter
	flush func() error
	last  []byte
	gone  bool // the reader is
}

// send writes e unless it was the last thing said.
func (s *stream) send(e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("web: event %s: %w", e.Name, err)
	}
	message := fmt.Appendf(nil, "event: %s\ndata: %s\n\n", e.Name, data)
	if bytes.Equal(message, s.last) {
		return nil
	}
	s.last = message
	return s.write(message)
}

func (s *stream) write(b []byte) error {
	_, err := s.w.Write(b)
	if err == nil {
		err = s.flush()
	}
	s.gone = err != nil
	return err
}

// openStream counts a stream in and makes its context, which ends with the client, with end and with the server's streams.
func (ro *Router) openStream(hr *http.Request) (ctx context.Context, end func(), err error) {
	if ro.streams.Add(1) > maxStreams {
		ro.streams.Add(-1)
		return nil, nil, fault.Unavailable("streams_full", nil)
	}
	ctx, cancel := context.WithCancel(hr.Context())
	stop := func() bool { return true }
	if all, ok := hr.Context().Value(streamsKey{}).(context.Context); ok {
		stop = context.AfterFunc(all, cancel)
	}
	return ctx, func() {
		stop()
		cancel()
		ro.streams.Add(-1)
	}, nil
}
