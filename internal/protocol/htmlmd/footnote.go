package htmlmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// A note stands in the tree as <foot-call n="1"> where it is called, and as <foot-note n="1"> at the end.
const (
	footCall = "foot-call"
	footNote = "foot-note"
)

// maxFootnotes bounds the notes of one text.
const maxFootnotes = 1000

// footnotes are the notes of a text, numbered as they are called.
type footnotes struct {
	notes  []*html.Node
	byName map[string]int // number of a note that has a name
}

// called puts a call in the place of n for the note that WordPress keeps beside the post (since 6.3). One whose note is not there
// keeps its number, and is noted.
func (c *conversion) called(n *html.Node, id string) {
	number := c.foot.byName[id]
	if number == 0 {
		content, known := c.Footnotes[id]
		if !known || len(c.foot.notes) >= maxFootnotes {
			c.note(NoteFootnote, words(n))
			replace(n, textNode(" ["+words(n)+"]"))
			return
		}
		note := element(footNote)
		if nodes, err := html.ParseFragment(strings.NewReader(content), element("p")); err == nil {
			with(note, nodes...)
		}
		c.elements(note, 0)
		number = c.addFootnote(note)
		if c.foot.byName == nil {
			c.foot.byName = map[string]int{}
		}
		c.foot.byName[id] = number
	}
	replace(n, callOf(number))
}

// addFootnote returns the number under which a note is called from now on.
func (c *conversion) addFootnote(note *html.Node) int {
	note.Data = footNote
	flatten(note)
	c.foot.notes = append(c.foot.notes, note)
	number := len(c.foot.notes)
	note.Attr = []html.Attribute{{Key: "n", Val: fmt.Sprint(number)}}
	return number
}

// callOf is what stands in the text for the note of a number. Its own text is there so that the spaces around it count.
func callOf(number int) *html.Node {
	return with(element(footCall, "n", strconv.Itoa(number)), textNode(strconv.Itoa(number)))
}

// notesAtEnd puts the notes at the end of the text. One that nothing calls was not to be seen there either.
func (c *conversion) notesAtEnd(body *html.Node) {
	with(body, c.foot.notes...)
	for id := range c.Footnotes {
		if c.foot.byName[id] == 0 {
			c.note(NoteFootnote, "")
		}
	}
}

// renderFootCall writes [^1].
func renderFootCall(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	w.WriteString("[^" + attr(n, "n") + "]")
	return converter.RenderSuccess
}

// renderFootNote writes [^1]: and the words of the note.
func renderFootNote(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	var inner strings.Builder
	ctx.RenderChildNodes(ctx, &inner, n)
	w.WriteString("\n\n[^" + attr(n, "n") + "]: " + strings.TrimSpace(inner.String()) + "\n\n")
	return converter.RenderSuccess
}
