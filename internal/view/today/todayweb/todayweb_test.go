package todayweb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/core/delivery/deliverytest"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/mandate"
	"causerie/internal/feature/post"
	"causerie/internal/feature/subscription"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/web"
	"causerie/internal/view/timeline/timelinetest"
	"causerie/internal/view/today"
	"causerie/internal/view/today/todayweb"
)

func site(t *testing.T) *timelinetest.Site { return siteAt(t, "") }

// siteAt is site at an address where no stranger comes.
func siteAt(t *testing.T, local string) *timelinetest.Site {
	t.Helper()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	return timelinetest.Serve(w, todayweb.Bundle, func(k *web.Kit) []web.Route {
		return todayweb.New(k, today.New(today.Options{DB: w.DB, House: w.House, Contacts: w.Contacts, Deliveries: w.Deliveries, Inbox: w.Inbox, Mandates: w.Mandates}),
			begin.NewChecklist(w.DB), func() string { return local }).Routes()
	})
}

func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, err := range site(t).Kit.Catalog().Check() {
		if strings.Contains(err.Error(), "today.") {
			t.Error(err)
		}
	}
}

func TestTheGreetingFollowsTheHourAndTheLoad(t *testing.T) {
	t.Parallel()
	s := site(t)
	res, body := s.Get("/app/")
	s.Wants(t, res, body, 200, "Bonjour Claire. Commençons.", "Publier un premier texte", "Inviter un collègue", "lundi 16 novembre 2026")
	p := s.W.Publish("Nos délais")
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "Bonjour Claire. Rien n’attend. Écrivez deux lignes ?", "Personne n’attend de réponse.", "Pas encore de demande.")
	s.W.Comment(p, "Hélène Morvan", "helene@morvan.example", "Une date sûre")
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "Dix minutes suffisent ce matin.", "Un message attend votre accord")
	s.W.Clock.Set(timelinetest.Start.Add(12 * time.Hour))
	for i := range 13 { // each says something else: the same twice is one
		s.W.Request("Paul", "paul@kervella.example", fmt.Sprintf("Un devis pour %d fenêtres ?", i+1), "")
		s.W.Clock.Advance(time.Minute)
	}
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "Bonsoir Claire. Commencez par")
	s.Lang = "en"
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "Good evening, Claire.")
}

func TestADayIsShownWhole(t *testing.T) {
	t.Parallel()
	s := site(t)
	w := s.W
	p := w.Publish("Nos délais")
	c := w.Comment(p, "Hélène Morvan", "helene@morvan.example", "Une date sûre, <b>sans</b> hésiter")
	w.Must(w.Inbox.Approve(t.Context(), w.Claire, c.ID))
	w.Clock.Set(timelinetest.Start.AddDate(0, 0, 2))
	w.Request("Hélène Morvan", "helene@morvan.example", "Trois corps de métier", "")
	day := clock.DayOf(w.Clock.Now(), time.UTC)
	for i, title := range []string{"La salle du conseil", "Une bibliothèque"} {
		_, err := w.Mandates.Open(t.Context(), w.Claire, mandate.Input{Title: title, Contact: c.Contact, NextAct: "Rappeler", NextOn: day.Add(1 - 3*i)})
		w.Must(err)
	}
	w.Win("Portes de la chapelle", c.Contact, 12_400_00)
	next, err := w.Posts.Create(t.Context(), w.Claire, post.Input{Voice: w.Voice.ID, Title: "Le prix du chêne", Body: "x"})
	w.Must(err)
	_, err = w.Posts.Schedule(t.Context(), w.Claire, next.ID, clock.Local{Day: day.Add(1), Hour: 8})
	w.Must(err)
	w.Must(w.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := w.Deliveries.EnqueueIn(tx, w.Claire, deliverytest.Out("x"))
		return err
	}))
	w.Must(w.Deliveries.HoldAll(t.Context(), w.Claire, true))

	res, body := s.Get("/app/")
	s.Wants(t, res, body, 200, "a commenté « Nos délais »", `class="end late"`, "vous a envoyé une demande", "La salle du conseil", ">demain<", "16 nov. 2026",
		"Le prix du chêne", "tout est retenu", "/app/deliveries/release", "Tout laisser partir", "Un courriel retenu.", "Une demande, dont une de quelqu’un qui vous écrivait déjà, ou s’était abonné, en novembre 2026.", "<b>Un mandat gagné, 12 400 €.</b>")
	if strings.Contains(body, "<b>sans</b>") {
		t.Error("a visitor's tags are in the page")
	}
	res, body = s.Get("/app/more")
	s.Wants(t, res, body, 200, "Mandats", "/app/deliveries", "Se déconnecter")
}

func TestSomebodyWhoOnlyReadsIsNotShownWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	s := site(t)
	s.W.Request("Paul", "paul@kervella.example", "Un secret", "")
	s.W.Claire = actor.Actor{Account: 5, Name: "Léa", Grants: []actor.Grant{{Voice: int64(s.W.Voice.ID), Role: actor.Reader}}}
	res, body := s.Get("/app/")
	s.Wants(t, res, body, 200, "Bonjour Léa.", "demandez ce droit")
	if strings.Contains(body, "Un secret") || strings.Contains(body, "Paul") {
		t.Error("a reader sees a request")
	}
	res, body = s.Get("/app/more")
	s.Wants(t, res, body, 200, "Votre compte")
}

