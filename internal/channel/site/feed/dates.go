package feed

import (
	"sync"
	"time"
)

// maxDates is how many feeds have their dates remembered. Beyond, all are forgotten: a feed then has the date of its last change.
const maxDates = 2000

// Dates gives each feed a date that never goes back and that is another for other bytes, whatever was taken out of the feed and
// however soon after the last change: readers that ask by date alone (If-Modified-Since) are told of what is withdrawn. The zero
// Dates knows none.
type Dates struct {
	mu   sync.Mutex
	seen map[string]dated
}

type dated struct {
	tag string
	at  time.Time
}

// Of returns the date of the feed at an address whose bytes have that tag and which changed at that instant or before.
func (d *Dates) Of(address, tag string, at time.Time) time.Time {
	if at.IsZero() {
		return at // nothing ever changed: an empty feed has no date
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at = at.Truncate(time.Second) // as HTTP writes it
	before, known := d.seen[address]
	switch {
	case known && before.tag == tag:
		return before.at
	case known && !at.After(before.at):
		at = before.at.Add(time.Second)
	}
	if d.seen == nil || len(d.seen) >= maxDates {
		d.seen = map[string]dated{}
	}
	d.seen[address] = dated{tag, at}
	return at
}
