package htmlmd_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"causerie/internal/harness/cost"
	"causerie/internal/protocol/htmlmd"
)

// It is not parallel: it measures.
func TestHostileHTMLCostsInProportion(t *testing.T) {
	const n = 20_000
	one, more := hostile(n), hostile(cost.Times*n)
	for _, name := range slices.Sorted(maps.Keys(one)) {
		convert := func(src string) func() {
			return func() {
				r, err := htmlmd.Convert(src, htmlmd.Options{WordPress: true})
				if err != nil || len(r.Markdown) > 30*len(src) {
					t.Errorf("%s: %d bytes of Markdown, %v", name, len(r.Markdown), err)
				}
			}
		}
		cost.InProportion(t, name, convert(one[name]), convert(more[name]))
	}
}

// formats are n elements that a browser's parser opens again in each paragraph.
func formats(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<b id=%d>", i)
	}
	return b.String()
}

// hostile are pages of about n bytes that cost more than they are long wherever something grows faster than its input.
func hostile(n int) map[string]string {
	rep := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n/len(s)*len(s)] }
	half := func(s string) string { return strings.Repeat(s, n/2/len(s)) }
	some := func(f func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(f(i))
		}
		return b.String()
	}
	return map[string]string{
		"sc short":               rep("[a]"),
		"sc short spaced":        rep("[a] "),
		"field blocks":           rep(`<!-- wp:acf/a {"data":{"b":"c d"}} /-->`),
		"field blocks open":      rep(`<!-- wp:acf/a {`),
		"fields":                 `<!-- wp:acf/a {"data":{` + some(func(i int) string { return fmt.Sprintf(`"a_0_b%d":"c d",`, i) }) + `"z":1}} /-->`,
		"fields in fields":       `<!-- wp:acf/a {"data":` + half(`{"a":`) + "1" + half("}") + `} /-->`,
		"lists by value":         `<ol>` + rep(`<li value=9>x</li>`) + `</ol>`,
		"sc hyphen":              rep("[a-b]"),
		"sc attr":                rep("[a b=c]"),
		"sc open":                rep("[a "),
		"sc quote":               rep(`[a b="`),
		"sc closing":             rep("[/a]"),
		"sc pairs":               rep("[b]x[/b]"),
		"sc nested":              half("[b]") + half("[/b]"),
		"sc code":                rep("[code]x[/code]"),
		"sc code open":           rep("[code]") + "[/code]",
		"sc caption":             rep("[caption]<img src=a>x[/caption]"),
		"sc caption nested":      half("[caption]<img src=a>") + half("[/caption]"),
		"sc gallery":             rep("[gallery ids=1]"),
		"sc escaped":             rep("[[a]]"),
		"sc names":               some(func(i int) string { return fmt.Sprintf("[a%d]x[/a%d]", i, i) }),
		"sc brackets":            rep("["),
		"sc one line":            rep("[a]x"),
		"sc embed":               rep("[embed]http://a.b/c[/embed]"),
		"b nested":               rep("<b>"),
		"b attrs":                some(func(i int) string { return fmt.Sprintf("<b id=%d>", i) }),
		"b then p":               "<div>" + strings.Repeat("<b id=1><b id=2><b id=3>", 100) + rep("<p>x") + "</div>",
		"formatting times p":     "<div>" + formats(100) + rep("<p>x") + "</div>",
		"formatting 400 times p": "<div>" + formats(400) + rep("<p>x") + "</div>",
		"div nested":             rep("<div>"),
		"div nested 500":         strings.Repeat("<div>", 500) + rep("a<br>"),
		"span nested 500":        rep(strings.Repeat("<span>", 400) + "a" + strings.Repeat("</span>", 400)),
		"span 500 text":          strings.Repeat("<span>", 500) + rep("a<i>b</i> "),
		"ul nested":              rep("<ul><li>"),
		"ul nested 9 then lines": strings.Repeat("<ul><li>", 9) + rep("a<br>"),
		"ul flat":                "<ul>" + rep("<li>a"),
		"blockquote":             rep("<blockquote>"),
		"bq lines":               strings.Repeat("<blockquote>", 9) + rep("a\n\n"),
		"table":                  "<table>" + rep("<tr><td>a<td>b"),
		"tables nested":          rep("<table><tr><td>"),
		"table wide":             "<table><tr>" + strings.Repeat("<td>a", 39) + rep("<tr>"),
		"table tall ragged":      "<table><tr>" + strings.Repeat("<td>a", 39) + rep("<tr><td>"),
		"table many":             rep("<table><tr><td>a<td>b</table>"),
		"table long cell":        "<table><tr><td>" + half("a") + "<td>b" + strings.Repeat("<tr><td>c<td>d", n/28),
		"stars":                  rep("*"),
		"star a":                 rep("*a "),
		"under":                  rep("_a"),
		"brackets":               rep("[a](b) "),
		"br":                     rep("a<br>"),
		"ticks":                  rep("`"),
		"hash":                   rep("# "),
		"hash lines":             rep("# a<br>"),
		"digits":                 rep("1. "),
		"dashes":                 rep("- "),
		"pluses":                 rep("+ a<br>"),
		"eq":                     rep("=<br>"),
		"lt":                     rep("&lt;"),
		"amp":                    rep("&amp;"),
		"entities":               rep("&copy;"),
		"bs":                     rep(`\`),
		"bang":                   rep("!["),
		"tilde":                  rep("~"),
		"pipes":                  rep("|"),
		"gt":                     rep("&gt; "),
		"words":                  rep("mot "),
		"word":                   rep("a"),
		"lines":                  rep("a\n"),
		"blank lines":            rep("\n"),
		"paras":                  rep("a\n\n"),
		"ps":                     rep("<p>a"),
		"spaces":                 rep(" "),
		"tabs":                   rep("\t"),
		"nbsp":                   rep("&nbsp;"),
		"urls":                   rep("http://a.b "),
		"url":                    "http://a.b/" + rep("c"),
		"url punct":              rep("http://a.b."),
		"url dots":               "http://a" + rep("."),
		"url unspaced":           rep("http://a"),
		"url slash":              rep("://"),
		"links":                  rep("<a href=b>c</a>"),
		"links open":             rep("<a href=b>"),
		"links nested blocks":    rep("<a href=b><div>"),
		"link long":              "<a href=" + half("b") + ">" + half("c") + "</a>",
		"imgs":                   rep("<img src=a>"),
		"img attrs":              "<img" + some(func(i int) string { return fmt.Sprintf(" a%d", i) }) + ">",
		"figs":                   rep("<figure><img src=a><figcaption>b</figcaption></figure>"),
		"figs nested":            rep("<figure><figcaption>a"),
		"fig many":               "<figure>" + rep("<img src=a>") + "</figure>",
		"comments":               rep("<!-- wp:a -->"),
		"comments open":          rep("<!--"),
		"blocks":                 rep("<!-- wp:p --><p>a</p><!-- /wp:p -->"),
		"more":                   rep("<!--more-->"),
		"pre":                    rep("<pre>a\n</pre>"),
		"pre open":               rep("<pre>"),
		"code":                   rep("<code>`</code>"),
		"code long":              "<code>" + rep("`") + "</code>",
		"pre fences":             "<pre>" + rep("```\n") + "</pre>",
		"bold punct":             rep("<b>a.</b>b"),
		"bold nested spans":      rep("<b>a <i>b. </i></b>c"),
		"bold space":             rep("<b> </b>"),
		"b i":                    rep("<b>a</b><i>b</i>"),
		"q":                      rep("<q>a</q>"),
		"q nested":               rep("<q>"),
		"dl":                     "<dl>" + rep("<dt>a<dd>b"),
		"dt nested":              rep("<dt><span>"),
		"details":                rep("<details><summary>a"),
		"misnest":                rep("<b><p></b>"),
		"misnest a":              rep("<a href=b><div></a>"),
		"svg":                    rep("<svg><p>"),
		"select":                 rep("<select><option>"),
		"iframe":                 rep("<iframe src=//a></iframe>"),
		"object":                 rep("<object>"),
		"video":                  rep("<video><source src=a></video>"),
		"video src":              "<video>" + rep("<source src=a>"),
		"videos nested":          rep("<video><p>"),
		"span style":             rep("<span style=font-weight:bold>a</span>"),
		"span style nested":      rep("<span style=font-weight:bold>a"),
		"gallery":                rep("<ul class=wp-block-gallery><li>a"),
		"cover":                  rep("<div class=wp-block-cover style='background-image:url(a)'>"),
		"tags unfinished":        rep("<a b='"),
		"cr":                     rep("\r"),
		"headings":               rep("<h2>a"),
		"hr":                     rep("<hr>"),
		"del":                    rep("<del>a"),
		"sup":                    rep("<sup>a</sup>"),
	}
}
