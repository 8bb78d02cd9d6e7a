package post

import (
	"testing"

	"causerie/internal/core/voice"
	"causerie/internal/platform/text"
)

// Who speaks is who the text says: a company does not say I, a person does not hide behind we, and what others say counts for nobody (S3).
func TestATextFitsWhoSpeaks(t *testing.T) {
	t.Parallel()
	shop, claire, inside := Speaker{voice.Corporate, "Ateliers Aubin"}, Speaker{voice.Personal, "Claire Aubin"}, Speaker{voice.Internal, "Entre nous"}
	for _, c := range []struct {
		by         Speaker
		lang, body string
		want       string
	}{
		{shop, "fr-FR", "J’ai ouvert l’atelier en mars, et mes clients sont venus. Je les en remercie.", "voice_i"},
		{shop, "fr-FR", "Nous avons ouvert l’atelier en mars, et nos clients sont venus.", ""},
		{shop, "fr-FR", "Nous avons demandé à Soizic : « Je travaille ici depuis dix ans, j’aime mon métier, et je reste. »", ""},
		{shop, "fr-FR", "Nous avons reçu cette lettre :\n\n> Je voulais vous dire que j’aime ma table. Je vous remercie.\n\nElle nous a touchés.", ""},
		{shop, "fr-FR", "Nos ateliers, notre métier, nos bois, notre port, nous y sommes. Écrivez-moi si je peux aider.", ""},
		{shop, "fr-CA", "Moi, je pense que le bois, c’est mon affaire.", "voice_i"},
		{shop, "fr-FR", "Le jeu de mémoire, les murs, la mesure : rien de tout cela.", ""},
		{shop, "en", "I opened the workshop in March. My clients came, and I’m grateful.", "voice_i"},
		{shop, "en", "We opened the workshop in March; our clients came. In the end, a mine is a mine.", ""},
		{claire, "fr-FR", "Nous ouvrons en mars. Notre équipe est prête, nos machines aussi, et nous vous attendons.", "voice_we"},
		{claire, "fr-FR", "Nous ouvrons en mars. Je suis prête, notre équipe aussi, et nous vous attendons.", ""},
		{claire, "fr-FR", "Claire Aubin ouvre en mars. Claire Aubin vous attend.", "voice_name"},
		{claire, "fr-FR", "Le chêne est cher cette année.", ""},
		{claire, "en", "We open in March. Our team is ready, so are our machines, and we look forward to it.", "voice_we"},
		{inside, "fr-FR", "J’ai posé mes congés, et je reviens lundi.", ""},
	} {
		out := text.Render(c.body, text.Options{Lang: c.lang})
		got := ""
		for _, a := range guard(text.Inspect(out.HTML).Said, c.lang, c.by) {
			got += a.Code
		}
		if got != c.want {
			t.Errorf("%s, %q: %q, want %q", c.by.Name, c.body, got, c.want)
		}
	}
}
