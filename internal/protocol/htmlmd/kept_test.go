package htmlmd_test

import (
	"strings"
	"testing"

	"causerie/internal/protocol/htmlmd"

	"github.com/google/go-cmp/cmp"
)

// converted is the Markdown of an HTML that WordPress keeps, and what the report says of it.
func converted(t *testing.T, src string, o htmlmd.Options) (string, []htmlmd.Note) {
	t.Helper()
	o.WordPress, o.Attachment = true, attachment
	r, err := htmlmd.Convert(src, o)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(r.Markdown), r.Notes
}

type example struct{ name, html, want string }

func same(t *testing.T, o htmlmd.Options, all []example) {
	t.Helper()
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			got, _ := converted(t, c.html, o)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCellsStayUnderTheirHeadings(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"across", `<table><tr><th>Essence</th><th>2023</th><th>2024</th></tr><tr><td colspan="2">Noyer</td><td>120 €</td></tr></table>`,
			"| Essence | 2023 | 2024 |\n|---|---|---|\n| Noyer |  | 120 € |"},
		{"down", `<table><tr><th>Essence</th><th>Taille</th><th>Prix</th></tr><tr><td rowspan="2">Orme</td><td>petit</td><td>10 €</td></tr><tr><td>grand</td><td>20 €</td></tr></table>`,
			"| Essence | Taille | Prix |\n|---|---|---|\n| Orme | petit | 10 € |\n|  | grand | 20 € |"},
		{"down in the last column", `<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td rowspan=2>2</td></tr><tr><td>3</td></tr><tr><td>4</td><td>5</td></tr></table>`,
			"| a | b |\n|---|---|\n| 1 | 2 |\n| 3 |  |\n| 4 | 5 |"},
		{"both ways", `<table><tr><th rowspan="2" colspan="2">a</th><th>b</th></tr><tr><td>1</td></tr><tr><td>2</td><td>3</td><td>4</td></tr></table>`,
			"| a |  | b |\n|---|---|---|\n|  |  | 1 |\n| 2 | 3 | 4 |"},
		{"the sum stands last", `<table><tfoot><tr><td>Total</td><td>9</td></tr></tfoot><tbody><tr><td>a</td><td>9</td></tr></tbody></table>`, "| a | 9 |\n|---|---|\n| Total | 9 |"},
		{"crosswise", `<table><tr><td colspan="2">a</td><td>b</td></tr><tr><td>c</td><td colspan="2">d</td></tr></table>`, "| a |  | b |\n|---|---|---|\n| c | d |  |"},
		{"beyond all reason", `<table><tr><td colspan="9999">a</td></tr><tr><td>b</td><td rowspan="-3">c</td></tr></table>`, "| a |  |\n|---|---|\n| b | c |"},
	})
}

func TestMarksInsideQuotationsAndListsAreText(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"dialogue", "<blockquote>- Bonjour.\n- Bonsoir.</blockquote>", "> \\- Bonjour.  \n> \\- Bonsoir."},
		{"points", "<blockquote>1. Un\n2) Deux</blockquote>", "> 1\\. Un  \n> 2\\) Deux"},
		{"hash", "<blockquote># 1 des ventes</blockquote>", "> \\# 1 des ventes"},
		{"rule", "<blockquote>Total\n-----\n12</blockquote>", "> Total  \n> \\-----  \n> 12"},
		{"twice", "<blockquote><blockquote>+ a\n* b\n> c\n=== d</blockquote></blockquote>", "> > \\+ a  \n> > \\* b  \n> > &gt; c  \n> > \\=== d"},
		{"in a list", "<ul><li>- a</li><li>2. b</li></ul>", "- \\- a\n- 2\\. b"},
		{"none", "<blockquote>Le 3 mai - ou le 4. Voilà + 2</blockquote>", "> Le 3 mai - ou le 4. Voilà + 2"},
	})
}

func TestALineEndIsABreakWhereverItStands(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"span", "Première.<span>\n</span>Seconde.", "Première.  \nSeconde."},
		{"around italic", "Avant.<span>\n</span><em>Milieu (note)</em><span>\n</span>Après.", "Avant.  \n*Milieu (note)*  \nAprès."},
		{"first and last in bold", "Un<strong>\nmot</strong> et<em>\n</em>fin", "Un  \n**mot** et  \nfin"},
		{"last in bold", "<b>Titre\n</b>suite", "**Titre**  \nsuite"},
		{"break last in bold", "<p><b>Titre<br/></b>suite</p>", "**Titre**  \nsuite"},
	})
}

