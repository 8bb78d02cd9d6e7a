package delivery

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

var (
	qRequeue = db.Q("delivery.requeue", `
		UPDATE deliveries SET state = 'queued', reason = '', released = TRUE, due_at = $2, at = $2 WHERE id = $1`)
	qCancel = db.Q("delivery.cancel", `
		UPDATE deliveries SET state = 'cancelled', reason = '', payload = '', due_at = NULL, at = $2 WHERE id = $1`)

	qHoldAll = slicing("delivery.hold_all", `state = 'held', reason = 'hold_all', released = FALSE, due_at = NULL, at = $1`,
		`state <> 'sent' AND state IN ('queued', 'deferred')`, 0)
	qReleaseHeld = slicing("delivery.release_held", `state = 'queued', reason = '', due_at = $3, at = $3`,
		`state <> 'sent' AND state = 'held' AND reason = $1 AND channel = $2`, 2)
)

// Release lets one held delivery go, even while all the others are held: then whoever edits in its voice may, an author waits like
// the others.
func (s *Service) Release(ctx context.Context, by actor.Actor, id fact.DeliveryID) error {
	return s.update(ctx, by, id, func(tx *db.Tx, d Delivery) error {
		if !d.CanRelease() {
			return fault.Conflict("delivery.not_held")
		}
		if d.Reason == AllHeld && d.Voice != 0 {
			if err := by.Require(actor.Editor, int64(d.Voice)); err != nil {
				return err
			}
		}
		return s.requeueNow(tx, d)
	})
}

// Retry has a delivery tried again now, on somebody's word: an uncertain one may then arrive twice.
func (s *Service) Retry(ctx context.Context, by actor.Actor, id fact.DeliveryID) error {
	return s.update(ctx, by, id, func(tx *db.Tx, d Delivery) error {
		if !d.CanRetry() {
			return fault.Conflict("delivery.no_retry")
		}
		return s.requeueNow(tx, d)
	})
}

// Cancel takes a delivery back before it leaves, or closes one that did not. Its key stays taken.
func (s *Service) Cancel(ctx context.Context, by actor.Actor, id fact.DeliveryID) error {
	return s.update(ctx, by, id, func(tx *db.Tx, d Delivery) error {
		if !d.CanCancel() {
			return fault.Conflict("delivery.no_cancel")
		}
		if _, err := db.Exec(tx, qCancel, d.ID, db.At(tx.Now())); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.DeliverySettled{Delivery: d.ID, State: Cancelled})
	})
}

func (s *Service) update(ctx context.Context, by actor.Actor, id fact.DeliveryID, do func(tx *db.Tx, d Delivery) error) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := byID(tx, id)
		if err != nil {
			return err
		}
		if err := may(by, d.Voice); err != nil {
			return err
		}
		return do(tx, d)
	})
}

// requeueNow makes a delivery due, free of the switch that holds all.
func (s *Service) requeueNow(tx *db.Tx, d Delivery) error {
	c, _, err := s.kind(d.Channel, d.Kind)
	if err != nil {
		return fault.Conflict("delivery.no_channel")
	}
	nobody, err := c.ready(tx)
	if err != nil {
		return err
	}
	if nobody != "" {
		return fault.Conflict("delivery." + nobody)
	}
	tx.OnCommit(func() { s.wake(lineKey{d.Channel, d.Lane}) })
	_, err = db.Exec(tx, qRequeue, d.ID, db.At(tx.Now()))
	return err
}

// HoldAll holds all that leaves, by every channel, or lets it go again. Only who edits every voice may. What is on its way
// goes on. The switch itself is thrown in one commit, from which on nothing is begun; the rows follow in slices.
func (s *Service) HoldAll(ctx context.Context, by actor.Actor, on bool) error {
	if err := by.Require(actor.Editor, 0); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if on {
			tx.OnCommit(func() { s.holds.Add(1) })
			return s.queue.HoldLane(tx, queue.Everything)
		}
		return s.queue.ReleaseLane(tx, queue.Everything)
	})
	if err != nil {
		return err
	}
	if on {
		held := func(tx *db.Tx) (bool, error) { return s.queue.PassingHeld(tx, queue.Everything) } // else somebody let everything go meanwhile
		_, err = s.inSlices(ctx, qHoldAll, held, func(tx *db.Tx) []any { return []any{db.At(tx.Now())} })
		return err
	}
	_, err = s.releaseHeld(ctx, AllHeld)
	return err
}

// HeldIn reports whether all that leaves is held.
func (s *Service) HeldIn(tx *db.Tx) (bool, error) { return s.queue.LaneHeld(tx, queue.Everything) }

// Held is HeldIn in a transaction of its own.
func (s *Service) Held(ctx context.Context) (held bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		held, err = s.HeldIn(tx)
		return err
	})
	return held, err
}

// ReleaseNoRelay lets go what waited for somebody to carry its channel, for the channels that are carried now. The page
// that sets the relay calls it, and Run when it begins.
func (s *Service) ReleaseNoRelay(ctx context.Context) (n int, err error) {
	for _, why := range []string{NoRelay, LostKey} {
		released, err := s.releaseHeld(ctx, why)
		n += released
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// releaseHeld queues what is held for a reason, in the channels that are carried and unless all is held.
func (s *Service) releaseHeld(ctx context.Context, reason string) (n int, err error) {
	s.mu.Lock()
	var all []*channel
	for _, c := range s.channels {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		released, err := s.inSlices(ctx, qReleaseHeld, func(tx *db.Tx) (bool, error) {
			nobody, err := c.ready(tx)
			if err != nil || nobody != "" && reason != AllHeld {
				return false, err
			}
			if reason != AllHeld {
				return true, nil
			}
			held, err := s.queue.PassingHeld(tx, queue.Everything)
			return !held, err
		}, func(tx *db.Tx) []any { return []any{reason, c.Name, db.At(tx.Now())} })
		n += released
		if err != nil {
			return n, err
		}
	}
	s.wakeAll()
	return n, nil
}
