package demo

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"causerie/internal/core/house"
	"causerie/internal/core/media"
	"causerie/internal/core/voice"
	"causerie/internal/feature/begin"
	"causerie/internal/sample"
)

// house begins the house three days before its first post, and takes the welcome draft away: everybody has written by
// then, and nobody is to be invited.
func (p *builder) house(ctx context.Context) error {
	began := p.now
	for _, one := range p.data.Posts {
		if at := one.At.At(p.now, p.zone); at.Before(began) {
			began = at
		}
	}
	p.at(began.Add(-72 * time.Hour))
	h := p.data.House
	made, err := p.Begin.Begin(ctx, begin.Input{
		House: h.Name, OwnerName: h.OwnerName, OwnerEmail: h.OwnerEmail, Password: Password, Lang: h.Lang, Country: h.Country, Zone: h.Zone,
		Identity: house.Identity(h.Identity), Public: true,
	})
	if err != nil {
		return err
	}
	p.Owner, p.owner = made.Owner, made.Owner.Actor().Backfill()
	p.Contents.Voices = map[string]voice.Voice{made.Voice.Slug: made.Voice}
	if err := begin.NewChecklist(p.DB).PutAway(ctx, p.owner, begin.Invite, true); err != nil {
		return err
	}
	return p.Services.Posts.Delete(ctx, p.owner, made.Draft.ID)
}

// pictures keeps the pictures in every width that pages ask for, which is most of the work of building: on every core, each
// with a service of its own, since one service opens one picture at a time.
func (p *builder) pictures(ctx context.Context) error {
	kept := make([]media.Media, len(p.data.Pictures))
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		files := media.New(p.DB, p.Blobs)
		group.Go(func() error {
			for i := next.Add(1) - 1; i < int64(len(kept)); i = next.Add(1) - 1 {
				one := p.data.Pictures[i]
				m, err := files.Upload(ctx, p.owner, one.File, bytes.NewReader(one.JPEG), one.Alt.In(p.data.House.Lang))
				if err != nil {
					return fmt.Errorf("%s: %w", one.Key, err)
				}
				kept[i] = m
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	p.Contents.Pictures = map[string]media.Media{}
	for i, one := range p.data.Pictures {
		p.Contents.Pictures[one.Key] = kept[i]
	}
	return nil
}

// voices dresses the voice that the house began with and makes the others. The tagline opens the lines about a voice.
func (p *builder) voices(ctx context.Context) error {
	for _, one := range p.data.Voices {
		portrait := p.Pictures[one.Portrait].ID
		first, begun := p.Contents.Voices[one.Key]
		var v voice.Voice
		var err error
		if begun {
			role, bio := roleOf(one), one.About
			v, err = p.Services.Voices.Change(ctx, p.owner, first.ID, voice.Patch{
				Name: &one.Name, Role: &role, Bio: &bio, Ask: &one.Ask, Accent: &one.Accent, Email: &one.Email, Portrait: &portrait,
			})
		} else {
			v, err = p.Services.Voices.Create(ctx, p.owner, voice.NewVoice{
				Slug: one.Key, Name: one.Name, Kind: one.Kind, Lang: one.Lang, Role: roleOf(one), Bio: one.About, Ask: one.Ask, Accent: one.Accent,
				Email: one.Email, Portrait: portrait,
			})
		}
		if err != nil {
			return err
		}
		p.Contents.Voices[one.Key] = v
	}
	return nil
}

// roleOf returns what stands under the name of a voice: who a person is, what a firm does.
func roleOf(v sample.Voice) string {
	if v.Byline != "" {
		return v.Byline
	}
	return v.Tagline
}

func (p *builder) sections(ctx context.Context) error {
	for _, one := range p.data.Sections {
		if _, err := p.Services.Posts.CreateSection(ctx, p.owner, p.Contents.Voices[one.Voice].ID, one.Name, one.Key); err != nil {
			return err
		}
	}
	return nil
}
