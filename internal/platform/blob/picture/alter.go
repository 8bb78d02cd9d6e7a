package picture

import "image"

// Turn returns img turned clockwise by 0, 90, 180 or 270 degrees.
func Turn(img *image.RGBA, degrees int) *image.RGBA {
	return map[int]orientation{0: upright, 90: 6, 180: 3, 270: 8}[degrees].apply(img)
}

// Crop returns a part of img, which starts at 0,0 and shares nothing with it.
func Crop(img *image.RGBA, part image.Rectangle) *image.RGBA { return plain(img, part) }
