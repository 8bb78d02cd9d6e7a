package media_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"testing"

	"causerie/internal/core/media"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/fault"
	"causerie/internal/schema"
)

var author = actor.Actor{Account: 5, Grants: []actor.Grant{{Voice: 1, Role: actor.Author}}}

func each(t *testing.T, fn func(t *testing.T, d *db.DB, s *media.Service)) {
	t.Helper()
	dbtest.Each(t, schema.All(), func(t *testing.T, d *db.DB) { fn(t, d, media.New(d, blob.Dir(t.TempDir()))) })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// photo is a JPEG as a telephone writes it: lying on its side, with the place where it was taken.
func photo(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w {
		img.Set(i, i%h, color.RGBA{uint8(i), 120, 60, 255})
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, img, nil))
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	exif := append([]byte("Exif\x00\x00"), append(tiff, "GPS 48.3904N 4.4861W at home"...)...)
	app1 := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return slices.Concat(b.Bytes()[:2], app1, exif, b.Bytes()[2:])
}

func read(t *testing.T, s *media.Service, by actor.Actor, id fact.MediaID, variant string) ([]byte, media.Info) {
	t.Helper()
	f, info, err := s.File(t.Context(), by, id, variant)
	must(t, err)
	defer f.Close()
	b, err := io.ReadAll(f)
	must(t, err)
	if int64(len(b)) != info.Bytes {
		t.Errorf("%s has %d bytes, says %d", variant, len(b), info.Bytes)
	}
	return b, info
}

func TestAPhotoIsTurnedCleanedAndKeptInItsWidths(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *db.DB, s *media.Service) {
		m, err := s.Upload(t.Context(), author, `C:\photos\IMG_1.jpg`, bytes.NewReader(photo(t, 700, 1100)), "L’atelier")
		must(t, err)
		if m.Width != 1100 || m.Height != 700 || m.Name != "IMG_1.jpg" || m.Mime != "image/jpeg" || !strings.HasPrefix(m.Colour, "#") {
			t.Errorf("kept as %+v", m)
		}
		for variant, size := range map[string][2]int{media.Small: {480, 305}, media.Medium: {960, 611}, media.Large: {1100, 700}, media.Square: {192, 192}} {
			b, info := read(t, s, author, m.ID, variant)
			img, _, err := image.DecodeConfig(bytes.NewReader(b))
			must(t, err)
			if img.Width != size[0] || img.Height != size[1] || info.Width != size[0] {
				t.Errorf("%s is %d x %d", variant, img.Width, img.Height)
			}
			if bytes.Contains(b, []byte("GPS")) || bytes.Contains(b, []byte("Exif")) {
				t.Errorf("%s still says where it was taken", variant)
			}
		}
		want := media.Path(m.ID, "480") + " 480w, " + media.Path(m.ID, "960") + " 960w, " + media.Path(m.ID, "1600") + " 1100w"
		if got := media.Srcset(m); got != want {
			t.Errorf("srcset %s", got)
		}
		small, err := s.Upload(t.Context(), author, "s.jpg", bytes.NewReader(photo(t, 30, 50)), "")
		must(t, err)
		if got := media.Srcset(small); got != media.Path(small.ID, "480")+" 50w" {
			t.Errorf("srcset of a small one %s", got)
		}
		read(t, s, author, small.ID, media.Large) // answers with what there is
		if _, _, err := s.File(t.Context(), author, small.ID, "huge"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an unknown variant gives %v", err)
		}
	})
}

func TestAFileIsSeenByStrangersOnlyWhereSomethingPublicShowsIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, s *media.Service) {
		m, err := s.Upload(t.Context(), author, "a.jpg", bytes.NewReader(photo(t, 40, 40)), "")
		must(t, err)
		refer := func(subject int64, public bool, ids ...fact.MediaID) {
			t.Helper()
			must(t, d.Write(t.Context(), func(tx *db.Tx) error {
				return s.ReferIn(tx, author, media.Use{Kind: "post", Subject: subject, Voice: 1, Published: public, Public: public}, ids)
			}))
		}
		strangers := func(when string, want bool) {
			t.Helper()
			f, _, err := s.File(t.Context(), actor.Visitor(), m.ID, media.Small)
			if err == nil {
				f.Close()
			} else if !fault.Is(err, fault.KindNotFound) {
				t.Error(err)
			}
			if (err == nil) != want {
				t.Errorf("%s: %v", when, err)
			}
			if _, info := read(t, s, author, m.ID, media.Small); info.Public != want {
				t.Errorf("%s: marked public: %v", when, info.Public)
			}
		}
		strangers("nobody shows it", false)
		refer(1, false, m.ID)
		strangers("a draft shows it", false)
		refer(2, true, m.ID, m.ID, 12345)
		strangers("a public post shows it", true)
		refer(1, true)
		strangers("another one no longer shows it", true)
		refer(2, true)
		strangers("nothing shows it any more", false)
		refer(3, false, m.ID)
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { return s.ShowIn(tx, "post", []int64{3, 4}, true) }))
		strangers("shown with others", true)
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { return s.HideAllIn(tx, "post") }))
		strangers("the house closed", false)
	})
}

