package roster

import (
	"context"
	"io"
	"strings"

	govcard "github.com/emersion/go-vcard"

	"causerie/internal/core/contact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/db"
	"causerie/internal/protocol/sheet"
	"causerie/internal/protocol/vcard"
)

// People returns a page of some people and the cursor of the next, "" at the end.
type People func(ctx context.Context, cursor string) (found []contact.Contact, next string, err error)

// Everybody is all people, the last who was made known first.
func (s *Service) Everybody(by actor.Actor) People {
	return func(ctx context.Context, cursor string) ([]contact.Contact, string, error) {
		return s.Contacts.List(ctx, by, contact.Filter{Order: contact.Made, Cursor: cursor, Limit: 100})
	}
}

// each calls fn with all of some people, page after page. Editors of the whole house may take people along.
func (s *Service) each(ctx context.Context, by actor.Actor, people People, fn func(contact.Contact) error) error {
	if err := by.Require(actor.Editor, 0); err != nil {
		return err
	}
	for cursor := ""; ; {
		found, next, err := people(ctx, cursor)
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

// asked returns the fields of the house that are asked.
func (s *Service) asked(ctx context.Context) (fields []contact.Field, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		fields, err = s.Contacts.FieldsIn(tx)
		return err
	})
	return contact.Asked(fields), err
}

// exported are the columns of a table of people, by the names that a list is recognised by. The fields of the house stand behind them.
var exported = []string{string(Name), string(Email), string(Phone), string(Page), string(Company), string(Role), string(Place), string(Lang), string(Note), "created at"}

// Table writes people as CSV, to be opened by a spreadsheet or brought in elsewhere. No cell is a formula.
func (s *Service) Table(ctx context.Context, by actor.Actor, people People, w io.Writer) error {
	if err := by.Require(actor.Editor, 0); err != nil {
		return err
	}
	own, err := s.asked(ctx)
	if err != nil {
		return err
	}
	t, names := sheet.NewWriter(w), append([]string{}, exported...)
	for _, f := range own {
		names = append(names, f.Name)
	}
	if err := t.Write(names...); err != nil {
		return err
	}
	err = s.each(ctx, by, people, func(c contact.Contact) error {
		joined := map[string]string{}
		for _, h := range c.Handles {
			if joined[h.Channel] != "" {
				joined[h.Channel] += between
			}
			joined[h.Channel] += h.Value
		}
		cells := []string{c.Name, joined[contact.Email], joined[contact.Phone], joined[contact.Web], c.Company, c.Role, c.Place, c.Lang, c.Note, day(c)}
		for _, f := range own {
			cells = append(cells, c.In(f.ID))
		}
		return t.Write(cells...)
	})
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

// Cards writes people as vCard 4.0, for an address book.
func (s *Service) Cards(ctx context.Context, by actor.Actor, people People, w io.Writer) error {
	own, err := s.asked(ctx)
	if err != nil {
		return err
	}
	out := govcard.NewEncoder(w)
	return s.each(ctx, by, people, func(c contact.Contact) error {
		card := govcard.Card{}
		card.SetValue(govcard.FieldVersion, "4.0")
		card.SetValue(govcard.FieldFormattedName, c.Label())
		for _, f := range []struct{ key, value string }{{govcard.FieldOrganization, c.Company}, {govcard.FieldTitle, c.Role}, {govcard.FieldNote, c.Note}, {govcard.FieldLanguage, c.Lang}} {
			if f.value != "" {
				card.SetValue(f.key, f.value)
			}
		}
		if c.Place != "" {
			card.SetAddress(&govcard.Address{Field: &govcard.Field{}, Locality: c.Place})
		}
		for _, h := range c.Handles {
			if key := map[string]string{contact.Email: govcard.FieldEmail, contact.Phone: govcard.FieldTelephone, contact.Web: govcard.FieldURL}[h.Channel]; key != "" {
				card.AddValue(key, h.Value)
			}
		}
		for _, f := range own {
			if slug := slugOf(f); slug != "" && c.In(f.ID) != "" {
				card.SetValue(vcard.Own+strings.ToUpper(slug), c.In(f.ID))
			}
		}
		return out.Encode(card)
	})
}
