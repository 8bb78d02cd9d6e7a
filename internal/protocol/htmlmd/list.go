package htmlmd

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

var reListStyle = regexp.MustCompile(`list-style(?:-type)?\s*:[^;]*\b(lower-alpha|upper-alpha|lower-latin|upper-latin|lower-roman|upper-roman)\b`)

// styleTypes are the types of ordered lists, by what a style calls them.
var styleTypes = map[string]string{"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I"}

// numbered keeps the numbers of a list as readers saw them, for texts name them: "see c)". Markdown counts up from the first one. A list
// that counts otherwise (down, over a gap, in letters) becomes paragraphs that begin with their numbers.
func numbered(n *html.Node) {
	var items []*html.Node
	for item := range n.ChildNodes() {
		if is(item, "li") {
			items = append(items, item)
		}
	}
	kind, step, at := attr(n, "type"), 1, 1
	if m := reListStyle.FindStringSubmatch(attr(n, "style")); m != nil {
		kind = styleTypes[m[1]]
	}
	if has(n, "reversed") {
		step, at = -1, len(items)
	}
	if first, err := strconv.Atoi(attr(n, "start")); err == nil {
		at = first
	}
	plain := step == 1 && (kind == "" || kind == "1") && at >= 0
	labels := make([]string, len(items))
	for i, item := range items {
		if v, err := strconv.Atoi(attr(item, "value")); err == nil && v != at {
			plain, at = plain && i == 0 && v >= 0 && attr(n, "start") == "", v
			if plain {
				setAttr(n, "start", strconv.Itoa(v))
			}
		}
		labels[i] = label(kind, at) + ". "
		at += step
	}
	if plain {
		return
	}
	n.Data = "div"
	for i, item := range items {
		item.Data = "p"
		first := item.FirstChild
		if len(findBlocks(item)) > 0 {
			item.Data = "div"
			if is(first, "p") {
				item, first = first, first.FirstChild
			}
		}
		item.InsertBefore(textNode(labels[i]), first)
	}
}

// label is the nth number of a list of a type: "c", "iii", "3".
func label(kind string, n int) string {
	said := strconv.Itoa(n)
	switch {
	case n < 1 || n > 4999:
	case strings.EqualFold(kind, "a"):
		said = ""
		for ; n > 0; n = (n - 1) / 26 {
			said = string(rune('a'+(n-1)%26)) + said
		}
	case strings.EqualFold(kind, "i"):
		said = roman(n)
	}
	if kind == "A" || kind == "I" {
		said = strings.ToUpper(said)
	}
	return said
}

func roman(n int) string {
	var b strings.Builder
	for _, of := range []struct {
		worth int
		sign  string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= of.worth; n -= of.worth {
			fmt.Fprint(&b, of.sign)
		}
	}
	return b.String()
}
