package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Picture is an image that came in, upright.
type Picture struct {
	Image         *image.RGBA // the working copy: under 3200 pixels wide, at most 16 megapixels, origin 0,0
	Format        string      // of the file: "jpeg", "png", "gif" or "webp"
	Width, Height int         // of the file's picture, upright, in pixels
	Moving        []byte      // a GIF or PNG that moves, clean; nil for what stands still
	Stilled       bool        // the file moves, in more frames or pixels than go on moving
}

type format struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// sniff tells the format by its first bytes, whatever its name or declared type is.
func sniff(raw []byte) (format, bool) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		return format{"jpeg", jpeg.DecodeConfig, jpeg.Decode}, true
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return format{"png", png.DecodeConfig, png.Decode}, true
	case bytes.HasPrefix(raw, []byte("GIF87a")), bytes.HasPrefix(raw, []byte("GIF89a")):
		return format{"gif", gif.DecodeConfig, gif.Decode}, true // the first frame
	case len(raw) >= 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP":
		return format{"webp", webp.DecodeConfig, webp.Decode}, true
	}
	return format{}, false
}

// Sniff reports whether a file may be a picture that Decode reads, by its first twelve bytes.
func Sniff(head []byte) bool {
	_, ok := sniff(head)
	return ok
}

// Decode reads a picture of at most MaxBytes and MaxPixels. The error is ErrFormat, ErrTooLarge, ErrDamaged or what r
// says.
func Decode(r io.Reader) (Picture, error) {
	raw, err := bytesOf(r)
	if err != nil {
		return Picture{}, fmt.Errorf("picture: read: %w", err)
	}
	if len(raw) > MaxBytes {
		return Picture{}, ErrTooLarge
	}
	f, ok := sniff(raw)
	if !ok {
		return Picture{}, ErrFormat
	}
	if f.name == "png" && chunks(raw) > maxChunks {
		return Picture{}, ErrTooLarge
	}
	config, err := f.config(bytes.NewReader(raw))
	if err != nil {
		return Picture{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if config.Width < 1 || config.Height < 1 {
		return Picture{}, ErrDamaged
	}
	// Two factors below 2^32 cannot overflow 64 bits, and formats declare no more.
	pixels := int64(config.Width) * int64(config.Height)
	turn := upright
	weight := bitsPerPixel(config.ColorModel)
	scans := int64(1)
	switch f.name {
	case "jpeg":
		var extra int64
		turn, extra, scans = scanJPEG(raw)
		if extra > 0 { // and the samples themselves, a byte for each four
			weight = max(extra+extra/4+8, weight)
		}
	case "png":
		if len(raw) > 28 && raw[28] != 0 { // interlaced: each pass is a picture of its own, the last half as large
			weight += weight / 2
		}
	case "webp":
		weight, scans = max(weight, weightWebP), scansWebP
	}
	if pixels > MaxPixels || max(config.Width, config.Height) > maxSide || pixels*weight/8 > maxMemory || pixels*scans > maxScanned {
		return Picture{}, ErrTooLarge
	}
	img, err := f.decode(bytes.NewReader(raw))
	if err != nil {
		return Picture{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if img.Bounds().Empty() {
		return Picture{}, ErrDamaged
	}
	p := Picture{Format: f.name, Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	if turn.swaps() {
		p.Width, p.Height = p.Height, p.Width
	}
	p.Image = turn.apply(work(img, turn.swaps()))
	if f.name == "gif" {
		if p.Moving, p.Stilled, err = moving(raw); err != nil {
			return Picture{}, err
		}
	}
	if f.name == "png" {
		p.Moving, p.Stilled = movingPNG(raw)
	}
	if profile, ok := readProfile(profileOf(f.name, raw)); ok {
		profile.apply(p.Image)
	}
	return p, nil
}

// chunks counts those of a PNG: the decoder takes a microsecond and more for each, whatever is in it.
func chunks(raw []byte) (n int) {
	const head, tail = 8, 4 // length and name, checksum
	for at := len("\x89PNG\r\n\x1a\n"); at+head <= len(raw) && n <= maxChunks; n++ {
		at += head + int(binary.BigEndian.Uint32(raw[at:])) + tail
	}
	return n
}

// bytesOf reads r, or takes what a buffer holds: a copy of a large file is a large file.
func bytesOf(r io.Reader) ([]byte, error) {
	if b, ok := r.(*bytes.Buffer); ok {
		return b.Bytes(), nil
	}
	return io.ReadAll(io.LimitReader(r, MaxBytes+1))
}

// bitsPerPixel is what a picture takes while it is open: its own, and a byte for the working copy, which is a quarter of it.
func bitsPerPixel(m color.Model) int64 {
	if _, ok := m.(color.Palette); ok {
		return 8 + 8
	}
	switch m {
	case color.GrayModel:
		return 8 + 8
	case color.RGBA64Model, color.NRGBA64Model:
		return 8*8 + 8
	case color.CMYKModel:
		return 8*8 + 8 // decoded twice
	case color.YCbCrModel:
		return 3*8 + 8
	case color.Gray16Model:
		return 2*8 + 8
	}
	return 4*8 + 8
}
