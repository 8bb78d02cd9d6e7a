package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/clock"
)

// Who holds many addresses gains little: each network around a client has its own bound.
func TestNetworksAroundAClientAreBoundToo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ip   func(i int) string
		want int // of 500 tries at once, with a burst of 8
	}{
		{"one address", func(int) string { return "192.0.2.7" }, 8},
		{"one /24", func(i int) string { return fmt.Sprintf("192.0.2.%d", i%250) }, 32},
		{"many /24", func(i int) string { return fmt.Sprintf("10.%d.%d.1", i/250, i%250) }, 500},
		{"one /64", func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", i) }, 8},
		{"one /48", func(i int) string { return fmt.Sprintf("2001:db8:1:%x::1", i) }, 32},
		{"one /32", func(i int) string { return fmt.Sprintf("2001:db8:%x::1", i) }, 128},
		{"many /32", func(i int) string { return fmt.Sprintf("2001:%x::1", i) }, 500},
	} {
		l := newLimits(map[string]Rate{"sign-in": {Burst: 8, Every: time.Minute}}, clock.NewManual(time.Unix(0, 0)))
		passed := 0
		for i := range 500 {
			if l.take("sign-in", netip.MustParseAddr(c.ip(i))) == nil {
				passed++
			}
		}
		if passed != c.want {
			t.Errorf("%s: %d pass, want %d", c.name, passed, c.want)
		}
	}
}

func TestALimitThatIsReachedIsCountedAndToldOnceAMinute(t *testing.T) {
	var log bytes.Buffer
	c := clock.NewManual(time.Unix(0, 0))
	ro := &Router{o: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, limits: newLimits(map[string]Rate{"sign-in": {Burst: 1, Every: time.Hour}}, c)}
	for range 4 {
		_ = ro.struck("sign-in", ro.limits.take("sign-in", netip.MustParseAddr("192.0.2.1")))
	}
	c.Advance(time.Minute)
	_ = ro.struck("sign-in", ro.limits.take("sign-in", netip.MustParseAddr("192.0.2.1")))
	if n := ro.Strikes()["sign-in"]; n != 4 {
		t.Errorf("%d refusals", n)
	}
	if got := log.String(); strings.Count(got, "limit reached") != 2 || !strings.Contains(got, "refused=1\n") || !strings.Contains(got, "refused=3\n") {
		t.Errorf("the log says %s", got)
	}
}
