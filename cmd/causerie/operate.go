package main

import (
	"fmt"
	"text/tabwriter"

	"causerie/internal/app"
	"causerie/internal/platform/i18n"
	"causerie/internal/transfer/archive"
	"causerie/internal/view/doctor"
)

type backupCmd struct {
	place
	File string `arg:"" help:"The archive to write; it must not exist."`
}

func (b backupCmd) Run(c *console) error {
	a, err := b.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	p, err := printer(c)
	if err != nil {
		return err
	}
	return archive.RunBackup(c.ctx, archive.House{DB: a.DB, Blobs: a.Blobs, Version: version()}, b.File, p)
}

// printer is where and in which words these commands tell what they did.
func printer(c *console) (archive.Printer, error) {
	catalog, err := app.Catalog()
	return archive.Printer{Out: c.out, Catalog: catalog, Lang: i18n.En}, err
}

type restoreCmd struct {
	place
	File string `arg:"" type:"existingfile" help:"The archive to read."`
}

func (r restoreCmd) Run(c *console) error {
	a, err := r.place.openEmpty(c)
	if err != nil {
		return err
	}
	defer a.Close()
	p, err := printer(c)
	if err != nil {
		return err
	}
	return archive.RunRestore(c.ctx, archive.House{DB: a.DB, Blobs: a.Blobs, Version: version()}, r.File, a.Rebuild, p)
}

type rebuildCmd struct {
	place
	View string `arg:"" enum:"search,timeline,standings,attribution,all" help:"search, timeline, standings (whom you may write to), attribution (computed on request) or all."`
}

func (r rebuildCmd) Run(c *console) error {
	a, err := r.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	switch r.View {
	case "search":
		err = a.RebuildSearch(c.ctx)
	case "timeline":
		err = a.Timeline.Rebuild(c.ctx)
	case "standings":
		err = a.Consents.Rebuild(c.ctx)
	case "all":
		err = a.Rebuild(c.ctx)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, r.View, "is as the rows say")
	return nil
}

type doctorCmd struct {
	place
	Mail       bool   `help:"Check what decides whether e-mail arrives: SPF, DKIM, DMARC, MX, the mail servers."`
	DNSRecords string `name:"dns-records" placeholder:"FILE" type:"existingfile" help:"With --mail: records to check instead of the DNS; no mail server is contacted."`
}

func (d doctorCmd) Run(c *console) error {
	a, err := d.place.openWith(c, func(config *app.Config) { config.Existing, config.AsItIs = true, true })
	if err != nil {
		return err
	}
	defer a.Close()
	if d.Mail {
		return d.mail(c, a)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	wrong := 0
	for _, f := range a.Doctor().Look(c.ctx) {
		fmt.Fprintf(w, "%v\t%s\t%s\n", f.Level, f.What, f.Text)
		if f.Level == doctor.Wrong {
			wrong++
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d things are wrong", wrong)
	}
	return nil
}
