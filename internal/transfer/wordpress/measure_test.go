package wordpress_test

import (
	"cmp"
	"io/fs"
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
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"

	"golang.org/x/net/html"
)

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
			r, err := wordpress.Import(t.Context(), w.Deps, f, wordpress.Options{})
			if err != nil {
				t.Skip(err)
			}
			compare(t, path, r, w.brought("post", "posts"), w.brought("comment", "messages"))
			for state, n := range r.States {
				if got := w.count("SELECT COUNT(*) FROM messages WHERE moderation = '" + state + "'"); got != n {
					t.Errorf("%d comments are %s, the report says %d", got, state, n)
				}
			}
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

// lossy are the notes that say that something of a text is not there.
var lossy = []string{htmlmd.NoteLeftOut, htmlmd.NoteForm, htmlmd.NoteElement, htmlmd.NoteBlock, htmlmd.NoteImage, htmlmd.NoteLink}

// names reports whether the report says of an item that something of it is not there.
func names(r transfer.Report, title string) bool {
	return slices.ContainsFunc(r.Notes, func(n transfer.Note) bool {
		return slices.Contains(lossy, n.Kind) && slices.Contains(n.Examples, title)
	})
}

func compare(t *testing.T, path string, r transfer.Report, pages, comments map[string]string) {
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
		if raw := reRaw.FindString(reCode.ReplaceAllString(page, "")); raw != "" {
			t.Errorf("%d %q shows %s", it.ID, it.Title, raw)
		}
		told := names(r, cmp.Or(strings.Join(strings.Fields(html.UnescapeString(it.Title)), " "), it.Link))
		asText := strings.NewReplacer("%22", `"`, "%3E", ">").Replace(html.UnescapeString(page))
		there, here := readIn(reTags.ReplaceAllString(it.Content, " "), false), readIn(page, true)
		for word, n := range there.words {
			words += n
			if here.words[word] < n && !told && (len(word) < 6 || !strings.Contains(tight(page), word)) { // the old program ran some together
				t.Errorf("%d %q: %q is there %d times of %d", it.ID, it.Title, word, here.words[word], n)
			}
		}
		for link := range there.links {
			links++
			if !here.links[link] && !told && !around[link] && !strings.Contains(asText, link) {
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
