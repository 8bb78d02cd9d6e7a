package deliveryweb_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliveryweb"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/web"
	"causerie/internal/view/outgoing"
)

type tester struct{ to string }

func (p *tester) SendTest(_ context.Context, _ actor.Actor, to, _ string) error {
	p.to = to
	return nil
}

// note is a kind of mail that says little.
var note = mailer.Kind{Name: "answer", Purpose: delivery.PurposeConversation, Lane: delivery.LanePerson, Compose: func(_ *db.Tx, d delivery.Delivery) (mail.Message, error) {
	return mail.Message{From: mail.Address{Email: "c@aubin.example"}, Subject: d.Subject, Text: "x"}, nil
}}

func serve(w *inboxtest.World, out *delivery.Service, p *tester, fixed string) *inboxtest.Pages {
	return inboxtest.Serve(w, deliveryweb.Bundle, func(k *web.Kit) []web.Route {
		return deliveryweb.New(deliveryweb.Options{Kit: k, Deliveries: out, Posts: w.Posts,
			Outgoing: outgoing.New(outgoing.Options{DB: w.DB, Deliveries: out, Posts: w.Posts}), House: w.House, Voices: w.Voices, Tester: p, Fixed: fixed}).Routes()
	})
}

func enqueue(w *inboxtest.World, key string) fact.DeliveryID {
	w.Must(w.DB.Write(w.T.Context(), func(tx *db.Tx) error {
		_, err := w.Deliveries.EnqueueIn(tx, w.Owner, delivery.Outgoing{Channel: mailer.Channel, Kind: "answer", Key: key, Voice: w.Claire.ID, Recipient: "paul@x.example", Subject: "Re: " + key})
		return err
	}))
	w.Clock.Advance(time.Second)
	all, _, err := w.Deliveries.List(w.T.Context(), w.Owner, delivery.Filter{Limit: 1})
	w.Must(err)
	return all[0].ID
}

func TestWhatLeavesIsHeldAndReleasedOneByOne(t *testing.T) {
	t.Parallel()
	caught := func(*testing.T) mail.Sender { return &mail.Captured{} }
	inboxtest.Each(t, caught, func(t *testing.T, w *inboxtest.World) {
		w.Mailer.Register(note)
		p := serve(w, w.Deliveries, &tester{}, "")
		inboxtest.Says(t, p.Get("/app/deliveries", 200), "Rien n’attend de partir", "Tout retenir")
		p.Post("/app/deliveries/hold", 303)
		one, other := enqueue(w, "un"), enqueue(w, "deux")
		inboxtest.Says(t, p.Get("/app/deliveries?state=held", 200), "Rien ne part : billets et courriels sont retenus", "Re: un", "Re: deux", "Laisser partir")
		p.Post("/app/deliveries/"+one.String()+"/release", 303)
		p.Post("/app/deliveries/"+other.String()+"/cancel", 303)
		p.Post("/app/deliveries/"+other.String()+"/cancel", 409)
		w.Jobs()
		inboxtest.Says(t, p.Get("/app/deliveries?state=sent", 200), "Re: un", "250 2.0.0 captured", "Courriel · Réponse à paul@x.example", "Claire Aubin, pour une conversation")
		inboxtest.Says(t, p.Get("/app/deliveries?state=cancelled", 200), "Re: deux")
		p.Post("/app/deliveries/release", 303)
		inboxtest.Says(t, p.Get("/app/deliveries", 200), "Tout retenir")
		p.Post("/app/deliveries/x/retry", 404)
		for _, err := range p.Kit.Catalog().Check() {
			t.Error(err)
		}
	})
}

