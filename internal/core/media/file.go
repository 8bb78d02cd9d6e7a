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
	Edition       string // of a file that took the place of another, else ""
}

// safe are the types that take writes and that a browser may show in a page of the house. What a row says otherwise, in an
// archive that somebody made by hand, is for saving.
var safe = map[string]bool{"image/jpeg": true, "image/png": true, "image/gif": true}

// File opens one variant of a file, for whom VisibleIn says. It is fault media.not_found for others, so that nobody learns
// which files there are. A picture answers a width that it does not have with the next smaller one. The caller closes the
// reader.
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
		if !public {
			visible, err := s.VisibleIn(tx, by, []fact.MediaID{id})
			if err != nil {
				return err
			}
			if len(visible) == 0 {
				return fault.NotFound("media")
			}
		}
		v, err := variantOf(tx, id, variant)
		if err != nil {
			return err
		}
		ref = v.ref
		info = Info{Mime: v.mime, Name: m.Name, Bytes: v.bytes, ETag: v.ref, At: m.CreatedAt, Public: public,
			Download: !m.IsPicture() || !safe[v.mime], Width: v.width, Height: v.height, Edition: m.Edition()}
		if !m.ReplacedAt.IsZero() {
			info.At = m.ReplacedAt
		}
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
