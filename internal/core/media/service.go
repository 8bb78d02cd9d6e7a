package media

import (
	"context"
	"errors"
	"io"
	"time"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

// Service takes files in and gives them out.
type Service struct {
	db    *db.DB
	blobs blob.Store
	busy  chan struct{} // one picture is decoded at a time: a large one takes 300 MB while it is open
}

// New returns the service. Files are kept in blobs.
func New(d *db.DB, blobs blob.Store) *Service {
	return &Service{db: d, blobs: blobs, busy: make(chan struct{}, 1)}
}

// Upload keeps a file: a picture (JPEG, PNG, GIF, WebP), cleaned and in several widths, or a PDF. alt says what a
// picture shows and may be given later. Anything else is fault.Invalid("file", "type"), more than MaxBytes
// fault.TooLarge. Whoever may write in some voice may upload.
func (s *Service) Upload(ctx context.Context, by actor.Actor, name string, r io.Reader, alt string) (Media, error) {
	return s.UploadAt(ctx, by, name, r, alt, time.Time{})
}

// UploadAt is Upload of a file that came in at another time, for importers.
func (s *Service) UploadAt(ctx context.Context, by actor.Actor, name string, r io.Reader, alt string, at time.Time) (Media, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Media{}, err
	}
	if err := checkWords(alt, ""); err != nil {
		return Media{}, err
	}
	m, variants, err := s.take(ctx, r)
	if err != nil {
		return Media{}, err
	}
	m.Name, m.Alt = cleanName(name), alt
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m.ID, m.CreatedAt = fact.New[fact.MediaID](tx.Now()), tx.Now()
		if !at.IsZero() {
			m.CreatedAt = at
		}
		return insert(tx, m, by.Account, variants)
	})
	return m, err
}

// ByID returns one file; fault media.not_found.
func (s *Service) ByID(tx *db.Tx, id fact.MediaID) (Media, error) { return ByID(tx, id) }

// ByIDs returns those of ids that exist.
func (s *Service) ByIDs(tx *db.Tx, ids []fact.MediaID) (map[fact.MediaID]Media, error) {
	return ByIDs(tx, ids)
}

// Describe changes what is said of a file. Whoever may write in some voice may.
func (s *Service) Describe(ctx context.Context, by actor.Actor, id fact.MediaID, alt, caption string) error {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return err
	}
	if err := checkWords(alt, caption); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(tx, qDescribe, id, alt, caption)
		if err == nil && n == 0 {
			err = fault.NotFound("media")
		}
		return err
	})
}

// ReferIn says which files the subject of a kind ("post", "voice") shows, and whether strangers see it there. It
// replaces what was said of that subject before. Files that do not exist are left out.
func (s *Service) ReferIn(tx *db.Tx, kind string, subject int64, ids []fact.MediaID, public bool) error {
	if _, err := db.Exec(tx, qForget, kind, subject); err != nil {
		return err
	}
	found, err := db.AllIn(tx, qExisting, db.Scalar[fact.MediaID], ids)
	if err != nil || len(found) == 0 {
		return err
	}
	var rows []any
	seen := map[fact.MediaID]bool{}
	for _, id := range found {
		if !seen[id] {
			seen[id] = true
			rows = append(rows, id, kind, subject, public)
		}
	}
	return db.Insert(tx, qUses, 4, rows)
}

// ShowIn says whether strangers see the files of these subjects of a kind, all at once.
func (s *Service) ShowIn(tx *db.Tx, kind string, subjects []int64, public bool) error {
	_, err := db.ExecIn(tx, qShow, subjects, public, kind)
	return err
}

// HideAllIn says that strangers see no file of that kind of subject any more.
func (s *Service) HideAllIn(tx *db.Tx, kind string) error {
	_, err := db.Exec(tx, qHideAll, false, kind)
	return err
}

// Info is what goes with the bytes of a file.
type Info struct {
	Mime          string
	Name          string // for a download
	Bytes         int64
	ETag          string // names these very bytes, without quotes
	At            time.Time
	Public        bool // strangers may have it: it may be cached by anyone
	Download      bool // it must be saved, not shown
	Width, Height int
}

// File opens one variant of a file: for anybody when something public shows it, else for whoever has an account. It is
// fault media.not_found otherwise, so that nobody learns which files there are. A picture answers a width that it does
// not have with the next smaller one. The caller closes the reader.
func (s *Service) File(ctx context.Context, by actor.Actor, id fact.MediaID, variant string) (io.ReadSeekCloser, Info, error) {
	var info Info
	var ref string
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		m, err := ByID(tx, id)
		if err != nil {
			return err
		}
		_, public, err := db.Maybe(tx, qPublic, db.Scalar[int], id, true)
		if err != nil {
			return err
		}
		if !public && !by.SignedIn() {
			return fault.NotFound("media")
		}
		v, err := variantOf(tx, id, variant)
		if err != nil {
			return err
		}
		ref = v.ref
		info = Info{Mime: v.mime, Name: m.Name, Bytes: v.bytes, ETag: v.ref, At: m.CreatedAt, Public: public,
			Download: !m.IsPicture(), Width: v.width, Height: v.height}
		return nil
	})
	if err != nil {
		return nil, Info{}, err
	}
	f, _, err := s.blobs.Open(ctx, blob.Ref(ref))
	if errors.Is(err, blob.ErrNotFound) {
		return nil, Info{}, fault.NotFound("media").Because(err)
	}
	return f, info, err
}

// variantOf returns the file to serve for a variant, or media.not_found.
func variantOf(tx *db.Tx, id fact.MediaID, name string) (variant, error) {
	have, err := db.All(tx, qOf, scanVariant, id)
	if err != nil {
		return variant{}, err
	}
	for _, want := range fallback(name) {
		for _, v := range have {
			if v.name == want {
				return v, nil
			}
		}
	}
	return variant{}, fault.NotFound("media")
}
