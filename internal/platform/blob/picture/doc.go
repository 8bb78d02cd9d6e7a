// Package picture makes of any uploaded image the few clean ones that a page needs.
//
// What comes in is hostile and private: a small file may declare a picture of a hundred gigabytes, and a telephone
// writes the place of somebody's home into each photograph. So Decode looks at the declared size before it decodes,
// by the formats it names and no other (jpeg, png, gif, webp), and gives back bare pixels, turned upright as the
// camera asked (Exif 2.32, tag Orientation). Everything else in the file (place, camera, comments, thumbnails, what
// hides after the end) is gone, since only pixels are written again: serve these and never the file that came. A colour profile goes
// too, once the pixels are brought from it to sRGB, which is what a browser takes a picture without profile for.
//
// The pixels of a Picture are a working copy, halved until it is less than 3200 wide, so whatever follows costs little.
// Decode itself may need up to 200 MB for the very largest: its caller decodes one at a time, under frugal.Begin.
//
// A GIF that moves goes on moving, within bounds: it is written anew with its frames and their times, in its one size. So does a PNG, of
// which the chunks of pixels, colours and times are kept as they came and no other. Of one that is larger the first frame is kept.
//
// Nothing is ever enlarged. A page offers the widths of Widths by srcset, portraits the squares of 96 and 192, and
// Colour fills the place while the picture travels.
package picture

import "errors"

// Bounds of what Decode takes.
const (
	MaxBytes  = 40 << 20   // of the file
	MaxPixels = 52_000_000 // as declared: the largest of telephones

	maxSide    = 20_000      // pixels: a panorama of a telephone has 16,384
	maxMemory  = 200 << 20   // bytes that decoding may need: 300 with the file, what was not collected and the rest of the program
	maxScanned = 800_000_000 // pixels, counted once for each scan of a JPEG: a progressive one has about ten
	maxChunks  = 100_000     // of a PNG: an animation has two or three for each of its frames

	// A WebP takes longer than others, however short it is.
	weightWebP = 8 * 8 // bits a pixel
	scansWebP  = 32
	maxWork    = 16_000_000 // pixels of the working copy
)

// Widths and squares that pages use, in pixels.
const (
	Small       = 480
	Medium      = 960
	Large       = 1600
	Portrait    = 96
	PortraitBig = 192
)

// Errors of Decode; test with errors.Is.
var (
	ErrFormat   = errors.New("picture: neither jpeg, png, gif nor webp")
	ErrTooLarge = errors.New("picture: too many bytes or pixels")
	ErrDamaged  = errors.New("picture: damaged")
)

// Widths returns the widths at which a picture whose working copy has this width is offered: those of Small, Medium and Large that do not
// enlarge it, or its own when it is smaller than all.
func Widths(width int) []int {
	if width < Small {
		return []int{width}
	}
	var out []int
	for _, w := range []int{Small, Medium, Large} {
		if w <= width {
			out = append(out, w)
		}
	}
	return out
}
