package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"causerie/internal/platform/blob/picture"
)

// flag is a picture w by h: red left above, green right above, blue left below, yellow right below.
func flag(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y >= h/2:
				c = color.RGBA{255, 255, 0, 255}
			case x >= w/2:
				c = color.RGBA{0, 255, 0, 255}
			case y >= h/2:
				c = color.RGBA{0, 0, 255, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// corners names the colours of the four corners, in reading order.
func corners(img image.Image) string {
	b := img.Bounds()
	var out string
	for _, p := range []image.Point{{2, 2}, {b.Dx() - 3, 2}, {2, b.Dy() - 3}, {b.Dx() - 3, b.Dy() - 3}} {
		r, g, bl, _ := img.At(b.Min.X+p.X, b.Min.Y+p.Y).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000:
			out += "Y"
		case r > 0x8000:
			out += "R"
		case g > 0x8000:
			out += "G"
		case bl > 0x8000:
			out += "B"
		default:
			out += "?"
		}
	}
	return out
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif puts an Exif segment with an orientation and a place of birth after the start of a jpeg.
func withExif(raw []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := []byte("MM")
	if order.String() == "LittleEndian" {
		tiff = []byte("II")
	}
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, e := range [][3]uint32{{0x010f, 2, 0x20}, {0x0112, 3, 0}} {
		tiff = order.AppendUint16(tiff, uint16(e[0]))
		tiff = order.AppendUint16(tiff, uint16(e[1]))
		tiff = order.AppendUint32(tiff, 1)
		if e[0] == 0x0112 {
			tiff = order.AppendUint16(tiff, orientation)
			tiff = order.AppendUint16(tiff, 0)
		} else {
			tiff = order.AppendUint32(tiff, e[2])
		}
	}
	tiff = append(tiff, "GPS 48.8584N 2.2945E"...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, raw[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), raw[2:]...)
}

func TestPhotographIsTurnedAsTheCameraWasHeld(t *testing.T) {
	t.Parallel()
	// What the corners of the stored picture RG/BY become, for each orientation (Exif 2.32, 4.6.5).
	want := []string{0: "RGBY", 1: "RGBY", 2: "GRYB", 3: "YBGR", 4: "BYRG", 5: "RBGY", 6: "BRYG", 7: "YGBR", 8: "GYRB", 9: "RGBY"}
	raw := jpegOf(t, flag(64, 32))
	for o, corner := range want {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			p, err := picture.Decode(bytes.NewReader(withExif(raw, order, uint16(o))))
			if err != nil {
				t.Fatal(err)
			}
			size := image.Pt(64, 32)
			if o >= 5 && o <= 8 {
				size = image.Pt(32, 64)
			}
			if got := corners(p.Image); got != corner || p.Image.Rect.Size() != size || p.Width != size.X || p.Height != size.Y {
				t.Errorf("orientation %d: %s, %v; want %s, %v", o, got, p.Image.Rect, corner, size)
			}
		}
	}
}

func TestNothingButPixelsLeaves(t *testing.T) {
	t.Parallel()
	raw := append(withExif(jpegOf(t, flag(600, 400)), binary.LittleEndian, 1), "<?php hidden ?>"...)
	p, err := picture.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := picture.EncodeJPEG(&out, picture.Resize(p.Image, picture.Small)); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Exif", "GPS", "hidden"} {
		if !bytes.Contains(raw, []byte(secret)) || bytes.Contains(out.Bytes(), []byte(secret)) {
			t.Errorf("%s is still there", secret)
		}
	}
}

