package text

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Inspected is what of a rendered text can be wrong for its readers without being wrong as a text.
type Inspected struct {
	Links    []InspectedLink
	Mute     int    // pictures without words for those who do not see them
	Headings []int  // their levels, in order
	Said     string // the words of whoever wrote it: without what they quote in blocks, code and notes of the program
}

// InspectedLink is one link of a text.
type InspectedLink struct {
	Href, Words string // Words are "" where nothing can be read or pressed
}

// Inspect reads a rendered text. What the program made for notes is left out.
func Inspect(h HTML) (seen Inspected) {
	z := html.NewTokenizer(strings.NewReader(string(h)))
	var open *InspectedLink
	var said strings.Builder
	quoted := 0 // how many of what holds others' words are open
	for {
		switch z.Next() {
		case html.ErrorToken:
			seen.Said = said.String()
			return seen
		case html.TextToken:
			words := string(z.Text())
			if open != nil {
				open.Words += strings.TrimSpace(words)
			}
			if quoted == 0 {
				said.WriteString(html.UnescapeString(words))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.DataAtom {
			case atom.Blockquote, atom.Q, atom.Code, atom.Pre:
				quoted++
			case atom.P, atom.Li, atom.Td, atom.Th, atom.Br:
				said.WriteByte('\n')
			case atom.A:
				open = &InspectedLink{Href: tokenAttr(t, "href"), Words: tokenAttr(t, "aria-label")}
			case atom.Img:
				alt := strings.TrimSpace(tokenAttr(t, "alt"))
				if alt == "" {
					seen.Mute++
				}
				if open != nil {
					open.Words += " " + alt + " "
				}
			case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
				seen.Headings = append(seen.Headings, int(t.Data[1]-'0'))
			}
		case html.EndTagToken:
			t := z.Token()
			switch t.DataAtom {
			case atom.Blockquote, atom.Q, atom.Code, atom.Pre:
				quoted = max(0, quoted-1)
			}
			if t.DataAtom == atom.A && open != nil {
				if open.Words = strings.TrimSpace(open.Words); open.Href != "" && !strings.HasPrefix(open.Href, "#") {
					seen.Links = append(seen.Links, *open)
				}
				open = nil
			}
		}
	}
}

func tokenAttr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
