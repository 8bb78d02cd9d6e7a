package edition_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
)

// long are texts that are too long in every way.
func long() map[string]string {
	return map[string]string{
		"paragraphs": strings.Repeat("Un paragraphe de quelques mots, avec [un lien](https://exemple.fr/a) et de l’*emphase*.\n\n", 4000),
		"one":        strings.Repeat("mot ", 60_000),
		"word":       strings.Repeat("x", 200_000),
		"list":       strings.Repeat("- un point\n", 20_000),
		"table":      "| a | b |\n|---|---|\n" + strings.Repeat("| 1 | 2 |\n", 10_000),
		"names":      strings.Repeat("Bonjour {prénom}, chez {société|vous}.\n\n", 3000),
		"code":       "```\n" + strings.Repeat("<&>\n", 30_000) + "```\n",
		"quotes":     strings.Repeat(">", 200) + " loin\n",
		"notes":      "Une note[^1].\n\n[^1]: " + strings.Repeat("longue ", 30_000),
		"pictures":   strings.Repeat("![un mot](/media/1/960)\n\n", 3000),
		"html":       strings.Repeat("<div><section><details><summary>s</summary>", 300) + "fin",
		"links":      "Un mot. " + manyLinks(20_000),
		"markup":     strings.Repeat("&amp;<b>\"'", 20_000),
	}
}

func manyLinks(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[mot](https://exemple.fr/%d) ", i)
	}
	return b.String()
}

func TestNoLetterIsLongerThanAMailMayBe(t *testing.T) {
	// What fills a slot at most: a name of sixty quotation marks, and addresses.
	worst := edition.Person{Name: "“" + strings.Repeat("é\"", 29), Company: strings.Repeat("&", 59) + "a", Unsubscribe: "https://x.example/" + strings.Repeat("u", 200), Preferences: "https://x.example/" + strings.Repeat("p", 200)}
	for name, markdown := range long() {
		e := edition.Of(edition.Letter{Frame: frame(), Title: strings.Repeat("Titre ", 100), Lede: strings.Repeat("chapeau ", 900), Merge: true, Body: render(markdown, "fr-FR"),
			Question: strings.Repeat("pourquoi ", 200)})
		_, got, _ := e.For(worst)
		if len(got) > 100_000 {
			t.Errorf("%s: %d bytes", name, len(got))
		}
		if e.Cut != strings.Contains(e.HTML, "trop longue pour un courriel") || e.Cut != strings.Contains(e.Text, "trop longue pour un\ncourriel") && e.Cut != strings.Contains(e.Text, "trop longue pour un courriel") {
			t.Errorf("%s: cut %v, and does not say so", name, e.Cut)
		}
		if strings.Contains(got, "slot") || !utf8.ValidString(got) {
			t.Errorf("%s: a slot is left", name)
		}
	}
	var entries []edition.Entry
	for i := range 500 {
		entries = append(entries, edition.Entry{Title: fmt.Sprint("Titre ", i), Lede: strings.Repeat("mot ", 100), URL: "https://claire.example/x"})
	}
	if e := edition.OfDigest(edition.Digest{Frame: frame(), Title: "Tout", Groups: []edition.Group{{Entries: entries}}}); !e.Cut || len(e.HTML) > 100_000 {
		t.Errorf("a digest: cut %v, %d bytes", e.Cut, len(e.HTML))
	}
}

var reHref = regexp.MustCompile(`href="([^"]*)"`)

func TestBothPartsHoldEveryLink(t *testing.T) {
	for name, e := range samples(t) {
		_, markup, plain := e.For(paul)
		for _, m := range reHref.FindAllStringSubmatch(markup, -1) {
			address := html.UnescapeString(m[1])
			if strings.HasPrefix(address, "mailto:?") || strings.HasPrefix(address, "tel:") || address == "https://claire.example/" || address == "https://aubin.example/" {
				continue // to forward, to dial, and the front behind the name of the voice
			}
			if !strings.Contains(plain, strings.TrimPrefix(address, "mailto:")) {
				t.Errorf("%s: %s is not in the text", name, address)
			}
		}
		if strings.Contains(plain, "href") || strings.Contains(plain, "&amp;") {
			t.Errorf("%s: markup in the text", name)
		}
	}
}

