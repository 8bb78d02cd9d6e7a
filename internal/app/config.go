package app

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"

	"causerie/internal/core/house"
	"causerie/internal/core/mailer"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/web"
	"causerie/internal/protocol/dnsrecord"
)

// Config is what the command line and the environment say. The zero value of every field but Data works.
type Config struct {
	Data     string // the directory of the house
	Database string // postgres://..., "" for SQLite in Data
	Secret   string // the words of CAUSERIE_SECRET, "" for Data/secret.key

	Listen       string         // host:port
	URL          *url.URL       // the public address; nil is http://<Listen>
	TLS          string         // "off" or "auto"
	Trusted      []netip.Prefix // proxies that are believed
	SMTP         string         // the relay, over the one set in the pages
	MetricsToken string

	Existing bool // refuse with ErrNoHouse, and make nothing, where there is no house
	Left     bool // open a database that the house has moved away from, too
	AsItIs   bool // change nothing, and need no right to: no directory, no key, no migration (ErrOlderSchema)

	given bool // URL was, and is no default

	Clock    clock.Clock
	Log      *slog.Logger
	Rehearse bool               // tests: every write runs twice
	Visitors web.Rate           // tests, whose strangers share one address: how often they may have a page rendered; zero is the usual
	Captured *mail.Captured     // demo and tests: mail stays here
	Demo     bool               // adds /app/dev
	DNS      dnsrecord.Resolver // whom the doctor of the mail asks; nil is the machine's
	Version  string
}

func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Listen == "" {
		c.Listen = ":8080"
	}
	if c.Visitors == (web.Rate{}) {
		c.Visitors = visitors
	}
	if c.given = c.URL != nil; !c.given {
		host := c.Listen
		if host[0] == ':' {
			host = "localhost" + host
		}
		c.URL = &url.URL{Scheme: "http", Host: host}
	}
	return c
}

// publicURL is the address that a server was last given, for commands that are given none: what they print leads there.
var publicURL = house.Setting[string]{Key: "url"}

// rememberURL keeps the address that this server was given.
func (a *App) rememberURL(ctx context.Context) error {
	if !a.Config.given || a.Config.Demo {
		return nil
	}
	var last string
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { last, err = publicURL.GetIn(tx); return err })
	if err != nil || last == a.Config.URL.String() {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error { return publicURL.SetIn(tx, actor.System(), a.Config.URL.String()) })
}

// recallURL takes the address that a server was last given, for a command that was given none.
func (a *App) recallURL(ctx context.Context) error {
	if a.Config.given || !a.Config.Existing {
		return nil
	}
	return a.DB.Read(ctx, func(tx *db.Tx) error {
		last, err := publicURL.GetIn(tx)
		if u, bad := url.Parse(last); last != "" && bad == nil {
			a.Config.URL = u
		}
		return err
	})
}

func (c Config) file(name string) string { return filepath.Join(c.Data, name) }

// InUse reports whether somebody has the database of the house open: a server, or another command.
func (c Config) InUse(ctx context.Context) (bool, error) {
	return db.InUse(ctx, db.Options{Path: c.file("causerie.db"), URL: c.Database})
}

// carrier knows who carries mail: what captures it, or the relays of the command line or of the house.
func (a *App) carrier() mailer.Carrier {
	if a.Config.Captured != nil {
		return mailer.Fixed(a.Config.Captured)
	}
	return a.Relays
}

// fixedRelay names the relay that the command line set, without its password; "" when it set none. In the demo it is
// where its mail is caught.
func (a *App) fixedRelay() string {
	if a.Config.Captured != nil {
		return "/app/dev/mail"
	}
	return a.Relays.Fixed()
}
