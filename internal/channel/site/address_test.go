package site

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/site/feed"
)

func TestAnAddressIsReadAsDesigned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path string
		want address
		ours string // the same address as we write it, when it differs
	}{
		{"/", address{}, ""},
		{"/nos-delais", address{kind: word, name: "nos-delais"}, ""},
		{"/nos-delais/", address{kind: word, name: "nos-delais"}, "/nos-delais"},
		{"", address{}, "/"},
		{"/n/", address{kind: notes}, ""},
		{"/n", address{kind: notes}, "/n/"},
		{"/n/0abc", address{kind: note, name: "0abc"}, ""},
		{"/section/metier/", address{kind: section, name: "metier"}, ""},
		{"/tag/rss", address{kind: tag, name: "rss"}, "/tag/rss/"},
		{"/section/comments/", address{kind: section, name: "comments"}, ""},
		{"/section/rss/rss", address{kind: section, name: "rss", feed: feed.RSS}, "/section/rss/feed.xml"},
		{"/tag/chene", address{kind: tag, name: "chene"}, "/tag/chene/"},
		{"/2026/", address{kind: year, year: 2026}, ""},
		{"/2026/3", address{kind: month, year: 2026, month: time.March}, "/2026/03/"},
		{"/feed.xml", address{feed: feed.RSS}, ""},
		{"/rss", address{feed: feed.RSS}, "/feed.xml"},
		{"/feed/", address{feed: feed.RSS}, "/feed.xml"},
		{"/atom.xml", address{feed: feed.Atom}, ""},
		{"/nos-delais/feed.xml", address{kind: word, name: "nos-delais", feed: feed.RSS}, ""},
		{"/n/0abc/atom.xml", address{kind: note, name: "0abc", feed: feed.Atom}, ""},
		{"/section/metier/feed.xml", address{kind: section, name: "metier", feed: feed.RSS}, ""},
		{"/2026/11/feed", address{kind: month, year: 2026, month: time.November, feed: feed.RSS}, "/2026/11/feed.xml"},
		{"/nos-delais/comments", address{kind: word, name: "nos-delais", comments: true}, ""},
	} {
		got, err := parse(c.path)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v, want %+v", c.path, got, err, c.want)
		}
		ours := cmp.Or(c.ours, c.path)
		if p := got.path(); p != ours {
			t.Errorf("%s is written %s, want %s", c.path, p, ours)
		}
	}
	for _, path := range []string{"x", "/a/b", "/section/", "/section", "/tag/a/b/c", "/2026/13/", "/2026/0/", "/2026/+1/", "/2026/011/",
		"/2026/11/12/", "/n/a/b", "/comments", "/1/2/3/4/5", "/tag/a/comments", "/a//b", "//", "/./a", "/a/..", "/1/2/3/4/5/6", "/" + strings.Repeat("a", 1001)} {
		if a, err := parse(path); err == nil {
			t.Errorf("%q is read as %+v", path, a)
		}
	}
}

// Whatever is read is written in one way, and that way reads as the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"/", "/a", "/ateliers/2026/3/feed", "/n/1/comments", "/tag/x/rss", "/%2e/..//", "/ateliers/ateliers/", "/feed/feed.xml"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		a, err := parse(path)
		if err != nil {
			return
		}
		b, err := parse(a.path())
		if err != nil || a != b {
			t.Errorf("%q is %+v, written %q, read as %+v, %v", path, a, a.path(), b, err)
		}
	})
}

func TestFoundWordsAreMarkedWhereTheyStand(t *testing.T) {
	t.Parallel()
	plain := strings.Repeat("mot ", 40) + "Une table en chêne, l’atelier et les délais tenus. " + strings.Repeat("fin ", 40)
	pieces := found("fr-FR", plain, "CHENE delai atelier")
	var marked []string
	all := ""
	for _, p := range pieces {
		all += p.Text
		if p.Mark {
			marked = append(marked, p.Text)
		}
	}
	if got := strings.Join(marked, "|"); !strings.Contains(got, "chêne|") || !strings.Contains(got, "délais") || !strings.Contains(got, "l’atelier") {
		t.Errorf("marked %q in %q", got, all)
	}
	if !strings.HasPrefix(all, "…\u00a0") || !strings.HasSuffix(all, "\u00a0…") || strings.Contains(all, "  ") {
		t.Errorf("%q", all)
	}
	for _, p := range found("fr-FR", "une forme de délicatesse", "délais") {
		if p.Mark {
			t.Errorf("another word is marked: %q", p.Text)
		}
	}
	if got := found("fr-FR", "Les prix\n\nCuisine simple\nTable longue\n\nFin.\n\nOui", "x"); len(got) != 1 || got[0].Text != "Les prix · Cuisine simple · Table longue · Fin. Oui" {
		t.Errorf("what stood on lines of its own runs together: %+v", got)
	}
	if got := found("fr-FR", "", "x"); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
	if got := found("fr-FR", "un deux", "trois"); len(got) != 1 || got[0].Mark || got[0].Text != "un deux" {
		t.Errorf("of what is not there: %v", got)
	}
}

func TestARoleGoesOnAfterTheName(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]string{"": "", "dirigeante": ", dirigeante", "Menuiserie, depuis 1962.": ". Menuiserie, depuis 1962", "électricien ": ", électricien", "...": ""} {
		if got := afterName(role, ". "); got != want {
			t.Errorf("%q stands as %q, want %q", role, got, want)
		}
	}
}
