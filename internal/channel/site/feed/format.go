package feed

import (
	"io"

	"causerie/internal/protocol/feedxml"
)

// Format is one of the three ways a feed is written.
type Format int

// The formats; None is no feed at all.
const (
	None Format = iota
	RSS
	Atom
	JSON
)

// Entries is how many posts a feed holds.
const Entries = 30

// Parse reads the last segment of a feed's address. Names that other programs gave their feeds ("rss", "feed") are read
// as RSS.
func Parse(segment string) (Format, bool) {
	switch segment {
	case "feed.xml", "rss", "feed", "rss.xml":
		return RSS, true
	case "atom.xml", "atom":
		return Atom, true
	case "feed.json":
		return JSON, true
	}
	return None, false
}

// File is the last segment of the feed's own address.
func (f Format) File() string {
	switch f {
	case RSS:
		return "feed.xml"
	case Atom:
		return "atom.xml"
	case JSON:
		return "feed.json"
	}
	return ""
}

// Type is the media type, as Content-Type has it.
func (f Format) Type() string {
	switch f {
	case Atom:
		return feedxml.TypeAtom
	case JSON:
		return feedxml.TypeJSON
	}
	return feedxml.TypeRSS
}

// Write writes x in that format.
func (f Format) Write(w io.Writer, x feedxml.Feed) error {
	switch f {
	case Atom:
		return feedxml.WriteAtom(w, x)
	case JSON:
		return feedxml.WriteJSON(w, x)
	}
	return feedxml.WriteRSS(w, x)
}
