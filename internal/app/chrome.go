package app

import (
	"context"
	"errors"
	"time"

	"causerie/internal/assets"
	"causerie/internal/core/house"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// refresh reads the house again: at the start, and after every commit that changed what the public sees.
func (a *App) refresh(ctx context.Context) error {
	h, err := a.House.Get(ctx)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a.house.Store(&h)
	a.zone.Store(h.Location())
	return a.Places.Refresh(ctx)
}

// current returns the house as of the last refresh; the zero House before there is one.
func (a *App) current() house.House {
	if h := a.house.Load(); h != nil {
		return *h
	}
	return house.House{Lang: string(i18n.FrFR)}
}

func (a *App) location() *time.Location {
	if z := a.zone.Load(); z != nil {
		return z
	}
	return time.UTC
}

func (a *App) publicLang() i18n.Lang {
	l, ok := i18n.Parse(a.current().Lang)
	if !ok {
		return i18n.FrFR
	}
	return l
}

// workChrome is what stands around a page of the work side: the rail with what waits.
func (a *App) workChrome(r *web.Request) (any, error) {
	h := a.current()
	c := assets.WorkChrome{HouseName: h.Name, PersonName: r.Actor().Name, SiteURL: "/", NotPublic: !h.Public,
		Owner: r.Actor().On(0) >= actor.Owner}
	counts := map[string]int{}
	err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return a.waiting(tx, r.Actor(), counts, &c.Held) })
	if err != nil && !errors.Is(err, context.Canceled) {
		a.Config.Log.Warn("counting what waits", "err", err)
	}
	c.Items = assets.WorkItems(counts)
	return c, nil
}

// local returns the address of the house when no stranger comes there, "" when they do.
func (a *App) local() string {
	if places := a.Places.Last(); places.Private() && !a.Config.Demo {
		return places.House("")
	}
	return ""
}

// plainChrome is what stands around a page alone on its sheet.
func (a *App) plainChrome(*web.Request) (any, error) {
	return assets.PlainChrome{HouseName: a.current().Name, HomeURL: "/"}, nil
}
