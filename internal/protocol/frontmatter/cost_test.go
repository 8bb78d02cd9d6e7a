package frontmatter_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"causerie/internal/harness/cost"
	"causerie/internal/protocol/frontmatter"
)

// It is not parallel: it measures.
func TestAHostileHeadCostsInProportion(t *testing.T) {
	const n = frontmatter.MaxHead/cost.Times - 64
	one, more := hostile(n), hostile(cost.Times*n)
	for _, name := range slices.Sorted(maps.Keys(one)) {
		parse := func(src string) func() {
			return func() { _, _, _ = frontmatter.Parse([]byte(src)) } // whatever it says
		}
		if name == "anchors" || name == "keys of keys" { // there the reader of YAML grows faster: the length of a head bounds it
			if took := cost.Processor(parse(more[name])); took > time.Second/2 {
				t.Errorf("%s: %v of processor", name, took)
			}
			continue
		}
		cost.InProportion(t, name, parse(one[name]), parse(more[name]))
	}
}

// hostile are files whose head, or whose text, is about n bytes.
func hostile(n int) map[string]string {
	rep := func(s string) string { return strings.Repeat(s, n/len(s)) }
	some := func(f func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < n-32; i++ {
			b.WriteString(f(i))
		}
		return b.String()
	}
	head := func(s string) string { return "---\n" + s + "\n---\ntext\n" }
	return map[string]string{
		"fields":            head(some(func(i int) string { return fmt.Sprintf("a%d: b\n", i) })),
		"tags":              head("tags: [" + some(func(i int) string { return fmt.Sprintf("t%d,", i) }) + "]"),
		"tags with commas":  head("tags: " + some(func(i int) string { return fmt.Sprintf("t%d,", i) })),
		"lists in a line":   head("x: " + rep("[")),
		"maps in a line":    head("x: " + rep("{a: ")),
		"lists in lists":    head("x:\n" + rep("- ")),
		"keys of keys":      head(rep("? ")),
		"deeper and deeper": head(some(func(i int) string { return strings.Repeat(" ", i) + "a:\n" })),
		"aliases":           head("a: &a [x]\nb: [" + rep("*a,") + "]"),
		"anchors":           head(some(func(i int) string { return fmt.Sprintf("a%d: &a%d x\n", i, i) })),
		"merges":            head(rep("<<: *a\n")),
		"one long line":     head("title: " + rep("x")),
		"a folded text":     head("title: >\n" + rep(" x\n")),
		"a quoted text":     head(`title: "` + rep(`\n`) + `"`),
		"an unclosed text":  head(`title: "` + rep("x\n")),
		"comments":          head(rep("# x\n") + "title: x"),
		"comments of lists": head("x:\n" + rep(" - a # b\n")),
		"blank lines":       head(rep("\n")),
		"tags of YAML":      head("x: " + rep("!!str ")),
		"directives":        head(rep("%TAG ! !\n")),
		"colons":            head(rep(":")),
		"colons and spaces": head(rep(": ")),
		"binary":            head("x: !!binary " + rep("a")),
		"numbers":           head("x: " + rep("9")),
		"dates":             head("date: " + rep("2")),
		"no head":           rep("text\n"),
		"no end":            "---\n" + rep("a: b\n"),
		"no end, no colon":  "---\n" + rep("text\n"),
		"lines of dashes":   rep("---\n"),
		"carriage returns":  head(rep("\r")),
	}
}
