package roster

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"causerie/internal/platform/fault"
	"causerie/internal/protocol/sheet"
	"causerie/internal/protocol/vcard"
)

// File is a list that somebody gives. It is read twice.
type File struct {
	Name string // by which they know it
	Open func() (io.ReadCloser, error)
}

// MaxRows is how many rows a list may have.
const MaxRows = 1_000_000

// preview is how many people Look shows.
const preview = 10

// Layout is what a file was found to be, before anything is imported.
type Layout struct {
	Program string   // that wrote it, "" for one that is not known
	Cards   bool     // vCard: there are no columns
	Columns []string // names, or what stands in the first row of a list without headings
	Fields  []Field  // what each column says, as it was recognised
	Headed  bool     // the first row has the names
	Rows    int      // people in it
	First   []Person // the first ten, as they would come
	skip    int      // rows before the people: what stands above the headings, and these
}

// Look reads a file through and says what it is. A file in which nobody can be found is fault.Invalid at "file".
func Look(f File, now time.Time) (Layout, error) {
	l, err := layoutOf(f)
	if err != nil {
		return l, err
	}
	err = l.each(f, l.Fields, now, func(p Person) error {
		if l.Rows++; l.Rows > MaxRows {
			return fault.Invalid("file", "too_many_rows", MaxRows)
		}
		if len(l.First) < preview {
			l.First = append(l.First, p)
		}
		return nil
	})
	if err == nil && l.Rows == 0 {
		err = fault.Invalid("file", "nobody")
	}
	return l, err
}

// above is how many rows may stand above the headings: LinkedIn writes three.
const above = 12

// layoutOf finds the headings. Look counts the rows.
func layoutOf(f File) (l Layout, err error) {
	in, err := f.Open()
	if err != nil {
		return l, err
	}
	defer in.Close()
	buffered := bufio.NewReaderSize(in, 4096)
	head, _ := buffered.Peek(512)
	if strings.HasPrefix(string(head), "PK\x03\x04") || strings.HasPrefix(string(head), "\xD0\xCF\x11\xE0") || strings.HasPrefix(string(head), "%PDF") {
		return l, fault.Invalid("file", "not_text") // a workbook
	}
	if l.Cards = vcard.Is(head); l.Cards {
		return l, nil
	}
	t := sheet.NewReader(buffered)
	var rows [][]string
	best, most := -1, 0
	for len(rows) < above {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, err
		}
		known := 0
		for _, field := range recognise(row.Cells) {
			if field != None {
				known++
			}
		}
		if slices.ContainsFunc(row.Cells, looksLikeEmail) {
			known = 0 // a person, whatever their words
		}
		if known > most {
			best, most = len(rows), known
		}
		rows = append(rows, row.Cells)
	}
	switch {
	case best >= 0 && (most > 1 || len(rows[best]) <= 2):
		l.Columns, l.Headed, l.skip = rows[best], true, best+1
		l.Program, l.Fields = programOf(l.Columns), recognise(l.Columns)
	case len(rows) > 0:
		l.Columns, l.Fields = rows[0], guess(rows[0])
	}
	if len(l.Fields) == 0 || !slices.ContainsFunc(l.Fields, func(f Field) bool { return slices.Contains(who, f) }) {
		return l, fault.Invalid("file", "no_columns")
	}
	return l, nil
}

// who are the fields that say who somebody is.
var who = []Field{Name, First, Last, Email, Phone, Page}

// each calls fn with the people of a file, in order.
func (l Layout) each(f File, fields []Field, now time.Time, fn func(Person) error) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	if l.Cards {
		cards := vcard.NewReader(in)
		for {
			c, err := cards.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err == nil {
				err = fn(personOfCard(c))
			}
			if err != nil {
				return err
			}
		}
	}
	t := sheet.NewReader(in)
	for n := 0; ; n++ {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && n >= l.skip {
			err = fn(personOfRow(row, fields, now))
		}
		if err != nil {
			return err
		}
	}
}
