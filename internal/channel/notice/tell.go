package notice

import (
	"context"
	"fmt"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

const (
	lookJob  = "notice.look"
	sweepJob = "notice.sweep"
)

// work registers the jobs: one looks at what waits for one reader, one finds those that nobody looked at.
func (s *Service) work() {
	queue.Handle(s.o.Queue, lookJob, queue.KindOptions{KeepKey: -1}, func(ctx context.Context, _ queue.Job, to told) error {
		return s.o.DB.Write(ctx, func(tx *db.Tx) error { return s.look(tx, to) })
	})
	queue.Handle(s.o.Queue, floodJob, queue.KindOptions{KeepKey: 48 * time.Hour}, func(ctx context.Context, _ queue.Job, f flooded) error { return s.tellFlood(ctx, f) })
	queue.Handle(s.o.Queue, sweepJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error { return s.sweep(ctx) })
	s.o.Queue.Every(sweepJob, func(after time.Time) time.Time { return after.Truncate(time.Hour).Add(time.Hour) }, sweepJob)
}

// lookIn has somebody looked at, at an instant, or now. Looks of one instant are one.
func (s *Service) lookIn(tx *db.Tx, to told, at time.Time) error {
	put := queue.Put{DueAt: at}
	if !at.IsZero() {
		put.Key = fmt.Sprintf("notice/%d/%d/%d/%d", to.Account, to.Handle, to.Post, at.UnixMilli())
	}
	_, err := s.o.Queue.Enqueue(tx, lookJob, to, put)
	return err
}

// sweep looks at all for whom something has waited for an hour: their zone changed, or a look died.
func (s *Service) sweep(ctx context.Context) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := db.All(tx, qLate, scanTold, db.At(tx.Now().Add(-time.Hour)))
		for _, to := range all {
			if err := s.lookIn(tx, to, time.Time{}); err != nil {
				return err
			}
		}
		return err
	})
}

// Tell tells everybody what is due now, on the goroutine of the caller, at most 500 of them: for the demo, whose clock moves.
func (s *Service) Tell(ctx context.Context) error {
	return s.o.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := db.All(tx, qLate, scanTold, db.At(tx.Now().Add(time.Millisecond)))
		for _, to := range all {
			if err := s.look(tx, to); err != nil {
				return err
			}
		}
		return err
	})
}

// look tells somebody what is due, drops what needs no telling any more, and comes back for the rest. It may run at any time and
// any number of times: what is told is noted in the commit that hands it to the outbox.
func (s *Service) look(tx *db.Tx, to told) error {
	waiting, err := db.All(tx, qWaiting, scanItem, to.args()...)
	if err != nil || len(waiting) == 0 {
		return err
	}
	lately, err := db.All(tx, qLately, scanTime, to.args(db.At(tx.Now().Add(-recent)))...)
	if err != nil {
		return err
	}
	decide := s.lookHouse
	if to.Account.IsZero() {
		decide = s.lookReader
	}
	kept, p, err := decide(tx, to, waiting, lately)
	if err != nil {
		return err
	}
	stays := map[fact.MessageID]bool{}
	for _, it := range kept {
		stays[it.message] = true
	}
	var gone []fact.MessageID
	for _, it := range waiting {
		if !stays[it.message] {
			gone = append(gone, it.message)
		}
	}
	if _, err := db.ExecIn(tx, qDrop, gone, to.args()...); err != nil {
		return err
	}
	if _, err := db.ExecIn(tx, qTell, ids(p.tell), to.args(db.At(tx.Now()))...); err != nil {
		return err
	}
	if p.next.IsZero() {
		return nil
	}
	return s.lookIn(tx, to, p.next)
}

// lookHouse hands what is due for an account to the outbox, and returns what still needs telling. A push would be handed over
// beside the mail, from the same plan.
func (s *Service) lookHouse(tx *db.Tx, to told, waiting []item, lately []time.Time) (kept []item, p plan, err error) {
	a, found, err := s.o.Accounts.ActiveIn(tx, to.Account)
	if err != nil || !found {
		return nil, p, err
	}
	choice, err := choiceIn(tx, to.Account)
	if err != nil {
		return nil, p, err
	}
	h, err := s.o.House.GetIn(tx)
	if err != nil {
		return nil, p, err
	}
	things, err := s.forAccount(tx, a.Actor(), waiting)
	if err != nil {
		return nil, p, err
	}
	for _, th := range things {
		if choice.of(th.what) != Never {
			kept = append(kept, th.item)
		}
	}
	p = choice.plan(kept, lately, tx.Now(), h.Location())
	return kept, p, s.mailHouse(tx, a, p.tell)
}

// lookReader is lookHouse for a reader.
func (s *Service) lookReader(tx *db.Tx, to told, waiting []item, lately []time.Time) (kept []item, p plan, err error) {
	things, err := s.forReader(tx, to, waiting)
	if err != nil {
		return nil, p, err
	}
	for _, th := range things {
		kept = append(kept, th.item)
	}
	p = planReader(kept, lately, tx.Now())
	return kept, p, s.mailReader(tx, to, p.tell)
}
