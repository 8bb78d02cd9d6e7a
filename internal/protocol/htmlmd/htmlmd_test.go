package htmlmd_test

import (
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/fault"
	"causerie/internal/protocol/htmlmd"

	"github.com/google/go-cmp/cmp"
)

func attachment(id int64) (url, alt, caption string, ok bool) {
	switch id {
	case 1:
		return "https://e.org/1.jpg", "Un", "Première", true
	case 2:
		return "https://e.org/2.jpg", "", "", true
	}
	return "", "", "", false
}

func TestWordPressConventionsBecomeMarkdown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, html, want string }{
		{"paragraphs from line ends", "Un\ndeux\n\nTrois <em>quatre</em>\n<h2>Titre</h2>\nCinq", "Un  \ndeux\n\nTrois *quatre*\n\n## Titre\n\nCinq"},
		{"line ends in blocks", "<div>Un\n\nDeux</div>\n<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>", "Un\n\nDeux\n\n- a\n- b  \n  c"},
		{"block comments", "<!-- wp:paragraph -->\n<p>Un\ndeux</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:heading -->\n<h2>T</h2>\n<!-- /wp:heading -->", "Un deux\n\n## T"},
		{"text between blocks", "<!-- wp:paragraph --><p>Un</p><!-- /wp:paragraph -->\n\nLibre\n\nEncore", "Un\n\nLibre\n\nEncore"},
		{"caption", `[caption id="a_1" align="alignnone" width="3"]<a href="https://e.org/a.jpg"><img src="a.jpg" alt="Alt" title="x" class="size-full"></a> Une "légende"[/caption]`, `![Alt](a.jpg "Une &quot;légende&quot;")`},
		{"old caption", `[caption caption="Les <b>mots</b>"]<img src="a.jpg" alt="">[/caption]`, `![](a.jpg "Les mots")`},
		{"figure", `<figure class="wp-block-image"><img src="a.jpg" alt="A [b]"/><figcaption>Un <em>mot</em></figcaption></figure>`, `![A \[b\]](a.jpg "Un mot")`},
		{"caption with a link", `<figure><img src="a.jpg"/><figcaption>Par <a href="https://e.org">Zoé</a></figcaption></figure>`, "![](a.jpg)\n\nPar [Zoé](https://e.org)"},
		{"gallery", `[gallery ids="1,2,9" columns="2"]`, "![Un](https://e.org/1.jpg \"Première\")\n\n![](https://e.org/2.jpg)"},
		{"gallery of blocks", `<!-- wp:gallery --><figure class="wp-block-gallery"><ul class="blocks-gallery-grid"><li class="blocks-gallery-item"><figure><img src="1.jpg"/><figcaption>Un</figcaption></figure></li><li class="blocks-gallery-item"><figure><img src="2.jpg"/></figure></li></ul><figcaption>Tout</figcaption></figure><!-- /wp:gallery -->`,
			"![](1.jpg \"Un\")\n\n![](2.jpg)\n\nTout"},
		{"frame", `<iframe src="https://www.youtube.com/embed/abc?rel=0"></iframe>`, "<https://www.youtube.com/watch?v=abc>"},
		{"address alone", "Voyez\n\nhttps://twitter.com/a_b/status/1_2_3\n\nsuite", "Voyez\n\n<https://twitter.com/a_b/status/1_2_3>\n\nsuite"},
		{"address in text", "Voyez https://e.org/a_b_c. Oui", "Voyez <https://e.org/a_b_c>. Oui"},
		{"players", "[audio src=\"https://e.org/a.mp3\"]\n\n[video width=\"3\" mp4=\"https://e.org/a.mp4\"][/video]\n\n[embed]https://e.org/v[/embed]\n\n[youtube=https://youtu.be/x&w=3]",
			"<https://e.org/a.mp3>\n\n<https://e.org/a.mp4>\n\n<https://e.org/v>\n\n<https://youtu.be/x&w=3>"},
		{"next page", "Un\n<!--nextpage-->\nDeux", "Un\n\n***\n\nDeux"},
		{"a form", `Avant [contact-form-7 id="12" title="Formulaire"] après`, `Avant après`},
		{"unknown shortcode around", `[vc_row][vc_column width="1/2"]Du texte[/vc_column][/vc_row]`, "Du texte"},
		{"shortcode with a title", "[toggle title=\"Une question\"]Une réponse[/toggle]", "**Une question**\n\nUne réponse"},
		{"escaped shortcode", "Tapez [[gallery]] ici", `Tapez \[gallery] ici`},
		{"shortcode in code", `<pre>[gallery ids="1"]</pre>`, "```\n[gallery ids=\"1\"]\n```"},
		{"code shortcode", "[sourcecode lang=\"php\"]\nif (a < b) {\n\n  [x]\n}\n[/sourcecode]", "```\nif (a < b) {\n\n  [x]\n}\n```"},
		{"words in brackets", "Il a dit [sic] et [Note de la rédaction] [1].", `Il a dit \[sic] et \[Note de la rédaction] \[1].`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := htmlmd.Convert(c.html, htmlmd.Options{WordPress: true, Attachment: attachment})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, strings.TrimSpace(r.Markdown)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPlainHTMLBecomesMarkdown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, html, want string }{
		{"line ends are spaces", "<p>Un\ndeux</p>\n\n<p>[gallery]</p>", "Un deux\n\n\\[gallery]"},
		{"table", "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1<br>un</td><td><p>2 | x</p><p>y</p></td></tr></tbody></table>", "| A | B |\n|---|---|\n| 1 un | 2 \\| x y |"},
		{"layout table", "<table><tr><td><h2>T</h2></td><td>Texte</td></tr></table>", "## T\n\nTexte"},
		{"definition list", "<dl><dt>Mot</dt><dd>Le sens</dd></dl>", "**Mot**\n\nLe sens"},
		{"small things", "<p>H<sub>2</sub>O, <abbr title=\"x\">ONU</abbr>, <small>petit</small>, <q>cité</q>, <del>ôté</del></p>", "H₂O, ONU, petit, “cité”, ~~ôté~~"},
		{"code", "<pre><code>a  &lt; b\n\n\n  c</code></pre>", "```\na  < b\n\n\n  c\n```"},
		{"quote", "<blockquote><p>Mot</p><cite>Elle</cite></blockquote>", "> Mot\n> \n> Elle"},
		{"styles", `<p><span style="font-weight:700">gras</span> <span style="font-style: italic">penché</span></p>`, "**gras** *penché*"},
		{"linked block", `<a href="https://e.org/x y"><h3>Titre</h3><p>Texte</p></a>`, "[Titre Texte](https://e.org/x%20y)"},
		{"dangerous links", `<a href="javascript:alert(1)">Non</a> <img src="data:image/png;base64,xx" alt="Dessin">`, "Non Dessin"},
		{"late pictures", `<p><img src="data:image/gif;base64,x" data-src="https://e.org/a (1).jpg" alt="A"></p>`, "![A](https://e.org/a%20%281%29.jpg)"},
		{"scripts", "<p>a</p><script>b</script><style>c</style><form><label>Nom <input name=x></label></form>", "a\n\nNom"},
		{"tight emphasis", "<p><strong>Attention :</strong>suite mot<em>« x »</em> <b>oui !</b> non</p>", "**Attention** :suite mot« *x »* **oui !** non"},
		{"two buttons", `<a href="a.pdf">Lire</a><a href="a.pdf">Télécharger</a>`, "[Lire](a.pdf) [Télécharger](a.pdf)"},
		{"cover", `<div class="wp-block-cover" style="background-image:url(https://e.org/a.jpg)"><p>Mot</p></div>`, "![](https://e.org/a.jpg)\n\nMot"},
		{"marks in text", "<p>1. non * pas _ça_ # ni &lt;b&gt; cela</p>", `1\. non * pas \_ça_ # ni &lt;b&gt; cela`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := htmlmd.Convert(c.html, htmlmd.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, strings.TrimSpace(r.Markdown)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestMoreIsRemovedAndItsPlaceTold(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"Chapô.\n\n<!--more-->\n\nSuite.":       "Chapô.",
		"Chapô.<!--more Lire la suite-->Suite.": "Chapô.",
		"<!-- wp:paragraph --><p>A</p><!-- /wp:paragraph -->\n<!-- wp:more -->\n<!--more-->\n<!-- /wp:more --><p>B</p>": "A",
		"<!--more-->Tout": "",
		"Rien":            "",
	} {
		r, err := htmlmd.Convert(src, htmlmd.Options{WordPress: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Markdown[:r.More]; got != want || strings.ContainsRune(r.Markdown, '\uE5AD') {
			t.Errorf("%q: %q of %q", src, got, r.Markdown)
		}
	}
}

func TestWhatWasNotUnderstoodIsToldWithPicturesAndLinks(t *testing.T) {
	t.Parallel()
	src := `<!-- wp:latest-posts {"a":1} /--><!-- wp:acme/box --><p>x <a href="https://e.org/a">a</a> <a href="#b">b</a></p><!-- /wp:acme/box -->
<p><img src="1.jpg"><img src="1.jpg"></p><p>[contact-form id=1] [sic]</p><iframe src="//player.vimeo.com/video/12"></iframe><script>x</script>[gallery ids="9"]`
	r, err := htmlmd.Convert(src, htmlmd.Options{WordPress: true, Attachment: attachment})
	if err != nil {
		t.Fatal(err)
	}
	want := map[htmlmd.Note]bool{
		{Kind: htmlmd.NoteForm, Name: "contact-form", Count: 1}: true, {Kind: htmlmd.NoteLeftOut, Name: "gallery", Count: 1}: true,
		{Kind: htmlmd.NoteBlock, Name: "latest-posts", Count: 1}: true, {Kind: htmlmd.NoteBlock, Name: "acme/box", Count: 1}: true,
		{Kind: htmlmd.NoteEmbed, Name: "vimeo.com", Count: 1}: true, {Kind: htmlmd.NoteElement, Name: "script", Count: 1}: true,
		{Kind: htmlmd.NoteImage, Name: "unknown", Count: 1}: true,
	}
	got := map[htmlmd.Note]bool{}
	for _, n := range r.Notes {
		got[n] = true
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"1.jpg"}, r.Images); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"https://e.org/a", "https://vimeo.com/12"}, r.Links); d != "" {
		t.Error(d)
	}
}

func TestHostileHTMLIsBounded(t *testing.T) {
	t.Parallel()
	if _, err := htmlmd.Convert(strings.Repeat("a", htmlmd.MaxHTML+1), htmlmd.Options{}); !fault.Is(err, fault.KindTooLarge) {
		t.Errorf("too long: %v", err)
	}
	for name, src := range map[string]string{
		"quotes":     strings.Repeat("<blockquote>", 300) + strings.Repeat("a<br>", 5_000),
		"lists":      strings.Repeat("<ul><li>", 200) + strings.Repeat("a<br>", 5_000),
		"shortcodes": strings.Repeat("[a][b x='", 5_000),
		"nested":     strings.Repeat("[a]", 20_000) + "mot" + strings.Repeat("[/a]", 20_000),
		"spans":      "<table><tr><td colspan=1000>a<td colspan=1000>b</tr>" + strings.Repeat("<tr><td rowspan=60000>x<td>y", 1000),
		"brackets":   strings.Repeat("[", 100_000),
		"emphasis":   strings.Repeat("<b><i>a", 5_000),
		"lines":      strings.Repeat("a\n", 40_000),
	} {
		start := time.Now()
		r, err := htmlmd.Convert(src, htmlmd.Options{WordPress: true})
		if len(r.Markdown) > 200*len(src)+1000 {
			t.Errorf("%s: %d bytes became %d", name, len(src), len(r.Markdown))
		}
		if err != nil || strings.TrimSpace(r.Markdown) == "" {
			t.Errorf("%s: %d bytes of Markdown, %v", name, len(r.Markdown), err)
		}
		t.Logf("%s: %v", name, time.Since(start).Round(time.Millisecond))
	}
}
