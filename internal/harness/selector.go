package harness

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Select returns the elements below n that a selector finds, in the order of the document. See Page.All.
func Select(n *html.Node, selector string) []*html.Node {
	var found []*html.Node
	steps := strings.Fields(selector)
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && matches(d, steps[len(steps)-1]) && under(d, n, steps[:len(steps)-1]) {
			found = append(found, d)
		}
	}
	return found
}

// under reports whether the ancestors of n below top match steps, the last one innermost.
func under(n, top *html.Node, steps []string) bool {
	for a := n.Parent; len(steps) > 0; a = a.Parent {
		if a == nil || a == top.Parent {
			return false
		}
		if a.Type == html.ElementNode && matches(a, steps[len(steps)-1]) {
			steps = steps[:len(steps)-1]
		}
	}
	return true
}

// matches reports whether n is what one simple selector names.
func matches(n *html.Node, simple string) bool {
	end := strings.IndexAny(simple, "#.[")
	if end < 0 {
		end = len(simple)
	}
	if tag := simple[:end]; tag != "" && tag != "*" && tag != n.Data {
		return false
	}
	for rest := simple[end:]; rest != ""; {
		if rest[0] == '[' {
			inner, after, _ := strings.Cut(rest[1:], "]")
			name, want, valued := strings.Cut(inner, "=")
			if !has(n, name) || (valued && Attr(n, name) != strings.Trim(want, `"'`)) {
				return false
			}
			rest = after
			continue
		}
		next := strings.IndexAny(rest[1:], "#.[") + 1
		if next == 0 {
			next = len(rest)
		}
		word := rest[1:next]
		if rest[0] == '#' && Attr(n, "id") != word || rest[0] == '.' && !slices.Contains(strings.Fields(Attr(n, "class")), word) {
			return false
		}
		rest = rest[next:]
	}
	return true
}

// Attr returns an attribute of n, "" when it has none.
func Attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// TextOf returns the words of n, runs of spaces as one, without scripts and styles.
func TextOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template"):
			return
		case n.Type == html.ElementNode && block[n.Data]:
			b.WriteByte(' ')
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if n.Type == html.ElementNode && block[n.Data] {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return spaced(b.String())
}

var block = map[string]bool{"p": true, "div": true, "li": true, "h1": true, "h2": true, "h3": true, "td": true, "th": true, "dt": true, "dd": true,
	"section": true, "article": true, "header": true, "footer": true, "br": true, "label": true, "button": true, "a": true, "option": true}

func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// spaced makes every run of spaces, the narrow and the no-break ones too, one plain space.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
