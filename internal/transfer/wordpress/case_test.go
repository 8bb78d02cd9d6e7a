package wordpress_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/platform/fetch"
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"
)

// aCase reads one of the exports that went wrong once, which lie beside the project, as if site were where it comes from.
func aCase(t *testing.T, name, site string) *strings.Reader {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "cases", "wxr", name+".xml"))
	if os.IsNotExist(err) {
		t.Skip("the cases are not beside the project")
	}
	must(t, err)
	return strings.NewReader(strings.ReplaceAll(string(src), "http://ancien.example", site))
}

// bodies are the texts of all posts by their titles.
func (w *world) bodies() map[string]string {
	all := map[string]string{}
	for title, p := range w.posts() {
		all[title] = strings.TrimSpace(p.Body)
	}
	return all
}

func TestWhatWentWrongOnceIsRight(t *testing.T) {
	t.Parallel()
	says := func(want map[string]string) func(*world, transfer.Report) error {
		return func(w *world, r transfer.Report) error {
			for title, body := range want {
				if got := w.bodies()[title]; got != body {
					return fmt.Errorf("%s: %q, want %q", title, got, body)
				}
			}
			return nil
		}
	}
	const youtube, dailymotion, vimeo = "<https://www.youtube.com/watch?v=abcDEF_12-3>", "<https://www.dailymotion.com/video/x2x92r>", "<https://vimeo.com/12345678>"
	for name, check := range map[string]func(*world, transfer.Report) error{
		"01-table-spans": says(map[string]string{
			"Tarifs":  "| Essence | 2023 | 2024 |\n|---|---|---|\n| Noyer (sur commande) |  | 120 € |\n| Frêne | 80 € | 90 € |",
			"Tailles": "| Essence | Taille | Prix |\n|---|---|---|\n| Orme | petit | 10 € |\n|  | grand | 20 € |"}),
		"04-footnotes-block": says(map[string]string{
			"Avec notes": "Une affirmation[^1], une autre[^2].\n\n[^1]: Source : *le registre*, [page 3](https://exemple.example/p3).\n\n[^2]: Vérifié en mai."}),
		"05-reusable-block": says(map[string]string{"Avec encart": "Avant.\n\nEncart : [demandez un devis](https://exemple.example/devis).\n\nAprès."}),
		"06-marks-in-quotes": says(map[string]string{"Dialogue": "> \\- Bonjour.  \n> \\- Bonsoir.\n\n\\- Bonjour dehors.", "Points": "> 1\\. Un point  \n> 2\\. Deux points",
			"Dièse": "> \\# 1 des ventes", "Filet": "> Total  \n> \\-----  \n> 12", "Barres": "> a | b  \n> \\--- | ---  \n> c | d", "Blocs": "> \\- Oui.  \n> \\- Non."}),
		"07-line-break-in-span": says(map[string]string{"Saut": "Première phrase.  \nSeconde phrase.", "Saut et italique": "Avant.  \n*Milieu (note)*  \nAprès.",
			"Gras": "Un  \n**mot** et  \nfin"}),
		"09-documents": func(w *world, r transfer.Report) error {
			if n := note(r, "not_fetched"); n.Count != 4 || len(n.Examples) != 4 || note(r, "unused").Count != 0 || r.Files != 4 {
				return fmt.Errorf("%+v", r)
			}
			return nil
		},
		"11-own-pictures-elsewhere": func(w *world, r transfer.Report) error {
			if total(r, "foreign_picture") != 0 || total(r, "not_fetched") != 4 || !strings.Contains(w.bodies()["Relatif"], "![B](http://www.exemple-www.example/images/2006/b.png) [note](http://www.exemple-www.example/fichiers/note.doc)") {
				return fmt.Errorf("%+v, %q", r.Notes, w.bodies()["Relatif"])
			}
			return nil
		},
		"12-old-players": says(map[string]string{"YouTube Flash": youtube, "YouTube data": youtube, "YouTube param": "Voir :\n\n" + youtube, "YouTube code": youtube,
			"Dailymotion Flash": dailymotion, "Dailymotion code": dailymotion + "\n\n" + dailymotion, "Vimeo Flash": vimeo, "Vimeo code": vimeo + "\n\n" + vimeo}),
		"14-superscripts": says(map[string]string{"Puissances": "10⁶ kg, 25 m², xⁿ⁺¹, H₂O, 1er, XXe"}),
		"16-terms-that-fold-together": func(w *world, r transfer.Report) error {
			for title, want := range map[string]string{"Sur C++": "C++", "Sur C#": "C#", "Sur C": "C"} {
				if p := w.posts()[title]; p.Section != want || !slices.Equal(p.Tags, []string{want}) {
					return fmt.Errorf("%s: %q, %q", title, p.Section, p.Tags)
				}
			}
			if n := w.count("SELECT COUNT(*) FROM tags"); n != 4 || r.Tags != 4 || r.Sections != 4 || w.count("SELECT COUNT(*) FROM sections") != 4 {
				return fmt.Errorf("%d tags: %+v", n, r)
			}
			return nil
		},
		"19-password-of-spaces": func(w *world, r transfer.Report) error {
			if p := w.posts()["Public"]; p.Status != "published" || p.Summary != "Une description" || len(r.Notes) != 0 {
				return fmt.Errorf("%s, %q, %+v", p.Status, p.Summary, r.Notes)
			}
			return nil
		},
		"22-empty-address-of-a-commenter": func(w *world, r transfer.Report) error {
			if n := w.count("SELECT COUNT(*) FROM messages WHERE url <> ''"); n != 0 || r.Comments != 2 {
				return fmt.Errorf("%d with an address", n)
			}
			return nil
		},
		"26-no-date": func(w *world, r transfer.Report) error {
			for _, title := range []string{"Sans date", "Date fausse"} {
				if at := w.posts()[title].PublishedAt.Format("2006-01-02"); at != "2015-05-04" {
					return fmt.Errorf("%s: %s", title, at)
				}
			}
			if n := note(r, "date_made"); n.Count != 2 || !slices.Equal(n.Examples, []string{"Sans date", "Date fausse"}) {
				return fmt.Errorf("%+v", r.Notes)
			}
			return nil
		},
		"30-links-to-attachment-pages": says(map[string]string{"Ancien lien": "![D](http://ancien.example/wp-content/uploads/2015/05/d.png) ![D](http://ancien.example/wp-content/uploads/2015/05/d-150x150.png)"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, db.SQLite)
			r, err := wordpress.Import(t.Context(), w.Deps, aCase(t, name, "http://ancien.example"), wordpress.Options{})
			must(t, err)
			if err := check(w, r); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTheSameSiteUnderAnotherAddressIsTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	for i, one := range []struct{ name, site string }{{"08a-same-site-http", "http://ancien.example"}, {"08a-same-site-http", "https://ancien.example"}, {"08c-same-site-www", ""}} {
		for _, dry := range []bool{true, false} {
			r, err := wordpress.Import(t.Context(), w.Deps, aCase(t, one.name, one.site), wordpress.Options{DryRun: dry})
			must(t, err)
			if new := r.Posts + r.Comments; i == 0 && new != 3 || i > 0 && (new != 0 || r.Already != 3) {
				t.Errorf("%s of %s: %+v", one.name, one.site, r)
			}
		}
	}
}

// TestASiteImportedByAnEarlierVersionIsTheSame: its ledger has addresses with their scheme.
func TestASiteImportedByAnEarlierVersionIsTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	first := w.importText(export(item(1, "publish", "")), wordpress.Options{})
	must(t, w.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(tx, db.Query{Name: "test.older", SQL: "UPDATE imported SET source = 'wordpress:http://www.old.example'"})
		return err
	}))
	again := w.importText(export(item(1, "publish", ""), item(2, "publish", "")), wordpress.Options{})
	if first.Posts != 1 || again.Already != 1 || again.Posts != 1 || w.count("SELECT COUNT(DISTINCT source) FROM imported") != 1 {
		t.Errorf("%+v, then %+v", first, again)
	}
}

