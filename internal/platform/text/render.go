package text

import (
	"bytes"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Options say for whom and where a text is rendered. The zero value is an article in French of France.
type Options struct {
	// Lang is the language of the text: fr-FR, fr-CA, en... It chooses the typography.
	Lang string
	// Untrusted renders a comment: policy Comment, no raw HTML (it shows as typed), line ends kept, no notes.
	Untrusted bool
	// Absolute is the address of the page that the text belongs to. When it is given, every relative address becomes
	// absolute, as feeds and mail need it.
	Absolute string
	// Image knows the pictures of the house; it may be nil.
	Image func(src string) (Image, bool)
	// HeadingOffset is added to the level of every heading; levels stay within 1 and 6.
	HeadingOffset int
	// Prefix is put into every id, so that several texts can stand on one page: a slug, "" for none.
	Prefix string
	// Labels are the words of the notes, in the language of the page.
	Labels Labels
}

// Labels are the few words that a rendered text needs, from the caller's catalog. Empty ones are left out.
type Labels struct {
	Notes string // names the list of notes for a screen reader: "Notes"
	Back  string // names a link back to the text; the number follows: "Retour à l’appel de note"
}

// Image is what is known of a picture.
type Image struct {
	Src           string // replaces the address when it is not empty
	Width, Height int    // in pixels; 0 when unknown
	Srcset        string // "/media/a/480 480w, /media/a/960 960w"
	Sizes         string // "(min-width: 48em) 40em, 100vw"
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
}

// Render turns Markdown (CommonMark, GFM tables, strikethrough, task lists, bare links, and notes [^1]) into typeset,
// sanitised HTML and all that is measured on the way. It never fails.
func Render(src string, o Options) Rendered {
	s := &shaper{policy: Article, offset: o.HeadingOffset, prefix: Slug(o.Prefix), labels: o.Labels, image: o.Image}
	if o.Untrusted {
		s.policy = Comment
	}
	if u, err := url.Parse(o.Absolute); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		s.base = u
	}
	src = bound(src, s.policy)
	root := tree(src, s)
	plain := textOf(root)
	compose(root, o.Lang)
	words := Words(plain)
	return Rendered{
		HTML:       gate(write(root, 2*len(src)), s.policy),
		Text:       plain,
		Words:      words,
		Minutes:    Minutes(words),
		FirstImage: s.first,
		Headings:   s.headings,
	}
}

// maxBrackets bounds the links that a comment may try to open: the parser's time grows with their square.
const maxBrackets = 1000

// errTangled says that a comment has more brackets than a person would type.
var errTangled = errors.New("text: too many brackets")

// tree parses Markdown of bounded size and shapes it.
func tree(src string, s *shaper) *html.Node {
	var b bytes.Buffer
	b.Grow(len(src) + len(src)/2)
	root, err := (*html.Node)(nil), errTangled
	if s.policy == Article || strings.Count(src, "[") <= maxBrackets {
		err = markdown(s.policy).Convert([]byte(src), &b)
	}
	if err == nil {
		root, err = parse(&b)
	}
	if err != nil {
		// Nested beyond what any reader could follow: show the words as they were typed.
		root = &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
		p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
		p.AppendChild(&html.Node{Type: html.TextNode, Data: src})
		root.AppendChild(p)
	}
	s.shape(root)
	return root
}

// Plain returns the text of an author's Markdown without any markup: blank lines between blocks, no pictures, no marks of
// notes.
func Plain(markdown string) string {
	return textOf(tree(bound(markdown, Article), &shaper{policy: Article}))
}

// reAnchor finds addresses, each with the tag it may be the value of.
var reAnchor = regexp.MustCompile(`(?i)(?:<a\s[^>]{0,100}?href\s*=\s*["']?|\[url[=\]]["']?)(?:https?://)?(?:www\.)?|\bhttps?://(?:www\.)?|\bwww\.`)

// LinkScore returns how many links a comment carries, however they were written: Markdown, bare addresses, HTML or the
// [url] of forums. It serves to judge spam; a link written twice over may count once or twice.
func LinkScore(src string) int {
	src = bound(src, Comment)
	n := strings.Count(src, "[")
	if n > maxBrackets {
		return n
	}
	n = 0
	doc := markdown(Comment).Parser().Parse(gmtext.NewReader([]byte(src)))
	// The walker below returns no error, so Walk returns none.
	_ = ast.Walk(doc, func(k ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch k.Kind() {
			case ast.KindLink, ast.KindAutoLink, ast.KindImage:
				n++
			}
		}
		return ast.WalkContinue, nil
	})
	return max(n, len(reAnchor.FindAllStringIndex(src, -1)))
}

// markdown returns the parser of a policy; both are safe for use by many goroutines.
func markdown(p Policy) goldmark.Markdown {
	if p == Comment {
		return commentMarkdown()
	}
	return articleMarkdown()
}

var tables = extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))

var articleMarkdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(tables, extension.Strikethrough, extension.TaskList, extension.Linkify, extension.Footnote),
		goldmark.WithRendererOptions(goldhtml.WithUnsafe()), // the sanitiser is behind it
	)
})

var commentMarkdown = sync.OnceValue(func() goldmark.Markdown {
	// The default parsers without those of raw HTML: what looks like a tag is text.
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(
				util.Prioritized(parser.NewSetextHeadingParser(), 100),
				util.Prioritized(parser.NewThematicBreakParser(), 200),
				util.Prioritized(parser.NewListParser(), 300),
				util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewCodeBlockParser(), 500),
				util.Prioritized(parser.NewATXHeadingParser(), 600),
				util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
				util.Prioritized(parser.NewBlockquoteParser(), 800),
				util.Prioritized(parser.NewParagraphParser(), 1000),
			),
			parser.WithInlineParsers(
				util.Prioritized(parser.NewCodeSpanParser(), 100),
				util.Prioritized(parser.NewLinkParser(), 200),
				util.Prioritized(parser.NewAutoLinkParser(), 300),
				util.Prioritized(parser.NewEmphasisParser(), 500),
			),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		)),
		goldmark.WithExtensions(tables, extension.Strikethrough, extension.TaskList, extension.Linkify),
		goldmark.WithRendererOptions(goldhtml.WithHardWraps()),
	)
})
