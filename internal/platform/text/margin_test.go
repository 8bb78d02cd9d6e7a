package text

import (
	"strings"
	"testing"
)

func TestNotesStandInTheMarginToo(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Un texte qui suffit pour avoir une note. ", 3)
	h := Render(long+"Ici[^n], là[^n], et *ailleurs[^m]*.\n\n[^n]: La **note**.\n[^m]: L’[autre](https://a.fr/).\n\n    En deux temps.", Options{Lang: "fr-FR", Prefix: "p7"}).HTML
	got := string(InMargin(h))
	for want, times := range map[string]int{
		`<sup id="fnref-p7-1"><a class="footnote-ref to-foot" href="#fn-p7-1" role="doc-noteref">1</a><a class="footnote-ref to-margin" href="#h-beside-fn-p7-1" role="doc-noteref" hidden="">1</a></sup><span class="margin-note" id="h-beside-fn-p7-1" role="note" hidden=""><b>1</b>` + "\u00a0" + `La <strong>note</strong>.`: 1,
		`id="h-beside-fn-p7-1"`:        1,
		`href="#h-beside-fn-p7-1"`:     2,
		`<br/>En deux temps.`:          1,
		`class="footnotes marginal"`:   1,
		`<li id="fn-p7-1">`:            1,
		`role="doc-backlink"`:          3,
		`<a href="https://a.fr/"`:      2,
		`<span class="margin-note" id`: 2,
	} {
		if n := strings.Count(got, want); n != times {
			t.Errorf("%s stands %d times, want %d, in\n%s", want, n, times, got)
		}
	}
}

func TestWhatIsNoMatterOfAMarginStaysAtTheFoot(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Un texte qui suffit pour avoir une note. ", 40)
	for name, src := range map[string]string{
		"no notes":                 long,
		"a long note":              long + "[^n]\n\n[^n]: " + strings.Repeat("long ", 100),
		"a list in a note":         long + "[^n]\n\n[^n]: Voici\n\n    - un\n    - deux",
		"a mark in a table":        long + "\n\n| a | b |\n|---|---|\n| c[^n] | d |\n\n[^n]: La note.",
		"notes longer than a text": "Court[^n].\n\n[^n]: Une note bien plus longue que le texte.",
		"a picture in a note":      long + "[^n]\n\n[^n]: ![une image](/media/x/960)",
	} {
		h := Render(src, Options{Lang: "fr-FR", Prefix: "p7"}).HTML
		if got := InMargin(h); got != h {
			t.Errorf("%s: the text is another than before:\n%s", name, got)
		}
	}
}
