package text

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// The parsers of goldmark that may take more than their input is long, each behind a guard that pays for it from the budget
// of the text. What is paid is what the parser looks at, or an upper bound of it where that cannot be seen.

var budgetKey = parser.NewContextKey()

func budgetOf(pc parser.Context) *budget { return pc.Get(budgetKey).(*budget) }

// container guards a block that holds blocks: goldmark asks every open one at every line, and notes what it said.
type container struct{ parser.BlockParser }

func (c container) Continue(n ast.Node, r gmtext.Reader, pc parser.Context) parser.State {
	budgetOf(pc).spend(perLine)
	return c.BlockParser.Continue(n, r, pc)
}

// perLine is what a line costs in each block that is open.
const perLine = 300

// nesting is a container that does not open below maxDepth.
type nesting struct{ container }

func (n nesting) Open(parent ast.Node, r gmtext.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) >= maxDepth {
		return nil, parser.NoChildren
	}
	return n.BlockParser.Open(parent, r, pc)
}

// definitions guards the definitions of notes, and counts them: each mark of a note is compared with all of them.
type definitions struct{ nesting }

func (d definitions) Open(parent ast.Node, r gmtext.Reader, pc parser.Context) (ast.Node, parser.State) {
	n, state := d.nesting.Open(parent, r, pc)
	if n != nil {
		budgetOf(pc).notes++
	}
	return n, state
}

// place is what an inline guard knows of the place where its parser looks.
type place struct {
	*budget
	line   []byte
	rest   int // bytes from here to the end of the block
	lines  int // of the block
	parent ast.Node
	reader gmtext.Reader
	pc     parser.Context
}

// inline guards an inline parser: parse calls it, and pays.
type inline struct {
	parser.InlineParser
	parse func(p parser.InlineParser, m place) ast.Node
}

func (g inline) Parse(parent ast.Node, r gmtext.Reader, pc parser.Context) ast.Node {
	b := budgetOf(pc)
	if b.block != parent {
		b.block, b.marks, b.brackets = parent, 0, 0
	}
	b.marks++
	line, at := r.PeekLine()
	m := place{budget: b, line: line, parent: parent, reader: r, pc: pc}
	if lines := parent.Lines(); lines != nil && lines.Len() > 0 {
		m.lines, m.rest = lines.Len(), lines.At(lines.Len()-1).Stop-at.Start
	}
	return g.parse(g.InlineParser, m)
}

// CloseBlock passes on what the parser of links needs to hear.
func (g inline) CloseBlock(parent ast.Node, r gmtext.Reader, pc parser.Context) {
	if c, ok := g.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, r, pc)
	}
}

func (m place) run(p parser.InlineParser) ast.Node { return p.Parse(m.parent, m.reader, m.pc) }

// codeSpan looks for its end, and finding none has looked through the block.
func codeSpan(p parser.InlineParser, m place) ast.Node {
	n := m.run(p)
	if n != nil && n.Kind() == ast.KindText {
		m.spend(m.rest)
	}
	return n
}

// emphasis is paired at the end of a block or of a link, each end with any beginning before it.
func emphasis(p parser.InlineParser, m place) ast.Node {
	m.spend(2 * m.marks)
	return m.run(p)
}

// link looks for its end, at all that is open before it, and at the lines of the block; what it refers to is written again.
func link(p parser.InlineParser, m place) ast.Node {
	if m.line[0] != ']' {
		m.brackets++
		return m.run(p)
	}
	m.spend(4*m.marks + 8*m.brackets + m.lines)
	n := m.run(p)
	if n == nil {
		if len(m.line) > 1 && (m.line[1] == '(' || m.line[1] == '[') {
			m.spend(m.rest)
		}
		return nil
	}
	switch l := n.(type) {
	case *ast.Link:
		m.again(l.Reference, l.Destination, l.Title)
	case *ast.Image:
		m.again(l.Reference, l.Destination, l.Title)
	}
	return n
}

func (m place) again(r *ast.ReferenceLink, destination, title []byte) {
	if r != nil {
		m.write(len(destination) + len(title))
	}
}

// bareLink matches an expression against the word that begins here.
func bareLink(p parser.InlineParser, m place) ast.Node {
	if n := bytes.IndexAny(m.line[1:], " \t\n"); n >= 0 {
		m.spend(n)
	} else {
		m.spend(len(m.line))
	}
	word := bytes.TrimLeft(m.line[:min(len(m.line), 2)], " *_~(")
	if start := m.line[min(len(m.line), 2)-len(word):]; bytes.HasPrefix(start, []byte("http")) || bytes.HasPrefix(start, []byte("www.")) || bytes.HasPrefix(start, []byte("ftp:")) {
		m.spend(perAddress)
	}
	return m.run(p)
}

// perAddress is what goldmark's expressions for bare addresses cost at most: they keep 256 states for 256 characters.
const perAddress = 20_000

// noteMark is compared with every definition.
func noteMark(p parser.InlineParser, m place) ast.Node {
	m.spend(2 * m.notes)
	return m.run(p)
}

// references guards definitions of links: of each that is taken out, all lines below move up.
type references struct{ parser.ParagraphTransformer }

func (t references) Transform(n *ast.Paragraph, r gmtext.Reader, pc parser.Context) {
	lines := n.Lines()
	if first := bytes.TrimLeft(lineAt(n, r, 0), " "); len(first) > 0 && first[0] == '[' {
		budgetOf(pc).spend(4 * lines.Len() * lines.Len())
	}
	t.ParagraphTransformer.Transform(n, r, pc)
}

// table guards tables: rows are padded to the width of the first. One that has more cells than the text can have written
// stays a paragraph.
type table struct{ parser.ParagraphTransformer }

func (t table) Transform(n *ast.Paragraph, r gmtext.Reader, pc parser.Context) {
	lines := n.Lines()
	for i := 1; i < lines.Len(); i++ {
		if len(bytes.TrimLeft(lineAt(n, r, i), " \t\r\n|:-")) > 0 {
			continue
		}
		if !bytes.ContainsRune(lineAt(n, r, i), '|') && !bytes.ContainsRune(lineAt(n, r, i-1), '|') {
			return // "-- " above a signature
		}
		columns := bytes.Count(lineAt(n, r, i-1), []byte{'|'}) + 1
		b := budgetOf(pc)
		if columns > max(b.cells, 0)/(lines.Len()-i+1) {
			return
		}
		b.cells -= columns * (lines.Len() - i + 1)
		for j := i - 1; j < lines.Len(); j++ {
			e := bytes.Count(lineAt(n, r, j), []byte(`\|`))
			b.escapes += e
			b.spend(4 * e * b.escapes)
		}
		break
	}
	t.ParagraphTransformer.Transform(n, r, pc)
}

func lineAt(n *ast.Paragraph, r gmtext.Reader, i int) []byte {
	at := n.Lines().At(i)
	return r.Source()[at.Start:at.Stop]
}
