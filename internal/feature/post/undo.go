package post

import (
	"context"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// UndoFor is how long a post that was published on its page can be taken back before anything of it leaves.
const UndoFor = 10 * time.Second

// PublishSoon lets a post out as Publish does, after UndoFor: until then it is scheduled, nobody reads it, no feed and no mail has it, and
// UndoPublish takes it back. What Publish would refuse is refused at once, and what is held is held.
func (s *Service) PublishSoon(ctx context.Context, by actor.Actor, id fact.PostID) (p Post, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		if p, err = s.open(tx, by, id); err != nil || p.Status == Published {
			return err
		}
		if err := p.canGoOut(); err != nil {
			return err
		}
		held, err := s.queue.PassingHeld(tx, queue.Everything)
		if err != nil {
			return err
		}
		if held || p.Leaving(tx.Now()) {
			if held {
				p, err = s.publish(tx, by, p)
			}
			return err
		}
		h, err := s.house.GetIn(tx)
		if err != nil {
			return err
		}
		at := tx.Now().Add(UndoFor)
		p, err = s.wait(tx, by, p, clock.LocalOf(at, h.Location()), at)
		return err
	})
	return p, err
}

// Leaving reports whether p goes out within UndoFor, to the second: who asks may have looked at the clock before who wrote.
func (p Post) Leaving(now time.Time) bool {
	return p.Status == Scheduled && p.DeletedAt.IsZero() && p.PublishAt.After(now) && p.PublishAt.Sub(now) < UndoFor+time.Second
}

// UndoPublish takes back a post that is scheduled, and has it stand where it stood: in the state was, or for Scheduled at the hour at. What
// has gone out is the conflict post.gone_out.
func (s *Service) UndoPublish(ctx context.Context, by actor.Actor, id fact.PostID, was string, at clock.Local) (p Post, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		if p, err = s.open(tx, by, id); err != nil {
			return err
		}
		if p.Status != Scheduled {
			return fault.Conflict("post.gone_out")
		}
		if p, err = s.UnpublishIn(tx, by, id); err != nil {
			return err
		}
		switch {
		case was == Scheduled && at.Day.Within():
			h, err := s.house.GetIn(tx)
			if err != nil {
				return err
			}
			if at.In(h.Location()).After(tx.Now()) {
				p, err = s.schedule(tx, by, p, at, h.Location())
			}
			return err
		case IsDraft(was) && IsDraft(p.Status) && was != p.Status:
			p, err = s.SaveIn(tx, by, id, Patch{Status: &was}, 0)
		}
		return err
	})
	return p, err
}
