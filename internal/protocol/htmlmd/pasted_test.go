package htmlmd_test

import (
	"testing"

	"causerie/internal/protocol/htmlmd"

	"github.com/google/go-cmp/cmp"
)

func TestFootnotesPastedFromWritingProgramsAreFootnotes(t *testing.T) {
	t.Parallel()
	const want = "Un mot[^1], un autre[^2].\n\n[^1]: Le *registre*, p. 3.\n\n[^2]: Ibid."
	same(t, htmlmd.Options{}, []example{
		{"Word", `<p>Un mot<a title="" href="#_ftn1" name="_ftnref1">[1]</a>, un autre<a href="#_ftn2" name="_ftnref2"><sup>[2]</sup></a>.</p><hr align="left" size="1" width="33%" /><p><a title="" href="#_ftnref1" name="_ftn1">[1]</a> Le <em>registre</em>, p. 3.</p><p><a href="#_ftnref2" name="_ftn2"><sup>[2]</sup></a> Ibid.</p>`, want},
		{"Word with line ends", "Un mot<a href=\"#_ftn1\">[1]</a>, un autre<a href=\"#_ftn2\">[2]</a>.\n\n<hr />\n\n<a href=\"#_ftnref1\">[1]</a> Le <em>registre</em>, p. 3.\n\n<a href=\"#_ftnref2\">[2]</a> Ibid.", want},
		{"Word, notes on lines of one paragraph", "Un mot<a href=\"#_edn1\">[1]</a>, un autre<a href=\"#_edn2\">[2]</a>.\n\n<a href=\"#_ednref1\">[1]</a> Le <em>registre</em>, p. 3.\n<a href=\"#_ednref2\">[2]</a> Ibid.", want},
		{"Word with the address of the desk", `<p>Un mot<a href="https://old.example/wp-admin/post-new.php#_ftn1">[1]</a>, un autre<a href="file:///C:/a.doc#_ftn2">[2]</a>.</p><div id="ftn1"><p class="MsoFootnoteText"><a href="https://old.example/wp-admin/post-new.php#_ftnref1">[1]</a> Le <em>registre</em>, p. 3.</p></div><div id="ftn2"><p><a href="#_ftnref2">[2]</a> Ibid.</p></div>`, want},
		{"Google Docs", `<p>Un mot<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>, un autre<sup><a href="#ftnt2" id="ftnt_ref2">[2]</a></sup>.</p><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;Le </span><em>registre</em>, p. 3.</p></div><div><p><a href="#ftnt_ref2" id="ftnt2">[2]</a> Ibid.</p></div>`, want},
		{"LibreOffice", `<p>Un mot<sup><a class="sdfootnoteanc" href="#sdfootnote1sym" name="sdfootnote1anc"><sup>1</sup></a></sup>, un autre<sup><a href="#sdfootnote2sym" name="sdfootnote2anc">2</a></sup>.</p><div id="sdfootnote1"><p><a href="#sdfootnote1anc" name="sdfootnote1sym">1</a> Le <i>registre</i>, p. 3.</p></div><div><p><a href="#sdfootnote2anc">2</a> Ibid.</p></div>`, want},
		{"Markdown", `<p>Un mot<sup id="fnref:1"><a href="#fn:1">1</a></sup>, un autre<sup id="fnref:2"><a href="#fn:2">2</a></sup>.</p><div class="footnotes"><hr /><ol><li id="fn:1"><p>Le <em>registre</em>, p. 3.&nbsp;<a href="#fnref:1">↩</a></p></li><li id="fn:2"><p>Ibid. <a href="#fnref:2">↩</a></p></li></ol></div>`, want},
		{"brackets outside of the link", `<p>Un mot [<a href="#_ftn1">1</a>], fin.</p><p>[<a href="#_ftnref1">1</a>] Là.</p>`, "Un mot [^1], fin.\n\n[^1]: Là."},
		{"two paragraphs in a note, called twice", `<p>Un<a href="#_ftn1">[1]</a> deux<a href="#_ftn1">[1]</a></p><div id="ftn1"><p><a href="#_ftnref1">[1]</a> Là.</p><p>Et <a href="https://e.org/a">ici</a>.</p></div><p>Après.</p>`,
			"Un[^1] deux[^1]\n\nAprès.\n\n[^1]: Là. Et [ici](https://e.org/a)."},
		{"no notes: links to parts of the page", `<p><a href="#note1">Voir la note</a>, <a href="#haut">1</a></p><p id="note1">La note.</p>`, "[Voir la note](#note1), [1](#haut)\n\nLa note."},
	})
	got, notes := converted(t, `<p>Un<a href="#_ftn1">[1]</a> mot.</p><p><a href="#_ftnref2">[2]</a> Seule.</p>`, htmlmd.Options{})
	if d := cmp.Diff("Un\\[1] mot.\n\n[\\[2\\]](#_ftnref2) Seule.", got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]htmlmd.Note{{Kind: htmlmd.NoteFootnote, Name: "1", Count: 1}}, notes); d != "" {
		t.Error(d)
	}
}

