package main

import (
	"fmt"
	"text/tabwriter"

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
	m, err := archive.Backup(c.ctx, archive.House{DB: a.DB, Blobs: a.Blobs, Version: version()}, b.File)
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, t := range m.Tables {
		rows += t.Rows
	}
	fmt.Fprintf(c.out, "%s holds %d rows of %d tables and %d files (schema %d)\n", b.File, rows, len(m.Tables), m.Files-len(m.Lost), m.Schema)
	for _, lost := range m.Lost {
		fmt.Fprintf(c.out, "missing before the backup: file %s\n", lost)
	}
	return nil
}

type restoreCmd struct {
	place
	File string `arg:"" type:"existingfile" help:"The archive to read."`
}

func (r restoreCmd) Run(c *console) error {
	a, err := r.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	done, err := archive.RestoreFile(c.ctx, archive.House{DB: a.DB, Blobs: a.Blobs, Version: version()}, r.File,
		archive.Options{Hold: true, Rebuild: a.Rebuild})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "restored from %s, made on %s\n", r.File, done.CreatedAt.Format("2006-01-02 15:04 MST"))
	if done.Held > 0 {
		fmt.Fprintf(c.out, "%d letters were waiting to leave: they are held, look at /app/deliveries\n", done.Held)
	}
	fmt.Fprintln(c.out, "The mail relay's password is not in an archive: give it again with --smtp or at /app/deliveries")
	return nil
}

type rebuildCmd struct {
	place
	View string `arg:"" enum:"search,timeline,attribution,all" help:"search, timeline, attribution (which is computed when asked) or all."`
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
		err = nil
	case "all":
		err = a.Rebuild(c.ctx)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, r.View, "is as the rows say")
	return nil
}

type doctorCmd struct{ place }

func (d doctorCmd) Run(c *console) error {
	a, err := d.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
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
