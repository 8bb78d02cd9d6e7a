package demo

import (
	"context"
	"maps"
	"slices"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/db"
)

// subscribeIn has somebody follow a voice, with what they agreed to.
func (p *builder) subscribeIn(tx *db.Tx, c contact.Contact, h contact.Handle, key string) error {
	v := p.Contents.Voices[key]
	lang := c.Lang
	if lang == "" {
		lang = v.Lang
	}
	if err := p.Subscriptions.FollowIn(tx, c.ID, h.ID, subscription.Wish{Follows: []subscription.Follow{{Voice: v.ID}}, Rhythm: subscription.Each, Lang: lang}); err != nil {
		return err
	}
	wording := "J’accepte de recevoir par courriel ce que publie " + v.Name + "."
	if v.Lang == "en" {
		wording = "I agree to receive by e-mail what " + v.Name + " publishes."
	}
	_, err := p.Consents.RecordIn(tx, p.owner, c.ID, consent.Evidence{Channel: contact.Email, Purpose: consent.Letter, Basis: consent.Agreement,
		Wording: wording, Lang: v.Lang, Source: "Le formulaire au pied du site", At: tx.Now()})
	return err
}

// letters writes one letter that waits to be let go, and has what is scheduled leave as a letter too.
func (p *builder) letters(ctx context.Context) error {
	p.at(p.now.Add(-20 * time.Hour))
	_, err := p.Letters.Create(ctx, p.owner, newsletter.Input{Voice: p.Contents.Voices["claire"].ID, Subject: "Ce que j’ai appris en disant non",
		Body: `Bonjour {prénom},

La semaine dernière, j’ai refusé un chantier. Un beau : quarante mètres de chêne, un architecte que j’admire, un client pressé. Nous aurions pu le prendre, et le livrer en retard.

**J’ai préféré le dire tout de suite.** Le client a cherché ailleurs, n’a pas trouvé, et m’a rappelée vendredi : il attendra mars.

Je vous le raconte parce que plusieurs d’entre vous m’ont demandé comment nous tenons nos dates. C’est tout le secret : en promettre moins.

Et vous, à quoi avez-vous dit non cette année ? Répondez à ce courriel, je vous lis.

Claire`})
	for _, key := range slices.Sorted(maps.Keys(p.Contents.Posts)) {
		one := p.Contents.Posts[key]
		if err == nil && one.Status == post.Scheduled && one.Voice == p.Contents.Voices["claire"].ID && newsletter.CanCarry(one) {
			_, err = p.Letters.Accompany(ctx, p.owner, one.ID, newsletter.Along{})
		}
	}
	return err
}

// unasked is somebody whom the house writes to on the ground of their function, and who was not told yet: the next letter does.
func (p *builder) unasked(ctx context.Context) error {
	p.at(p.now.Add(-8 * 24 * time.Hour))
	_, err := p.Consents.Record(ctx, p.owner, p.Contents.Contacts["olivier-duval"], consent.Evidence{Purpose: consent.Letter, Basis: consent.Function,
		Jurisdiction: "FR", Source: "Votre carte, remise chez Sophie Danton", Theme: "Ce que coûte et ce que vaut un agencement sur mesure", At: p.now.Add(-8 * 24 * time.Hour)})
	return err
}
