package demo

import (
	"context"
	"maps"
	"slices"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/db"
	"causerie/internal/sample"
)

// subscribeIn has somebody follow the voice that they asked for by the form, with what they agreed to; or notes that they said yes aloud.
func (p *builder) subscribeIn(tx *db.Tx, c contact.Contact, h contact.Handle, one sample.Contact) error {
	v := p.Contents.Voices[one.Letter]
	lang := c.Lang
	if lang == "" {
		lang = v.Lang
	}
	wish, source := subscription.Wish{Follows: []subscription.Follow{{Voice: v.ID}}, Rhythm: subscription.Each, Lang: lang}, "Le formulaire au pied du site"
	if one.Aloud {
		source = "De vive voix, à l’atelier"
	} else if err := p.Subscriptions.FollowIn(tx, c.ID, h.ID, wish); err != nil {
		return err
	}
	wording := "J’accepte de recevoir par courriel ce que publie " + v.Name + "."
	if v.Lang == "en" {
		wording = "I agree to receive by e-mail what " + v.Name + " publishes."
	}
	_, err := p.Consents.RecordIn(tx, p.owner, c.ID, consent.Evidence{Channel: contact.Email, Purpose: consent.Letter, Basis: consent.Agreement,
		Wording: wording, Lang: v.Lang, Source: source, At: tx.Now()})
	return err
}

// letters sends one letter, writes one that waits to be let go, and has what is scheduled leave as a letter too.
func (p *builder) letters(ctx context.Context) error {
	if err := p.sentLetter(ctx); err != nil {
		return err
	}
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
		if err == nil && one.Status == post.Scheduled && one.Voice == p.Contents.Voices["claire"].ID && one.Traits().Titled && newsletter.CanCarry(one) {
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

// sentLetter sends a letter that left nine days ago, and by which one reader left: what followed it is what the house was told since.
func (p *builder) sentLetter(ctx context.Context) error {
	p.at(p.now.Add(-9 * 24 * time.Hour))
	claire := p.Contents.Voices["claire"].ID
	l, err := p.Letters.Create(ctx, p.owner, newsletter.Input{Voice: claire, Subject: "Trois chantiers, et une porte ouverte",
		Body: `Bonjour {prénom},

Trois nouvelles de l’atelier, courtes.

**L’escalier de Douarnenez est posé.** Quatorze marches, pas une qui chante. Le client l’a descendu le premier, en chaussettes.

**Nous cherchons une apprentie ou un apprenti** pour septembre. Si vous connaissez quelqu’un que le bois démange, répondez à ce courriel.

**La porte est ouverte le samedi 14**, de dix heures à midi. Il y aura du café et des copeaux.

À bientôt,

Claire`})
	if err != nil {
		return err
	}
	if err := p.Letters.Send(ctx, p.owner, l.ID, time.Time{}); err != nil {
		return err
	}
	if err := p.Letters.HandOver(ctx, l.ID); err != nil {
		return err
	}
	if _, err := p.Deliveries.RunDue(ctx); err != nil {
		return err
	}
	p.at(p.now.Add(-8 * 24 * time.Hour))
	return p.leave(ctx, l.ID, claire)
}

// leave has the reader who follows a voice since the longest, and who wrote nothing since, leave it by the link of a letter.
func (p *builder) leave(ctx context.Context, l fact.LetterID, v fact.VoiceID) error {
	var first subscription.Subscriber
	err := p.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := p.Subscriptions.FollowersIn(tx, v, 0, 0, 1)
		if len(all) > 0 {
			first = all[0]
		}
		return err
	})
	if err != nil || first.ID.IsZero() {
		return err
	}
	return p.Subscriptions.Leave(ctx, p.Subscriptions.ChoicesToken(first.Handle, l), v)
}

// silent is somebody whom the house met three years ago and has not heard from since: it proposes to forget them.
func (p *builder) silent(ctx context.Context) error {
	p.at(p.now.AddDate(-3, 0, 12))
	_, err := p.Services.Contacts.Create(ctx, p.owner, contact.NewContact{Name: "Yannick Le Corre", Email: "yannick@lecorre.example", Company: "Menuiserie Le Corre",
		Lang: "fr-FR", Note: "Rencontré à la foire de Landerneau.", Origin: contact.ByHand})
	if err != nil || p.Silences == nil {
		return err
	}
	p.present()
	return p.Silences.Look(ctx)
}
