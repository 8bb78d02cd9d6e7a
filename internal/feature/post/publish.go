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

// Publish lets a post out, now. It needs a title (a note needs words) and, with a cover, what the cover shows; what is
// missing comes as problems of the fields. Publishing what is out already changes nothing. While all that leaves is held the post
// is Scheduled for now instead, and waits with the others.
func (s *Service) Publish(ctx context.Context, by actor.Actor, id fact.PostID) (p Post, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		p, err = s.PublishIn(tx, by, id)
		return err
	})
	return p, err
}

// PublishIn is Publish inside a transaction.
func (s *Service) PublishIn(tx *db.Tx, by actor.Actor, id fact.PostID) (Post, error) {
	p, err := s.open(tx, by, id)
	if err != nil {
		return p, err
	}
	return s.publish(tx, by, p)
}

func (s *Service) publish(tx *db.Tx, by actor.Actor, p Post) (Post, error) {
	if p.Status == Published {
		return p, nil
	}
	if err := p.canGoOut(); err != nil {
		return p, err
	}
	held, err := s.queue.PassingHeld(tx, queue.Everything)
	if err != nil {
		return p, err
	}
	if held && !(p.LetGo && p.due(tx.Now())) {
		return s.hold(tx, by, p)
	}
	if err := s.assignSlug(tx, &p, ""); err != nil {
		return p, err
	}
	first := p.PublishedAt.IsZero()
	if first {
		p.PublishedAt = tx.Now()
	}
	p.Status = Published
	p.unschedule()
	if err := s.move(tx, &p); err != nil {
		return p, err
	}
	if err := s.keepAddress(tx, p); err != nil {
		return p, err
	}
	if err := s.rememberOut(tx, by, p); err != nil {
		return p, err
	}
	if err := s.bus.Emit(tx, by, fact.PostPublished{Post: p.ID, Voice: p.Voice, First: first}); err != nil {
		return p, err
	}
	return p, s.project(tx, by, p)
}

// Schedule lets a post out by itself when the clocks of the house show at. What is missing to publish it, or a time that
// has passed, is refused; so is what is out already (post.already_published).
func (s *Service) Schedule(ctx context.Context, by actor.Actor, id fact.PostID, at clock.Local) (p Post, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err = s.ScheduleIn(tx, by, id, at)
		return err
	})
	return p, err
}

// ScheduleIn is Schedule inside a transaction.
func (s *Service) ScheduleIn(tx *db.Tx, by actor.Actor, id fact.PostID, at clock.Local) (Post, error) {
	p, err := s.open(tx, by, id)
	if err != nil {
		return p, err
	}
	h, err := s.house.GetIn(tx)
	if err != nil {
		return p, err
	}
	return s.schedule(tx, by, p, at, h.Location())
}

// ScheduleAtIn is ScheduleIn for an instant: the post goes out in the first minute that does not begin before it. The zero
// instant keeps the schedule that there is.
func (s *Service) ScheduleAtIn(tx *db.Tx, by actor.Actor, id fact.PostID, at time.Time) (Post, error) {
	p, err := s.open(tx, by, id)
	if err != nil {
		return p, err
	}
	h, err := s.house.GetIn(tx)
	if err != nil {
		return p, err
	}
	if at.IsZero() {
		if p.Status == Scheduled {
			return p, nil
		}
		bad := p.lacks()
		bad.Add("schedule", "required")
		return p, bad.Err()
	}
	local := clock.LocalFrom(at, h.Location())
	if p.Status == Scheduled && p.PublishAt.Equal(local.In(h.Location())) {
		return p, nil
	}
	return s.schedule(tx, by, p, local, h.Location())
}

func (s *Service) schedule(tx *db.Tx, by actor.Actor, p Post, at clock.Local, zone *time.Location) (Post, error) {
	if p.Status == Published {
		return p, fault.Conflict("post.already_published")
	}
	instant, bad := at.In(zone), p.lacks()
	switch {
	case !at.Day.Within() || !clock.Within(instant):
		bad.Add("schedule", "date_beyond")
	case !instant.After(tx.Now()):
		bad.Add("schedule", "in_past")
	}
	if err := bad.Err(); err != nil {
		return p, err
	}
	return s.wait(tx, by, p, at, instant)
}

// wait has p go out by itself at an instant.
func (s *Service) wait(tx *db.Tx, by actor.Actor, p Post, at clock.Local, instant time.Time) (Post, error) {
	p.Status, p.Schedule, p.PublishAt, p.LetGo = Scheduled, at.String(), instant, false
	if err := s.move(tx, &p); err != nil {
		return p, err
	}
	if err := s.due(tx, p); err != nil {
		return p, err
	}
	if err := s.bus.Emit(tx, by, fact.PostScheduled{Post: p.ID, Voice: p.Voice}); err != nil {
		return p, err
	}
	return p, s.project(tx, by, p)
}

