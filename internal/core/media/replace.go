package media

import (
	"context"
	"io"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// A file keeps its address when another takes its place: the bytes of before become a file of their own, a former one of the same address,
// that nothing shows. So there is a way back until it is pruned, KeepUnused later.

var (
	qContent = db.Q("media.content", `
		UPDATE media SET ref = $2, name = $3, mime = $4, width = $5, height = $6, colour = $7, bytes = $8, kind = $9, words = $10, replaced_at = $11,
		                 focus_x = NULL, focus_y = NULL
		 WHERE id = $1`)
	qForgetVariants = db.Q("media.forgetVariants", `DELETE FROM media_variants WHERE media_id = $1`)
	qFormers        = db.Q("media.formers", `SELECT `+columns+` FROM media WHERE former_of = $1 ORDER BY id DESC LIMIT 20`)
	qFormerOf       = db.Q("media.formerOf", `SELECT 1 FROM media WHERE id = $1 AND former_of = $2`)
)

// Replace puts another file under the address of one, for who works with it, as Describe: what shows the file shows the new one. It must be
// of the same kind, else fault.Invalid("file", "other_kind").
func (s *Service) Replace(ctx context.Context, by actor.Actor, id fact.MediaID, name string, r io.Reader) (Media, error) {
	before, err := s.work(ctx, by, id)
	if err != nil {
		return Media{}, err
	}
	m, variants, err := s.take(ctx, r, brought(name))
	if err != nil {
		return Media{}, err
	}
	if m.Kind() != before.Kind() {
		return Media{}, fault.Invalid("file", "other_kind")
	}
	m.Name = cleanName(name)
	return s.put(ctx, by, id, m, variants)
}

// Formers returns what stood under the address of a file before, the last first, as far as it is kept; for who works with the file.
func (s *Service) Formers(ctx context.Context, by actor.Actor, id fact.MediaID) (all []Media, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.WorkIn(tx, by, id); err != nil {
			return err
		}
		all, err = db.All(tx, qFormers, scan, id)
		return err
	})
	return all, err
}

// Restore puts a former file under its address again; the one that stands there becomes a former one. fault media.not_found of what is
// none of that address.
func (s *Service) Restore(ctx context.Context, by actor.Actor, id, former fact.MediaID) (m Media, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now, err := s.WorkIn(tx, by, id)
		if err != nil {
			return err
		}
		if _, is, err := db.Maybe(tx, qFormerOf, db.Scalar[int], former, id); err != nil || !is {
			if err == nil {
				err = fault.NotFound("media")
			}
			return err
		}
		old, err := ByID(tx, former)
		if err != nil {
			return err
		}
		ours, err := db.All(tx, qOf, scanVariant, id)
		if err != nil {
			return err
		}
		theirs, err := db.All(tx, qOf, scanVariant, former)
		if err != nil {
			return err
		}
		if m, err = s.swapIn(tx, by, now, old, theirs); err != nil {
			return err
		}
		now.ID, now.Alt, now.Caption = former, old.Alt, old.Caption
		return content(tx, now, ours)
	})
	return m, err
}

// work returns a file that by works with.
func (s *Service) work(ctx context.Context, by actor.Actor, id fact.MediaID) (m Media, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = s.WorkIn(tx, by, id)
		return err
	})
	return m, err
}

// put puts what came under the address of a file, and keeps what stood there as a former one.
func (s *Service) put(ctx context.Context, by actor.Actor, id fact.MediaID, m Media, variants []variant) (out Media, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := s.WorkIn(tx, by, id)
		if err != nil {
			return err
		}
		if before.Ref == m.Ref { // the same bytes once more
			out = before
			return nil
		}
		if err := s.stay(ctx, tx, variants); err != nil {
			return err
		}
		had, err := db.All(tx, qOf, scanVariant, id)
		if err != nil {
			return err
		}
		former := before
		former.ID = fact.New[fact.MediaID](tx.Now())
		if err := insert(tx, former, by.Account, had, id); err != nil {
			return err
		}
		out, err = s.swapIn(tx, by, before, m, variants)
		return err
	})
	out.Stilled = m.Stilled
	return out, err
}

// swapIn puts the bytes of m under the address of before, whose words stay, and says so.
func (s *Service) swapIn(tx *db.Tx, by actor.Actor, before, m Media, variants []variant) (Media, error) {
	m.ID, m.Alt, m.Caption, m.CreatedAt, m.ReplacedAt, m.Focus = before.ID, before.Alt, before.Caption, before.CreatedAt, tx.Now(), Focus{}
	if err := content(tx, m, variants); err != nil {
		return m, err
	}
	if err := s.oweSizes(tx, m); err != nil {
		return m, err
	}
	return m, s.bus.Emit(tx, by, fact.MediaChanged{Media: m.ID})
}

// content writes the bytes of m.
func content(tx *db.Tx, m Media, variants []variant) error {
	if _, err := db.Exec(tx, qForgetVariants, m.ID); err != nil {
		return err
	}
	if _, err := db.Exec(tx, qContent, m.ID, m.Ref, m.Name, m.Mime, m.Width, m.Height, m.Colour, m.Bytes, m.Kind(), wordsOf(m), db.At(m.ReplacedAt)); err != nil {
		return err
	}
	return insertVariants(tx, m.ID, variants)
}