func TestFilesOfAllKindsComeAndKeepTheirNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	old, _ := oldSite(t)
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	r, err := wordpress.Import(t.Context(), w.Deps, aCase(t, "09-documents", old), wordpress.Options{Fetch: client})
	must(t, err)
	body := w.bodies()["Téléchargements"]
	if r.Fetched != 4 || strings.Contains(body, old) || strings.Count(body, "](/media/") != 4 || !strings.Contains(body, "[voix.mp3](/media/") {
		t.Errorf("%+v: %s", r, body)
	}
	for mime, n := range map[string]int{"audio/mpeg": 1, "application/zip": 1, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 1} {
		if got := w.count("SELECT COUNT(*) FROM media WHERE mime = '" + mime + "'"); got != n {
			t.Errorf("%d files are %s", got, mime)
		}
	}
	w = newWorld(t, db.SQLite)
	r, err = wordpress.Import(t.Context(), w.Deps, aCase(t, "30-links-to-attachment-pages", old), wordpress.Options{Fetch: client})
	must(t, err)
	if body := w.bodies()["Ancien lien"]; strings.Contains(body, old) || strings.Count(body, "![D](/media/") != 2 || r.Fetched != 1 {
		t.Errorf("%+v: %s", r, body)
	}
}

func TestAnAddressIsReplacedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	old, _ := oldSite(t)
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	_, err := wordpress.Import(t.Context(), w.Deps, aCase(t, "02-address-inside-address", old), wordpress.Options{Fetch: client})
	must(t, err)
	body := w.bodies()["Deux hôtes"]
	const elsewhere = "https://ailleurs.example/wp-content/uploads/2015/05/a.png"
	if !strings.HasPrefix(body, "![A](/media/") || !strings.HasSuffix(body, "![B]("+elsewhere+") [lien]("+elsewhere+") `/wp-content/uploads/2015/05/a.png` [page]("+old+"/wp-content/uploads/2015/05/a.png.html)") {
		t.Error(body)
	}
}

func TestPicturesOfFormerHostsAreTheSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	r := w.importText(export(
		item(1, "publish", `<guid>http://avant.example/?p=1</guid><content:encoded><![CDATA[<img src="http://avant.example/wp-content/uploads/a-300x200.jpg"> <img src="http://tiers.example/wp-content/uploads/a.jpg">
<img src="//old.example/wp-content/uploads/a-scaled.jpg"> <img src="http://www.old.example/wp-content/uploads/a-150x150@2x.jpg">
<img src="https://i2.wp.com/old.example/wp-content/uploads/a.jpg?w=3"> <img src="https://i2.wp.com/tiers.example/b.jpg">]]></content:encoded>`),
		item(2, "publish", `<guid>http://tiers.example/?p=77</guid>`),
		attachment(9, "https://old.example/wp-content/uploads/a.jpg", "")), wordpress.Options{})
	if n := note(r, "not_fetched"); n.Count != 1 || !slices.Equal(n.Examples, []string{"https://old.example/wp-content/uploads/a.jpg"}) || note(r, "unused").Count != 0 {
		t.Errorf("%+v", r.Notes)
	}
	if total(r, "foreign_picture") != 2 {
		t.Errorf("%+v", r.Notes)
	}
}

// total is how often a thing of that kind was noted.
func total(r transfer.Report, kind string) (n int) {
	for _, one := range r.Notes {
		if one.Kind == kind {
			n += one.Count
		}
	}
	return n
}

func TestTheMainCategoryIsTheSection(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	const both = `<category domain="category" nicename="a"><![CDATA[A]]></category><category domain="category" nicename="b"><![CDATA[B]]></category>`
	numbered := strings.NewReplacer("<wp:category><wp:category_nicename>a<", "<wp:category><wp:term_id>7</wp:term_id><wp:category_nicename>a<", "<wp:category><wp:category_nicename>b<", "<wp:category><wp:term_id>8</wp:term_id><wp:category_nicename>b<")
	var src strings.Builder
	_, _ = export(item(1, "publish", both+`<wp:postmeta><wp:meta_key>_yoast_wpseo_primary_category</wp:meta_key><wp:meta_value>8</wp:meta_value></wp:postmeta>`),
		item(2, "publish", both+`<wp:postmeta><wp:meta_key>rank_math_primary_category</wp:meta_key><wp:meta_value>99</wp:meta_value></wp:postmeta>`)).WriteTo(&src)
	w.importText(strings.NewReader(numbered.Replace(src.String())), wordpress.Options{})
	all := w.posts()
	if one, two := all["Titre 1"], all["Titre 2"]; !strings.HasSuffix(one.Section, "B") || !slices.Equal(one.Tags, []string{"A"}) || !strings.HasSuffix(two.Section, "A") {
		t.Errorf("%q %q, %q %q", one.Section, one.Tags, two.Section, two.Tags)
	}
}

