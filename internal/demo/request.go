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

// mailed is how many of the last answers leave by mail as they did: the deliveries that one can look at.
const mailed = 4

// requests brings in what came through the contact form and what was answered. The last answers are given, and the last request
// is made, by the ordinary verb at their hour, so that their mails are in the box of the demo; nobody is written to,
// since the sender of a demo house only keeps.
func (p *builder) requests(ctx context.Context) error {
	p.at(p.now)
	list := slices.SortedStableFunc(slices.Values(p.data.Requests), func(a, b sample.Request) int {
		return cmp.Compare(a.At.At(p.now, p.zone).UnixMilli(), b.At.At(p.now, p.zone).UnixMilli())
	})
	live, asked := p.lastAnswered(), p.lastAsked()
	people := map[string]sample.Contact{}
	for _, c := range p.data.Contacts {
		people[c.Key] = c
	}
	made := map[string]fact.MessageID{}
	for _, one := range list {
		if one.Key == asked {
			continue // they ask below, by the form
		}
		who := people[one.Contact]
		in := inbox.Import{Attention: one.Attention, Incoming: inbox.Incoming{
			Voice: p.Contents.Voices[one.Voice].ID, Kind: inbox.KindRequest, Name: who.Name, From: contact.Address(who.Email), Lang: who.Lang, Body: one.Body,
			How: one.How, Phone: one.Phone, Moderation: one.Moderation, At: one.At.At(p.now, p.zone),
		}}
		m, _, err := p.Inbox.Import(ctx, p.owner, in)
		if err != nil {
			return fmt.Errorf("%s: %w", one.Key, err)
		}
		made[one.Key] = m.ID
		if one.Answer == nil || slices.Contains(live, one.Key) {
			continue
		}
		in.Kind, in.Parent, in.Account, in.Name = inbox.KindAnswer, m.ID, p.Owner.ID, p.Contents.Voices[one.Voice].Name
		in.How, in.Phone, in.Body, in.At = "", "", one.Answer.Body, one.Answer.At.At(p.now, p.zone)
		if _, _, err := p.Inbox.Import(ctx, p.owner, in); err != nil {
			return fmt.Errorf("answer to %s: %w", one.Key, err)
		}
	}
	p.Contents.Requests = made
	for _, one := range list {
		if one.Key == asked {
			if err := p.ask(ctx, one, people[one.Contact]); err != nil {
				return fmt.Errorf("%s: %w", one.Key, err)
			}
		}
		if !slices.Contains(live, one.Key) {
			continue
		}
		p.at(one.Answer.At.At(p.now, p.zone))
		if _, err := p.Inbox.Answer(ctx, p.Owner.Actor(), p.Contents.Requests[one.Key], one.Answer.Body); err != nil {
			return fmt.Errorf("answer to %s: %w", one.Key, err)
		}
		if _, err := p.Deliveries.RunDue(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ask has somebody ask at their hour: the house is told, and so are they.
func (p *builder) ask(ctx context.Context, one sample.Request, who sample.Contact) error {
	p.at(one.At.At(p.now, p.zone))
	m, err := p.Inbox.Request(ctx, inbox.RequestInput{Voice: p.Contents.Voices[one.Voice].ID, Name: who.Name, Email: who.Email, Body: one.Body, How: one.How, Phone: one.Phone,
		Lang: who.Lang, Receipt: true})
	if err != nil {
		return err
	}
	p.Contents.Requests[one.Key] = m.ID
	p.at(one.At.At(p.now, p.zone).Add(10 * time.Second))
	if err := p.Tell(ctx, m.ID); err != nil {
		return err
	}
	_, err = p.Deliveries.RunDue(ctx)
	return err
}

// lastAsked returns the last request that waits for an answer.
func (p *builder) lastAsked() (key string) {
	var at time.Time
	for _, one := range p.data.Requests {
		if when := one.At.At(p.now, p.zone); one.Attention == inbox.Open && one.Moderation == inbox.Visible && when.After(at) {
			key, at = one.Key, when
		}
	}
	return key
}

// lastAnswered returns the requests whose answers are the last given.
func (p *builder) lastAnswered() []string {
	var answered []sample.Request
	for _, one := range p.data.Requests {
		if one.Answer != nil && one.Moderation == inbox.Visible {
			answered = append(answered, one)
		}
	}
	slices.SortFunc(answered, func(a, b sample.Request) int {
		return b.Answer.At.At(p.now, p.zone).Compare(a.Answer.At.At(p.now, p.zone))
	})
	var keys []string
	for _, one := range answered[:min(mailed, len(answered))] {
		keys = append(keys, one.Key)
	}
	return keys
}
