package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"causerie/internal/core/account"
	"causerie/internal/core/contact"
	"causerie/internal/core/delivery"
	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/feature/begin"
	"causerie/internal/feature/inbox"
	"causerie/internal/feature/post"
	"causerie/internal/platform/blob"
	"causerie/internal/platform/bus"
	"causerie/internal/platform/db"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/queue"
	"causerie/internal/platform/seal"
	"causerie/internal/platform/web"
	"causerie/internal/schema"
)

// App is one house, open.
type App struct {
	Config Config
	DB     *db.DB
	Queue  *queue.Queue
	Bus    *bus.Bus
	Blobs  blob.Store
	Box    *seal.Box

	House      *house.Service
	Accounts   *account.Service
	Voices     *voice.Service
	Media      *media.Service
	Contacts   *contact.Service
	Posts      *post.Service
	Deliveries *delivery.Service
	Inbox      *inbox.Service
	Begin      *begin.Service

	Catalog *i18n.Catalog
	Kit     *web.Kit
	Router  *web.Router
	Cache   *web.PageCache
	Handler http.Handler // the cache before the router

	zone  atomic.Pointer[time.Location]
	house atomic.Pointer[house.House] // as of the last site version, for what is asked at every page
	seen  atomic.Int64                // the site version of house
}

// Open opens the house of c, migrating its database, and builds everything. It serves nothing yet.
func Open(ctx context.Context, c Config) (*App, error) {
	c = c.withDefaults()
	a := &App{Config: c}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the directory %s cannot be made: %w", c.Data, err)
	}
	var err error
	if c.Secret != "" {
		a.Box, err = seal.FromPassphrase(c.Secret)
	} else {
		a.Box, err = seal.LoadOrCreate(c.file("secret.key"))
	}
	if err != nil {
		return nil, err
	}
	a.Blobs = blob.Dir(c.file("blobs"))
	a.DB, err = db.Open(ctx, db.Options{Path: c.file("causerie.db"), URL: c.Database, Clock: c.Clock, Log: c.Log, Rehearse: c.Rehearse})
	if err != nil {
		return nil, err
	}
	if _, err := a.DB.Migrate(ctx, schema.All()); err != nil {
		a.DB.Close()
		return nil, err
	}
	if err := a.buildServices(); err != nil {
		a.DB.Close()
		return nil, err
	}
	if err := a.buildPages(ctx); err != nil {
		a.DB.Close()
		return nil, err
	}
	return a, nil
}

// Close closes the database.
func (a *App) Close() error { return a.DB.Close() }

func (a *App) buildServices() error {
	a.Queue = queue.New(a.DB, queue.Options{Log: a.Config.Log, Lanes: map[string]int{"": 4, "mail": 2, "media": 1}})
	a.Bus = bus.New(a.Queue)
	a.House = house.New(a.DB, a.Bus, a.Box)
	a.Media = media.New(a.DB, a.Blobs)
	a.Voices = voice.New(a.DB, a.Bus, a.House, a.Media)
	a.Contacts = contact.New(a.DB, a.Bus)
	a.Posts = post.New(post.Options{DB: a.DB, Bus: a.Bus, Queue: a.Queue, House: a.House, Voices: a.Voices, Media: a.Media})
	carrier, err := a.carrier()
	if err != nil {
		return err
	}
	host := a.Config.URL.Hostname()
	a.Deliveries = delivery.New(delivery.Options{DB: a.DB, Bus: a.Bus, Queue: a.Queue, Carrier: carrier, Host: host})
	a.Inbox = inbox.New(inbox.Options{DB: a.DB, Bus: a.Bus, House: a.House, Voices: a.Voices, Contacts: a.Contacts, Box: a.Box, Host: host})
	a.Accounts = account.New(a.DB, a.Bus, nil)
	return nil
}

var errNoHouse = errors.New("there is no house here yet: run `causerie setup`, or open /setup")
