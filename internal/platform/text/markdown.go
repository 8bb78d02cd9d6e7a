package text

import (
	"html"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// markdown returns the Markdown of a policy; all are safe for use by many goroutines. A text is parsed with its budget in
// the context (parseWithin).
func markdown(p Policy, lineEnds bool) goldmark.Markdown {
	switch {
	case p == Comment:
		return commentMarkdown()
	case lineEnds:
		return linesMarkdown()
	}
	return articleMarkdown()
}

var (
	articleMarkdown = sync.OnceValue(func() goldmark.Markdown { return ofAuthors(headed, goldhtml.WithUnsafe()) }) // the sanitiser is behind it
	linesMarkdown   = sync.OnceValue(func() goldmark.Markdown {
		return ofAuthors(nil, goldhtml.WithUnsafe(), goldhtml.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(setIn{}, 100)))
	})
)

// headed are the headings that are written over a line of hyphens. A plain box has none: there "-- " stands above a signature.
var headed = []util.PrioritizedValue{util.Prioritized(parser.NewSetextHeadingParser(), 100)}

// setIn writes what is set in by four blanks, code in Markdown, as the lines that they are in a plain box.
type setIn struct{}

// RegisterFuncs makes setIn a renderer.
func (setIn) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	to.Register(ast.KindCodeBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		lines := strings.TrimRight(string(n.Lines().Value(source)), "\n")
		_, err := w.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(lines), "\n", "<br>\n") + "</p>\n")
		return ast.WalkContinue, err
	})
}

func ofAuthors(blocks []util.PrioritizedValue, html ...renderer.Option) goldmark.Markdown {
	return dialect{
		blocks:  append(slices.Clone(blocks), util.Prioritized(parser.NewHTMLBlockParser(), 900), util.Prioritized(definitions{nesting{container{extension.NewFootnoteBlockParser()}}}, 999)),
		inlines: []util.PrioritizedValue{util.Prioritized(inline{extension.NewFootnoteParser(), noteMark}, 101), util.Prioritized(parser.NewRawHTMLParser(), 400)},
		ends:    []util.PrioritizedValue{util.Prioritized(extension.NewFootnoteASTTransformer(), 999)},
		writers: []util.PrioritizedValue{util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500)},
		html:    html,
	}.markdown()
}

// A comment has no notes, and no raw HTML: what looks like a tag is text.
var commentMarkdown = sync.OnceValue(func() goldmark.Markdown {
	return dialect{html: []renderer.Option{goldhtml.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(setIn{}, 100))}}.markdown()
})

// dialect is CommonMark and GFM with what a policy adds: parsers of blocks and inlines, what ends the parsing, what writes.
type dialect struct {
	blocks, inlines, ends, writers []util.PrioritizedValue
	html                           []renderer.Option
}

func (d dialect) markdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(append(d.blocks,
				util.Prioritized(parser.NewThematicBreakParser(), 200),
				util.Prioritized(nesting{container{parser.NewListParser()}}, 300),
				util.Prioritized(container{parser.NewListItemParser()}, 400),
				util.Prioritized(parser.NewCodeBlockParser(), 500),
				util.Prioritized(parser.NewATXHeadingParser(), 600),
				util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
				util.Prioritized(nesting{container{parser.NewBlockquoteParser()}}, 800),
				util.Prioritized(parser.NewParagraphParser(), 1000),
			)...),
			parser.WithInlineParsers(append(d.inlines,
				util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
				util.Prioritized(inline{parser.NewCodeSpanParser(), codeSpan}, 100),
				util.Prioritized(inline{parser.NewLinkParser(), link}, 200),
				util.Prioritized(parser.NewAutoLinkParser(), 300),
				util.Prioritized(inline{parser.NewEmphasisParser(), emphasis}, 500),
				util.Prioritized(inline{extension.NewStrikethroughParser(), emphasis}, 500),
				util.Prioritized(inline{linkify, bareLink}, 999),
			)...),
			parser.WithParagraphTransformers(
				util.Prioritized(references{parser.LinkReferenceParagraphTransformer}, 100),
				util.Prioritized(table{extension.NewTableParagraphTransformer()}, 200),
			),
			parser.WithASTTransformers(append(d.ends, util.Prioritized(extension.NewTableASTTransformer(), 0))...),
		)),
		goldmark.WithRendererOptions(append(d.html, renderer.WithNodeRenderers(append(d.writers,
			util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
			util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
			util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
		)...))...),
	)
}
