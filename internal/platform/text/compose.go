package text

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// compose typesets the text nodes of a tree, one running text at a time: a quote that opens before an emphasis and
// closes behind it is one quote. Code is left alone, and what has a language of its own follows that language.
func compose(root *html.Node, lang string) {
	c := &compositor{}
	c.usage, c.known = usageOf(lang)
	c.walk(root)
	c.flush()
}

type compositor struct {
	usage  usage
	known  bool
	nodes  []*html.Node // nil for what is not text
	pieces []string
}

func (c *compositor) walk(n *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch {
		case k.Type == html.TextNode:
			c.nodes = append(c.nodes, k)
			c.pieces = append(c.pieces, k.Data)
		case k.Type != html.ElementNode:
		case k.DataAtom == atom.Br:
			c.stand("\n")
		case isBlock(k):
			c.flush()
			if !isVerbatim(k) {
				c.inner(k)
			}
			c.flush()
		case isVerbatim(k) || k.DataAtom == atom.Img:
			c.stand(string(opaque))
		case isNoteMark(k):
			// The mark hangs on the word before it: what follows goes on as if it were not there.
		case attr(k, "lang") != "":
			c.stand(string(opaque))
			compose(k, attr(k, "lang"))
		default:
			c.walk(k)
		}
	}
}

// inner walks a block, in its own language when it says one.
func (c *compositor) inner(k *html.Node) {
	if lang := attr(k, "lang"); lang != "" {
		compose(k, lang)
		return
	}
	c.walk(k)
}

// stand puts something into the running text that will not be set.
func (c *compositor) stand(s string) {
	c.nodes = append(c.nodes, nil)
	c.pieces = append(c.pieces, s)
}

// flush sets the running text gathered so far.
func (c *compositor) flush() {
	if c.known && len(c.pieces) > 0 {
		for i, s := range c.usage.set(c.pieces) {
			if c.nodes[i] != nil {
				c.nodes[i].Data = s
			}
		}
	}
	c.nodes, c.pieces = c.nodes[:0], c.pieces[:0]
}
