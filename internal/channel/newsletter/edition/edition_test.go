package edition_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/platform/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

var paris = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return zone
}()

func frame() edition.Frame {
	return edition.Frame{
		Lang: "fr-FR", Zone: paris, At: time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC),
		Voice: edition.Voice{Name: "Claire Aubin", Role: "dirigeante des Ateliers Aubin", URL: "https://claire.example/", Accent: "#8a2f2a"},
		House: edition.House{Name: "Ateliers Aubin", Registration: "SAS au capital de 40 000 €, RCS Brest 512 345 678", Address: "12, quai de la Douane\n29200 Brest",
			Phone: "+33 2 98 00 00 00", Email: "bonjour@ateliers.example"},
		Subject: "Nos délais, dits franchement", URL: "https://claire.example/nos-delais-dits-franchement", Subscribe: "https://claire.example/subscribe",
	}
}

func render(markdown, lang string) text.HTML {
	return text.Render(markdown, text.Options{Lang: lang, TopHeading: 2, Labels: text.Labels{Notes: "Notes", Back: "Retour"},
		Image: func(src string) (text.Image, bool) {
			return text.Image{Src: src, Width: 1600, Height: 900, Srcset: src + " 960w"}, strings.HasPrefix(src, "/media/")
		}}).HTML
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// samples are editions of every kind.
func samples(t *testing.T) map[string]edition.Edition {
	everything := edition.Letter{Frame: frame(), Title: "Tout ce qu’une lettre peut contenir", Body: render(read(t, "everything.md"), "fr-FR"), Merge: true}
	everything.Subject = "{prénom}, tout ce qu’une lettre peut contenir"
	article := edition.Letter{Frame: frame(), Kicker: "Le billet du lundi, nº 42", Title: "Nos délais, dits franchement", Author: "Claire Aubin", Minutes: 6,
		Lede:     "Un client m’a demandé pourquoi trois semaines. Je lui devais mieux qu’un « parce que ». Voici comment se passe, jour par jour, une commande chez nous.",
		Cover:    &edition.Picture{Src: "https://claire.example/media/1/960", Alt: "L’établi de Marc, neuf étiquettes.", Width: 1600, Height: 900},
		Body:     render(read(t, "article.md"), "fr-FR"),
		Question: "Et vous, préférez-vous une date courte ou une date sûre ?"}
	article.Greeting = "Bonjour {prénom},"
	excerpt := article
	excerpt.Excerpt = true
	english := edition.Letter{Frame: frame(), Kicker: "Workshop notes", Title: "Why our quotation has two dates", Minutes: 4, Author: "Marc Tremblay",
		Lede: "The first is the one we aim for. The second is the one we stand behind.", Body: render(read(t, "english.md"), "en"), Question: "Which of the two would you rather have?"}
	english.Lang, english.Voice = "en", edition.Voice{Name: "Ateliers Aubin", Role: "joiners in Brest", URL: "https://aubin.example/", Accent: "#2a6345", We: true}
	english.Subject = "Why our quotation has two dates"
	digest := edition.Digest{Frame: frame(), Title: "La semaine, en trois lectures", Lede: "Trois textes depuis lundi dernier ; le plus court se lit debout.",
		Groups: []edition.Group{
			{Name: "Claire Aubin", Entries: []edition.Entry{
				{Kicker: "Le billet du lundi", Title: "Nos délais, dits franchement", Lede: "Un client m’a demandé pourquoi trois semaines. Je lui devais mieux qu’un « parce que ».",
					URL: "https://claire.example/nos-delais-dits-franchement", At: frame().At, Minutes: 6,
					Picture: &edition.Picture{Src: "https://claire.example/media/1/960", Alt: "L’établi de Marc.", Width: 1600, Height: 900}},
				{Title: "Le prix du chêne", Lede: "Il a pris un quart en deux ans, et nos devis l’ont su avant nos clients.", URL: "https://claire.example/le-prix-du-chene", At: frame().At.AddDate(0, 0, -2), Minutes: 4}}},
			{Name: "Les Ateliers", Entries: []edition.Entry{
				{Kicker: "Atelier", Title: "Portes ouvertes de l’atelier", URL: "https://aubin.example/portes-ouvertes", At: frame().At.AddDate(0, 0, -1)}}},
		}}
	digest.Subject, digest.URL, digest.Greeting = "La semaine de Claire Aubin", "https://claire.example/", "Bonjour {prénom},"
	return map[string]edition.Edition{"everything": edition.Of(everything), "article": edition.Of(article), "excerpt": edition.Of(excerpt), "english": edition.Of(english),
		"digest": edition.OfDigest(digest)}
}

var paul = edition.Person{Name: "Paul Kervella", Unsubscribe: "https://claire.example/unsubscribe?t=abc", Preferences: "https://claire.example/preferences?t=abc"}

// CAUSERIE_LOOK=DIR leaves the samples there, to be looked at.
func TestEditionsAreWhatTheyWere(t *testing.T) {
	for name, e := range samples(t) {
		subject, html, plain := e.For(paul)
		got := map[string]string{name + ".html": html, name + ".txt": "Subject: " + subject + "\nPreheader: " + e.Preheader + "\n\n" + plain}
		for file, s := range got {
			if dir := os.Getenv("CAUSERIE_LOOK"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(s), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(path); err != nil || string(want) != s {
				t.Errorf("%s is not what it was (%v); look at it, and run with -update", path, err)
			}
		}
	}
}
