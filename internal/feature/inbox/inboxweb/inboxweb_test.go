package inboxweb_test

import (
	"strings"
	"testing"

	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/feature/inbox/inboxweb"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
	"causerie/internal/view/desk"
	"causerie/internal/view/timeline"
)

// byMail is the way of whoever left an address; channel/mailbox has the real one.
type byMail struct{}

func (byMail) Name() string { return "mail" }

func (byMail) ReachIn(_ *db.Tx, m inbox.Message, h contact.Handle) (inbox.Reach, error) {
	return inbox.Reach{From: "claire@aubin.example", To: h.Value}, nil
}

func each(t *testing.T, fn func(t *testing.T, w *inboxtest.World, p *inboxtest.Pages)) {
	t.Helper()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		w.Inbox.RegisterWay(byMail{})
		mandates := mandate.New(mandate.Options{DB: w.DB, Bus: w.Bus, House: w.House, Contacts: w.Contacts, Inbox: w.Inbox})
		view := desk.New(desk.Options{DB: w.DB, Inbox: w.Inbox, Contacts: w.Contacts, Deliveries: w.Deliveries,
			Timeline: timeline.New(w.DB, w.Bus, w.Contacts, mandates)})
		fn(t, w, inboxtest.Serve(w, inboxweb.Bundle, func(k *web.Kit) []web.Route {
			return inboxweb.New(inboxweb.Options{Kit: k, Inbox: w.Inbox, Contacts: w.Contacts, Desk: view}).Routes()
		}))
	})
}

func TestWhatWaitsIsReadAnsweredAndMakesRoomForTheNext(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, p *inboxtest.Pages) {
		inboxtest.Says(t, p.Get("/app/inbox", 200), "Rien n’attend de réponse", `href="/app/write"`)
		first := w.Request("Paul Kervella", "paul@kervella.example", "La salle du conseil <script>alert(1)</script>")
		next := w.Request("Ann Lee", "ann@lee.example", "Another thing")
		held := w.Comment("Hélène", "helene@morvan.example", "Une date sûre.")

		page := p.Get("/app/inbox", 200)
		inboxtest.Says(t, page, "À répondre 2", "Retenus 1", "Paul Kervella", "Ann Lee", "privé")
		if strings.Contains(page, "Une date sûre") {
			t.Error("what is held is listed as open")
		}
		page = p.Get("/app/inbox/"+first.ID.String(), 200)
		inboxtest.Says(t, page, "box reading", "Part par courriel, de claire@aubin.example à paul@kervella.example", "Je lis le billet du lundi.",
			"En faire un mandat", "Une demande par le formulaire", `data-done`, "&lt;script")

		page, _ = p.Post("/app/messages/"+first.ID.String()+"/answer", 422, "body", strings.Repeat("x", inbox.MaxAnswer+1))
		inboxtest.Says(t, page, "C’est trop long", strings.Repeat("x", 100))
		_, to := p.Post("/app/messages/"+first.ID.String()+"/answer", 303, "body", "Avec plaisir.")
		if to != "/app/inbox/"+first.ID.String()+"?done=1#leaving" {
			t.Errorf("after the answer: %s", to)
		}
		here, _, _ := strings.Cut(to, "#")
		inboxtest.Says(t, p.Get(here, 200), "Avec plaisir.", "Part dans un instant.", `href="/app/inbox/`+next.ID.String()+`" data-next`)
		_, to = p.Post("/app/messages/"+next.ID.String()+"/close", 303)
		if to != "/app/inbox/"+next.ID.String()+"?done=1" {
			t.Errorf("after putting it away: %s", to)
		}
		inboxtest.Says(t, p.Get(to, 200), "Plus rien n’attend de réponse.")
		inboxtest.Says(t, p.Get("/app/inbox?state=held", 200), "Hélène", "retenu")
		inboxtest.Says(t, p.Get("/app/inbox/"+held.ID.String()+"?state=held", 200), "Premier commentaire de cette personne", "Paraît sous le commentaire et part par courriel")
		if _, to := p.Post("/app/messages/"+held.ID.String()+"/approve", 303, "state", "held"); to != "/app/inbox/"+held.ID.String()+"?done=1&state=held" {
			t.Errorf("approved, one leaves those that are held: %s", to)
		}
		if got := w.Get(held.ID); got.State != inbox.Open {
			t.Errorf("approved, it is %s", got.State)
		}
		inboxtest.Says(t, p.Get("/app/inbox/"+held.Conversation.String(), 200), "Une date sûre.")
		inboxtest.Says(t, p.Get("/app/inbox?q=salle", 200), "Paul Kervella")
		p.Get("/app/inbox?state=spam&kind=comment", 200)
		p.Get("/app/inbox/zzzzzzzzzzzzz", 404)
		p.Get("/app/inbox/"+fact.New[fact.MessageID](w.Clock.Now()).String(), 404)
		p.Get("/app/inbox?cursor=x", 422)
	})
}