func TestASummaryShowsNoShortcode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	w.importText(export(item(1, "publish", `<excerpt:encoded><![CDATA[[vc_row]Un <b>mot</b>[/vc_row] [contact-form-7 id="3"] et [sic]]]></excerpt:encoded>`)), wordpress.Options{})
	if got := w.posts()["Titre 1"].Summary; got != "Un mot et [sic]" {
		t.Errorf("%q", got)
	}
}

func TestTheOriginalOfALargePictureLeadsToIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	old, _ := oldSite(t)
	client := fetch.New(fetch.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	up := old + "/wp-content/uploads/"
	w.importText(export(item(1, "publish", `<content:encoded><![CDATA[<img src="`+up+`mur-scaled.jpg" alt="Mur">]]></content:encoded>`), attachment(9, up+"mur-scaled.jpg", "")), wordpress.Options{Fetch: client})
	if n := w.count("SELECT COUNT(*) FROM old_places WHERE kind = 'media' AND path IN ('/wp-content/uploads/mur.jpg', '/wp-content/uploads/mur-scaled.jpg', '/?attachment_id=9')"); n != 3 {
		t.Errorf("%d addresses", n)
	}
}

func TestAPageThatABuilderKeepsElsewhereIsReadOrNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	meta := func(key, value string) string {
		return "<wp:postmeta><wp:meta_key>" + key + "</wp:meta_key><wp:meta_value><![CDATA[" + value + "]]></wp:meta_value></wp:postmeta>"
	}
	const data = `[{"elType":"widget","widgetType":"text-editor","settings":{"editor":"<p>Dès 120 €, <a href=\"https:\/\/e.org\/d\">devis<\/a>.<\/p>"},"elements":[]}]`
	const empty, full = "<content:encoded></content:encoded>", "<content:encoded>Le texte.</content:encoded>"
	r := w.importText(export(item(1, "publish", empty+meta("_elementor_data", data)), item(2, "publish", full+meta("_elementor_data", data)),
		item(3, "publish", empty+meta("_fl_builder_data", `a:1:{i:0;s:3:"mot";}`)), item(4, "publish", empty+meta("_elementor_data", "[]")), item(5, "publish", full+meta("panels_data", `a:1:{}`))), wordpress.Options{})
	bodies := w.bodies()
	if bodies["Titre 1"] != "Dès 120 €, [devis](https://e.org/d)." || bodies["Titre 2"] != "Le texte." {
		t.Errorf("%q, %q", bodies["Titre 1"], bodies["Titre 2"])
	}
	if n := note(r, "builder"); n.Name != "Beaver Builder" || !slices.Equal(n.Examples, []string{"Titre 3"}) || len(r.Notes) != 1 {
		t.Errorf("%+v", r.Notes)
	}
}

// places are where an old address leads, as kind and path.
func (w *world) places(like string) int {
	return w.count("SELECT COUNT(*) FROM old_places WHERE path LIKE '" + like + "'")
}