// webp is a lossless 1 by 1 picture.
const webp = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestFormatsAreToldByTheirBytes(t *testing.T) {
	t.Parallel()
	var g bytes.Buffer
	if err := gif.Encode(&g, flag(40, 30), nil); err != nil {
		t.Fatal(err)
	}
	w, err := base64.StdEncoding.DecodeString(webp)
	if err != nil {
		t.Fatal(err)
	}
	for want, raw := range map[string][]byte{"jpeg": jpegOf(t, flag(40, 30)), "png": pngOf(t, flag(40, 30)), "gif": g.Bytes(), "webp": w} {
		p, err := picture.Decode(bytes.NewReader(raw))
		if err != nil || p.Format != want {
			t.Errorf("%s: %q, %v", want, p.Format, err)
			continue
		}
		if want != "webp" && corners(p.Image) != "RGBY" {
			t.Errorf("%s: %s", want, corners(p.Image))
		}
		if _, err := picture.Decode(bytes.NewReader(raw[:len(raw)/2])); !errors.Is(err, picture.ErrDamaged) {
			t.Errorf("half a %s: %v", want, err)
		}
	}
	for _, other := range []string{"", "<svg xmlns='http://www.w3.org/2000/svg'/>", "%PDF-1.7", "BM\x00", "II*\x00", "RIFF\x00\x00\x00\x00AVI "} {
		if _, err := picture.Decode(strings.NewReader(other)); !errors.Is(err, picture.ErrFormat) {
			t.Errorf("%q: %v", other, err)
		}
	}
}

// declare returns a png of a few bytes that says it is w by h, with this many bits a sample.
func declare(w, h uint32, depth, kind byte) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	head = binary.BigEndian.AppendUint32(head, h)
	head = append(head, depth, kind, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestDeclaredSizeIsJudgedBeforeDecoding(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		w, h        uint32
		depth, kind byte
		want        error
	}{
		{100_000, 100_000, 8, 6, picture.ErrTooLarge},
		{9000, 9000, 8, 2, picture.ErrTooLarge},
		{8000, 8000, 16, 6, picture.ErrTooLarge}, // few enough pixels, too much memory
		{1 << 30, 1, 1, 0, picture.ErrTooLarge},
		{1, 50_000_000, 8, 2, picture.ErrTooLarge},
		{8000, 6200, 8, 2, picture.ErrTooLarge},  // as many as a JPEG may have, but four bytes each
		{8000, 6200, 8, 0, picture.ErrDamaged},   // grey: allowed, and there is nothing in it
		{5000, 5000, 16, 6, picture.ErrTooLarge}, // eight bytes each
		{6400, 6300, 8, 2, picture.ErrDamaged},   // allowed, and there is nothing in it
		{0, 5, 8, 6, picture.ErrDamaged},
	} {
		if _, err := picture.Decode(bytes.NewReader(declare(tt.w, tt.h, tt.depth, tt.kind))); !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	endless := bytes.NewReader(append(pngOf(t, flag(10, 10)), make([]byte, picture.MaxBytes)...))
	if _, err := picture.Decode(endless); !errors.Is(err, picture.ErrTooLarge) {
		t.Errorf("41 MB: %v", err)
	}
}

func TestLargePictureBecomesAWorkingCopy(t *testing.T) {
	t.Parallel()
	p, err := picture.Decode(bytes.NewReader(withExif(jpegOf(t, flag(3300, 300)), binary.BigEndian, 6)))
	if err != nil {
		t.Fatal(err)
	}
	if p.Width != 300 || p.Height != 3300 || p.Image.Rect.Size() != image.Pt(300, 3300) || corners(p.Image) != "BRYG" {
		t.Errorf("%d x %d, %v, %s", p.Width, p.Height, p.Image.Rect, corners(p.Image))
	}
	for _, tt := range []struct{ w, h, wantW, wantH int }{{4000, 30, 2000, 15}, {3199, 20, 3199, 20}, {20, 3300, 20, 3300}, {9001, 10, 2251, 3}, {2000, 9000, 1000, 4500}} {
		p, err := picture.Decode(bytes.NewReader(pngOf(t, image.NewGray(image.Rect(0, 0, tt.w, tt.h)))))
		if err != nil || p.Width != tt.w || p.Image.Rect != image.Rect(0, 0, tt.wantW, tt.wantH) {
			t.Errorf("%+v: %v, %v", tt, p.Image.Rect, err)
		}
	}
}

func TestResizeKeepsProportionsAndNeverEnlarges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ w, h, width, wantW, wantH int }{
		{1500, 1000, 480, 480, 320}, {1000, 1, 480, 480, 1}, {400, 300, 480, 400, 300}, {480, 300, 480, 480, 300}, {1601, 60, 1600, 1600, 60},
		{10, 3000, 5, 5, 1500}, {300, 300, 299, 299, 299}, {50, 50, 0, 50, 50}, {3840, 7, 1, 1, 1},
	} {
		got := picture.Resize(flag(tt.w, tt.h), tt.width)
		if got.Rect != image.Rect(0, 0, tt.wantW, tt.wantH) {
			t.Errorf("%+v: %v", tt, got.Rect)
		}
		if tt.wantW > 10 && tt.wantH > 10 && corners(got) != "RGBY" {
			t.Errorf("%+v: %s", tt, corners(got))
		}
	}
	part := flag(100, 100).SubImage(image.Rect(50, 0, 100, 50)) // its origin is not 0,0
	if got := corners(picture.Resize(part, 20)); got != "GGGG" {
		t.Errorf("a part: %s", got)
	}
}

