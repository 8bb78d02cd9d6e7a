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
	quality    = 82   // of JPEG: above it bytes grow faster than eyes see
	fewColours = 4096 // a drawing with soft edges has fewer, a photograph more
)

// Encode writes img in the format that suits it and returns the content type: PNG for what has transparent parts and
// few colours (a logo) or at most 256 colours (a chart), JPEG for everything else.
func Encode(w io.Writer, img *image.RGBA) (contentType string, err error) {
	colours, alpha := count(img)
	if alpha && colours <= fewColours || colours <= 256 {
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

// count returns how many colours img has, as far as fewColours+1, and whether any part is transparent.
func count(img *image.RGBA) (colours int, alpha bool) {
	seen := make(map[color.RGBA]struct{}, fewColours+1)
	alpha = !img.Opaque()
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y && len(seen) <= fewColours; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			c := img.RGBAAt(x, y)
			if c.A != 0 && c.A != 255 { // a soft edge is the colour it is the edge of
				n := color.NRGBAModel.Convert(c).(color.NRGBA)
				c = color.RGBA{R: n.R &^ 7, G: n.G &^ 7, B: n.B &^ 7, A: 1}
			}
			seen[c] = struct{}{}
		}
	}
	return len(seen), alpha
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
