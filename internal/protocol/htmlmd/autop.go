package htmlmd

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

var reBlankLine = regexp.MustCompile(`\n[ \t]*\n\s*`)

var (
	holdsParagraphs = set("body div blockquote center section article main aside header footer form fieldset details li td th dd")
	holdsBlocks     = set("ul ol dl table thead tbody tfoot tr figure")
	holdsLines      = set("p h1 h2 h3 h4 h5 h6 figcaption dt caption summary address legend")
	keepsLineEnds   = set("pre code textarea script style")
)

// autop makes paragraphs of text between blank lines, as WordPress does when it shows a post (its wpautop). A classic post
// has line ends everywhere; in one of blocks only what stands between the blocks is so.
func autop(n *html.Node, classic bool) {
	var out, line []*html.Node
	made := 0
	flush := func() {
		line = trimmed(line)
		if len(line) > 0 {
			p := with(element("p"), line...)
			breakLines(p)
			out = append(out, p)
			made++
		}
		line = nil
	}
	for _, child := range detach(n) {
		switch {
		case child.Type == html.TextNode:
			for i, piece := range reBlankLine.Split(child.Data, -1) {
				if i > 0 {
					flush()
				}
				if piece != "" {
					line = append(line, textNode(piece))
				}
			}
		case is(child, "br") && endsInBreak(line): // two breaks are a paragraph
			flush()
		case isBlock(child) || len(findBlocks(child)) > 0:
			flush()
			out = append(out, child)
			if classic {
				autopInside(child)
			}
		case child.Type == html.ElementNode:
			line = append(line, child)
		}
	}
	flush()
	if len(out) == 1 && made == 1 && is(n, "li", "td", "th", "dd") { // one paragraph is no paragraph there
		out = detach(out[0])
	}
	with(n, out...)
}

func autopInside(n *html.Node) {
	switch {
	case holdsParagraphs[n.Data]:
		autop(n, true)
	case holdsBlocks[n.Data]:
		for _, child := range children(n) {
			if child.Type == html.ElementNode {
				autopInside(child)
			}
		}
	case holdsLines[n.Data]:
		breakLines(n)
	}
}

// breakLines makes breaks of the line ends in n, wherever inside they stand: WordPress looks at the text, not at the tree.
func breakLines(n *html.Node) {
	said := false // there is something on the line
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for _, child := range children(n) {
			switch {
			case is(child, "br"):
				said = false
			case child.Type == html.ElementNode && !keepsLineEnds[child.Data] && child.FirstChild != nil:
				walk(child)
			case child.Type == html.ElementNode:
				said = true
			case child.Type == html.TextNode:
				for i, piece := range strings.Split(child.Data, "\n") {
					if i > 0 && said {
						n.InsertBefore(element("br"), child)
						said = false
					}
					blank := strings.TrimSpace(piece) == ""
					if !blank || i == 0 && piece != "" {
						n.InsertBefore(textNode(piece), child)
					}
					said = said || !blank
				}
				remove(child)
			}
		}
	}
	walk(n)
}

// hoistBreaks moves the breaks at the ends of n out of it: Markdown's bold and italic begin and end with a word.
func hoistBreaks(n *html.Node) {
	blank := func(c *html.Node) bool { return c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" }
	for first := n.FirstChild; first != nil; first = n.FirstChild {
		if blank(first) && is(first.NextSibling, "br") {
			n.RemoveChild(first)
			continue
		}
		if !is(first, "br") {
			break
		}
		n.RemoveChild(first)
		n.Parent.InsertBefore(first, n)
	}
	for last := n.LastChild; last != nil; last = n.LastChild {
		if blank(last) && is(last.PrevSibling, "br") {
			n.RemoveChild(last)
			continue
		}
		if !is(last, "br") {
			break
		}
		n.RemoveChild(last)
		n.Parent.InsertBefore(last, n.NextSibling)
	}
}

// trimmed is the line without white space and breaks at its ends.
func trimmed(line []*html.Node) []*html.Node {
	empty := func(n *html.Node) bool {
		return is(n, "br") || n.Type == html.TextNode && strings.TrimSpace(n.Data) == ""
	}
	for len(line) > 0 && empty(line[0]) {
		line = line[1:]
	}
	for len(line) > 0 && empty(line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	if len(line) > 0 {
		if first := line[0]; first.Type == html.TextNode {
			first.Data = strings.TrimLeft(first.Data, " \t\n")
		}
		if last := line[len(line)-1]; last.Type == html.TextNode {
			last.Data = strings.TrimRight(last.Data, " \t\n")
		}
	}
	return line
}

func endsInBreak(line []*html.Node) bool {
	for i := len(line) - 1; i >= 0; i-- {
		if line[i].Type != html.TextNode || strings.TrimSpace(line[i].Data) != "" {
			return is(line[i], "br")
		}
	}
	return false
}

// findBlocks returns the outermost block elements below n.
func findBlocks(n *html.Node) []*html.Node {
	var all []*html.Node
	for c := range n.ChildNodes() {
		if isBlock(c) {
			all = append(all, c)
		} else {
			all = append(all, findBlocks(c)...)
		}
	}
	return all
}
