package compare

import (
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// token is a word of a text as it looks, or the end of a block. Tokens of equal keys are the same word in the same look.
type token struct {
	text  string
	marks string // the elements around it, from looks: "strong em"
	kind  kind
	src   string // where a link leads, or which picture it is
	glue  bool   // it stands at the word before without a space
	chain []string
}

type kind int

const (
	word kind = iota
	space
	lineEnd
	picture
	target // where the link before leads; seen only when it changed
	end    // of a block, whose elements are chain
)

func (t token) key() string {
	if t.kind == end {
		return "\x00" + strings.Join(t.chain, " ")
	}
	return string(rune('0'+t.kind)) + t.marks + "\x00" + t.src + "\x00" + t.text
}

// boxes hold blocks; leaves are blocks; looks are kept around words. What is none of these is looked through.
var (
	boxes  = map[atom.Atom]bool{atom.Blockquote: true, atom.Ul: true, atom.Ol: true, atom.Li: true}
	leaves = map[atom.Atom]string{
		atom.P: "p", atom.Pre: "pre", atom.H1: "h2", atom.H2: "h2", atom.H3: "h3", atom.H4: "h4", atom.H5: "h5", atom.H6: "h6", atom.Tr: "p",
		atom.Figcaption: "p", atom.Figure: "p", atom.Dt: "p", atom.Dd: "p", atom.Hr: "hr", atom.Div: "p", atom.Section: "p", atom.Aside: "p", atom.Summary: "p",
	}
	looks = map[atom.Atom]string{atom.Strong: "strong", atom.B: "strong", atom.Em: "em", atom.I: "em", atom.Code: "code", atom.Del: "s", atom.S: "s",
		atom.Sup: "sup", atom.Sub: "sub", atom.A: "u"}
)

// maxNesting is how deep elements are followed; below that, words alone are.
const maxNesting = 200

// read returns the words of a cleaned text, block by block. What is no HTML is no word.
func read(source string) []token {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		return nil
	}
	var r reader
	for _, n := range nodes {
		r.walk(n, 0)
	}
	r.close("p")
	return r.out
}

type reader struct {
	out   []token
	boxes []string
	marks []string
	glued bool
	from  int // where the open block begins
	pre   bool
}

// close ends the open block, unless it is empty.
func (r *reader) close(leaf string) {
	r.glued = false
	if len(r.out) == r.from && leaf != "hr" {
		return
	}
	chain := append([]string(nil), r.boxes...)
	if len(chain) == 0 || chain[len(chain)-1] != "li" || leaf != "p" { // the words of an item need no paragraph
		chain = append(chain, leaf)
	}
	r.out = append(r.out, token{kind: end, chain: chain})
	r.from = len(r.out)
}

func (r *reader) put(t token) {
	t.marks, t.glue = strings.Join(r.marks, " "), r.glued
	r.out = append(r.out, t)
	r.glued = true
}

func (r *reader) walk(n *html.Node, depth int) {
	switch {
	case n.Type == html.TextNode:
		r.text(n.Data)
		return
	case n.Type != html.ElementNode || depth > maxNesting:
		return
	}
	leaf, look := leaves[n.DataAtom], looks[n.DataAtom]
	switch {
	case n.DataAtom == atom.Img:
		src := path.Base(attr(n, "src"))
		if i := strings.LastIndex(attr(n, "src"), "/media/"); i >= 0 {
			src = attr(n, "src")[i:]
		}
		r.put(token{kind: picture, text: attr(n, "alt"), src: src})
	case n.DataAtom == atom.Br:
		r.put(token{kind: lineEnd})
		r.glued = true
	case boxes[n.DataAtom]:
		r.close("p")
		r.boxes = append(r.boxes, n.Data)
		r.inside(n, depth)
		r.close("p")
		r.boxes = r.boxes[:len(r.boxes)-1]
	case leaf != "":
		r.close("p")
		was := r.pre
		r.pre = was || leaf == "pre"
		r.inside(n, depth)
		r.pre = was
		r.close(leaf)
	case look != "":
		r.marks = append(r.marks, look)
		r.inside(n, depth)
		if href := attr(n, "href"); look == "u" && href != "" && !strings.HasPrefix(href, "#") {
			r.put(token{kind: target, text: href})
		}
		r.marks = r.marks[:len(r.marks)-1]
	case n.DataAtom == atom.Td, n.DataAtom == atom.Th:
		r.glued = false
		r.inside(n, depth)
		r.glued = false
	default:
		r.inside(n, depth)
	}
}

func (r *reader) inside(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, depth+1)
	}
}

// text cuts at plain spaces, so that what typography keeps together stays one word.
func (r *reader) text(s string) {
	for s != "" {
		n := strings.IndexAny(s, " \t\n\r\f")
		if n < 0 {
			n = len(s)
		}
		if n > 0 {
			r.put(token{kind: word, text: s[:n]})
			s = s[n:]
			continue
		}
		n = len(s) - len(strings.TrimLeft(s, " \t\n\r\f"))
		if r.pre {
			r.put(token{kind: space, text: s[:n]})
		} else {
			r.glued = false
		}
		s = s[n:]
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
