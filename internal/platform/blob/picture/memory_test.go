package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"slices"
	"testing"
)

// What scaling holds besides its input and its result does not grow with the height of a picture.
func TestScalingHoldsAFewLines(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 1601, 4000))
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			resample(img, img.Rect, 1600, 3998)
		}
	})
	if extra := r.AllocedBytesPerOp() - 1600*3998*4; extra > 2<<20 {
		t.Errorf("%d MB besides the result", extra>>20)
	}
}

func TestAScaledPlaneStaysPlain(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 130, 90))
	for i := range img.Pix {
		img.Pix[i] = []uint8{90, 60, 30, 120}[i%4]
	}
	for _, size := range []image.Point{{129, 89}, {77, 50}, {70, 90}, {1, 1}, {66, 1}} {
		out := resample(img, image.Rect(3, 2, 127, 88), size.X, size.Y)
		for y := range size.Y {
			for x := range size.X {
				if c := out.RGBAAt(x, y); c != (color.RGBA{90, 60, 30, 120}) {
					t.Fatalf("%v: %v at %d, %d", size, c, x, y)
				}
			}
		}
	}
}

func TestAPNGOfMillionsOfChunksIsNotRead(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 25 // the mark and the first chunk
	empty := []byte("\x00\x00\x00\x00tEXt\x96\x42\xc5\x85")
	for n, want := range map[int]error{1: nil, maxChunks: ErrTooLarge, 1_000_000: ErrTooLarge} {
		raw := slices.Concat(b.Bytes()[:head], bytes.Repeat(empty, n), b.Bytes()[head:])
		if _, err := Decode(bytes.NewReader(raw)); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%d chunks: %v", n, err)
		}
	}
}
