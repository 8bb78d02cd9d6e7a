package wordpress_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"causerie/internal/platform/db"
	"causerie/internal/transfer/wordpress"
)

// elsewhere are words and links of the pages that the old theme made, which the report names: the list of the latest posts and the form to
// search; the pages around the pictures of a gallery; a shortcode that nothing understood there either.
var elsewhere = read{
	words: map[string]int{"Hello": 1, "world": 1, "Protected": 1, "Protégé": 1, "Tous": 1, "les": 1, "blocs": 1, "Un": 1, "billet": 1, "classique": 1, "no": 1, "title": 1, "Chercher": 1, "Search": 1,
		"inconnu": 2, "x": 1, "1": 1},
	links: map[string]bool{"menuiserie.example/image-chene-brut-png": true, "menuiserie.example/image-noyer-png": true, "menuiserie.example/2026/11/hello-world": true,
		"menuiserie.example/2019/03/protege": true, "menuiserie.example/2019/03/tous-les-blocs": true, "menuiserie.example/2018/01/un-billet-classique": true, "menuiserie.example/2017/05/11-2": true}}

// TestWhatWordPressShowsIsShownHere: the WordPress of Debian (6.1) wrote this export, and the pages beside it by its own filters, of posts
// that are ours: every block that it has words for, a classic post, and what stands beside posts.
func TestWhatWordPressShowsIsShownHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, db.SQLite)
	f, err := os.Open("testdata/debian/export.xml")
	must(t, err)
	defer f.Close()
	r, err := wordpress.Import(t.Context(), w.Deps, f, wordpress.Options{})
	must(t, err)
	var there map[string]string
	src, err := os.ReadFile("testdata/debian/pages.json")
	must(t, err)
	must(t, json.Unmarshal(src, &there))
	here := w.brought("post", "posts")
	for id, page := range there {
		want, got := readIn(page, false), readIn(here[id], true)
		for word, n := range want.words {
			if got.words[word]+elsewhere.words[word] < n && (len(word) < 6 || !strings.Contains(tight(here[id]), word)) { // two links ran together there
				t.Errorf("%s: %q is there %d times of %d", id, word, got.words[word], n)
			}
		}
		for link := range want.links {
			if !got.links[link] && !elsewhere.links[link] {
				t.Errorf("%s: no link to %s", id, link)
			}
		}
	}
	if len(there) != 5 || total(r, "block") != 2 || total(r, "shortcode") != 1 {
		t.Errorf("%d pages: %+v", len(there), r.Notes)
	}
}
