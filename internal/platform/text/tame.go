package text

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxAttributes = 100  // of one tag
	maxOpen       = 1000 // elements; the parser gives up at 512
	maxAdoptions  = 8    // blocks out of which the parser takes a formatting element that is closed around them
)

// Bounded reports whether a browser's parser reads markup in time and memory of about its length. Of what it does not, only the
// text should be taken.
func Bounded(markup string) bool { return tame(markup, commentRepeats) == nil }

// tame returns nil for markup that a browser's parser reads in time and memory of about its length. That parser repeats
// every formatting element that is open (<b id=1><b id=2>…) in each paragraph that follows, and compares their attributes.
// It counts them as the parser would, or higher, and bears free repetitions beyond what every text has.
func tame(markup string, free int) error {
	const perToken = 8
	var open elements
	cost, tokens := 0, 0
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		t := z.Next()
		tokens++
		if cost += open.formats; cost > free+perToken*tokens || len(open.names) > maxOpen {
			return errTangled
		}
		switch t {
		case html.ErrorToken:
			return nil
		case html.StartTagToken:
			raw, more := z.TagName()
			name := string(raw)
			for n := 0; more; n++ {
				if _, _, more = z.TagAttr(); n > maxAttributes {
					return errTangled
				}
			}
			open.start(name)
		case html.EndTagToken:
			raw, _ := z.TagName()
			open.end(string(raw))
		}
	}
}

// elements are those that are open at some point of markup, outermost first, without those that end by themselves.
type elements struct {
	names   []string
	formats int // of them, those that are repeated
}

func (o *elements) start(name string) {
	switch {
	case endsItself[name]:
	case isCell[name]:
		o.leaveCell()
		if name != "tr" {
			o.names = append(o.names, name)
		}
	case name == "a" && slices.Contains(o.names, "a"): // one link ends another
	default:
		o.names = append(o.names, name)
		if isFormat[name] {
			o.formats++
		}
	}
}

func (o *elements) end(name string) {
	if isCell[name] {
		o.leaveCell()
		return
	}
	blocks := 0
	for i := len(o.names) - 1; i >= 0; i-- {
		switch n := o.names[i]; {
		case n == name && isFence[name]:
			o.cut(i)
			return
		case n == name && isFormat[name]:
			if blocks < maxAdoptions {
				o.names = slices.Delete(o.names, i, i+1)
				o.formats--
			}
			return
		case n == name: // what is open within it is closed, but for what is repeated behind it
			kept := o.names[:i]
			for _, n := range o.names[i+1:] {
				if isFormat[n] {
					kept = append(kept, n)
				}
			}
			o.names = kept
			return
		case isFence[n]:
			return
		case !isFormat[n]:
			blocks++
		}
	}
}

// leaveCell closes the cell of the innermost table, with what was opened in it.
func (o *elements) leaveCell() {
	for i := len(o.names) - 1; i >= 0 && o.names[i] != "table"; i-- {
		if isCell[o.names[i]] {
			o.cut(i)
			return
		}
	}
}

func (o *elements) cut(i int) {
	for _, n := range o.names[i:] {
		if isFormat[n] {
			o.formats--
		}
	}
	o.names = o.names[:i]
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

var (
	endsItself = setOf(`area base br col embed hr img input keygen link meta param source track wbr
		p li dt dd option optgroup rb rp rt rtc colgroup thead tbody tfoot`)
	isFormat = setOf("a b big code em font i nobr s small strike strong tt u")
	isCell   = setOf("td th tr")
	// isFence are the elements beyond which an end tag closes nothing.
	isFence = setOf("applet caption html marquee object table template button")
)
