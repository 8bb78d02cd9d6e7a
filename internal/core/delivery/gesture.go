package delivery

import (
	"context"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// Release lets one held delivery go, even while all the others are held.
func (s *Service) Release(ctx context.Context, by actor.Actor, id fact.DeliveryID) error {
	return s.gesture(ctx, by, id, func(tx *db.Tx, d full) error {
		if !d.CanRelease() {
			return fault.Conflict("delivery.not_held")
		}
		return s.goNow(tx, d)
	})
}

// Retry has a delivery tried again now, on somebody's word: an uncertain one may then arrive twice.
func (s *Service) Retry(ctx context.Context, by actor.Actor, id fact.DeliveryID) error {
	return s.gesture(ctx, by, id, func(tx *db.Tx, d full) error {
		if !d.CanRetry() || !d.kept {
			return fault.Conflict("delivery.no_retry")
		}
		return s.goNow(tx, d)
	})
}

// Cancel takes a delivery back before it leaves, or closes one that did not.
func (s *Service) Cancel(ctx context.Context, by actor.Actor, id fact.DeliveryID) error {
	return s.gesture(ctx, by, id, func(tx *db.Tx, d full) error {
		if !d.CanCancel() {
			return fault.Conflict("delivery.no_cancel")
		}
		d.State, d.Reason, d.At, d.kept = Cancelled, "", tx.Now(), false
		// Cancelling its job would free the key, and a program that asks again would send the letter after all. So a held
		// job is let go, to find that there is nothing to do.
		job, found, err := s.queue.ByKey(tx, d.parcel.job())
		if err != nil {
			return err
		}
		if found && job.State == "held" {
			if err := s.queue.Release(tx, job.ID); err != nil {
				return err
			}
		}
		if err := move(tx, d); err != nil {
			return err
		}
		return s.bus.Emit(tx, by, fact.DeliverySettled{Delivery: d.ID, State: d.State})
	})
}

func (s *Service) gesture(ctx context.Context, by actor.Actor, id fact.DeliveryID, do func(tx *db.Tx, d full) error) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := byID(tx, id)
		if err != nil {
			return err
		}
		return do(tx, d)
	})
}

// goNow queues a delivery and sees that exactly one job works on it, free of the switch that holds all.
func (s *Service) goNow(tx *db.Tx, d full) error {
	ready, err := s.carrier.Ready(tx)
	if err != nil {
		return err
	}
	if !ready {
		return fault.Conflict("delivery.no_relay")
	}
	job, found, err := s.queue.ByKey(tx, d.parcel.job())
	if err != nil {
		return err
	}
	switch {
	case found && job.State == "running":
		return fault.Conflict("delivery.busy")
	case found && job.State == "held", found && job.State == "due" && d.State == Held:
		// It waits as it is.
	default:
		// Done, dead, or due much later: another job takes over, and the old one, if it ever runs, must not meet it.
		if found && job.State != "done" {
			if err := s.queue.Cancel(tx, job.ID); err != nil {
				return err
			}
		}
		d.parcel.Run++
		if _, err := s.queue.Enqueue(tx, Job, task{d.ID}, queue.Put{Key: d.parcel.job()}); err != nil {
			return err
		}
		if job, _, err = s.queue.ByKey(tx, d.parcel.job()); err != nil {
			return err
		}
	}
	if err := s.queue.Release(tx, job.ID); err != nil {
		return err
	}
	d.State, d.Reason, d.At = Queued, "", tx.Now()
	return move(tx, d)
}

// HoldAll holds all that leaves, by every channel, or lets it go again. What is on its way goes on.
func (s *Service) HoldAll(ctx context.Context, by actor.Actor, on bool) error {
	if err := by.RequireAnywhere(actor.Editor); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if on {
			if err := s.queue.HoldLane(tx, queue.Everything); err != nil {
				return err
			}
			_, err := db.Exec(tx, qHoldAll, db.At(tx.Now()))
			return err
		}
		if err := s.queue.ReleaseLane(tx, queue.Everything); err != nil {
			return err
		}
		_, err := db.Exec(tx, qUnholdAll, db.At(tx.Now()))
		return err
	})
}

// Held reports whether all that leaves is held.
func (s *Service) Held(tx *db.Tx) (bool, error) { return s.queue.LaneHeld(tx, queue.Everything) }

// AllHeldNow is Held outside a transaction.
func (s *Service) AllHeldNow(ctx context.Context) (held bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		held, err = s.Held(tx)
		return err
	})
	return held, err
}

// ReleaseNoRelay lets go what waited for a relay, once there is one; it does nothing before. The page that sets the relay
// calls it, and the program when it starts.
func (s *Service) ReleaseNoRelay(ctx context.Context) (n int, err error) {
	at, id := int64(0), int64(0)
	for {
		var batch []full
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			ready, err := s.carrier.Ready(tx)
			if err != nil || !ready {
				batch = nil
				return err
			}
			if batch, err = db.All(tx, qNoRelay, scanFull, at, id); err != nil {
				return err
			}
			for _, d := range batch {
				if err := s.goNow(tx, d); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(batch) == 0 {
			return n, err
		}
		n += len(batch)
		last := batch[len(batch)-1]
		at, id = last.At.UnixMilli(), int64(last.ID)
	}
}
