package text

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
)

// costs runs f on a thread of its own and returns the processor time that it took there, and the bytes that it asked for.
func costs(f func()) (time.Duration, uint64) {
	type cost struct {
		d     time.Duration
		bytes uint64
	}
	done := make(chan cost)
	go func() {
		runtime.LockOSThread()
		const thread = 1 // RUSAGE_THREAD
		var u, v syscall.Rusage
		var m, n runtime.MemStats
		runtime.ReadMemStats(&m)
		syscall.Getrusage(thread, &u)
		f()
		syscall.Getrusage(thread, &v)
		runtime.ReadMemStats(&n)
		done <- cost{time.Duration(v.Utime.Nano() + v.Stime.Nano() - u.Utime.Nano() - u.Stime.Nano()), n.TotalAlloc - m.TotalAlloc}
	}()
	c := <-done
	return c.d, c.bytes
}

// authors is how long the texts of authors are here: a quarter of what is promised for 200,000 bytes, in a quarter of the time.
// CAUSERIE_LARGE=1 (make bench) takes them whole.
func authors() (size int, most time.Duration) {
	if os.Getenv("CAUSERIE_LARGE") != "" {
		return 200_000, time.Second
	}
	return 50_000, 250 * time.Millisecond
}

// The bounds are those of the machine of docs/bench, on which 50 kB that somebody writes (article) take ordinary of its processor. One
// that is slower, or whose cores others use too, takes longer for those, and as much longer for what is measured here.
const ordinary = 14 * time.Millisecond

// cheapest is the cost of the cheapest of some runs of f, as it would be on the machine of the bounds: others make a run longer and none
// shorter, so that one within most is proof.
func cheapest(most time.Duration, f func()) (d time.Duration, bytes uint64) {
	d, bytes = costs(f)
	if d <= most {
		return d, bytes
	}
	src := strings.Repeat(article(), 50_000/len(article()))
	for try := 0; try < 8 && d > most; try++ {
		a, _ := costs(func() { Render(src, Options{Lang: "fr-FR"}) })
		now, n := costs(f)
		b, _ := costs(func() { Render(src, Options{Lang: "fr-FR"}) })
		slower := max(1, float64(min(a, b))/float64(ordinary))
		d, bytes = min(d, time.Duration(float64(now)/slower)), n
	}
	return d, bytes
}

// It is not parallel: it measures.
func TestHostileTextsCostLittle(t *testing.T) {
	long, second := authors()
	type most struct {
		d     time.Duration
		bytes uint64
		html  int
	}
	for _, who := range []struct {
		name string
		size int
		o    Options
		at   most
	}{
		{"a stranger", 5_000, Options{Lang: "fr-FR", Untrusted: true}, most{100 * time.Millisecond, 20 << 20, 60 << 10}},
		{"a channel", MaxComment, Options{Lang: "fr-FR", Untrusted: true}, most{300 * time.Millisecond, 100 << 20, 350 << 10}},
		{"an author", long, Options{Lang: "fr-FR"}, most{second, 300 << 20, 5 << 20}},
	} {
		shapes := hostile(who.size)
		for _, name := range slices.Sorted(maps.Keys(shapes)) {
			src := shapes[name]
			var r Rendered
			d, bytes := cheapest(who.at.d, func() { r = Render(src, who.o) })
			if d > who.at.d || bytes > who.at.bytes || len(r.HTML) > who.at.html {
				t.Errorf("%s, %s: %v of processor, %d kB, %d kB of HTML", who.name, name, d, bytes>>10, len(r.HTML)>>10)
			}
			if r.AsTyped && bare(r.Text) != bare(bound(src, Article)) {
				t.Errorf("%s, %s: something is lost", who.name, name)
			}
		}
	}
}

// bare is s without blanks.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestHostileHTMLCostsLittle(t *testing.T) {
	size, second := authors()
	shapes := hostile(size)
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		d, bytes := cheapest(second, func() { Sanitize(shapes[name], Article) })
		if d > second || bytes > 300<<20 {
			t.Errorf("%s: %v of processor, %d kB", name, d, bytes>>10)
		}
	}
}

