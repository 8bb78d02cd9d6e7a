package main

import (
	"fmt"
	"io"
	"os"

	"causerie/internal/app"
	"causerie/internal/platform/fetch"
	"causerie/internal/platform/i18n"
	"causerie/internal/transfer/wordpress"
)

type importCmd struct {
	Wordpress importWordpressCmd `cmd:"" help:"Import a WordPress export (WXR)."`
	Contacts  importContactsCmd  `cmd:"" help:"Import a list of people: CSV or vCard, from an address book or a mailing program."`
}

type importWordpressCmd struct {
	place
	Source       []string `arg:"" help:"The export: its file or files (.xml, .gz, .zip), or its address."`
	Voice        string   `placeholder:"SLUG" help:"In whose name; the main voice by default."`
	CategoryBase string   `placeholder:"WORD" help:"The word before category names in the addresses of the old site, if its own links do not show it (/WORD/name/)."`
	TagBase      string   `placeholder:"WORD" help:"The word before tag names."`
	DryRun       bool     `help:"Say what would happen, and change nothing."`
	NoFiles      bool     `help:"Leave pictures where they are instead of downloading them."`
}

func (i importWordpressCmd) Run(c *console) error {
	a, err := i.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	h, err := a.House.Get(c.ctx)
	if err != nil {
		return err
	}
	lang, ok := i18n.Parse(h.Lang)
	if !ok {
		lang = i18n.En
	}
	c.lang = lang
	options := wordpress.Options{DryRun: i.DryRun, CategoryBase: i.CategoryBase, TagBase: i.TagBase}
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
	shown := &progress{out: c.err, say: func(done, all int) string { return catalog.T(lang, "import.progress", done, all) }}
	defer shown.end()
	options.Progress = shown.at
	deps := wordpress.Deps{DB: a.DB, House: a.House, Voices: a.Voices, Posts: a.Posts, Media: a.Media, Inbox: a.Inbox}
	return wordpress.Run(c.ctx, deps, i.Source, options, c.out, catalog, lang)
}

// progress shows how far an import has come: on a terminal in one line that changes, elsewhere a line for each tenth.
type progress struct {
	out    io.Writer
	say    func(done, all int) string
	tenth  int
	opened bool // a line that changes stands there
}

func (p *progress) at(done, all int) {
	if f, ok := p.out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			fmt.Fprintf(p.out, "\r%s", p.say(done, all))
			p.opened = true
			if done == all {
				p.end()
			}
			return
		}
	}
	if tenth := 10 * done / max(all, 1); tenth > p.tenth {
		p.tenth = tenth
		fmt.Fprintln(p.out, p.say(done, all))
	}
}

func (p *progress) end() {
	if p.opened {
		fmt.Fprintln(p.out)
		p.opened = false
	}
}
