package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	mostConns = 8 << 10     // open at a time, whatever the system allows
	fewConns  = 16          // that are open at a time, however little it allows
	houseKeep = 64          // descriptors that no connection takes: for the database, the log, mail that leaves
	callerMin = 64          // what one caller may have open, for an office behind one address
	stalled   = time.Second // after which a peer that is waited for gives way to others
	fullPause = 10 * time.Millisecond
	piece     = 32 << 10 // bytes written under one deadline
)

// conns are the open connections of a server. They are never so many that the program runs out of descriptors: when there is no more
// room, those whose peer is waited for (for a request, for the rest of one, to take an answer) give way, the longest waiting first.
type conns struct {
	bounds *Bounds
	full   chan struct{} // closed when the server stops waiting for room
	ended  sync.Once

	mu       sync.Mutex
	open     map[*conn]struct{}
	byCaller map[netip.Prefix]int
}

// conn is one of them.
type conn struct {
	net.Conn
	of     *conns
	caller netip.Prefix // zero for who may have as many as there are: a proxy, this machine
	gone   sync.Once

	state   atomic.Int32 // an http.ConnState
	since   atomic.Int64 // when it last began to wait for its peer, in nanoseconds
	asked   atomic.Bool  // a request is being answered
	waiting atomic.Int32 // requests that wait for their bodies
	writing atomic.Bool
	until   atomic.Int64 // the deadline of writes
}

// connKey finds, in the context of a request, its *conn.
type connKey struct{}

// connsFor returns how many connections may be open where a process may have so many descriptors: some of them ask for a file, which
// takes one more.
func connsFor(descriptors uint64) int {
	if descriptors <= houseKeep {
		return fewConns
	}
	return int(min(max((descriptors-houseKeep)*3/4, fewConns), mostConns))
}

func newConns(b *Bounds) *conns {
	return &conns{bounds: b, full: make(chan struct{}), open: map[*conn]struct{}{}, byCaller: map[netip.Prefix]int{}}
}

// bounded is a listener whose connections are counted.
type bounded struct {
	net.Listener
	of *conns
}

// Accept waits until there is room, then for a connection. An error that passes, as when descriptors have run out all the same, is the
// caller's to wait for: http.Server does.
func (l *bounded) Accept() (net.Conn, error) {
	for {
		for !l.of.room() {
			select {
			case <-l.of.full:
				return nil, net.ErrClosed
			case <-time.After(fullPause):
			}
		}
		nc, err := l.Listener.Accept()
		if err != nil {
			if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
				l.of.giveWay(netip.Prefix{}, fewConns)
			}
			return nil, err
		}
		if c := l.of.add(nc); c != nil {
			return c, nil
		}
		_ = nc.Close() // its caller has enough of them
	}
}

// Close ends Accept, also where it waits for room.
func (l *bounded) Close() error {
	l.of.ended.Do(func() { close(l.of.full) })
	return l.Listener.Close()
}

// room reports whether one more may be open, and makes room if it can.
func (cs *conns) room() bool {
	cs.mu.Lock()
	full := len(cs.open) >= cs.bounds.Conns
	cs.mu.Unlock()
	return !full || cs.giveWay(netip.Prefix{}, max(1, cs.bounds.Conns/32)) > 0
}

// add counts a connection in; nil when its caller has as many as one may that nobody waits for.
func (cs *conns) add(nc net.Conn) *conn {
	c := &conn{Conn: nc, of: cs, caller: cs.callerOf(nc)}
	c.note(http.StateNew)
	cs.mu.Lock()
	full := c.caller.IsValid() && cs.byCaller[c.caller] >= cs.bounds.PerCaller
	cs.mu.Unlock()
	if full && cs.giveWay(c.caller, 1) == 0 {
		return nil
	}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.open[c] = struct{}{}
	if c.caller.IsValid() {
		cs.byCaller[c.caller]++
	}
	return c
}

