package post

import (
	"unicode/utf8"

	"causerie/internal/platform/text"
)

// LongTitle is how many letters of a title a result of a search shows, about: what is behind them is cut there.
const LongTitle = 70

// Advice is one thing that would be better otherwise before readers see it. It never stands in the way.
type Advice struct {
	Code  string // no_alt, link_empty, link_broken, title_long, heading_order, voice_i, voice_we, voice_name
	Count int    // of pictures or letters, where that says something
	Words string // by which the writer finds the place
	Place string // the part of the writing page where it is mended
}

// Advise looks at p as readers get it from by. leads tells whether a link to the house's own site leads anywhere; it is asked of links as they stand.
func Advise(p Public, by Speaker, leads func(href string) bool) (all []Advice) {
	if n := utf8.RuneCountInString(p.Title); n > LongTitle {
		all = append(all, Advice{Code: "title_long", Count: n, Place: "title"})
	}
	seen := text.Inspect(p.HTML)
	all = append(all, guard(seen.Said, p.Lang, by)...)
	if seen.Mute > 0 {
		all = append(all, Advice{Code: "no_alt", Count: seen.Mute, Place: "body"})
	}
	told := map[string]bool{}
	for _, l := range seen.Links {
		switch {
		case told[l.Href]:
		case l.Words == "":
			all = append(all, Advice{Code: "link_empty", Words: text.Clip(l.Href, 60), Place: "body"})
		case !leads(l.Href):
			all = append(all, Advice{Code: "link_broken", Words: text.Clip(l.Words, 60), Place: "body"})
		}
		told[l.Href] = true
	}
	before := 1 // the title
	for _, level := range seen.Headings {
		if level > before+1 {
			all = append(all, Advice{Code: "heading_order", Place: "body"})
			break
		}
		before = level
	}
	return all
}
