package media

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"math"
	"slices"
	"strconv"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/blob/picture"
	"causerie/internal/platform/fault"
)

// take keeps the files that come of r and returns what is known of them, without name or id. kindOf tells what is no picture by its
// first bytes, "" for what is refused.
func (s *Service) take(ctx context.Context, r io.Reader, kindOf func(head []byte) string) (Media, []variant, error) {
	// One byte more than is allowed tells a file that is too large from one that just fits.
	b := bufio.NewReaderSize(io.LimitReader(r, MaxBytes+1), 4096)
	head, err := b.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return Media{}, nil, err
	}
	if len(head) == 0 {
		return Media{}, nil, fault.Invalid("file", "required")
	}
	if code := foreign(head); code != "" {
		return Media{}, nil, fault.Invalid("file", code)
	}
	if mime := kindOf(head); mime != "" {
		return s.takeDocument(ctx, b, mime)
	}
	if !picture.Sniff(head) {
		return Media{}, nil, fault.Invalid("file", "type")
	}
	return s.takePicture(ctx, b)
}

func (s *Service) takeDocument(ctx context.Context, r io.Reader, mime string) (Media, []variant, error) {
	counted := &counter{r: r}
	ref, err := s.blobs.Put(ctx, counted, MaxBytes)
	if errors.Is(err, blob.ErrTooLarge) {
		return Media{}, nil, fault.TooLarge(MaxBytes)
	}
	if err != nil {
		return Media{}, nil, err
	}
	m := Media{Ref: string(ref), Mime: mime, Bytes: counted.n}
	return m, []variant{{name: Original, ref: m.Ref, mime: m.Mime, bytes: m.Bytes}}, nil
}

func (s *Service) takePicture(ctx context.Context, r io.Reader) (Media, []variant, error) {
	done, err := s.alone(ctx) // before the file is read: those that wait are not in memory
	if err != nil {
		return Media{}, nil, err
	}
	defer done()
	var file bytes.Buffer
	if _, err := file.ReadFrom(r); err != nil {
		return Media{}, nil, err
	}
	if file.Len() > MaxBytes {
		return Media{}, nil, fault.TooLarge(MaxBytes)
	}
	size := int64(file.Len())
	p, err := picture.Decode(&file)
	switch {
	case errors.Is(err, picture.ErrTooLarge):
		return Media{}, nil, fault.Invalid("file", "too_many_pixels", picture.MaxPixels/1_000_000).Because(err)
	case errors.Is(err, picture.ErrDamaged):
		return Media{}, nil, fault.Invalid("file", "unreadable").Because(err)
	case err != nil:
		return Media{}, nil, fault.Invalid("file", "type").Because(err)
	}
	return s.write(ctx, p, size)
}

// write keeps a picture in its widths; where a job makes the others, in the largest alone. What comes out is no heavier than the file
// that came, of size bytes.
func (s *Service) write(ctx context.Context, p picture.Picture, size int64) (Media, []variant, error) {
	m := Media{Width: p.Width, Height: p.Height, Colour: picture.Colour(p.Image), Stilled: p.Stilled}
	var variants []variant
	if s.queue == nil || p.Moving != nil {
		square, err := s.keep(ctx, Square, p.Format, picture.Square(p.Image, squareSide), math.MaxInt64)
		if err != nil {
			return Media{}, nil, err
		}
		variants = append(variants, square)
	}
	if p.Moving != nil { // there is one of it, for every width
		ref, err := s.blobs.Put(ctx, bytes.NewReader(p.Moving), 4*MaxBytes)
		if err != nil {
			return Media{}, nil, err
		}
		m.Ref, m.Mime, m.Bytes = string(ref), "image/"+p.Format, int64(len(p.Moving))
		for _, w := range slices.Backward(widthsOf(p.Width)) {
			variants = append(variants, variant{name: strconv.Itoa(w), ref: m.Ref, mime: m.Mime, width: p.Width, height: p.Height, bytes: m.Bytes})
		}
		return m, variants, nil
	}
	for _, w := range slices.Backward(widthsOf(p.Width)) {
		v, err := s.keep(ctx, strconv.Itoa(w), p.Format, picture.Resize(p.Image, w), size)
		if err != nil {
			return Media{}, nil, err
		}
		variants = append(variants, v)
		if m.Ref == "" {
			m.Ref, m.Mime, m.Bytes = v.ref, v.mime, v.bytes
		}
		if s.queue != nil {
			return m, variants, nil
		}
	}
	if hasShare(m) {
		v, err := s.keep(ctx, Share, p.Format, variantOfImage(p.Image, m.Focus, Share), size)
		if err != nil {
			return Media{}, nil, err
		}
		variants = append(variants, v)
	}
	return m, variants, nil
}

// keep writes img anew and stores it as the variant of that name. What came as JPEG leaves as JPEG: a grey photograph has as few
// colours as a chart; and it is no heavier than the file that came, of limit bytes.
func (s *Service) keep(ctx context.Context, name, format string, img *image.RGBA, limit int64) (variant, error) {
	var b bytes.Buffer
	mime, err := "image/jpeg", error(nil)
	if format == "jpeg" {
		var written []byte
		written, err = picture.EncodeJPEGWithin(img, limit)
		b.Write(written)
	} else {
		mime, err = picture.Encode(&b, img)
	}
	if err != nil {
		return variant{}, err
	}
	size := img.Bounds().Size()
	v := variant{name: name, mime: mime, width: size.X, height: size.Y, bytes: int64(b.Len())}
	ref, err := s.blobs.Put(ctx, &b, 4*MaxBytes)
	v.ref = string(ref)
	return v, err
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

// Read reads and counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