func TestAPowerIsNoOtherNumber(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"powers", "10<sup>6</sup> kg, 25 m<sup>2</sup>, x<sup>n+1</sup>, 10<sup>−3</sup>", "10⁶ kg, 25 m², xⁿ⁺¹, 10⁻³"},
		{"below", "H<sub>2</sub>O, a<sub>n+1</sub>, log<sub>10</sub>", "H₂O, aₙ₊₁, log₁₀"},
		{"ordinals", "1<sup>er</sup>, XX<sup>e</sup>, M<sup>me</sup>", "1er, XXe, Mme"},
		{"what cannot be raised", "2<sup>3x</sup>, a<sub>2,k</sub>", "2^(3x), a\\_(2,k)"},
		{"as a style", `10<span style="vertical-align: super;">6</span>, H<span style="vertical-align:sub">2</span>O`, "10⁶, H₂O"},
		{"letters", "e<sup>x</sup>, log<sub>a</sub>b, x<sub>i</sub>, D<sup>r</sup>, V<sub>max</sub>", "e^(x), log\\_(a)b, xᵢ, Dr, Vmax"},
		{"a call with a link", `mot<sup><a href="https://e.org/1">1</a></sup>`, "mot[1](https://e.org/1)"},
	})
}

func TestNotesKeptBesideAPostAreFootnotes(t *testing.T) {
	t.Parallel()
	src := `<!-- wp:paragraph --><p>Une<sup data-fn="a" class="fn"><a href="#a" id="a-link">1</a></sup>, deux<sup data-fn="b" class="fn"><a href="#b">2</a></sup>, encore<sup data-fn="a" class="fn"><a href="#a">1</a></sup>, rien<sup data-fn="z" class="fn"><a href="#z">4</a></sup>.</p><!-- /wp:paragraph --><!-- wp:footnotes /-->`
	got, notes := converted(t, src, htmlmd.Options{Footnotes: map[string]string{"a": `Source : <em>le registre</em>, <a href="https://e.org/p3">page 3</a>.`, "b": "Vérifié<br>en mai.", "c": "jamais"}})
	want := "Une[^1], deux[^2], encore[^1], rien \\[4].\n\n[^1]: Source : *le registre*, [page 3](https://e.org/p3).\n\n[^2]: Vérifié en mai."
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]htmlmd.Note{{Kind: htmlmd.NoteFootnote, Name: "4", Count: 1}, {Kind: htmlmd.NoteFootnote, Count: 1}}, notes); d != "" {
		t.Error(d)
	}
	same(t, htmlmd.Options{}, []example{{"with spaces around", "mot [ref]a[/ref] suite", "mot [^1] suite\n\n[^1]: a"}, {"of a plugin", "Un[ref]Le <b>registre</b>[/ref] mot.", "Un[^1] mot.\n\n[^1]: Le **registre**"}})
}

func TestSharedBlocksStandInTheirPlace(t *testing.T) {
	t.Parallel()
	o := htmlmd.Options{Block: func(id int64) (string, bool) {
		switch id {
		case 70:
			return `<!-- wp:paragraph --><p>Encart</p><!-- /wp:paragraph --><!-- wp:block {"ref":71} /-->`, true
		case 71:
			return `<!-- wp:block {"ref":71} /--><p>Fond</p>`, true // itself
		}
		return "", false
	}}
	src := "<!-- wp:paragraph --><p>Avant.</p><!-- /wp:paragraph -->\n\n<!-- wp:core/block {\"ref\":70} /-->\n\n<!-- wp:block {\"ref\":9} /-->\n\n<p>Après.</p>"
	got, notes := converted(t, src, o)
	if want := "Avant.\n\nEncart\n\nFond\n\nFond\n\nFond\n\nFond\n\nAprès."; got != want {
		t.Errorf("%q", got)
	}
	if d := cmp.Diff([]htmlmd.Note{{Kind: htmlmd.NoteBlock, Name: "block", Count: 2}}, notes); d != "" {
		t.Error(d)
	}
}

