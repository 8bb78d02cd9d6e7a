package feedxml

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Generator is the name that feeds give for the program that wrote them.
const Generator = "Causerie"

// Media types of the three formats, for Content-Type.
const (
	TypeRSS  = "application/rss+xml; charset=utf-8"
	TypeAtom = "application/atom+xml; charset=utf-8"
	TypeJSON = "application/feed+json; charset=utf-8"
)

// Person is who wrote something. A Person without name is nobody.
type Person struct {
	Name  string
	Email string // optional; it becomes public
	URL   string // optional, the person's page
}

// Feed is one list that people follow: a voice, a section, a tag, the comments of a post.
type Feed struct {
	ID          string // stable for ever, an address or a tag: URI; Self when empty
	Title       string // plain text; Home when empty
	Description string // plain text; Title when empty
	Lang        string // BCP 47: "fr-FR"
	Home        string // absolute address of the page that shows the same list; required
	Self        string // absolute address of this very document; required
	Hub         string // WebSub hub, optional
	Next        string // the older entries (RFC 5005 §3), optional
	Icon        string // square picture, optional
	Copyright   string // plain text, optional
	Author      Person // used where an entry has no author of its own
	Updated     time.Time
	Entries     []Entry // newest first, written as they come
}

// Entry is one post, note or comment.
type Entry struct {
	ID           string // stable for ever, an address or a tag: URI; URL when empty
	URL          string // absolute address
	Title        string // plain text; "" for a note
	ContentHTML  string // the whole text as sanitised HTML
	Summary      string // plain text, optional
	Published    time.Time
	Updated      time.Time // Published when zero
	Authors      []Person
	Tags         []string
	Image        string // address of the cover, optional
	ImageType    string // "image/jpeg"; without it the image is not an RSS enclosure
	ImageLength  int64  // bytes, 0 when unknown
	Sound        string // address of a recording, optional: in RSS, which knows one enclosure, it goes before the image
	SoundType    string // "audio/mpeg"
	SoundLength  int64  // bytes
	CommentsURL  string // where one reads and writes comments, optional
	CommentsFeed string // feed of the comments, optional
	Comments     int    // how many there are
	Lang         string // BCP 47, when it is not the feed's
}

// prepared is a feed with everything filled in and every address absolute.
type prepared struct {
	Feed
	home *url.URL
}

// prepare checks what only the program can have got wrong (addresses) and fills what the formats require. Entries
// whose id was already used are left out: the first one wins.
func prepare(f Feed) (*prepared, error) {
	home, err := url.Parse(f.Home)
	if err != nil || !home.IsAbs() || home.Host == "" {
		return nil, fmt.Errorf("feedxml: home %q is not an absolute address", f.Home)
	}
	p := &prepared{Feed: f, home: home}
	p.Home = p.abs(f.Home)
	for _, a := range []*string{&p.Self, &p.Hub, &p.Next, &p.Icon} {
		*a = p.abs(*a)
	}
	if p.Self == "" {
		return nil, fmt.Errorf("feedxml: feed of %s has no address of its own", f.Home)
	}
	p.ID = either(f.ID, p.Self)
	p.Title = either(f.Title, p.Home)
	p.Description = either(f.Description, p.Title)

	p.Entries = make([]Entry, 0, len(f.Entries))
	seen := make(map[string]bool, len(f.Entries))
	newest := time.Time{}
	for i, e := range f.Entries {
		e.URL = p.abs(e.URL)
		if e.ID = either(e.ID, e.URL); e.ID == "" {
			return nil, fmt.Errorf("feedxml: entry %d has neither id nor address", i)
		}
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		if e.Updated.IsZero() {
			e.Updated = e.Published
		}
		if e.Updated.After(newest) {
			newest = e.Updated
		}
		e.Sound = p.abs(e.Sound)
		e.Image, e.CommentsURL, e.CommentsFeed = p.abs(e.Image), p.abs(e.CommentsURL), p.abs(e.CommentsFeed)
		e.Authors = named(e.Authors)
		p.Entries = append(p.Entries, e)
	}
	if p.Updated.IsZero() {
		p.Updated = newest
	}
	if p.Updated.IsZero() { // an empty feed never changed; Atom wants an instant all the same
		p.Updated = time.Unix(0, 0)
	}
	for i := range p.Entries {
		if p.Entries[i].Updated.IsZero() {
			p.Entries[i].Updated = p.Updated
		}
	}
	return p, nil
}

// abs returns ref as an absolute address, "" when it is none at all. Surrounding space and what XML cannot say is
// dropped first.
func (p *prepared) abs(ref string) string {
	ref = strings.TrimSpace(legal(ref))
	if ref == "" {
		return ""
	}
	u, err := p.home.Parse(ref)
	if err != nil {
		return ""
	}
	return u.String()
}

// content returns the HTML of e with absolute addresses: a footnote's "#fn1" belongs to the entry's page, not to Home.
func (p *prepared) content(e Entry) string {
	base := p.home
	if u, err := url.Parse(e.URL); err == nil && u.IsAbs() {
		base = u
	}
	return strings.TrimSpace(legal(absolute(e.ContentHTML, base)))
}

// authors returns who wrote e: its own authors, else the feed's, possibly nobody.
func (p *prepared) authors(e Entry) []Person {
	if len(e.Authors) > 0 {
		return e.Authors
	}
	return named([]Person{p.Author})
}

func named(people []Person) []Person {
	var out []Person
	for _, a := range people {
		if strings.TrimSpace(a.Name) != "" {
			out = append(out, a)
		}
	}
	return out
}

// tags returns the tags of e without the empty and the repeated ones.
func tags(e Entry) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range e.Tags {
		if t = strings.TrimSpace(legal(t)); t != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// either returns the first of the two that says something.
func either(a, b string) string {
	if a = strings.TrimSpace(legal(a)); a != "" {
		return a
	}
	return b
}
