package noticeweb_test

import (
	"strings"
	"testing"

	"causerie/internal/channel/notice"
	"causerie/internal/channel/notice/noticeweb"
	"causerie/internal/core/account"
	"causerie/internal/feature/inbox/inboxtest"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/web"
)

func serve(t *testing.T, w *inboxtest.World, grant actor.Grant) (*inboxtest.Pages, *notice.Service) {
	t.Helper()
	accounts := account.New(account.Options{DB: w.DB, Bus: w.Bus})
	n, err := notice.New(notice.Options{DB: w.DB, Bus: w.Bus, Queue: w.Queue, House: w.House, Accounts: accounts, Voices: w.Voices,
		Contacts: w.Contacts, Inbox: w.Inbox, Deliveries: w.Deliveries, Mailer: w.Mailer, Places: w.Places})
	w.Must(err)
	a, err := accounts.Create(t.Context(), actor.System(), account.NewAccount{Email: "claire@maison.example", Name: "Claire", Lang: "fr-FR",
		Password: "a hash", Grants: []actor.Grant{grant}})
	w.Must(err)
	w.Owner = a.Actor()
	return inboxtest.Serve(w, noticeweb.Bundle, func(k *web.Kit) []web.Route { return noticeweb.New(k, n, accounts).Routes() }), n
}

func TestOneChoosesWhenToBeTold(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		p, n := serve(t, w, actor.Grant{Role: actor.Owner})
		page := p.Get(noticeweb.Path, 200)
		inboxtest.Says(t, page, "claire@maison.example", "Un commentaire attend votre accord", `name="daily_at" type="time"`, `value="21:00"`)
		_, to := p.Post(noticeweb.Path, 303, "requests", "daily", "held", "never", "published", "now", "daily_at", "18:30", "quiet_from", "22:15",
			"quiet_to", "06:45", "through", "1")
		if !strings.HasPrefix(to, noticeweb.Path) {
			t.Errorf("it leads to %s", to)
		}
		want := notice.Choice{Requests: notice.Daily, Held: notice.Never, Published: notice.Now, DailyAt: notice.ParseHour("18:30"),
			QuietFrom: notice.ParseHour("22:15"), QuietTo: notice.ParseHour("06:45"), Through: true}
		if got, err := n.Choice(t.Context(), w.Owner); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
		inboxtest.Says(t, p.Get(noticeweb.Path, 200), `value="18:30"`, `value="daily" checked`)
		wrong, _ := p.Post(noticeweb.Path, 422, "requests", "daily", "held", "never", "published", "now", "daily_at", "18h", "quiet_from", "22:15", "quiet_to", "06:45")
		inboxtest.Says(t, wrong, "Une heure, par exemple 08:30.", `value="18h"`)
		if got, err := n.Choice(t.Context(), w.Owner); err != nil || got != want {
			t.Errorf("after a form that was refused: %+v, %v", got, err)
		}
	})
}

func TestWhoModeratesNothingIsNotAskedAboutIt(t *testing.T) {
	t.Parallel()
	inboxtest.Each(t, nil, func(t *testing.T, w *inboxtest.World) {
		p, n := serve(t, w, actor.Grant{Voice: int64(w.Claire.ID), Role: actor.Author})
		if page := p.Get(noticeweb.Path, 200); strings.Contains(page, `name="held"`) {
			t.Error("an author is asked about what is held")
		}
		p.Post(noticeweb.Path, 303, "requests", "never", "published", "now", "daily_at", "08:00", "quiet_from", "21:00", "quiet_to", "07:00")
		if got, err := n.Choice(t.Context(), w.Owner); err != nil || got.Held != notice.Default().Held || got.Requests != notice.Never {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
