package compare

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

var say = Labels{}

func TestADifferenceIsReadByWords(t *testing.T) {
	for _, c := range []struct{ name, was, is, want string }{
		{"nothing", "<p>Un mot.</p>", "<p>Un mot.</p>", "<p>Un mot.</p>"},
		{"a word", "<p>Le devis est prêt demain.</p>", "<p>Le devis est envoyé demain.</p>", "<p>Le devis est <del>prêt</del> <ins>envoyé</ins> demain.</p>"},
		{"a paragraph more", "<p>Un.</p>", "<p>Un.</p><p>Deux et trois.</p>", "<p>Un.</p><p><ins>Deux et trois.</ins></p>"},
		{"a paragraph less", "<p>Un.</p><p>Deux.</p>", "<p>Un.</p>", "<p>Un.</p><p><del>Deux.</del></p>"},
		{"a title", "<p>Un mot</p>", "<h2>Un mot</h2>", "<h2>Un mot</h2>"},
		{"two become one", "<p>Un.</p><p>Deux.</p>", "<p>Un. Deux.</p>", "<p>Un. <del>¶</del></p><p>Deux.</p>"},
		{"bold", "<p>Un grand jour ici</p>", "<p>Un <strong>grand</strong> jour ici</p>", "<p>Un <del>grand</del> <ins><strong>grand</strong></ins> jour ici</p>"},
		{"a list", "<ul><li>a</li><li>c</li></ul>", "<ul><li>a</li><li>b</li><li>c</li></ul>", "<ul><li>a</li><li><ins>b</ins></li><li>c</li></ul>"},
		{"where a link leads", `<p>Voir <a href="/a">ici</a>.</p>`, `<p>Voir <a href="/b">ici</a>.</p>`, "<p>Voir <u>ici</u><del> (/a)</del><ins> (/b)</ins>.</p>"},
		{"a picture", `<p>x</p>`, `<p>x</p><figure><img src="/media/a/960" alt="La &lt;scie&gt;"></figure>`, `<p>x</p><p><ins><span class="diff-picture">La &lt;scie&gt;</span></ins></p>`},
		{"what looks like markup", "<p>a</p>", "<p>&lt;script&gt;b</p>", "<p><del>a</del> <ins>&lt;script&gt;b</ins></p>"},
		{"a lone word between", "<p>un deux trois quatre</p>", "<p>six deux sept quatre</p>", "<p><del>un deux trois</del> <ins>six deux sept</ins> quatre</p>"},
		{"code", "<pre><code>a  b\nc</code></pre>", "<pre><code>a  b\nd</code></pre>", "<pre><code>a</code><code>  </code><code>b</code><code>\n</code><del><code>c</code></del><ins><code>d</code></ins></pre>"},
	} {
		if got := HTML(c.was, c.is, say); string(got.HTML) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got.HTML, c.want)
		}
	}
	got := HTML("<p>un deux</p>", "<p>un trois quatre</p>", Labels{"ajouté", "retiré", "fin"})
	if got.Added != 2 || got.Removed != 1 || !strings.Contains(string(got.HTML), `<del><span class="hush"> retiré </span>deux<span class="hush"> fin </span></del>`) {
		t.Errorf("%+v", got)
	}
}

