package site

import (
	"strings"
	"time"

	"causerie/internal/platform/i18n"
)

// meta is what the head of a page tells to machines: search engines, and the programs that draw a card for a link.
type meta struct {
	Site        string
	Description string
	Type        string // og:type: website, article, profile
	Locale      string
	Lang        string // of the page, for hreflang
	Image       string // absolute
	ImageAlt    string
	ImageWidth  int
	ImageHeight int
	Published   time.Time
	Modified    time.Time
	Section     string
	Tags        []string
	Author      string
	AuthorURL   string // absolute; "" for a guest
	Prev, Next  string // neighbours of a list, absolute
	Data        any    // JSON-LD
}

// locale writes a language as Open Graph does.
func locale(l i18n.Lang) string {
	if l == i18n.En {
		return "en_GB"
	}
	return strings.ReplaceAll(string(l), "-", "_")
}
