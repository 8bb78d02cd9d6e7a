package htmlmd_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// reBrackets are shortcodes: their names and attributes are no words that readers saw.
var reBrackets = regexp.MustCompile(`\[/?[a-z][a-z_-]*( [^\]]*)?\]`)

// visible returns the words that a reader sees. With attributes, also those of titles, alternative texts and addresses:
// captions and players end there.
func visible(t testing.TB, src string, attributes bool) map[string]bool {
	t.Helper()
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return nil
	}
	var b, attrs strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode:
			switch n.Data {
			case "script", "style", "textarea", "select", "noscript", "iframe", "svg", "template":
				return
			case "sub", "sup", "b", "i", "em", "strong", "span", "small", "abbr", "code", "del", "s", "q", "u", "ins", "acronym", "big", "tt", "kbd", "var", "cite":
			default:
				b.WriteByte(' ')
				defer b.WriteByte(' ')
			}
			if attributes {
				for _, a := range n.Attr {
					attrs.WriteString(" " + a.Val)
				}
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(root)
	all := map[string]bool{}
	for _, w := range strings.FieldsFunc(norm.NFKC.String(b.String()+" "+attrs.String()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		all[w] = true
	}
	return all
}

// TestNoVisibleWordIsLost holds the conversion of WordPress's collection of every markup to its promise.
//
// Exceptions: names and attributes of shortcodes; what stands in elements that a reader does not see (scripts, frames,
// choices of a form); nothing else.
func TestNoVisibleWordIsLost(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob(filepath.Join(root(t), "..", "shared", "testdata", "wxr", "*.xml"))
	if len(files) == 0 {
		t.Skip("the real exports are not beside the project")
	}
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	n := 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for rec, err := range wxr.Read(f) {
			if err != nil {
				t.Fatal(err)
			}
			it, ok := rec.(wxr.Item)
			if !ok || it.Content == "" {
				continue
			}
			n++
			r, err := htmlmd.Convert(it.Content, htmlmd.Options{WordPress: true, Attachment: attachment})
			if err != nil {
				t.Errorf("%d %q: %v", it.ID, it.Title, err)
				continue
			}
			var out bytes.Buffer
			if err := md.Convert([]byte(r.Markdown), &out); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(out.String(), "raw HTML omitted") {
				t.Errorf("%d %q: raw HTML in %s", it.ID, it.Title, r.Markdown)
			}
			got := visible(t, out.String(), true)
			for w := range visible(t, reBrackets.ReplaceAllString(it.Content, " "), false) {
				if !got[w] {
					t.Errorf("%d %q lost %q", it.ID, it.Title, w)
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d items", n)
	}
}

func FuzzConvert(f *testing.F) {
	for _, s := range []string{"", "a\n\nb", "[caption]<img src=x>y[/caption]", "<table><tr><td>a<td>b", "<!--more-->[gallery ids=1][b]c[/b]",
		"<ul><li><p>a<ul><li>b", "<figure><a href=x><img src=y></a><figcaption>z", "[code]<b>[/code]", "<dl><dt><dd>x", "<iframe src=//x/y>", "<q></q><pre><code>`</code></pre>",
		"<a href='x'><table><tr><td><a href=y>", "[[x]] [/x] [a b='c]", "<select><option>x</select><object data=x><p>y</object>"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, src string, wordpress bool) {
		r, err := htmlmd.Convert(src, htmlmd.Options{WordPress: wordpress, Attachment: attachment})
		if err != nil {
			return
		}
		if r.More < 0 || r.More > len(r.Markdown) {
			t.Fatalf("more at %d of %d", r.More, len(r.Markdown))
		}
		if len(r.Markdown) > 100*len(src)+10_000 {
			t.Fatalf("%d bytes became %d", len(src), len(r.Markdown))
		}
	})
}

func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		} else if !errors.Is(err, os.ErrNotExist) || dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
}