func TestTextsOfShortcodesSideBySideStayApart(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"two", `[avis]Très bien[/avis][avis]Parfait[/avis]`, "Très bien Parfait"},
		{"three in words", `Avant[avis]Un[/avis][autre]Deux[/autre]Après`, "Avant Un Deux Après"},
		{"without content", `Un[separateur style="x"]Deux[saut_de_ligne]Trois`, "Un Deux Trois"},
		{"a form between", `Un[contact-form-7 id="3"]Deux`, "Un Deux"},
		{"an end of nothing", `Un[/avis]Deux`, "Un Deux"},
		{"inside each other", `[ligne][avis]Un[/avis][avis]Deux <b>et</b>[/avis][avis]<b>trois</b>[/avis][/ligne]4`, "Un Deux **et** **trois** 4"},
		{"parts of a word", `[dropcap]L[/dropcap]e [b]gr[/b]as, [lettrine]U[/lettrine]n`, "Le gras, Un"},
		{"members", `Un[members]Deux[/members]Trois`, "Un Deux Trois"},
		{"punctuation", `(un [avis]mot[/avis], oui)`, "(un mot, oui)"},
	})
}

func TestAPageOfElementorIsWhatReadersSaw(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, want string }{
		"words": {`[{"id":"a","elType":"section","settings":[],"elements":[{"elType":"column","settings":{"_column_size":100},"elements":[
			{"elType":"widget","widgetType":"heading","settings":{"title":"Nos <b>tarifs</b>","header_size":"h1","link":{"url":""}},"elements":[]},
			{"elType":"widget","widgetType":"text-editor","settings":{"editor":"<p>Dès 120&nbsp;€.<\/p>"},"elements":[]},
			{"elType":"widget","widgetType":"button","settings":{"text":"Écrire","link":{"url":"https:\/\/e.org\/c"}},"elements":[]},
			{"elType":"widget","widgetType":"spacer","settings":{},"elements":[]}]}]}]`,
			"## Nos **tarifs**\n\nDès 120\u00a0€.\n\n[Écrire](https://e.org/c)"},
		"entries": {`[{"widgetType":"icon-list","settings":{"icon_list":[{"text":"Chêne","link":{"url":""}},{"text":"Noyer","link":{"url":"https://e.org/n"}}]}},
			{"widgetType":"accordion","settings":{"tabs":[{"tab_title":"Délais ?","tab_content":"<p>Six semaines.</p>"}]}},
			{"widgetType":"testimonial","settings":{"testimonial_content":"Parfait.","testimonial_name":"Ana","testimonial_job":"Notaire"}},
			{"widgetType":"counter","settings":{"ending_number":120,"suffix":"m²","title":"Atelier"}}]`,
			"Chêne\n\n[Noyer](https://e.org/n)\n\n**Délais ?**\n\nSix semaines.\n\nParfait.\n\nAna\n\nNotaire\n\n120m²\n\n**Atelier**"},
		"pictures and films": {`[{"widgetType":"image","settings":{"image":{"id":1,"url":"https://e.org/1.jpg","alt":"Un"},"caption":"Là"}},
			{"widgetType":"image-gallery","settings":{"wp_gallery":[{"id":2,"url":"https://e.org/2.jpg"}]}},
			{"widgetType":"video","settings":{"youtube_url":"https://www.youtube.com/watch?v=abcDEF_12-3"}}]`,
			"![Un](https://e.org/1.jpg)\n\nLà\n\n![](https://e.org/2.jpg)\n\n<https://www.youtube.com/watch?v=abcDEF_12-3>"},
		"slashes left on": {`[{\"widgetType\":\"text-editor\",\"settings\":{\"editor\":\"<p class=\\\"a\\\">L\'atelier<\\/p>\"}}]`, "L'atelier"},
		"nothing":         {`[{"widgetType":"form","settings":{}}]`, ""},
		"no data":         {`{"a":`, ""},
	} {
		got, notes := converted(t, htmlmd.Elementor(c.data), htmlmd.Options{})
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if name == "nothing" && (len(notes) != 1 || notes[0].Name != "elementor/form") {
			t.Errorf("%+v", notes)
		}
	}
}
