package queue

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"causerie/internal/platform/id"
)

const (
	defaultWorkers = 4
	maxBatch       = 500                    // jobs claimed at once
	flushEvery     = 50 * time.Millisecond  // the longest that an outcome waits for others
	quick          = 50 * time.Millisecond  // a batch worked off faster may be doubled
	slow           = 250 * time.Millisecond // one that took longer is halved
	stale          = time.Second            // a job claimed so long ago and not begun goes back to the others
)

// Run works off jobs until ctx ends: one fetcher and some workers for each lane, the signs of life of what runs, the
// rescue of what a crash left, and the periodic jobs. Then it claims no more, lets the running handlers end for twenty
// seconds, gives back what did not end, and returns nil. It may be called once.
func (q *Queue) Run(ctx context.Context) error {
	q.mu.Lock()
	if q.started {
		q.mu.Unlock()
		return errors.New("queue: Run was called before")
	}
	q.started = true
	q.mu.Unlock()
	if err := q.prepare(ctx, true); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	close(q.ready)

	// Handlers and duties outlive ctx by the grace.
	handlers, stopHandlers := context.WithCancel(context.WithoutCancel(ctx))
	defer stopHandlers()
	duties, stopDuties := context.WithCancel(context.WithoutCancel(ctx))
	defer stopDuties()

	var workers, others sync.WaitGroup
	var lanes []*lane
	for name, kinds := range q.byLane() {
		l := &lane{q: q, name: name, kinds: kinds, workers: q.workersOf(name),
			work: make(chan *run, maxBatch), free: make(chan struct{}, 1), woken: q.wakes[name]}
		l.target = l.workers
		lanes = append(lanes, l)
		q.frees = append(q.frees, l.free)
	}
	for _, l := range lanes {
		workers.Go(func() { l.fetch(ctx) })
		for range l.workers {
			workers.Go(func() { l.serve(ctx, handlers) })
		}
	}
	others.Go(func() { q.flushing(duties) })
	others.Go(func() { q.runPeriodically(duties, q.lease/3, "heartbeat", q.heartbeat) })
	others.Go(func() {
		q.runPeriodically(duties, q.lease/2, "rescue", func(ctx context.Context) error { return q.prepare(ctx, false) })
	})
	others.Go(func() { q.runPeriodically(ctx, q.poll, "schedule", q.tick) })

	<-ctx.Done()
	ended := make(chan struct{})
	go func() { workers.Wait(); close(ended) }()
	if !within(ended, q.grace) {
		stopHandlers()
		within(ended, q.grace/10)
	}
	stopDuties()
	others.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return q.settle(last, q.remains())
}

// within reports whether c closes before d has passed.
func within(c chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-c:
		return true
	case <-t.C:
		return false
	}
}

// remains returns how everything still alive here must be settled when the program stops.
func (q *Queue) remains() []outcome {
	q.mu.Lock()
	defer q.mu.Unlock()
	outs := q.pending
	q.pending = nil
	judged := map[id.ID[JobMark]]bool{}
	for _, o := range outs {
		judged[o.run.ID] = true
	}
	for key, r := range q.live {
		if !judged[key] {
			q.log.Warn("job given back unfinished", "kind", r.Kind, "job", r.ID)
			outs = append(outs, outcome{run: r, verdict: back})
		}
	}
	return outs
}

// lane fetches and works off the jobs of one lane.
type lane struct {
	q        *Queue
	name     string
	kinds    []*kind
	workers  int
	target   int          // how many to have claimed at once; only the fetcher touches it
	inflight atomic.Int64 // claimed and not yet worked off
	limit    atomic.Int64 // when inflight falls to it, the fetcher fetches more
	work     chan *run
	free     chan struct{}
	woken    chan struct{}
}

