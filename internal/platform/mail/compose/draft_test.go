package compose_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/compose"
)

func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	c := i18n.New()
	err := c.Add(fstest.MapFS{
		"fr.json": {Data: []byte(`{"mail.hello": "Bonjour {0} !", "mail.go": "Confirmer", "mail.why": "Parce que « {0} »."}`)},
		"en.json": {Data: []byte(`{"mail.hello": "Hello {0}!", "mail.go": "Confirm", "mail.why": "Because of “{0}”."}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func whole(t *testing.T, lang string) *compose.Draft {
	d := compose.New(catalog(t), lang)
	d.Say("mail.hello", "Hélène")
	d.Markdown("Avec plaisir, **jeudi** : [l’atelier](/atelier).", "https://aubin.example/")
	d.Link("mail.go", "https://aubin.example/confirm?t=a&b=<c>")
	d.Quote("Vous écriviez :", "Une date sûre ?\n<script>alert(1)</script>")
	d.Sign("Claire Aubin", "Claire Aubin", "Ateliers Aubin")
	d.Small("mail.why", "Nos délais")
	return d
}

func TestBothPartsSayTheSameInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	d := whole(t, "fr-FR")
	text, html := d.Text(), d.HTML()
	for _, want := range []string{"Hélène", "jeudi", "Confirmer", "Vous écriviez :", "Une date sûre ?", "Claire Aubin", "Ateliers Aubin", "Nos délais"} {
		if !strings.Contains(text, want) || !strings.Contains(html, want) {
			t.Errorf("%q is missing in one of the parts:\n%s\n%s", want, text, html)
		}
	}
	if !strings.Contains(text, "https://aubin.example/confirm?t=a&b=<c>") || !strings.Contains(text, "> Une date") || strings.Count(text, "Claire Aubin") != 1 {
		t.Errorf("the text:\n%s", text)
	}
	if !strings.Contains(html, `lang="fr-FR"`) || !strings.Contains(html, `href="https://aubin.example/atelier"`) {
		t.Errorf("the page:\n%s", html)
	}
	if !strings.Contains(text, "Bonjour Hélène\u202f!") {
		t.Errorf("French is not set with its narrow spaces: %q", text)
	}
	if en := whole(t, "en").Text(); !strings.HasPrefix(en, "Hello Hélène!") {
		t.Errorf("in English: %q", en)
	}
	if other := whole(t, "xx").Text(); !strings.HasPrefix(other, "Bonjour") {
		t.Errorf("in a language nobody has: %q", other)
	}
}

func TestThePageRunsNothingFetchesNothingAndMayBeTurnedDark(t *testing.T) {
	t.Parallel()
	html := whole(t, "fr-FR").HTML()
	for _, bad := range []string{"<script", "<img", "<link", "<style", "background", "url("} {
		if strings.Contains(html, bad) {
			t.Errorf("the page has %q:\n%s", bad, html)
		}
	}
	if !strings.Contains(html, `name="color-scheme" content="light dark"`) {
		t.Error("the page does not say that it may be dark")
	}
	// Whatever background a program chooses, its own colour of text is read on it; a colour of ours might not be.
	if colour := regexp.MustCompile(`#[0-9a-f]{3,6}\b|rgb|[";]color:[^i]`).FindString(html); colour != "" {
		t.Errorf("the page sets the colour %s", colour)
	}
}

func TestWhatAMailIsForIsAButtonAndALinkIsALink(t *testing.T) {
	t.Parallel()
	d := compose.New(catalog(t), "fr-FR")
	d.Button("mail.go", "https://aubin.example/confirm?t=a&b=<c>")
	d.Link("mail.hello", "https://aubin.example/")
	button := regexp.MustCompile(`<a href="https://aubin\.example/confirm\?t=a&amp;b=[^"]*" style="[^"]*padding:[^"]*">Confirmer</a>`)
	if html := d.HTML(); !button.MatchString(html) || !strings.Contains(html, `<a href="https://aubin.example/">Bonjour`) {
		t.Errorf("the page:\n%s", html)
	}
	if text := d.Text(); !strings.HasPrefix(text, "Confirmer\nhttps://aubin.example/confirm?t=a&b=<c>\n") {
		t.Errorf("the text:\n%s", text)
	}
}

func TestAQuoteIsCut(t *testing.T) {
	t.Parallel()
	d := compose.New(catalog(t), "fr-FR")
	d.Quote("Vous :", strings.Repeat("é", 3000))
	if n := strings.Count(d.Text(), "é"); n != 2000 {
		t.Errorf("%d characters are quoted", n)
	}
}

func TestAMessageIsOneThatCanBeSent(t *testing.T) {
	t.Parallel()
	m := whole(t, "fr-CA").Message(mail.Address{Email: "claire@aubin.example"}, mail.Address{Email: "helene@morvan.example"}, "Re: Nos délais")
	m.ID, m.Date = "1@aubin.example", time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	b, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Content-Language: fr-CA\r\n", "Reply-To: <claire@aubin.example>", "multipart/alternative"} {
		if !strings.Contains(strings.ReplaceAll(string(b), "\r\n <", " <"), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
}
