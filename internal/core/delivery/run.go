package delivery

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/frugal"
)

const (
	// sendTimeout is how long one Carry may take; each step of a conversation has a shorter bound of its own.
	sendTimeout = 2 * time.Minute
	maxBatch    = 200                    // begun at once in one line: what a crash leaves uncertain at most
	poll        = 250 * time.Millisecond // how often to look for what other processes put, and for what was deferred
	flushEvery  = 50 * time.Millisecond  // the longest that a result waits for others
	quick       = 50 * time.Millisecond  // a batch that left faster may be doubled
	slow        = 250 * time.Millisecond // one that took longer is halved
	stale       = time.Second            // what was begun so long ago and not carried is given back
	maxPause    = 5 * time.Second        // the longest wait after the database, or a gate, failed
	grace       = 20 * time.Second       // how long conversations may go on when the program stops
)

// line is the deliveries of one lane of one channel, with its workers.
type line struct {
	s       *Service
	channel *channel
	lane    string
	kinds   []string
	woken   chan struct{} // something may be due

	work     chan *item
	progress chan struct{} // a worker has ended an item
	mu       sync.Mutex
	live     map[fact.DeliveryID]*item // begun and not yet written down
	inflight int                       // begun and not yet ended
	ended    []result
	since    time.Time // when the first of ended ended

	opens time.Time     // the channel is not asked for before, by run: it could not be opened
	pause time.Duration // since the last time
}

func newLine(s *Service, c *channel, lane string) *line {
	return &line{
		s: s, channel: c, lane: lane, woken: make(chan struct{}, 1), work: make(chan *item, maxBatch),
		progress: make(chan struct{}, 1), live: map[fact.DeliveryID]*item{},
	}
}

// Run sends what is due until ctx ends. Then it begins nothing more, gives back what was claimed and not begun, lets the
// conversations that are under way end for twenty seconds, and returns nil. It may be called once.
func (s *Service) Run(ctx context.Context) error {
	s.mu.Lock()
	if s.started {
		s.mu.Unlock()
		return errors.New("delivery: Run was called before")
	}
	s.started = true
	s.mu.Unlock()
	if _, err := s.ReleaseNoRelay(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	var err error
	if s.notes, err = openJournal(s.dir, s.self); err != nil {
		s.log.Warn("no journal can be kept of what is sent: after a crash more of it will be uncertain", "dir", s.dir, "err", err)
	}
	defer s.notes.close()
	if err := s.recall(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	lines := s.linesInOrder()
	for _, l := range lines {
		if err := l.rescue(ctx, true); err != nil && ctx.Err() == nil {
			return err
		}
	}
	carriers, stop := context.WithCancel(context.WithoutCancel(ctx)) // conversations outlive ctx by the grace
	defer stop()
	var all sync.WaitGroup
	for _, l := range lines {
		all.Go(func() { l.run(ctx) })
		for range l.channel.Workers {
			all.Go(func() { l.serve(ctx, carriers) })
		}
	}
	beats, stopBeats := context.WithCancel(context.WithoutCancel(ctx))
	var beating sync.WaitGroup
	beating.Go(func() { s.beating(beats, lines) })
	defer beating.Wait()
	defer stopBeats()
	<-ctx.Done()
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case <-ended:
	case <-late.C:
		stop()
		late.Reset(grace / 10)
		select {
		case <-ended:
		case <-late.C:
		}
	}
	return nil
}

// run claims for the workers and writes down what became of it, both in one commit. It claims little at first, and more at
// a time as long as that leaves quickly: behind a slow relay a crash leaves a few uncertain, and a quick one costs a
// transaction for every two hundred.
func (l *line) run(ctx context.Context) {
	defer close(l.work)
	timer := time.NewTimer(poll)
	defer timer.Stop()
	more, look := true, false // whether something may be due; whether to look first, which spares the writer of SQLite
	target := l.channel.Workers
	var full time.Time // when the last full batch was begun
	pause := poll      // after a failure, longer at each
	stopped := ctx.Done()
	var much thrift
	defer much.set(false)
	for {
		l.mu.Lock()
		inflight, waiting, since := l.inflight, len(l.ended), l.since
		l.mu.Unlock()
		n := 0
		if more && ctx.Err() == nil && inflight <= target/2 {
			if !full.IsZero() {
				target = adapt(target, l.channel.Workers, time.Since(full))
				full = time.Time{}
			}
			n = target - inflight
		}
		if n > 0 && time.Now().Before(l.opens) {
			n, more, look = 0, false, false
		}
		if n > 0 && look {
			found, err := l.anything(ctx)
			if err != nil || !found {
				n, more, look = 0, false, false
			}
		}
		if n == 0 && ctx.Err() != nil && inflight == 0 && waiting == 0 {
			return
		}
		if n > 0 || waiting > 0 && (inflight == 0 || waiting >= maxBatch/2 || time.Since(since) >= flushEvery) {
			found, err := l.turn(ctx, n)
			switch {
			case err != nil && ctx.Err() != nil:
				return // what it was is not known any more, and that is what the next process will write down
			case err != nil:
				l.s.log.Warn("deliveries cannot be begun or written down", "channel", l.channel.Name, "lane", l.lane, "err", err)
				more = false // what has ended is tried by itself next: a gate that fails must not keep it
				pause = min(2*pause, maxPause)
				timer.Reset(pause)
				<-timer.C
			default:
				pause = poll
				if n > 0 {
					more, look = found == n, false
				}
				if n > 0 && more {
					full = time.Now()
				}
				if n > 0 {
					much.set(more && n >= maxBatch/8)
				}
			}
			continue
		}
		next := poll
		if waiting > 0 {
			next = max(flushEvery-time.Since(since), time.Millisecond)
		}
		timer.Reset(next)
		select {
		case <-l.progress:
		case <-l.woken:
			more, look = true, false
		case <-timer.C:
			if waiting == 0 && !more {
				more, look = true, true
			}
		case <-stopped:
			stopped = nil
		}
	}
}

// thrift keeps the memory small while a line has much to send.
type thrift struct{ done func() }

func (t *thrift) set(on bool) {
	switch {
	case on && t.done == nil:
		t.done = frugal.Begin(frugal.Sending)
	case !on && t.done != nil:
		t.done()
		t.done = nil
	}
}

func adapt(target, least int, took time.Duration) int {
	switch {
	case took < quick:
		return min(2*target, maxBatch)
	case took > slow:
		return max(target/2, least)
	}
	return target
}

// turn writes down what has ended, begins up to n, and hands those to the workers. It returns how many were due.
func (l *line) turn(ctx context.Context, n int) (int, error) {
	l.mu.Lock()
	ended := l.ended
	l.ended = nil
	l.mu.Unlock()
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.s.lease)
	defer cancel()
	batch, found, err := l.next(whole, ended, n)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.ended = append(ended, l.ended...)
		return 0, err
	}
	l.s.notes.settled(ended)
	for _, r := range ended {
		if r.back {
			signal(l.woken)
		}
		delete(l.live, r.item.ID)
	}
	for _, it := range batch {
		l.live[it.ID] = it
		l.inflight++
		l.work <- it // never waits: its buffer is the largest batch
	}
	return found, nil
}