func TestJudgingAndOpeningHostileTextsCostLittle(t *testing.T) {
	shapes := hostile(MaxComment)
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		d, _ := cheapest(300*time.Millisecond, func() {
			LinkScore(shapes[name])
			Opening(shapes[name], 160)
			Tokens("fr", shapes[name])
			Slug(shapes[name])
		})
		if d > 300*time.Millisecond {
			t.Errorf("%s: %v of processor", name, d)
		}
	}
}

func TestWhatPeopleWriteIsSet(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(article(), MaxSource/len(article()))
	rows := "| Essence | Prix | Délai |\n|:--|--:|--|\n" + strings.Repeat("| chêne | 40 € | |\n", 400)
	wide := strings.Repeat("| mois ", 40) + "|\n" + strings.Repeat("|---", 40) + "|\n" + strings.Repeat(strings.Repeat("| 1 ", 40)+"|\n", 100)
	sparse := strings.Repeat("| mois ", 12) + "|\n" + strings.Repeat("|---", 12) + "|\n" + strings.Repeat("| 1 |\n", 12)
	nested := "> > > - a\n> > >   - b\n> > >     1. c\n> > >        - d\n> > >          > e\n"
	links := strings.Repeat("[un lien](https://ailleurs.example/page) et ", 300)
	named := strings.Repeat("[un lien][a] et ", 300) + "\n\n[a]: https://ailleurs.example/une/page/assez/longue"
	for name, src := range map[string]string{"2 MB": long, "rows": rows, "wide": wide, "sparse": sparse, "nested": nested, "links": links, "named links": named} {
		if r := Render(src, Options{Lang: "fr-FR"}); r.AsTyped || strings.Contains(string(r.HTML), "|") {
			t.Errorf("%s: shown as typed: %.200s", name, r.HTML)
		}
		if len(src) < 5000 && Render(src, Options{Lang: "fr-FR", Untrusted: true}).AsTyped {
			t.Errorf("%s: a comment is shown as typed", name)
		}
	}
}

func TestRenderingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, src := range []string{"a", strings.Repeat("[a](", 50_000)} {
		if _, err := RenderContext(ctx, src, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%.10s: %v", src, err)
		}
	}
}

func BenchmarkRenderHostile(b *testing.B) {
	for _, who := range []struct {
		size int
		o    Options
	}{{5_000, Options{Lang: "fr-FR", Untrusted: true}}, {200_000, Options{Lang: "fr-FR"}}} {
		shapes := hostile(who.size)
		for _, name := range []string{"table of padded rows", "many small tables", "lists nested, then blanks", "headings", "brackets opened", "a long reference, often used"} {
			b.Run(fmt.Sprintf("%d/%s", who.size, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Render(shapes[name], who.o)
				}
			})
		}
	}
}

