package live

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"causerie/internal/platform/db"
)

// A process hears of a change within a second, or knows that it may not have: a look begins each Every, 200 ms, and one that
// has not succeeded after lossAfter of them is a loss.
const lossAfter = 3

const (
	lookTimeout = 5 * time.Second // for one look, so that a database that hangs is noticed and logged
	pruneEvery  = time.Minute
)

// Start notes where the changes of other processes begin. What was read before it may be old; what is read after it is
// followed by Run.
func (h *Hub) Start(ctx context.Context) error {
	h.mu.Lock()
	h.looking = true
	h.mu.Unlock()
	return h.look(ctx)
}

// Run wakes what other processes change until ctx ends, and returns nil. While the database does not answer nothing is
// woken, and those who asked for HandleLoss are told; the first error of a series is logged, and its end. Call Start before.
func (h *Hub) Run(ctx context.Context) error {
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() { h.watchLooks(ctx) })
	tick := time.NewTicker(h.o.Every)
	defer tick.Stop()
	pruned, down := time.Now(), false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := h.look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !down:
			h.o.Log.WarnContext(ctx, "changes of other processes not read; what is in memory is kept", "error", err)
		case err == nil && down:
			h.o.Log.InfoContext(ctx, "changes of other processes read again")
		}
		down = err != nil
		if down || time.Since(pruned) < pruneEvery {
			continue
		}
		pruned = time.Now()
		if err := h.prune(ctx); err != nil && ctx.Err() == nil {
			h.o.Log.WarnContext(ctx, "old changes not removed", "error", err)
		}
	}
}

// watchLooks calls the handlers of a loss for as long as no look succeeds, until ctx ends.
func (h *Hub) watchLooks(ctx context.Context) {
	tick := time.NewTicker(h.o.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		h.mu.Lock()
		handlers := h.losses
		lost := !h.began.IsZero() && time.Since(h.began) > lossAfter*h.o.Every
		h.mu.Unlock()
		if lost {
			for _, fn := range handlers {
				fn()
			}
		}
	}
}

// look reads what was committed since the last look, and wakes what this process did not change itself.
func (h *Hub) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	h.mu.Lock()
	from := h.from
	if h.began.IsZero() {
		h.began = time.Now()
	}
	h.mu.Unlock()
	var found []change
	var next int64
	err := h.db.ReadAside(ctx, func(tx *db.Tx) (err error) {
		found, next, err = since(tx, from)
		return err
	})
	if err != nil {
		return err
	}
	if topics := h.take(found, next, time.Now().Round(0)); len(topics) > 0 {
		h.Wake(topics...)
	}
	h.mu.Lock()
	h.began = time.Time{}
	h.mu.Unlock()
	return nil
}

// take moves on to next and returns the topics to wake: those of rows that were not heard of, or Everything after a
// silence so long that rows may have been removed unread, or when the numbers begin again. now is read off the wall, because a machine that was suspended
// does not count that time otherwise.
func (h *Hub) take(found []change, next int64, now time.Time) (topics []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fresh := map[int64]bool{}
	for _, c := range found {
		if h.known[c.seq] {
			continue
		}
		fresh[c.seq] = true
		if !slices.Contains(topics, c.topic) {
			topics = append(topics, c.topic)
		}
	}
	anew := h.from != math.MaxInt64 && next < h.from // the table was made anew, as by a restore
	h.from = next
	for seq := range fresh {
		h.known[seq] = true
	}
	for seq := range h.known {
		if seq < next {
			delete(h.known, seq)
		}
	}
	if anew || !h.looked.IsZero() && now.Sub(h.looked) > h.o.Keep/2 {
		topics = []string{Everything}
	}
	h.looked = now
	return topics
}

// prune removes the rows that every process has read long ago.
func (h *Hub) prune(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return h.db.Write(ctx, func(tx *db.Tx) error { return prune(tx, tx.Now().Add(-h.o.Keep)) })
}
