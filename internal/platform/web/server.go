package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// writeTimeout is how long a client may take for what was written to it last. An answer, however long, is cut off only
// when its reader takes nothing for that time.
const writeTimeout = 25 * time.Second

// Bounds are what one client, or all of them, may hold of a server.
type Bounds struct {
	Conns     int            // connections that are open at a time
	PerCaller int            // those of one address of IPv4, or one /64 of IPv6; this machine and proxies have no such bound
	Trusted   []netip.Prefix // proxies

	Stall time.Duration // for how long nothing of a body may come
	Grace time.Duration // for how long a body is waited for, beside the time that Rate gives it
	Rate  int64         // bytes a second that a body comes with at least, after Grace
	Drain time.Duration // for how long what was not wanted of a body is taken all the same, so that its sender reads the answer
	Taken time.Duration // for how long a reader may take nothing of an answer
}

// DefaultBounds are those of a server that is told nothing: a body that does not come is given up after 15 s, one that dribbles after
// 20 s and one second more for every 8 KiB.
func DefaultBounds() Bounds {
	n := connsFor(descriptors())
	return Bounds{
		Conns: n, PerCaller: min(n, max(callerMin, n/4)),
		Stall: 15 * time.Second, Grace: 20 * time.Second, Rate: 8 << 10, Drain: time.Second / 2, Taken: writeTimeout,
	}
}

// Server is an http.Server with the bounds that keep slow and greedy clients from holding it, and an orderly stop.
type Server struct {
	*http.Server
	Bounds Bounds // to be changed before Serve

	next       http.Handler
	conns      *conns
	log        *slog.Logger
	endStreams context.CancelFunc
	cut        context.CancelFunc // ends the contexts of all requests
}

// streamsKey finds, in the context of a request, the context that ends with the streams of its server.
type streamsKey struct{}

// NewServer returns a server for h: 10 s for the header, 32 KiB of it, two minutes of silence between requests, and DefaultBounds. What
// the server itself complains of (a broken handshake, a panic that nobody recovered) goes to log as warnings. The caller sets Addr or
// brings a listener, and ends it with Stop.
func NewServer(h http.Handler, log *slog.Logger) *Server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	streams, endStreams := context.WithCancel(context.Background())
	base, cut := context.WithCancel(context.WithValue(context.Background(), streamsKey{}, streams))
	s := &Server{next: h, log: log, endStreams: endStreams, cut: cut, Bounds: DefaultBounds()}
	s.conns = newConns(&s.Bounds)
	s.Server = &http.Server{
		Handler:           http.HandlerFunc(s.answer),
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      writeTimeout, // of the first write; the connection moves it
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return base },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, connOf(c))
		},
		ConnState: func(c net.Conn, state http.ConnState) {
			if c := connOf(c); c != nil {
				c.note(state)
			}
		},
	}
	return s
}

// Serve serves the connections of l, within Bounds.
func (s *Server) Serve(l net.Listener) error {
	return s.Server.Serve(&bounded{Listener: l, of: s.conns})
}

// ServeTLS is Serve over TLS.
func (s *Server) ServeTLS(l net.Listener, certFile, keyFile string) error {
	return s.Server.ServeTLS(&bounded{Listener: l, of: s.conns}, certFile, keyFile)
}

// answer serves one request.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	c := connIn(r.Context())
	if c != nil {
		c.asked.Store(true)
	}
	if r.ProtoMajor > 1 { // there the first write has a deadline of its own
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	}
	if r.Body == http.NoBody {
		s.next.ServeHTTP(w, r)
		return
	}
	s.withBody(w, r, c)
}

// Stop ends the server in order: streams at once, and with them the connections on which nothing is asked, or whose bodies do not come;
// other requests have grace to finish. Those that have not are cut off, which is logged.
func (s *Server) Stop(grace time.Duration) error {
	defer s.cut()
	s.endStreams()
	s.conns.closeQuiet()
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
