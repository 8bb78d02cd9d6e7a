package wordpress_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"causerie/internal/platform/db"
	"causerie/internal/protocol/htmlmd"
	"causerie/internal/protocol/wxr"
	"causerie/internal/transfer/wordpress"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// read is what a reader gets of a piece of HTML: how often each word or number is there, and where its links lead.
type read struct {
	words map[string]int
	links map[string]bool
}

// inline are elements inside of which a word goes on.
var inline = []string{"sub", "sup", "b", "i", "em", "strong", "span", "small", "abbr", "code", "del", "s", "q", "u", "ins", "acronym", "big", "tt", "kbd", "var", "cite", "a", "font", "mark",
	"strike", "dfn", "samp", "bdo", "wbr"}

// readIn reads HTML. What stands in attributes counts when asked for: captions and alternative texts end there.
func readIn(src string, attributes bool) read {
	r := read{map[string]int{}, map[string]bool{}}
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return r
	}
	var b, said strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode {
			switch {
			case slices.Contains([]string{"script", "style", "textarea", "select", "noscript", "iframe", "svg", "template", "object"}, n.Data):
				return
			case !slices.Contains(inline, n.Data):
				b.WriteByte(' ')
				defer b.WriteByte(' ')
			}
			for _, a := range n.Attr {
				if a.Key == "href" && (attributes || leads(n, a.Val)) {
					r.links[where(a.Val)] = true
				}
				if attributes && (a.Key == "alt" || a.Key == "title" || a.Key == "href" || a.Key == "src") {
					said.WriteString(" " + a.Val)
				}
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(root)
	text := norm.NFKC.String(typeset.Replace(b.String() + " " + said.String()))
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		r.words[w]++
	}
	return r
}

// typeset are signs that the typography of the house sets: 32 × 32, n° 3.
var typeset = strings.NewReplacer("×", "x", "n°", "n ", "n\u00ba", "n ", "nᵒ", "n ", "°", " ", "º", " ", "ᵒ", " ")

// where is where a link leads, however it is written.
func where(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return href
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.Path, "/")
}