func TestTwoReadersDifferByTheirSlotsAlone(t *testing.T) {
	for name, e := range samples(t) {
		for _, s := range e.Slots {
			if !regexp.MustCompile(`^[a-z0-9]{8,}$`).MatchString(string(s.Word)) {
				t.Errorf("%s: a slot %q is no word", name, s.Word)
			}
		}
		if n := strings.Count(e.HTML, string(e.Slots[0].Word)); n != 1 {
			t.Errorf("%s: %d ways to leave", name, n)
		}
		_, a, _ := e.For(edition.Person{Name: "Zoé", Unsubscribe: "https://x.example/u?t=Z", Preferences: "https://x.example/p?t=Z"})
		for _, m := range reHref.FindAllStringSubmatch(a, -1) {
			if strings.Contains(m[1], "Z") && !strings.Contains(m[1], "?t=Z") {
				t.Errorf("%s: a link of one's own: %s", name, m[1])
			}
		}
	}
}

func TestNothingIsLoadedButTheLettersPictures(t *testing.T) {
	for name, e := range samples(t) {
		root, err := html.Parse(strings.NewReader(e.HTML))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "script", "link", "iframe", "object", "embed", "form", "input", "video", "audio", "svg", "base":
				t.Errorf("%s: <%s>", name, n.Data)
			case "img":
				for _, key := range []string{"src", "alt", "width"} {
					if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key }) {
						t.Errorf("%s: a picture without %s", name, key)
					}
				}
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "srcset" || strings.Contains(a.Val, "url(") || a.Key == "src" && !strings.HasPrefix(a.Val, "https://claire.example/media/") {
					t.Errorf("%s: %s=%q", name, a.Key, a.Val)
				}
			}
		}
		if strings.Contains(e.HTML, "ZgotmplZ") || strings.Contains(e.HTML, "@import") {
			t.Errorf("%s: a style that is none", name)
		}
	}
}

// A line of the text part ends at a space that breaks, so that the marks of French never begin one.
func TestTheTextPartIsWrapped(t *testing.T) {
	for name, e := range samples(t) {
		_, _, plain := e.For(paul)
		for line := range strings.SplitSeq(plain, "\n") {
			if n := utf8.RuneCountInString(line); n > 76 && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, "://") {
				t.Errorf("%s: %d columns: %s", name, n, line)
			}
			if trimmed := strings.TrimLeft(line, " >\u00a0\u202f"); strings.HasPrefix(trimmed, ":") || strings.HasPrefix(trimmed, "»") || strings.HasPrefix(trimmed, "?") || strings.HasPrefix(trimmed, ";") {
				t.Errorf("%s: a line begins with a mark: %q", name, line)
			}
		}
	}
}

// What leaves is what the preview shows.
func TestTheMailSaysWhatThePreviewSays(t *testing.T) {
	for name, e := range samples(t) {
		body, err := e.Body()
		if err != nil {
			t.Fatal(err)
		}
		subject, markup, plain := e.For(paul)
		m := mail.Message{ID: "1@claire.example", From: mail.Address{Email: "claire@claire.example"}, To: mail.Address{Email: "paul@exemple.fr"}, Subject: subject,
			Body: body, Values: e.Values(paul), Date: frame().At}
		raw, err := m.Compose()
		if err != nil {
			t.Fatal(err)
		}
		plain = spaces.Replace(strings.TrimSpace(plain))
		if got := (mailtest.Received{Data: raw}).Letter(t); strings.TrimSpace(got.HTML) != spaces.Replace(strings.TrimSpace(markup)) || strings.TrimSpace(got.Text) != plain {
			t.Errorf("%s: what leaves differs from what is shown:\n%q\n%q\n%q\n%q", name, got.Text, plain, got.HTML, markup)
		}
	}
}

var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

func TestAnExcerptLeadsToTheRest(t *testing.T) {
	e := samples(t)["excerpt"]
	if !e.Short || e.Cut || strings.Contains(e.Text, "Neuf jours, posés sur la table") || !strings.Contains(e.Text, "Lire la suite sur le site") || !strings.Contains(e.HTML, "Lire la suite sur le site") {
		t.Errorf("short %v, cut %v:\n%s", e.Short, e.Cut, e.Text)
	}
}

func TestWhoSendsAndHowToLeaveStandInBothParts(t *testing.T) {
	for name, e := range samples(t) {
		_, markup, plain := e.For(paul)
		for _, want := range []string{"Ateliers Aubin", "RCS Brest 512 345 678", "12, quai de la Douane", "29200 Brest", "bonjour@ateliers.example", paul.Unsubscribe, paul.Preferences} {
			if !strings.Contains(html.UnescapeString(markup), want) || !strings.Contains(plain, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
}
