package picture

import (
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
	if !img.Opaque() || few(img) {
		if err := png.Encode(w, img); err != nil {
			return "", fmt.Errorf("picture: encode: %w", err)
		}
		return "image/png", nil
	}
	return "image/jpeg", EncodeJPEG(w, img)
}

// EncodeJPEG writes img as JPEG at quality 82. What is transparent becomes white.
func EncodeJPEG(w io.Writer, img *image.RGBA) error {
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

// few reports whether img has no more colours than fewColours.
func few(img *image.RGBA) bool {
	seen := make(map[color.RGBA]struct{}, fewColours+1)
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y && len(seen) <= fewColours; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			seen[img.RGBAAt(x, y)] = struct{}{}
		}
	}
	return len(seen) <= fewColours
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
