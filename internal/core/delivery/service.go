package delivery

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

// Options are what a Service needs, all of them but Log and Lease.
type Options struct {
	DB    *db.DB
	Bus   *bus.Bus
	Queue *queue.Queue  // keeps the switch that holds all that leaves, and runs the nightly job
	Log   *slog.Logger  // nil discards
	Lease time.Duration // how long a process may go without a sign of life until what it was sending is uncertain; 30 s when 0
	// Journals is the directory of the journals of what is carried; "" for none: then whatever a process that is killed had begun is
	// uncertain.
	Journals string
}

// Service sends, and says what was sent.
type Service struct {
	db    *db.DB
	bus   *bus.Bus
	queue *queue.Queue
	log   *slog.Logger
	lease time.Duration
	dir   string       // of the journals
	notes *journal     // of this process, nil for none
	self  int64        // lease_by: which Service is sending
	holds atomic.Int64 // counts HoldAll, so that what was claimed before it and not begun is given back

	mu       sync.Mutex
	channels map[string]*channel
	lines    map[lineKey]*line
	started  bool
}

// New returns the service, without channels. Call it once per queue, before that runs.
func New(o Options) *Service {
	s := &Service{
		db: o.DB, bus: o.Bus, queue: o.Queue, log: o.Log, lease: o.Lease, dir: o.Journals, self: rand.Int64N(1<<62) + 1,
		channels: map[string]*channel{}, lines: map[lineKey]*line{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.lease <= 0 {
		s.lease = 30 * time.Second
	}
	s.listen()
	return s
}

// MaxBatch is how many deliveries EnqueueIn takes at once.
const MaxBatch = 500

// EnqueueIn has things sent once tx commits, at most MaxBatch of them, and tells how many are new: one whose key was used
// before, whatever became of it, is not sent a second time. by is an author of the voice in which it leaves, or an owner, or
// the program. An unknown channel or kind and a parcel above MaxParcel are programmers' mistakes, and errors.
func (s *Service) EnqueueIn(tx *db.Tx, by actor.Actor, batch ...Outgoing) (added int, err error) {
	if len(batch) > MaxBatch {
		return 0, fmt.Errorf("delivery: %d at once, at most %d", len(batch), MaxBatch)
	}
	stopped, err := s.HeldIn(tx)
	if err != nil {
		return 0, err
	}
	nobody := map[string]string{} // why a channel is not carried
	woken := map[lineKey]bool{}
	values := make([]any, 0, len(batch)*insertWidth)
	for _, o := range batch {
		if err := may(by, o.Voice); err != nil {
			return 0, err
		}
		c, k, err := s.kind(o.Channel, o.Kind)
		if err != nil {
			return 0, err
		}
		if _, asked := nobody[c.Name]; !asked {
			if nobody[c.Name], err = c.ready(tx); err != nil {
				return 0, err
			}
		}
		d := Delivery{
			ID: fact.New[fact.DeliveryID](tx.Now()), Channel: o.Channel, Kind: o.Kind, Purpose: o.Purpose, Lane: k.Lane, Voice: o.Voice,
			Contact: o.Contact, Handle: o.Handle, About: o.About, Recipient: o.Recipient, Subject: o.Subject, External: o.External,
			State: Queued, CreatedAt: tx.Now(), At: tx.Now(),
		}
		if d.Purpose == "" {
			d.Purpose = k.Purpose
		}
		switch {
		case nobody[c.Name] != "":
			d.State, d.Reason = Held, nobody[c.Name]
		case o.Review:
			d.State, d.Reason = Held, ForReview
		case stopped:
			d.State, d.Reason = Held, AllHeld
		default:
			woken[lineKey{c.Name, k.Lane}] = true
		}
		row, err := insertRow(d, o.Key, o.Parcel)
		if err != nil {
			return 0, err
		}
		values = append(values, row...)
	}
	n, err := db.InsertNew(tx, qInsert, insertWidth, values)
	if err != nil {
		return 0, err
	}
	tx.OnCommit(func() {
		for key := range woken {
			s.wake(key)
		}
	})
	return int(n), nil
}

// slice is how many Enqueue puts in one transaction: some 15 ms of SQLite's only writer.
const slice = 250

// Enqueue is EnqueueIn for any number, in transactions of its own, so that no other write waits for all of them. When it
// fails or is interrupted, some are enqueued: ask again with the same keys, and only the others are added. The sequence is
// read outside of transactions.
func (s *Service) Enqueue(ctx context.Context, by actor.Actor, all iter.Seq[Outgoing]) (added int, err error) {
	batch := make([]Outgoing, 0, slice)
	flush := func() error {
		n := 0
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = s.EnqueueIn(tx, by, batch...)
			return err
		})
		if err == nil {
			added += n
			batch = batch[:0]
		}
		return err
	}
	for o := range all {
		if batch = append(batch, o); len(batch) == slice {
			if err := flush(); err != nil {
				return added, err
			}
		}
	}
	if len(batch) == 0 {
		return added, nil
	}
	return added, flush()
}

// ready is Channel.Ready.
func (c *channel) ready(tx *db.Tx) (why string, err error) {
	if c.Ready == nil {
		return "", nil
	}
	return c.Ready(tx)
}

// wake tells a line that something is due.
func (s *Service) wake(key lineKey) {
	s.mu.Lock()
	l := s.lines[key]
	s.mu.Unlock()
	if l != nil {
		signal(l.woken)
	}
}

func (s *Service) wakeAll() {
	for _, l := range s.linesInOrder() {
		signal(l.woken)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is already told
	}
}
