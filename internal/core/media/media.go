package media

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"causerie/internal/fact"
	"causerie/internal/platform/fault"
)

// Media is a file of the house. Width and Height are those of the picture that came in, as it is to be seen, in
// pixels; both are 0 for a document.
type Media struct {
	ID            fact.MediaID
	Ref           string // sha-256 of the largest file kept
	Name          string // as the person named it, without path
	Mime          string
	Width, Height int
	Colour        string // #rrggbb, its average: what stands there until it has come
	Bytes         int64  // of the largest file kept
	Alt           string // what it shows, in words
	Caption       string
	CreatedAt     time.Time
	ReplacedAt    time.Time // when another file took its address last; zero for never
	Focus         Focus
	Stilled       bool // of what just came: the file moves, but is too large to, so that its first frame is kept
}

// The kinds of files.
const (
	Picture  = "picture"
	Sound    = "sound"
	Film     = "film"
	Document = "document"
)

// Kinds returns them, in the order in which people look for them.
func Kinds() []string { return []string{Picture, Document, Sound, Film} }

// Kind returns what m is.
func (m Media) Kind() string {
	major, _, _ := strings.Cut(m.Mime, "/")
	switch major {
	case "image":
		return Picture
	case "audio":
		return Sound
	case "video":
		return Film
	}
	return Document
}

// IsPicture reports whether m can be shown in a page.
func (m Media) IsPicture() bool { return m.Kind() == Picture }

// The variants under which a file is served.
const (
	Small    = "480"
	Medium   = "960"
	Large    = "1600"
	Square   = "square"
	Share    = "share" // for the card of a link: 1200 by 630 around the focus, of a picture that is as large
	Original = "original"
)

// MaxBytes is the size of the largest file taken.
const MaxBytes = 25 << 20

const (
	squareSide = 192
	shareWide  = 1200
	shareHigh  = 630
	maxName    = 200
	maxAlt     = 500
	maxCaption = 500
)

// widths are those of the variants of a picture, from the smallest.
var widths = []int{480, 960, 1600}

// Path returns the address of one variant, relative to the site.
func Path(id fact.MediaID, variant string) string { return "/media/" + id.String() + "/" + variant }

// Edition names the bytes of a file in an address: what a page says after ?v= once another file took the place of the first, so that no
// browser shows what it kept. It is "" before.
func (m Media) Edition() string {
	if m.ReplacedAt.IsZero() {
		return ""
	}
	return m.Ref[:min(len(m.Ref), 8)]
}

// Path is Path, naming the bytes where these have changed.
func (m Media) Path(variant string) string {
	if edition := m.Edition(); edition != "" {
		return Path(m.ID, variant) + "?v=" + edition
	}
	return Path(m.ID, variant)
}

// Src returns the address of m for a page: the middle width of a picture, the file itself of a document.
func Src(m Media) string {
	if !m.IsPicture() {
		return m.Path(Original)
	}
	return m.Path(Medium)
}

// Srcset returns the srcset attribute of a picture, "" for a document: each width once, none larger than the source.
func Srcset(m Media) string {
	if !m.IsPicture() {
		return ""
	}
	var parts []string
	for _, w := range widthsOf(m.Width) {
		parts = append(parts, fmt.Sprintf("%s %dw", m.Path(strconv.Itoa(w)), min(w, m.Width)))
	}
	return strings.Join(parts, ", ")
}

var unbracketed = strings.NewReplacer("[", "(", "]", ")", "\n", " ")

// Markdown is what stands in a text for a file: a picture with what it shows, or a link.
func Markdown(m Media) string {
	words := unbracketed.Replace(m.Alt)
	if m.IsPicture() {
		return "![" + words + "](" + Path(m.ID, Medium) + ")"
	}
	if words == "" {
		words = unbracketed.Replace(m.Name)
	}
	return "[" + words + "](" + Path(m.ID, Original) + ")"
}

// widthsOf returns the variants that a picture of that width has: the smallest always, the next ones while the source
// is larger than the one before.
func widthsOf(source int) []int {
	n := 1
	for n < len(widths) && source > widths[n-1] {
		n++
	}
	return widths[:n]
}

// fallback returns the variants to look for when one was asked, the best first: a page may name a width that a small
// picture does not have, or that is not made yet.
func fallback(variant string) []string {
	switch variant {
	case Large:
		return []string{Large, Medium, Small}
	case Medium:
		return []string{Medium, Large, Small}
	case Small:
		return []string{Small, Medium, Large}
	case Square:
		return []string{Square, Small, Medium, Large}
	case Share:
		return []string{Share, Medium, Large, Small}
	case Original:
		return []string{variant}
	}
	return nil
}

var address = regexp.MustCompile(`/media/([0-9a-z]{13})/`)

// IDsIn returns the files that a Markdown text refers to, each once, in order.
func IDsIn(markdown string) []fact.MediaID {
	var ids []fact.MediaID
	seen := map[fact.MediaID]bool{}
	for _, m := range address.FindAllStringSubmatch(markdown, 1000) {
		id, err := fact.Parse[fact.MediaID](m[1])
		if err == nil && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// cleanName makes a name harmless in a header and on a disk: its last element, without control characters.
func cleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '"' {
			return -1
		}
		return r
	}, name))
	if utf8.RuneCountInString(name) > maxName {
		r := []rune(name)
		name = string(r[len(r)-maxName:]) // the end holds the extension
	}
	return name
}

// checkWords refuses texts about a file that are too long.
func checkWords(alt, caption string) error {
	var p fault.Problems
	if utf8.RuneCountInString(alt) > maxAlt {
		p.Add("alt", "too_long", maxAlt)
	}
	if utf8.RuneCountInString(caption) > maxCaption {
		p.Add("caption", "too_long", maxCaption)
	}
	return p.Err()
}
