package media

import (
	"context"
	"errors"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// KeepUnused is how long a file stays that nothing shows: one that was uploaded and never used, or was taken out of the
// last text that showed it.
const KeepUnused = 30 * 24 * time.Hour

const pruneJob = "media.prune"

// Listen has b carry what is deleted and q remove its blobs, make the smaller widths of what came in, and remove each night what nothing
// shows. Call it once per bus, before Delete and Prune.
func (s *Service) Listen(b *bus.Bus, q *queue.Queue) {
	s.bus, s.queue = b, q
	queue.Handle(q, sizesJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, body sizes) error { return s.makeSizes(ctx, body.Media) })
	bus.React(b, "blobs", queue.KindOptions{}, func(ctx context.Context, _ bus.Event, f fact.MediaDeleted) error {
		return s.removeBlobs(ctx, f.Media)
	})
	queue.Handle(q, pruneJob, queue.KindOptions{}, func(ctx context.Context, _ queue.Job, _ struct{}) error {
		_, err := s.Prune(ctx)
		return errors.Join(err, s.blobs.Sweep(ctx))
	})
	q.Every(pruneJob, func(after time.Time) time.Time { return after.Truncate(24 * time.Hour).Add(28 * time.Hour) }, pruneJob)
}

// GuardFiles has fn asked whether something shows a file without saying so by ReferIn: it is not deleted then. Register
// before serving.
func (s *Service) GuardFiles(fn func(tx *db.Tx, id fact.MediaID) (held bool, err error)) {
	s.held = append(s.held, fn)
}

// Delete removes a file that nothing shows, for who uploaded it or an owner; there is no way back. While something shows it, that
// is fault.Conflict("media.in_use") for who may see it unpublished, and media.not_found for others, as for a file that is none.
func (s *Service) Delete(ctx context.Context, by actor.Actor, id fact.MediaID) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		mine, err := works(tx, by, []fact.MediaID{id})
		if err != nil {
			return err
		}
		if len(mine) == 0 {
			return fault.NotFound("media")
		}
		gone, err := s.deleteIn(tx, by, mine)
		if err == nil && len(gone) == 0 {
			err = fault.Conflict("media.in_use")
		}
		return err
	})
}

// Remove deletes a file though posts and letters show it, for who works with it; there is no way back, and its place in them is empty from
// then on. What shows it in a voice in which by does not write keeps it, fault.Conflict("media.elsewhere"), and so does a
// voice whose portrait or mark it is, "media.of_voice".
func (s *Service) Remove(ctx context.Context, by actor.Actor, id fact.MediaID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.WorkIn(tx, by, id); err != nil {
			return err
		}
		uses, elsewhere, err := s.UsesIn(tx, by, []fact.MediaID{id})
		if err != nil {
			return err
		}
		if elsewhere[id] {
			return fault.Conflict("media.elsewhere")
		}
		for _, u := range uses[id] {
			if u.Kind == "voice" {
				return fault.Conflict("media.of_voice")
			}
		}
		if err := s.bus.Emit(tx, by, fact.MediaChanged{Media: id}); err != nil {
			return err
		}
		return s.dropIn(tx, by, []fact.MediaID{id})
	})
}

// Prune deletes what nothing has shown for KeepUnused, at most 100 files in a transaction, and returns how many. A job does
// it each night. What only a kept draft shows is looked at again after as long.
func (s *Service) Prune(ctx context.Context) (n int, err error) {
	for {
		var old, gone []fact.MediaID
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if old, err = db.All(tx, qUnused, db.Scalar[fact.MediaID], db.At(tx.Now().Add(-KeepUnused))); err != nil {
				return err
			}
			if gone, err = s.deleteIn(tx, actor.System(), old); err != nil {
				return err
			}
			_, err = db.ExecIn(tx, qLeft, old, db.At(tx.Now()))
			return err
		})
		if err != nil || len(old) == 0 {
			return n, err
		}
		n += len(gone)
	}
}

// deleteIn deletes those of ids that nothing shows, and returns them.
func (s *Service) deleteIn(tx *db.Tx, by actor.Actor, ids []fact.MediaID) ([]fact.MediaID, error) {
	idle, err := db.AllIn(tx, qIdle, db.Scalar[fact.MediaID], ids)
	if err != nil {
		return nil, err
	}
	var gone []fact.MediaID
	for _, id := range idle {
		held, err := s.isHeld(tx, id)
		if err != nil {
			return nil, err
		}
		if !held {
			gone = append(gone, id)
		}
	}
	return gone, s.dropIn(tx, by, gone)
}

// dropIn deletes files, with what stood under their addresses before.
func (s *Service) dropIn(tx *db.Tx, by actor.Actor, ids []fact.MediaID) error {
	formers, err := db.AllIn(tx, qFormersOf, db.Scalar[fact.MediaID], ids)
	if err != nil {
		return err
	}
	for _, id := range formers {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, q := range []db.Query{qLetGo, qDelete} { // the variants go with their file
		if _, err := db.ExecIn(tx, q, ids); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := s.bus.Emit(tx, by, fact.MediaDeleted{Media: id}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) isHeld(tx *db.Tx, id fact.MediaID) (bool, error) {
	for _, held := range s.held {
		if yes, err := held(tx, id); yes || err != nil {
			return yes, err
		}
	}
	return false, nil
}

// removeBlobs removes the blobs of a file that was deleted, but those that another file names. It does so before the commit
// that forgets them: when that fails, it is all done again, and an upload of the same bytes, which forgets them too (stay),
// comes wholly before it or wholly after.
func (s *Service) removeBlobs(ctx context.Context, id fact.MediaID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		refs, err := db.All(tx, qGone, db.Scalar[string], id)
		if err != nil {
			return err
		}
		named, err := db.AllIn(tx, qNamed, db.Scalar[string], refs)
		if err != nil {
			return err
		}
		for _, ref := range refs {
			if slices.Contains(named, ref) {
				continue
			}
			if err := s.blobs.Delete(ctx, blob.Ref(ref)); err != nil {
				return err
			}
		}
		return nil
	})
}

// stay keeps the blobs of an upload from being removed with a file of the same bytes that was deleted. When they were removed
// since they were put, which takes a deletion at that very instant, it is fault.Conflict("media.again").
func (s *Service) stay(ctx context.Context, tx *db.Tx, variants []variant) error {
	refs := make([]string, len(variants))
	for i, v := range variants {
		refs[i] = v.ref
	}
	if _, err := db.ExecIn(tx, qStay, refs); err != nil {
		return err
	}
	for _, ref := range refs {
		f, _, err := s.blobs.Open(ctx, blob.Ref(ref))
		if err != nil {
			return fault.Conflict("media.again").Because(err)
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}