// fetch claims jobs while there is room for them. It claims for the workers alone at first, and more at a time as long
// as they are worked off quickly: a lane of slow jobs keeps nothing from other processes, a lane of quick ones pays one
// transaction for hundreds.
func (l *lane) fetch(ctx context.Context) {
	defer close(l.work)
	poll := time.NewTimer(l.q.poll)
	defer poll.Stop()
	look := false // whether to look before claiming, which spares the writer of SQLite
	pause := l.q.poll
	var full time.Time // when the last full claim was made
	for ctx.Err() == nil {
		n := l.room()
		if n == 0 {
			select {
			case <-l.free:
			case <-ctx.Done():
			}
			continue
		}
		if !full.IsZero() {
			l.adapt(time.Since(full))
			full, n = time.Time{}, max(l.room(), 1)
		}
		got, err := l.claim(ctx, n, look)
		switch {
		case err != nil && ctx.Err() == nil:
			l.q.log.Warn("queue cannot claim", "lane", l.name, "err", err)
			pause = min(2*pause, max(5*time.Second, l.q.poll))
		default:
			pause = l.q.poll
		}
		l.inflight.Add(int64(len(got)))
		for _, r := range got {
			l.work <- r // never waits: its buffer is the largest batch
		}
		if len(got) == n {
			full, look = time.Now(), false
			continue
		}
		poll.Reset(pause)
		select {
		case <-l.woken:
			look = l.q.exhausted(l.kinds)
		case <-poll.C:
			look = true
		case <-ctx.Done():
		}
	}
}

// room returns how many jobs to claim now, 0 while there is enough to do.
func (l *lane) room() int {
	limit := max(l.target/2, l.workers-1)
	l.limit.Store(int64(limit))
	have := int(l.inflight.Load())
	if have > limit || l.q.behind() {
		return 0
	}
	return l.target - have
}

func (l *lane) adapt(took time.Duration) {
	switch {
	case took < quick:
		l.target = min(2*l.target, maxBatch)
	case took > slow:
		l.target = max(l.target/2, l.workers)
	}
}

func (l *lane) claim(ctx context.Context, n int, look bool) ([]*run, error) {
	// A claim that was begun is brought to its end, so that none is made without our knowing.
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.q.lease)
	defer cancel()
	if look {
		if found, err := l.q.anything(whole, l); err != nil || !found {
			return nil, err
		}
	}
	return l.q.claim(whole, l.name, l.kinds, n)
}

// serve is one worker.
func (l *lane) serve(ctx, handlers context.Context) {
	for r := range l.work {
		o := outcome{run: r, verdict: back}
		if ctx.Err() == nil && r.holds == l.q.holds.Load() && time.Since(r.claimed) < stale {
			o = l.q.work(handlers, r)
		}
		if l.inflight.Add(-1) <= l.limit.Load() {
			signal(l.free)
		}
		l.q.finished(o, len(l.work) == 0)
	}
}

// finished hands an outcome to the flusher; urgent when nothing more is to be expected at once.
func (q *Queue) finished(o outcome, urgent bool) {
	q.mu.Lock()
	q.pending = append(q.pending, o)
	n := len(q.pending)
	q.mu.Unlock()
	if urgent || n >= maxBatch {
		signal(q.flushNow)
	} else if n == 1 {
		signal(q.flushSoon)
	}
}

// behind reports whether more outcomes wait to be written down than is good.
func (q *Queue) behind() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.pending) >= q.most
}

// flushing writes outcomes down, many in one transaction, none later than flushEvery after its end.
func (q *Queue) flushing(ctx context.Context) {
	timer := time.NewTimer(0)
	timer.Stop()
	defer timer.Stop()
	for {
		select {
		case <-q.flushNow:
		case <-timer.C:
		case <-q.flushSoon:
			timer.Reset(flushEvery)
			continue
		case <-ctx.Done():
			return
		}
		if err := q.flush(ctx); err != nil && ctx.Err() == nil {
			q.log.Warn("queue cannot settle", "err", err)
			timer.Reset(time.Second)
		}
	}
}

// flush settles everything pending. What could not be settled stays pending.
func (q *Queue) flush(ctx context.Context) error {
	q.mu.Lock()
	outs := q.pending
	q.pending = nil
	q.mu.Unlock()
	err := q.settle(context.WithoutCancel(ctx), outs)
	q.mu.Lock()
	if err != nil {
		q.pending = append(outs, q.pending...)
	}
	q.mu.Unlock()
	if err != nil {
		return err
	}
	for _, c := range q.frees { // a fetcher may have waited for this because too much was pending
		signal(c)
	}
	claimable := map[string]bool{} // lanes in which there may now be more to claim
	for _, o := range outs {
		if o.verdict == back || o.run.kind.group != nil {
			claimable[o.run.kind.lane] = true
		}
	}
	for name := range claimable {
		q.wake(name)
	}
	return nil
}
