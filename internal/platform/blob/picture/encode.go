package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
)

const (
	quality    = 82  // of JPEG: above it bytes grow faster than eyes see
	fewColours = 256 // as a palette holds; a photograph has more
)

// Encode writes img in the format that suits it and returns the content type: PNG for what has transparent parts (a logo, a
// photograph that was cut out) or few colours (a chart), JPEG for everything else.
func Encode(w io.Writer, img *image.RGBA) (contentType string, err error) {
	colours, isFew := palette(img)
	switch {
	case isFew:
		err = smallest.Encode(w, paletted(img, colours))
	case !img.Opaque():
		err = png.Encode(w, img)
	default:
		return "image/jpeg", EncodeJPEG(w, img)
	}
	if err != nil {
		return "", fmt.Errorf("picture: encode: %w", err)
	}
	return "image/png", nil
}

// smallest takes its time, over a byte a pixel.
var smallest = png.Encoder{CompressionLevel: png.BestCompression}

// EncodeJPEG writes img as JPEG at quality 82. What is transparent becomes white.
func EncodeJPEG(w io.Writer, img *image.RGBA) error { return encodeJPEG(w, img, quality) }

// EncodeJPEGWithin returns img as JPEG at quality 82, or less where that would be heavier than limit bytes, those of the JPEG that it
// came from: what that one left out is not made again. Below 60 it is written all the same.
func EncodeJPEGWithin(img *image.RGBA, limit int64) ([]byte, error) {
	const least, step = 60, 11
	var b bytes.Buffer
	for q := quality; ; q -= step {
		b.Reset()
		if err := encodeJPEG(&b, img, q); err != nil || int64(b.Len()) <= limit || q-step < least {
			return b.Bytes(), err
		}
	}
}

func encodeJPEG(w io.Writer, img *image.RGBA, quality int) error {
	if !img.Opaque() {
		page := image.NewRGBA(img.Rect)
		draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(page, page.Rect, img, img.Rect.Min, draw.Over)
		img = page
	}
	if err := jpeg.Encode(w, img, &jpeg.Options{Quality: quality}); err != nil {
		return fmt.Errorf("picture: encode: %w", err)
	}
	return nil
}

// palette returns the colours of img, when it has no more than fewColours.
func palette(img *image.RGBA) (map[color.RGBA]uint8, bool) {
	seen := make(map[color.RGBA]uint8, fewColours+1)
	var last color.RGBA
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			c := img.RGBAAt(x, y)
			if c == last && len(seen) > 0 {
				continue
			}
			last = c
			if _, ok := seen[c]; ok {
				continue
			}
			if len(seen) == fewColours {
				return nil, false
			}
			seen[c] = uint8(len(seen))
		}
	}
	return seen, true
}

// paletted returns img with a byte for each pixel.
func paletted(img *image.RGBA, colours map[color.RGBA]uint8) *image.Paletted {
	p := make(color.Palette, len(colours))
	for c, i := range colours {
		p[i] = c
	}
	out := image.NewPaletted(img.Rect, p)
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			out.SetColorIndex(x, y, colours[img.RGBAAt(x, y)])
		}
	}
	return out
}

// Colour returns the average colour of img as "#rrggbb", to fill its place until it is there. Transparent parts do
// not count; when all is transparent it is white.
func Colour(img image.Image) string {
	b := img.Bounds()
	var red, green, blue, weight uint64
	stepX, stepY := max(b.Dx()/64, 1), max(b.Dy()/64, 1)
	for y := b.Min.Y; y < b.Max.Y; y += stepY {
		for x := b.Min.X; x < b.Max.X; x += stepX {
			r, g, bl, a := img.At(x, y).RGBA() // premultiplied: already weighted
			red, green, blue, weight = red+uint64(r), green+uint64(g), blue+uint64(bl), weight+uint64(a)
		}
	}
	if weight == 0 {
		return "#ffffff"
	}
	return fmt.Sprintf("#%02x%02x%02x", red*255/weight, green*255/weight, blue*255/weight)
}
