package site

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"causerie/internal/channel/site/feed"
	"causerie/internal/core/place"
)

// kind is what an address names.
type kind int

const (
	front   kind = iota // of a voice
	word                // a post by its slug
	note                // a note by its id
	letter              // what was written as a letter, by the word that its mail names
	notes               // all notes of a voice
	section             // of a voice
	tag                 // among a voice's posts
	year
	month
)

// address is what stands under the root of a voice, read.
type address struct {
	kind     kind
	name     string // the slug of a post, section or tag, the id of a note, the word of a letter
	year     int
	month    time.Month
	feed     feed.Format // feed.None for the page itself
	comments bool        // where comments are sent
}

// errNoAddress says that no page of ours can have that path.
var errNoAddress = errors.New("site: not an address")

// maxSegments bounds what parse looks at: section, its name, the feed.
const maxSegments = 4

// parse reads a path under the root of a voice; "" is the root without its slash. An address written another way than ours
// (a slash too many, one too few, /rss for the feed) is read all the same: compare with path.
func parse(path string) (address, error) {
	var a address
	if path == "" || path == "/" {
		return a, nil
	}
	if !strings.HasPrefix(path, "/") || len(path) > 1000 {
		return a, errNoAddress
	}
	segments := strings.SplitN(strings.TrimSuffix(path[1:], "/"), "/", maxSegments+1)
	if len(segments) > maxSegments {
		return a, errNoAddress
	}
	for _, s := range segments {
		if s == "" || s == "." || s == ".." {
			return a, errNoAddress
		}
	}
	if n := len(segments); n != 2 || (segments[0] != "section" && segments[0] != "tag") { // which may be called rss
		if f, ok := feed.Parse(segments[n-1]); ok {
			a.feed, segments = f, segments[:n-1]
		} else if segments[n-1] == "comments" {
			a.comments, segments = true, segments[:n-1]
		}
	}
	return a, a.read(segments)
}

// read fills a from what is left of a path without voice and feed.
func (a *address) read(segments []string) error {
	switch n := len(segments); {
	case n == 0:
		a.kind = front
	case segments[0] == "n" && n == 1:
		a.kind = notes
	case n == 2 && segments[0] == "n":
		a.kind, a.name = note, segments[1]
	case n == 2 && segments[0] == "l" && a.feed == feed.None:
		a.kind, a.name = letter, segments[1]
	case n == 2 && segments[0] == "section":
		a.kind, a.name = section, segments[1]
	case n == 2 && segments[0] == "tag":
		a.kind, a.name = tag, segments[1]
	case n <= 2 && isYear(segments[0]):
		a.kind = year
		a.year, _ = strconv.Atoi(segments[0])
		if n == 2 {
			m, err := strconv.ParseUint(segments[1], 10, 8)
			if err != nil || m < 1 || m > 12 || len(segments[1]) > 2 {
				return errNoAddress
			}
			a.kind, a.month = month, time.Month(m)
		}
	case n == 1 && segments[0] != "section" && segments[0] != "tag":
		a.kind, a.name = word, segments[0]
	default:
		return errNoAddress
	}
	if a.comments && a.kind != word && a.kind != note {
		return errNoAddress
	}
	return nil
}

// isYear reports whether s is one of the years that no slug may have.
func isYear(s string) bool {
	return len(s) == 4 && (s[:2] == "19" || s[:2] == "20" || s[:2] == "21") && s[2] >= '0' && s[2] <= '9' && s[3] >= '0' && s[3] <= '9'
}

// page returns the path, under the root of the voice, of the page that a names, without its feed.
func (a address) page() string {
	switch a.kind {
	case word:
		return "/" + a.name
	case note:
		return "/n/" + a.name
	case notes:
		return "/n/"
	case letter:
		return place.LetterPath(a.name)
	case section:
		return "/section/" + a.name + "/"
	case tag:
		return "/tag/" + a.name + "/"
	case year:
		return fmt.Sprintf("/%04d/", a.year)
	case month:
		return fmt.Sprintf("/%04d/%02d/", a.year, a.month)
	}
	return "/"
}

// path returns a as we write it.
func (a address) path() string {
	p := a.page()
	switch {
	case a.feed != feed.None:
		return strings.TrimSuffix(p, "/") + "/" + a.feed.File()
	case a.comments:
		return p + "/comments"
	}
	return p
}
