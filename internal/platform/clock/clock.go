// Package clock tells time in the two ways the program needs, and lets a test hold it still.
//
// An instant is a time.Time in UTC, stored as milliseconds. A civil day (Day) is what a calendar shows, has no
// zone, and is stored as YYYY-MM-DD. A civil time (Local) is a day and an hour that somebody chose for a place;
// it becomes an instant only with the zone of the house, and is computed again when that zone changes.
package clock

import (
	"errors"
	"sync"
	"time"
)

// Clock tells the present instant.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock, in UTC.
type System struct{}

// Now returns the present instant, cut to the millisecond as the database keeps it.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Manual is a clock that moves only when told to. Its methods may be called from several goroutines.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual returns a clock that stands at t.
func NewManual(t time.Time) *Manual { return &Manual{now: t.UTC().Truncate(time.Millisecond)} }

// Now returns the instant at which the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set moves the clock to t.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC().Truncate(time.Millisecond)
}

// Advance moves the clock by d.
func (m *Manual) Advance(d time.Duration) { m.Set(m.Now().Add(d)) }

// ErrMalformed is returned when a text is not a day or a civil time.
var ErrMalformed = errors.New("clock: malformed")