// Unpublish takes a post back: it is a draft again for its authors and not there (404) for readers. A scheduled one does
// not go out. What is a draft stays one.
func (s *Service) Unpublish(ctx context.Context, by actor.Actor, id fact.PostID) (p Post, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err = s.UnpublishIn(tx, by, id)
		return err
	})
	return p, err
}

// Unschedule takes back a post that is scheduled, and no other: what went out meanwhile stays out (post.not_scheduled).
func (s *Service) Unschedule(ctx context.Context, by actor.Actor, id fact.PostID) (p Post, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if p, err = s.open(tx, by, id); err != nil {
			return err
		}
		if p.Status != Scheduled {
			return fault.Conflict("post.not_scheduled")
		}
		p, err = s.UnpublishIn(tx, by, id)
		return err
	})
	return p, err
}

// UnpublishIn is Unpublish inside a transaction.
func (s *Service) UnpublishIn(tx *db.Tx, by actor.Actor, id fact.PostID) (Post, error) {
	p, err := s.open(tx, by, id)
	if err != nil {
		return p, err
	}
	switch {
	case p.Status == Published, p.Status == Scheduled && !p.PublishedAt.IsZero():
		p.Status = Unpublished
	case p.Status == Scheduled:
		p.Status = Ready
	default:
		return p, nil
	}
	p.unschedule()
	if err := s.move(tx, &p); err != nil {
		return p, err
	}
	if err := s.bus.Emit(tx, by, fact.PostUnpublished{Post: p.ID, Voice: p.Voice}); err != nil {
		return p, err
	}
	return p, s.project(tx, by, p)
}

// SetStatusIn brings a post to any state, by the verbs that lead there. at is when a post goes out that is to be Scheduled;
// the zero instant keeps the schedule that there is. A draft cannot be Unpublished (post.not_published).
func (s *Service) SetStatusIn(tx *db.Tx, by actor.Actor, id fact.PostID, status string, at time.Time) (Post, error) {
	switch {
	case status == Published:
		return s.PublishIn(tx, by, id)
	case status == Scheduled:
		return s.ScheduleAtIn(tx, by, id, at)
	case status != Unpublished && !IsDraft(status):
		return Post{}, fault.Invalid("status", "unknown")
	}
	p, err := s.open(tx, by, id)
	if err != nil {
		return p, err
	}
	if status == Unpublished && IsDraft(p.Status) {
		return p, fault.Conflict("post.not_published")
	}
	if p, err = s.UnpublishIn(tx, by, id); err != nil || status == Unpublished || p.Status == status {
		return p, err
	}
	return s.SaveIn(tx, by, id, Patch{Status: &status}, 0)
}

// Delete takes a post away: its address answers 410. Restore brings it back within RestoreFor.
func (s *Service) Delete(ctx context.Context, by actor.Actor, id fact.PostID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := s.open(tx, by, id)
		if err != nil {
			return err
		}
		p.DeletedAt = tx.Now()
		if err := s.touch(tx, &p); err != nil {
			return err
		}
		if err := s.bus.Emit(tx, by, fact.PostDeleted{Post: p.ID, Voice: p.Voice}); err != nil {
			return err
		}
		return s.project(tx, by, p)
	})
}

// Restore brings a deleted post back, never by itself into public: what was out is unpublished, what was scheduled is
// ready. After RestoreFor it is gone.
func (s *Service) Restore(ctx context.Context, by actor.Actor, id fact.PostID) (p Post, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		if p, err = s.seen(tx, by, id); err != nil {
			return err
		}
		if err := p.may(by); err != nil {
			return err
		}
		if err := p.restorable(tx.Now()); err != nil {
			return err
		}
		p.DeletedAt = time.Time{}
		p.unschedule()
		switch p.Status {
		case Published:
			p.Status = Unpublished
		case Scheduled:
			p.Status = Ready
		}
		problem, err := s.slugProblem(tx, p, p.Slug)
		if err != nil {
			return err
		}
		if problem != "" {
			p.Slug = "" // somebody took it meanwhile: it gets another when it goes out
		}
		if err := s.touch(tx, &p); err != nil {
			return err
		}
		if err := s.bus.Emit(tx, by, fact.PostRestored{Post: p.ID, Voice: p.Voice}); err != nil {
			return err
		}
		return s.project(tx, by, p)
	})
	return p, err
}

// move stores a change of state. It counts as a save, so that a tab opened before it sees that something happened.
func (s *Service) move(tx *db.Tx, p *Post) error {
	p.UpdatedAt, p.Version = tx.Now(), p.Version+1
	if err := update(tx, *p); err != nil {
		return err
	}
	return s.woken(tx, p.ID)
}

// touch stores a change that no text depends on: a page opened before it may still be saved after it.
func (s *Service) touch(tx *db.Tx, p *Post) error {
	p.UpdatedAt = tx.Now()
	return update(tx, *p)
}