// next is Service.turn, with whoever carries and what is carried.
func (l *line) next(ctx context.Context, ended []result, n int) (batch []*item, found int, err error) {
	var carry Carry
	var failed error
	if n > 0 {
		if carry, failed = l.open(ctx); failed != nil {
			n = 0 // it says nothing of what would leave
		}
	}
	batch, found, err = l.s.turn(ctx, l, ended, n, carry != nil)
	if err != nil {
		return nil, 0, err
	}
	failed = l.s.compose(ctx, l.channel, batch)
	if failed != nil {
		l.s.log.Warn("deliveries cannot be composed", "channel", l.channel.Name, "err", failed)
	}
	for _, it := range batch {
		it.carry, it.unread, it.claimed = carry, failed != nil, time.Now()
	}
	return batch, found, nil
}

// open opens the channel. When it cannot be opened run asks again later each time, and the log hears of it once for all lines, whatever
// becomes of it, until the reason is another.
func (l *line) open(ctx context.Context) (Carry, error) {
	carry, err := l.channel.Open(ctx)
	if err != nil {
		l.pause = min(max(poll, 2*l.pause), maxPause)
		l.opens = time.Now().Add(l.pause)
		if l.channel.shut.Swap(err.Error()) != err.Error() {
			l.s.log.Warn("a channel cannot be opened", "channel", l.channel.Name, "err", err)
		}
		return nil, err
	}
	l.pause = 0
	if was, _ := l.channel.shut.Swap("").(string); was != "" {
		l.s.log.Info("a channel can be opened again", "channel", l.channel.Name)
	}
	return carry, nil
}

// serve is one worker.
func (l *line) serve(ctx, carriers context.Context) {
	for it := range l.work {
		r := result{item: it, back: true}
		if ctx.Err() == nil && !it.unread && it.holds == l.s.holds.Load() && time.Since(it.claimed) < stale {
			r = l.s.carry(carriers, it)
		}
		l.mu.Lock()
		l.inflight--
		if len(l.ended) == 0 {
			l.since = time.Now()
		}
		l.ended = append(l.ended, r)
		l.mu.Unlock()
		signal(l.progress)
	}
}

