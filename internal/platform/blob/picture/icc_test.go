package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"testing"
)

// colorants are the columns of some spaces, under D50 (ICC.1, the published profiles of each).
var colorants = map[string][3][3]float64{
	"sRGB":       {{0.4361, 0.2225, 0.0139}, {0.3851, 0.7169, 0.0971}, {0.1431, 0.0606, 0.7141}},
	"Display P3": {{0.5151, 0.2412, -0.0011}, {0.2919, 0.6922, 0.0419}, {0.1572, 0.0666, 0.7841}},
	"Adobe RGB":  {{0.6097, 0.3111, 0.0195}, {0.2053, 0.6257, 0.0609}, {0.1492, 0.0632, 0.7446}},
}

func s15(v float64) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(int32(math.Round(v*65536))))
}

// makeProfile is a profile of three columns and one curve for all.
func makeProfile(columns [3][3]float64, curve []byte) []byte {
	tags, data := []byte{0, 0, 0, 6}, []byte{}
	const start = 128 + 4 + 6*12
	add := func(name string, content []byte) {
		tags = append(tags, name...)
		tags = binary.BigEndian.AppendUint32(tags, uint32(start+len(data)))
		tags = binary.BigEndian.AppendUint32(tags, uint32(len(content)))
		data = append(data, content...)
	}
	for i, c := range []string{"r", "g", "b"} {
		xyz := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range columns[i] {
			xyz = append(xyz, s15(v)...)
		}
		add(c+"XYZ", xyz)
		add(c+"TRC", curve)
	}
	head := make([]byte, 128)
	copy(head[16:], "RGB XYZ ")
	copy(head[36:], "acsp")
	return slices.Concat(head, tags, data)
}

func curv(values ...uint16) []byte {
	b := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), uint32(len(values)))
	for _, v := range values {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

func para(kind uint16, values ...float64) []byte {
	b := append(binary.BigEndian.AppendUint16([]byte("para\x00\x00\x00\x00"), kind), 0, 0)
	for _, v := range values {
		b = append(b, s15(v)...)
	}
	return b
}

// sRGBCurve is the curve of sRGB, which Display P3 has too.
var sRGBCurve = para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)

func plane(c color.RGBA) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = []uint8{c.R, c.G, c.B, c.A}[i%4]
	}
	return img
}

func jpegWith(t testing.TB, c color.RGBA, profile []byte, parts int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, plane(c), &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	var segs []byte
	for n := range parts { // the last first: they say their order
		i := parts - 1 - n
		part := profile[i*len(profile)/parts : (i+1)*len(profile)/parts]
		segs = append(segs, 0xff, 0xe2)
		segs = binary.BigEndian.AppendUint16(segs, uint16(2+14+len(part)))
		segs = append(append(append(segs, "ICC_PROFILE\x00"...), byte(i+1), byte(parts)), part...)
	}
	return slices.Concat(raw[:2], segs, raw[2:])
}

func pngWith(t testing.TB, c color.RGBA, profile []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, plane(c)); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(profile)
	z.Close()
	body := slices.Concat([]byte("iCCPx\x00\x00"), packed.Bytes())
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	const head = 8 + 25
	return slices.Concat(b.Bytes()[:head], chunk, b.Bytes()[head:])
}

func near(a, b color.RGBA, by int) bool {
	d := func(x, y uint8) bool { return int(x)-int(y) <= by && int(y)-int(x) <= by }
	return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B)
}

