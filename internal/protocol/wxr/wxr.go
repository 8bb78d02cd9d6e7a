package wxr

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// What one export may ask of us, in bytes and counts.
const (
	MaxField = 8 << 20  // one field: the content of a post, a value of a meta
	MaxItem  = 64 << 20 // one item with its metas and comments
	maxDepth = 64
)

// ErrNotExport means that the file is no WordPress export: there is no channel in it.
var ErrNotExport = errors.New("not a WordPress export")

// ErrTooLong means that a field, an item or the nesting is beyond what an export has any reason to ask for.
var ErrTooLong = errTooLong

// Error tells where in the file reading stopped.
type Error struct {
	Line  int
	Item  int64  // id of the item, 0 when not yet read or outside of items
	Title string // of that item, as far as it was read
	Cause error
}

// Error returns the place and the cause.
func (e *Error) Error() string {
	if e.Item != 0 || e.Title != "" {
		return fmt.Sprintf("wxr: line %d: item %d %q: %v", e.Line, e.Item, e.Title, e.Cause)
	}
	return fmt.Sprintf("wxr: line %d: %v", e.Line, e.Cause)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Read yields what is in an export, in the order of the file, the Site first. An error comes alone (its Record is nil)
// and is the last: what came before is complete and may be kept. Errors are *Error around ErrNotExport, ErrTooLong, an
// *xml.SyntaxError (a file cut short, often) or what r returned.
func Read(r io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		src := newCleaner(r)
		d := xml.NewDecoder(src)
		d.Strict = false
		d.Entity = xml.HTMLEntity
		d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // the cleaner did it
		p := &parser{d: d, src: src, yield: yield}
		err := p.document()
		if err == nil || errors.Is(err, errStopped) {
			return
		}
		line, _ := d.InputPos()
		e := &Error{Line: line, Cause: err}
		if p.item != nil {
			e.Item, e.Title = p.item.ID, p.item.Title
		}
		yield(nil, e)
	}
}

// errStopped means that the caller has seen enough.
var errStopped = errors.New("stopped")

// parser walks the document; each method reads up to the end of the element it was called for.
type parser struct {
	d     *xml.Decoder
	src   *cleaner
	yield func(Record, error) bool
	site  Site
	told  bool  // the site was yielded
	item  *Item // the one being read, for errors
	size  int   // bytes of text in it
	depth int
}

func (p *parser) document() error {
	for {
		t, err := p.token()
		if _, broken := errors.AsType[*xml.SyntaxError](err); broken || errors.Is(err, io.EOF) {
			return ErrNotExport
		}
		if err != nil {
			return err
		}
		if start, ok := t.(xml.StartElement); ok && start.Name.Local == "channel" {
			return p.channel()
		}
	}
}

func (p *parser) channel() error {
	err := p.children(func(name string, start xml.StartElement) error {
		switch name {
		case "title":
			return p.text(&p.site.Title)
		case "link":
			return p.text(&p.site.Link)
		case "description":
			return p.text(&p.site.Description)
		case "language":
			return p.text(&p.site.Language)
		case "wp:wxr_version":
			return p.text(&p.site.Version)
		case "wp:base_site_url":
			return p.text(&p.site.BaseSiteURL)
		case "wp:base_blog_url":
			return p.text(&p.site.BaseBlogURL)
		case "wp:author":
			return p.author()
		case "wp:category", "wp:tag", "wp:term":
			return p.term(name)
		case "item":
			return p.readItem()
		}
		return p.skip()
	})
	if err != nil {
		return err
	}
	return p.tellSite()
}

// tell hands a record over, the site before the first one.
func (p *parser) tell(r Record) error {
	if err := p.tellSite(); err != nil {
		return err
	}
	if !p.yield(r, nil) {
		return errStopped
	}
	return nil
}

func (p *parser) tellSite() error {
	if p.told {
		return nil
	}
	p.told = true
	if !p.yield(p.site, nil) {
		return errStopped
	}
	return nil
}

// token reads the next one, bounded in length and depth.
func (p *parser) token() (xml.Token, error) {
	p.src.budget = MaxField + 4096
	t, err := p.d.Token()
	if err != nil {
		return nil, err
	}
	switch t.(type) {
	case xml.StartElement:
		if p.depth++; p.depth > maxDepth {
			return nil, errTooLong
		}
	case xml.EndElement:
		p.depth--
	}
	return t, nil
}

// children calls f for each child of the current element, up to its end. f must read the child whole.
func (p *parser) children(f func(name string, start xml.StartElement) error) error {
	for {
		t, err := p.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := f(name(t.Name), t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// fields reads the children that are in the table, as text, and skips the others.
func (p *parser) fields(into map[string]*string) error {
	return p.children(func(name string, _ xml.StartElement) error {
		if s := into[name]; s != nil {
			return p.text(s)
		}
		return p.skip()
	})
}

// text reads the text of the current element up to its end; tags inside are dropped, their text stays.
func (p *parser) text(into *string) error {
	var b strings.Builder
	open := 1
	for open > 0 {
		t, err := p.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		case xml.CharData:
			if b.Len()+len(t) > MaxField {
				return errTooLong
			}
			if p.size += len(t); p.size > MaxItem {
				return errTooLong
			}
			b.Write(t)
		}
	}
	*into = b.String()
	return nil
}

func (p *parser) skip() error {
	for open := 1; open > 0; {
		t, err := p.token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
	}
	return nil
}

// maxSpace bounds what looking at a namespace costs: it is written once, and looked at for each element.
const maxSpace = 256

// name brings the spellings of the namespaces together: "wp:post_id", "content:encoded", "dc:creator", plain "title".
func name(n xml.Name) string {
	prefix := n.Space
	switch space := strings.TrimSuffix(n.Space, "/"); {
	case space == "":
		return n.Local
	case len(space) > maxSpace:
		return "?:" + n.Local
	case strings.Contains(space, "wordpress.org/export/"):
		prefix = "wp"
		if strings.HasSuffix(space, "/excerpt") {
			prefix = "excerpt"
		}
	case strings.HasSuffix(space, "purl.org/rss/1.0/modules/content"):
		prefix = "content"
	case strings.HasSuffix(space, "purl.org/dc/elements/1.1"):
		prefix = "dc"
	}
	return prefix + ":" + n.Local
}
