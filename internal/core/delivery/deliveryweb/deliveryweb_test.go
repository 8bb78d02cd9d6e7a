package deliveryweb_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliveryweb"
	"causerie/internal/core/mailer"
	"causerie/internal/core/mailer/mailertest"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/web"
	"causerie/internal/view/outgoing"
)

type tester struct {
	to    string
	trial mailer.Trial
	mail  delivery.Delivery
}

func (p *tester) Trial(context.Context, actor.Actor) (mailer.Trial, delivery.Delivery, error) {
	return p.trial, p.mail, nil
}

func (p *tester) SendTest(_ context.Context, _ actor.Actor, _ fact.RelayID, to, _ string) error {
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
			Outgoing: outgoing.New(outgoing.Options{DB: w.DB, Deliveries: out, Posts: w.Posts}), Voices: w.Voices, Relays: w.Relays, Tester: p, Fixed: fixed}).Routes()
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
		for made, want := range map[string]int{"%ff": 400, "%00": 400, "nothing": 200} {
			p.Get("/app/deliveries?state="+made, want)
		}
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
		inboxtest.Says(t, p.Get("/app/deliveries", 200), "Re: un", "Le prix du chêne", "programmé pour lundi 30 novembre à 7", "lundi 30 nov., 7", "sur le site et dans les flux",
			"Publier maintenant", "Annuler la programmation")
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
		inboxtest.Says(t, p.Get("/app/settings/relay", 200), "Rien n’est encore réglé")
		inboxtest.Says(t, p.Get("/app/settings/relays", 200), "Rien n’est encore réglé", "Régler l’envoi")
		page, _ := p.Post("/app/settings/relay", 422, "host", "a b", "port", "99999", "tls", "starttls", "user", "u")
		inboxtest.Says(t, page, "Un nombre entre 1 et 65535.", "Seulement le nom du serveur", "Avec un identifiant, il faut un mot de passe.", `value="a b"`)
		set := []string{"host", "smtp.example.com", "port", "587", "tls", "starttls", "user", "claire"}
		p.Post("/app/settings/relay", 303, append(set, "password", "s3cret/@:")...)
		if page := p.Get("/app/settings/relay", 200); strings.Contains(page, "s3cret") || !strings.Contains(page, "Gardé, et jamais montré") {
			t.Error("the password is shown")
		}
		p.Post("/app/settings/relay", 303, set...)
		relay := func() mail.Relay {
			all, err := w.Relays.All(t.Context(), w.Owner)
			w.Must(err)
			return all[0].Relay
		}
		if r := relay(); r.Password != "s3cret/@:" || r.TLS != mail.TLSStart {
			t.Errorf("kept: %v with password %v", r, r.Password != "")
		}
		p.Post("/app/settings/relay", 422, "host", "smtp.elsewhere.example", "tls", "tls", "user", "claire") // a password goes to no other server
		p.Post("/app/settings/relay", 303, "host", "smtp.elsewhere.example", "tls", "tls", "user", "claire", "password", "other")
		if r := relay(); r.Password != "other" || r.Port != 465 {
			t.Errorf("%v", r)
		}
		p.Post("/app/settings/relay/test", 422, "to", "no")
		p.Post("/app/settings/relay/test", 303, "to", "claire@aubin.example")
		if post.to != "claire@aubin.example" {
			t.Errorf("tested with %q", post.to)
		}
		p.Post("/app/settings/relay", 303, "host", "")
		if all, err := w.Relays.All(t.Context(), w.Owner); err != nil || len(all) != 0 {
			t.Error("it was not removed")
		}
		fixed := serve(w, w.Deliveries, post, "smtp://relay.example:587")
		inboxtest.Says(t, fixed.Get("/app/settings/relay", 200), "est réglé sur la ligne de commande")
		fixed.Post("/app/settings/relay", 409, set...)
	})
}

// Whoever chooses a provider finds the form filled in and what password it wants, without a script.
func TestTheUsualProvidersAreKnown(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		p := serve(w, w.Deliveries, &tester{}, "")
		for provider, want := range map[string][]string{
			"ovh":        {`value="ssl0.ovh.net"`, `value="465"`, `value="tls" selected`, "le mot de passe de la boîte"},
			"infomaniak": {`value="mail.infomaniak.com"`, `value="465"`, "mot de passe d’appareil"},
			"gmail":      {`value="smtp.gmail.com"`, `value="587"`, `value="starttls" selected`, "mot de passe d’application", "500 envois par jour"},
			"microsoft":  {`value="smtp.office365.com"`, "SMTP authentifié", "30 envois par minute"},
			"orange":     {`value="smtp.orange.fr"`}, "free": {`value="smtp.free.fr"`, "espace Free"}, "videotron": {`value="smtp.videotron.ca"`},
			"bell": {`value="smtphm.sympatico.ca"`}, "nobody": {"smtp.example.com", "Rien n’est encore réglé"},
		} {
			page := p.Get("/app/settings/relay?provider="+provider, 200)
			for _, words := range want {
				if !strings.Contains(page, words) {
					t.Errorf("%s: the page does not say %s", provider, words)
				}
			}
		}
		p.Post("/app/settings/relay", 303, "host", "ssl0.ovh.net", "port", "465", "tls", "tls", "user", "claire@aubin.example", "password", "x")
		inboxtest.Says(t, p.Get("/app/settings/relay", 200), "le mot de passe de la boîte", `<option value="ovh" selected>`)
	})
}

