package live

import (
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"causerie/internal/platform/db"
)

// Everything is the topic that handlers get when it is not known what changed.
const Everything = "*"

// KeepChanges is how long it is kept which topics changed: a process that has not looked for so long wakes everything.
const KeepChanges = time.Hour

// Options are how a Hub works. The zero value of every field works.
type Options struct {
	Every time.Duration // how often Run looks for what other processes changed; 0 is 200 ms
	Keep  time.Duration // how long rows are kept for them; 0 is KeepChanges
	Log   *slog.Logger
}

// Hub wakes the handlers and watchers of one process. Its methods may be called from several goroutines.
type Hub struct {
	db *db.DB
	o  Options

	mu       sync.Mutex
	handlers []func(topics []string)
	losses   []func()
	watchers map[string]map[*watcher]bool // by topic

	// What follows says which rows this process knows of, once it looks for those of others.
	looking bool
	from    int64          // the next look reads the rows from this number on
	known   map[int64]bool // the numbers from there on that were heard of
	looked  time.Time      // when the last look succeeded
	began   time.Time      // the first look of those that have not succeeded since; zero when the last did
}

// New returns a hub on d that wakes this process only; call Start and Run to hear of others.
func New(d *db.DB, o Options) *Hub {
	if o.Every <= 0 {
		o.Every = 200 * time.Millisecond
	}
	if o.Keep <= 0 {
		o.Keep = KeepChanges
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Hub{db: d, o: o, watchers: map[string]map[*watcher]bool{}, known: map[int64]bool{}, from: math.MaxInt64}
}

// Handle has fn called with the topics of each waking. It is called on the goroutine that committed, before Write returns,
// or on that of Run: it must be quick. Register before the first write.
func (h *Hub) Handle(fn func(topics []string)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.handlers = append(h.handlers, fn)
}

// HandleLoss has fn called, several times a second, while it cannot be heard what other processes change: whoever keeps
// something may not trust it then. fn must be quick. Register before Run.
func (h *Hub) HandleLoss(fn func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.losses = append(h.losses, fn)
}

// WakeIn wakes topics once tx commits: here at once, in other processes within a second. When tx is rolled back nothing
// happens; when its function runs again, it counts once.
func (h *Hub) WakeIn(tx *db.Tx, topics ...string) error {
	seqs := make([]int64, 0, len(topics))
	for _, topic := range topics {
		seq, err := add(tx, topic)
		if err != nil {
			return err
		}
		seqs = append(seqs, seq)
	}
	if len(topics) > 0 {
		topics = slices.Clone(topics)
		tx.OnCommit(func() {
			h.heard(seqs)
			h.Wake(topics...)
		})
	}
	return nil
}

// Leave is WakeIn for a tool that keeps nothing in memory: the processes that run on the database are woken.
func Leave(tx *db.Tx, topics ...string) error {
	for _, topic := range topics {
		if _, err := add(tx, topic); err != nil {
			return err
		}
	}
	return nil
}

// Wake wakes topics in this process only, now.
func (h *Hub) Wake(topics ...string) {
	h.mu.Lock()
	handlers := h.handlers // never changed in place
	for _, topic := range topics {
		if topic == Everything {
			for name, watchers := range h.watchers {
				wake(watchers, name)
			}
			continue
		}
		wake(h.watchers[topic], topic)
	}
	h.mu.Unlock()
	for _, fn := range handlers {
		fn(topics)
	}
}

func wake(watchers map[*watcher]bool, topic string) {
	for w := range watchers {
		w.wake(topic)
	}
}

// heard notes rows of this process, so that the next look passes them over.
func (h *Hub) heard(seqs []int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, seq := range seqs {
		if h.looking && seq >= h.from {
			h.known[seq] = true
		}
	}
}