// M20: an answer that was sent can be taken back for ten seconds, into the box; what is typed is kept while one types.
func TestAnAnswerIsKeptWhileItIsTypedAndTakenBackForTenSeconds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, p *inboxtest.Pages) {
		m := w.Request("Paul", "paul@x.example", "Bonjour")
		at, act := "/app/inbox/"+m.ID.String(), "/app/messages/"+m.ID.String()
		if saved, _ := p.Post(act+"/draft", 200, "body", "Cher Paul,\nje <b>"); saved != "{\"saved\":\"9 h 01\"}\n" {
			t.Errorf("kept: %q", saved)
		}
		inboxtest.Says(t, p.Get(at, 200), "Cher Paul,\nje &lt;b&gt;</textarea>", "Enregistré à 9 h 01")
		p.Post(act+"/draft", 422, "body", strings.Repeat("x", inbox.MaxAnswer+1))
		p.Post(act+"/answer", 303, "body", "Jeudi,\nà 9 h.")
		page := p.Get(at, 200)
		inboxtest.Says(t, page, "Jeudi,<br/>\nà 9 h.", `action="`+act+`/unsend" class="brief"`, `data-part="talk" data-again`)
		if strings.Contains(page, "Cher Paul") {
			t.Error("what was sent otherwise is still in the box")
		}
		p.Post(act+"/draft", 409, "body", "plus tard")
		if _, to := p.Post(act+"/unsend", 303); to != at+"#answer" {
			t.Errorf("taken back: %s", to)
		}
		inboxtest.Says(t, p.Get(at, 200), "Jeudi,\nà 9 h.</textarea>")
		p.Post(act+"/answer", 303, "body", "Vendredi.")
		w.Clock.Advance(inbox.UndoFor)
		w.Jobs()
		if _, to := p.Post(act+"/unsend", 303); to != at+"#answer" || len(w.Answered) != 1 {
			t.Errorf("too late, with %+v: %s", w.Answered, to)
		}
		page = p.Get(at, 200)
		inboxtest.Says(t, page, "Vendredi.")
		if strings.Contains(page, "/unsend") || strings.Contains(page, "Vendredi.</textarea>") {
			t.Error("what has left can be taken back, or sent again")
		}
	})
}

func TestUnderAnAnswerStandsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, p *inboxtest.Pages) {
		m := w.Request("Paul", "paul@x.example", "Bonjour")
		a, err := w.Inbox.Answer(t.Context(), w.Owner, m.ID, "Bonjour Paul.")
		w.Must(err)
		w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.Deliveries.EnqueueIn(tx, w.Owner, delivery.Outgoing{Channel: mailer.Channel, Kind: mailer.KindTest, Key: "x", Voice: a.Voice,
				About: delivery.Ref{Kind: delivery.RefMessage, ID: int64(a.ID)}, Recipient: "paul@x.example", Subject: "Re"})
			return err
		}))
		inboxtest.Says(t, p.Get("/app/inbox/"+m.ID.String(), 200), "Retenu : l’envoi des courriels n’est pas réglé.", "Rouvrir")
		inboxtest.Says(t, p.Get("/app/inbox/"+a.ID.String(), 200), "Bonjour Paul.")
	})
}

func TestTheTextsOfThePagesAreWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, p *inboxtest.Pages) {
		for _, err := range p.Kit.Catalog().Check() {
			t.Error(err)
		}
		for _, state := range delivery.States() {
			key := "inbox.out." + state
			if state == delivery.Held {
				key += "." + delivery.NoRelay
			}
			if !p.Kit.Catalog().Has("en", key) {
				t.Errorf("no %s", key)
			}
		}
	})
}

func TestWhatLooksLikeSpamShowsItsSenderAndBecomesSomebodyWhenItIsNone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, p *inboxtest.Pages) {
		m, err := w.Inbox.Request(t.Context(), inbox.RequestInput{Name: "Promo", Email: "promo@montres.example", Body: "Montres", Honeypot: "x"})
		w.Must(err)
		at, act := "/app/inbox/"+m.ID.String(), "/app/messages/"+m.ID.String()
		page := p.Get(at+"?state=held", 200)
		inboxtest.Says(t, page, "promo@montres.example", "personne n’est ajouté", "Ce n’est pas indésirable", "Un programme l’a sans doute écrit")
		if strings.Contains(page, "/app/contacts/") || strings.Contains(page, "En faire un mandat") {
			t.Error("nobody is known, and the page leads to them")
		}
		p.Post(act+"/approve", 303)
		inboxtest.Says(t, p.Get(at, 200), "/app/contacts/", "En faire un mandat", "mailto:promo@montres.example")
		_, to := p.Post(act+"/spam", 303)
		if to != at+"?done=1" {
			t.Errorf("after the judgement: %s", to)
		}
		inboxtest.Says(t, p.Get("/app/inbox?state=spam", 200), "promo@montres.example", "personne n’est ajouté")
	})
}

func TestCommentsAreOpenUntilSomebodySaysOtherwise(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *inboxtest.World, p *inboxtest.Pages) {
		const page = inboxweb.PolicyPath
		inboxtest.Says(t, p.Get(page, 200), `name="open" value="1" checked`)
		for _, days := range []string{"-1", "4000", "bientôt"} {
			body, _ := p.Post(page, 422, "open", "1", "close_after_days", days)
			inboxtest.Says(t, body, `id="p-close_after_days"`, `value="`+days+`"`)
		}
		p.Post(page, 303, "open", "1", "close_after_days", "30")
		if got, err := w.Inbox.Policy(t.Context()); err != nil || got != (inbox.Policy{Open: true, CloseAfterDays: 30}) {
			t.Errorf("%+v, %v", got, err)
		}
		p.Post(page, 303, "close_after_days", "")
		if got, err := w.Inbox.Policy(t.Context()); err != nil || got != (inbox.Policy{}) {
			t.Errorf("%+v, %v", got, err)
		}
		if err := w.Inbox.SetPolicy(t.Context(), w.Author, inbox.Policy{Open: true}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an author sets it: %v", err)
		}
	})
}
