package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"causerie/internal/app"
	"causerie/internal/core/consent"
	"causerie/internal/feature/roster"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
)

type importContactsCmd struct {
	place
	File         string   `arg:"" help:"The list: CSV (any separator, any encoding) or vCard; - for standard input."`
	Basis        string   `placeholder:"WORD" help:"The legal basis for writing to them: consent, client, professional_function, implied_purchase, implied_inquiry, referral. Without it, and without a column basis, no agreement is written down."`
	Jurisdiction string   `placeholder:"CC" help:"Whose law applies (FR, CA...); that of the house by default."`
	Wording      string   `placeholder:"TEXT" help:"What they agreed to, word for word; required for consent."`
	Source       string   `placeholder:"TEXT" help:"Where they come from; the program and the name of the file by default."`
	Purpose      string   `placeholder:"WORD" help:"For what: letter (by default), nudge, question."`
	Theme        string   `placeholder:"TEXT" help:"With professional_function: what the messages are about."`
	Lang         string   `placeholder:"LANG" help:"For people whose row gives none: fr-FR, fr-CA, en; that of the house by default."`
	Columns      []string `placeholder:"FIELD,..." help:"What each column contains, if its name is not recognised: name, first, last, email, phone, company... and - for none."`
	Refused      string   `placeholder:"FILE" help:"Write refused rows, and why, to a CSV file."`
	DryRun       bool     `help:"Say what would happen, and change nothing."`
}

func (i importContactsCmd) Run(c *console) error {
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
	catalog, err := app.Catalog()
	if err != nil {
		return err
	}
	file, err := i.file(c.in)
	if err != nil {
		return err
	}
	o := roster.Options{Lang: i.Lang, DryRun: i.DryRun, Consent: consent.Evidence{Basis: i.Basis, Jurisdiction: i.Jurisdiction, Wording: i.Wording, Source: i.Source,
		Purpose: i.Purpose, Theme: i.Theme, Lang: string(lang)}}
	for _, one := range i.Columns {
		o.Fields = append(o.Fields, roster.Field(strings.Trim(one, "- ")))
	}
	shown := &progress{out: c.err, say: func(done, all int) string { return catalog.T(lang, "roster.progress", done, all) }}
	defer shown.end()
	o.Progress = shown.at
	flush := func() error { return nil }
	if i.Refused != "" {
		out, err := os.OpenFile(i.Refused, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		defer out.Close()
		o.Refused, flush = roster.Refusals(out, catalog, lang)
	}
	report, err := a.Roster.Import(c.ctx, actor.System(), file, o)
	if report.Rows == 0 && err != nil {
		return err
	}
	if c.ctx.Err() != nil {
		err = fault.Conflict("import.interrupted")
	}
	shown.end()
	return errors.Join(err, flush(), report.Print(c.out, catalog, lang))
}

// file is the list that is named; what comes from standard input is read once, and kept.
func (i importContactsCmd) file(in io.Reader) (roster.File, error) {
	if i.File == "-" {
		b, err := io.ReadAll(io.LimitReader(in, 256<<20))
		return roster.File{Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}, err
	}
	if info, err := os.Stat(i.File); err != nil || info.IsDir() {
		return roster.File{}, fault.Conflict("roster.no_file", i.File)
	}
	return roster.File{Name: filepath.Base(i.File), Open: func() (io.ReadCloser, error) { return os.Open(i.File) }}, nil
}
