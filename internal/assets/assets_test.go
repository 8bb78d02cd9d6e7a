package assets

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// At most 100 KB of letters before the first text (serif and sans; the italic comes after), and an article without
// its pictures and letters within 60 KB: styles and scripts may take a third of that.
func TestTheWeightsAreKept(t *testing.T) {
	letters := 0
	for _, name := range []string{"newsreader", "instrument-sans"} {
		b, err := FS.ReadFile("static/" + name + ".woff2")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(b, []byte("wOF2")) {
			t.Errorf("%s is no WOFF2", name)
		}
		letters += len(b)
	}
	if letters > 75<<10 {
		t.Errorf("letters weigh %d bytes", letters)
	}
	for _, side := range []string{"public", "work"} {
		n := gzipped(t, sideOf(t, "css", side)) + gzipped(t, sideOf(t, "js", side))
		if n > 20<<10 {
			t.Errorf("%s: styles and scripts weigh %d bytes compressed", side, n)
		}
	}
}

func gzipped(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// Licences travel with what they cover.
func TestLicencesAreThere(t *testing.T) {
	for _, f := range []string{"static/OFL-newsreader.txt", "static/OFL-instrument-sans.txt", "icons/LICENSE-lucide.txt"} {
		if b, err := FS.ReadFile(f); err != nil || len(b) < 1000 {
			t.Errorf("%s: %d bytes, %v", f, len(b), err)
		}
	}
}

// An icon is small, well-formed, takes the colour of its text, says nothing aloud, and has nothing that the policy refuses.
func TestIconsAreFitToStandInALine(t *testing.T) {
	files, err := fs.Glob(FS, "icons/*.svg")
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		b, err := FS.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(bytes.NewReader(b))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", f, err)
				break
			}
		}
		s := string(b)
		if len(b) > 2048 || !strings.Contains(s, "currentColor") || !strings.Contains(s, `aria-hidden="true"`) || inlineStyle.MatchString(s) {
			t.Errorf("%s is not fit: %d bytes", f, len(b))
		}
	}
	b, err := FS.ReadFile("static/apple-touch-icon.png")
	if err != nil {
		t.Fatal(err)
	}
	if c, err := png.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width != 180 || c.Height != 180 {
		t.Errorf("touch icon: %v, %v", c, err)
	}
}

// Styles name only files that are here, and load nothing from elsewhere.
func TestStylesLoadOnlyOurFiles(t *testing.T) {
	for _, side := range []string{"public", "work"} {
		css := string(sideOf(t, "css", side))
		for _, part := range strings.Split(css, "url(")[1:] {
			ref, _, _ := strings.Cut(part, ")")
			name, ok := strings.CutPrefix(ref, "asset:")
			if !ok {
				t.Errorf("%s: url(%s)", side, ref)
				continue
			}
			if _, err := FS.Open("static/" + name); err != nil {
				t.Error(err)
			}
		}
		if strings.Contains(css, "@import") {
			t.Errorf("%s imports", side)
		}
		if open, closed := strings.Count(css, "{"), strings.Count(css, "}"); open != closed {
			t.Errorf("%s: %d { and %d }", side, open, closed)
		}
	}
}

func TestBothCatalogsSayTheSameThings(t *testing.T) {
	read := func(name string) map[string]string {
		b, err := FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	fr, en := read("fr.json"), read("en.json")
	if a, b := slices.Sorted(maps.Keys(fr)), slices.Sorted(maps.Keys(en)); !slices.Equal(a, b) {
		t.Errorf("fr has %v\nen has %v", a, b)
	}
	for _, it := range append(WorkItems(nil), WorkChrome{}.Tabs()...) {
		if fr[it.Label] == "" || en[it.Label] == "" {
			t.Errorf("no text for %s", it.Label)
		}
	}
}

func TestAPhoneHasFivePlacesWithWritingInTheMiddle(t *testing.T) {
	tabs := WorkChrome{Items: WorkItems(map[string]int{"inbox": 3})}.Tabs()
	if len(tabs) != 5 || tabs[2].Path != "/app/write" || tabs[4].Path != "/app/more" || tabs[1].Count != 3 {
		t.Errorf("%+v", tabs)
	}
}

func TestFacesKeepTheirGroundAndSpellTheirInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Hélène Morvan": "HM", "Claire": "C", "@nadia@mastodon.example": "N", "Yves Le Goff": "YG",
		"paul@kervella.example": "P", "": "·", "Élodie d’Avène": "ÉD", "  ": "·", "3 Suisses": "3S", "😀": "·",
	} {
		if got := FaceOf("id", name).Initials; got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if a, b := FaceOf("42", "Claire Aubin"), FaceOf("42", "Claire Le Gall"); a.Class != b.Class {
		t.Errorf("%s, then %s", a.Class, b.Class)
	}
}
