package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"slices"
	"testing"
)

func animation(t testing.TB, frames, w, h int) []byte {
	t.Helper()
	g := &gif.GIF{LoopCount: 3, Config: image.Config{Width: w, Height: h}}
	colours := color.Palette{color.White, color.Black, color.RGBA{200, 0, 0, 255}}
	for i := range frames {
		img := image.NewPaletted(image.Rect(0, 0, w, h), colours)
		for k := range img.Pix {
			img.Pix[k] = uint8((k + i) % 3)
		}
		g.Image, g.Delay, g.Disposal = append(g.Image, img), append(g.Delay, 7*(i%2)), append(g.Disposal, gif.DisposalBackground)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnAnimationGoesOnMovingAndLosesTheRest(t *testing.T) {
	t.Parallel()
	raw := animation(t, 5, 60, 40)
	comment := []byte("\x21\xfe\x0548.39\x00")
	raw = slices.Concat(raw[:len(raw)-1], comment, raw[len(raw)-1:])
	p, err := Decode(bytes.NewReader(raw))
	if err != nil || p.Moving == nil || bytes.Contains(p.Moving, []byte("48.39")) || p.Image.Rect.Dx() != 60 {
		t.Fatalf("%v, %d bytes", err, len(p.Moving))
	}
	was, _ := gif.DecodeAll(bytes.NewReader(raw))
	now, err := gif.DecodeAll(bytes.NewReader(p.Moving))
	if err != nil || len(now.Image) != 5 || now.LoopCount != 3 || !slices.Equal(now.Delay, []int{2, 7, 2, 7, 2}) || !slices.Equal(now.Disposal, was.Disposal) {
		t.Fatalf("%v, %d frames, %v, %v", err, len(now.Image), now.Delay, now.Disposal)
	}
	for i := range now.Image {
		if now.Image[i].At(3, 3) != was.Image[i].At(3, 3) {
			t.Errorf("frame %d is another", i)
		}
	}
	for name, raw := range map[string][]byte{
		"one frame": animation(t, 1, 60, 40), "too many": animation(t, maxFrames+1, 1, 1), "too wide": animation(t, 2, widestGIF+1, 1),
	} {
		if p, err := Decode(bytes.NewReader(raw)); err != nil || p.Moving != nil {
			t.Errorf("%s: %v, %d bytes", name, err, len(p.Moving))
		}
	}
}

// Frames are counted before any is unpacked: a file of some kilobytes may declare thousands that are large.
func TestAnAnimationOfMillionsOfPixelsStandsStill(t *testing.T) {
	t.Parallel()
	raw := animation(t, 2, 8, 8)
	first := bytes.IndexByte(raw[13+3*4:], 0x2c) + 13 + 3*4
	huge := slices.Clone(raw)
	copy(huge[6:], []byte{0x00, 0x20, 0x00, 0x20}) // a screen of 8,192 squared
	second := bytes.LastIndexByte(huge, 0x2c)
	for _, at := range []int{first, second} {
		copy(huge[at+5:], []byte{0x00, 0x20, 0x00, 0x20})
	}
	if frames, pixels := countFrames(huge); frames != 2 || pixels != 2*8192*8192 {
		t.Fatalf("%d frames of %d pixels", frames, pixels)
	}
	if out, err := moving(huge); out != nil || err != nil {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

func FuzzCountFrames(f *testing.F) {
	f.Add(animation(f, 3, 4, 4))
	f.Add([]byte("GIF89a\xff\xff\xff\xff\xff\x00\x00\x21\xf9\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		frames, pixels := countFrames(raw)
		if frames < 0 || pixels < 0 || int64(frames)*65535*65535 < pixels {
			t.Fatalf("%d frames, %d pixels", frames, pixels)
		}
		if g, err := gif.DecodeAll(bytes.NewReader(raw[:min(len(raw), 4096)])); err == nil && pixels < 1<<20 && len(raw) <= 4096 && len(g.Image) > frames {
			t.Fatalf("the decoder finds %d frames, not %d", len(g.Image), frames)
		}
	})
}
