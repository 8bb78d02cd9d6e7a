package text

import (
	"bytes"
	"context"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Version counts the renderers that there were. It is raised when a text of before is to look otherwise in the houses that are
// there, or found by other words: each then sets its texts and its search again, once.
const Version = 6

// Options say for whom and where a text is rendered. The zero value is an article in French of France.
type Options struct {
	// Lang is the language of the text: fr-FR, fr-CA, en... It chooses the typography.
	Lang string
	// Untrusted renders a comment: policy Comment, no raw HTML (it shows as typed), line ends kept, no notes.
	Untrusted bool
	// LineEnds keeps each line end that was typed, as a plain box shows it: for an answer, a note. Without it, as in Markdown, lines
	// of a paragraph run on. A comment keeps them always.
	LineEnds bool
	// Absolute is the address of the page that the text belongs to. When it is given, every relative address becomes
	// absolute, as feeds and mail need it.
	Absolute string
	// Image knows the pictures of the house; it may be nil.
	Image func(src string) (Image, bool)
	// File knows the other files of the house to which a text leads; it may be nil.
	File func(href string) (Linked, bool)
	// HeadingOffset is added to the level of every heading; levels stay within 1 and 6.
	HeadingOffset int
	// TopHeading moves all headings so that the highest becomes of this level; 0 leaves them to HeadingOffset.
	TopHeading int
	// Prefix is put into every id, so that several texts can stand on one page: a slug, "" for none.
	Prefix string
	// Labels are the words of the notes, in the language of the page.
	Labels Labels
}

// Labels are the few words that a rendered text needs, from the caller's catalog. Empty ones are left out.
type Labels struct {
	Notes string // names the list of notes for a screen reader: "Notes"
	Back  string // names a link back to the text; the number follows: "Retour à l’appel de note"
	// Size writes how large a file is, in the language of the text: "240 ko". nil leaves it out.
	Size func(bytes int64) string
}

// Image is what is known of a picture.
type Image struct {
	Src           string // replaces the address when it is not empty
	Width, Height int    // in pixels; 0 when unknown
	Srcset        string // "/media/a/480 480w, /media/a/960 960w"
	Sizes         string // "(min-width: 48em) 40em, 100vw"
	Gone          bool   // there is none at that address any more: nothing of it is shown
}

// Heading is one heading of a rendered text, in order.
type Heading struct {
	Level int    // as rendered, 1 to 6
	ID    string // without #
	Text  string // plain, not typeset
}

// Rendered is a text made from Markdown.
type Rendered struct {
	HTML       HTML
	Text       string // plain text, not typeset: for search, excerpts and mail
	Words      int
	Minutes    int       // to read it
	FirstImage string    // address of the first picture, as rendered; "" for none
	Headings   []Heading // nil under Untrusted
	Elsewhere  int       // pictures of other sites, which are links or gone
	AsTyped    bool      // the text was too tangled to be set: its source is shown
}

// Render turns Markdown (CommonMark, GFM tables, strikethrough, task lists, bare links, and notes [^1]) into typeset,
// sanitised HTML and all that is measured on the way. It never fails: what would cost too much for its length is shown as it
// was typed. A text of any size is best rendered before a transaction, never in it.
func Render(src string, o Options) Rendered {
	r, _ := RenderContext(context.Background(), src, o) // which does not end
	return r
}

// RenderContext is Render for somebody who may leave: the error is that of a context that ended.
func RenderContext(ctx context.Context, src string, o Options) (Rendered, error) {
	s := &shaper{policy: Article, offset: o.HeadingOffset, top: o.TopHeading, prefix: Slug(o.Prefix), labels: o.Labels, image: o.Image, file: o.File}
	if o.Untrusted {
		s.policy = Comment
	}
	if u, err := url.Parse(o.Absolute); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		s.base = u
	}
	src = bound(src, Article)
	root, err := tree(ctx, src, o.LineEnds, s)
	r := Rendered{}
	if err == nil {
		r, err = finish(root, src, s, o.Lang)
	}
	if err != nil {
		if ctx.Err() != nil {
			return Rendered{}, ctx.Err()
		}
		r = s.asTyped(src, o.Lang)
	}
	return r, ctx.Err()
}

// finish writes a shaped tree, unless it became longer than a text of that length may.
func finish(root *html.Node, src string, s *shaper, lang string) (Rendered, error) {
	plain := textOf(root)
	compose(root, lang)
	markup := write(root, 2*len(src))
	if len(markup) > maxHTML(len(src), s.policy) {
		return Rendered{}, errTangled
	}
	words := Words(plain)
	return Rendered{HTML: gate(markup, s.policy), Text: plain, Words: words, Minutes: Minutes(words), FirstImage: s.first, Headings: s.headings, Elsewhere: s.away}, nil
}