// hostile are texts of about n bytes that cost more than they are long wherever something grows with the square of its
// input, or multiplies: what readers sent, and what is known of other Markdown programs.
func hostile(n int) map[string]string {
	rep := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n/len(s)*len(s)] }
	half := func(s string) string { return strings.Repeat(s, n/2/len(s)) }
	some := func(f func(i int) string) string { return until(n, f) }
	cols := min(620, n/8)
	return map[string]string{
		"table of padded rows":         strings.Repeat("|a", cols) + "|\n" + strings.Repeat("|-", cols) + "|\n" + strings.Repeat("|\n", max(n-4*cols, 2)/2),
		"table of padded words":        strings.Repeat("|a", cols) + "|\n" + strings.Repeat("|-", cols) + "|\n" + strings.Repeat("x\n", max(n-4*cols, 2)/2),
		"many small tables":            rep("|a|a|a|a|a|a|a|a\n|-|-|-|-|-|-|-|-\n|\n|\n|\n|\n|\n|\n|\n|\n\n"),
		"table of empty cells":         strings.Repeat("|", n/8) + "\n" + strings.Repeat("|-", n/8) + "\n" + strings.Repeat("|", n/2),
		"table aligned":                "|a|b|\n|:-:|:-:|\n" + rep("|||\n"),
		"table escaped pipes":          "|a|b|\n|-|-|\n" + rep("|`\\|`|`\\|`|\n"),
		"table delimiters":             rep("a\n-|-\n"),
		"quotes nested":                rep(">"),
		"quotes nested, then lines":    half("> ") + "a\n" + half("a\n"),
		"quotes nested, again":         rep(strings.Repeat("> ", 90) + "a\n\n"),
		"lists nested in a line":       rep("- "),
		"lists nested, then blanks":    half("* ") + "a\n" + half("\n"),
		"numbers nested":               rep("1. "),
		"lists by indentation":         some(func(i int) string { return strings.Repeat(" ", 2*(i%300)) + "- a\n" }),
		"lists of empty items":         rep("-\n"),
		"quotes and lists":             rep("> - "),
		"brackets opened":              rep("["),
		"brackets closed":              half("[") + half("]"),
		"brackets a":                   half("[a") + half("]"),
		"images opened":                rep("!["),
		"image in image":               half("![") + half("](a)"),
		"links unfinished":             rep("[a]("),
		"links unfinished <":           rep("[a](<b"),
		"links unfinished title":       rep("[a](b \"c"),
		"links":                        rep("[a](b) "),
		"links without blanks":         rep("[a](b)"),
		"links on lines":               rep("[a](b)\n"),
		"labels on lines":              rep("[a]\n"),
		"link in link":                 rep("[a [b](c)](d)"),
		"parentheses":                  rep("[a]((((b"),
		"references":                   some(func(i int) string { return fmt.Sprintf("[%d]: b\n", i) }),
		"references apart":             some(func(i int) string { return fmt.Sprintf("[%d]: b\n\n", i) }),
		"references and uses":          some(func(i int) string { return fmt.Sprintf("[%d]: b\n\n[%d]\n\n", i, i) }),
		"a long reference, often used": "[a]: /" + strings.Repeat("b", n/2) + "\n\n" + half("[a] "),
		"a long title, often used":     "[a]: /b '" + strings.Repeat("c", n/2) + "'\n\n" + half("[a] "),
		"references unfinished":        rep("[a]: b 'c\n"),
		"notes":                        some(func(i int) string { return fmt.Sprintf("[^%d]: b\n\n", i) }),
		"notes and uses":               some(func(i int) string { return fmt.Sprintf("[^%d]: b\n\n[^%d]\n\n", i, i) }),
		"one note, often used":         "[^a]: b\n\n" + rep("[^a]"),
		"notes nested":                 rep("[^a]: "),
		"emphasis nested":              half("*a ") + half(" a*"),
		"emphasis opened":              rep("*a "),
		"emphasis closed":              rep("a* "),
		"emphasis mixed":               rep("*a_ "),
		"emphasis mixed **":            rep("**a *b_c "),
		"emphasis stars":               rep("*"),
		"emphasis x":                   rep("a**b"),
		"emphasis triple":              half("***a ") + half("a***"),
		"underscores":                  rep("_a"),
		"tildes":                       rep("~~a "),
		"tildes x":                     rep("~a"),
		"headings":                     rep("# a\n"),
		"headings of six":              some(func(i int) string { return strings.Repeat("#", 1+i%6) + " a\n" }),
		"headings numbered":            some(func(i int) string { return fmt.Sprintf("# a-%d\n# a\n", i%50) }),
		"headings underlined":          rep("a\n=\n"),
		"backticks of all lengths":     some(func(i int) string { return strings.Repeat("`", 1+i) + "a" }),
		"backticks":                    rep("`"),
		"backticks, spaced":            rep("` `` "),
		"code fences":                  rep("```\n"),
		"entities":                     rep("&amp;"),
		"entities long":                rep("&CounterClockwiseContourIntegral;"),
		"entities unfinished":          rep("&#x"),
		"ampersands":                   rep("&"),
		"less-than":                    rep("<"),
		"autolinks":                    rep("<a:b>"),
		"autolinks unfinished":         rep("<a:b"),
		"mails":                        rep("a@b.c "),
		"mails without end":            rep("a@b."),
		"addresses":                    rep("www.a.b "),
		"addresses unfinished":         rep("_www."),
		"addresses unfinished ~":       rep("~www.a~"),
		"addresses http":               rep("(http://a"),
		"addresses http long":          some(func(i int) string { return " http://" + strings.Repeat("a", 250) }),
		"a word":                       rep("a"),
		"words":                        some(func(i int) string { return fmt.Sprintf("mot%d ", i) }),
		"slashes":                      rep("/"),
		"slashes and letters":          rep("a/"),
		"dots":                         "/" + rep("."),
		"hyphens":                      rep("-a"),
		"dashes":                       rep(" - "),
		"quotes straight":              rep("\""),
		"quotes straight, spaced":      rep(" \""),
		"quotes straight in words":     rep("a\" "),
		"apostrophes":                  rep("'"),
		"apostrophes mixed":            rep("'\""),
		"guillemets":                   rep("«"),
		"guillemets pairs":             half("« ") + half(" »"),
		"digits":                       rep("1 "),
		"punctuation":                  rep(" ;!?"),
		"blanks":                       rep(" "),
		"blanks, then a mark":          rep("    ;"),
		"no-break spaces":              rep("\u00a0!"),
		"lines":                        rep("\n"),
		"short lines":                  rep("a\n"),
		"hard breaks":                  rep("a  \n"),
		"backslashes":                  rep("\\"),
		"tabs":                         rep("\t"),
		"tabs and lists":               rep("-\ta\n"),
		"combining marks":              "a" + rep("\u0301"),
		"broken UTF-8":                 rep("\xff"),
		"zeros":                        rep("\x00"),
		"b nested":                     rep("<b>"),
		"b with attributes":            some(func(i int) string { return fmt.Sprintf("<b id=%d>", i) }),
		"formatting times paragraphs":  "<div>" + until(n/2, func(i int) string { return fmt.Sprintf("<b id=%d>", i%400) }) + half("<p>") + "</div>",
		"formatting, 400 times":        "<div>" + until(min(n/2, 400*10), func(i int) string { return fmt.Sprintf("<b id=%d>", i) }) + half("<p>") + "</div>",
		"anchors":                      rep("<a href=b>"),
		"misnested":                    rep("<b><p></b>"),
		"misnested a":                  rep("<a><div></a>"),
		"tables in tables":             rep("<table><td>"),
		"table text":                   "<table>" + rep("a<tr>"),
		"attributes":                   "<b" + some(func(i int) string { return fmt.Sprintf(" a%d", i) }) + ">",
		"attributes, twice":            rep("<b" + until(n/8, func(i int) string { return fmt.Sprintf(" a%d", i) }) + ">"),
		"tags unfinished":              rep("<a b='"),
		"tags unfinished, blank":       rep("<a "),
		"comments unfinished":          rep("<!--"),
		"instructions unfinished":      rep("a <?"),
		"declarations unfinished":      rep("a <!A"),
		"sections unfinished":          rep("a <![CDATA["),
		"lang nested":                  rep("<i lang=fr>"),
		"headings in headings":         rep("<h1><div>"),
		"images":                       rep("![](/a)"),
		"tasks":                        rep("- [ ] a\n"),
		"details":                      rep("<details><summary>a"),
		"svg":                          rep("<svg><p>"),
		"select":                       rep("<select><option>"),
		"ruby":                         rep("<ruby><rt>"),
		"frames":                       rep("<iframe src=//a></iframe>"),
	}
}

// until joins what f gives until it is n bytes long.
func until(n int, f func(i int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(f(i))
	}
	return b.String()
}