func TestAFileIsSeenByTheVoicesThatShowIt(t *testing.T) {
	t.Parallel()
	on := func(account int64, grants ...actor.Grant) actor.Actor {
		return actor.Actor{Account: account, Grants: grants}
	}
	const a, b = 1, 2
	var (
		uploader = author // writes in a
		writerA  = on(6, actor.Grant{Voice: a, Role: actor.Editor})
		readerA  = on(7, actor.Grant{Voice: a, Role: actor.Reader})
		writerB  = on(8, actor.Grant{Voice: b, Role: actor.Editor})
		nobody   = on(9)
		owner    = on(10, actor.Grant{Role: actor.Owner})
	)
	each(t, func(t *testing.T, d *db.DB, s *media.Service) {
		m, err := s.Upload(t.Context(), uploader, "a.jpg", bytes.NewReader(photo(t, 40, 40)), "")
		must(t, err)
		seenBy := func(when string, who ...actor.Actor) {
			t.Helper()
			for name, by := range map[string]actor.Actor{"visitor": actor.Visitor(), "uploader": uploader, "writer of a": writerA, "reader of a": readerA,
				"writer of b": writerB, "nobody": nobody, "owner": owner} {
				want := slices.ContainsFunc(who, func(w actor.Actor) bool { return w.Account == by.Account })
				f, _, err := s.File(t.Context(), by, m.ID, media.Small)
				if err == nil {
					f.Close()
				} else if !fault.Is(err, fault.KindNotFound) {
					t.Error(err)
				}
				if (err == nil) != want {
					t.Errorf("%s, the %s sees it: %v", when, name, err == nil)
				}
				if !want && by.SignedIn() && !fault.Is(s.Describe(t.Context(), by, m.ID, "x", ""), fault.KindNotFound) && by.Anywhere() >= actor.Author {
					t.Errorf("%s, the %s describes it", when, name)
				}
			}
		}
		show := func(u media.Use) {
			t.Helper()
			u.Kind = "post"
			must(t, d.Write(t.Context(), func(tx *db.Tx) error { return s.ReferIn(tx, actor.Importer(), u, []fact.MediaID{m.ID}) }))
		}
		seenBy("uploaded", uploader, owner)
		show(media.Use{Subject: 1, Voice: a})
		seenBy("in a draft of a", uploader, writerA, owner)
		show(media.Use{Subject: 1, Voice: a, Published: true})
		seenBy("published by a for its readers", uploader, writerA, readerA, owner)
		show(media.Use{Subject: 2, Voice: b})
		seenBy("in a draft of b too", uploader, writerA, readerA, writerB, owner)
		show(media.Use{Subject: 1, Voice: b})
		seenBy("no longer by a", writerB, owner)
		show(media.Use{Subject: 2, Voice: b, Published: true, Public: true})
		seenBy("public", actor.Visitor(), uploader, writerA, readerA, writerB, nobody, owner)
	})
}

func TestNobodyOpensAFileByNamingIt(t *testing.T) {
	t.Parallel()
	thief := actor.Actor{Account: 8, Grants: []actor.Grant{{Voice: 2, Role: actor.Editor}}}
	each(t, func(t *testing.T, d *db.DB, s *media.Service) {
		m, err := s.Upload(t.Context(), author, "a.jpg", bytes.NewReader(photo(t, 40, 40)), "")
		must(t, err)
		refer := func(by actor.Actor, u media.Use) {
			t.Helper()
			u.Kind = "post"
			must(t, d.Write(t.Context(), func(tx *db.Tx) error { return s.ReferIn(tx, by, u, []fact.MediaID{m.ID}) }))
		}
		sees := func(by actor.Actor) bool {
			t.Helper()
			var seen []fact.MediaID
			must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
				seen, err = s.VisibleIn(tx, by, []fact.MediaID{m.ID})
				return err
			}))
			return len(seen) == 1
		}
		for _, when := range []string{"while nothing shows it", "while a draft of the other voice does"} {
			refer(thief, media.Use{Subject: 9, Voice: 2})
			refer(actor.System(), media.Use{Subject: 9, Voice: 2, Published: true, Public: true}) // what they scheduled goes out
			if sees(thief) || sees(actor.Visitor()) {
				t.Errorf("%s, naming it opens it", when)
			}
			refer(author, media.Use{Subject: 1, Voice: 1})
		}
		refer(actor.System(), media.Use{Subject: 1, Voice: 1, Published: true, Public: true})
		if !sees(actor.Visitor()) {
			t.Error("the program does not publish what its writer showed")
		}
		refer(thief, media.Use{Subject: 9, Voice: 2})
		refer(author, media.Use{Subject: 1, Voice: 1})
		if !sees(thief) {
			t.Error("what was public cannot be shown by others")
		}
	})
}

func TestOnlyPicturesAndPDFsComeIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *db.DB, s *media.Service) {
		for name, c := range map[string]struct {
			data []byte
			want string
		}{
			"nothing": {nil, "required"}, "svg": {[]byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "type"},
			"html": {[]byte("<!doctype html><script>1</script>"), "type"}, "half a photo": {photo(t, 50, 50)[:300], "unreadable"},
			"a bomb": {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x06\x00\x00\x00\x6c\x84\x30\xe3"), "too_many_pixels"},
		} {
			_, err := s.Upload(t.Context(), author, name, bytes.NewReader(c.data), "")
			problems := fault.ProblemsOf(err)
			if len(problems) != 1 || problems[0].Field != "file" || c.want != "" && problems[0].Code != c.want {
				t.Errorf("%s gives %v", name, err)
			}
		}
		if _, err := s.Upload(t.Context(), actor.Visitor(), "x", strings.NewReader("%PDF-1.7"), ""); !fault.Is(err, fault.KindUnauthenticated) {
			t.Errorf("a stranger gets %v", err)
		}
		if _, err := s.Upload(t.Context(), author, "x", io.LimitReader(endless{}, 2*media.MaxBytes), ""); !fault.Is(err, fault.KindTooLarge) {
			t.Errorf("a file without end gives %v", err)
		}
		m, err := s.Upload(t.Context(), author, "../../tarifs \"2026\".pdf", strings.NewReader("%PDF-1.7 tarifs"), "Nos tarifs")
		must(t, err)
		b, info := read(t, s, author, m.ID, media.Original)
		if string(b) != "%PDF-1.7 tarifs" || !info.Download || info.Name != "tarifs 2026.pdf" || media.Srcset(m) != "" {
			t.Errorf("a PDF comes back as %+v", info)
		}
	})
}

// endless is a PDF that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte("%PDF-"), len(p)/5+1)), nil
}

func TestWhatAFileShowsCanBeSaidLater(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, s *media.Service) {
		m, err := s.Upload(t.Context(), author, "a.jpg", bytes.NewReader(photo(t, 40, 40)), "")
		must(t, err)
		must(t, s.Describe(t.Context(), author, m.ID, "Un chêne", "Photo : Claire"))
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			got, err := s.ByIDs(tx, []fact.MediaID{m.ID, 99})
			if len(got) != 1 || got[m.ID].Alt != "Un chêne" {
				t.Errorf("%+v", got)
			}
			return err
		}))
		if err := s.Describe(t.Context(), author, m.ID, strings.Repeat("a", 501), ""); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("too long: %v", err)
		}
		if err := s.Describe(t.Context(), author, 99, "", ""); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

func FuzzIDsIn(f *testing.F) {
	id := fact.MediaID(1 << 40)
	f.Add("![x](" + media.Path(id, "960") + ") et " + media.Path(id, "480") + "?x")
	f.Add("/media/zzzzzzzzzzzzz/960 /media//")
	f.Fuzz(func(t *testing.T, s string) {
		seen := map[fact.MediaID]bool{}
		for _, id := range media.IDsIn(s) {
			if seen[id] || id.IsZero() || !strings.Contains(s, "/media/"+id.String()+"/") {
				t.Errorf("%v from %q", id, s)
			}
			seen[id] = true
		}
	})
}

// A grey photograph has no more colours than a chart, and is none.
func TestWhatCameAsJPEGLeavesAsJPEG(t *testing.T) {
	t.Parallel()
	grey := image.NewGray(image.Rect(0, 0, 600, 400))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i*7 + i/600*3)
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, grey, nil))
	each(t, func(t *testing.T, _ *db.DB, s *media.Service) {
		m, err := s.Upload(t.Context(), author, "gris.jpg", bytes.NewReader(b.Bytes()), "")
		must(t, err)
		if m.Mime != "image/jpeg" {
			t.Errorf("it leaves as %s", m.Mime)
		}
	})
}

func TestAnAnimationMovesInEveryWidth(t *testing.T) {
	t.Parallel()
	g := &gif.GIF{}
	for i := range 3 {
		img := image.NewPaletted(image.Rect(0, 0, 1000, 600), color.Palette{color.White, color.Black})
		img.Pix[i] = 1
		g.Image, g.Delay = append(g.Image, img), append(g.Delay, 10)
	}
	var b bytes.Buffer
	must(t, gif.EncodeAll(&b, g))
	each(t, func(t *testing.T, d *db.DB, s *media.Service) {
		m, err := s.Upload(t.Context(), author, "étuve.gif", bytes.NewReader(b.Bytes()), "")
		must(t, err)
		if m.Mime != "image/gif" || m.Width != 1000 || m.Height != 600 {
			t.Errorf("kept as %+v", m)
		}
		for _, variant := range []string{media.Small, media.Medium} {
			raw, info := read(t, s, author, m.ID, variant)
			if now, err := gif.DecodeAll(bytes.NewReader(raw)); err != nil || len(now.Image) != 3 || info.Mime != "image/gif" || info.Download {
				t.Errorf("%s: %v, %+v", variant, err, info)
			}
		}
		if raw, info := read(t, s, author, m.ID, media.Square); len(raw) == 0 || info.Mime != "image/png" {
			t.Errorf("square: %+v", info)
		}
	})
}