func TestTheBasesOfListsAreReadFromTheLinksOfTheSite(t *testing.T) {
	t.Parallel()
	const in = `<category domain="category" nicename="bois"><![CDATA[Bois]]></category><category domain="post_tag" nicename="ch%c3%aane"><![CDATA[Chêne]]></category>`
	says := func(html string) string { return "<content:encoded><![CDATA[" + html + "]]></content:encoded>" }
	for name, c := range map[string]struct {
		html  string
		o     wordpress.Options
		leads []string
		not   string
	}{
		"a link to a category and one to a tag": {`<a href="https://old.example/rubrique/atelier/">A</a> <a href='http://www.old.example/sujet/ch%C3%AAne/page/2/'>C</a>`, wordpress.Options{},
			[]string{"/rubrique/bois/", "/rubrique/atelier/bois/", "/rubrique/atelier/", "/sujet/chêne/", "/category/bois/"}, "/sujet/bois/"},
		"below its parents":     {`<a href="/c/atelier/bois/feed/">B</a>`, wordpress.Options{}, []string{"/c/bois/", "/c/atelier/bois/", "/c/atelier/"}, "/atelier/%"},
		"a site below a folder": {`<a href="https://old.example/blog/theme/bois">B</a>`, wordpress.Options{}, []string{"/blog/theme/bois/"}, "/theme/%"},
		"without a base":        {`<a href="https://old.example/atelier/bois/">B</a>`, wordpress.Options{}, []string{"/bois/", "/atelier/bois/"}, "/rubrique/%"},
		"told":                  {``, wordpress.Options{CategoryBase: "/rayon/", TagBase: "mot"}, []string{"/rayon/atelier/bois/", "/mot/chêne/"}, "/mot/bois/"},
		"elsewhere":             {`<a href="https://autre.example/rubrique/bois/">B</a> <a href="https://old.example/2019/03/titre-1/">T</a>`, wordpress.Options{}, []string{"/category/bois/"}, "/rubrique/%"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, db.SQLite)
			w.importText(export(item(1, "publish", in+says(c.html))), c.o)
			for _, path := range c.leads {
				if w.places(path) != 1 {
					t.Errorf("%s leads nowhere", path)
				}
			}
			if n := w.places(c.not); n != 0 {
				t.Errorf("%s leads somewhere, %d times", c.not, n)
			}
		})
	}
}

func TestVersionsInOtherLanguagesAreLinked(t *testing.T) {
	t.Parallel()
	meta := func(key, value string) string {
		return "<wp:postmeta><wp:meta_key>" + key + "</wp:meta_key><wp:meta_value>" + value + "</wp:meta_value></wp:postmeta>"
	}
	polylang := func(lang string) string {
		return `<category domain="language" nicename="` + lang + `"><![CDATA[L]]></category><category domain="post_translations" nicename="pll_5f"><![CDATA[pll_5f]]></category>`
	}
	for name, c := range map[string][2]string{
		"Polylang": {polylang("fr"), polylang("en")},
		"WPML":     {meta("_wpml_import_language_code", "fr") + meta("_wpml_import_translation_group", "7"), meta("_wpml_import_language_code", "en") + meta("_wpml_import_translation_group", "7")},
		"doubles":  {`<category domain="language" nicename="fr"><![CDATA[F]]></category>`, `<category domain="language" nicename="en"><![CDATA[E]]></category>` + meta("_icl_lang_duplicate_of", "1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, db.SQLite)
			r := w.importText(export(item(1, "publish", c[0]), item(2, "publish", c[1]), item(3, "draft", "")), wordpress.Options{})
			all := w.posts()
			fr, en := all["Titre 1"], all["Titre 2"]
			if strings.TrimSpace(fr.Body) != "Un corps n° 1.\n\nEnglish: [Titre 2](/2019/03/titre-2/)" || strings.TrimSpace(en.Body) != "Un corps n° 2.\n\nFrançais: [Titre 1](/2019/03/titre-1/)" || en.Lang != "en" {
				t.Errorf("%q, %q in %s", fr.Body, en.Body, en.Lang)
			}
			if n := note(r, "versions"); n.Count != 2 || n.Name != "en, fr" || strings.Contains(all["Titre 3"].Body, "[") || total(r, "taxonomy") != 0 {
				t.Errorf("%+v", r.Notes)
			}
		})
	}
}

func TestFootnotesWithSlashesLeftOnAreRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	const call = `<content:encoded><![CDATA[<p>Un<sup class="fn" data-fn="x"><a href="#x">1</a></sup></p>]]></content:encoded>`
	r := w.importText(export(item(1, "publish", call+`<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA[[{\"content\":\"Note \\\"citée\\\"\",\"id\":\"x\"}]]]></wp:meta_value></wp:postmeta>`)), wordpress.Options{})
	if got := w.bodies()["Titre 1"]; got != "Un[^1]\n\n[^1]: Note \"citée\"" || len(r.Notes) != 0 {
		t.Errorf("%q, %+v", got, r.Notes)
	}
}
