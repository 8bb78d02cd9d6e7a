package post

import (
	"context"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"

	"golang.org/x/sync/errgroup"
)

var qTypeset = db.Q("post.typeset", `UPDATE posts SET html = $3, plain = $4, words = $5 WHERE id = $1 AND version = $2`)

// typesetBatch is how many posts are set at once, and written together.
const typesetBatch = 20

// Typeset makes the HTML of every post anew from what was written, batch by batch, and reports whether any is another than before:
// after a restore, and once after the renderer learned something. HTML without a source is sanitised.
//
// With workers texts are set at once on so many cores, and without a rest; zero is for a program that serves meanwhile: one at a time, with
// a rest as long as the work after each batch, so that readers do not wait.
func (s *Service) Typeset(ctx context.Context, workers int) (changed bool, err error) {
	for after := fact.PostID(0); ; {
		began := time.Now()
		batch, files, err := s.sources(ctx, after)
		if err != nil || len(batch) == 0 {
			return changed, err
		}
		set := make([]Post, len(batch))
		group, within := errgroup.WithContext(ctx)
		group.SetLimit(max(workers, 1))
		for i, p := range batch {
			group.Go(func() (err error) {
				set[i], err = s.typeset(within, p, files)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return changed, err
		}
		other, err := s.storeSet(ctx, batch, set)
		if err != nil {
			return changed, err
		}
		changed, after = changed || other, batch[len(batch)-1].ID
		if workers == 0 {
			rest(ctx, time.Since(began))
		}
	}
}

// rest waits, unless ctx ends.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// sources reads the next posts after one, and the files that they show.
func (s *Service) sources(ctx context.Context, after fact.PostID) (batch []Post, files map[fact.MediaID]media.Media, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if batch, err = db.All(tx, qAfter, postColumns.scan, int64(after), typesetBatch); err != nil {
			return err
		}
		files, err = filesOf(tx, batch)
		return err
	})
	return batch, files, err
}

// filesOf reads the files that texts show.
func filesOf(tx *db.Tx, batch []Post) (map[fact.MediaID]media.Media, error) {
	var ids []fact.MediaID
	for _, p := range batch {
		ids = append(ids, media.IDsIn(p.Body)...)
	}
	return media.ByIDs(tx, ids)
}

// typeset returns p with its text set.
func (s *Service) typeset(ctx context.Context, p Post, files map[fact.MediaID]media.Media) (Post, error) {
	if p.Body == "" {
		p.HTML = string(text.Sanitize(p.HTML, text.Article))
		return p, nil
	}
	r, err := s.render(ctx, p, files)
	if err != nil {
		return p, err
	}
	return p, p.take(r)
}

// storeSet keeps what was set, but of posts that were saved meanwhile: these are set.
func (s *Service) storeSet(ctx context.Context, batch, set []Post) (changed bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		changed = false
		for i, p := range set {
			if p.HTML == batch[i].HTML && p.Plain == batch[i].Plain && p.Words == batch[i].Words {
				continue
			}
			n, err := db.Exec(tx, qTypeset, p.ID, p.Version, p.HTML, p.Plain, p.Words)
			if err != nil {
				return err
			}
			changed = changed || n > 0
			if n > 0 && p.Plain != batch[i].Plain { // it is found by other words
				if err := s.project(tx, actor.System(), p); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return changed, err
}