func TestPlayersOfAllYearsLeadWhereOneCanWatch(t *testing.T) {
	t.Parallel()
	const youtube, dailymotion, vimeo = "https://www.youtube.com/watch?v=abcDEF_12-3", "https://www.dailymotion.com/video/x2x92r", "https://vimeo.com/12345678"
	for _, c := range []struct{ html, want string }{
		{`<object width="4"><param name="movie" value="http://www.youtube.com/v/abcDEF_12-3&amp;hl=fr&amp;fs=1"></param><embed src="http://www.youtube.com/v/abcDEF_12-3&amp;hl=fr" type="application/x-shockwave-flash"></embed></object>`, youtube},
		{`<object data="http://www.youtube.com/v/abcDEF_12-3?fs=1&amp;hl=fr_FR"><param name="src" value="http://www.youtube.com/v/abcDEF_12-3" /></object>`, youtube},
		{`<object type="x"><param name="movie" value="//www.youtube.com/v/abcDEF_12-3" /></object>`, youtube},
		{`<iframe src="https://www.youtube-nocookie.com/embed/abcDEF_12-3?start=4"></iframe>`, youtube},
		{`[youtube abcDEF_12-3]`, youtube}, {`[youtube id="abcDEF_12-3" w=3]`, youtube}, {`[su_youtube url="https://www.youtube.com/watch?v=abcDEF_12-3"]`, youtube},
		{`[fusion_youtube id="abcDEF_12-3" width="600"][/fusion_youtube]`, youtube}, {`[et_pb_video src="https://www.youtube.com/watch?v=abcDEF_12-3" /]`, youtube},
		{`<iframe src="https://www.youtube.com/embed/videoseries?list=PL12"></iframe>`, "https://www.youtube.com/playlist?list=PL12"},
		{`<embed src="http://www.dailymotion.com/swf/x2x92r&amp;related=0"></embed>`, dailymotion}, {`<embed src="http://www.dailymotion.com/swf/video/x2x92r"></embed>`, dailymotion},
		{`[dailymotion x2x92r]`, dailymotion}, {`[dailymotion id=x2x92r]`, dailymotion},
		{`<embed src="http://vimeo.com/moogaloop.swf?clip_id=12345678&amp;server=vimeo.com"></embed>`, vimeo}, {`[vimeo 12345678]`, vimeo}, {`[vimeo id="12345678"]`, vimeo},
		{`<object type="application/x-shockwave-flash" data="/dewplayer.swf?mp3=http://e.org/voix.mp3&amp;showtime=1"></object>`, "http://e.org/voix.mp3"},
		{`<embed src="/player.swf" flashvars="file=http://e.org/film.flv&amp;autostart=0">`, "http://e.org/film.flv"},
		{`[kml_flashembed movie="http://www.youtube.com/v/abcDEF_12-3" height="1" /]`, youtube}, {`<embed src="http://www.youtube.com/v/abcDEF_12-3:fr">`, youtube}, {`[vimeo video_id="12345678"]`, vimeo},
		{`<iframe src="https://www.youtube.com/embed/?listType=playlist&amp;list=PL12"></iframe>`, "https://www.youtube.com/playlist?list=PL12"},
		{`[audio:http://e.org/voix.mp3|titles=Voix]`, "http://e.org/voix.mp3"}, {`[flv:http://e.org/film.flv 480 360]`, "http://e.org/film.flv"}, {`[googlevideo=http://video.google.com/videoplay?docid=12]`, "http://video.google.com/videoplay?docid=12"},
		{`[wpvideo AbC123 w=400]`, "https://videopress.com/v/AbC123"}, {`[tweet 123456]`, "https://twitter.com/i/status/123456"}, {`[gist id="12af"]`, "https://gist.github.com/12af"}, {`[gist]12af[/gist]`, "https://gist.github.com/12af"},
		{`[scribd id=12 key=k]`, "https://www.scribd.com/document/12"},
		{`<iframe src="https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&amp;color=f"></iframe>`, "https://soundcloud.com/a/b"},
		{`<object><param name="movie" value="http://video.google.com/googleplayer.swf?docid=-12&amp;hl=fr"></object>`, "https://video.google.com/videoplay?docid=-12"}, {`[googlevideo]-12[/googlevideo]`, "https://video.google.com/videoplay?docid=-12"},
		{`<iframe src="//player.vimeo.com/video/12345678?h=abc123"></iframe>`, vimeo + "/abc123"}, {`<iframe src="about:blank" data-src="https://maps.example/m"></iframe>`, "https://maps.example/m"},
		{`<iframe src="https://open.spotify.com/embed/track/7?x=1"></iframe>`, "https://open.spotify.com/track/7"},
		{`<iframe src="https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fvideos%2F1%2F&amp;show_text=0"></iframe>`, "https://www.facebook.com/a/videos/1/"},
	} {
		if got, _ := converted(t, c.html, htmlmd.Options{}); got != "<"+c.want+">" {
			t.Errorf("%s\n gives %q", c.html, got)
		}
	}
}

