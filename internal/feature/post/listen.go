package post

import (
	"context"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

const purgeJob = "post.purge"

func (s *Service) listen() {
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, _ fact.HouseOpened) error { return s.opened(tx) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, _ fact.HouseClosed) error { return s.closed(tx) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, _ fact.HouseChanged) error { return s.moveSchedules(tx) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, f fact.VoiceChanged) error { return s.voiceChanged(tx, f.Voice) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, f fact.VoiceRemoved) error { return s.voiceRemoved(tx, f) })
	bus.Project(s.bus, "post", func(tx *db.Tx, _ bus.Event, f fact.MediaChanged) error { return s.mediaChanged(tx, f.Media) })
	bus.React(s.bus, "search", queue.KindOptions{}, func(ctx context.Context, _ bus.Event, f fact.PostsShown) error {
		return s.followSearch(ctx, f.Posts)
	})
	bus.React(s.bus, "search", queue.KindOptions{}, func(ctx context.Context, _ bus.Event, f fact.PostsHidden) error {
		return s.followSearch(ctx, f.Posts)
	})
	queue.Handle(s.queue, publishJob, queue.KindOptions{Outward: true}, s.publishDue)
	queue.Handle(s.queue, resetJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, r reset) error { return s.reset(ctx, r.Posts) })
	queue.Handle(s.queue, showJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, v fact.VoiceID) error { return s.showRest(ctx, v) })
	queue.Handle(s.queue, hideJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, v fact.VoiceID) error { return s.hideRest(ctx, v) })
	queue.Handle(s.queue, purgeJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error { return s.purge(ctx) })
	s.handleThinning()
	s.queue.Every(purgeJob, func(after time.Time) time.Time { return after.Truncate(24 * time.Hour).Add(27 * time.Hour) }, purgeJob)
}

// moveSchedules computes the instants of what is scheduled again: the zone of the house may have changed.
func (s *Service) moveSchedules(tx *db.Tx) error {
	h, err := s.house.GetIn(tx)
	if err != nil {
		return err
	}
	waiting, err := db.All(tx, qScheduled, postColumns.scan)
	if err != nil {
		return err
	}
	for _, p := range waiting {
		at, err := clock.ParseLocal(p.Schedule)
		if err != nil {
			continue // what no clock will show does not keep the house from being changed
		}
		if instant := at.In(h.Location()); !instant.Equal(p.PublishAt) {
			p.PublishAt = instant
			if err := update(tx, p); err != nil {
				return err
			}
			if err := s.due(tx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// purge takes the words out of what was deleted too long ago to be brought back, with all that it ever said and what was typed into it
// and not saved, 100 posts or 500 revisions in a transaction. The row stays, and its address is gone for good.
func (s *Service) purge(ctx context.Context) error {
	for left := int64(1); left > 0; {
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			left, err = db.Exec(tx, qPurgeRevision, db.At(tx.Now().Add(-RestoreFor)))
			return err
		})
		if err != nil {
			return err
		}
	}
	for {
		var gone []fact.PostID
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			before := tx.Now().Add(-RestoreFor)
			if _, err := db.Exec(tx, qPurgeDrafts, db.At(before)); err != nil {
				return err
			}
			if gone, err = purge(tx, before); err != nil {
				return err
			}
			for _, id := range gone {
				if err := s.media.ReferIn(tx, actor.System(), media.Use{Kind: useKind, Subject: int64(id)}, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(gone) == 0 {
			return err
		}
	}
}
