package pagecache

import (
	"slices"
	"time"
)

// anything is where the pages are listed that declared no topic: they depend on each.
const anything = ""

// Drop makes the pages old that depend on one of topics, and those that are being rendered just now. With Withdrawn among
// topics they are not served again, by whatever address and however the database does, and nobody shares a rendering that
// has begun.
func (c *Cache) Drop(topics ...string) {
	if len(topics) == 0 {
		return
	}
	state := aged
	if slices.Contains(topics, Withdrawn) {
		state = withdrawn
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == withdrawn {
		clear(c.inFlight)
	}
	for _, topic := range topics {
		switch topic {
		case Withdrawn:
		case Site:
			site := c.site.Add(1) // says that all of them are old
			if state == withdrawn {
				c.floor.Store(site)
			}
		default:
			c.spoil(topic, state)
		}
	}
	c.spoil(anything, state)
}

// Doubt says that changes may have been missed: every page is rendered again when somebody asks for it. While that fails,
// the pages there were are served, and it is tried once a second only.
func (c *Cache) Doubt() {
	c.doubted.Store(time.Now().UnixNano())
	c.Drop(Site)
}

// down reports whether it would be in vain to render what Doubt made old.
func (c *Cache) down() bool {
	now := time.Now().UnixNano()
	return now-c.doubted.Load() < int64(time.Second) && now-c.failed.Load() < int64(time.Second)
}

// spoil gives a state to the pages that are listed under topic, and to those being rendered if they turn out to depend on
// it. c.mu is held.
func (c *Cache) spoil(topic string, state uint32) {
	for e := range c.byTopic[topic] {
		e.worsen(state)
	}
	for r := range c.making {
		r.dropped[topic] = max(r.dropped[topic], state)
	}
}

// list notes what a new page depends on; one whose topics were dropped while it was rendered is old already. It reports
// whether the page may be kept. c.mu is held.
func (c *Cache) list(e *entry, r *rendering) bool {
	for _, topic := range e.topics {
		e.worsen(r.dropped[topic])
	}
	if c.withdrawn(e) {
		return false
	}
	for _, topic := range e.topics {
		if c.byTopic[topic] == nil {
			c.byTopic[topic] = map[*entry]struct{}{}
		}
		c.byTopic[topic][e] = struct{}{}
	}
	return true
}

// unlist forgets what a page depends on that is no longer kept.
func (c *Cache) unlist(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, topic := range e.topics {
		listed := c.byTopic[topic]
		delete(listed, e)
		if len(listed) == 0 {
			delete(c.byTopic, topic)
		}
	}
}