func TestWhatAnOldPlayerShowsBesideItsFilmStays(t *testing.T) {
	t.Parallel()
	const film = `<object><param name="movie" value="http://www.dailymotion.com/swf/x1abcd"></param><embed src="http://www.dailymotion.com/swf/x1abcd"></embed><br />`
	same(t, htmlmd.Options{}, []example{
		{"its author", film + `<b><a href="http://www.dailymotion.com/anne">anne</a></b></object>`, "<https://www.dailymotion.com/video/x1abcd>\n\n[**anne**](http://www.dailymotion.com/anne)"},
		{"not Flash", film + `<a href="http://get.adobe.com/flashplayer/">Flash</a></object>`, "<https://www.dailymotion.com/video/x1abcd>"},
	})
}

func TestShortcodesOfBuildersAreWhatReadersSaw(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"Divi", `[et_pb_section admin_label="section"][et_pb_row][et_pb_column type="4_4"][et_pb_text admin_label="Texte"]<p>Bonjour</p>[/et_pb_text][et_pb_blurb title="Sur mesure" url="https://e.org/x" image="https://e.org/1.jpg"]<p>Tout bois.</p>[/et_pb_blurb][et_pb_button button_url="https://e.org/devis" button_text="Demander un devis" /][/et_pb_column][/et_pb_row][/et_pb_section]`,
			"Bonjour\n\n![](https://e.org/1.jpg)\n\n[Sur mesure](https://e.org/x)\n\nTout bois.\n\n[Demander un devis](https://e.org/devis)"},
		{"Divi number", `[et_pb_number_counter title="Chaises" number="120" percent_sign="off" /]`, "**Chaises**\n\n120"},
		{"WPBakery", `[vc_row][vc_column][vc_custom_heading text="Nos tarifs" font_container="tag:h2"][vc_single_image image="1" img_size="full"][vc_btn title="Écrire" link="url:https%3A%2F%2Fe.org%2Fa|title:Nous%20%C3%A9crire||"][vc_gallery images="1,2"][/vc_column][/vc_row]`,
			"Nos tarifs\n\n![Un](https://e.org/1.jpg \"Première\")\n\n[Écrire](https://e.org/a)\n\n![Un](https://e.org/1.jpg \"Première\")\n\n![](https://e.org/2.jpg)"},
		{"encoded", `[vc_raw_html]JTNDcCUzRUJvbmpvdXIlM0MlMkZwJTNF[/vc_raw_html]`, "Bonjour"},
		{"Shortcodes Ultimate", `[su_button url="https://e.org/d" style="flat"]Devis[/su_button][su_spoiler title="Délais ?"]Six semaines.[/su_spoiler]`, "[Devis](https://e.org/d)\n\n**Délais ?**\n\nSix semaines."},
		{"Enfold", `[av_heading heading='Atelier' tag='h3' style=''][/av_heading][av_button label='Venir' link='manually,https://e.org/v' link_target='']`, "**Atelier**\n\n[Venir](https://e.org/v)"},
		{"numbers", `[fusion_counter_box value="45" unit="%"]Clients[/fusion_counter_box][vc_pie value="80" label_value="80%" title="Bois"][vc_progress_bar values="%5B%7B%22label%22%3A%22Orme%22%2C%22value%22%3A%2290%22%7D%5D"]`,
			"45%\n\nClients\n\n**Bois**\n\n80%\n\nOrme 90"},
		{"a button with words beside it", `[et_pb_slide heading="Noyer" button_text="Voir" button_link="https://e.org/s"]Massif[/et_pb_slide][references /]`, "**Noyer**\n\n[Voir](https://e.org/s)\n\nMassif"},
		{"a header with two buttons, somebody with a page elsewhere", `[et_pb_fullwidth_header title="Bienvenue" button_one_text="Un" button_one_url="/un" button_two_text="Deux" button_two_url="/deux"][/et_pb_fullwidth_header][fusion_person name="Luc Aubin" title="Chef" facebook_url="https://facebook.com/luc"]Bio[/fusion_person]`,
			"**Bienvenue**\n\n[Un](/un)\n\n[Deux](/deux)\n\n**Chef**\n\nLuc Aubin\n\n<https://facebook.com/luc>\n\nBio"},
		{"a picture that is the content, one from elsewhere", `[fusion_imageframe link="https://e.org/l"]https://e.org/f.jpg[/fusion_imageframe][vc_single_image source="external_link" custom_src="https://e.org/z.jpg"]`, "[![](https://e.org/f.jpg)](https://e.org/l)\n\n![](https://e.org/z.jpg)"},
		{"a frame and documents alone", "[pdf-embedder url=\"https://e.org/a.pdf\"]\n\n[advanced_iframe src=\"https://e.org/c\" width=3]", "<https://e.org/a.pdf>\n\n<https://e.org/c>"},
		{"tabs that are named in their list", "[tabs tab1=\"Le bois\" tab2=\"Prix\"][tab id=1]A[/tab][tab id=2]B[/tab][/tabs]", "**Le bois**\n\n**Prix**\n\nA\n\nB"},
		{"words that one points at", `Un [tooltip text="aide"]mot[/tooltip], un <b>[popover title="Tenon" content="bout de bois"]tenon[/popover]</b>.`, "Un mot (aide), un **tenon (Tenon, bout de bois)**."},
		{"words under other names", `[fusion_flip_box title_front="Face avant" title_front_color="Dark Red" text_front="Du chêne"]dos[/fusion_flip_box][vc_icon link="url:https%3A%2F%2Fe.org%2Fi"][fusion_progress percentage="90" unit="%"]Orme[/fusion_progress][av_testimonial_single name='Anne B' link='https://e.org/x' linktext='son site']Bien[/av_testimonial_single]`,
			"Du chêne\n\nFace avant\n\ndos\n\n<https://e.org/i>\n\n90%\n\nOrme\n\n**Anne B**\n\n[son site](https://e.org/x)\n\nBien"},
		{"forms of all makers", "[metform form_id=\"3\"]\n[ws_form id=\"1\"]\n[mailerlite_form form_id=1]\nFin", "Fin"},
		{"words in brackets beside bold", "<p>Du <b>bois</b> [sic]</p><p>[sic]<i> dit-il</i></p>", "Du **bois** \\[sic]\n\n\\[sic] *dit-il*"},
		{"forms", "Écrivez :\n[gravityform id=\"1\" title=\"false\"]\n[contact-form][contact-field label=\"Nom\" type=\"name\" /][/contact-form]\nMerci.", "Écrivez :  \nMerci."},
		{"one after the other", "[vc_column]Un[/vc_column][testimonials][vc_column]Deux [sic][/vc_column]", "Un\n\nDeux \\[sic]"},
		{"nothing to read", "Avant\n\n[sitemap]\n\n[recent-posts count=5]\n\nAprès", "Avant\n\nAprès"},
		{"a sentence in brackets", `Merci à lui [et à qui dit <a href="https://e.org/x">cela</a> bien] et [voir p=3 du livre] fin.`, "Merci à lui \\[et à qui dit [cela](https://e.org/x) bien] et \\[voir p=3 du livre] fin."},
		{"words in brackets", "Il dit [sic], puis [suite] et [Note].\n\n[Suite]\n\n[à suivre]", "Il dit \\[sic], puis \\[suite] et \\[Note].\n\n\\[Suite]\n\n\\[à suivre]"},
	})
	_, notes := converted(t, `[wpforms id="3"] [sitemap x="y"] [box title="A"]b[/box] [members]Secret[/members]`, htmlmd.Options{})
	if d := cmp.Diff([]htmlmd.Note{{Kind: htmlmd.NoteForm, Name: "wpforms", Count: 1}, {Kind: htmlmd.NoteLeftOut, Name: "sitemap", Count: 1},
		{Kind: htmlmd.NoteShortcode, Name: "box", Count: 1}, {Kind: htmlmd.NoteMembers, Name: "members", Count: 1}}, notes); d != "" {
		t.Error(d)
	}
}

