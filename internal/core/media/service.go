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
	"causerie/internal/platform/queue"
)

// Service takes files in and gives them out.
type Service struct {
	db    *db.DB
	blobs blob.Store
	busy  chan struct{} // one picture is decoded at a time: a large one takes 200 MB while it is open

	bus   *bus.Bus     // hears what is deleted; nil before Listen
	queue *queue.Queue // makes the smaller widths of what came in; nil before Listen, and then they are made at once
	held  []func(tx *db.Tx, id fact.MediaID) (bool, error)
}

// New returns the service. Files are kept in blobs. Where files are deleted, Listen comes next.
func New(d *db.DB, blobs blob.Store) *Service {
	return &Service{db: d, blobs: blobs, busy: make(chan struct{}, 1)}
}

// Upload keeps a file: a picture (JPEG, PNG, GIF, WebP), cleaned and in several widths, a document or a recording. alt says what a
// picture shows and may be given later. Anything else is fault.Invalid("file", "type"), what telephones keep for themselves "heic" or "avif",
// a picture that costs too much "too_many_pixels", one that is cut or odd "unreadable", more than MaxBytes fault.TooLarge. Whoever may write in
// some voice may upload. r is read to its end while no other picture is open: it is a file, and no slow line.
func (s *Service) Upload(ctx context.Context, by actor.Actor, name string, r io.Reader, alt string) (Media, error) {
	return s.keepAs(ctx, by, name, r, uploaded(name), alt, time.Time{})
}

// Bring is Upload of a file that came in elsewhere at another time, for importers. It takes films too.
func (s *Service) Bring(ctx context.Context, by actor.Actor, name string, r io.Reader, alt string, at time.Time) (Media, error) {
	return s.keepAs(ctx, by, name, r, brought(name), alt, at)
}

func (s *Service) keepAs(ctx context.Context, by actor.Actor, name string, r io.Reader, kindOf func(head []byte) string, alt string, at time.Time) (Media, error) {
	t, err := s.prepare(ctx, by, Media{Name: cleanName(name), Alt: alt, CreatedAt: at}, r, kindOf)
	if err != nil {
		return Media{}, err
	}
	var m Media
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, err = s.KeepIn(ctx, tx, by, t)
		return err
	})
	return m, err
}

// Taken is a file whose bytes are kept, and whose row is not yet.
type Taken struct {
	media    Media
	variants []variant
}

// Take is the slow half of Upload, before a transaction, in which KeepIn follows. Bytes that nothing names when it does not are no harm.
func (s *Service) Take(ctx context.Context, by actor.Actor, name string, r io.Reader, alt, caption string) (Taken, error) {
	return s.prepare(ctx, by, Media{Name: cleanName(name), Alt: alt, Caption: caption}, r, uploaded(name))
}

func (s *Service) prepare(ctx context.Context, by actor.Actor, said Media, r io.Reader, kindOf func(head []byte) string) (Taken, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Taken{}, err
	}
	if err := checkWords(said.Alt, said.Caption); err != nil {
		return Taken{}, err
	}
	m, variants, err := s.take(ctx, r, kindOf)
	m.Name, m.Alt, m.Caption, m.CreatedAt = said.Name, said.Alt, said.Caption, said.CreatedAt
	return Taken{m, variants}, err
}

// KeepIn is the other half of Upload.
func (s *Service) KeepIn(ctx context.Context, tx *db.Tx, by actor.Actor, t Taken) (Media, error) {
	m := t.media
	m.ID = fact.New[fact.MediaID](tx.Now())
	if m.CreatedAt.IsZero() {
		m.CreatedAt = tx.Now()
	}
	if err := s.stay(ctx, tx, t.variants); err != nil {
		return m, err
	}
	if err := insert(tx, m, by.Account, t.variants, 0); err != nil {
		return m, err
	}
	return m, s.oweSizes(tx, m)
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