func TestPortraitIsTheMiddleOrTheUpperPart(t *testing.T) {
	t.Parallel()
	wide := picture.Square(flag(300, 100), picture.Portrait)
	if wide.Rect.Size() != image.Pt(96, 96) || corners(wide) != "RGBY" {
		t.Errorf("%v %s", wide.Rect, corners(wide))
	}
	high := picture.Square(flag(200, 800), picture.Portrait)
	if corners(high) != "RGRG" {
		t.Errorf("a high picture gives %s", corners(high))
	}
	if small := picture.Square(flag(50, 60), picture.PortraitBig); small.Rect.Size() != image.Pt(50, 50) {
		t.Errorf("%v", small.Rect)
	}
}

func TestEncodeChoosesTheFormatThatSuits(t *testing.T) {
	t.Parallel()
	photo, veiled, logo := flag(200, 200), flag(200, 200), flag(200, 200)
	for y := range 200 {
		for x := range 200 {
			c := color.RGBA{uint8(x), uint8(y), uint8(x * y), 255}
			photo.SetRGBA(x, y, c)
			veiled.SetRGBA(x, y, c)
			if x < 10 {
				veiled.SetRGBA(x, y, color.RGBA{})
				logo.SetRGBA(x, y, color.RGBA{uint8(y) / 2, 0, 0, uint8(y)})
			}
		}
	}
	for name, tt := range map[string]struct {
		img  *image.RGBA
		want string
	}{"chart": {flag(200, 200), "image/png"}, "photo": {photo, "image/jpeg"}, "photo cut out": {veiled, "image/png"}, "logo": {logo, "image/png"}} {
		var out bytes.Buffer
		got, err := picture.Encode(&out, tt.img)
		if err != nil || got != tt.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
		back, err := picture.Decode(&out)
		if err != nil || back.Width != 200 {
			t.Errorf("%s does not come back: %v", name, err)
		}
		if c := back.Image.RGBAAt(2, 2); name == "photo cut out" && c.A != 0 {
			t.Errorf("what was transparent is %v", c)
		}
	}
	var out bytes.Buffer
	if err := picture.EncodeJPEG(&out, veiled); err != nil {
		t.Fatal(err)
	}
	if back, err := picture.Decode(&out); err != nil || back.Image.RGBAAt(2, 2).G < 240 {
		t.Errorf("where nothing is transparent, it is not white: %v", err)
	}
}

