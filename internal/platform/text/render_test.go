package text

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRenderMakesWhatThePageNeeds(t *testing.T) {
	t.Parallel()
	media := func(src string) (Image, bool) {
		if src == "/media/1" {
			return Image{Src: "/media/1/960", Width: 960, Height: 640, Srcset: "/media/1/480 480w, /media/1/960 960w", Sizes: "(min-width: 48em) 40em, 100vw"}, true
		}
		return Image{Gone: true}, src == "/media/gone"
	}
	sound := func(href string) (Linked, bool) {
		switch href {
		case "/media/9/original":
			return Linked{Sound: true, Note: "MP3, 2 Mo"}, true
		case "/media/8/original":
			return Linked{Note: "PDF"}, true
		}
		return Linked{}, false
	}
	tests := []struct {
		name, in, want string
		o              Options
	}{
		{"known picture", "![Le plan](/media/1)",
			`<p><img src="/media/1/960" alt="Le plan" width="960" height="640" srcset="/media/1/480 480w, /media/1/960 960w" sizes="(min-width: 48em) 40em, 100vw" loading="lazy" decoding="async"/></p>`, Options{Image: media}},
		{"absolute", "![](/media/1) [x](b?c=1) [y](mailto:a@b.fr) [z](//c.d/)",
			`<p><img src="https://h.fr/media/1/960" alt="" width="960" height="640" srcset="https://h.fr/media/1/480 480w, https://h.fr/media/1/960 960w" sizes="(min-width: 48em) 40em, 100vw" loading="lazy" decoding="async"/> <a href="https://h.fr/a/b?c=1">x</a> <a href="mailto:a@b.fr">y</a> <a href="https://c.d/">z</a></p>`,
			Options{Image: media, Absolute: "https://h.fr/a/p"}},
		{"a picture elsewhere", `Ici ![Le plan](https://a.example/p.png "Vu du ciel") et ![](https://a.example/q.png).`,
			"<p>Ici <a href=\"https://a.example/p.png\" rel=\"noopener\">Le plan</a> — Vu du ciel et .</p>", Options{}},
		{"a picture elsewhere, without a scheme", `![Le plan](//a.example/p.png)`, `<p><a href="//a.example/p.png" rel="noopener">Le plan</a></p>`, Options{}},
		{"a picture elsewhere, alone, linked, without words", "a\n\n[![](https://a.example/p.png)](/grand)\n\n![](https://a.example/p.png)\n\nb", "<p>a</p>\n\n\n<p>b</p>", Options{}},
		{"a picture elsewhere, linked", "[![Le plan](https://a.example/p.png)](/grand)", `<p><a href="/grand">Le plan</a></p>`, Options{}},
		{"a picture of the page's own site", "![Le plan](https://h.fr/p.png)", `<p><img src="https://h.fr/p.png" alt="Le plan" loading="lazy" decoding="async"/></p>`,
			Options{Absolute: "https://h.fr/a"}},
		{"sound elsewhere", `<audio controls><source src="https://a.example/s.mp3"></audio>`,
			`<p><a href="https://a.example/s.mp3" rel="noopener">a.example/s.mp3</a></p>`, Options{}},
		{"sound here", `<audio src="/s.mp3"></audio>`, `<p><audio src="/s.mp3" controls="controls" preload="none"></audio></p>`, Options{}},
		{"figure", `![Le plan](/p.png "Vu du ciel !")`,
			"<figure><img src=\"/p.png\" alt=\"Le plan\" loading=\"lazy\" decoding=\"async\"/><figcaption>Vu du ciel\u202f!</figcaption></figure>", Options{Lang: "fr-FR"}},
		{"linked figure", `[![Le plan](/p.png "Vu")](/grand)`,
			`<figure><a href="/grand"><img src="/p.png" alt="Le plan" loading="lazy" decoding="async"/></a><figcaption>Vu</figcaption></figure>`, Options{}},
		{"a gallery", "![a](/media/1)\n![b](/p.png \"Vu\")\n",
			`<figure class="gallery"><figure><img src="/media/1/960" alt="a" width="960" height="640" srcset="/media/1/480 480w, /media/1/960 960w" sizes="(min-width: 48em) 21rem, 50vw" loading="lazy" decoding="async"/></figure><figure><img src="/p.png" alt="b" loading="lazy" decoding="async"/><figcaption>Vu</figcaption></figure></figure>`,
			Options{Image: media}},
		{"a gallery where line ends are kept", "![a](/a.png)\n![b](/b.png)",
			`<figure class="gallery"><figure><img src="/a.png" alt="a" loading="lazy" decoding="async"/></figure><figure><img src="/b.png" alt="b" loading="lazy" decoding="async"/></figure></figure>`, Options{LineEnds: true}},
		{"two pictures on one line are none", "![a](/a.png) ![b](/b.png)",
			`<p><img src="/a.png" alt="a" loading="lazy" decoding="async"/> <img src="/b.png" alt="b" loading="lazy" decoding="async"/></p>`, Options{}},
		{"pictures with a word are none", "![a](/a.png)\nVoilà",
			"<p><img src=\"/a.png\" alt=\"a\" loading=\"lazy\" decoding=\"async\"/>\nVoilà</p>", Options{}},
		{"a wide picture", `![a](/a.png "{wide} Le port")`,
			`<figure class="wide"><img src="/a.png" alt="a" loading="lazy" decoding="async"/><figcaption>Le port</figcaption></figure>`, Options{}},
		{"a picture beside, without words", `![a](/a.png "{beside}")`, `<figure class="beside"><img src="/a.png" alt="a" loading="lazy" decoding="async"/></figure>`, Options{}},
		{"a place that is none", `![a](/a.png "{tall} x")`, `<figure><img src="/a.png" alt="a" loading="lazy" decoding="async"/><figcaption>{tall} x</figcaption></figure>`, Options{}},
		{"a place in a sentence is not shown", `Voilà ![a](/a.png "{wide} Le port")`, `<p>Voilà <img src="/a.png" alt="a" title="Le port" loading="lazy" decoding="async"/></p>`, Options{}},
		{"a place of a picture elsewhere is not shown", `![a](https://a.example/a.png "{wide} Le port")`, `<p><a href="https://a.example/a.png" rel="noopener">a</a> — Le port</p>`, Options{}},
		{"a place in a gallery is not shown", "![a](/a.png \"{wide} Un\")\n![b](/b.png \"{beside}\")",
			`<figure class="gallery"><figure><img src="/a.png" alt="a" loading="lazy" decoding="async"/><figcaption>Un</figcaption></figure><figure><img src="/b.png" alt="b" loading="lazy" decoding="async"/></figure></figure>`, Options{}},
		{"a picture that is gone", "a ![x](/media/gone) b\n\n![x](/media/gone \"{wide} y\")", "<p>a  b</p>", Options{Image: media}},
		{"classes that authors write", `<figure class="wide"><img src="/a.png"></figure><figure class="x"></figure><p class="wide">x</p>`,
			`<figure class="wide"><img src="/a.png" alt="" loading="lazy" decoding="async"/></figure><figure></figure><p>x</p>`, Options{}},
		{"a recording", `![Entretien](/media/9/original "Avec Paul")`,
			`<figure><audio controls="controls" preload="none" src="/media/9/original" aria-label="Entretien"></audio><figcaption>Avec Paul</figcaption></figure>`, Options{File: sound}},
		{"a recording that a link leads to", "[Entretien avec *Paul*](/media/9/original)",
			`<figure><audio controls="controls" preload="none" src="/media/9/original" aria-label="Entretien avec Paul"></audio><figcaption>Entretien avec Paul</figcaption></figure>`, Options{File: sound}},
		{"a recording in a sentence", "Écoutez [l’entretien](/media/9/original).",
			`<p>Écoutez <a href="/media/9/original">l’entretien</a> <small>(MP3, 2 Mo)</small>.</p>`, Options{File: sound}},
		{"a recording in a feed", "[Entretien](/media/9/original)",
			`<figure><audio controls="controls" preload="none" src="https://h.fr/media/9/original" aria-label="Entretien"></audio><figcaption>Entretien</figcaption></figure>`, Options{File: sound, Absolute: "https://h.fr/a"}},
		{"a document", "Lisez [nos tarifs](/media/8/original). ![Nos tarifs](/media/8/original)",
			`<p>Lisez <a href="/media/8/original">nos tarifs</a> <small>(PDF)</small>. <a href="/media/8/original">Nos tarifs</a> <small>(PDF)</small></p>`, Options{File: sound}},
		{"a recording in a comment", "[x](/media/9/original)", `<p><a href="/media/9/original" rel="nofollow ugc noopener">x</a></p>`, Options{File: sound, Untrusted: true}},
		{"headings", "# Un\n\n##### Deux\n\n# Un\n\n[là](#un) [ici](#ailleurs)",
			"<h3 id=\"h-un\">Un</h3>\n<h6 id=\"h-deux\">Deux</h6>\n<h3 id=\"h-un-2\">Un</h3>\n<p><a href=\"#h-un\">là</a> <a href=\"#ailleurs\">ici</a></p>", Options{HeadingOffset: 2}},
		{"table", "|a|b|\n|:-:|-:|\n|1|2|",
			"<table>\n<thead>\n<tr>\n<th align=\"center\" scope=\"col\">a</th>\n<th align=\"right\" scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"center\">1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>", Options{}},
		{"tasks", "- [x] fait", "<ul>\n<li><span class=\"task\">☑</span> fait</li>\n</ul>", Options{}},
		{"code", "```go\na := \"b\" ; c\n```", "<pre><code class=\"language-go\">a := &#34;b&#34; ; c\n</code></pre>", Options{Lang: "fr"}},
		{"raw HTML of an author", `<aside onclick="x">Un <b>mot</b><script>x</script></aside>`, `<aside>Un <b>mot</b></aside>`, Options{}},
		{"a comment", "# Oui\n<b>a</b>\nb ![i](/j.png)",
			"<p><strong>Oui</strong></p>\n<p>&lt;b&gt;a&lt;/b&gt;<br/>\nb <a href=\"/j.png\" rel=\"nofollow ugc noopener\">i</a></p>", Options{Untrusted: true}},
		{"a comment that attacks", "[x](javascript:alert(1)) <javascript:alert(1)> [y](&#106;avascript:a)", "<p>x javascript:alert(1) y</p>", Options{Untrusted: true}},
		{"address with a blank", `<a href="/un fichier.pdf">x</a>`, `<p><a href="/un%20fichier.pdf">x</a></p>`, Options{}},
	}
	for _, tt := range tests {
		got := strings.TrimSpace(string(Render(tt.in, tt.o).HTML))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
}

func TestNotesAreNamedAndLeadBack(t *testing.T) {
	t.Parallel()
	src := "Un[^n], encore[^n].\n\n[^n]: La note."
	r := Render(src, Options{Lang: "fr-FR", Prefix: "p7", Labels: Labels{Notes: "Notes", Back: "Retour à l’appel"}})
	for _, want := range []string{
		`<sup id="fnref-p7-1"><a class="footnote-ref" href="#fn-p7-1" role="doc-noteref">1</a></sup>`,
		`<sup id="fnref-p7-1-1">`,
		`<section class="footnotes" role="doc-endnotes" aria-label="Notes">`,
		`<li id="fn-p7-1">`,
		`<a class="footnote-back" href="#fnref-p7-1" role="doc-backlink" aria-label="Retour à l’appel 1">`,
		`href="#fnref-p7-1-1"`,
	} {
		if !strings.Contains(string(r.HTML), want) {
			t.Errorf("%s is missing in\n%s", want, r.HTML)
		}
	}
	if want := "Un, encore.\n\nLa note."; r.Text != want {
		t.Errorf("Text = %q, want %q", r.Text, want)
	}
}

func TestRenderMeasures(t *testing.T) {
	t.Parallel()
	r := Render("## Un \"titre\" !\n\nDes `mots` et ![alt](/i.png)\n\n- a\n- b", Options{Absolute: "https://h.fr/p"})
	want := Rendered{HTML: r.HTML, Text: "Un \"titre\" !\n\nDes mots et\n\na\nb", Words: 7, Minutes: 1, FirstImage: "https://h.fr/i.png",
		Headings: []Heading{{Level: 2, ID: "h-un-titre", Text: "Un \"titre\" !"}}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if got := Plain("**Un** [mot](/x)[^1]\n\n[^1]: n"); got != "Un mot\n\nn" {
		t.Errorf("Plain = %q", got)
	}
}

func TestATangledCommentIsShownAsTyped(t *testing.T) {
	t.Parallel()
	src := strings.Repeat("[a](", 1001)
	if got := string(Render(src, Options{Untrusted: true}).HTML); got != "<p>"+src+"</p>" {
		t.Errorf("%.80s", got)
	}
}

func TestTheCommonMarkSuiteComesOutHarmlessAndStable(t *testing.T) {
	t.Parallel()
	var suite []struct {
		Markdown string
		Example  int
	}
	readJSON(t, &suite, "testdata", "markdown", "commonmark-spec.json")
	gfm, err := os.ReadFile(testdata(t, "testdata", "markdown", "gfm-spec.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sources := []string{string(gfm)}
	for _, s := range suite {
		sources = append(sources, s.Markdown)
	}
	for i, src := range sources {
		for _, lang := range []string{"fr-FR", "fr-CA", "en"} {
			for _, p := range []Policy{Article, Comment} {
				out := string(Render(src, Options{Lang: lang, Untrusted: p == Comment}).HTML)
				if why := harm(out, p); why != "" {
					t.Errorf("%d: %s: %q", i, why, out)
				}
				if again := string(Sanitize(out, p)); again != out && len(out) < MaxComment {
					t.Errorf("%d is not stable:\n%q\n%q", i, out, again)
				}
			}
		}
	}
}

// article is 2,000 words of the kind that people write here.
func article() string {
	part := "## L'avis de \"l'expert\" : que faire ?\n\n" +
		strings.Repeat("Aujourd'hui, l'entreprise doit **choisir** : 50 % des clients attendent, dit-on, une \"vraie\" réponse ; et [le reste](/suite) s'en va ! ", 7) +
		"\n\n![Le plan](/media/1 \"Vu du ciel\")\n\n- un point\n- un autre...\n\n> Une citation - brève - de l'auteur[^a].\n\n"
	return strings.Repeat(part, 15) + "[^a]: Une note.\n"
}

func BenchmarkRenderArticle(b *testing.B) {
	src := article()
	for b.Loop() {
		Render(src, Options{Lang: "fr-FR", Absolute: "https://h.fr/p"})
	}
	b.ReportMetric(float64(Words(Plain(src))), "words")
}

func TestBareAddressesRunThroughAccents(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Voir https://fr.wikipedia.org/wiki/Événement.":                      "https://fr.wikipedia.org/wiki/%C3%89v%C3%A9nement",
		"Voir https://mairie.example/actualités/été-2026?thème=bois#début !": "https://mairie.example/actualit%C3%A9s/%C3%A9t%C3%A9-2026?th%C3%A8me=bois#d%C3%A9but",
		"(https://x.example/l’été_(fr))":                                     "https://x.example/l%E2%80%99%C3%A9t%C3%A9_(fr)",
		"« https://x.example/été »":                                          "https://x.example/%C3%A9t%C3%A9",
		"www.exemple.fr/l'été, par exemple":                                  "http://www.exemple.fr/l&#39;%C3%A9t%C3%A9",
		"«https://x.example/été» et":                                         "https://x.example/%C3%A9t%C3%A9",
		"Dit \"https://x.example/été\".":                                     "https://x.example/%C3%A9t%C3%A9",
		"“https://x.example/é”":                                              "https://x.example/%C3%A9",
		"[https://x.example/é]":                                              "https://x.example/%C3%A9",
		"l'adresse:https://x.example/é,":                                     "https://x.example/%C3%A9",
		"(voir:www.x.example:8080/é#ç).":                                     "http://www.x.example:8080/%C3%A9#%C3%A7",
		"HTTPS://X.example/É":                                                "https://X.example/%C3%89",
		"‘https://x.example/été’.":                                           "https://x.example/%C3%A9t%C3%A9",
		"«o'brien@exemple.fr»":                                               "mailto:o&#39;brien@exemple.fr",
		"mailto:a@exemple.fr.":                                               "mailto:a@exemple.fr",
		"à jean@château.example":                                             "mailto:jean@château.example",
		"www.château.example/prix":                                           "http://www.ch%C3%A2teau.example/prix",
		"https://exemple.fr/a?b=1&c=2;":                                      "https://exemple.fr/a?b=1&amp;c=2",
		"https://日本.example/道":                                               "https://%E6%97%A5%E6%9C%AC.example/%E9%81%93",
	} {
		for _, untrusted := range []bool{false, true} {
			got := string(Render(in, Options{Lang: "fr-FR", Untrusted: untrusted}).HTML)
			if !strings.Contains(got, `<a href="`+want+`"`) {
				t.Errorf("%q becomes %s", in, got)
			}
		}
	}
}

func TestWhatIsNoAddressIsNoLink(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"rené@exemple.fr", "`https://x.example/é`", "xhttps://x.example", "a@b", "www.", "javascript://x.example", "    www.x.example/é"} {
		if got := string(Render(in, Options{Lang: "fr-FR"}).HTML); strings.Contains(got, "<a ") {
			t.Errorf("%q becomes %s", in, got)
		}
	}
	if got := string(Render("[www.x.example](https://y.example)", Options{}).HTML); strings.Count(got, "<a ") != 1 {
		t.Errorf("a link in a link: %s", got)
	}
}

// What is typed into a plain box keeps its lines, outside of code, tables and headings too; an article joins them, as Markdown does.
func TestLineEndsOfAPlainBoxAreKept(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, lines, joined string }{
		{"Bonjour,\nMerci.\n\nJeanne\r\n06 00", "<p>Bonjour,<br/>\nMerci.</p>\n<p>Jeanne<br/>\n06 00</p>", "<p>Bonjour,\nMerci.</p>\n<p>Jeanne\n06 00</p>"},
		{"- un\n  deux\n- trois", "<ul>\n<li>un<br/>\ndeux</li>\n<li>trois</li>\n</ul>", "<ul>\n<li>un\ndeux</li>\n<li>trois</li>\n</ul>"},
		{"> cité\n> deux fois", "<blockquote>\n<p>cité<br/>\ndeux fois</p>\n</blockquote>", "<blockquote>\n<p>cité\ndeux fois</p>\n</blockquote>"},
		{"```\na\nb\n```", "<pre><code>a\nb\n</code></pre>", "<pre><code>a\nb\n</code></pre>"},
		{"Bien à vous,\nJeanne\n-- \nEssai SARL\n    2 rue X", "<p>Bien à vous,<br/>\nJeanne<br/>\n--<br/>\nEssai SARL<br/>\n2 rue X</p>", "<h2 id=\"h-bien-a-vous-jeanne\">Bien à vous,\nJeanne</h2>\n<p>Essai SARL\n2 rue X</p>"},
		{"a\n\n\n\nb\r\rc", "<p>a</p>\n<p>b</p>\n<p>c</p>", "<p>a</p>\n<p>b</p>\n<p>c</p>"},
		{"Merci.\n\n    Jeanne\n    Paris", "<p>Merci.</p>\n<p>Jeanne<br/>\nParis</p>", "<p>Merci.</p>\n<pre><code>Jeanne\nParis\n</code></pre>"},
		{"un\rdeux\u2028trois\u0085quatre\u2029cinq", "<p>un<br/>\ndeux<br/>\ntrois<br/>\nquatre</p>\n<p>cinq</p>", "<p>un\ndeux\ntrois\nquatre</p>\n<p>cinq</p>"},
		{"Prix\n=", "<p>Prix<br/>\n=</p>", "<h1 id=\"h-prix\">Prix</h1>"},
		{"fin  \nforcée", "<p>fin<br/>\nforcée</p>", "<p>fin<br/>\nforcée</p>"},
	} {
		for _, o := range []Options{{Lang: "en", LineEnds: true}, {Lang: "en"}} {
			want := tt.joined
			if o.LineEnds {
				want = tt.lines
			}
			if got := strings.TrimSpace(string(Render(tt.in, o).HTML)); got != want {
				t.Errorf("%q, lines %v:\n%s\nwant\n%s", tt.in, o.LineEnds, got, want)
			}
		}
	}
}
