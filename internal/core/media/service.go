package media

import (
	"context"
	"io"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Service takes files in and gives them out.
type Service struct {
	db    *db.DB
	blobs blob.Store
	busy  chan struct{} // one picture is decoded at a time: a large one takes 200 MB while it is open

	bus  *bus.Bus // hears what is deleted; nil before Listen
	held []func(tx *db.Tx, id fact.MediaID) (bool, error)
}

// New returns the service. Files are kept in blobs. Where files are deleted, Listen comes next.
func New(d *db.DB, blobs blob.Store) *Service {
	return &Service{db: d, blobs: blobs, busy: make(chan struct{}, 1)}
}

// Upload keeps a file: a picture (JPEG, PNG, GIF, WebP), cleaned and in several widths, or a PDF. alt says what a
// picture shows and may be given later. Anything else is fault.Invalid("file", "type"), a picture that
// costs too much "too_many_pixels", one that is cut or odd "unreadable", more than MaxBytes fault.TooLarge. Whoever may write in some voice may upload.
func (s *Service) Upload(ctx context.Context, by actor.Actor, name string, r io.Reader, alt string) (Media, error) {
	return s.keepAs(ctx, by, name, r, pdf, alt, time.Time{})
}

// Bring is Upload of a file that came in elsewhere at another time, for importers. It takes documents of offices, archives, recordings and
// films too, which like a PDF are served for saving.
func (s *Service) Bring(ctx context.Context, by actor.Actor, name string, r io.Reader, alt string, at time.Time) (Media, error) {
	return s.keepAs(ctx, by, name, r, brought(name), alt, at)
}

func (s *Service) keepAs(ctx context.Context, by actor.Actor, name string, r io.Reader, kindOf func(head []byte) string, alt string, at time.Time) (Media, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Media{}, err
	}
	if err := checkWords(alt, ""); err != nil {
		return Media{}, err
	}
	m, variants, err := s.take(ctx, r, kindOf)
	if err != nil {
		return Media{}, err
	}
	m.Name, m.Alt = cleanName(name), alt
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m.ID, m.CreatedAt = fact.New[fact.MediaID](tx.Now()), tx.Now()
		if !at.IsZero() {
			m.CreatedAt = at
		}
		if err := s.stay(ctx, tx, variants); err != nil {
			return err
		}
		return insert(tx, m, by.Account, variants, 0)
	})
	return m, err
}

// ByID returns one file; fault media.not_found.
func (s *Service) ByID(tx *db.Tx, id fact.MediaID) (Media, error) { return ByID(tx, id) }

// ByIDs returns those of ids that exist.
func (s *Service) ByIDs(tx *db.Tx, ids []fact.MediaID) (map[fact.MediaID]Media, error) {
	return ByIDs(tx, ids)
}

// Describe changes what is said of a file: whoever may see it unpublished may, as VisibleIn. Of another it is media.not_found.
func (s *Service) Describe(ctx context.Context, by actor.Actor, id fact.MediaID, alt, caption string) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	if err := checkWords(alt, caption); err != nil {
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
		m, err := ByID(tx, id)
		if err != nil {
			return err
		}
		m.Alt, m.Caption = alt, caption
		_, err = db.Exec(tx, qDescribe, id, alt, caption, wordsOf(m))
		return err
	})
}
