package htmlmd

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Word, LibreOffice, Google Docs and Markdown write a footnote as two links that lead to each other: <a href="#_ftn1"
// name="_ftnref1">[1]</a> in the text, <a href="#_ftnref1" name="_ftn1">[1]</a> before the note or behind it. Their names are what is
// left of them where an editor dropped the anchors.
var (
	reCallOf = regexp.MustCompile(`^(?:_?(?:ftn|edn|ftnt|fn|en|footnote|endnote|sdfootnote|sdendnote|note)[-_:]?[0-9ivx]+(?:[-_:][0-9]+)*(?:sym)?)$`)
	reBackOf = regexp.MustCompile(`^(?:_?(?:ftn|edn|ftnt|fn|en|footnote|endnote|sdfootnote|sdendnote|note)[-_:]?(?:ref|anchor|back)?[-_:]?[0-9ivx]+(?:[-_:][0-9]+)*(?:anc)?)$`)
	reMark   = regexp.MustCompile(`^[\[(]?(?:[0-9]{1,4}|[ivxIVX]{1,6}|[a-z]|[*†‡§]{1,3}|↩︎?|↵|\^|↑|⬆︎?)[\])]?[.:]?$`)
	reRef    = regexp.MustCompile(`(?:_?ref|anchor|back|anc)`)
)

// pasted makes footnotes of such pairs. A call whose note is not there keeps its number, and is noted; a note that nothing calls stays
// where it is.
func (c *conversion) pasted(body *html.Node) {
	var anchors []*html.Node
	for _, a := range find(body, "a") {
		if fragmentOf(a) != "" && reMark.MatchString(words(a)) {
			anchors = append(anchors, a)
		}
	}
	if len(anchors) == 0 {
		return
	}
	backs, calls := map[string]*html.Node{}, []*html.Node{}
	for i, a := range anchors {
		to := fragmentOf(a)
		switch {
		case reCallOf.MatchString(to) && !reRef.MatchString(to):
			calls = append(calls, a)
		case reBackOf.MatchString(to) && i > 0:
			if key := noteKey(to); backs[key] == nil {
				backs[key] = a
			}
		}
	}
	isBack := map[*html.Node]bool{}
	for _, back := range backs {
		isBack[back] = true
	}
	made := map[string]int{}
	for _, call := range calls {
		key := noteKey(fragmentOf(call))
		mark := outermost(call)
		if made[key] == 0 {
			back := backs[key]
			if back == nil || len(c.foot.notes) >= maxFootnotes {
				c.note(NoteFootnote, strings.Trim(words(call), "[]()"))
				unwrap(call)
				continue
			}
			note := c.pastedNote(back, isBack)
			c.elements(note, 0)
			made[key] = c.addFootnote(note)
		}
		unbracket(mark)
		replace(mark, callOf(made[key]))
	}
	if len(made) > 0 {
		tidyEnd(body)
	}
}

// fragmentOf is the name to which a link leads in its own text: Word writes the address of the page that it was pasted into before it.
func fragmentOf(a *html.Node) string {
	href := attr(a, "href")
	at := strings.LastIndexByte(href, '#')
	if at < 0 || at > 0 && !reCallOf.MatchString(href[at+1:]) && !reBackOf.MatchString(href[at+1:]) {
		return ""
	}
	return href[at+1:]
}

// noteKey brings the two names of a note together: "_ftn1" and "_ftnref1".
func noteKey(name string) string {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "sym"), "anc")
	return strings.NewReplacer("ref", "", "anchor", "", "back", "", "_", "", "-", "", ":", "").Replace(name)
}

// outermost returns the element around a link that holds nothing else: <sup><a>1</a></sup>.
func outermost(n *html.Node) *html.Node {
	for n.Parent != nil && is(n.Parent, "sup", "span", "strong", "em", "b", "i", "small") && words(n.Parent) == words(n) {
		n = n.Parent
	}
	return n
}

// pastedNote takes a note out of the text: what stands behind its mark up to the next one, or all of what is around a mark at its end.
func (c *conversion) pastedNote(back *html.Node, isBack map[*html.Node]bool) *html.Node {
	note := element(footNote)
	mark := outermost(back)
	unbracket(mark)
	around := mark.Parent
	for !isBlock(around) && around.Parent != nil {
		around = around.Parent
	}
	if is(around, "p") && is(around.Parent, "div", "li", "dd", "aside") && marksIn(around.Parent, isBack) == 1 { // a note of several paragraphs
		around = around.Parent
	}
	if is(around, "body") || marksIn(around, isBack) > 1 {
		if mark.Parent == nil || isBlock(mark) {
			return note
		}
		next := mark.NextSibling
		for n := next; n != nil && !holds(n, isBack) && !(isBlock(n) && is(around, "body")); n = next {
			next = n.NextSibling
			n.Parent.RemoveChild(n)
			note.AppendChild(n)
		}
		remove(mark)
	} else {
		remove(mark)
		move(around, note)
		for around.Parent != nil && !is(around, "body") && words(around) == "" && len(find(around, "img")) == 0 {
			up := around.Parent
			remove(around)
			around = up
		}
	}
	trimMark(note)
	for _, child := range children(note) {
		if child.Type == html.TextNode && strings.TrimSpace(child.Data) == "" && (isBlock(child.PrevSibling) || isBlock(child.NextSibling)) {
			remove(child)
		}
	}
	return note
}

func marksIn(n *html.Node, isBack map[*html.Node]bool) (count int) {
	for _, a := range find(n, "a") {
		if isBack[a] {
			count++
		}
	}
	return count
}

func holds(n *html.Node, isBack map[*html.Node]bool) bool { return isBack[n] || marksIn(n, isBack) > 0 }

// trimMark takes off the beginning of a note what stood around its number: "] ", ". ".
func trimMark(note *html.Node) {
	first := note.FirstChild
	for first != nil && first.Type == html.ElementNode && first.FirstChild != nil && !is(first, "a", "code") {
		first = first.FirstChild
	}
	if first != nil && first.Type == html.TextNode {
		first.Data = strings.TrimLeftFunc(first.Data, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("].):", r) })
	}
}

// unbracket takes the brackets off a call that stand outside of its link.
func unbracket(n *html.Node) {
	before, after := n.PrevSibling, n.NextSibling
	if before != nil && after != nil && before.Type == html.TextNode && after.Type == html.TextNode && strings.HasSuffix(before.Data, "[") && strings.HasPrefix(after.Data, "]") {
		before.Data, after.Data = before.Data[:len(before.Data)-1], after.Data[1:]
	}
}

// tidyEnd takes away the rule that stood between the text and its notes.
func tidyEnd(body *html.Node) {
	for last := body.LastChild; last != nil; last = body.LastChild {
		if words(last) != "" || last.Type == html.ElementNode && !is(last, "hr", "br", "p", "div", "ol", "ul", "section") || len(find(last, "img", "iframe", "video", "audio", "object", "embed")) > 0 {
			return
		}
		remove(last)
	}
}
