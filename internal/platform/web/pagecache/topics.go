package pagecache

// anything is where the pages are listed that declared no topic: they depend on each.
const anything = ""

// Drop makes the pages old that depend on one of topics, and those that are being rendered just now.
func (c *Cache) Drop(topics ...string) {
	if len(topics) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, topic := range topics {
		if topic == Site {
			c.site.Add(1)
			clear(c.byTopic) // the version says that all of them are old
			continue
		}
		c.age(topic)
		for _, r := range c.inFlight {
			r.dropped[topic] = true
		}
	}
	c.age(anything)
	for _, r := range c.inFlight {
		r.dropped[anything] = true
	}
}

// age makes the pages old that are listed under topic. c.mu is held.
func (c *Cache) age(topic string) {
	for e := range c.byTopic[topic] {
		e.old.Store(true)
	}
	delete(c.byTopic, topic)
}

// list notes what a new page depends on; one whose topics were dropped while it was rendered is old already. c.mu is held.
func (c *Cache) list(e *entry, r *rendering) {
	for _, topic := range e.topics {
		if r.dropped[topic] {
			e.old.Store(true)
		}
	}
	if !c.fresh(e) {
		return
	}
	for _, topic := range e.topics {
		if c.byTopic[topic] == nil {
			c.byTopic[topic] = map[*entry]struct{}{}
		}
		c.byTopic[topic][e] = struct{}{}
	}
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
