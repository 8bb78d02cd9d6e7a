package main

import (
	"causerie/internal/app"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/i18n"
	"causerie/internal/transfer/wordpress"
)

type importCmd struct {
	Wordpress importWordpressCmd `cmd:"" help:"Bring in a WordPress export (WXR)."`
}

type importWordpressCmd struct {
	place
	Source  string `arg:"" help:"The export: a file, or its address."`
	Voice   string `placeholder:"SLUG" help:"In whose name; the main voice by default."`
	DryRun  bool   `help:"Say what would happen, and change nothing."`
	NoFiles bool   `help:"Leave pictures where they are instead of fetching them."`
}

func (i importWordpressCmd) Run(c *console) error {
	a, err := i.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	options := wordpress.Options{DryRun: i.DryRun}
	if i.Voice != "" {
		v, err := voiceBySlug(c.ctx, a, i.Voice)
		if err != nil {
			return err
		}
		options.Voice = v.ID
	}
	if !i.NoFiles {
		client := fetch.New(fetch.Options{UserAgent: "Causerie (" + a.Config.URL.String() + ")"})
		defer client.Close()
		options.Fetch = client
	}
	catalog, err := app.Catalog()
	if err != nil {
		return err
	}
	deps := wordpress.Deps{DB: a.DB, House: a.House, Voices: a.Voices, Posts: a.Posts, Media: a.Media, Inbox: a.Inbox}
	return wordpress.Run(c.ctx, deps, i.Source, options, c.out, catalog, i18n.En)
}
