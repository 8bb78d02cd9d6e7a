package media

import (
	"bytes"
	"context"
	"image"
	"io"
	"math"

	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/blob/picture"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/frugal"
)

// Change is how a picture is to be altered: first turned, then cut. The zero Change leaves it as it is.
type Change struct {
	Turn int  // degrees clockwise: 0, 90, 180 or 270
	Crop Crop // of the picture as turned
}

// Crop is a part of a picture, in fractions of its sides from its left and its top. The zero Crop is all of it.
type Crop struct{ X, Y, W, H float64 }

// leastCrop is how much of a side must stay, in pixels.
const leastCrop = 16

// check refuses what is no part of a picture.
func (c Change) check() error {
	var p fault.Problems
	if c.Turn != 0 && c.Turn != 90 && c.Turn != 180 && c.Turn != 270 {
		p.Add("turn", "unknown")
	}
	const slack = 1e-6 // sums of fractions that people typed
	if r := c.Crop; r != (Crop{}) && !(r.X >= 0 && r.Y >= 0 && r.W > 0 && r.H > 0 && r.X+r.W <= 1+slack && r.Y+r.H <= 1+slack) {
		p.Add("crop", "crop_shape")
	}
	if !p.Any() && c == (Change{}) {
		p.Add("crop", "required")
	}
	return p.Err()
}

// of returns the part of an image of that size.
func (c Crop) of(size image.Point) image.Rectangle {
	all := image.Rectangle{Max: size}
	if c == (Crop{}) {
		return all
	}
	at := func(fraction float64, side int) int { return int(math.Round(fraction * float64(side))) }
	return image.Rect(at(c.X, size.X), at(c.Y, size.Y), at(c.X+c.W, size.X), at(c.Y+c.H, size.Y)).Intersect(all)
}

// Alter turns and cuts a picture, for who works with it, as Describe. It is made of the largest width that is kept, and stands under the
// address of before; that one becomes a former file (Restore). What moves cannot be altered: fault.Conflict("media.moves").
func (s *Service) Alter(ctx context.Context, by actor.Actor, id fact.MediaID, c Change) (Media, error) {
	if err := c.check(); err != nil {
		return Media{}, err
	}
	before, err := s.work(ctx, by, id)
	if err != nil {
		return Media{}, err
	}
	if !before.IsPicture() {
		return Media{}, fault.Conflict("media.no_picture")
	}
	m, variants, err := s.altered(ctx, before, c)
	if err != nil {
		return Media{}, err
	}
	m.Name = before.Name
	return s.put(ctx, by, id, m, variants)
}

// AlterCopy is Alter into a file of its own, for who sees the picture: the one it was made of stays as it is, wherever it is shown.
func (s *Service) AlterCopy(ctx context.Context, by actor.Actor, id fact.MediaID, c Change) (Media, error) {
	if err := by.RequireAnywhere(actor.Author); err != nil {
		return Media{}, err
	}
	if err := c.check(); err != nil {
		return Media{}, err
	}
	var before Media
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		visible, err := s.VisibleIn(tx, by, []fact.MediaID{id})
		if err == nil && len(visible) == 0 {
			err = fault.NotFound("media")
		}
		if err == nil {
			before, err = ByID(tx, id)
		}
		return err
	})
	if err != nil {
		return Media{}, err
	}
	if !before.IsPicture() {
		return Media{}, fault.Conflict("media.no_picture")
	}
	m, variants, err := s.altered(ctx, before, c)
	if err != nil {
		return Media{}, err
	}
	m.Name, m.Alt, m.Caption = before.Name, before.Alt, before.Caption
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, err = s.KeepIn(ctx, tx, by, Taken{m, variants})
		return err
	})
	return m, err
}

func (s *Service) altered(ctx context.Context, before Media, c Change) (Media, []variant, error) {
	done, err := s.alone(ctx)
	if err != nil {
		return Media{}, nil, err
	}
	defer done()
	p, size, err := s.reopen(ctx, before)
	if err != nil {
		return Media{}, nil, err
	}
	if p.Moving != nil {
		return Media{}, nil, fault.Conflict("media.moves")
	}
	p.Image = picture.Turn(p.Image, c.Turn)
	part := c.Crop.of(p.Image.Rect.Size())
	if part.Dx() < min(leastCrop, p.Image.Rect.Dx()) || part.Dy() < min(leastCrop, p.Image.Rect.Dy()) {
		return Media{}, nil, fault.Invalid("crop", "crop_small", leastCrop)
	}
	p.Image = picture.Crop(p.Image, part)
	p.Width, p.Height = part.Dx(), part.Dy()
	return s.write(ctx, p, size)
}

// reopen decodes the largest width that is kept of a picture.
func (s *Service) reopen(ctx context.Context, m Media) (p picture.Picture, size int64, err error) {
	f, size, err := s.blobs.Open(ctx, blob.Ref(m.Ref))
	if err != nil {
		return p, 0, err
	}
	defer f.Close()
	var file bytes.Buffer
	if _, err := io.Copy(&file, f); err != nil {
		return p, 0, err
	}
	p, err = picture.Decode(&file)
	return p, size, err
}

// alone waits until no other picture is open. The caller calls done.
func (s *Service) alone(ctx context.Context) (done func(), err error) {
	select {
	case s.busy <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	rest := frugal.Begin(frugal.Pictures)
	return func() { rest(); <-s.busy }, nil
}
