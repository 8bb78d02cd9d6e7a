package demo

import (
	"context"
	"slices"
	"time"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/view/segment"
)

// fields are what the house keeps of people besides what every house does: their circle, and the day on which they were met.
func (p *builder) fields(ctx context.Context) error {
	p.at(p.now.Add(-40 * 24 * time.Hour))
	var circles []string
	for _, one := range p.data.Contacts {
		for _, c := range one.Circles {
			if !slices.Contains(circles, c) {
				circles = append(circles, c)
			}
		}
	}
	slices.Sort(circles)
	circle, err := p.Services.Contacts.SaveField(ctx, p.owner, contact.Field{Name: "Cercle", Kind: contact.Choice, Choices: circles})
	if err != nil {
		return err
	}
	met, err := p.Services.Contacts.SaveField(ctx, p.owner, contact.Field{Name: "Première rencontre", Kind: contact.Date})
	if err != nil {
		return err
	}
	for _, one := range p.data.Contacts {
		if len(one.Circles) == 0 {
			continue
		}
		p.at(p.now.Add(-39 * 24 * time.Hour))
		err := p.DB.Write(ctx, func(tx *db.Tx) error {
			return p.Services.Contacts.SetIn(tx, p.owner, p.Contents.Contacts[one.Key], map[fact.FieldID]string{
				circle.ID: one.Circles[0], met.ID: clock.DayOf(one.Since.At(p.now, p.zone), p.zone).String()})
		})
		if err != nil {
			return err
		}
	}
	return p.groups(ctx, circle.ID)
}

// groups are the segments that the house writes to.
func (p *builder) groups(ctx context.Context, circle fact.FieldID) error {
	if p.Segments == nil {
		return nil
	}
	for _, s := range []segment.Segment{
		{Name: "Ceux qui nous recommandent", Filter: segment.Filter{Field: circle, FieldFrom: "prescripteurs", FieldTo: "prescripteurs"}},
		{Name: "À Quimper", Filter: segment.Filter{Place: "Quimper"}},
	} {
		p.at(p.now.Add(-30 * 24 * time.Hour))
		if _, err := p.Segments.Save(ctx, p.owner, s); err != nil {
			return err
		}
	}
	return nil
}

// twice is somebody whom the house wrote down a second time, from a card.
func (p *builder) twice(ctx context.Context) error {
	p.at(p.now.Add(-5 * 24 * time.Hour))
	_, err := p.Services.Contacts.Create(ctx, p.owner, contact.NewContact{Name: "Nolwenn Quéméré", Email: "nolwenn.quemere@agence.example",
		Company: "Quéméré Architectes", Place: "Quimper", Lang: "fr-FR", Note: "Sa carte, prise au salon.", Origin: contact.ByHand})
	return err
}
