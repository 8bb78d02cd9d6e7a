package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	for _, s := range []string{
		"", "# Un *mot* : \"oui\" ! [x](/y)[^1]\n\n[^1]: n", "<svg><style><img src=x onerror=alert(1)></style></svg>", "<a href=\"java\tscript:1\">x</a>",
		"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "|a|b|\n|-|-|\n|1|2|", "- [x] a\n\n> b", "<b><a><table><a>",
		"<form id=x><input name=attributes>", "a@b.fr", "œ ß \xff \x00 é", "<select><option><p>x", "<div id=h-a><p id='h a'>", "![i](data:image/png;base64,AAAA)",
	} {
		f.Add(s)
	}
	for _, s := range hostile(300) {
		f.Add(s)
	}
}

func FuzzRender(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		for _, p := range []Policy{Article, Comment} {
			r := Render(src, Options{Lang: "fr-FR", Untrusted: p == Comment, HeadingOffset: 1, Absolute: "https://h.fr/p"})
			if why := harm(string(r.HTML), p); why != "" {
				t.Fatalf("%s: %q", why, r.HTML)
			}
			if !utf8.ValidString(string(r.HTML)) || !utf8.ValidString(r.Text) {
				t.Fatal("not UTF-8")
			}
			if len(r.HTML) > 2*maxHTML(len(src), p) {
				t.Fatalf("%d bytes of HTML from %d", len(r.HTML), len(src))
			}
		}
		LinkScore(src)
	})
}

func FuzzSanitize(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		for _, p := range []Policy{Article, Comment} {
			out := string(Sanitize(src, p))
			if why := harm(out, p); why != "" {
				t.Fatalf("%s: %q", why, out)
			}
			if why := harm(string(Sanitize(out, p)), p); why != "" {
				t.Fatalf("again: %s: %q", why, out)
			}
		}
	})
}

func FuzzTypeset(f *testing.F) {
	for _, s := range []string{"« a » : \"b\" !", "l'an -- 'tis 2\"44'", "12 345 € n° 5", "https://a.b ; c :)"} {
		f.Add("fr-FR", s)
		f.Add("en", s)
	}
	f.Fuzz(func(t *testing.T, lang, s string) {
		if !utf8.ValidString(s) {
			return
		}
		once := Typeset(lang, s)
		if twice := Typeset(lang, once); twice != once {
			t.Fatalf("%+q\n%+q\n%+q", s, once, twice)
		}
	})
}

func FuzzSlug(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		slug := Slug(s)
		if len(slug) > maxSlug || Slug(slug) != slug || strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Fatalf("%q", slug)
		}
		if f := Fold(s); Fold(f) != f {
			t.Fatalf("Fold(%q) = %q, then %q", s, f, Fold(f))
		}
		Tokens("fr", s)
		Tokens("en", s)
		Excerpt(s, 40)
	})
}

func FuzzParseEmail(f *testing.F) {
	for _, s := range []string{"a@b.fr", "rené@émile.fr", "\"a\"@b.fr", "a@[1.2.3.4]", "a@b..c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		addr, err := ParseEmail(s)
		if err != nil {
			return
		}
		if again, err := ParseEmail(addr); err != nil || again != addr {
			t.Fatalf("%q: %q %v", addr, again, err)
		}
		if strings.ContainsAny(addr, " \r\n<>,;\"()") || strings.Count(addr, "@") != 1 || len(addr) > maxEmail {
			t.Fatalf("%q", addr)
		}
	})
}