// Scheduled posts stand in the list with the mails, with their day, and are let go, taken back and published from there.
func TestScheduledPostsStandWithTheMails(t *testing.T) {
	t.Parallel()
	caught := func(*testing.T) mail.Sender { return &mail.Captured{} }
	inboxtest.Each(t, caught, func(t *testing.T, w *inboxtest.World) {
		w.Mailer.Register(note)
		p := serve(w, w.Deliveries, &tester{}, "")
		plan := func(title string) string {
			one, err := w.Posts.Create(t.Context(), w.Owner, post.Input{Voice: w.Claire.ID, Title: title, Body: "x"})
			w.Must(err)
			_, err = w.Posts.Schedule(t.Context(), w.Owner, one.ID, clock.Local{Day: clock.Day{Year: 2026, Month: 11, Day: 30}, Hour: 8})
			w.Must(err)
			return one.ID.String()
		}
		one, two, three := plan("Le prix du chêne"), plan("Les délais"), plan("La colle")
		enqueue(w, "un")
		inboxtest.Says(t, p.Get("/app/deliveries", 200), "Re: un", "Le prix du chêne", "prévu lundi 30 novembre à 7", "lundi 30 nov., 7", "sur le site et dans les flux",
			"Publier maintenant", "Ne plus prévoir")
		p.Post("/app/deliveries/posts/"+two+"/unschedule", 303)
		p.Post("/app/deliveries/posts/"+two+"/unschedule", 409)
		p.Post("/app/deliveries/posts/"+three+"/publish", 303)
		p.Post("/app/deliveries/posts/"+three+"/unschedule", 409)
		p.Post("/app/deliveries/hold", 303)
		page := p.Get("/app/deliveries?state=held", 200)
		inboxtest.Says(t, page, "Le prix du chêne", "mais tout est retenu", "Laisser partir")
		for _, not := range []string{"Les délais", "La colle", "Publier maintenant"} {
			if strings.Contains(page, not) {
				t.Errorf("held, or to be published past the switch: %s", not)
			}
		}
		p.Post("/app/deliveries/posts/"+one+"/release", 303)
		inboxtest.Says(t, p.Get("/app/deliveries", 200), "Partira quand même")
		p.Post("/app/deliveries/posts/x/release", 404)
	})
}

func TestThePasswordOfTheRelayIsKeptAndNeverShown(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		post := &tester{}
		p := serve(w, w.Deliveries, post, "")
		inboxtest.Says(t, p.Get("/app/settings/relay", 200), "Aucun relais n’est réglé")
		page, _ := p.Post("/app/settings/relay", 422, "host", "a b", "port", "99999", "tls", "starttls", "user", "u")
		inboxtest.Says(t, page, "Il faut un nombre entier", `value="a b"`)
		set := []string{"host", "smtp.example.com", "port", "587", "tls", "starttls", "user", "claire"}
		p.Post("/app/settings/relay", 303, append(set, "password", "s3cret/@:")...)
		if page := p.Get("/app/settings/relay", 200); strings.Contains(page, "s3cret") || !strings.Contains(page, "Gardé, et jamais montré") {
			t.Error("the password is shown")
		}
		p.Post("/app/settings/relay", 303, set...)
		relay := func() mail.Relay {
			address, err := w.House.Relay(t.Context())
			w.Must(err)
			r, err := mail.ParseRelay(address)
			w.Must(err)
			return r
		}
		if r := relay(); r.Password != "s3cret/@:" || r.TLS != mail.TLSStart {
			t.Errorf("kept: %v with password %v", r, r.Password != "")
		}
		p.Post("/app/settings/relay", 303, "host", "smtp.elsewhere.example", "tls", "tls", "user", "claire")
		if r := relay(); r.Password != "" || r.Port != 465 {
			t.Errorf("the password went to another server: %v", r)
		}
		p.Post("/app/settings/relay/test", 422, "to", "no")
		p.Post("/app/settings/relay/test", 303, "to", "claire@aubin.example")
		if post.to != "claire@aubin.example" {
			t.Errorf("tested with %q", post.to)
		}
		p.Post("/app/settings/relay", 303, "host", "")
		if address, _ := w.House.Relay(t.Context()); address != "" {
			t.Error("it was not removed")
		}
		fixed := serve(w, w.Deliveries, post, "smtp://relay.example:587")
		inboxtest.Says(t, fixed.Get("/app/settings/relay", 200), "réglé sur la ligne de commande")
		fixed.Post("/app/settings/relay", 409, set...)
	})
}
