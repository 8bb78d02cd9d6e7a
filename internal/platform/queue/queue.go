package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/id"
)

// Everything, given to HoldLane, ReleaseLane and LaneHeld, stands for every job of an Outward kind, in whatever lane.
const Everything = "*"

// unknown is the lane of jobs whose kind the process that put them does not handle. Whoever handles it takes them over.
const unknown = "?"

// Options says how a Queue works. The zero Options work.
type Options struct {
	Log   *slog.Logger   // nil discards
	Lanes map[string]int // workers per lane; a lane that is not named has 4
	Poll  time.Duration  // how often to look for what other processes put, 250 ms when 0
	Lease time.Duration  // how long a claim holds without a sign of life, 30 s when 0
}

// JobMark is the type parameter of the identifiers of jobs, id.ID[JobMark].
type JobMark struct{}

// Job is what a handler knows of the job it runs.
type Job struct {
	ID        id.ID[JobMark]
	Kind, Key string    // Key is "" for a job without one
	Attempt   int       // 1 at the first run
	CreatedAt time.Time // when it was put
}

// KeepKey is how long a key stays taken after its job is done, when its kind says nothing else.
const KeepKey = 400 * 24 * time.Hour

// KindOptions says how the jobs of one kind are run. The zero KindOptions work.
type KindOptions struct {
	Lane        string                          // "" is the default lane
	MaxAttempts int                             // failures until the job is dead, 12 when 0
	Backoff     func(attempt int) time.Duration // the wait after the attempt-th failure; nil is Backoff
	Outward     bool                            // leaves the house: holding Everything stops it

	// Group names what the jobs of this kind must not crowd: the host of a request, a relay, a feed. It is asked once, when
	// the job is put, with the JSON of its body; "" is no group. Jobs of different groups take turns, and at most PerGroup of
	// one group run at once in all processes together: 1 when 0, and always fewer than the lane has workers (if it has
	// more than one), so that the others of the lane go on while one group is slow. nil puts all jobs in no group.
	Group    func(body []byte) string
	PerGroup int

	// KeepKey is how long the key of a job stays taken after the job is done. 0 is the constant KeepKey, and less than 0
	// frees the key at once: enough for a key that says "one of these may wait".
	KeepKey time.Duration
}

// Queue puts and works off the jobs of one database. Its methods may be called from several goroutines.
type Queue struct {
	db          *db.DB
	log         *slog.Logger
	workers     map[string]int
	poll, lease time.Duration
	grace       time.Duration // how long handlers may go on when the program stops
	most        int           // outcomes not yet written down, until claiming waits
	self        int64         // lease_by: which Queue holds a lease
	holds       atomic.Int64  // counts HoldLane, so that what was claimed before it and not begun is given back

	mu        sync.Mutex
	kinds     map[string]*kind
	schedules []*schedule
	started   bool
	relaned   bool
	live      map[id.ID[JobMark]]*run // claimed by this Queue and not yet settled
	pending   []outcome               // to be settled by the flusher
	wakes     map[string]chan struct{}
	turns     map[string]int  // per lane, which of its sources was asked first by the last claim
	frees     []chan struct{} // tell each fetcher that there may be room
	flushNow  chan struct{}
	flushSoon chan struct{}
	ready     chan struct{} // closed when Run has made ready and begins to fetch
}

type kind struct {
	name, lane string
	max        int
	backoff    func(int) time.Duration
	outward    bool
	group      func(body []byte) string // nil when the jobs of this kind have no groups
	perGroup   int
	position   string // the group that was served last: a claim begins after it; guarded by Queue.mu
	exhausted  bool   // the last claim ended before it had looked at every group; guarded by Queue.mu
	keepKey    time.Duration
	run        func(ctx context.Context, j Job, body []byte) error
	body       func() any // a new value of what its JSON is read into
}

// New returns a Queue on d, whose schema is migrated. Register the kinds with Handle, then call Run or RunDue; a Queue
// that only enqueues needs neither.
func New(d *db.DB, o Options) *Queue {
	q := &Queue{
		db: d, log: o.Log, workers: o.Lanes, poll: o.Poll, lease: o.Lease, grace: 20 * time.Second, most: 4 * maxBatch,
		self:  rand.Int64N(1<<62) + 1,
		kinds: map[string]*kind{}, live: map[id.ID[JobMark]]*run{}, wakes: map[string]chan struct{}{}, turns: map[string]int{},
		flushNow: make(chan struct{}, 1), flushSoon: make(chan struct{}, 1), ready: make(chan struct{}),
	}
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	if q.poll <= 0 {
		q.poll = 250 * time.Millisecond
	}
	if q.lease <= 0 {
		q.lease = 30 * time.Second
	}
	return q
}