// asTyped shows the source: its paragraphs and lines, and nothing else.
func (s *shaper) asTyped(src, lang string) Rendered {
	root := typed(src)
	plain := textOf(root)
	compose(root, lang)
	words := Words(plain)
	return Rendered{HTML: gate(write(root, 2*len(src)), s.policy), Text: plain, Words: words, Minutes: Minutes(words), AsTyped: true}
}

// typed returns a source as paragraphs of lines.
func typed(src string) *html.Node {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	var p *html.Node
	for line := range strings.SplitSeq(src, "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			p = nil
			continue
		case p == nil:
			p = &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
			root.AppendChild(p)
		default:
			p.AppendChild(&html.Node{Type: html.ElementNode, Data: "br", DataAtom: atom.Br})
		}
		p.AppendChild(&html.Node{Type: html.TextNode, Data: strings.TrimRight(line, "\r")})
	}
	return root
}

// lineEnds makes those of Windows and of old Macs (CommonMark, 2.1) ours, and those that word processors paste.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n")

// tree parses Markdown of bounded size and shapes it. The error is errTangled, or that of the context.
func tree(ctx context.Context, src string, lines bool, s *shaper) (*html.Node, error) {
	if s.policy == Comment && len(src) > MaxComment {
		return nil, errTangled
	}
	if strings.ContainsRune(src, '\r') {
		src = lineEnds.Replace(src)
	}
	b := newBudget(ctx, src, s.policy)
	markup := limited{left: maxHTML(len(src), s.policy)}
	markup.Grow(len(src) + len(src)/2)
	err := within(func() error {
		return markdown(s.policy, lines).Convert([]byte(src), &markup, parser.WithContext(b.context()))
	})
	if err == nil {
		err = tame(markup.String(), b.repeats)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	root, err := parse(&markup)
	if err != nil {
		return nil, errTangled // nested beyond what any reader could follow
	}
	s.shape(root)
	return root, ctx.Err()
}

// limited is a buffer that takes so much and no more.
type limited struct {
	bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errTangled
	}
	return l.Buffer.Write(p)
}

// Plain returns the text of an author's Markdown without any markup: blank lines between blocks, no pictures, no marks of
// notes.
func Plain(markdown string) string {
	src := bound(markdown, Article)
	root, err := tree(context.Background(), src, false, &shaper{policy: Article})
	if err != nil {
		root = typed(src)
	}
	return textOf(root)
}

// Opening returns the first words of Markdown in at most limit characters, as Excerpt does of plain text. It reads no further
// than it must, so it may miss what a reference defined at the end of a text means.
func Opening(markdown string, limit int) string {
	const perCharacter = 8 // bytes of source: four of a character, and as much of marks
	if n := limit * perCharacter; len(markdown) > n {
		markdown = strings.ToValidUTF8(markdown[:n], "")
	}
	return Excerpt(Plain(markdown), limit)
}

// reAnchor finds addresses, each with the tag it may be the value of.
var reAnchor = regexp.MustCompile(`(?i)(?:<a\s[^>]{0,100}?href\s*=\s*["']?|\[url[=\]]["']?)(?:https?://)?(?:www\.)?|\bhttps?://(?:www\.)?|\bwww\.`)

// LinkScore returns how many links a comment carries, however they were written: Markdown, bare addresses, HTML or the
// [url] of forums. It serves to judge spam; a link written twice over may count once or twice, and each bracket of a text
// that is too tangled to be read counts as one.
func LinkScore(src string) int {
	src = bound(src, Comment)
	n := 0
	err := within(func() error {
		b := newBudget(context.Background(), src, Comment)
		doc := markdown(Comment, false).Parser().Parse(gmtext.NewReader([]byte(src)), parser.WithContext(b.context()))
		return ast.Walk(doc, func(k ast.Node, entering bool) (ast.WalkStatus, error) {
			if entering {
				switch k.Kind() {
				case ast.KindLink, ast.KindAutoLink, ast.KindImage:
					n++
				}
			}
			return ast.WalkContinue, nil
		})
	})
	if err != nil {
		n = strings.Count(src, "[") + strings.Count(src, "://")
	}
	return max(n, len(reAnchor.FindAllStringIndex(src, -1)))
}