func TestTextsChangedApartAreJoinedByParagraphs(t *testing.T) {
	const base = "Un.\n\nDeux.\n\nTrois."
	for _, c := range []struct{ name, mine, theirs, want string }{
		{"two places", "Un !\n\nDeux.\n\nTrois.", "Un.\n\nDeux.\n\nTrois !", "Un !\n\nDeux.\n\nTrois !"},
		{"neighbours", "Un !\n\nDeux.\n\nTrois.", "Un.\n\nDeux !\n\nTrois.", "Un !\n\nDeux !\n\nTrois."},
		{"the same twice", "Un !\n\nDeux.\n\nTrois.", "Un !\n\nDeux.\n\nTrois.", "Un !\n\nDeux.\n\nTrois."},
		{"only theirs", base, "Un.\n\nTrois.", "Un.\n\nTrois."},
		{"only mine", "Zéro.\n\n" + base, base, "Zéro.\n\n" + base},
		{"more at both ends", "Zéro.\n\n" + base, base + "\n\nQuatre.", "Zéro.\n\n" + base + "\n\nQuatre."},
		{"one place", "Un !\n\nDeux.\n\nTrois.", "Un ?\n\nDeux.\n\nTrois.", "[Un !\n\n|Un ?\n\n] Deux.\n\nTrois."},
		{"more at one end", base + "\n\nMoi.", base + "\n\nEux.", base + "\n\n[Moi.|Eux.]"},
		{"taken out and changed", "Un.\n\nTrois.", "Un.\n\nDeux !\n\nTrois.", "Un.\n\n[|Deux !\n\n] Trois."},
		{"put in before what changed", "Un.\n\nMoi.\n\nDeux.\n\nTrois.", "Un.\n\nDeux !\n\nTrois.", "Un.\n\nMoi.\n\nDeux !\n\nTrois."},
	} {
		got := Join(Merge(base, c.mine, c.theirs), func(_ int, p Piece) string { return "[" + p.Mine + "|" + p.Theirs + "]" })
		if flat(got) != flat(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	both := Join(Merge(base, base+"\n\nMoi.", base+"\n\nEux."), func(_ int, p Piece) string { return p.Both() })
	if got := Common("a\n\nb\n\nc", "a\n\nd\n\nc\n"); got != "a\n\nc" {
		t.Errorf("%q", got)
	}
	if both != base+"\n\nEux.\n\nMoi." {
		t.Errorf("%q", both)
	}
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestParagraphsDoNotCutCode(t *testing.T) {
	got := Paragraphs("a\nb\n\n\n```\nx\n\ny\n```\n\nc")
	if want := []string{"a\nb\n\n\n", "```\nx\n\ny\n```\n\n", "c"}; fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("%q", got)
	}
}

// long is a text of n words, in paragraphs of forty.
func long(r *rand.Rand, n, known int) string {
	var b strings.Builder
	for i := range n {
		if i%40 == 0 {
			b.WriteString("<p>")
		}
		fmt.Fprintf(&b, "mot%d ", r.IntN(known))
		if i%40 == 39 {
			b.WriteString("</p>")
		}
	}
	return b.String()
}

// What costs the most: long texts with nothing in common, and texts of few words repeated. The bound is generous: it tells seconds
// from minutes.
func TestLongTextsAreComparedInTime(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, known := range []int{1, 2, 300, 100_000} {
		was, is := long(r, 20_000, known), long(r, 20_000, known)
		begun := time.Now()
		HTML(was, is, say)
		Merge(was, is, long(r, 20_000, known))
		t.Logf("%d different words: %v", known, time.Since(begun))
		if time.Since(begun) > 20*time.Second {
			t.Errorf("%d different words took %v", known, time.Since(begun))
		}
	}
}

// What is shown has our elements alone, well nested, and both texts are in it.
func FuzzHTML(f *testing.F) {
	f.Add("<p>a <b>b</b></p><ul><li>c<ul><li>d</li></ul></li></ul>", "<p>a</p><script>x</script><pre>y\n z</pre>")
	f.Add("<table><tr><td>a</td></tr></table>", `<img src=x onerror=alert(1)><a href="javascript:x">y</a>`)
	f.Fuzz(func(t *testing.T, was, is string) {
		got := string(HTML(was, is, Labels{"<a>", "r", "f"}).HTML)
		var open []string
		z := html.NewTokenizer(strings.NewReader(got))
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			tok := z.Token()
			switch kind {
			case html.StartTagToken:
				switch tok.Data {
				case "br", "hr":
					continue
				case "p", "pre", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "ins", "del", "span", "strong", "em", "code", "s", "sup", "sub", "u":
				default:
					t.Fatalf("%q in %q", tok.Data, got)
				}
				for _, a := range tok.Attr {
					if a.Key != "class" || (a.Val != "hush" && a.Val != "diff-picture") {
						t.Fatalf("%v in %q", a, got)
					}
				}
				open = append(open, tok.Data)
			case html.EndTagToken:
				if len(open) == 0 || open[len(open)-1] != tok.Data {
					t.Fatalf("</%s> after %v in %q", tok.Data, open, got)
				}
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Fatalf("%v stay open in %q", open, got)
		}
	})
}

// Joined, paragraphs are the text; a text merged with itself or with what it was made from is itself; no paragraph of either side is lost
// unless the other took it out.
func FuzzMerge(f *testing.F) {
	f.Add("a\n\nb\n\nc", "a\n\nB\n\nc", "A\n\nb\n\nd")
	f.Add("```\na\n\n", "b", "```\n\n~~~\n\nc")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		if strings.Join(Paragraphs(mine), "") != mine {
			t.Fatal("paragraphs lose words")
		}
		none := func(int, Piece) string { t.Fatal("a conflict with nobody"); return "" }
		for _, pieces := range [][]Piece{Merge(base, mine, base), Merge(base, base, mine), Merge(base, mine, mine)} {
			if got := Join(pieces, none); flat(got) != flat(mine) {
				t.Fatalf("%q became %q", mine, got)
			}
		}
		all := Join(Merge(base, mine, theirs), func(_ int, p Piece) string { return p.Both() })
		there := map[string]bool{}
		for _, s := range append(Paragraphs(base), Paragraphs(all)...) {
			there[flat(s)] = true
		}
		for _, side := range []string{mine, theirs} {
			for _, p := range Paragraphs(side) {
				if !there[flat(p)] && !strings.Contains(flat(all), flat(p)) {
					t.Fatalf("%q is lost in %q", p, all)
				}
			}
		}
	})
}
