package htmlmd

import (
	"encoding/json"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// reShared is a block that stands for another: <!-- wp:block {"ref":70} /-->. Since WordPress 6.6 it may say otherwise what that one calls
// by a name: {"ref":70,"content":{"Titre":{"content":"Autre titre"}}}.
var reShared = regexp.MustCompile(`<!-- wp:(?:core/)?block (\{[^\n]*?\}) /-->`)

// maxShared is how deep blocks may stand in blocks.
const maxShared = 5

// shared puts the blocks that several posts share in their place. What is not there, goes too deep or would make the text too long
// stays, and is noted like every block that is not there.
func (c *conversion) shared(src string, depth int) string {
	if c.Block == nil || depth == maxShared || !strings.Contains(src, "block ") {
		return src
	}
	room := MaxHTML - len(src)
	return reShared.ReplaceAllStringFunc(src, func(whole string) string {
		var to struct {
			Ref     int64
			Content map[string]map[string]any
		}
		if err := json.Unmarshal([]byte(reShared.FindStringSubmatch(whole)[1]), &to); err != nil && to.Ref == 0 {
			return whole
		}
		content, ok := c.Block(to.Ref)
		if !ok {
			return whole
		}
		content = c.shared(saidOtherwise(content, to.Content), depth+1)
		if room -= len(content); room < 0 {
			return whole
		}
		return content
	})
}

// reNamed is a block with settings, which may give it a name: <!-- wp:heading {"metadata":{"name":"Titre"}} -->.
var reNamed = regexp.MustCompile(`<!-- wp:([a-z0-9/-]+) (\{[^\n]*?\}) -->`)

// maxNamed bounds what looking for names in one shared block costs.
const maxNamed = 200

// saidOtherwise gives the blocks that have a name in a shared one what a post says in their place.
func saidOtherwise(src string, by map[string]map[string]any) string {
	if len(by) == 0 {
		return src
	}
	var b strings.Builder
	for range maxNamed {
		m := reNamed.FindStringSubmatchIndex(src)
		if m == nil {
			break
		}
		b.WriteString(src[:m[1]])
		name, settings := src[m[2]:m[3]], src[m[4]:m[5]]
		src = src[m[1]:]
		var block struct{ Metadata struct{ Name string } }
		if json.Unmarshal([]byte(settings), &block) != nil || by[block.Metadata.Name] == nil {
			continue
		}
		if inner, _, found := strings.Cut(src, "<!-- /wp:"+name+" -->"); found {
			b.WriteString(overridden(inner, by[block.Metadata.Name]))
			src = src[len(inner):]
		}
	}
	return b.String() + src
}

// overridden puts values in the place of what the HTML of one block says.
func overridden(src string, values map[string]any) string {
	root := element("body")
	nodes, err := html.ParseFragment(strings.NewReader(src), root)
	if err != nil {
		return src
	}
	with(root, nodes...)
	value := func(key string) string { v, _ := values[key].(string); return v }
	say := func(key string, elements ...string) {
		all := find(root, elements...)
		if len(all) == 0 || value(key) == "" {
			return
		}
		if said, err := html.ParseFragment(strings.NewReader(value(key)), all[0]); err == nil {
			detach(all[0])
			with(all[0], said...)
		}
	}
	say("content", "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre")
	say("text", "a", "button")
	say("caption", "figcaption")
	for _, to := range []struct{ key, element, attribute string }{{"url", "a", "href"}, {"url", "img", "src"}, {"alt", "img", "alt"}} {
		for _, n := range find(root, to.element) {
			if v := value(to.key); v != "" {
				replaceAttr(n, to.attribute, v)
			}
		}
	}
	var b strings.Builder
	for n := range root.ChildNodes() {
		if html.Render(&b, n) != nil {
			return src
		}
	}
	return b.String()
}

func replaceAttr(n *html.Node, name, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == name {
			n.Attr[i].Val = value
			return
		}
	}
	setAttr(n, name, value)
}