// callerOf returns the network that is counted together: an address of IPv4, a /64 of IPv6.
func (cs *conns) callerOf(nc net.Conn) netip.Prefix {
	ap, err := netip.ParseAddrPort(nc.RemoteAddr().String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := ap.Addr().Unmap().WithZone("")
	if ip.IsLoopback() || slices.ContainsFunc(cs.bounds.Trusted, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return netip.Prefix{}
	}
	bits := steps4[0].bits
	if ip.Is6() {
		bits = steps6[0].bits
	}
	p, _ := ip.Prefix(bits) // an address without zone has one
	return p
}

// giveWay closes up to n connections whose peer is waited for, of one caller if it is valid, and returns how many.
func (cs *conns) giveWay(caller netip.Prefix, n int) int {
	now := time.Now().UnixNano()
	type waiting struct {
		c     *conn
		since int64
	}
	var able []waiting
	cs.mu.Lock()
	for c := range cs.open {
		if (!caller.IsValid() || c.caller == caller) && c.mayGo(now) {
			able = append(able, waiting{c, c.since.Load()})
		}
	}
	cs.mu.Unlock()
	slices.SortFunc(able, func(a, b waiting) int { return int(min(max(a.since-b.since, -1), 1)) })
	able = able[:min(n, len(able))]
	for _, w := range able {
		_ = w.c.Close()
	}
	return len(able)
}

// closeQuiet closes the connections on which nothing was asked yet, or the rest of what is asked does not come: there is nothing to
// lose. Browsers open some in advance, for which Shutdown would wait.
func (cs *conns) closeQuiet() {
	now := time.Now().UnixNano()
	cs.mu.Lock()
	var quiet []*conn
	for c := range cs.open {
		if http.ConnState(c.state.Load()) == http.StateNew || c.mayGo(now) && !c.writing.Load() {
			quiet = append(quiet, c)
		}
	}
	cs.mu.Unlock()
	for _, c := range quiet {
		_ = c.Close()
	}
}

// mayGo reports whether c waits for its peer.
func (c *conn) mayGo(now int64) bool {
	long := now-c.since.Load() > int64(stalled)
	switch http.ConnState(c.state.Load()) {
	case http.StateIdle:
		return true
	case http.StateNew:
		return long
	case http.StateActive:
		return long && (!c.asked.Load() || c.waiting.Load() > 0 || c.writing.Load())
	}
	return false
}

// note keeps the state of c.
func (c *conn) note(state http.ConnState) {
	c.state.Store(int32(state))
	if state != http.StateActive {
		c.asked.Store(false)
	}
	c.since.Store(time.Now().UnixNano())
}

// connOf finds the counted connection under c; nil when there is none.
func connOf(c net.Conn) *conn {
	switch c := c.(type) {
	case *conn:
		return c
	case interface{ NetConn() net.Conn }: // TLS
		return connOf(c.NetConn())
	}
	return nil
}

// connIn finds the connection of a request; nil when it came otherwise.
func connIn(ctx context.Context) *conn {
	c, _ := ctx.Value(connKey{}).(*conn)
	return c
}

// waits says that a request waits for its body, until the returned function is called.
func (c *conn) waits() (noLonger func()) {
	if c == nil {
		return func() {}
	}
	c.since.Store(time.Now().UnixNano())
	c.waiting.Add(1)
	return func() { c.waiting.Add(-1) }
}

// Write writes b as long as the peer goes on taking it: the deadline that was set moves with each piece that is taken.
func (c *conn) Write(b []byte) (n int, err error) {
	for first := true; first || len(b) > 0; first = false {
		now := time.Now()
		if left := time.Duration(c.until.Load() - now.UnixNano()); left < c.of.bounds.Taken*3/4 || left > c.of.bounds.Taken {
			if err := c.SetWriteDeadline(now.Add(c.of.bounds.Taken)); err != nil {
				return n, err
			}
		}
		c.since.Store(now.UnixNano())
		c.writing.Store(true)
		m, err := c.Conn.Write(b[:min(len(b), piece)])
		c.writing.Store(false)
		n += m
		if err != nil {
			return n, err
		}
		b = b[m:]
	}
	return n, nil
}

// SetWriteDeadline keeps what it sets, so that it is not set again without need.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if t.IsZero() {
		c.until.Store(0)
	} else {
		c.until.Store(t.UnixNano())
	}
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline is both deadlines.
func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetWriteDeadline(t); err != nil {
		return err
	}
	return c.SetReadDeadline(t)
}

// CloseWrite says that nothing more will come, so that the last answer is read before the connection is gone.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Close closes the connection and counts it out.
func (c *conn) Close() error {
	c.gone.Do(func() {
		c.of.mu.Lock()
		defer c.of.mu.Unlock()
		delete(c.of.open, c)
		if !c.caller.IsValid() {
			return
		}
		if c.of.byCaller[c.caller]--; c.of.byCaller[c.caller] <= 0 {
			delete(c.of.byCaller, c.caller)
		}
	})
	return c.Conn.Close()
}
