package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"causerie/internal/app"
	"causerie/internal/transfer/archive"
)

type moveCmd struct {
	place
	To string `required:"" placeholder:"URL" help:"postgres://user:pass@host/name, sqlite: for SQLite in the directory of the house, or sqlite:///DIR for another directory."`
}

// Run carries a house from one database to another by way of an archive, which proves on both sides that every table is the
// same. Pictures and other files stay in the directory of the house, or go to the other one with it.
func (m moveCmd) Run(c *console) error {
	to, err := m.place.movedTo(m.To)
	if err != nil {
		return err
	}
	config, err := m.place.config(c)
	if err != nil {
		return err
	}
	if served, err := config.InUse(c.ctx); err != nil {
		return err
	} else if served {
		return errors.New("the house is being served: stop the server first, so that nothing is written during the move")
	}
	from, err := m.place.openWith(c, func(config *app.Config) { config.Existing, config.Left = true, true }) // once more, if need be
	if err != nil {
		return err
	}
	defer from.Close()
	target, err := to.openEmpty(c)
	if err != nil {
		return err
	}
	defer target.Close()
	p, err := printer(c)
	if err != nil {
		return err
	}
	err = archive.RunMove(c.ctx, archive.House{DB: from.DB, Blobs: from.Blobs, Version: version()},
		archive.House{DB: target.DB, Blobs: target.Blobs, Version: version()}, to.Data, target.Rebuild, p)
	if err != nil {
		return err
	}
	where := "--data " + to.Data
	if to.Database != "" {
		where += " --database " + target.DB.Place() // without its password
	}
	if err := from.Config.MovedTo(strings.TrimPrefix(where, "--data ")); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s is unchanged: keep it until you are sure. From now on: causerie serve %s\n", from.DB.Place(), where)
	return nil
}

// movedTo returns where the house of p is after a move to an address.
func (p place) movedTo(address string) (place, error) {
	u, err := url.Parse(address)
	if err != nil {
		return p, errors.New("--to is not an address: postgres://user:password@host/name, sqlite: or sqlite:///DIR") // which is not quoted: it holds a password
	}
	switch u.Scheme {
	case "postgres", "postgresql":
		p.Database = address
	case "sqlite":
		p.Database = ""
		if dir := u.Opaque + u.Path; dir != "" {
			p.Data = filepath.FromSlash(dir)
		}
	default:
		return p, fmt.Errorf("--to %s: a house moves to postgres://... or to sqlite:DIR", u.Redacted())
	}
	return p, nil
}
