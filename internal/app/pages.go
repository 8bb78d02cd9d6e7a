package app

import (
	"context"
	"time"

	"causerie/internal/app/devweb"
	"causerie/internal/assets"
	"causerie/internal/channel/site"
	"causerie/internal/core/account/accountweb"
	"causerie/internal/fact"
	"causerie/internal/feature/begin/beginweb"
	"causerie/internal/feature/post/postweb"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// bundles are the folders of pages; a test visits their texts.
func bundles() []web.Bundle {
	return []web.Bundle{site.Bundle, accountweb.Bundle, beginweb.Bundle, postweb.Bundle, devweb.Bundle}
}

// Catalog returns every text of the program, for the command line and for tests.
func Catalog() (*i18n.Catalog, error) {
	kit, err := web.NewKit(web.KitOptions{Layouts: assets.FS, Bundles: bundles()})
	if err != nil {
		return nil, err
	}
	return kit.Catalog(), nil
}

// rates bound what one network may ask for in a row.
var rates = map[string]web.Rate{
	"sign-in": {Burst: 8, Every: 20 * time.Second},
	"forgot":  {Burst: 4, Every: 2 * time.Minute},
	"setup":   {Burst: 10, Every: 30 * time.Second},
	"comment": {Burst: 6, Every: 30 * time.Second},
	"contact": {Burst: 4, Every: time.Minute},
	"search":  {Burst: 20, Every: 2 * time.Second},
	"confirm": {Burst: 20, Every: 5 * time.Second},
}

func (a *App) buildPages(ctx context.Context) error {
	if err := a.refresh(ctx); err != nil {
		return err
	}
	a.House.OnBump(func() {
		a.refresh(context.WithoutCancel(ctx))
		a.Cache.Check(context.WithoutCancel(ctx))
	})
	var err error
	a.Kit, err = web.NewKit(web.KitOptions{
		Layouts: assets.FS, Bundles: bundles(), Zone: a.location, Clock: a.Config.Clock,
		Chrome: map[string]func(*web.Request) (any, error){"public": site.Chrome, "work": a.workChrome, "plain": a.plainChrome},
	})
	if err != nil {
		return err
	}
	a.Catalog = a.Kit.Catalog()
	public := site.New(site.Options{Kit: a.Kit, DB: a.DB, House: a.House, Voices: a.Voices, Media: a.Media, Talk: a.Inbox})
	a.Router = web.NewRouter(web.Options{
		BaseURL: a.Config.URL, Trusted: a.Config.Trusted, Catalog: a.Catalog, Kit: a.Kit, Log: a.Config.Log,
		Clock: a.Config.Clock, Rates: rates, PublicLang: a.publicLang, MetricsToken: a.Config.MetricsToken,
		Identify: accountweb.Identify(a.Accounts), Fallback: public.Resolve,
	})
	a.Router.Handle(a.healthRoutes()...)
	a.Router.Handle(public.Routes()...)
	a.Router.Handle(beginweb.New(a.Kit, a.Begin, a.Accounts).Routes()...)
	a.Router.Handle(accountweb.New(a.Kit, a.Accounts, a.Voices).Routes()...)
	a.Router.Handle(postweb.New(a.Kit, a.Posts, a.Media, a.Voices, a.House).Routes()...)
	if a.Config.Demo {
		a.Router.Handle(devweb.New(a.Kit, a.Accounts, a.Config.Captured, a.owner).Routes()...)
	}
	a.Cache = web.NewPageCache(web.PageCacheOptions{
		Next: a.Router, Version: a.version, Queries: []string{"page", "said", "q", "reply"}, Log: a.Config.Log,
	})
	a.Handler = a.Cache
	return nil
}

// waiting counts what the rail shows beside its words.
func (a *App) waiting(tx *db.Tx, by actor.Actor, counts map[string]int, held *bool) error {
	c, err := a.Inbox.Counts(tx, by)
	if err != nil {
		return err
	}
	counts["inbox"] = c.Open + c.Held
	*held, err = a.Deliveries.Held(tx)
	return err
}

// owner says who the button of the demo signs in.
func (a *App) owner(ctx context.Context) (fact.AccountID, string, error) {
	who, err := a.Accounts.Owner(ctx)
	return who.ID, who.Name, err
}
