package app

import (
	"context"
	"net/http"
	"time"

	"causerie/internal/assets"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// bundles are the folders of pages; a test visits their texts.
func bundles() []web.Bundle {
	return []web.Bundle{}
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
		Chrome: map[string]func(*web.Request) (any, error){"work": a.workChrome, "plain": a.plainChrome},
	})
	if err != nil {
		return err
	}
	a.Catalog = a.Kit.Catalog()
	a.Router = web.NewRouter(web.Options{
		BaseURL: a.Config.URL, Trusted: a.Config.Trusted, Catalog: a.Catalog, Kit: a.Kit, Log: a.Config.Log,
		Clock: a.Config.Clock, Rates: rates, PublicLang: a.publicLang, MetricsToken: a.Config.MetricsToken,
	})
	a.Router.Handle(a.healthRoutes()...)
	a.Cache = web.NewPageCache(web.PageCacheOptions{
		Next: a.Router, Version: a.version, Queries: []string{"page", "said", "q", "reply"}, Log: a.Config.Log,
	})
	a.Handler = a.Cache
	return nil
}

func (a *App) waiting(tx *db.Tx, counts map[string]int, held *bool) error { return nil }

var _ http.Handler
