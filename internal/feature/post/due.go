package post

import (
	"context"
	"errors"
	"fmt"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

const publishJob = "post.publish"

// due is the body of a publishing job: which post, and the instant for which it was scheduled, in milliseconds.
type due struct {
	Post fact.PostID `json:"post"`
	At   int64       `json:"at"`
}

// due asks for p to be published at its instant. A job of an instant that was given up finds that out by itself.
func (s *Service) due(tx *db.Tx, p Post) error {
	key := fmt.Sprintf("%s/%v/%d", publishJob, p.ID, p.PublishAt.UnixMilli())
	_, err := s.queue.Enqueue(tx, publishJob, due{p.ID, p.PublishAt.UnixMilli()}, queue.Put{Key: key, DueAt: p.PublishAt})
	if err != nil || !p.LetGo {
		return err
	}
	job, found, err := s.queue.ByKey(tx, key)
	if err != nil || !found {
		return err
	}
	if err = s.queue.Release(tx, job.ID); fault.Is(err, fault.KindNotFound) || fault.Is(err, fault.KindConflict) {
		return nil // it runs, and looks at the post itself
	}
	return err
}

// due reports whether the hour of p has come.
func (p Post) due(now time.Time) bool { return p.Status == Scheduled && !p.PublishAt.After(now) }

// unschedule forgets when p was to go out.
func (p *Post) unschedule() { p.Schedule, p.PublishAt, p.LetGo = "", time.Time{}, false }

// hold keeps p in the house, since all that leaves is held: it is scheduled for now, or stays where it waits already.
func (s *Service) hold(tx *db.Tx, by actor.Actor, p Post) (Post, error) {
	if p.due(tx.Now()) {
		return p, nil
	}
	h, err := s.house.GetIn(tx)
	if err != nil {
		return p, err
	}
	at := clock.LocalOf(tx.Now(), h.Location())
	return s.wait(tx, by, p, at, at.In(h.Location()))
}

// HeldIn reports whether all that leaves is held, posts with the rest.
func (s *Service) HeldIn(tx *db.Tx) (bool, error) { return s.queue.LaneHeld(tx, queue.Everything) }

// Held is HeldIn in a transaction of its own.
func (s *Service) Held(ctx context.Context) (held bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		held, err = s.HeldIn(tx)
		return err
	})
	return held, err
}

// Release lets one scheduled post go at its hour, at once when that has passed, though all that leaves is held. Whoever may edit in
// its voice may: an author waits like the others. What is not scheduled is the conflict post.not_scheduled.
func (s *Service) Release(ctx context.Context, by actor.Actor, id fact.PostID) (p Post, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		if p, err = s.open(tx, by, id); err != nil {
			return err
		}
		if err := by.Require(actor.Editor, int64(p.Voice)); err != nil {
			return err
		}
		if p.Status != Scheduled {
			return fault.Conflict("post.not_scheduled")
		}
		p.LetGo = true
		if p.due(tx.Now()) {
			p, err = s.publish(tx, by, p)
			return err
		}
		if err := s.touch(tx, &p); err != nil {
			return err
		}
		return s.due(tx, p)
	})
	return p, err
}

// publishDue lets out what was scheduled for that instant, if it still is and is not held: then the job waits for its lane.
func (s *Service) publishDue(ctx context.Context, _ queue.Job, d due) error {
	err := s.write(ctx, func(tx *db.Tx) error {
		p, err := byID(tx, d.Post)
		if fault.Is(err, fault.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.Status != Scheduled || !p.DeletedAt.IsZero() || p.PublishAt.UnixMilli() != d.At {
			return nil
		}
		if p, err = s.publish(tx, actor.System(), p); err == nil && p.Status != Published {
			err = errHeld
		}
		return err
	})
	if errors.Is(err, errHeld) {
		return queue.Later(time.Second, nil)
	}
	return err
}

// errHeld undoes a publication that was claimed just before all was held.
var errHeld = errors.New("post: all that leaves is held")
