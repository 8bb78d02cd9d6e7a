package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
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
		if p, err := Decode(bytes.NewReader(raw)); err != nil || p.Moving != nil || p.Stilled != (name != "one frame") {
			t.Errorf("%s: %v, %d bytes, stilled: %v", name, err, len(p.Moving), p.Stilled)
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
	if out, stilled, err := moving(huge); out != nil || !stilled || err != nil {
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

func stillPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 10))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// movingPNGOf returns a PNG of two frames, with a comment in it.
func movingPNGOf(t testing.TB, side uint32) []byte {
	t.Helper()
	chunk := func(name string, body []byte) []byte {
		named := append([]byte(name), body...)
		return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(body))), named, binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(named)))
	}
	still := stillPNG(t)
	header, data := still[8:33], still[33:len(still)-12]
	frame := func(n uint32) []byte {
		b := binary.BigEndian.AppendUint32(nil, n)
		for _, v := range []uint32{side, 10, 0, 0} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
		return chunk("fcTL", append(b, 0, 1, 0, 5, 0, 0))
	}
	return slices.Concat(still[:8], header, chunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0}), chunk("tEXt", []byte("where\x0048.39")), frame(0), data,
		frame(1), chunk("fdAT", append([]byte{0, 0, 0, 2}, data[8:len(data)-4]...)), still[len(still)-12:])
}

func TestAPNGThatMovesGoesOnMoving(t *testing.T) {
	t.Parallel()
	p, err := Decode(bytes.NewReader(movingPNGOf(t, 20)))
	if err != nil || bytes.Count(p.Moving, []byte("fcTL")) != 2 || bytes.Contains(p.Moving, []byte("48.39")) || p.Image.Rect.Dx() != 20 {
		t.Fatalf("%v, %q", err, p.Moving)
	}
	if again, err := Decode(bytes.NewReader(p.Moving)); err != nil || !bytes.Equal(again.Moving, p.Moving) {
		t.Errorf("what was kept is not read: %v", err)
	}
	for name, raw := range map[string][]byte{"still": stillPNG(t), "huge frames": movingPNGOf(t, 1<<31)} {
		if p, err := Decode(bytes.NewReader(raw)); err != nil || p.Moving != nil {
			t.Errorf("%s: %v, %d bytes", name, err, len(p.Moving))
		}
	}
}

func FuzzMovingPNG(f *testing.F) {
	f.Add(movingPNGOf(f, 20))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, ok := sniff(raw); !ok || raw[0] != 0x89 || len(raw) < 33 {
			return
		}
		if out, _ := movingPNG(raw); len(out) > len(raw) {
			t.Fatalf("%d bytes of %d", len(out), len(raw))
		}
	})
}