func TestColourIsTheAverageOfWhatIsSeen(t *testing.T) {
	t.Parallel()
	half := image.NewRGBA(image.Rect(0, 0, 100, 100))
	for i := range 100 * 50 {
		half.SetRGBA(i%100, i/100, color.RGBA{10, 20, 30, 255})
	}
	for want, img := range map[string]image.Image{"#7f7f3f": flag(256, 256), "#0a141e": half, "#ffffff": image.NewRGBA(image.Rect(0, 0, 9, 9))} {
		if got := picture.Colour(img); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWidthsNeverEnlarge(t *testing.T) {
	t.Parallel()
	for in, want := range map[int][]int{100: {100}, 480: {480}, 1000: {480, 960}, 1600: {480, 960, 1600}, 9000: {480, 960, 1600}} {
		if diff := cmp.Diff(want, picture.Widths(in)); diff != "" {
			t.Error(diff)
		}
	}
}

func FuzzDecode(f *testing.F) {
	raw := jpegOf(f, flag(20, 10))
	f.Add(raw)
	f.Add(pngOf(f, flag(20, 10)))
	for o := range 9 {
		f.Add(withExif(raw, binary.LittleEndian, uint16(o)))
	}
	f.Add(declare(30000, 30000, 8, 6))
	var g bytes.Buffer
	if err := gif.Encode(&g, flag(9, 9), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(g.Bytes())
	w, _ := base64.StdEncoding.DecodeString(webp)
	f.Add(w)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil && config.Width*config.Height > 1<<20 {
			t.Skip("too slow for a fuzzer")
		}
		p, err := picture.Decode(bytes.NewReader(raw))
		if err != nil {
			if !errors.Is(err, picture.ErrDamaged) && !errors.Is(err, picture.ErrFormat) && !errors.Is(err, picture.ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		if p.Width < 1 || p.Height < 1 || p.Image.Rect.Empty() || len(picture.Colour(p.Image)) != 7 {
			t.Fatal(fmt.Sprint(p.Width, p.Height, p.Image.Rect))
		}
	})
}

func TestEveryScanOfAJPEGIsPaidFor(t *testing.T) {
	t.Parallel()
	raw := jpegOf(t, flag(4000, 3000))
	if _, err := picture.Decode(bytes.NewReader(raw)); err != nil {
		t.Fatalf("12 megapixels: %v", err)
	}
	scan := []byte("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00")
	if _, err := picture.Decode(bytes.NewReader(slices.Concat(raw[:len(raw)-2], bytes.Repeat(scan, 100)))); !errors.Is(err, picture.ErrTooLarge) {
		t.Errorf("a hundred scans: %v", err)
	}
	// A stray byte before the frame hides nothing: 49 megapixels, progressive.
	frame := "\xff\xc2\x00\x11\x08\x1b\x58\x1b\x58\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
	if _, err := picture.Decode(strings.NewReader("\xff\xd8\xff\xfe\x00\x02\x00" + frame + string(scan))); !errors.Is(err, picture.ErrTooLarge) {
		t.Errorf("a stray byte: %v", err)
	}
}

// What comes out is no heavier than what came: a cut-out of few colours has a palette, a JPEG of low quality stays one.
func TestNothingComesOutHeavierThanItCame(t *testing.T) {
	t.Parallel()
	disc := image.NewRGBA(image.Rect(0, 0, 300, 300))
	noise := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for y := range 300 {
		for x := range 300 {
			if d := (x-150)*(x-150) + (y-150)*(y-150); d < 130*130 {
				disc.SetRGBA(x, y, color.RGBA{200, 0, 0, 255})
			} else if d < 132*132 {
				disc.SetRGBA(x, y, color.RGBA{100, 0, 0, 128})
			}
		}
	}
	for i := range noise.Pix {
		if noise.Pix[i] = uint8(i*i>>5 ^ i*7); i%4 == 3 {
			noise.Pix[i] = 255
		}
	}
	var out bytes.Buffer
	mime, err := picture.Encode(&out, disc)
	if was := pngOf(t, disc); err != nil || mime != "image/png" || out.Len() >= len(was) {
		t.Errorf("%s of %d bytes, %v; a plain one has %d", mime, out.Len(), err, len(was))
	}
	back, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []image.Point{{0, 0}, {150, 150}, {150, 19}} {
		if got, want := color.RGBAModel.Convert(back.At(at.X, at.Y)), disc.RGBAAt(at.X, at.Y); got != want {
			t.Errorf("at %v it is %v, it was %v", at, got, want)
		}
	}
	for _, q := range []int{95, 75, 62} {
		var came bytes.Buffer
		if err := jpeg.Encode(&came, noise, &jpeg.Options{Quality: q}); err != nil {
			t.Fatal(err)
		}
		p, err := picture.Decode(bytes.NewReader(came.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := picture.EncodeJPEGWithin(p.Image, int64(came.Len())); err != nil || len(b) > came.Len() {
			t.Errorf("quality %d: %d bytes came, %d leave, %v", q, came.Len(), len(b), err)
		}
	}
}