// leads reports whether a link leads from words or from a picture to somewhere else than that picture, or WordPress's page around it.
func leads(n *html.Node, href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	text, picture := "", false
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			text += strings.TrimSpace(c.Data)
		}
		picture = picture || c.Data == "img"
	}
	for _, a := range n.Attr {
		if a.Key == "rel" && strings.Contains(a.Val, "attachment") {
			return false
		}
	}
	shows := regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp)$`).MatchString(u.Path) || u.Query().Get("attachment_id") != ""
	return text != "" || picture && !shows
}

// reTags are shortcodes: their names and settings are no words that readers saw.
var reTags = regexp.MustCompile(`\[/?[A-Za-z][A-Za-z0-9_-]*(?:[ =][^\]]*)?/?\]`)

// reRaw is a shortcode as no reader should see one; in code it is what somebody wrote about.
var (
	reRaw  = regexp.MustCompile(`\[/?[a-z]+_[a-z0-9_]+(?:[ /][^\]]*)?\]|\[[a-z][a-z0-9-]+ [a-z_]+=[^\]]*\]`)
	reCode = regexp.MustCompile(`(?s)<(?:pre|code)[ >].*?</(?:pre|code)>`)
)

// exports are the real exports beside the project, and those in the directory that CAUSERIE_EXPORTS names.
func exports(t *testing.T) (paths []string) {
	for _, dir := range []string{filepath.Join("..", "..", "..", "..", "shared", "testdata", "wxr"), os.Getenv("CAUSERIE_EXPORTS")} {
		if dir == "" {
			continue
		}
		_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".xml") {
				paths = append(paths, path)
			}
			return nil
		})
	}
	if len(paths) == 0 {
		t.Skip("the real exports are not beside the project")
	}
	return paths
}

// TestNoWordLinkOrNumberOfARealExportIsLost compares what readers get here with what they got there: every word and number as often,
// every link. What is not there must be in the report.
func TestNoWordLinkOrNumberOfARealExportIsLost(t *testing.T) {
	t.Parallel()
	for _, path := range exports(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, db.SQLite)
			f, err := os.Open(path)
			must(t, err)
			defer f.Close()
			if _, err := wordpress.Import(t.Context(), w.Deps, f, wordpress.Options{}); err != nil {
				t.Skip(err)
			}
			compare(t, path, w.brought("post", "posts"), w.brought("comment", "messages"))
		})
	}
}

// brought is the HTML of what came, by its name in the export.
func (w *world) brought(kind, table string) map[string]string {
	all := map[string]string{}
	must(w.t, w.DB.Read(w.t.Context(), func(tx *db.Tx) error {
		rows, err := db.All(tx, db.Query{Name: "test." + table, SQL: "SELECT i.external, p.html FROM imported i JOIN " + table + " p ON p.id = i.local WHERE i.kind = $1"},
			func(r db.Row) (v [2]string, err error) { err = r.Scan(&v[0], &v[1]); return v, err }, kind)
		for _, v := range rows {
			all[v[0]] = v[1]
		}
		return err
	}))
	return all
}

func compare(t *testing.T, path string, pages, comments map[string]string) {
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	words, links := 0, 0
	around := pagesOfFiles(t, path)
	for rec, err := range wxr.Read(f) {
		it, ok := rec.(wxr.Item)
		for _, c := range it.Comments {
			page, came := comments[itoa(c.ID)]
			here := readIn(page, true)
			for word, n := range readIn(c.Content, false).words {
				words += n
				if came && here.words[word] < n && (len(word) < 6 || !strings.Contains(tight(page), word)) {
					t.Errorf("comment %d on %q: %q is there %d times of %d", c.ID, it.Title, word, here.words[word], n)
				}
			}
		}
		page, came := pages[itoa(it.ID)]
		if err != nil || !ok || !came {
			continue
		}
		md, err := htmlmd.Convert(it.Content, htmlmd.Options{WordPress: true})
		must(t, err)
		if raw := reRaw.FindString(reCode.ReplaceAllString(page, "")); raw != "" {
			t.Errorf("%d %q shows %s", it.ID, it.Title, raw)
		}
		told := slices.ContainsFunc(md.Notes, func(n htmlmd.Note) bool {
			return slices.Contains([]string{htmlmd.NoteLeftOut, htmlmd.NoteForm, htmlmd.NoteElement, htmlmd.NoteBlock, htmlmd.NoteImage}, n.Kind)
		})
		there, here := readIn(reTags.ReplaceAllString(it.Content, " "), false), readIn(page, true)
		for word, n := range there.words {
			words += n
			if here.words[word] < n && !told && (len(word) < 6 || !strings.Contains(tight(page), word)) { // the old program ran some together
				t.Errorf("%d %q: %q is there %d times of %d", it.ID, it.Title, word, here.words[word], n)
			}
		}
		for link := range there.links {
			links++
			if !here.links[link] && !told && !around[link] && !strings.Contains(page, link) {
				t.Errorf("%d %q: no link to %s", it.ID, it.Title, link)
			}
		}
	}
	t.Logf("%d words and numbers, %d links", words, links)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// tight is the text of a page without what parts its words.
func tight(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		if t := z.Token(); t.Type == html.TextToken {
			b.WriteString(strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					return r
				}
				return -1
			}, t.Data))
		}
	}
	return b.String()
}

// pagesOfFiles are the pages that WordPress made around the files of an export: they do not come, nor do links to them.
func pagesOfFiles(t *testing.T, path string) map[string]bool {
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	all := map[string]bool{}
	for rec, err := range wxr.Read(f) {
		if it, ok := rec.(wxr.Item); err == nil && ok && it.Type == "attachment" {
			all[where(it.Link)] = true
		}
	}
	return all
}
