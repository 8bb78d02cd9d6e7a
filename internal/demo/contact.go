package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"causerie/internal/core/contact"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/sample"
)

// contacts writes everybody down on the day we met, as the owner would have. Those who asked for the letter proved their
// address then, by the link that it takes.
func (p *builder) contacts(ctx context.Context) error {
	p.Contents.Contacts = map[string]fact.ContactID{}
	list := slices.SortedStableFunc(slices.Values(p.data.Contacts), func(a, b sample.Contact) int {
		return cmp.Compare(a.Since.At(p.now, p.zone).UnixMilli(), b.Since.At(p.now, p.zone).UnixMilli())
	})
	for _, one := range list {
		p.at(one.Since.At(p.now, p.zone))
		err := p.DB.Write(ctx, func(tx *db.Tx) error {
			c, err := p.Services.Contacts.CreateIn(tx, p.owner, contact.NewContact{
				Name: one.Name, Email: one.Email, Phone: one.Phone, Company: one.Company, Role: one.Role, Place: one.Town, Lang: one.Lang, Note: noteOf(one),
				Origin: contact.ByHand,
			})
			if err != nil {
				return err
			}
			p.Contents.Contacts[one.Key] = c.ID
			for _, h := range c.Handles {
				if h.Channel != contact.Email || one.Letter == "" {
					continue
				}
				if !one.Aloud {
					if _, err := p.Services.Contacts.VerifyIn(tx, p.owner, h.ID); err != nil {
						return err
					}
				}
				if err := p.subscribeIn(tx, c, h, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", one.Key, err)
		}
	}
	return nil
}

// noteOf returns how we met, then what the house keeps in mind about somebody.
func noteOf(c sample.Contact) string { return strings.TrimSpace(c.Met + "\n\n" + c.Note) }