// Handle says who runs the jobs of a kind. The body that was enqueued is read into a B from its JSON; one that does not
// fit makes the job dead. Handle panics on a second handler for a kind, and once Run has begun.
func Handle[B any](q *Queue, kindName string, o KindOptions, fn func(ctx context.Context, j Job, body B) error) {
	if o.Lane == Everything || o.Lane == unknown {
		panic(fmt.Sprintf("queue: %q cannot be a lane", o.Lane))
	}
	if o.MaxAttempts <= 0 {
		o.MaxAttempts = 12
	}
	if o.Backoff == nil {
		o.Backoff = Backoff
	}
	if o.KeepKey == 0 {
		o.KeepKey = KeepKey
	}
	k := &kind{name: kindName, lane: o.Lane, max: o.MaxAttempts, backoff: o.Backoff, outward: o.Outward,
		group: o.Group, perGroup: max(1, min(o.PerGroup, q.workersOf(o.Lane)-1)), keepKey: o.KeepKey}
	k.run = func(ctx context.Context, j Job, body []byte) error {
		var b B
		if err := json.Unmarshal(body, &b); err != nil {
			return Give(fmt.Errorf("the body does not fit %T: %w", b, err))
		}
		return fn(ctx, j, b)
	}
	k.body = func() any { return new(B) }
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.started {
		panic(fmt.Sprintf("queue: the handler of %s comes after Run", kindName))
	}
	if q.kinds[kindName] != nil {
		panic(fmt.Sprintf("queue: two handlers for %s", kindName))
	}
	q.kinds[kindName] = k
	if q.wakes[o.Lane] == nil {
		q.wakes[o.Lane] = make(chan struct{}, 1)
	}
}

// Backoff is the wait after the attempt-th failure when a kind says nothing else: 5 s doubled at each, give or take a
// fifth so that what failed together does not come back together, six hours at most.
func Backoff(attempt int) time.Duration {
	const most = 6 * time.Hour
	d := most
	if attempt < 13 {
		d = min(most, 5*time.Second<<max(attempt, 0))
	}
	return min(most, time.Duration(float64(d)*(0.8+0.4*rand.Float64())))
}

type later struct {
	d   time.Duration
	err error
}

func (l *later) Error() string {
	if l.err == nil {
		return "later"
	}
	return l.err.Error()
}
func (l *later) Unwrap() error { return l.err }

// Later is what a handler returns when the time has not come: run it again after d, without counting this as an attempt.
// err, which may be nil, is kept as the reason.
func Later(d time.Duration, err error) error { return &later{d, err} }

type give struct{ err error }

func (g *give) Error() string { return g.err.Error() }
func (g *give) Unwrap() error { return g.err }

// Give is what a handler returns when no repetition will help: the job is dead at once, with err as the reason.
func Give(err error) error {
	if err == nil {
		err = errors.New("given up")
	}
	return &give{err}
}

// byLane returns the handled kinds of each lane, in a steady order.
func (q *Queue) byLane() map[string][]*kind {
	q.mu.Lock()
	defer q.mu.Unlock()
	lanes := map[string][]*kind{}
	for _, k := range q.kinds {
		lanes[k.lane] = append(lanes[k.lane], k)
	}
	for _, ks := range lanes {
		slices.SortFunc(ks, func(a, b *kind) int {
			if a.name < b.name {
				return -1
			}
			return 1
		})
	}
	return lanes
}

// placeOf returns the lane in which jobs of a kind are put, and what tells their group, nil when they have none.
func (q *Queue) placeOf(kindName string) (lane string, group func(body []byte) string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if k := q.kinds[kindName]; k != nil {
		return k.lane, k.group
	}
	return unknown, nil
}

// workersOf returns how many workers a lane has in this process.
func (q *Queue) workersOf(lane string) int {
	if n := q.workers[lane]; n > 0 {
		return min(n, maxBatch)
	}
	return defaultWorkers
}

// wake tells the fetcher of a lane that there may be something; with Everything, all of them.
func (q *Queue) wake(lane string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for name, c := range q.wakes {
		if name == lane || lane == Everything {
			signal(c)
		}
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is already told
	}
}

// Bodies returns for each kind that is handled a pointer to a new value of what the JSON of its jobs is read into: it waits in
// the database, so a test holds each shape to what was released.
func (q *Queue) Bodies() map[string]any {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := make(map[string]any, len(q.kinds))
	for name, k := range q.kinds {
		all[name] = k.body()
	}
	return all
}
