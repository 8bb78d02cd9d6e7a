package picture

import (
	"image"

	"golang.org/x/image/draw"
)

// Resize returns img at this width in pixels and the height that goes with it, at least 1. It never enlarges: a
// smaller img, or a width below 1, gives it as it is. The result starts at 0,0 and shares nothing with img.
func Resize(img image.Image, width int) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if width < 1 || width >= w {
		return plain(img, img.Bounds())
	}
	height := max(int((int64(h)*int64(width)+int64(w)/2)/int64(w)), 1)
	return scale(img, img.Bounds(), width, height)
}

// Square returns the middle of img as a square of side pixels, or of as many as it has. Of a high picture it takes
// rather the upper part, where faces are.
func Square(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	edge := min(b.Dx(), b.Dy())
	at := image.Pt(b.Min.X+(b.Dx()-edge)/2, b.Min.Y+(b.Dy()-edge)/3)
	crop := image.Rectangle{Min: at, Max: at.Add(image.Pt(edge, edge))}
	if side < 1 || side >= edge {
		return plain(img, crop)
	}
	return scale(img, crop, side, side)
}

// work returns the working copy of a picture that will be shown as wide as img is, or as high where it lies: halved
// as long as twice the largest width that pages use remains, or as it holds too many pixels.
func work(img image.Image, lies bool) *image.RGBA {
	from := img.Bounds()
	for {
		width := from.Dx()
		if lies {
			width = from.Dy()
		}
		if width < 2*Large && from.Dx()*from.Dy() <= maxWork {
			break
		}
		img = halve(img, from, (from.Dx()+1)/2, (from.Dy()+1)/2)
		from = img.Bounds()
	}
	if done, ok := img.(*image.RGBA); ok && from.Min == (image.Point{}) {
		return done
	}
	return plain(img, from)
}

// halve reduces the part from of img to about half: then each new pixel is the mean of four.
func halve(img image.Image, from image.Rectangle, w, h int) *image.RGBA {
	half := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(half, half.Rect, img, from, draw.Src, nil)
	return half
}

// scale reduces the part from of img to w by h: halves it cheaply while far away, then once with care.
func scale(img image.Image, from image.Rectangle, w, h int) *image.RGBA {
	for from.Dx() >= 2*w && from.Dx() > 1 || from.Dy() >= 2*h && from.Dy() > 1 {
		halfW, halfH := from.Dx(), from.Dy()
		if halfW >= 2*w {
			halfW = (halfW + 1) / 2
		}
		if halfH >= 2*h {
			halfH = (halfH + 1) / 2
		}
		half := halve(img, from, halfW, halfH)
		img, from = half, half.Rect
	}
	whole, ok := img.(*image.RGBA)
	if !ok {
		whole = plain(img, from)
		from = whole.Rect
	}
	return resample(whole, from, w, h)
}

// plain copies the part from of img as it is.
func plain(img image.Image, from image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, from.Dx(), from.Dy()))
	draw.Draw(out, out.Rect, img, from.Min, draw.Src)
	return out
}
