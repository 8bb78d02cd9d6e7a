package wordpress_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"
)

// file writes bytes into a file of the test.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, content, 0o600))
	return path
}

func xmlOf(t *testing.T, items ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := export(items...).WriteTo(&b)
	must(t, err)
	return b.Bytes()
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		f, err := z.Create(name)
		must(t, err)
		_, err = f.Write(content)
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(content)
	must(t, errors.Join(err, z.Close()))
	return b.Bytes()
}

func TestSeveralFilesAndPackedOnesAreOneExport(t *testing.T) {
	t.Parallel()
	catalog := i18n.New()
	must(t, catalog.Add(transfer.Texts))
	// A post, and in another file what it shows and who answers under it.
	one := xmlOf(t, item(1, "publish", `<content:encoded><![CDATA[<!-- wp:block {"ref":7} /-->]]></content:encoded>`))
	two := xmlOf(t, item(2, "publish", ""), item(7, "publish", `<wp:post_type>wp_block</wp:post_type><content:encoded>Encart</content:encoded>`))
	for name, sources := range map[string][]string{
		"two files": {file(t, "1.xml", one), file(t, "2.xml", two)},
		"gz":        {file(t, "1.xml.gz", gzipped(t, one)), file(t, "2.xml", two)},
		"zip":       {file(t, "tout.zip", zipped(t, map[string][]byte{"site/a.xml": one, "site/b.xml.gz": gzipped(t, two), "__MACOSX/site/._a.xml": []byte("x"), "lisez.txt": []byte("x")}))},
		"twice":     {file(t, "1.xml", one), file(t, "2.xml", two), file(t, "3.xml", one)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, db.SQLite)
			var out strings.Builder
			var steps []int
			must(t, wordpress.Run(t.Context(), w.Deps, sources, wordpress.Options{Progress: func(done, all int) { steps = append(steps, done, all) }}, &out, catalog, i18n.FrFR))
			if got := w.bodies(); got["Titre 1"] != "Encart" || len(got) != 2 {
				t.Errorf("%q\n%s", got, &out)
			}
			if !strings.HasPrefix(out.String(), "Articles\u00a0: 2\n") || strings.Contains(out.String(), "doublé") {
				t.Errorf("%q", &out)
			}
			if n := len(steps); n < 4 || steps[n-2] != steps[n-1] || !slices.Contains([]int{2, 3}, steps[n-1]) {
				t.Errorf("told %v", steps)
			}
		})
	}
	w := newWorld(t, db.SQLite)
	other := bytes.ReplaceAll(two, []byte("https://old.example"), []byte("https://autre.example"))
	err := wordpress.Run(t.Context(), w.Deps, []string{file(t, "1.xml", one), file(t, "2.xml", other)}, wordpress.Options{}, &strings.Builder{}, catalog, i18n.En)
	if e, ok := errors.AsType[*fault.Error](err); !ok || e.Code != "import.several_sites" || len(w.posts()) != 0 {
		t.Errorf("two sites: %v", err)
	}
	mixed := zipped(t, map[string][]byte{"1.xml": []byte("<config/>"), "2.xml": one})
	var said strings.Builder
	if err := wordpress.Run(t.Context(), w.Deps, []string{file(t, "mixte.zip", mixed)}, wordpress.Options{}, &said, catalog, i18n.En); err != nil || !strings.Contains(said.String(), "not a WordPress export, left out: 1\n      mixte.zip: 1.xml\n") || len(w.posts()) == 0 {
		t.Errorf("an export beside another file: %v\n%s", err, said.String())
	}
	err = wordpress.Run(t.Context(), w.Deps, []string{file(t, "a.txt", []byte("Bonjour")), file(t, "b.html", []byte("<html>"))}, wordpress.Options{}, &said, catalog, i18n.En)
	if e, ok := errors.AsType[*fault.Error](err); !ok || e.Code != "import.not_wordpress" || !slices.Equal(e.Args, []any{"a.txt, b.html"}) {
		t.Errorf("no export among them: %v", err)
	}
	cut := xmlOf(t, item(3, "publish", ""))
	said.Reset()
	if err := wordpress.Run(t.Context(), w.Deps, []string{file(t, "1.xml", one), file(t, "coupe.xml", cut[:len(cut)-40])}, wordpress.Options{}, &said, catalog, i18n.En); err != nil || !strings.Contains(said.String(), "      coupe.xml") {
		t.Errorf("one that is cut: %v\n%s", err, said.String())
	}
	for name, content := range map[string][]byte{"vide.zip": zipped(t, map[string][]byte{"a.txt": []byte("x")}), "faux.zip": []byte("PK\x03\x04 rien"), "faux.gz": []byte("\x1f\x8brien")} {
		err := wordpress.Run(t.Context(), w.Deps, []string{file(t, name, content)}, wordpress.Options{}, &strings.Builder{}, catalog, i18n.En)
		if e, ok := errors.AsType[*fault.Error](err); !ok || e.Code != map[string]string{"vide.zip": "import.no_export_inside", "faux.zip": "import.no_source", "faux.gz": "import.no_source"}[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPostInTwoLanguagesIsTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	items := []string{
		item(1, "publish", `<title>[:en]Hello[:fr]Bonjour[:]</title><content:encoded><![CDATA[[:fr]Du bois.[:en]Some wood.[:] 1789]]></content:encoded>
<category domain="category" nicename="x"><![CDATA[[:fr]Métier[:en]Craft[:]]]></category>`),
		item(2, "publish", `<title><![CDATA[<!--:fr-->Salut<!--:--><!--:en-->Hi<!--:-->]]></title><content:encoded><![CDATA[<!--:fr-->Un.<!--:--><!--:en-->One.<!--:-->]]></content:encoded>`),
		item(3, "publish", `<title>{:fr}Seul{:}{:en}Alone{:}</title><content:encoded>{:fr}Rien.{:}</content:encoded>`),
		item(4, "publish", `<title>Note [1]</title><content:encoded>Sans marques [:-)] .</content:encoded>`),
	}
	for _, want := range []int{6, 0} {
		if r := w.importText(export(items...), wordpress.Options{}); r.Posts != want || total(r, "parted") != 2 {
			t.Errorf("%+v", r)
		}
	}
	all := w.posts()
	for title, want := range map[string][3]string{"Bonjour": {"fr-FR", "Du bois. 1789", "titre-1"}, "Hello": {"en", "Some wood. 1789", "hello"}, "Salut": {"fr-FR", "Un.", "titre-2"},
		"Hi": {"en", "One.", "hi"}, "Seul": {"fr-FR", "Rien.", "titre-3"}, "Note [1]": {"fr-FR", "Sans marques \\[:-)] .", "titre-4"}} {
		if p := all[title]; [3]string{p.Lang, strings.TrimSpace(p.Body), p.Slug} != want {
			t.Errorf("%s: %q %q %q", title, p.Lang, p.Body, p.Slug)
		}
	}
	if all["Bonjour"].Section != "Métier" {
		t.Errorf("in %q", all["Bonjour"].Section)
	}
}

func TestWhatHasNoTitleHasItsFirstWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	r := w.importText(export(item(1, "publish", `<title></title><content:encoded>Il neige sur l'atelier.</content:encoded>`),
		item(2, "publish", `<title> </title><wp:post_name>photo-du-jour</wp:post_name><content:encoded></content:encoded>`),
		item(3, "publish", `<title></title><wp:post_name></wp:post_name><content:encoded>&lt;img src="//old.example/wp-content/uploads/noyer-brut@2x.jpg"></content:encoded>`),
		item(4, "publish", `<title></title><wp:post_name></wp:post_name><content:encoded></content:encoded>`)), wordpress.Options{})
	all := w.posts()
	for _, title := range []string{"photo du jour", "noyer-brut@2x", "2019-03-12"} {
		if _, ok := all[title]; !ok {
			t.Errorf("nothing is called %q", title)
		}
	}
	if len(all) != 4 || total(r, "untitled") != 4 || total(r, "foreign_picture") != 0 || all["Il neige sur l'atelier."].Status != "published" {
		t.Errorf("%v, %+v", all, r.Notes)
	}
}
