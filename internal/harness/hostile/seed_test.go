package hostile

import (
	"bytes"
	"image"
	"image/png"

	"causerie/internal/channel/newsletter"
	"causerie/internal/core/contact"
	"causerie/internal/core/mailer/mailertest"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/view/segment"
)

// seeded is what stands in an attacked house.
type seeded struct {
	voice           fact.VoiceID
	article, note   post.Post
	remark, request inbox.Message
	mandate         mandate.Mandate
	letter          newsletter.Letter
	segment         segment.Segment
	field           contact.Field
	relay           fact.RelayID
	picture         media.Media
}

// seed gives an empty house something of each kind, so that every page has something to show and every form stands somewhere.
func (g *rig) seed() (s seeded) {
	g.t.Helper()
	ctx, me := g.t.Context(), g.Owner.Actor()
	must := func(err error) {
		g.t.Helper()
		if err != nil {
			g.t.Fatal(err)
		}
	}
	main, err := g.Voices.Main(ctx)
	must(err)
	s.voice = main.ID
	for _, kind := range []string{"corporate", "internal"} {
		_, err = g.Voices.Create(ctx, me, voice.NewVoice{Slug: "la-" + kind, Name: "La " + kind, Kind: kind, Lang: "fr-FR"})
		must(err)
	}
	var drawn bytes.Buffer
	must(png.Encode(&drawn, image.NewRGBA(image.Rect(0, 0, 64, 48))))
	s.picture, err = g.Media.Upload(ctx, me, "bois.png", &drawn, "Une planche")
	must(err)
	write := func(in post.Input) post.Post {
		g.t.Helper()
		in.Voice = s.voice
		p, err := g.Posts.Create(ctx, me, in)
		must(err)
		return p
	}
	out := func(p post.Post) post.Post {
		g.t.Helper()
		p, err := g.Posts.Publish(ctx, me, p.ID)
		must(err)
		return p
	}
	s.article = out(write(post.Input{Title: "Les délais", Body: "Une date sûre.", Comments: "open", Tags: []string{"bois"}, Section: "Métier",
		Cover: s.picture.ID, CoverAlt: "Une planche", Question: "Et vous ?", Summary: "Promettre moins."}))
	s.note = out(write(post.Input{Kind: post.Note, Body: "Une note.", Comments: "open"}))
	out(write(post.Input{Kind: "page", Title: "Services", Body: "Ce que nous faisons."}))
	write(post.Input{Title: "Un brouillon", Body: "Pas encore."})
	s.remark, err = g.Inbox.Comment(ctx, inbox.CommentInput{Post: s.article.ID, Name: "Hélène", Email: "helene@morvan.example", Body: "Oui.", Notify: true})
	must(err)
	must(g.Inbox.Approve(ctx, me, s.remark.ID))
	_, err = g.Inbox.Answer(ctx, me, s.remark.ID, "Merci.")
	must(err)
	_, err = g.Inbox.Comment(ctx, inbox.CommentInput{Post: s.article.ID, Name: "Yann", Email: "yann@quere.example", Body: "Non."})
	must(err)
	s.request, err = g.Inbox.Request(ctx, inbox.RequestInput{Voice: s.voice, Name: "Paul", Email: "paul@kervella.example", Body: "Une salle.", How: "Le billet"})
	must(err)
	_, err = g.Inbox.Request(ctx, inbox.RequestInput{Voice: s.voice, Name: "Anne", Email: "anne@kervella.example", Body: "Un bureau.", How: "Un ami"})
	must(err)
	s.mandate, err = g.Mandates.FromMessage(ctx, me, s.request.ID)
	must(err)
	s.letter, err = g.Newsletter.Create(ctx, me, newsletter.Input{Voice: s.voice, Subject: "Une lettre", Body: "Bonjour {prénom}, voici."})
	must(err)
	s.relay = mailertest.Add(g.t, g.Relays, "smtp://somebody:secret@127.0.0.1:9?tls=off")
	s.field, err = g.Contacts.SaveField(ctx, me, contact.Field{Name: "Essence", Kind: contact.Text})
	must(err)
	s.segment, err = g.Segments.Save(ctx, me, segment.Segment{Name: "Tout le monde"})
	must(err)
	g.RunJobs()
	return s
}
