package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// writeTimeout is how long a client may take for what was written to it last. An answer, however long, is cut off only
// when its reader takes nothing for that time.
const writeTimeout = 30 * time.Second

// Server is an http.Server with the bounds that keep slow and greedy clients from holding it, and an orderly stop.
type Server struct {
	*http.Server
	log        *slog.Logger
	endStreams context.CancelFunc
	cut        context.CancelFunc // ends the contexts of all requests

	mu     sync.Mutex
	silent map[net.Conn]bool // connections on which nothing was asked yet
}

// streamsKey finds, in the context of a request, the context that ends with the streams of its server.
type streamsKey struct{}

// NewServer returns a server for h: 10 s for the header, 32 KiB of it, two minutes of silence between requests, a minute
// for an answer that no Router bounds more closely. What the server itself complains of (a broken handshake, a panic that
// nobody recovered) goes to log as warnings. The caller sets Addr or brings a listener, and ends it with Stop.
func NewServer(h http.Handler, log *slog.Logger) *Server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	streams, endStreams := context.WithCancel(context.Background())
	base, cut := context.WithCancel(context.WithValue(context.Background(), streamsKey{}, streams))
	s := &Server{log: log, endStreams: endStreams, cut: cut, silent: map[net.Conn]bool{}}
	s.Server = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return base },
		ConnState:         s.watch,
	}
	return s
}

// watch keeps the connections on which nothing was asked yet: browsers open some in advance, and Shutdown would wait five
// seconds for each.
func (s *Server) watch(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state == http.StateNew {
		s.silent[c] = true
	} else {
		delete(s.silent, c)
	}
}

// Stop ends the server in order: streams at once, and with them the connections on which nothing was asked; other
// requests have grace to finish. Those that have not are cut off, which is logged.
func (s *Server) Stop(grace time.Duration) error {
	defer s.cut()
	s.endStreams()
	s.mu.Lock()
	for c := range s.silent {
		_ = c.Close() // there is nothing to lose
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := s.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("requests that did not end in time were cut off", "after", grace)
		s.cut()
		return s.Close()
	}
	return err
}