func TestATestIsShownStepByStep(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		post := &tester{}
		p := serve(w, w.Deliveries, post, "smtp://relay.example:587")
		post.trial = mailer.Trial{Delivery: 5, Steps: []mailer.TrialStep{{Stage: "connect", Words: "192.0.2.1:587"}}}
		post.mail.State = delivery.Sending
		inboxtest.Says(t, p.Get("/app/settings/relay", 200), "Essai en cours", "data-again", "Voir où il en est", "Joindre le serveur", "192.0.2.1:587")
		post.trial.State, post.trial.Stage, post.trial.Why, post.trial.Words = delivery.Refused, "auth", "auth", "535 5.7.8 wrong"
		post.mail.State = delivery.Refused
		page := p.Get("/app/settings/relay", 200)
		inboxtest.Says(t, page, "L’essai n’est pas parti.", "Identifiant et mot de passe", "refuse l’identifiant ou le mot de passe", "535 5.7.8 wrong")
		if strings.Contains(page, "data-again") {
			t.Error("the page looks again though the test is over")
		}
		post.trial = mailer.Trial{Delivery: 5, State: delivery.Sent, Steps: []mailer.TrialStep{{Stage: "hello"}, {Stage: "tls"}, {Stage: "hello"}, {Stage: "body", Words: "250 ok"}}}
		post.mail.State = delivery.Sent
		page = p.Get("/app/settings/relay", 200)
		inboxtest.Says(t, page, "Tout va bien", "250 ok")
		if strings.Count(page, "Se présenter") != 1 {
			t.Error("one greets twice")
		}
		post.trial, post.mail.State, post.mail.Reason = mailer.Trial{Delivery: 5}, delivery.Held, delivery.AllHeld
		inboxtest.Says(t, p.Get("/app/settings/relay", 200), "Tout ce qui sort est retenu.", "Laisser partir")
	})
}

// What a relay can say went wrong has its words in both languages, and so has each step.
func TestEveryFaultOfARelayHasItsWords(t *testing.T) {
	t.Parallel()
	for _, l := range []string{"fr", "en"} {
		b, err := deliveryweb.Bundle.Files.(interface{ ReadFile(string) ([]byte, error) }).ReadFile(l + ".json")
		if err != nil {
			t.Fatal(err)
		}
		for _, why := range mail.Whys() {
			if !strings.Contains(string(b), `"delivery.reason.`+string(why)+`"`) {
				t.Errorf("%s has no words for %s", l, why)
			}
		}
		for _, stage := range []mail.Stage{mail.StageConnect, mail.StageGreet, mail.StageHello, mail.StageTLS, mail.StageAuth, mail.StageCompose, mail.StageMail,
			mail.StageRcpt, mail.StageData, mail.StageBody} {
			if !strings.Contains(string(b), `"relay.step.`+string(stage)+`"`) {
				t.Errorf("%s has no words for the step %s", l, stage)
			}
		}
	}
}

// With another key than that of the password, the page says so and takes it again.
func TestALostKeyIsSaidAndMended(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		p := serve(w, w.Deliveries, &tester{}, "")
		other, err := seal.Open(bytes.Repeat([]byte{7}, seal.KeySize))
		w.Must(err)
		elsewhere, err := mailer.NewRelays(mailer.RelayOptions{DB: w.DB, Bus: bus.New(w.Queue), House: w.House, Box: other})
		w.Must(err)
		mailertest.Add(t, elsewhere, "smtp://claire:x@smtp.example.com:587")
		inboxtest.Says(t, p.Get("/app/settings/relay", 200), "Le mot de passe gardé ne se lit plus")
		p.Post("/app/settings/relay", 422, "host", "a b")
		p.Post("/app/settings/relay", 303, "host", "smtp.example.com", "tls", "starttls", "user", "claire", "password", "y")
		if page := p.Get("/app/settings/relay", 200); strings.Contains(page, "ne se lit plus") {
			t.Error("it is still lost")
		}
	})
}
