package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"causerie/internal/core/media"
	"causerie/internal/feature/post"
	"causerie/internal/platform/actor"
	"causerie/internal/sample"
)

// posts brings every post in, the oldest first, at the present: what is scheduled must lie ahead.
func (p *builder) posts(ctx context.Context) error {
	p.at(p.now)
	list := slices.SortedStableFunc(slices.Values(p.data.Posts), func(a, b sample.Post) int {
		return cmp.Compare(a.At.At(p.now, p.zone).UnixMilli(), b.At.At(p.now, p.zone).UnixMilli())
	})
	p.Contents.Posts = map[string]post.Post{}
	for _, one := range list {
		made, err := p.Services.Posts.Import(ctx, actor.Importer(), p.importOf(one))
		if err != nil {
			return fmt.Errorf("%s: %w", one.Key, err)
		}
		p.Contents.Posts[one.Key] = made
	}
	return nil
}

// withPictures has a text of the sample show the pictures that it names by their keys: ![words](picture:port).
func (p *builder) withPictures(body string) string {
	for key, m := range p.Pictures {
		for _, end := range []string{")", " "} {
			body = strings.ReplaceAll(body, "(picture:"+key+end, "("+media.Path(m.ID, media.Medium)+end)
		}
	}
	return body
}

func (p *builder) importOf(one sample.Post) post.Import {
	at := one.At.At(p.now, p.zone)
	in := post.Import{
		Input: post.Input{
			Voice: p.Contents.Voices[one.Voice].ID, Kind: one.Kind, Title: one.Title, Slug: one.Key, Summary: one.Dek, Question: one.Question,
			Body: p.withPictures(one.Body), Lang: one.Lang, Section: one.Section, Tags: one.Tags,
		},
		Status: one.Status, CreatedAt: at, UpdatedAt: at,
	}
	if _, known := post.KindNamed(one.Kind); !known {
		in.Kind = post.Article // an event: its day and place stand in its text
	}
	if one.Status == post.Published || one.Status == post.Scheduled {
		in.PublishedAt = at
	}
	if one.Status == post.Scheduled {
		in.CreatedAt, in.UpdatedAt = p.now.AddDate(0, 0, -1), p.now.AddDate(0, 0, -1)
	}
	if post.IsDraft(one.Status) {
		in.Slug = "" // it gets its address when it goes out
		if at.After(p.now) {
			in.CreatedAt, in.UpdatedAt = p.now.AddDate(0, 0, -1), p.now.AddDate(0, 0, -1)
		}
	}
	if c, ok := p.Pictures[one.Cover]; ok {
		in.Cover = c.ID
		for _, picture := range p.data.Pictures {
			if picture.Key == one.Cover {
				in.CoverAlt, in.CoverCaption = picture.Alt.In(one.Lang), picture.Caption.In(one.Lang)
			}
		}
	}
	return in
}
