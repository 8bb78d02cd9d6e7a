package htmlmd

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/text"
)

// MaxHTML is the longest HTML that Convert accepts, in bytes.
const MaxHTML = 8 << 20

// Options say where the HTML comes from. The zero value is plain HTML.
type Options struct {
	// WordPress turns on its conventions: shortcodes, block comments, paragraphs from line ends, <!--more-->.
	WordPress bool

	// Attachment finds a media file by its WordPress id, for galleries, and for pictures of page builders.
	Attachment func(id int64) (url, alt, caption string, ok bool)

	// Attached are the ids that a [gallery] without ids shows: the images attached to the post, in their order.
	Attached []int64

	// Address returns the address that counts for one that the text names: of the file instead of a page around it, whole instead
	// of relative. Nil keeps all.
	Address func(address string) string

	// Footnotes are the notes that WordPress keeps beside a post, as HTML, by the name under which the text calls them.
	Footnotes map[string]string

	// Block finds the HTML of a block that several posts share, by its id.
	Block func(id int64) (html string, ok bool)
}

// Result is the Markdown and what the importer wants to know about it.
type Result struct {
	Markdown string
	More     int      // byte offset in Markdown of WordPress's <!--more-->, 0 when there is none
	Notes    []Note   // what was not understood or given up, in order of appearance
	Images   []string // addresses of the pictures, as written, each once
	Links    []string // addresses of links and players, as written, each once
}

// Kinds of notes.
const (
	NoteShortcode = "shortcode"  // Name is the shortcode's; its words were kept
	NoteLeftOut   = "left_out"   // a shortcode that had nothing to read; Name is its name
	NoteForm      = "form"       // a form, left out; Name is its shortcode's or its element's
	NoteMembers   = "members"    // what the text showed to members only; Name is what kept it from the others
	NoteFootnote  = "footnote"   // a note that is called and not there (Name is its number), or there and not called
	NoteEmbed     = "embed"      // a player or frame that became a link; Name is its host
	NoteBlock     = "block"      // Name is the block's; its HTML, if any, was kept
	NoteElement   = "element"    // Name is the HTML element's; its content was left out
	NoteLink      = "empty_link" // a link that showed nothing to press, left out; Name is its host
	NoteImage     = "image"      // a picture that could not be kept; Name says why: "data", "empty", "unknown"
)

// Note is one thing the importer should tell.
type Note struct {
	Kind  string
	Name  string
	Count int
}

// conversion is the state of one Convert.
type conversion struct {
	Options
	notes  []Note
	images seenOnce
	links  seenOnce
	foot   footnotes
}

// Convert returns the Markdown of src. HTML longer than MaxHTML is a fault of kind too large.
func Convert(src string, o Options) (Result, error) {
	if len(src) > MaxHTML {
		return Result{}, fault.TooLarge(MaxHTML)
	}
	c := &conversion{Options: o}
	src = strings.ToValidUTF8(src, "")
	src = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", moreMark, "").Replace(src)
	if o.WordPress {
		src = c.fieldBlocks(c.shared(src, 0))
	}
	blocks := o.WordPress && strings.Contains(src, "<!-- wp:")
	if o.WordPress {
		src = c.shortcodes(src)
	}
	body := c.parse(src)
	c.comments(body)
	if o.WordPress {
		c.resolve(body)
		autop(body, !blocks)
	}
	c.pasted(body)
	if o.Address != nil {
		c.readdress(body)
	}
	c.elements(body, 0)
	c.notesAtEnd(body)
	c.addresses(body)
	merge(body)
	spell(body)
	md, err := render(body)
	if err != nil {
		return Result{}, fmt.Errorf("htmlmd: %w", err)
	}
	r := Result{Notes: c.notes, Images: c.images.all, Links: c.links.all}
	r.Markdown, r.More = cutMore(md)
	return r, nil
}

// parse makes the tree. What is nested beyond all reason (the parser stops at 512), or would be repeated without end, keeps
// its text only.
func (c *conversion) parse(src string) *html.Node {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	if text.Bounded(src) {
		if nodes, err := html.ParseFragment(strings.NewReader(src), body); err == nil {
			return with(body, nodes...)
		}
	}
	c.note(NoteElement, "nesting")
	p := with(body, element("p")).FirstChild
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return body
		case html.TextToken:
			p.AppendChild(textNode(z.Token().Data))
		case html.StartTagToken, html.EndTagToken:
			if name, _ := z.TagName(); blockNames[string(name)] && p.FirstChild != nil {
				p = element("p")
				body.AppendChild(p)
			}
		}
	}
}

// moreMark stands for <!--more--> through the conversion: a private rune, dropped from what comes in.
const moreMark = "\uE5AD"

// cutMore takes the mark out and returns where it was.
func cutMore(md string) (string, int) {
	before, after, found := strings.Cut(md, moreMark)
	after = strings.ReplaceAll(after, moreMark, "")
	if !found {
		return md, 0
	}
	before, after = strings.TrimRight(before, "\n "), strings.TrimLeft(after, "\n ")
	if before == "" || after == "" {
		return before + after, 0
	}
	return before + "\n\n" + after, len(before)
}

// note counts one more of a thing. The kinds of things in one text are bounded, so that a hostile one cannot fill the
// report.
func (c *conversion) note(kind, name string) {
	i := slices.IndexFunc(c.notes, func(n Note) bool { return n.Kind == kind && n.Name == name })
	switch {
	case i >= 0:
		c.notes[i].Count++
	case len(c.notes) < 200:
		c.notes = append(c.notes, Note{kind, name, 1})
	}
}

// seenOnce is a list without repetitions.
type seenOnce struct {
	all  []string
	seen map[string]bool
}

func (s *seenOnce) add(v string) {
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	if v != "" && !s.seen[v] {
		s.seen[v] = true
		s.all = append(s.all, v)
	}
}
