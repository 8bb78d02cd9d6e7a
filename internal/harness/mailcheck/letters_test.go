package mailcheck

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/channel/newsletter/edition"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/mail/mailtest"
	"causerie/internal/platform/text"
	"causerie/internal/sample"
)

// letters are the articles of the sample house as letters, in each form, and what two of them are as a digest.
func letters(t *testing.T) (all []sent) {
	t.Helper()
	world, err := sample.World()
	must(t, err)
	for _, key := range []string{"nos-delais-dits-franchement", "les-outils-de-mon-grand-pere", "why-our-quotation-has-two-dates", "a-stair-for-a-tall-family"} {
		for _, p := range world.Posts {
			if p.Key == key {
				l := letterOf(p)
				all = append(all, leaving(t, "letter", p.Lang, edition.Of(l)))
				l.Excerpt = true
				all = append(all, leaving(t, "excerpt", p.Lang, edition.Of(l)))
			}
		}
	}
	for _, lang := range []string{"fr-FR", "en"} {
		var entries []edition.Entry
		for _, p := range world.Posts {
			if p.Lang == lang && p.Status == "published" && p.Kind == "article" && len(entries) < 5 {
				entries = append(entries, edition.Entry{Title: p.Title, Lede: p.Dek, URL: site + "/" + p.Key, At: time.Now(), Minutes: 4})
			}
		}
		f := around(lang)
		f.Subject = map[string]string{"fr-FR": "La semaine des Ateliers", "en": "The week at the workshop"}[lang]
		all = append(all, leaving(t, "digest", lang, edition.OfDigest(edition.Digest{Frame: f, Title: f.Subject, Groups: []edition.Group{{Entries: entries}}})))
	}
	return all
}

func around(lang string) edition.Frame {
	f := edition.Frame{Lang: lang, At: time.Now(), URL: site + "/", Subscribe: site + "/subscribe",
		Voice: edition.Voice{Name: "Claire Aubin", Role: "dirigeante des Ateliers Aubin", URL: site + "/", Accent: "#8a2f2a"},
		House: edition.House{Name: "Ateliers Aubin", Registration: "RCS Quimper 512 345 678", Address: "7 venelle des Copeaux\n29000 Quimper", Phone: "01 99 00 29 10", Email: "bonjour@" + domain}}
	f.Greeting = map[string]string{"fr-FR": "Bonjour {prénom},", "en": "Hello {first_name},"}[lang]
	return f
}

func letterOf(p sample.Post) edition.Letter {
	l := edition.Letter{Frame: around(p.Lang), Title: p.Title, Lede: p.Dek, Minutes: 5, Question: p.Question, Kicker: p.Section,
		Body: text.Render(p.Body, text.Options{Lang: p.Lang, TopHeading: 2}).HTML}
	l.Subject, l.URL = p.Title, site+"/"+p.Key
	return l
}

// leaving is an edition as it leaves for one person.
func leaving(t *testing.T, kind, lang string, e edition.Edition) sent {
	t.Helper()
	body, err := e.Body()
	must(t, err)
	paul := edition.Person{Name: "Paul Kervella", Unsubscribe: site + "/unsubscribe?t=AQANMHNheXBlMjQxemp3OA", Preferences: site + "/preferences?t=AQANMHNheXBlMjQxemp3OA"}
	subject, _, _ := e.For(paul)
	m := mail.Message{
		ID: fmt.Sprintf("0sawhhf81zfy3.%d@%s", len(subject), domain), From: mail.Address{Name: "Claire Aubin", Email: "claire@" + domain}, ReplyTo: mail.Address{Email: "claire@" + domain},
		To: mail.Address{Name: "Paul Kervella", Email: "paul@exemple.example"}, Subject: subject, Body: body, Values: e.Values(paul), Date: time.Now(),
		ListUnsubscribe: "<" + paul.Unsubscribe + ">, <mailto:claire@" + domain + "?subject=unsubscribe>", ListUnsubscribePost: "List-Unsubscribe=One-Click",
		Headers: map[string]string{"Content-Language": lang, "List-Id": "Claire Aubin <claire." + domain + ">", "Feedback-ID": "l1:letter:" + strings.ReplaceAll(domain, ".", "-")},
	}
	raw, err := m.Compose()
	must(t, err)
	return sent{kind, lang, mailtest.Received{From: m.From.Email, To: m.To.Email, Data: raw}}
}
