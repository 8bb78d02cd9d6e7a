package post

import (
	"context"
	"slices"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/queue"
)

// A post holds what it says of its pictures as it was made: their sizes, their widths. When another file takes the place of one, or it
// goes, a job sets the posts that show it anew. Which ones is noted in the commit that says so.

const resetJob = "post.reset"

// reset is the body of the job.
type reset struct {
	Posts []fact.PostID `json:"posts"`
}

var qWhole = db.Q("post.whole", `SELECT `+columns+` FROM posts p WHERE p.id IN ({in})`)

// mediaChanged has the posts that show a file set anew.
func (s *Service) mediaChanged(tx *db.Tx, id fact.MediaID) error {
	subjects, err := s.media.ShownByIn(tx, id, useKind)
	if err != nil {
		return err
	}
	ids := make([]fact.PostID, len(subjects))
	for i, subject := range subjects {
		ids[i] = fact.PostID(subject)
	}
	for some := range slices.Chunk(ids, typesetBatch) {
		if _, err := s.queue.Enqueue(tx, resetJob, reset{some}, queue.Put{}); err != nil {
			return err
		}
	}
	return nil
}

// reset sets posts anew, and tells those who keep their pages of each that is another than before.
func (s *Service) reset(ctx context.Context, ids []fact.PostID) error {
	var batch []Post
	var files map[fact.MediaID]media.Media
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if batch, err = db.AllIn(tx, qWhole, postColumns.scan, ids); err != nil {
			return err
		}
		files, err = filesOf(tx, batch)
		return err
	})
	if err != nil {
		return err
	}
	set := make([]Post, len(batch))
	for i, p := range batch {
		if set[i], err = s.typeset(ctx, p, files); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for i, p := range set {
			if p.HTML == batch[i].HTML {
				continue
			}
			n, err := db.Exec(tx, qTypeset, p.ID, p.Version, p.HTML, p.Plain, p.Words)
			if err != nil {
				return err
			}
			if n > 0 && p.Out() {
				if err := s.bus.Emit(tx, actor.System(), fact.PostChanged{Post: p.ID, Voice: p.Voice}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
