package wxr_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"causerie/internal/harness/cost"
	"causerie/internal/protocol/wxr"
)

// It is not parallel: it measures.
func TestAHostileExportCostsInProportion(t *testing.T) {
	const n = 250_000
	one, more := hostile(n), hostile(cost.Times*n)
	for _, name := range slices.Sorted(maps.Keys(one)) {
		read := func(src string) func() {
			return func() {
				for range wxr.Read(strings.NewReader(src)) { // whatever it says
				}
			}
		}
		cost.InProportion(t, name, read(one[name]), read(more[name]))
	}
}

// hostile are exports of about n bytes that cost more than they are long wherever something grows faster than its input.
func hostile(n int) map[string]string {
	rep := func(s string) string { return strings.Repeat(s, n/len(s)+1) }
	some := func(f func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(f(i))
		}
		return b.String()
	}
	export := func(attributes, inside string) string {
		return `<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"` + attributes + `><channel>` + inside + `</channel></rss>`
	}
	item := func(inside string) string { return export("", "<item><title>x</title>"+inside+"</item>") }
	long := strings.Repeat("n", n/1000)
	return map[string]string{
		"attributes":           export(" "+rep("a "), ""),
		"attributes of a term": item("<category " + some(func(i int) string { return fmt.Sprintf("a%d='b' ", i) }) + ">x</category>"),
		"namespaces":           export(some(func(i int) string { return fmt.Sprintf(" xmlns:n%d='u'", i) }), rep("<n1:a/>")),
		"one long namespace":   export(" xmlns:w='"+rep("u")+"'", rep("<w:a/>")),
		"a long one of ours":   export(" xmlns:w='"+rep("u")+"wordpress.org/export/'", rep("<w:a/>")),
		"terms": item(some(func(i int) string {
			return fmt.Sprintf(`<category domain="category" nicename="c%d">c%d</category>`, i, i)
		})),
		"terms with long names": item(some(func(i int) string {
			return fmt.Sprintf(`<category domain="category" nicename="%s%d">c%d</category>`, long, i%10, i)
		})),
		"terms without a domain": item(rep("<category>x</category>")),
		"metas":                  item(some(func(i int) string { return fmt.Sprintf("<wp:postmeta><wp:meta_key>k%d</wp:meta_key></wp:postmeta>", i) })),
		"metas of one name":      item(rep("<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>v</wp:meta_value></wp:postmeta>")),
		"comments":               item(rep("<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>")),
		"items":                  export("", rep("<item/>")),
		"unclosed":               rep("<item>"),
		"nested text":            item("<title>" + rep("<b>x</b>") + "</title>"),
		"sections of text":       item("<content:encoded>" + rep("<![CDATA[x]]>") + "</content:encoded>"),
		"brackets":               item("<content:encoded><![CDATA[" + rep("]]") + "]]></content:encoded>"),
		"references":             item("<title>" + rep("&amp;") + "</title>"),
		"forbidden references":   item("<title>" + rep("&#0;") + "</title>"),
		"broken references":      item("<title>" + rep("&#") + "</title>"),
		"comments of XML":        export("", rep("<!-- -->")),
		"one comment of XML":     export("", "<!--"+rep("-")+"-->"),
		"instructions":           export("", rep("<?x y?>")),
		"doctype":                "<!DOCTYPE rss [" + rep("<!ENTITY a 'b'>") + "]>" + item(""),
		"doctype nested":         "<!DOCTYPE " + rep("<"),
		"wrong bytes":            item("<title>" + rep("\xff") + "</title>"),
		"numbers":                item("<wp:post_id>" + rep("9") + "</wp:post_id>"),
		"dates":                  item("<pubDate>" + rep("9") + "</pubDate>"),
		"another encoding":       `<?xml version="1.0" encoding="windows-1252"?>` + item("<title>"+rep("\xe9")+"</title>"),
	}
}
