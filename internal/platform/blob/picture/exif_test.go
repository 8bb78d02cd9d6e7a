package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/harness/cost"
)

func FuzzScanJPEG(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\xff\xda"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x22Exif\x00\x00MM\x00*\xff\xff\xff\xff\xff\xff\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"))
	f.Add([]byte("\xff\xd8\xff\xff\xff\xc2\x00\x02\xff\xd9"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if turn, _, _ := scanJPEG(raw); turn < 1 || turn > 8 {
			t.Fatalf("orientation %d", turn)
		}
	})
}

func TestOrientationIsFoundInTheFirstDirectory(t *testing.T) {
	t.Parallel()
	turn, extra, _ := scanJPEG([]byte("\xff\xd8\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\xff\xc2\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x02"))
	if turn != 6 || extra != 48 {
		t.Errorf("%d, %d", turn, extra)
	}
}

// segment is one of a JPEG, as long as it may be.
func segment(marker byte, head string) []byte {
	const most = 1<<16 - 1
	b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, most)
	return append(append(b, head...), make([]byte, most-2-len(head))...)
}

// directory is an Exif block whose first directory has as many entries as it may, none of which is the orientation.
func directory() string {
	return "Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + strings.Repeat("\x01\x0f\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00", 5000)
}

// What stands beside the pixels of a JPEG is walked over, however much of it there is. It is not parallel: it measures.
func TestWhatStandsBesideThePixelsCostsLittle(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	plain := b.Bytes()
	many := (MaxBytes - len(plain)) / (1<<16 + 1)
	for name, beside := range map[string][]byte{
		"Exif blocks of thousands of entries": bytes.Repeat(segment(0xe1, directory()), many),
		"profiles of colour":                  bytes.Repeat(segment(0xe2, "ICC_PROFILE\x00\x01\xff"), many),
		"a profile that is cut short":         bytes.Repeat(segment(0xe2, "ICC_PROFILE\x00\xff\x01\xff\xff\xff\xff"), many),
		"notes":                               bytes.Repeat([]byte("\xff\xfe\x00\x02"), MaxBytes/5),
		"filling":                             bytes.Repeat([]byte{0xff}, MaxBytes-len(plain)-2),
		"offsets to themselves":               bytes.Repeat(segment(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x04\x00\xff\xff\xff\xff\x08\x00\x00\x00\x08\x00\x00\x00"), many),
	} {
		raw := bytes.NewBuffer(slices.Concat(plain[:2], beside, plain[2:]))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		took := cost.Processor(func() {
			if p, err := Decode(raw); err != nil || p.Width != 64 || p.Height != 48 {
				t.Errorf("%s: %d x %d, %v", name, p.Width, p.Height, err)
			}
		})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; took > 2*time.Second || used > 4<<20 {
			t.Errorf("%s: %v of processor, %d MB", name, took, used>>20)
		}
	}
}

// A picture that is to be turned is one more working copy.
func TestTurningAPictureIsPaidFor(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 3199, 5001)), nil); err != nil { // the largest that is worked on as it is
		t.Fatal(err)
	}
	raw := slices.Concat(b.Bytes()[:2], []byte("\xff\xe1\x00\x22Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"), b.Bytes()[2:])
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	took := cost.Processor(func() {
		if p, err := Decode(bytes.NewBuffer(raw)); err != nil || p.Width != 5001 {
			t.Errorf("%d wide, %v", p.Width, err)
		}
	})
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; took > 5*time.Second || used > maxMemory {
		t.Errorf("%v of processor, %d MB", took, used>>20)
	}
}
