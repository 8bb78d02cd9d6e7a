package demo

import (
	"sync"
	"time"

	"causerie/internal/platform/clock"
)

// Movable is a clock that can be moved while the past is told. *clock.Manual is one, *Clock another.
type Movable interface {
	clock.Clock
	Set(t time.Time)
}

// Clock is the machine's clock, which can be moved away and brought back. The zero Clock tells the present. Its methods
// may be called from several goroutines.
type Clock struct {
	mu    sync.Mutex
	moved time.Duration
}

// Now returns the instant, as far from the machine's as the clock was moved.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clock.System{}.Now().Add(c.moved)
}

// Set moves the clock to t, from where it goes on.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved = t.Sub(clock.System{}.Now())
}

// Present brings the clock back to the machine's time.
func (c *Clock) Present() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved = 0
}
