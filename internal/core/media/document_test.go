package media_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/core/media"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

func TestAnImportBringsDocumentsThatAreWhatTheyAreCalled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *db.DB, s *media.Service) {
		for name, c := range map[string]struct{ data, mime string }{
			"cahier.docx": {"PK\x03\x04 word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
			"PRIX.XLS":    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 x", "application/vnd.ms-excel"},
			"voix.mp3":    {"\xFF\xFB\x90\x44 x", "audio/mpeg"},
			"film.mp4":    {"\x00\x00\x00\x20ftypisom x", "video/mp4"},
			"son.wav":     {"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"},
			"tarifs.pdf":  {"%PDF-1.7 x", "application/pdf"},
			"page.mp3":    {"<!doctype html><script>1</script>", ""},
			"page.html":   {"PK\x03\x04 <script>", ""},
			"cahier.zip":  {"MZ\x90\x00 program", ""},
			"dessin.svg":  {"<svg onload='1'>", ""},
		} {
			m, err := s.Bring(t.Context(), actor.Importer(), name, strings.NewReader(c.data), "", time.Time{})
			if c.mime == "" {
				if !fault.Is(err, fault.KindInvalid) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			must(t, err)
			if _, info := read(t, s, actor.System(), m.ID, media.Original); !info.Download || info.Mime != c.mime || info.Name != name {
				t.Errorf("%s comes back as %+v", name, info)
			}
			if _, err := s.Upload(t.Context(), author, name, strings.NewReader(c.data), ""); (name == "film.mp4") != fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s is uploaded: %v", name, err)
			}
		}
	})
}

func TestWhatTelephonesKeepForThemselvesIsRefusedWithItsName(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *db.DB, s *media.Service) {
		for data, code := range map[string]string{
			"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00": "heic", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00": "heic", "\x00\x00\x00\x1Cftypavif\x00\x00\x00\x00": "avif",
			"MZ\x90\x00 program, of course": "type", "<svg xmlns='x' onload='alert(1)'/>": "type",
		} {
			for _, name := range []string{"IMG_1.HEIC", "a.m4a", "a.jpg"} {
				_, err := s.Upload(t.Context(), author, name, strings.NewReader(data), "")
				if problems := fault.ProblemsOf(err); len(problems) != 1 || problems[0].Code != code {
					t.Errorf("%q as %s: %v", data[:12], name, err)
				}
			}
		}
	})
}

// What is two things at once is served as one of them: a picture is drawn anew, a document is for saving, and the rest is refused.
func TestWhatIsTwoThingsAtOnceIsOneOfThemOrNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ *db.DB, s *media.Service) {
		zip := "PK\x03\x04" + strings.Repeat("evil.exe", 100)
		m, err := s.Upload(t.Context(), author, "a.zip", strings.NewReader(string(photo(t, 60, 40))+zip), "")
		must(t, err)
		if b, info := read(t, s, author, m.ID, media.Small); info.Mime != "image/jpeg" || strings.Contains(string(b), "evil") {
			t.Errorf("a photograph with an archive behind it comes back as %+v", info)
		}
		m, err = s.Upload(t.Context(), author, "a.html", strings.NewReader("%PDF-1.4\n<html><script>alert(1)</script>"), "")
		must(t, err)
		if _, info := read(t, s, author, m.ID, media.Original); info.Mime != "application/pdf" || !info.Download {
			t.Errorf("a page that begins as a PDF comes back as %+v", info)
		}
		for name, data := range map[string]string{
			"a.gif": "GIF89a/*" + strings.Repeat("\x00", 20) + "*/=1;alert(1)//", "a.mp3": "<!doctype html><script>1</script>", "a.wav": "RIFF\x24\x00\x00\x00AVI <script>",
			"a.png": "<?xml version='1.0'?><svg onload='alert(1)'/>", "a.ogg": "ID3<script>", "a.html": zip,
		} {
			if _, err := s.Upload(t.Context(), author, name, strings.NewReader(data), ""); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
