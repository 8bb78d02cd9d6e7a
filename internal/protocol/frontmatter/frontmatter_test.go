package frontmatter_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"causerie/internal/protocol/frontmatter"

	"github.com/google/go-cmp/cmp"
)

func TestEveryFieldIsRead(t *testing.T) {
	t.Parallel()
	src := "\ufeff---\r\ntitle: \"Réussir : un devis\"\r\nslug: devis\r\ndate: 2026-03-09 08:30\r\ntags: [métier, 'prix', métier]\r\n" +
		"section: Gestion\r\nvoice: helene\r\nkind: article\r\nlang: fr-FR\r\ndraft: true\r\ncover: a.jpg\r\ncover_alt: Un bureau\r\n" +
		"summary: |\r\n  Deux\r\n  lignes\r\nweight: 3\r\n---\r\n\r\nBonjour.\r\n"
	m, body, err := frontmatter.Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := frontmatter.Meta{
		Title: "Réussir : un devis", Slug: "devis", Tags: []string{"métier", "prix"}, Section: "Gestion", Voice: "helene",
		Kind: "article", Lang: "fr-FR", Draft: true, Cover: "a.jpg", CoverAlt: "Un bureau", Summary: "Deux\nlignes",
		Date:  frontmatter.Date{Time: time.Date(2026, 3, 9, 8, 30, 0, 0, time.UTC), HasTime: true, Floating: true},
		Extra: map[string]any{"weight": 3},
	}
	if d := cmp.Diff(want, m); d != "" {
		t.Error(d)
	}
	if body != "Bonjour.\n" {
		t.Errorf("body %q", body)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Date.In(paris).UTC().Format(time.RFC3339); got != "2026-03-09T07:30:00Z" {
		t.Errorf("in Paris: %s", got)
	}
}

func TestOtherProgramsHeadsAreUnderstood(t *testing.T) {
	t.Parallel()
	m, _, err := frontmatter.Parse([]byte("---\ntags: a, b , #c\ncategories:\n  - Un\n  - Deux\ndescription: D\nlanguage: en\nimage:\n  src: x\ntitle: 2026\n---\nx"))
	if err != nil {
		t.Fatal(err)
	}
	// " #c" begins a comment in YAML
	if d := cmp.Diff([]string{"a", "b"}, m.Tags); d != "" {
		t.Error(d)
	}
	if m.Section != "Un" || m.Summary != "D" || m.Lang != "en" || m.Title != "2026" || m.Cover != "" || m.Extra["image"] == nil {
		t.Errorf("%+v", m)
	}
}

func TestTextWithoutHeadStaysWhole(t *testing.T) {
	t.Parallel()
	for _, src := range []string{"", "Bonjour", "# Titre\n---\nx", "---", "---\n\nUne ligne\n", "--- x\na: b\n---\n"} {
		m, body, err := frontmatter.Parse([]byte(src))
		if err != nil || body != src || m.Title != "" {
			t.Errorf("%q: %+v, %q, %v", src, m, body, err)
		}
	}
	if _, body, err := frontmatter.Parse([]byte("---\n---\ntexte")); err != nil || body != "texte" {
		t.Errorf("empty head: %q, %v", body, err)
	}
}

func TestErrorsNameTheLineOfTheFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, src, code string
		line            int
	}{
		{"unclosed", "---\ntitle: x\n", "unclosed", 1},
		{"syntax", "---\ntitle: x\nslug: a: b\n---\n", "syntax", 3},
		{"list", "---\n- a\n---\n", "not_a_mapping", 2},
		{"alias", "---\na: &x [1]\nb: [*x, *x]\n---\n", "alias", 2},
		{"merge", "---\na:\n  <<: {x: 1}\n---\n", "not_text", 3},
		{"title", "---\n\ntitle: [a]\n---\n", "not_text", 3},
		{"date", "---\nslug: x\ndate: demain\n---\n", "not_a_date", 3},
		{"draft", "---\ndraft: peut-être\n---\n", "not_a_boolean", 2},
		{"deep", "---\na: " + strings.Repeat("[", 30) + strings.Repeat("]", 30) + "\n---\n", "too_deep", 2},
		{"twice", "---\ntitle: a\ntitle: b\n---\n", "duplicate", 3},
		{"tags", "---\ntags: [" + strings.Repeat("a, ", 3) + "{b: c}]\n---\n", "not_text", 2},
		{"bytes", "---\ntitle: a\xff\n---\n", "not_utf8", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := frontmatter.Parse([]byte(c.src))
			var e *frontmatter.Error
			if !errors.As(err, &e) || e.Code != c.code || e.Line != c.line {
				t.Errorf("got %v, want line %d %s", err, c.line, c.code)
			}
		})
	}
}

func TestLongHeadIsRefused(t *testing.T) {
	t.Parallel()
	_, _, err := frontmatter.Parse([]byte("---\n" + strings.Repeat("# blabla\n", 10_000) + "---\n"))
	var e *frontmatter.Error
	if !errors.As(err, &e) || e.Code != "too_long" {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	m := frontmatter.Meta{
		Title: "yes: « non » #1", Slug: "2026-03-09", Tags: []string{"a, b", "#x"}[:1], Section: "null", Lang: "fr", Draft: true,
		Summary: "Une ligne\nune autre", Date: frontmatter.Date{Time: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC), Floating: true},
		Extra: map[string]any{"n": 3, "list": []any{"x", true}},
	}
	out, err := frontmatter.Write(m, "---\ncorps\n")
	if err != nil {
		t.Fatal(err)
	}
	got, body, err := frontmatter.Parse(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if d := cmp.Diff(m, got); d != "" {
		t.Errorf("%s\n%s", d, out)
	}
	if body != "---\ncorps\n" {
		t.Errorf("body %q", body)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "---\ntitle: x\ntags: [a, b]\n---\ny", "---\na: &a [*a]\n---\n", "---\n? [a]\n: b\n---\n", "---\ndate: 2026-03-09T10:00:00+02:00\n---\n", "---\na: !!binary x\n---\n", "---\n: 1\n---\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		m, body, err := frontmatter.Parse(src)
		if err != nil {
			var e *frontmatter.Error
			if !errors.As(err, &e) || e.Line < 1 {
				t.Fatalf("no line: %v", err)
			}
			return
		}
		out, err := frontmatter.Write(m, body)
		if err != nil {
			t.Fatal(err)
		}
		again, body2, err := frontmatter.Parse(out)
		if err != nil {
			t.Fatalf("%v in what was written: %q", err, out)
		}
		if body2 != body && strings.TrimLeft(body, "\n") != strings.TrimLeft(body2, "\n") {
			t.Fatalf("body %q became %q", body, body2)
		}
		if again.Title != m.Title || again.Date.String() != m.Date.String() || len(again.Tags) != len(m.Tags) {
			t.Fatalf("%+v became %+v", m, again)
		}
	})
}
