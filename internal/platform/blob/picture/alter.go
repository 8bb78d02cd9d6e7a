package picture

import "image"

// Turn returns img turned clockwise by 0, 90, 180 or 270 degrees.
func Turn(img *image.RGBA, degrees int) *image.RGBA {
	return map[int]orientation{0: upright, 90: 6, 180: 3, 270: 8}[degrees].apply(img)
}

// Crop returns a part of img, which starts at 0,0 and shares nothing with it.
func Crop(img *image.RGBA, part image.Rectangle) *image.RGBA { return plain(img, part) }

// Fill returns the largest part of img that has the shape of w by h and lies nearest to a place, in hundredths of its sides, at that size; or as it is
// where img is smaller.
func Fill(img *image.RGBA, w, h, x, y int) *image.RGBA {
	all := img.Rect.Size()
	cut := image.Pt(all.X, all.X*h/w)
	if cut.Y > all.Y {
		cut = image.Pt(all.Y*w/h, all.Y)
	}
	cut = image.Pt(max(cut.X, 1), max(cut.Y, 1))
	from := func(at, part, whole int) int { return min(max(whole*at/100-part/2, 0), whole-part) }
	part := image.Rectangle{Min: img.Rect.Min.Add(image.Pt(from(x, cut.X, all.X), from(y, cut.Y, all.Y)))}
	part.Max = part.Min.Add(cut)
	if cut.X <= w || cut.Y <= h {
		return plain(img, part)
	}
	return scale(img, part, w, h)
}