// carry carries one item.
func (s *Service) carry(ctx context.Context, it *item) (r result) {
	r.item = it
	if it.failed != nil {
		r.Outcome = *it.failed
		return r
	}
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a channel panicked", "channel", it.Channel, "delivery", it.ID, "panic", p, "stack", string(debug.Stack()))
			r.Outcome = Outcome{State: Uncertain, Reason: NoAnswer}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	s.note(s.notes.begins(it.Delivery))
	r.Outcome = it.carry(ctx, it.Delivery, it.parcel)
	switch r.State {
	case Sent, Deferred, Refused, Uncertain:
	default:
		s.log.Error("a channel says something that is no outcome", "channel", it.Channel, "delivery", it.ID, "state", r.State)
		r.Outcome = Outcome{State: Uncertain, Reason: NoAnswer, Reply: r.Reply}
	}
	s.note(s.notes.ends(it.Delivery, r.Outcome))
	return r
}

// note tells the log that the journal ended.
func (s *Service) note(err error) {
	if err != nil {
		s.log.Warn("the journal of what is sent cannot be written: after a crash more of it will be uncertain", "dir", s.dir, "err", err)
	}
}

// anything reports whether something is due.
func (l *line) anything(ctx context.Context) (found bool, err error) {
	err = l.s.db.Read(ctx, func(tx *db.Tx) error {
		held, err := l.s.HeldIn(tx)
		if err != nil {
			return err
		}
		room, err := l.channel.room(tx, l.lane, false)
		if err != nil || room.Most == 0 {
			return err
		}
		ids, err := db.AllIn(tx, qHead, db.Scalar[int64], l.kinds, l.channel.Name, l.lane, db.At(tx.Now()), !held, room.list(), room.Only)
		found = len(ids) > 0
		return err
	})
	return found, err
}

// rescue calls uncertain what a process was sending that gives no sign of life any more. When a process starts on SQLite,
// which one process serves, that is whatever is being sent.
func (l *line) rescue(ctx context.Context, starting bool) error {
	var n int64
	err := l.s.db.Claim(ctx, func(tx *db.Tx) (err error) {
		if starting && tx.Engine() == db.SQLite {
			n, err = db.Exec(tx, qInterruptedAll, l.channel.Name, l.lane, db.At(tx.Now()), l.s.self)
			return err
		}
		n, err = db.Exec(tx, qInterrupted.on(tx), l.channel.Name, l.lane, db.At(tx.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("delivery: %w", err)
	}
	if n > 0 {
		l.s.log.Warn("deliveries are uncertain: the process that sent them stopped", "channel", l.channel.Name, "lane", l.lane, "deliveries", n)
	}
	return nil
}

// beating extends the leases of what is being sent here, and looks for those that lapsed elsewhere.
func (s *Service) beating(ctx context.Context, lines []*line) {
	t := time.NewTicker(max(s.lease/3, time.Millisecond))
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		for _, l := range lines {
			if err := errors.Join(l.beat(ctx), l.rescue(ctx, false)); err != nil && ctx.Err() == nil {
				s.log.Warn("the leases of deliveries cannot be extended", "channel", l.channel.Name, "err", err)
			}
		}
	}
}

func (l *line) beat(ctx context.Context) error {
	l.mu.Lock()
	ids := make([]fact.DeliveryID, 0, len(l.live))
	for id := range l.live {
		ids = append(ids, id)
	}
	l.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	return l.s.db.Claim(ctx, func(tx *db.Tx) error {
		_, err := db.ExecIn(tx, qBeat.on(tx), ids, l.s.self, db.At(tx.Now().Add(l.s.lease)))
		return err
	})
}

// RunDue sends everything that is due, one after the other, the most urgent lane first, on the goroutine of the caller. It
// returns how many were begun. It is for tests and for the command line.
func (s *Service) RunDue(ctx context.Context) (n int, err error) {
	lines := s.linesInOrder()
	for _, l := range lines {
		if err := l.rescue(ctx, false); err != nil {
			return 0, err
		}
	}
	for {
		l, batch, err := first(ctx, lines)
		if err != nil || l == nil {
			return n, errors.Join(err, ctx.Err())
		}
		n++
		for _, it := range batch { // one, or none when it was refused
			r := result{item: it, back: true}
			if !it.unread {
				r = s.carry(ctx, it)
			}
			if _, _, err := s.turn(context.WithoutCancel(ctx), l, []result{r}, 0, true); err != nil {
				return n, err
			}
			if it.unread {
				return n, fault.Unavailable("delivery.compose", nil)
			}
		}
	}
}

// first begins the delivery that is due first in the most urgent lane that has one.
func first(ctx context.Context, lines []*line) (*line, []*item, error) {
	for _, l := range lines {
		batch, found, err := l.next(ctx, nil, 1)
		if err != nil || found > 0 {
			return l, batch, err
		}
	}
	return nil, nil, nil
}
