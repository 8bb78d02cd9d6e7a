package live

import (
	"context"
	"sync"
)

// watcher is one call of Watch.
type watcher struct {
	mu      sync.Mutex
	pending map[string]bool // woken and not yet handed on: at most the topics that are watched
	some    chan struct{}   // holds a token while pending is not empty
}

func (w *watcher) wake(topic string) {
	w.mu.Lock()
	w.pending[topic] = true
	w.mu.Unlock()
	select {
	case w.some <- struct{}{}:
	default: // there is one already
	}
}

// take returns one of the topics that are pending.
func (w *watcher) take() (topic string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for topic = range w.pending {
		delete(w.pending, topic)
		return topic, true
	}
	return "", false
}

// Watch returns a channel that yields each of topics after it was woken, until ctx ends; then it is closed. Wakings that
// came while the reader was busy are one. The writer never waits for a reader.
func (h *Hub) Watch(ctx context.Context, topics ...string) <-chan string {
	w := &watcher{pending: make(map[string]bool, len(topics)), some: make(chan struct{}, 1)}
	h.mu.Lock()
	for _, topic := range topics {
		if h.watchers[topic] == nil {
			h.watchers[topic] = map[*watcher]bool{}
		}
		h.watchers[topic][w] = true
	}
	h.mu.Unlock()
	out := make(chan string)
	go func() {
		defer close(out)
		defer h.forget(w, topics)
		for {
			select {
			case <-w.some:
			case <-ctx.Done():
				return
			}
			for topic, ok := w.take(); ok; topic, ok = w.take() {
				select {
				case out <- topic:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return out
}

// forget takes a watcher off the topics that it watched.
func (h *Hub) forget(w *watcher, topics []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range topics {
		delete(h.watchers[topic], w)
		if len(h.watchers[topic]) == 0 {
			delete(h.watchers, topic)
		}
	}
}
