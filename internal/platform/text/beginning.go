package text

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// enough is how many characters of paragraphs say something: after a first one that is shorter, the next one is read too.
const enough = 60

// FirstWords returns the first words of the paragraphs of a rendered text in at most limit characters, as Excerpt does. What is
// no sentence of its text is left out: headings, lists, tables, captions, code, marks of notes. It is "" for a text that has
// no paragraph.
func FirstWords(h HTML, limit int) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(string(h)))
	inside, paragraph := 0, false // how deep in what is left out; whether in a paragraph
	for b.Len() < 8*limit {
		switch z.Next() {
		case html.ErrorToken:
			return Excerpt(b.String(), limit)
		case html.TextToken:
			if paragraph && inside == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			switch t := z.Token(); {
			case inside > 0 && !isVoid(t.DataAtom), inside == 0 && isAside(t):
				inside++
			case t.DataAtom == atom.P:
				paragraph = true
			case t.DataAtom == atom.Br:
				b.WriteByte(' ')
			}
		case html.EndTagToken:
			switch t := z.Token(); {
			case inside > 0:
				inside--
			case t.DataAtom == atom.P:
				paragraph = false
				if words := strings.TrimSpace(b.String()); len(words) >= enough || len(words) > limit {
					return Excerpt(words, limit)
				}
				b.WriteByte(' ')
			}
		}
	}
	return Excerpt(b.String(), limit)
}

// isAside tells what FirstWords does not read.
func isAside(t html.Token) bool {
	switch t.DataAtom {
	case atom.Ul, atom.Ol, atom.Table, atom.Figure, atom.Pre, atom.Section, atom.Dl:
		return true
	}
	for _, a := range t.Attr {
		if a.Key == "role" && (a.Val == "doc-noteref" || a.Val == "doc-backlink") {
			return true
		}
	}
	return false
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Img, atom.Hr, atom.Input, atom.Wbr, atom.Col, atom.Source, atom.Track, atom.Embed, atom.Area:
		return true
	}
	return false
}

// FirstImage returns the address of the first picture of a rendered text and what it shows in words; "" when there is none.
func FirstImage(h HTML) (src, alt string) { return first(h, "<img ") }

// FirstSound returns the address of the first recording of a rendered text, "" when there is none.
func FirstSound(h HTML) string {
	src, _ := first(h, "<audio ")
	return src
}

// first returns the source of the first element that begins like that, and what it says in its place.
func first(h HTML, begins string) (src, alt string) {
	at := strings.Index(string(h), begins)
	if at < 0 {
		return "", ""
	}
	z := html.NewTokenizer(strings.NewReader(string(h[at:])))
	if kind := z.Next(); kind != html.StartTagToken && kind != html.SelfClosingTagToken {
		return "", ""
	}
	for _, a := range z.Token().Attr {
		switch a.Key {
		case "src":
			src = a.Val
		case "alt":
			alt = a.Val
		}
	}
	return src, alt
}
