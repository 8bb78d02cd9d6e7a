package edition

import (
	"time"

	"causerie/internal/platform/text"
)

// Edition is a letter as it leaves, but for its slots.
type Edition struct {
	Subject   string // may hold slots
	Preheader string // what lists of mails show behind the subject
	HTML      string
	Text      string
	Slots     []Slot // Values fills them in this order
	Short     bool   // it ends before the letter does: an excerpt was asked for, or it was cut
	Cut       bool   // the letter was too long for a mail
}

// Frame is what stands around every letter.
type Frame struct {
	Lang      string // fr-FR, fr-CA or en: of the letter and of what stands around it
	Zone      *time.Location
	At        time.Time // its day; zero shows none
	Voice     Voice
	House     House
	Subject   string // may hold merge fields
	Preheader string // "" is the beginning of the letter
	Greeting  string // "Bonjour {prénom},", or ""
	Why       string // why one gets it, as a sentence; "" says that one asked the voice for it
	URL       string // where it stands on the web, absolute; "" for nowhere
	Subscribe string // where somebody to whom it was forwarded asks for the next, absolute; "" for nowhere
}

// Voice is who speaks.
type Voice struct {
	Name, Role string
	URL        string   // its front, absolute
	Accent     string   // #rrggbb; what is none is shown in the ink of the text
	Mark       *Picture // a portrait or a logo, square; nil shows initials
	We         bool     // more than one person speaks
}

// House is what the law has a sender say of itself (rule R8): who, where on paper, and one more way to reach them. An address has
// lines.
type House struct{ Name, Registration, Address, Phone, Email string }

// Picture is one of the house's own.
type Picture struct {
	Src           string // absolute
	Alt           string
	Width, Height int // in pixels, 0 when unknown
}

// Letter is one text: an article that leaves as a letter, or what was written as one.
type Letter struct {
	Frame
	Kicker   string // the section, the number of a column
	Title    string // of what was written as a letter: its subject
	Lede     string
	Author   string
	Minutes  int // to read it; 0 shows nothing
	Cover    *Picture
	Body     text.HTML // as package text made it; its addresses may be relative to URL
	Excerpt  bool      // its beginning only
	Merge    bool      // it was written as a letter: the merge fields of its text are filled
	Question string    // what the reader is asked
}

// Digest is several posts, each by its title and first words.
type Digest struct {
	Frame
	Title  string // "La semaine de Claire Aubin"
	Lede   string
	Body   text.HTML // as package text made it, before the posts; its merge fields are filled
	Groups []Group
}

// Group is what one voice, or one section, said. The only one of a digest shows no name.
type Group struct {
	Name    string
	Entries []Entry
}

// Entry is one post of a digest.
type Entry struct {
	Kicker, Title, Lede string
	URL                 string // absolute
	At                  time.Time
	Minutes             int
	Picture             *Picture
}

// What an edition holds at most, in bytes of HTML: Gmail cuts off at 102 kB. A slot is counted as long as it can get.
const (
	maxHTML = 96 << 10
	perSlot = 5 * maxValue
)

// shortest is where an excerpt may end, in words.
const shortest = 80

// Of sets a letter.
func Of(l Letter) Edition {
	s := newSheet(l.Frame, l.Subject, l.Title, l.Lede, l.Question, string(l.Body))
	s.Kicker, s.Title, s.Lede, s.Question = s.typeset(l.Kicker, 120), s.merge(s.typeset(l.Title, 300)), s.typeset(l.Lede, 1200), s.typeset(l.Question, 400)
	s.Author, s.Minutes, s.Cover = text.Clip(l.Author, 120), l.Minutes, l.Cover
	if s.Author == l.Voice.Name {
		s.Author = ""
	}
	body := s.parse(l.Body, l.Merge)
	s.preheader(l.Preheader, s.Lede, beginning(body))
	blocks := s.blocks(body)
	if n := excerpt(blocks); l.Excerpt && l.URL != "" && n < len(blocks) {
		blocks, s.Short = blocks[:n], true
	}
	return s.assemble(blocks)
}

// OfDigest sets a digest.
func OfDigest(d Digest) Edition {
	s := newSheet(d.Frame, d.Subject, d.Title, d.Lede, string(d.Body))
	s.Title, s.Lede, s.Digest = s.merge(s.typeset(d.Title, 300)), s.typeset(d.Lede, 1200), true
	body := s.parse(d.Body, true)
	blocks := s.blocks(body)
	var titles string
	for _, g := range d.Groups {
		if len(d.Groups) > 1 && len(g.Entries) > 0 {
			blocks = append(blocks, s.group(g.Name))
		}
		for _, e := range g.Entries {
			blocks = append(blocks, s.entry(e))
			if len(titles) < 2*maxPreheader {
				titles += e.Title + " · "
			}
		}
	}
	s.preheader(d.Preheader, s.Lede, beginning(body), titles)
	return s.assemble(blocks)
}

// excerpt returns how many blocks are a beginning: whole paragraphs, up to the first heading, picture or list behind them.
func excerpt(blocks []block) (n int) {
	words := 0
	for n < len(blocks) && words < shortest {
		if n > 0 && !blocks[n].prose {
			break
		}
		words += text.Words(blocks[n].text)
		n++
	}
	return n
}
