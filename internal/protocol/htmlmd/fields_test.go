package htmlmd_test

import (
	"testing"

	"causerie/internal/protocol/htmlmd"

	"github.com/google/go-cmp/cmp"
)

func TestFieldsOfABlockAreWhatReadersSaw(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"words, a name, a picture", `<!-- wp:acf/testimonial {"id":"block_5f","name":"acf/testimonial","data":{"quote":"Un travail soigné.","_quote":"field_1","author":"Anne, 2019","_author":"field_2","image":2,"_image":"field_3","color":"red"},"mode":"preview"} /-->`,
			"Un travail soigné.\n\nAnne, 2019\n\n![](https://e.org/2.jpg)"},
		{"rows, HTML, a link, a number, switches", `<!-- wp:acf/list {"data":{"rows_0_title":"Chêne","_rows_0_title":"field_1","rows_0_text":"\u003cp\u003eDu \u003cb\u003ebois\u003c/b\u003e [sic]\u003c/p\u003e","rows_1_title":"Orme","rows":2,"rows_1_parts":"3","rows_1_parts_0_name":"Pied","rows_0_parts":"2","rows_0_parts_0_name":"Dos","link":{"title":"Voir","url":"https://e.org/v","target":""},"year":"1998","shown":"1","style":"wide-dark"},"align":""} --><p>Dedans</p><!-- /wp:acf/list -->`,
			"Chêne\n\nDu **bois** \\[sic]\n\nOrme\n\nPied\n\nDos\n\n[Voir](https://e.org/v)\n\n1998\n\nDedans"},
		{"beside the name", `<!-- wp:lazyblock/client {"nom":"Anne Le Goff","mot":"Bravo !\nMerci","photo":"%7B%22alt%22%3A%22Anne%22%2C%22url%22%3A%22https%3A%2F%2Fe.org%2Fa.jpg%22%7D","blockId":"Z1","blockUniqueClass":"lazyblock-client-Z1"} /-->`,
			"Anne Le Goff\n\nBravo !  \nMerci\n\n![Anne](https://e.org/a.jpg)"},
		{"a shortcode in a field", `<!-- wp:acf/form {"data":{"code":"[contact-form-7 id=\u00223\u0022]","title":"Écrivez"}} /-->`, "Écrivez"},
	})
	_, notes := converted(t, `<!-- wp:acf/map {"data":{"_a":"field_1","zoom":"1"}} /--><!-- wp:acf/quote {"data":{"q":"Du bois."}} /-->`, htmlmd.Options{})
	if d := cmp.Diff([]htmlmd.Note{{Kind: htmlmd.NoteShortcode, Name: "acf/quote", Count: 1}, {Kind: htmlmd.NoteBlock, Name: "acf/map", Count: 1}}, notes); d != "" {
		t.Error(d)
	}
}

func TestASharedBlockSaysWhatItsPostSays(t *testing.T) {
	t.Parallel()
	o := htmlmd.Options{Block: func(id int64) (string, bool) {
		return `<!-- wp:heading {"metadata":{"name":"Titre","bindings":{"__default":{"source":"core/pattern-overrides"}}}} --><h2 class="x">Modèle</h2><!-- /wp:heading -->
<!-- wp:paragraph {"metadata":{"name":"Mot"}} --><p>Mot du modèle.</p><!-- /wp:paragraph --><!-- wp:paragraph --><p>Commun.</p><!-- /wp:paragraph -->
<!-- wp:button {"metadata":{"name":"Bouton"}} --><div class="wp-block-button"><a class="wp-block-button__link" href="https://e.org/m">Modèle</a></div><!-- /wp:button -->
<!-- wp:image {"metadata":{"name":"Image"}} --><figure class="wp-block-image"><img src="https://e.org/m.jpg" alt="M"/></figure><!-- /wp:image -->`, id == 7
	}}
	same(t, o, []example{
		{"otherwise", `<!-- wp:block {"ref":7,"content":{"Titre":{"content":"Le \u003cem\u003echêne\u003c/em\u003e"},"Bouton":{"text":"Devis","url":"https://e.org/d"},"Image":{"url":"https://e.org/c.jpg","alt":"C"},"Autre":{"content":"x"}}} /-->`,
			"## Le *chêne*\n\nMot du modèle.\n\nCommun.\n\n[Devis](https://e.org/d)\n\n![C](https://e.org/c.jpg)"},
		{"as it is", `<!-- wp:block {"ref":7} /-->`, "## Modèle\n\nMot du modèle.\n\nCommun.\n\n[Modèle](https://e.org/m)\n\n![M](https://e.org/m.jpg)"},
		{"nothing said", `<!-- wp:block {"ref":7,"content":[]} /-->`, "## Modèle\n\nMot du modèle.\n\nCommun.\n\n[Modèle](https://e.org/m)\n\n![M](https://e.org/m.jpg)"},
	})
}

func TestTheNumbersOfAListAreThoseThatReadersSaw(t *testing.T) {
	t.Parallel()
	same(t, htmlmd.Options{}, []example{
		{"down", `<ol reversed><li>a</li><li>b</li></ol>`, "2\\. a\n\n1\\. b"},
		{"over a gap", `<ol start="5"><li>cinq</li><li value="9">neuf</li><li>dix</li></ol>`, "5\\. cinq\n\n9\\. neuf\n\n10\\. dix"},
		{"letters", `<ol type="a"><li>un</li><li>deux</li></ol>`, "a. un\n\nb. deux"},
		{"Roman, in blocks", `<ol style="list-style-type: upper-roman"><li>Un<ul><li>x</li></ul></li><li><p>Deux</p></li></ol>`, "I. Un\n\n- x\n\nII. Deux"},
		{"from the first value", `<ol><li value="3">trois</li><li>quatre</li></ol>`, "3. trois\n4. quatre"},
		{"plain", `<ol type="1" start="4"><li>quatre</li><li>cinq</li></ol>`, "4. quatre\n5. cinq"},
		{"the twenty-seventh letter", `<ol type="A" start="27"><li>x</li></ol>`, "AA. x"},
		{"four", `<ol type="i" start="4"><li>x</li></ol>`, "iv. x"},
	})
}
