package picture

import (
	"image"
	"image/color"
	"testing"
)

func TestWhatIsFilledHasItsShapeAndHoldsItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size, want image.Point // of the picture, and of what comes of it
		x, y       int
	}{
		{image.Pt(1600, 1200), image.Pt(1200, 630), 50, 50}, {image.Pt(1600, 1200), image.Pt(1200, 630), 100, 100}, {image.Pt(1600, 640), image.Pt(1200, 630), 0, 0},
		{image.Pt(600, 400), image.Pt(600, 315), 0, 100}, {image.Pt(300, 1000), image.Pt(300, 157), 50, 100}, {image.Pt(1, 1), image.Pt(1, 1), 50, 50},
	} {
		img := image.NewRGBA(image.Rectangle{Max: c.size})
		at := image.Pt(min(c.size.X*c.x/100, c.size.X-1), min(c.size.Y*c.y/100, c.size.Y-1))
		for dy := -4; dy <= 4; dy++ {
			for dx := -4; dx <= 4; dx++ {
				img.SetRGBA(at.X+dx, at.Y+dy, color.RGBA{255, 0, 0, 255})
			}
		}
		got := Fill(img, 1200, 630, c.x, c.y)
		if got.Rect.Size() != c.want {
			t.Errorf("%v at %d, %d is %v, want %v", c.size, c.x, c.y, got.Rect.Size(), c.want)
		}
		red := false
		for i := 0; i < len(got.Pix); i += 4 {
			red = red || got.Pix[i] > 128
		}
		if !red {
			t.Errorf("%v: what stands at %d, %d is not in it", c.size, c.x, c.y)
		}
	}
}

func TestAPictureIsTurnedByQuarters(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 3, 2))
	img.SetRGBA(0, 0, color.RGBA{255, 0, 0, 255})
	for degrees, at := range map[int]image.Point{0: {0, 0}, 90: {1, 0}, 180: {2, 1}, 270: {0, 2}} {
		if got := Turn(img, degrees); got.RGBAAt(at.X, at.Y).R != 255 {
			t.Errorf("by %d degrees the corner is not at %v", degrees, at)
		}
	}
}
