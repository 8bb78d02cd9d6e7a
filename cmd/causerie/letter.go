package main

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"causerie/internal/channel/newsletter"
	"causerie/internal/protocol/frontmatter"
)

type letterCmd struct {
	Send letterSend `cmd:"" help:"Send a Markdown file to the followers of a voice, or to a segment."`
}

type letterSend struct {
	place
	File     string `arg:"" help:"A Markdown file, - for standard input. Its title is the subject."`
	Voice    string `required:"" placeholder:"SLUG" help:"In whose name."`
	Audience string `required:"" placeholder:"letter|SEGMENT" help:"letter for everyone who follows the voice, or the id of a segment."`
	At       string `placeholder:"TIME" help:"When it goes out, 2026-11-30T08:00 in the time zone of the house; now by default."`
}

func (p letterSend) Run(c *console) error {
	source, err := postCmd{File: p.File}.read(c.in)
	if err != nil {
		return err
	}
	meta, body, err := frontmatter.Parse(source)
	if err != nil {
		return err
	}
	a, err := p.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	who, err := a.Accounts.Owner(c.ctx)
	if err != nil {
		return err
	}
	h, err := a.House.Get(c.ctx)
	if err != nil {
		return err
	}
	v, err := voiceBySlug(c.ctx, a, cmp.Or(p.Voice, meta.Voice))
	if err != nil {
		return err
	}
	var at time.Time
	if p.At != "" {
		local, err := localTime(p.At, h.Location())
		if err != nil {
			return err
		}
		at = local.In(h.Location())
	}
	by := who.Actor()
	l, err := a.Newsletter.Create(c.ctx, by, newsletter.Input{Voice: v.ID, Subject: meta.Title, Body: body, Audience: p.Audience})
	if err != nil {
		return err
	}
	if err := a.Newsletter.Send(c.ctx, by, l.ID, at); err != nil {
		return errors.Join(err, a.Newsletter.Drop(c.ctx, by, l.ID)) // what is refused leaves no draft
	}
	fmt.Fprintln(c.out, l.ID, a.Places.Last().House("/app/letters/"+l.ID.String()))
	return nil
}
