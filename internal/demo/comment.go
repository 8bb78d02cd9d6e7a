package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/feature/inbox"
	"causerie/internal/sample"
)

// How long the newest remarks have waited: the one to answer, and the one to let through.
const (
	waitsFor = 80 * time.Minute
	heldFor  = 25 * time.Minute
)

// comments brings the talk under the posts in, the oldest first.
func (p *builder) comments(ctx context.Context) error {
	p.at(p.now)
	at := p.data.CommentAt(p.now, p.zone)
	p.freshen(at)
	list := slices.SortedStableFunc(slices.Values(p.data.Comments), func(a, b sample.Comment) int {
		return cmp.Compare(at[a.Key].UnixMilli(), at[b.Key].UnixMilli())
	})
	made := map[string]fact.MessageID{}
	for _, one := range list {
		under := p.Contents.Posts[one.Post]
		in := inbox.Import{Attention: one.Attention, Incoming: inbox.Incoming{
			Post: under.ID, Voice: under.Voice, Subject: under.Label(), Parent: made[one.Parent], Kind: inbox.KindComment, Name: one.Name,
			From: contact.Address(one.Email), Body: one.Body, Moderation: one.Moderation, Lang: under.Lang, At: at[one.Key],
			Notify: one.Contact != "",
		}}
		if v, ok := p.Contents.Voices[one.Voice]; ok {
			in.Kind, in.Voice, in.Account, in.Notify = inbox.KindAnswer, v.ID, p.Owner.ID, false
		}
		m, _, err := p.Inbox.Import(ctx, p.owner, in)
		if err != nil {
			return fmt.Errorf("%s: %w", one.Key, err)
		}
		made[one.Key] = m.ID
	}
	p.Contents.Comments = made
	return nil
}

// freshen lets the last remark that waits for an answer, and the last that waits to be let through, come this morning:
// those that nothing was said after, under a post that was out by then.
func (p *builder) freshen(at map[string]time.Time) {
	answered := map[string]bool{}
	for _, c := range p.data.Comments {
		answered[c.Parent] = true
	}
	last := func(moderation string) (key string) {
		for _, c := range p.data.Comments {
			if c.Moderation == moderation && c.Attention == inbox.Open && !answered[c.Key] && (key == "" || at[c.Key].After(at[key])) {
				key = c.Key
			}
		}
		return key
	}
	for moderation, since := range map[string]time.Duration{inbox.Visible: waitsFor, inbox.Held: heldFor} {
		key := last(moderation)
		for _, c := range p.data.Comments {
			if c.Key == key && p.Contents.Posts[c.Post].PublishedAt.Before(p.now.Add(-since)) {
				at[key] = p.now.Add(-since)
			}
		}
	}
}
