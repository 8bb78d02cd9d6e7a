package text

import (
	"context"
	"errors"

	"github.com/yuin/goldmark/parser"
)

// errTangled says that a text would cost more than a text of its length that somebody meant to be read.
var errTangled = errors.New("text: it would cost more than anything that is written to be read")

// budget is what the rendering of one text may still cost. It counts work, not time, so that the same text has the same
// outcome on every machine; a step is about a nanosecond of the machines of 2026, and most texts take some thousands.
type budget struct {
	ctx     context.Context
	steps   int // of parsing, beyond what every text costs
	cells   int // of tables
	output  int // bytes that references write again
	repeats int // elements that a parser of HTML repeats
	asked   int // steps since the context was asked

	block    any // the block whose marks are counted
	marks    int // what may begin something, in this block
	brackets int // of them, those of links
	notes    int // definitions of notes, in the text
	escapes  int // pipes within cells, in the text
}

// The bounds. A stranger's text of 5,000 characters stays under 100 ms and 20 MB, an author's 200 kB under a second, whatever
// they are made of: TestHostileTextsCostLittle measures it.
const (
	commentSteps = 15 << 20
	articleSteps = 150 << 20

	commentRepeats = 20_000
	articleRepeats = 400_000

	maxDepth = 32 // of quotes and lists within each other; deeper ones are text
	askEvery = 1 << 20
)

func newBudget(ctx context.Context, src string, p Policy) *budget {
	b := &budget{ctx: ctx, steps: articleSteps, cells: 200 + min(len(src), 200_000+len(src)/8), output: 4*len(src) + 64<<10, repeats: articleRepeats}
	if p == Comment {
		b.steps, b.output, b.repeats = commentSteps, 4*len(src)+4<<10, commentRepeats
	}
	return b
}

// context is a parser's, with the budget in it.
func (b *budget) context() parser.Context {
	pc := parser.NewContext()
	pc.Set(budgetKey, b)
	return pc
}

// maxHTML is how long the HTML of a text of n bytes may be.
func maxHTML(n int, p Policy) int {
	if p == Comment {
		return 10*n + 8<<10
	}
	return min(20*n+256<<10, 5*n+1<<20)
}

// stop is how a guarded parser leaves the middle of a text: goldmark has no error to return. within turns it into one.
type stop struct{ err error }

// within runs f and returns the error with which a guard stopped it.
func within(f func() error) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case stop:
			err = r.err
		default:
			panic(r)
		}
	}()
	return f()
}

// spend takes n steps.
func (b *budget) spend(n int) {
	if b.steps -= n; b.steps < 0 {
		panic(stop{errTangled})
	}
	if b.asked += n; b.asked >= askEvery {
		b.asked = 0
		if err := b.ctx.Err(); err != nil {
			panic(stop{err})
		}
	}
}

// write takes n bytes of what is written once more.
func (b *budget) write(n int) {
	if b.output -= n; b.output < 0 {
		panic(stop{errTangled})
	}
}
