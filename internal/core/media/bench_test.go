package media_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/queue"
	"causerie/internal/schema"
)

// landscape is a JPEG of 12 megapixels, as busy as a photograph.
func landscape(t testing.TB) []byte {
	t.Helper()
	const w, h = 4000, 3000
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	rnd := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			img.Y[y*img.YStride+x] = uint8(y*200/h + (x*y)%17 + rnd.IntN(12))
		}
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(110+i%23), uint8(120+i%19)
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}))
	return b.Bytes()
}

// cpu is the processor time of the process.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var use syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// BenchmarkUpload measures the processor that a photograph of a telephone takes in all, with the widths that a job makes of it, and how
// long who uploads it waits.
func BenchmarkUpload(b *testing.B) {
	d := dbtest.Open(b, db.SQLite, schema.All())
	s, q := media.New(d, blob.Dir(b.TempDir())), queue.New(d, queue.Options{})
	s.Listen(bus.New(q), q)
	raw := landscape(b)
	began := cpu(b)
	var waited time.Duration
	for b.Loop() {
		at := time.Now()
		if _, err := s.Upload(b.Context(), author, "a.jpg", bytes.NewReader(raw), ""); err != nil {
			b.Fatal(err)
		}
		waited += time.Since(at)
		if _, err := q.RunDue(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpu(b)-began).Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(waited.Seconds()/float64(b.N), "wait-s/op")
}
