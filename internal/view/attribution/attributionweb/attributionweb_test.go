package attributionweb_test

import (
	"fmt"
	"strings"
	"testing"

	"causerie/internal/feature/subscription"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/platform/web"
	"causerie/internal/view/attribution"
	"causerie/internal/view/attribution/attributionweb"
	"causerie/internal/view/timeline/timelinetest"
)

func site(t *testing.T) *timelinetest.Site {
	t.Helper()
	w := timelinetest.New(t, db.SQLite, dbtest.Once())
	return timelinetest.Serve(w, attributionweb.Bundle, func(k *web.Kit) []web.Route {
		return attributionweb.New(k, attribution.New(w.DB)).Routes()
	})
}

func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, err := range site(t).Kit.Catalog().Check() {
		if strings.Contains(err.Error(), "attribution.") {
			t.Error(err)
		}
	}
}

func TestThePageSpeaksInCountsAndInPercentsOnlyFromTwentyWins(t *testing.T) {
	t.Parallel()
	s := site(t)
	res, body := s.Get("/app/attribution")
	s.Wants(t, res, body, 200, "Rien à raconter encore")
	p := s.W.Publish("Nos délais")
	reader := s.W.Comment(p, "Paul", "paul@kervella.example", "Bonjour").Contact
	s.W.Verify(reader)
	doubtful := s.W.Comment(p, "Zoé", "zoe@gmail.com", "Bonjour").Contact
	s.W.Win("peut-être", doubtful, 1_000_00)
	for i := range 18 {
		s.W.Win(fmt.Sprint("gagné ", i), reader, 1_000_00)
	}
	for _, lang := range []string{"fr-FR", "en"} {
		s.Lang = lang
		if _, body = s.Get("/app/attribution"); strings.Contains(body, "%") {
			t.Errorf("a percentage of 19 wins in %s", lang)
		}
	}
	s.Lang = "fr-FR"
	res, body = s.Get("/app/attribution")
	s.Wants(t, res, body, 200, "Vous avez suivi <b>19 mandats</b>. <b>19</b> sont gagnés, pour <b>19 000 €</b>.", "Pour <b>18</b> mandats gagnés, elle vous avait écrit avant",
		"Pour <b>un</b> autre, rien n’est prouvé", "observé", "présumé", "adresse jamais confirmée", "avant vingt mandats gagnés")
	s.W.Win("le vingtième", reader, 1_000_00)
	res, body = s.Get("/app/attribution")
	s.Wants(t, res, body, 200, "Sur 20 mandats gagnés, 95 % avaient été précédés d’un échange ou d’un abonnement observé.")
	if strings.Contains(body, "avant vingt mandats") {
		t.Error("it still says that twenty are needed")
	}
	if strings.Contains(body, "par un abonnement seul") {
		t.Error("nobody subscribed")
	}
	léa, _ := s.W.Subscribe("lea@ailleurs.example", subscription.Follow{Voice: s.W.Voice.ID})
	s.W.Win("par la lettre", léa.ID, 1_000_00)
	res, body = s.Get("/app/attribution")
	s.Wants(t, res, body, 200, "Dont <b>un</b> par un abonnement seul, sans un mot.", "Un abonnement à la lettre « "+s.W.Voice.Name+" »")
	for range 25 {
		s.W.Win("encore", reader, 1)
	}
	res, body = s.Get("/app/attribution")
	s.Wants(t, res, body, 200, `rel="next"`)
	_, rest, _ := strings.Cut(body, `rel="next" href="`)
	next, _, _ := strings.Cut(rest, `"`)
	res, body = s.Get(next)
	s.Wants(t, res, body, 200, "peut-être")
}