// A colour is the one that was seen where the picture was taken, whatever space its numbers are in.
func TestColoursAreBroughtToSRGB(t *testing.T) {
	t.Parallel()
	orange := color.RGBA{225, 90, 40, 255}
	table := make([]uint16, 1024)
	for i := range table {
		table[i] = uint16(math.Round(math.Pow(float64(i)/1023, 2.2) * 65535))
	}
	adobe := makeProfile(colorants["Adobe RGB"], curv(563)) // 563/256 is 2.19921875
	p3 := makeProfile(colorants["Display P3"], sRGBCurve)
	for name, c := range map[string]struct {
		raw  []byte
		want color.RGBA
	}{
		"no profile":                {jpegWith(t, orange, nil, 0), orange},
		"sRGB":                      {jpegWith(t, orange, makeProfile(colorants["sRGB"], sRGBCurve), 1), orange},
		"Display P3":                {jpegWith(t, color.RGBA{209, 98, 55, 255}, p3, 1), orange},
		"Display P3, in five parts": {jpegWith(t, color.RGBA{209, 98, 55, 255}, p3, 5), orange},
		"Display P3, PNG":           {pngWith(t, color.RGBA{209, 98, 55, 255}, p3), orange},
		"Adobe RGB":                 {jpegWith(t, color.RGBA{198, 90, 46, 255}, adobe, 1), orange},
		"Adobe RGB, by a table":     {jpegWith(t, color.RGBA{198, 90, 46, 255}, makeProfile(colorants["Adobe RGB"], curv(table...)), 2), orange},
		"a colour sRGB cannot show": {jpegWith(t, color.RGBA{0, 255, 0, 255}, p3, 1), color.RGBA{0, 255, 0, 255}},
		"white":                     {jpegWith(t, color.RGBA{255, 255, 255, 255}, p3, 1), color.RGBA{255, 255, 255, 255}},
		"a grey":                    {pngWith(t, color.RGBA{128, 128, 128, 255}, p3), color.RGBA{128, 128, 128, 255}},
		"half transparent":          {pngWith(t, color.RGBA{104, 49, 27, 128}, p3), color.RGBA{113, 45, 20, 128}},
		"a profile cut short":       {jpegWith(t, orange, p3[:300], 1), orange},
		"inks":                      {jpegWith(t, orange, bytes.Replace(p3, []byte("RGB "), []byte("CMYK"), 1), 1), orange},
	} {
		p, err := Decode(bytes.NewReader(c.raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := p.Image.RGBAAt(32, 32); !near(got, c.want, 3) || got.A != c.want.A {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAProfileThatUnpacksWithoutEndIsNotRead(t *testing.T) {
	t.Parallel()
	orange := color.RGBA{225, 90, 40, 255}
	raw := pngWith(t, orange, make([]byte, 64<<20))
	if profileOf("png", raw) != nil {
		t.Error("64 MB of profile were read")
	}
	if p, err := Decode(bytes.NewReader(raw)); err != nil || p.Image.RGBAAt(3, 3) != orange {
		t.Errorf("%v", err)
	}
}

func FuzzProfile(f *testing.F) {
	p3 := makeProfile(colorants["Display P3"], sRGBCurve)
	f.Add(p3)
	f.Add(makeProfile(colorants["sRGB"], para(4, 2.4, 1, 0, 1, 0.1, 0, 0)))
	f.Add(makeProfile(colorants["Adobe RGB"], curv(1, 2, 3)))
	f.Add(jpegWith(f, color.RGBA{1, 2, 3, 255}, p3, 2))
	f.Add(pngWith(f, color.RGBA{1, 2, 3, 255}, p3))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPICCP\x03\x00\x00\x00abc\x00VP8 "))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, b := range [][]byte{raw, profileOf("jpeg", raw), profileOf("png", raw), profileOf("webp", raw)} {
			if len(b) > max(maxProfile, len(raw)) {
				t.Fatalf("a profile of %d bytes", len(b))
			}
			if p, ok := readProfile(b); ok {
				p.apply(image.NewRGBA(image.Rect(0, 0, 3, 3)))
				p.convert(0, 128, 255)
			}
		}
	})
}

func BenchmarkApplyProfile(b *testing.B) {
	p, _ := readProfile(makeProfile(colorants["Display P3"], sRGBCurve))
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	b.SetBytes(1600 * 1200)
	for b.Loop() {
		p.apply(img)
	}
}
