package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/sample"
)

// mandates opens each mandate on its day and takes it through the stages up to its own, at even intervals.
func (p *builder) mandates(ctx context.Context) error {
	p.Contents.Mandates = map[string]fact.MandateID{}
	asked := map[string]sample.Request{}
	for _, r := range p.data.Requests {
		asked[r.Key] = r
	}
	list := slices.SortedStableFunc(slices.Values(p.data.Mandates), func(a, b sample.Mandate) int {
		return cmp.Compare(a.Opened.Days, b.Opened.Days)
	})
	for _, one := range list {
		opened, staged := one.Opened.At(p.now, p.zone), one.Staged.At(p.now, p.zone)
		in := mandate.Input{
			Title: one.Title, Contact: p.Contents.Contacts[one.Contact], Currency: one.Currency, Declared: one.Declared, Stage: mandate.Interest,
		}
		if r, ok := asked[one.Request]; ok {
			in.Message, in.Voice, in.Stage = p.Contents.Requests[r.Key], p.Contents.Voices[r.Voice].ID, mandate.Request
			if at := r.At.At(p.now, p.zone); opened.Before(at) {
				opened = at.Add(time.Hour)
			}
			if in.Declared == "" {
				in.Declared = r.How
			}
		}
		if opened.After(p.now) {
			opened = p.now
		}
		if staged.Before(opened) {
			staged = opened
		}
		if err := p.tell(ctx, one, in, opened, staged); err != nil {
			return fmt.Errorf("%s: %w", one.Key, err)
		}
	}
	return nil
}

// tell opens one mandate and moves it to its stage.
func (p *builder) tell(ctx context.Context, one sample.Mandate, in mandate.Input, opened, staged time.Time) error {
	path := pathTo(in.Stage, one.Stage)
	p.at(opened)
	if len(path) == 0 {
		end := p.end(one)
		in.Stage, in.AmountCents, in.NextAct, in.NextOn = one.Stage, end.AmountCents, one.NextAct, *end.NextOn
	}
	var m mandate.Mandate
	err := p.DB.Write(ctx, func(tx *db.Tx) (err error) {
		m, err = p.Services.Mandates.OpenIn(tx, p.owner, in)
		return err
	})
	if err != nil {
		return err
	}
	p.Contents.Mandates[one.Key] = m.ID
	for i, stage := range path {
		p.at(opened.Add(staged.Sub(opened) * time.Duration(i+1) / time.Duration(len(path))))
		patch := mandate.Patch{Stage: &stage}
		if i == len(path)-1 {
			patch = p.end(one)
		}
		if _, err := p.Services.Mandates.Change(ctx, p.owner, m.ID, patch); err != nil {
			return err
		}
	}
	return nil
}

// end is what a mandate comes to.
func (p *builder) end(one sample.Mandate) mandate.Patch {
	var next, until clock.Day
	if !one.NextOn.IsZero() {
		next = one.NextOn.Day(p.now, p.zone)
	}
	if !one.PostponedUntil.IsZero() {
		until = one.PostponedUntil.Day(p.now, p.zone)
	}
	patch := mandate.Patch{Stage: &one.Stage, NextAct: &one.NextAct, NextOn: &next, LostReason: &one.LostReason, PostponedUntil: &until}
	if one.Amount != 0 {
		patch.AmountCents = &one.Amount
	}
	return patch
}

// pathTo returns the stages that lead from one to another: the steps between them, then the other.
func pathTo(from, to string) []string {
	if from == to {
		return nil
	}
	steps := mandate.Steps()
	end := slices.Index(steps, to)
	if end < 0 {
		end = slices.Index(steps, mandate.Proposal) // lost or postponed, after a talk
	}
	path := slices.Clone(steps[slices.Index(steps, from)+1 : max(end, slices.Index(steps, from)+1)])
	return append(path, to)
}
