package media

import (
	"context"
	"image"
	"slices"
	"strconv"

	"causerie/internal/fact"
	"causerie/internal/platform/blob/picture"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/queue"
)

// A picture is there as soon as it was looked through and its largest width is kept; a job makes the smaller ones of it, and the square.
// Until it has, who asks for one of them is given the next larger (fallback).

const sizesJob = "media.sizes"

// sizes is the body of the job.
type sizes struct {
	Media fact.MediaID `json:"media"`
}

var (
	qCropped = db.Q("media.cropped", `
		INSERT INTO media_gone (media_id, ref)
		SELECT DISTINCT media_id, ref FROM media_variants WHERE media_id = $1 AND variant IN ('square', 'share')
		    ON CONFLICT (media_id, ref) DO NOTHING`)
	qUncrop = db.Q("media.uncrop", `DELETE FROM media_variants WHERE media_id = $1 AND variant IN ('square', 'share')`)
)

// recropIn has what is cropped of a picture made anew.
func (s *Service) recropIn(tx *db.Tx, m Media) error {
	if s.queue == nil || !m.IsPicture() {
		return nil
	}
	for _, q := range []db.Query{qCropped, qUncrop} {
		if _, err := db.Exec(tx, q, m.ID); err != nil {
			return err
		}
	}
	return s.oweSizes(tx, m)
}

// oweSizes puts the job for a picture, where jobs make the widths.
func (s *Service) oweSizes(tx *db.Tx, m Media) error {
	if s.queue == nil || !m.IsPicture() {
		return nil
	}
	_, err := s.queue.Enqueue(tx, sizesJob, sizes{m.ID}, queue.Put{})
	return err
}

// makeSizes makes what a picture has not yet of its widths.
func (s *Service) makeSizes(ctx context.Context, id fact.MediaID) error {
	var m Media
	var have []variant
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if m, err = ByID(tx, id); err != nil {
			return err
		}
		have, err = db.All(tx, qOf, scanVariant, id)
		return err
	})
	if fault.Is(err, fault.KindNotFound) { // deleted meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	made, err := s.missing(ctx, m, have)
	if err != nil || len(made) == 0 {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now, found, err := db.Maybe(tx, qByID, scan, id)
		if err != nil || !found || now.Ref != m.Ref { // another file took its place, with a job of its own
			return err
		}
		there, err := db.All(tx, qOf, scanVariant, id)
		if err != nil {
			return err
		}
		made := slices.DeleteFunc(slices.Clone(made), func(v variant) bool { return hasVariant(there, v.name) })
		if err := s.stay(ctx, tx, made); err != nil {
			return err
		}
		return insertVariants(tx, id, made)
	})
	if err != nil {
		return err
	}
	return s.removeBlobs(ctx, id) // of what was cropped otherwise before
}

// missing makes the widths that are not among have.
func (s *Service) missing(ctx context.Context, m Media, have []variant) (made []variant, err error) {
	var names []string
	for _, w := range widthsOf(m.Width) {
		names = append(names, strconv.Itoa(w))
	}
	names = append(names, Square)
	if hasShare(m) {
		names = append(names, Share)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return hasVariant(have, name) })
	if !m.IsPicture() || len(names) == 0 {
		return nil, nil
	}
	done, err := s.alone(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	p, size, err := s.reopen(ctx, m)
	if err != nil {
		return nil, err
	}
	if p.Moving != nil && !hasVariant(have, Square) {
		names = []string{Square}
	} else if p.Moving != nil {
		return nil, nil
	}
	for _, name := range names {
		v, err := s.keep(ctx, name, p.Format, variantOfImage(p.Image, m.Focus, name), size)
		if err != nil {
			return nil, err
		}
		made = append(made, v)
	}
	return made, nil
}

// hasShare reports whether a picture is large enough for the card of a link.
func hasShare(m Media) bool { return m.Width >= shareWide && m.Height >= shareHigh }

func hasVariant(all []variant, name string) bool {
	return slices.ContainsFunc(all, func(v variant) bool { return v.name == name })
}

// variantOfImage returns what one variant of a picture shows.
func variantOfImage(img *image.RGBA, f Focus, name string) *image.RGBA {
	switch {
	case name == Share && f.Said:
		return picture.Fill(img, shareWide, shareHigh, f.X, f.Y)
	case name == Share:
		return picture.Fill(img, shareWide, shareHigh, 50, 50)
	case name == Square && f.Said:
		return picture.Fill(img, squareSide, squareSide, f.X, f.Y)
	case name == Square:
		return picture.Square(img, squareSide)
	}
	width, err := strconv.Atoi(name)
	if err != nil {
		width = squareSide // no variant has another name
	}
	return picture.Resize(img, width)
}