func TestAnOwnerReadsThatSomebodyFloodsMailboxesThroughTheForm(t *testing.T) {
	t.Parallel()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	var flood subscription.Flood
	s := timelinetest.Serve(w, todayweb.Bundle, func(k *web.Kit) []web.Route {
		return todayweb.New(k, today.New(today.Options{DB: w.DB, House: w.House, Contacts: w.Contacts, Deliveries: w.Deliveries, Inbox: w.Inbox, Mandates: w.Mandates,
			Flood: func(*db.Tx) (subscription.Flood, error) { return flood, nil }}), begin.NewChecklist(w.DB), func() string { return "" }).Routes()
	})
	w.Publish("Nos délais")
	if _, body := s.Get("/app/"); strings.Contains(body, "boîtes aux lettres") {
		t.Error("a house that nobody floods says so")
	}
	flood = subscription.Flood{Asks: 1240, Since: w.Clock.Now().Add(-3 * time.Hour)}
	res, body := s.Get("/app/")
	s.Wants(t, res, body, 200, "Abus", "1 240 inscriptions refusées depuis le lundi 16 novembre à 4 h : on tente de remplir des boîtes aux lettres à travers vous.")
	s.Lang = "en"
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "1,240 subscriptions refused since Monday 16 November at 04:00")
	s.Lang = ""
	s.W.Claire = actor.Actor{Account: 5, Name: "Léa", Grants: []actor.Grant{{Voice: int64(s.W.Voice.ID), Role: actor.Author}}}
	if _, body = s.Get("/app/"); strings.Contains(body, "boîtes aux lettres") {
		t.Error("who is no owner is told")
	}
}

func TestMailThatIsNotSetUpIsSaidWhereItMatters(t *testing.T) {
	t.Parallel()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	why := delivery.NoRelay
	s := timelinetest.Serve(w, todayweb.Bundle, func(k *web.Kit) []web.Route {
		return todayweb.New(k, today.New(today.Options{DB: w.DB, House: w.House, Contacts: w.Contacts, Deliveries: w.Deliveries, Inbox: w.Inbox, Mandates: w.Mandates,
			Mail: func(*db.Tx) (string, error) { return why, nil }}), begin.NewChecklist(w.DB), func() string { return "" }).Routes()
	})
	res, body := s.Get("/app/")
	s.Wants(t, res, body, 200, "L’envoi des courriels n’est pas réglé", "/app/settings/relays")
	why = delivery.LostKey
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "ne se lit plus")
	why = ""
	if _, body = s.Get("/app/"); strings.Contains(body, "/app/settings/relays") {
		t.Error("what is set up is said not to be")
	}
}

func TestAnOpenHouseWhereNobodyComesSaysSo(t *testing.T) {
	t.Parallel()
	s := siteAt(t, "http://localhost:8080")
	res, body := s.Get("/app/")
	s.Wants(t, res, body, 200, "http://localhost:8080", "CAUSERIE_URL")
	s = site(t)
	if _, body = s.Get("/app/"); strings.Contains(body, "CAUSERIE_URL") {
		t.Error("it warns of a public address")
	}
}

func TestTheFirstHourStaysUntilItIsDoneOrPutAway(t *testing.T) {
	t.Parallel()
	s := site(t)
	draft, err := s.W.Posts.Create(t.Context(), s.W.Claire, post.Input{Voice: s.W.Voice.ID, Title: "Votre premier article", Body: "x"})
	s.W.Must(err)
	res, body := s.Get("/app/")
	s.Wants(t, res, body, 200, `href="/app/posts/`+draft.ID.String()+`"`, "Publier « Votre premier article »", "/app/settings/voices/"+s.W.Voice.ID.String()+"#look")
	_, err = s.W.Posts.Publish(t.Context(), s.W.Claire, draft.ID)
	s.W.Must(err)
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "premier texte publié", "Choisir votre portrait et votre couleur", "Inviter un collègue", "Personne n’attend de réponse.")
	res, _ = s.Post("/app/begin/look")
	if res.StatusCode != 303 {
		t.Fatal(res.Status)
	}
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "1 ligne rangée", "Remettre", "Inviter un collègue")
	s.Post("/app/begin/invite")
	if _, body = s.Get("/app/"); strings.Contains(body, "Pour commencer") {
		t.Error("what is done or put away is still shown")
	}
	s.Post("/app/begin/look", "back", "1")
	res, body = s.Get("/app/")
	s.Wants(t, res, body, 200, "Pour commencer", `action="/app/begin/look"`)
	if res, _ := s.Post("/app/begin/dancing"); res.StatusCode != 404 {
		t.Error("a step that is none is put away:", res.Status)
	}
	s.W.Claire = actor.Actor{Account: 5, Name: "Léa", Grants: []actor.Grant{{Voice: int64(s.W.Voice.ID), Role: actor.Author}}}
	if _, body = s.Get("/app/"); strings.Contains(body, "Choisir votre portrait") {
		t.Error("an author is asked for what is an owner's")
	}
}