func TestWhatStandsCloseStaysApartAndWhole(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"picture and words", `<img src="a.jpg" alt="A">Suite <a href="https://e.org/p"><img src="b.jpg" alt="B"></a>Ces mots<img src="c.jpg" title="C"><a href="https://e.org">Lien</a>`,
			"![A](a.jpg) Suite [![B](b.jpg)](https://e.org/p) Ces mots ![C](c.jpg) [Lien](https://e.org)"},
		{"a link of one line in brackets", `Voir <a href="https://e.org/g">[plan]</a> et <a href="https://e.org/h"><b>[menu]</b></a>`, "Voir [\\[plan\\]](https://e.org/g) et [**\\[menu\\]**](https://e.org/h)"},
		{"an address letter by letter", `<a href="https://e.org/s?q=a+b,c:d/e&amp;l=%C3%A9&amp;x#f">ici</a>`, "[ici](https://e.org/s?q=a+b,c:d/e&l=%C3%A9&x#f)"},
		{"a link that shows an icon", `<a href="https://e.org/f"><i class="fa fa-x"></i></a><a href="https://e.org/g" aria-label="Notre page"><svg></svg></a>Suite <a href="https://e.org/h"> </a>`,
			"<https://e.org/f> [Notre page](https://e.org/g) Suite"},
		{"parts of a picture, an icon of a block", `<map name="m"><area href="https://e.org/nord" alt="Nord"><area href="https://e.org/sud"></map><!-- wp:social-link {"url":"https://e.org/f","service":"x"} /-->`, "[Nord](https://e.org/nord) [https://e.org/sud](https://e.org/sud)\n\n<https://e.org/f>"},
		{"a picture with a set only", `<img srcset="https://e.org/a.jpg 300w, https://e.org/b.jpg 600w" alt="A">`, "![A](https://e.org/a.jpg)"},
		{"a picture that opens another", `<a href="https://e.org/plan.png"><img src="https://e.org/plan_thumb.png" alt="P"></a> <a href="https://www.e.org/a.jpg?w=9"><img src="https://e.org/a-300x200.jpg" alt="A"></a>`,
			"[![P](https://e.org/plan_thumb.png)](https://e.org/plan.png) ![A](https://e.org/a-300x200.jpg)"},
		{"a link that ends in a space", `<a href="https://e.org/c">https://e.org/c&nbsp;</a>de lui`, "<https://e.org/c> de lui"},
		{"names of characters", "Écrivez &amp;nbsp; ou &amp;#233; et <code>&amp;amp;</code>, R&amp;D; AT&amp;T", "Écrivez &amp;nbsp; ou &amp;#233; et `&amp;`, R&amp;D; AT&T"},
		{"address with brackets", "Voir https://e.org/Chien_(animal) ici", `Voir [https://e.org/Chien\_(animal)](https://e.org/Chien_%28animal%29) ici`},
		{"other schemes", `<a href="ftp://e.org/x">Le serveur</a> et <a href="mailto:a@e.org">nous</a>`, "Le serveur (ftp://e.org/x) et [nous](mailto:a@e.org)"},
		{"links in code", `<pre>Voir <a href="https://e.org/a">là</a></pre><p><code>x <a href="https://e.org/b">ici</a></code></p>`, "```\nVoir là\n```\n\n[là](https://e.org/a)\n\nx [ici](https://e.org/b)"},
		{"code in a quotation", "<blockquote>a\n[php]\nx\n\n&lt;td&gt;\n[/php]</blockquote>", "> a\n> \n> ```\n> x\n> \n> <td>\n> ```"},
	})
}
