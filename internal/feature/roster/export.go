package roster

import (
	"context"
	"io"

	govcard "github.com/emersion/go-vcard"

	"causerie/internal/core/contact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/protocol/sheet"
)

// people calls fn with everybody, page after page, the last who was made known first. Editors of the whole house may take people along.
func (s *Service) people(ctx context.Context, by actor.Actor, fn func(contact.Contact) error) error {
	if err := by.Require(actor.Editor, 0); err != nil {
		return err
	}
	for cursor := ""; ; {
		found, next, err := s.Contacts.List(ctx, by, contact.Filter{Order: contact.Made, Cursor: cursor, Limit: 100})
		if err != nil {
			return err
		}
		for _, c := range found {
			if err := fn(c); err != nil {
				return err
			}
		}
		if cursor = next; next == "" {
			return nil
		}
	}
}

// exported are the columns of a table of people, by the names that a list is recognised by.
var exported = []Field{Name, Email, Phone, Page, Company, Role, Lang, Note, Known}

// Table writes everybody as CSV, to be opened by a spreadsheet or brought in elsewhere. No cell is a formula.
func (s *Service) Table(ctx context.Context, by actor.Actor, w io.Writer) error {
	t, begun := sheet.NewWriter(w), false
	head := func() error {
		names := make([]string, len(exported))
		for i, f := range exported {
			names[i] = string(f)
		}
		names[len(names)-1], begun = "created at", true
		return t.Write(names...)
	}
	err := s.people(ctx, by, func(c contact.Contact) error {
		if !begun {
			if err := head(); err != nil {
				return err
			}
		}
		joined := map[string]string{}
		for _, h := range c.Handles {
			if joined[h.Channel] != "" {
				joined[h.Channel] += between
			}
			joined[h.Channel] += h.Value
		}
		return t.Write(c.Name, joined[contact.Email], joined[contact.Phone], joined[contact.Web], c.Company, c.Role, c.Lang, c.Note, day(c))
	})
	if err == nil && !begun {
		err = head()
	}
	if err != nil {
		return err
	}
	return t.Flush()
}

func day(c contact.Contact) string {
	if !clock.Sayable(c.CreatedAt) {
		return ""
	}
	return c.CreatedAt.UTC().Format("2006-01-02")
}

// Cards writes everybody as vCard 4.0, for an address book.
func (s *Service) Cards(ctx context.Context, by actor.Actor, w io.Writer) error {
	out := govcard.NewEncoder(w)
	return s.people(ctx, by, func(c contact.Contact) error {
		card := govcard.Card{}
		card.SetValue(govcard.FieldVersion, "4.0")
		card.SetValue(govcard.FieldFormattedName, c.Label())
		for _, f := range []struct{ key, value string }{{govcard.FieldOrganization, c.Company}, {govcard.FieldTitle, c.Role}, {govcard.FieldNote, c.Note}, {govcard.FieldLanguage, c.Lang}} {
			if f.value != "" {
				card.SetValue(f.key, f.value)
			}
		}
		for _, h := range c.Handles {
			if key := map[string]string{contact.Email: govcard.FieldEmail, contact.Phone: govcard.FieldTelephone, contact.Web: govcard.FieldURL}[h.Channel]; key != "" {
				card.AddValue(key, h.Value)
			}
		}
		return out.Encode(card)
	})
}
