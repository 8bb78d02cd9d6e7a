package web

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
)

func TestConnectionsLeaveDescriptorsToTheHouse(t *testing.T) {
	t.Parallel()
	for descriptors, want := range map[uint64]int{0: 16, 64: 16, 80: 16, 256: 144, 1024: 720, 4096: 3024, 1 << 20: 8192} {
		if got := connsFor(descriptors); got != want {
			t.Errorf("%d descriptors: %d connections, want %d", descriptors, got, want)
		}
	}
}

// socket is a connection from somewhere, of which only that is known.
type socket struct {
	net.Conn
	from net.Addr
}

func (s socket) RemoteAddr() net.Addr { return s.from }
func (socket) Close() error           { return nil }

func TestOneCallerHasSoManyConnections(t *testing.T) {
	t.Parallel()
	b := &Bounds{Conns: 100, PerCaller: 4, Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, tt := range []struct {
		name string
		from func(i int) string
		want int // of 20 that work
	}{
		{"one address", func(int) string { return "203.0.113.9" }, 4},
		{"others", func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, 20},
		{"one /64", func(i int) string { return fmt.Sprintf("2001:db8::%x", i) }, 4},
		{"other /64", func(i int) string { return fmt.Sprintf("2001:db8:0:%x::1", i) }, 20},
		{"a proxy", func(int) string { return "10.1.2.3" }, 20},
		{"this machine", func(int) string { return "127.0.0.1" }, 20},
	} {
		cs := newConns(b)
		var open []*conn
		for i := range 20 {
			c := cs.add(socket{from: &net.TCPAddr{IP: net.ParseIP(tt.from(i)), Port: 9}})
			if c != nil {
				c.state.Store(1) // at work
				c.asked.Store(true)
				open = append(open, c)
			}
		}
		if len(open) != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, len(open), tt.want)
		}
		for _, c := range open {
			_ = c.Close()
			_ = c.Close() // as the server may
		}
		if len(cs.open) != 0 || len(cs.byCaller) != 0 {
			t.Errorf("%s: %d and %d are left", tt.name, len(cs.open), len(cs.byCaller))
		}
	}
}
