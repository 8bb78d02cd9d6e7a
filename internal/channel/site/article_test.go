package site_test

import (
	"testing"

	"causerie/internal/feature/post"
)

// body is a column as Claire writes them.
const body = `Il y a les délais qu’on annonce et ceux qu’on tient. Entre les deux, d’ordinaire, un silence.[^1]

> Un délai tenu vaut mieux qu’un délai court.

## Ce que nous changeons

À partir de décembre, chaque devis portera **deux dates** : celle que nous visons et celle que nous garantissons.

[^1]: Le séchage compte pour six jours sur onze.
`

func TestAStrangerReadsAnArticleWithItsConversation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.furnish()
		p := w.publish(post.Input{Title: "Nos délais, dits franchement", Summary: "Pourquoi trois semaines.", Body: body, Section: "Métier",
			Tags: []string{"délais"}, Question: "Une date courte ou une date sûre ?", Cover: w.picture(600, 400, "Un établi"), CoverAlt: "Un établi"})
		asked := w.says(p, 0, "Hélène Morvan", "helene@example.org", "Une date **sûre**.")
		w.says(p, asked.ID, "Claire Aubin", "", "Merci.")
		page := w.page("/nos-delais-dits-franchement")
		has(t, page, `<h1>Nos délais, dits franchement</h1>`, `lang="fr-FR"`, `<p class="kick"><a href="/section/metier/">Métier</a></p>`,
			`Pourquoi trois semaines.`, `<strong>deux dates</strong>`, `lundi 16 novembre 2026`, `1 min de lecture`, `href="/tag/delais/"`,
			`width="600" height="400"`, `alt="Un établi"`, `La conversation, 2 réponses`, `<span class="tag mine">écrit ici</span>`,
			`action="/nos-delais-dits-franchement/comments"`, `<link rel="canonical" href="https://aubin.example/nos-delais-dits-franchement">`)
	})
}
