package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"time"

	"causerie/internal/core/voice"
	"causerie/internal/feature/post"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/protocol/frontmatter"
)

type postCmd struct {
	place
	File    string `arg:"" help:"A Markdown file with front matter, - for standard input."`
	Voice   string `placeholder:"SLUG" help:"In whose name; the main voice by default."`
	Publish bool   `xor:"when" help:"Publish now."`
	At      string `xor:"when" placeholder:"TIME" help:"Publish at 2026-11-30T08:00, in the time zone of the house."`
}

// maxPost bounds a file: text.MaxSource for the body, and its head.
const maxPost = 3 << 20

func (p postCmd) Run(c *console) error {
	source, err := p.read(c.in)
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
	slug := cmp.Or(p.Voice, meta.Voice)
	var v voice.Voice
	if slug != "" {
		v, err = voiceBySlug(c.ctx, a, slug)
	} else {
		err = a.DB.Read(c.ctx, func(tx *db.Tx) (err error) { v, err = a.Voices.MainIn(tx); return err })
	}
	if err != nil {
		return err
	}
	var at clock.Local
	if p.At != "" {
		if at, err = localTime(p.At, h.Location()); err != nil {
			return err
		}
	}
	in := post.Input{Voice: v.ID, Kind: meta.Kind, Title: meta.Title, Slug: meta.Slug, Summary: meta.Summary, Body: body, Lang: meta.Lang,
		Section: meta.Section, Tags: meta.Tags}
	by := who.Actor()
	if in, err = a.Posts.Prepare(c.ctx, by, in); err != nil {
		return err
	}
	var made post.Post
	err = a.DB.Write(c.ctx, func(tx *db.Tx) error { // all of it, or nothing: what is refused leaves no draft
		if made, err = a.Posts.CreateIn(tx, by, in); err != nil {
			return err
		}
		switch {
		case p.Publish:
			made, err = a.Posts.PublishIn(tx, by, made.ID)
		case p.At != "":
			made, err = a.Posts.ScheduleIn(tx, by, made.ID, at)
		}
		return err
	})
	if err != nil {
		return err
	}
	places, err := a.Places.Get(c.ctx)
	if err != nil {
		return err
	}
	address := places.House("/app/posts/" + made.ID.String())
	if made.Out() {
		address = places.URL(v.ID, post.Path(made))
	}
	if held, err := a.Posts.Held(c.ctx); err == nil && made.Waits(held) {
		fmt.Fprintln(c.out, "everything is held: this waits at", places.House("/app/deliveries"), "until someone releases it")
	}
	fmt.Fprintln(c.out, made.ID, address)
	return nil
}

func (p postCmd) read(in io.Reader) ([]byte, error) {
	if p.File != "-" {
		f, err := os.Open(p.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	source, err := io.ReadAll(io.LimitReader(in, maxPost+1))
	if err == nil && len(source) > maxPost {
		err = fmt.Errorf("%s is longer than %d bytes", p.File, maxPost)
	}
	return source, err
}

// localTime reads a civil time of the house, or an instant with its offset.
func localTime(s string, zone *time.Location) (clock.Local, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return clock.LocalOf(t, zone), nil
	}
	at, err := clock.ParseLocal(s)
	if err != nil {
		return at, fmt.Errorf("--at %s is not a time like 2026-11-30T08:00", s)
	}
	return at, nil
}
